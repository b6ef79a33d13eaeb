"""What the API answers, as shapes: for the description of the interface and for its tests."""

from pydantic import BaseModel, ConfigDict, Field


class Answer(BaseModel):
    """Base of answers: a field that is not described is a mistake."""

    model_config = ConfigDict(extra="forbid")


class FieldProblem(Answer):
    """What is wrong with one field, named by its path."""

    field: str
    message: str


class Problem(Answer):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[FieldProblem]


class Amount(Answer):
    """An amount in the smallest unit of its currency."""

    minor: int
    currency: str


class TimeWindow(Answer):
    """From when until when delivery is wanted."""

    from_: str = Field(alias="from")
    to: str


class PartyAnswer(Answer):
    """Who sends, or who receives; what a history does not say is null.

    ``lat`` and ``lon`` are WGS 84, as given or as found; ``confidence`` says from 0 to 1 how
    sure that is. Below 0.5 somebody should put it right.
    """

    name: str | None
    phone: str | None
    address: str | None
    city: str | None
    country: str | None
    postcode: str | None
    division_code: str | None
    lat: float | None
    lon: float | None
    confidence: float | None


class PieceAnswer(Answer):
    """One piece; ``status`` is set once it goes a way of its own."""

    sscc: str
    goods: str
    quantity: str
    unit: str
    weight_g: int | None
    length_mm: int | None
    width_mm: int | None
    height_mm: int | None
    status: str | None


class Leg(Answer):
    """What is promised, what is expected (and within which range), and what became of it."""

    planned: str | None
    estimated: str | None
    from_: str | None = Field(alias="from")
    to: str | None
    actual: str | None


class BasisAnswer(Answer):
    """What an estimate was made from.

    ``kind`` is ``lane``, ``country``, ``countries`` or ``service`` (earlier ``deliveries`` of
    that kind), ``distance`` (in ``kilometres``) or ``carrier``.
    """

    kind: str
    deliveries: int | None
    kilometres: int | None


class DeliveryLeg(Leg):
    """The leg whose estimate says what it was made from."""

    basis: BasisAnswer | None


class PromiseAnswer(Answer):
    """The promise for pick-up and for delivery."""

    pickup: Leg
    delivery: DeliveryLeg


class IncidentAnswer(Answer):
    """Something wrong, beside the state; ``predicted``: foreseen and not true yet."""

    ref: str
    kind: str
    text: str
    predicted: bool
    reason: str | None
    state: str
    advice: str
    opened_at: str
    closed_at: str | None
    closed_reason: str | None


class ListedIncident(IncidentAnswer):
    """An incident, and the consignment that it is about."""

    no: str
    order_ref: str | None
    status: str


class IncidentList(Answer):
    """A page of incidents; ``next`` goes into ``?after=``."""

    items: list[ListedIncident]
    next: str | None


class Links(Answer):
    """Where a consignment is found by programs and by people."""

    self: str
    track: str
    waybill: str
    label: str


class LastEvent(Answer):
    """The latest published event."""

    code: str
    occurred_at: str
    place: str | None


class Heading(Answer):
    """What a list and a single consignment have in common."""

    no: str
    order_ref: str | None
    status: str
    status_seq: int
    text: str
    big_step: str
    company: str
    service: str
    ordered_at: str
    changed_at: str
    last: LastEvent
    piece_count: int
    gross_weight_g: int | None
    promise: PromiseAnswer
    created_at: str
    links: Links


class ConsignmentAnswer(Heading):
    """Everything of one consignment."""

    consignor: PartyAnswer
    consignee: PartyAnswer
    pieces: list[PieceAnswer]
    partly_delivered: bool
    volume_mm3: int | None
    chargeable_weight_g: int | None
    declared_value: Amount | None
    cod: Amount | None
    window: TimeWindow | None
    note: str | None
    attempts: int
    incidents: list[IncidentAnswer]


class ShortParty(Answer):
    """What a list says of a party."""

    name: str | None
    city: str | None
    country: str | None = None


class ListedConsignment(Heading):
    """What a list shows of one consignment."""

    consignor: ShortParty
    consignee: ShortParty
    open_incidents: int


class ConsignmentList(Answer):
    """A page of consignments; ``next`` goes into ``?after=``."""

    items: list[ListedConsignment]
    next: str | None


class PlaceAnswer(Answer):
    """Where something happened."""

    text: str | None
    division_code: str | None
    lat: float | None
    lon: float | None


class AttachmentAnswer(Answer):
    """A photo of an event."""

    ref: str
    media_type: str
    size: int
    sha256: str
    created_at: str


class EventAnswer(Answer):
    """One tracking event; ``published`` and ``actor`` only for those who see what is internal."""

    id: int
    seq: int
    code: str
    text: str
    classifier: str
    occurred_at: str
    recorded_at: str
    place: PlaceAnswer | None
    reason: str | None
    note: str | None
    source: str
    piece: str | None
    attachments: list[AttachmentAnswer]
    retracts: int | None = None
    published: bool | None = None
    actor: str | None = None


class EventList(Answer):
    """A page of events, in the order of ``seq``."""

    items: list[EventAnswer]
    next: str | None


class PushedAnswer(Answer):
    """The event that was recorded, and the state of the consignment after it."""

    id: int
    seq: int
    status: str
    duplicate: bool


class Result(Answer):
    """What became of one row of a batch."""

    index: int
    status: int
    no: str | None = None
    id: int | None = None
    seq: int | None = None
    state: str | None = None
    duplicate: bool | None = None
    error: str | None = None
    errors: list[FieldProblem] | None = None


class Results(Answer):
    """What became of each row of a batch, in its order."""

    results: list[Result]
