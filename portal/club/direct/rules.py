"""Messages between two people: how long, how many talks somebody may begin, what is refused."""

from portal.core.errors import Refused, TooMany
from portal.core.i18n import lazy as _l

TEXT_MAX = 4000  # characters
NOTE_MAX = 500  # characters
#: Talks that somebody may begin within a day, by his trust. Whoever is new answers only.
A_DAY = (0, 3, 10, 20)
A_DAY_STAFF = 100
#: Messages on each side of a reported one that a moderator reads.
AROUND = 3
OUTCOMES = {
    "agreed": _l("A moderator agreed and removed the message."),
    "disagreed": _l("A moderator looked at it and let it stand."),
    "ignored": _l("A moderator looked at it; nothing had to be done."),
}


TOO_NEW = _l(
    "Whoever is new here answers messages; writing first takes the trust “At home”. "
    "It comes with a few days of reading."
)


def most_a_day(trust: int, *, is_staff: bool) -> int:
    """Return how many talks somebody may begin within a day."""
    return A_DAY_STAFF if is_staff else A_DAY[min(max(trust, 0), len(A_DAY) - 1)]


def check_begin(trust: int, begun_today: int, *, is_staff: bool) -> None:
    """Raise Refused for whoever is too new to begin a talk, TooMany for one talk too many."""
    most = most_a_day(trust, is_staff=is_staff)
    if most == 0:
        raise Refused(TOO_NEW)
    if begun_today >= most:
        raise TooMany(
            _l("You have begun %(most)d conversations within a day. Go on tomorrow.", most=most)
        )


def undeliverable() -> Refused:
    """Return the one answer to all that keeps a message from arriving; it does not say what."""
    return Refused(_l("This message cannot be delivered."))


def pair(one: int, other: int) -> tuple[int, int]:
    """Return two people in the order in which a talk names them; raises Refused for one alone."""
    if one == other:
        raise Refused(_l("Nobody writes to himself here."))
    return min(one, other), max(one, other)
