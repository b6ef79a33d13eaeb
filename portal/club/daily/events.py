"""What happened in what is done every day."""

from dataclasses import dataclass
from typing import Any, ClassVar

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class CheckedIn(Event):
    """Somebody checked in. ``day``: his own, ``2026-11-22``."""

    name: ClassVar[str] = "daily.checked_in"
    person_id: int
    day: str
    streak: int


@dataclass(frozen=True, kw_only=True)
class QuizAnswered(Event):
    """Somebody answered the question of a day; what he chose is not told."""

    name: ClassVar[str] = "daily.quiz_answered"
    person_id: int
    day: str
    is_right: bool


@dataclass(frozen=True, kw_only=True)
class QuestionChanged(Event):
    """A question was written, changed, planned, retired or taken up again."""

    name: ClassVar[str] = "daily.question_changed"
    ref: str
    state: str
    version: int


@dataclass(frozen=True, kw_only=True)
class RaffleChanged(Event):
    """A raffle was made, changed, published or cancelled, or a prize was handed over."""

    name: ClassVar[str] = "daily.raffle_changed"
    ref: str
    what: str

    @property
    def about(self) -> str | None:
        """Name the raffle."""
        return f"raffle:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class TicketsTaken(Event):
    """Somebody took tickets. ``tickets``: all that are taken now."""

    name: ClassVar[str] = "daily.tickets_taken"
    ref: str
    tickets: int

    @property
    def about(self) -> str | None:
        """Name the raffle."""
        return f"raffle:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class RaffleDrawn(Event):
    """A raffle was drawn. ``winners``: place, number, person_id; the first place first."""

    name: ClassVar[str] = "daily.raffle_drawn"
    ref: str
    titles: dict[str, Any]
    winners: list[dict[str, Any]]

    @property
    def about(self) -> str | None:
        """Name the raffle."""
        return f"raffle:{self.ref}"
