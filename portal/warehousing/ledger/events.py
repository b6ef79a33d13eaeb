"""What happened to stock."""

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class StockMoved(Event):
    """A movement was recorded. ``skus``: codes of the goods, each once, in their order."""

    name: ClassVar[str] = "stock.moved"
    movement: int
    kind: str
    warehouse_id: int
    document: str | None
    skus: list[str]

    @property
    def about(self) -> str | None:
        """Name the document; without one the movement."""
        return f"stock:{self.document or self.movement}"


@dataclass(frozen=True, kw_only=True)
class LotStatusChanged(Event):
    """A lot was held or freed; ``hold`` is the reference of the hold that was set or ended.

    ``lines``: what lost a promise by it, ``[purpose, id of the line, quantity, was picked]``.
    """

    name: ClassVar[str] = "stock.lot_changed"
    sku: str
    lot: str
    before: str
    status: str
    kind: str
    hold: str
    lines: list[list[Any]]

    @property
    def about(self) -> str | None:
        """Name the hold."""
        return f"stock:{self.hold}"
