"""What happens to counts."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class CountChanged(Event):
    """A count was planned, or came to another status: see rules.STATUSES."""

    name: ClassVar[str] = "count.changed"
    ref: str
    warehouse_id: int
    status: str

    @property
    def about(self) -> str:
        """Name the count."""
        return f"count:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class CountDecided(Event):
    """What was found of an owner's goods was decided: adjusted, kept or recount."""

    name: ClassVar[str] = "count.decided"
    ref: str
    warehouse_id: int
    sku: str
    decision: str

    @property
    def about(self) -> str:
        """Name the count."""
        return f"count:{self.ref}"
