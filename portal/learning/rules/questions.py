"""Questions to experts: what they may become, and what strangers must not read in them. Pure."""

import re
import secrets
from collections.abc import Iterable, Mapping
from enum import StrEnum

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

MAX_SUBJECT, MAX_TEXT, MAX_NAME, MAX_ANSWER = 120, 4000, 80, 8000  # characters
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NOT_FOUND = _l("There is no such question, or it is not yours to see.")
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: Telephone numbers as people write them; no dates, and no UN or standard numbers.
_PHONE = re.compile(r"(?<![A-Za-z0-9.-])\+?\(?\d[\d() \t\u00a0-]{6,18}\d(?![A-Za-z0-9])")
#: A date, or the number and year of a standard.
_DATE = re.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}$|\d{3,5}-(?:19|20)\d\d$")


class State(StrEnum):
    """Where a question stands; an answer in private leaves it open to be published."""

    OPEN = "open"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    SPAM = "spam"


MOVES: Mapping[State, tuple[State, ...]] = {
    State.OPEN: (State.PUBLISHED, State.HIDDEN, State.SPAM),
    State.PUBLISHED: (State.HIDDEN, State.SPAM),
    State.HIDDEN: (State.OPEN, State.PUBLISHED, State.SPAM),
    State.SPAM: (State.OPEN,),
}
STATE_TEXT = {
    State.OPEN: _l("Not published"),
    State.PUBLISHED: _l("Published"),
    State.HIDDEN: _l("Hidden"),
    State.SPAM: _l("Spam"),
}


def advance(current: str, wanted: State, *, may_publish: bool) -> State:
    """Return ``wanted`` if a question may become it. Raises Refused otherwise."""
    if wanted not in MOVES[State(current)]:
        raise Refused(_l("That is not possible: somebody changed the question. Look at it anew."))
    if wanted is State.PUBLISHED and not may_publish:
        raise Refused(_l("Its writer asked that nobody else reads it. Answer it in private."))
    return wanted


def new_ref() -> str:
    """Return a random reference such as ``TQ4F7K2M9T``."""
    return "TQ" + "".join(secrets.choice(LETTERS) for _ in range(8))


def contact_free(text: str) -> str:
    """Return a text in which addresses of mails and telephone numbers are dots."""
    return _PHONE.sub(_dots, _EMAIL.sub("…", text))


def _dots(found: "re.Match[str]") -> str:
    return "…" if _is_phone(found[0]) else found[0]


def has_contacts(text: str, allowed: Iterable[str] = ()) -> bool:
    """Return whether somebody could be written to or called by what is in a text.

    ``allowed`` are the centre's own addresses and numbers.
    """
    own = {_bare(each) for each in allowed}
    found = _EMAIL.findall(text) + [each for each in _PHONE.findall(text) if _is_phone(each)]
    return any(_bare(each) not in own for each in found)


def _bare(contact: str) -> str:
    return contact.lower() if "@" in contact else re.sub(r"\D", "", contact)


def _is_phone(written: str) -> bool:
    digits = sum(c.isdigit() for c in written)
    return 8 <= digits <= 15 and not _DATE.match(written.strip())
