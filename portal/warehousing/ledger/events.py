"""What happened to stock."""

from dataclasses import dataclass
from typing import ClassVar

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
