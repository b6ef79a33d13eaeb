"""What happened with badges and rewards."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class BadgeAwarded(Event):
    """Somebody reached a level of a badge. ``kind``: forum.rules.badges.NAMES."""

    name: ClassVar[str] = "points.badge_awarded"
    person_id: int
    kind: str
    level: int


@dataclass(frozen=True, kw_only=True)
class RewardOrdered(Event):
    """Somebody ordered a reward; ``state``: whether it waits for approval."""

    name: ClassVar[str] = "points.reward_ordered"
    ref: str
    person_id: int
    state: str

    @property
    def about(self) -> str | None:
        """Name the order."""
        return f"reward:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class RewardMoved(Event):
    """An order of a reward was approved, refused, cancelled or handed over."""

    name: ClassVar[str] = "points.reward_moved"
    ref: str
    person_id: int
    state: str

    @property
    def about(self) -> str | None:
        """Name the order."""
        return f"reward:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class RewardEdited(Event):
    """A reward was made or says something else; ``version`` counts that."""

    name: ClassVar[str] = "points.reward_edited"
    ref: str
    version: int
