"""Facts about consignments that other features may react to."""

from dataclasses import dataclass

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ConsignmentEvent(Event):
    """Base of what happens to one consignment."""

    no: str

    @property
    def about(self) -> str:
        """The consignment."""
        return f"consignment:{self.no}"


@dataclass(frozen=True, kw_only=True)
class ConsignmentCreated(ConsignmentEvent):
    name = "consignment.created"
    seq: int
    status: str
    order_ref: str | None
    city: str | None  # of the consignee
    occurred_at: str
    # What the tracking event that begins the history says besides: the hash chain covers it.
    place: str | None
    source: str
    recorded_at: str
    order: str | None = None  # fingerprint of what was ordered (rules.ordered)


@dataclass(frozen=True, kw_only=True)
class ConsignmentAmended(ConsignmentEvent):
    name = "consignment.amended"
    fields: tuple[str, ...]
    order: str | None = None  # fingerprint of the order from now on; None: it is as it was


@dataclass(frozen=True, kw_only=True)
class EstimateRenewed(ConsignmentEvent):
    """What was expected has passed and nothing happened: the delivery was estimated anew.

    ``early``, ``at`` and ``late`` are instants, None where nothing is expected any more.
    """

    name = "consignment.estimate_renewed"
    seq: int  # of its latest event
    early: str | None
    at: str | None
    late: str | None
    basis: str | None


@dataclass(frozen=True, kw_only=True)
class TrackingEventRecorded(ConsignmentEvent):
    """A tracking event was appended; ``status`` is the consignment's state after it."""

    name = "consignment.event_recorded"
    event_id: int
    seq: int
    code: str
    classifier: str
    status: str
    status_before: str
    occurred_at: str  # ISO 8601, UTC
    place: str | None
    reason: str | None
    note: str | None
    source: str
    published: bool
    retracts: int | None
    # The rest of the tracking event: nobody is told it, the hash chain covers it.
    piece_id: int | None = None
    offset_min: int | None = None
    division_code: str | None = None
    lat: str | None = None  # the shortest text that gives the same number
    lon: str | None = None
    source_event_id: str | None = None
    recorded_at: str | None = None
    #: Random where it is not published: nobody guesses an internal note from its digest.
    salt: str | None = None


@dataclass(frozen=True, kw_only=True)
class LinkShared(ConsignmentEvent):
    name = "consignment.link_shared"
    link_ref: str


@dataclass(frozen=True, kw_only=True)
class LinkRevoked(ConsignmentEvent):
    """Sockets that followed by the link are cut."""

    name = "consignment.link_revoked"
    link_ref: str


@dataclass(frozen=True, kw_only=True)
class PhotoAttached(ConsignmentEvent):
    """A photo was put to a tracking event; ``published`` is that event's."""

    name = "consignment.photo_attached"
    ref: str
    event_id: int
    published: bool
    media_type: str
    size: int  # bytes
    sha256: str


@dataclass(frozen=True, kw_only=True)
class HistorySealed(Event):
    """Tracking events that the log does not tell one by one were put under its hash chain."""

    name = "consignment.history_sealed"
    group: int
    consignments: int
    rows: int
    upto: int  # id of the last tracking event that was there
    sha256: str

    @property
    def about(self) -> str:
        """The group of consignments."""
        return f"consignments:{self.group}"


@dataclass(frozen=True, kw_only=True)
class IncidentOpened(ConsignmentEvent):
    """Something went wrong, or is foreseen to; ``owner_visible``: the owner may know of it."""

    name = "incident.opened"
    ref: str
    kind: str
    reason: str | None
    predicted: bool
    owner_visible: bool


@dataclass(frozen=True, kw_only=True)
class IncidentChanged(ConsignmentEvent):
    """Somebody, or a rule, did ``action`` to an incident; ``state`` is its state after it."""

    name = "incident.changed"
    ref: str
    kind: str
    action: str
    state: str
    predicted: bool
    owner_visible: bool


@dataclass(frozen=True, kw_only=True)
class AddressEvent(Event):
    """Base of what happens to an entry of a company's address book."""

    ref: str

    @property
    def about(self) -> str:
        """The entry."""
        return f"address:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class AddressAdded(AddressEvent):
    name = "address.added"


@dataclass(frozen=True, kw_only=True)
class AddressChanged(AddressEvent):
    """Columns of an entry were changed; the log names them, never what they hold."""

    name = "address.changed"
    fields: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class AddressRemoved(AddressEvent):
    name = "address.removed"
