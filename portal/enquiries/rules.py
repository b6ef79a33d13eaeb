"""What a message may become, how it is shown to strangers, and how answers are counted."""

import re
import secrets
from collections.abc import Iterable, Mapping
from datetime import timedelta
from enum import StrEnum
from typing import Any

import phonenumbers
from email_validator import EmailNotValidError, validate_email

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

MAX_SUBJECT, MAX_TEXT, MAX_NAME = 120, 5000, 80  # characters
MAX_FILES = 5  # of one message or addition
MAX_ENTRIES = 100  # additions to one message
BUCKET_MIN = 15  # working minutes
MOST_MIN = 40 * 60  # longer answers are counted as this
FIGURE_DAYS = 90
FEWEST = 5  # answers from which a median says something
LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
NOT_FOUND = _l("There is no such message, or it is not yours to see.")


class State(StrEnum):
    """Where a message stands on its way to the board."""

    PENDING = "pending"
    PUBLISHED = "published"
    HIDDEN = "hidden"
    SPAM = "spam"


#: A private message is answered without ever leaving PENDING, unless it is hidden or spam.
MOVES: Mapping[State, tuple[State, ...]] = {
    State.PENDING: (State.PUBLISHED, State.HIDDEN, State.SPAM),
    State.PUBLISHED: (State.HIDDEN, State.SPAM),
    State.HIDDEN: (State.PUBLISHED, State.PENDING, State.SPAM),
    State.SPAM: (State.PENDING,),
}
STATE_TEXT = {
    State.PENDING: _l("Not published"),
    State.PUBLISHED: _l("Published"),
    State.HIDDEN: _l("Hidden"),
    State.SPAM: _l("Spam"),
}
TOPICS: Mapping[str, Any] = {
    "general": _l("General question"),
    "quote": _l("Quote"),
    "warehousing": _l("Warehousing"),
    "delivery": _l("Delivery"),
    "tracking": _l("Tracking"),
    "supplier": _l("Supplier offer"),
    "advertising": _l("Advertising"),
    "complaint": _l("Complaint"),
}
SUPPLIER = "supplier"
#: What the centre's people do to a message, as its history says it.
ACTIONS: Mapping[str, Any] = {
    "published": _l("Published"),
    "hidden": _l("Hidden"),
    "spam": _l("Marked as spam"),
    "pending": _l("Taken back from the board or from spam"),
    "edited": _l("Edited for the board"),
    "taken": _l("Taken"),
    "assigned": _l("Assigned to %(detail)s", detail="{detail}"),
    "given_back": _l("Given back"),
    "noted": _l("Internal note"),
    "merged": _l("Merged into %(detail)s", detail="{detail}"),
    "unmerged": _l("Separated from %(detail)s", detail="{detail}"),
    "settled": _l("Closed without an answer"),
    "applied": _l("Turned into an application"),
}
#: Outcomes of a call.
REACHED, NOT_REACHED = "reached", "not_reached"
MAX_TRIES = 3
CALL_STATES: Mapping[str, Any] = {
    "waiting": _l("Waiting"),
    "taken": _l("Taken"),
    "reached": _l("Reached"),
    "closed": _l("Not reached"),
    "spam": _l("Spam"),
}
CALL_WINDOW = timedelta(minutes=30)  # the shortest in which somebody is called
CALL_LAST = timedelta(days=30)  # how far ahead one may ask to be called
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
#: Seven digits or more, as people write telephone numbers; not dates, times or references.
_PHONE = re.compile(r"(?<![A-Za-z0-9.])\+?\(?\d[\d() \t\u00a0.-]{5,18}\d(?![A-Za-z0-9])")
_DATE = re.compile(r"\d{4}[-./]\d{1,2}[-./]\d{1,2}$")


def advance(current: str, wanted: State, *, is_private: bool) -> State:
    """Return ``wanted`` if a message may become it. Raises Refused otherwise."""
    if wanted not in MOVES[State(current)]:
        raise Refused(_l("That is not possible: somebody changed the message. Look at it anew."))
    if wanted is State.PUBLISHED and is_private:
        raise Refused(_l("Its writer asked that nobody else reads it. Answer it in private."))
    return wanted


def new_ref(prefix: str) -> str:
    """Return a random reference such as ``MS4F7K2M9T``."""
    return prefix + "".join(secrets.choice(LETTERS) for _ in range(8))


def public_name(name: str) -> str:
    """Return how the board names a writer: his surname alone in Han, else the first name.

    >>> public_name("王小明"), public_name("Julia Meyer"), public_name("Ann")
    ('王**', 'Julia M.', 'Ann')
    """
    plain = contact_free(" ".join(name.split()))
    if re.match(r"[\u3400-\u9fff]", plain):
        return plain[0] + "**"
    first, _, last = plain.partition(" ")
    return f"{first[:40]} {last[0]}." if last else first[:40]


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
    return 7 <= digits <= 15 and not _DATE.match(written.strip())


def bucket(minutes: int) -> int:
    """Return the bucket of the histogram in which so many working minutes are counted."""
    return min(-(-minutes // BUCKET_MIN) * BUCKET_MIN, MOST_MIN)


def median(counts: Mapping[int, int]) -> int | None:
    """Return the bucket in which the middle answer lies; None for no answers."""
    half, seen = sum(counts.values()) / 2, 0
    for minutes in sorted(counts):
        seen += counts[minutes]
        if seen and seen >= half:
            return minutes
    return None


def next_try(outcome: str, tries: int, again_at: Any) -> Any:
    """Return when somebody is called again after ``tries``; None: not any more.

    Raises Refused where a further try has no time.
    """
    if outcome == REACHED or tries >= MAX_TRIES:
        return None
    if again_at is None:
        raise Refused(_l("Say when it is to be tried again."))
    return again_at


def action_text(action: str, detail: str | None) -> str:
    """Return what was done, in words."""
    said = str(ACTIONS[action]) if action in ACTIONS else action
    return said.replace("{detail}", detail or "")


def phone(given: str, country: str = "CN") -> str | None:
    """Return a telephone number in E.164; None for what is none.

    Without a country code it is taken as one of ``country``.
    """
    try:
        number = phonenumbers.parse(given, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(number):
        return None
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def email(given: str) -> str | None:
    """Return an address that mail can be sent to, in small letters; None for what is none."""
    try:
        checked = validate_email(given, check_deliverability=False, test_environment=True)
    except EmailNotValidError:
        return None
    return str(checked.normalized).lower()
