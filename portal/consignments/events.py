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


@dataclass(frozen=True, kw_only=True)
class ConsignmentAmended(ConsignmentEvent):
    name = "consignment.amended"
    fields: tuple[str, ...]


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
