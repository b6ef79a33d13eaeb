"""What happened between two people. What was said itself is in none of it."""

from dataclasses import dataclass
from typing import ClassVar

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class _Between(Event):
    """Base: ``ref`` is that of the talk, ``person_id`` the one who is told."""

    ref: str
    no: int
    person_id: int
    company_id: int | None = None

    @property
    def about(self) -> str | None:
        """Name the talk."""
        return f"direct:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class MessageWritten(_Between):
    """Somebody (``actor_id``) wrote to ``person_id``."""

    name: ClassVar[str] = "club.message_written"


@dataclass(frozen=True, kw_only=True)
class MessagesRead(_Between):
    """Somebody (``actor_id``) has read what ``person_id`` wrote, up to a number."""

    name: ClassVar[str] = "club.messages_read"


@dataclass(frozen=True, kw_only=True)
class MessageReported(Event):
    """Somebody showed a message to the moderators."""

    name: ClassVar[str] = "club.message_reported"
    ref: str  # of the report
    company_id: int | None = None

    @property
    def about(self) -> str | None:
        """Name the report."""
        return f"direct_report:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class ReportLookedAt(Event):
    """A moderator read a reported message and the few around it."""

    name: ClassVar[str] = "club.message_looked_at"
    ref: str  # of the report
    company_id: int | None = None

    @property
    def about(self) -> str | None:
        """Name the report."""
        return f"direct_report:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class ReportDecided(Event):
    """A moderator decided about a report; ``person_id``, who made it, is told."""

    name: ClassVar[str] = "club.message_report_decided"
    ref: str  # of the report
    person_id: int
    outcome: str
    company_id: int | None = None

    @property
    def about(self) -> str | None:
        """Name the report."""
        return f"direct_report:{self.ref}"
