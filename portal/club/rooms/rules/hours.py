"""Question hours: their states, times and seats, and what becomes of questions."""

from datetime import datetime, timedelta

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext

TITLE_MIN, TITLE_MAX = 4, 120  # characters
ABOUT_MAX, QUESTION_MAX, ANSWER_MAX = 4000, 2000, 8000  # characters
REASON_MAX = 300  # characters
SEATS_MOST = 2000
SHORTEST, LONGEST = timedelta(minutes=15), timedelta(hours=4)
AHEAD = timedelta(days=365)
#: Those who signed up are reminded so long before the start.
REMINDED_BEFORE = timedelta(hours=1)
#: Hosts may open so long before the start.
OPENS_BEFORE = timedelta(minutes=30)
QUESTIONS_EACH = 5  # of one person in an hour
STATES = {
    "planned": lazy_pgettext("hours", "Planned"),
    "live": lazy_pgettext("hours", "Now"),
    "closed": lazy_pgettext("hours", "Over"),
    "cancelled": _l("Cancelled"),
}
QUESTIONS = {
    "waiting": _l("Waiting"),
    "current": _l("Being answered"),
    "answered": _l("Answered"),
    "declined": _l("Not taken"),
    "withdrawn": _l("Withdrawn"),
}
#: Of a question: state → what may become of it.
NEXT = {
    "waiting": ("current", "answered", "declined", "withdrawn"),
    "current": ("waiting", "answered", "declined"),
    "declined": ("waiting",),
    "answered": (),
    "withdrawn": (),
}


def check_times(starts_at: datetime, ends_at: datetime, now: datetime) -> None:
    """Raise Refused for times at which no hour can be held."""
    if starts_at <= now:
        raise Refused(_l("A question hour begins in the future."))
    if starts_at > now + AHEAD:
        raise Refused(_l("A question hour begins within a year."))
    if not SHORTEST <= ends_at - starts_at <= LONGEST:
        raise Refused(_l("A question hour takes 15 minutes to 4 hours."))


def check_seats(seats: int, taken: int) -> None:
    """Raise Refused for fewer seats than are taken."""
    if not 1 <= seats <= SEATS_MOST:
        raise Refused(_l("An hour has 1 to 2000 seats."))
    if seats < taken:
        raise Refused(_l("More people than that have signed up: %(taken)d.", taken=taken))


def check_planned(state: str) -> None:
    """Raise Refused where an hour can no longer be changed."""
    if state != "planned":
        raise Refused(_l("Only an hour that has not begun can be changed."))


def opens_at(starts_at: datetime) -> datetime:
    """Return from when on an hour can be opened."""
    return starts_at - OPENS_BEFORE


def check_open(state: str, starts_at: datetime, now: datetime) -> None:
    """Raise Refused where an hour cannot be opened now."""
    if state != "planned":
        raise Refused(_l("This hour was opened, is over or was cancelled."))
    if now < opens_at(starts_at):
        raise Refused(_l("It can be opened half an hour before its time."))


def takes_seats(state: str, ends_at: datetime, now: datetime) -> bool:
    """Return whether one can still sign up."""
    return state in ("planned", "live") and now < ends_at


def takes_questions(state: str) -> bool:
    """Return whether questions can be asked and voted for."""
    return state in ("planned", "live")


def check_questions(state: str, asked: int) -> None:
    """Raise Refused where no question can be asked any more."""
    if not takes_questions(state):
        raise Refused(_l("This hour takes no questions any more."))
    if asked >= QUESTIONS_EACH:
        raise Refused(_l("You have asked 5 questions; leave some time to others."))


def move(state: str, to: str) -> str:
    """Return what becomes of a question; raises Refused where it cannot."""
    if to not in NEXT[state]:
        raise Refused(_l("Somebody has moved this question meanwhile. Look again."))
    return to


def is_due(starts_at: datetime, now: datetime) -> bool:
    """Return whether those who signed up are to be reminded now."""
    return now < starts_at <= now + REMINDED_BEFORE
