"""What happened to tasks of moving; the goods themselves are told of by the ledger."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class MoveTaskChanged(Event):
    """A task was made, done, skipped, cancelled or opened again."""

    name: ClassVar[str] = "move_task.changed"
    ref: str
    kind: str
    state: str
    warehouse_id: int

    @property
    def about(self) -> str | None:
        """Name the task."""
        return f"move:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class PickFaceChanged(Event):
    """How much should lie at a pick location was set; ``least`` is None where it was removed."""

    name: ClassVar[str] = "pick_face.changed"
    location: str
    sku: str
    least: str | None
    most: str | None

    @property
    def about(self) -> str | None:
        """Name the location."""
        return f"location:{self.location}"
