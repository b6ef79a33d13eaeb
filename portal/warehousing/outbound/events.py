"""What happened to orders from stock, and to waves."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class OutboundEvent(Event):
    """Base of what happens to one order; ``warehouse_id`` is where its goods lie."""

    ref: str
    warehouse_id: int

    @property
    def about(self) -> str:
        """The order."""
        return f"outbound:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class OutboundOrdered(OutboundEvent):
    """An order was entered; ``status``: draft, or how far it came at once."""

    name: ClassVar[str] = "outbound.ordered"
    status: str
    order_ref: str


@dataclass(frozen=True, kw_only=True)
class OutboundMoved(OutboundEvent):
    """It took another status. ``reason``: why it is on hold."""

    name: ClassVar[str] = "outbound.moved"
    status: str
    status_before: str
    reason: str | None = None


@dataclass(frozen=True, kw_only=True)
class OutboundChanged(OutboundEvent):
    """Its lines, its consignee or what was found for it changed. ``fields``: what of it."""

    name: ClassVar[str] = "outbound.changed"
    status: str
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class WaveMoved(Event):
    """A wave was made, changed, released, ended or given up."""

    name: ClassVar[str] = "wave.moved"
    ref: str
    warehouse_id: int
    status: str

    @property
    def about(self) -> str:
        """The wave."""
        return f"wave:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class ShortPicked(OutboundEvent):
    """Goods were not where they should be, or not fit: the place is to be counted.

    ``replaced``: how much of ``quantity`` was found elsewhere at once.
    """

    name: ClassVar[str] = "outbound.short_picked"
    sku: str
    lot: str
    location: str
    quantity: str
    replaced: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class CartonMoved(OutboundEvent):
    """A carton of an order was begun, packed, staged, loaded, opened again or emptied."""

    name: ClassVar[str] = "outbound.carton_moved"
    sscc: str
    number: int
    status: str


@dataclass(frozen=True, kw_only=True)
class RestockOwed(OutboundEvent):
    """Goods that were picked have to go back to a place; or did: then ``done`` is true."""

    name: ClassVar[str] = "outbound.restock"
    task: str
    done: bool


@dataclass(frozen=True, kw_only=True)
class CartonTypeChanged(Event):
    """A kind of carton was made, changed, retired or taken into use again."""

    name: ClassVar[str] = "carton_type.changed"
    code: str
    fields: list[str]

    @property
    def about(self) -> str:
        """The kind of carton."""
        return f"carton-type:{self.code}"
