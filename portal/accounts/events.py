"""Facts about people and companies that other features may react to."""

from dataclasses import dataclass

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
class CompanyChanged(Event):
    name = "company.changed"
    ref: str
    fields: tuple[str, ...]
