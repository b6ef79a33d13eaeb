"""What happens to returns."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class ReturnEvent(Event):
    """Base of what happens to one return; ``warehouse_id`` is where it comes to."""

    ref: str
    warehouse_id: int

    @property
    def about(self) -> str:
        """Name the return."""
        return f"return:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class ReturnMoved(ReturnEvent):
    """A return came to a status; ``before`` is None for a new one."""

    name: ClassVar[str] = "return.moved"
    status: str
    before: str | None


@dataclass(frozen=True, kw_only=True)
class ReturnPartChanged(ReturnEvent):
    """Goods of a return were received, inspected, decided about or dealt with."""

    name: ClassVar[str] = "return.part_changed"
    sku: str
    quantity: str
    status: str
    condition: str | None
    disposition: str | None
