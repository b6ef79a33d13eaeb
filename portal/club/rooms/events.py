"""What happened in rooms and question hours. What was said itself is in none of it."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class _InRoom(Event):
    """Base of what happens in a room; ``ref`` is its slug."""

    ref: str
    company_id: int | None = None

    @property
    def about(self) -> str | None:
        """Name the room."""
        return f"room:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class RoomChanged(_InRoom):
    """A room was made, edited, closed or opened again at the desk."""

    name: ClassVar[str] = "rooms.room_changed"
    what: str  # made, edited, closed, opened


@dataclass(frozen=True, kw_only=True)
class MessageSent(_InRoom):
    """Somebody said something."""

    name: ClassVar[str] = "rooms.message_sent"
    no: int


@dataclass(frozen=True, kw_only=True)
class MessageChanged(_InRoom):
    """A message is shown no more, or again; ``state``: rules.rooms.STATES."""

    name: ClassVar[str] = "rooms.message_changed"
    no: int
    state: str


@dataclass(frozen=True, kw_only=True)
class MessageReported(_InRoom):
    """Somebody reported a message."""

    name: ClassVar[str] = "rooms.message_reported"
    no: int


@dataclass(frozen=True, kw_only=True)
class _InHour(Event):
    """Base of what happens in a question hour; ``ref`` is the hour's."""

    ref: str
    company_id: int | None = None

    @property
    def about(self) -> str | None:
        """Name the hour."""
        return f"hour:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class HourChanged(_InHour):
    """An hour was planned, edited, moved, cancelled, opened, closed or archived."""

    name: ClassVar[str] = "rooms.hour_changed"
    what: str
    sequence: int


@dataclass(frozen=True, kw_only=True)
class SeatTaken(_InHour):
    """Somebody signed up (``taken`` seats are taken now), or left his seat."""

    name: ClassVar[str] = "rooms.seat_taken"
    taken: int
    left: bool


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(_InHour):
    """Somebody asked something."""

    name: ClassVar[str] = "rooms.question_asked"
    no: int


@dataclass(frozen=True, kw_only=True)
class QuestionMoved(_InHour):
    """A question was voted for, taken, answered, declined or withdrawn."""

    name: ClassVar[str] = "rooms.question_moved"
    no: int
    state: str
    votes: int
