"""Decisions about friendly links: their lifecycle, their addresses, when one counts as dead."""

from datetime import timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

DEAD_AFTER = 3  # failures in a row, so that a bad night hides nobody
EVERY = timedelta(days=1)
#: After a failure it is looked at sooner, and less and less often.
AGAIN = (timedelta(hours=1), timedelta(hours=8), timedelta(days=1))
LONGEST_URL, LONGEST_NAME, LONGEST_SAYS = 300, 80, 300  # characters


class State(StrEnum):
    """Where a link stands."""

    PROPOSED = "proposed"
    LISTED = "listed"
    HIDDEN = "hidden"
    REFUSED = "refused"


STATE_NAMES = {
    State.PROPOSED: _l("Proposed"),
    State.LISTED: _l("Listed"),
    State.HIDDEN: _l("Hidden"),
    State.REFUSED: _l("Declined"),
}
MOVES: dict[State, tuple[State, ...]] = {
    State.PROPOSED: (State.LISTED, State.REFUSED),
    State.LISTED: (State.HIDDEN,),
    State.HIDDEN: (State.LISTED,),
    State.REFUSED: (State.LISTED,),
}


def advance(state: str, wanted: State) -> State:
    """Return ``wanted`` if a link may get there from ``state``; raises Refused otherwise."""
    if wanted not in MOVES[State(state)]:
        raise Refused(_l("This link has been dealt with meanwhile. Look at it again."))
    return wanted


def is_web_address(url: str) -> bool:
    """Return whether a text is an address of the web that a link may lead to."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    if not url.isprintable() or any(c.isspace() or c in "\\<>\"'" for c in url):
        return False
    host = parts.hostname or ""
    named = "." in host.strip(".") and not host.replace(".", "").isdigit() and ":" not in host
    return parts.scheme in ("http", "https") and named and "@" not in parts.netloc and port != 0


def answers(status: int) -> bool:
    """Return whether a status says that somebody is there: a closed door is one, too."""
    return status < 400 or status in (401, 403, 405, 406, 429)


def until_next(failures: int) -> timedelta:
    """Return when to look again after so many failures in a row."""
    return EVERY if failures == 0 else AGAIN[min(failures, len(AGAIN)) - 1]


def is_dead(failures: int) -> bool:
    """Return whether a link has failed so often that nobody should be led there."""
    return failures >= DEAD_AFTER
