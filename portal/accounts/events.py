"""Facts about people and companies that other features may react to."""

from dataclasses import dataclass, field
from typing import Any

from portal.core.events import Event


@dataclass(frozen=True, kw_only=True)
class PersonEvent(Event):
    """Base of what happens to one person."""

    person_id: int

    @property
    def about(self) -> str:
        """The person."""
        return f"person:{self.person_id}"


@dataclass(frozen=True, kw_only=True)
class SignedIn(PersonEvent):
    name = "person.signed_in"


@dataclass(frozen=True, kw_only=True)
class SignedOut(PersonEvent):
    """``sign_in_ids`` ended: their sockets are cut."""

    name = "person.signed_out"
    sign_in_ids: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class SignInLocked(PersonEvent):
    name = "person.sign_in_locked"


@dataclass(frozen=True, kw_only=True)
class PasswordResetRequested(PersonEvent):
    name = "person.password_reset_requested"


@dataclass(frozen=True, kw_only=True)
class PasswordChanged(PersonEvent):
    name = "person.password_changed"


@dataclass(frozen=True, kw_only=True)
class RoleChanged(PersonEvent):
    """A colleague got another role, or left (``role`` None): open sockets are checked again."""

    name = "membership.role_changed"
    role: str | None
    company_name: str


@dataclass(frozen=True, kw_only=True)
class PersonTold(PersonEvent):
    """There is a new notice for somebody. ``kind``: of portal.notifications."""

    name = "person.told"
    kind: str


@dataclass(frozen=True, kw_only=True)
class ColleagueInvited(Event):
    name = "invitation.sent"
    ref: str
    role: str


@dataclass(frozen=True, kw_only=True)
class InvitationAccepted(PersonEvent):
    name = "invitation.accepted"
    ref: str
    role: str


@dataclass(frozen=True, kw_only=True)
class InvitationWithdrawn(Event):
    name = "invitation.withdrawn"
    ref: str


@dataclass(frozen=True, kw_only=True)
class ApiKeyCreated(Event):
    name = "api_key.created"
    ref: str
    scopes: tuple[str, ...]


@dataclass(frozen=True, kw_only=True)
class ApiKeyRevoked(Event):
    """Sockets that were opened with the key are cut."""

    name = "api_key.revoked"
    ref: str
    api_key_id: int


@dataclass(frozen=True, kw_only=True)
class CompanyEvent(Event):
    """Base of what happens to a company; ``ref`` is its reference."""

    ref: str

    @property
    def about(self) -> str:
        """The company."""
        return f"company:{self.ref}"


@dataclass(frozen=True, kw_only=True)
class CompanyChanged(CompanyEvent):
    """Details changed; ``changes`` holds [field, before, after] of those that may be told on.

    Where a company sends from is not among them: the log is never shortened.
    """

    name = "company.changed"
    fields: tuple[str, ...]
    changes: list[list[Any]] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class CompanyConfirmed(CompanyEvent):
    """Somebody of the company said that its details are still true."""

    name = "company.confirmed"


@dataclass(frozen=True, kw_only=True)
class ConfirmationAsked(CompanyEvent):
    """Its owners were mailed that its details are to be confirmed."""

    name = "company.confirmation_asked"
    again: bool


@dataclass(frozen=True, kw_only=True)
class CompanyNoted(CompanyEvent):
    """A note was written, edited, pinned or unpinned; the log does not hold its text."""

    name = "company.noted"
    note: str
    action: str  # written, edited, pinned, unpinned


@dataclass(frozen=True, kw_only=True)
class MergeBegun(CompanyEvent):
    """``gone`` turned out to be ``ref``; its rows move from now on."""

    name = "company.merge_begun"
    merge: str
    gone: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class CompaniesMerged(CompanyEvent):
    """All rows of ``gone`` stand at ``ref``."""

    name = "company.merged"
    merge: str
    gone: str
    rows: int


@dataclass(frozen=True, kw_only=True)
class MergeUndone(CompanyEvent):
    """What the merge had moved stands at ``gone`` again."""

    name = "company.merge_undone"
    merge: str
    gone: str


@dataclass(frozen=True, kw_only=True)
class CompaniesExported(Event):
    """Somebody took the register out of the portal: with which conditions, how many rows."""

    name = "companies.exported"
    filters: dict[str, str]
    count: int
    file_format: str

    @property
    def about(self) -> str:
        """The kind of list."""
        return "export:companies"
