"""Facts about notices, receipts and differences that other features may react to."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class InboundEvent(Event):
    """Base of what happens to one notice; quantities are decimal strings of base units."""

    ref: str
    warehouse_id: int

    @property
    def about(self) -> str:
        """The notice."""
        return f"inbound:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class NoticeMoved(InboundEvent):
    """It reached a state; ``before`` is None where it was new."""

    name: ClassVar[str] = "inbound.moved"
    status: str
    before: str | None


@dataclass(frozen=True, kw_only=True)
class NoticeAmended(InboundEvent):
    """What it says was changed: its head, its lines, its slot or its papers."""

    name: ClassVar[str] = "inbound.amended"
    what: str  # head, lines, slot, papers


@dataclass(frozen=True, kw_only=True)
class GoodsReceived(InboundEvent):
    """Something was scanned in (or, ``undone``, taken back)."""

    name: ClassVar[str] = "inbound.goods_received"
    receipt: str
    lines: list[int]  # positions
    sku: str
    quantity: str
    condition: str
    undone: bool = False


@dataclass(frozen=True, kw_only=True)
class DifferenceChanged(InboundEvent):
    """A difference was found, answered or settled: ``status`` is its state now."""

    name: ClassVar[str] = "inbound.difference"
    difference: int
    line: int  # position
    kind: str
    quantity: str
    status: str


@dataclass(frozen=True, kw_only=True)
class GoodsPutAway(InboundEvent):
    """Something was put into storage; ``against`` says whether it was not where proposed."""

    name: ClassVar[str] = "inbound.put_away"
    line: int
    sku: str
    quantity: str
    location: str
    against: bool
