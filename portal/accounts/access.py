"""Who is asking: the person behind a request, and the audiences a page may have."""

from dataclasses import dataclass, field
from datetime import datetime

from flask_login import AnonymousUserMixin, UserMixin


@dataclass(frozen=True, kw_only=True)
class User(UserMixin):
    """Somebody signed in, in a browser or by an API key; made anew for each request.

    ``company_id`` is the company worked for (None: the centre's staff).
    """

    person_id: int
    name: str
    email: str
    locale: str | None = None
    timezone: str | None = None
    company_id: int | None = None
    company_ref: str | None = None
    company_name: str | None = None
    role: str | None = None
    staff_role: str | None = None
    rights: frozenset[str] = field(default=frozenset())
    sign_in_id: int | None = None
    api_key_id: int | None = None
    token: str = ""
    #: When the sign-in or the key ends; None: not by itself.
    until: datetime | None = None

    def get_id(self) -> str:
        """Return what Flask-Login keeps in the browser's cookie: the session's token."""
        return self.token

    def may(self, right: str) -> bool:
        """Return whether this person has ``right`` here."""
        return right in self.rights

    @property
    def is_staff(self) -> bool:
        """Whether this is one of the centre's own people."""
        return self.staff_role is not None

    @property
    def is_program(self) -> bool:
        """Whether an API key asks."""
        return self.api_key_id is not None


class Visitor(AnonymousUserMixin):
    """Nobody is signed in."""

    person_id = None
    company_id = None
    company_name = None
    name = ""
    locale = None
    timezone = None
    role = None
    staff_role = None
    until = None
    rights: frozenset[str] = frozenset()
    is_staff = False
    is_program = False

    def may(self, right: str) -> bool:
        """Visitors have no rights."""
        return False


@dataclass(frozen=True)
class Audience:
    """Who may enter a part of the site."""

    right: str | None = None  # the right it takes
    signed_in: bool = False

    def admits(self, user: User | Visitor) -> bool:
        """Return whether ``user`` may enter."""
        if self.right is not None:
            return user.may(self.right)
        return not self.signed_in or user.is_authenticated


PUBLIC = Audience()
SIGNED_IN = Audience(signed_in=True)
MEMBER = Audience("portal.enter", signed_in=True)
STAFF = Audience("desk.enter", signed_in=True)
