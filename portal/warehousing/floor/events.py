"""What happened to tasks of the floor, apart from the work itself."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class TaskHeld(Event):
    """A task came into somebody's hands (taken, given) or out of them (handed_back, freed)."""

    name: ClassVar[str] = "floor.task_held"
    kind: str
    ref: str
    person_id: int
    action: str
    warehouse_id: int | None

    @property
    def about(self) -> str:
        """Name the task."""
        return f"task:{self.kind}:{self.ref}"
