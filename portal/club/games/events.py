"""What happened in the games."""

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class RoundScored(Event):
    """A round was handed in and counted."""

    name: ClassVar[str] = "games.round_scored"
    ref: str
    game: str
    week: str
    score: int

    @property
    def about(self) -> str | None:
        """Name the round."""
        return f"game_round:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class WeekClosed(Event):
    """A week of a game is over. ``winners``: person_id, score, points, the first place first."""

    name: ClassVar[str] = "games.week_closed"
    game: str
    week: str
    winners: list[dict[str, Any]]
