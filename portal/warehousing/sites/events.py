"""What happened to places and to the slots of docks."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class WarehouseChanged(Event):
    """A warehouse, its zones, docks or locations were edited.

    ``what`` is the part of it (``warehouse``, ``zone:A``, ``dock:D1``, ``location:B07-01-1``,
    ``block:A``), ``fields`` the names of what was changed, ``count`` how many locations.
    """

    name: ClassVar[str] = "warehouse.changed"
    warehouse: str
    what: str
    fields: list[str]
    count: int = 1

    @property
    def about(self) -> str | None:
        """Name the warehouse."""
        return f"warehouse:{self.warehouse}"


@dataclass(frozen=True, kw_only=True)
class LocationBlocked(Event):
    """A location was blocked for a reason, or opened again (no reason)."""

    name: ClassVar[str] = "location.blocked"
    warehouse_id: int
    location: str
    reason: str | None

    @property
    def about(self) -> str | None:
        """Name the location."""
        return f"location:{self.location}"


@dataclass(frozen=True, kw_only=True)
class _Slot(Event):
    document: str
    warehouse_id: int
    dock: str
    starts_at: str

    @property
    def about(self) -> str | None:
        """Name the document."""
        return f"dock:{self.document}"


@dataclass(frozen=True, kw_only=True)
class DockBooked(_Slot):
    """A slot at a dock was given to a document."""

    name: ClassVar[str] = "dock.booked"


@dataclass(frozen=True, kw_only=True)
class DockMoved(_Slot):
    """A document got another slot; the fields say which."""

    name: ClassVar[str] = "dock.moved"
    was_dock: str
    was_at: str


@dataclass(frozen=True, kw_only=True)
class DockCancelled(_Slot):
    """A slot at a dock was given back."""

    name: ClassVar[str] = "dock.cancelled"
