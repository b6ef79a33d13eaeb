"""How a course or book comes to be read: draft → in review → published → archived.

The state is that of the newest version. What is published goes on being read while a newer
version is a draft; nobody publishes a version at which he wrote himself.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from portal.core.errors import Forbidden, Refused
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext


class State(StrEnum):
    """Where the newest version stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    PUBLISHED = "published"
    ARCHIVED = "archived"


STATE_NAMES = {
    State.DRAFT: lazy_pgettext("page", "Draft"),
    State.IN_REVIEW: lazy_pgettext("page", "In review"),
    State.PUBLISHED: lazy_pgettext("page", "Published"),
    State.ARCHIVED: lazy_pgettext("page", "Archived"),
}


class Move(NamedTuple):
    """A verb: the states it starts from, where it leads, and the right it takes."""

    sources: frozenset[State]
    target: State
    right: str


#: verb        from                                     to          right
TABLE = """
write        draft,in_review,published,archived        draft       pages.edit
submit       draft                                     in_review   pages.edit
send_back    in_review                                 draft       pages.publish
publish      in_review                                 published   pages.publish
archive      draft,in_review,published                 archived    pages.publish
"""


def _parse(table: str) -> dict[str, Move]:
    rows = (line.split() for line in table.strip().splitlines())
    return {
        verb: Move(frozenset(map(State, sources.split(","))), State(target), right)
        for verb, sources, target, right in rows
    }


MOVES = _parse(TABLE)
SENTENCES = {
    "write": _l("This cannot be changed now."),
    "submit": _l("Only a draft can be sent to review."),
    "send_back": _l("Only what is in review can be sent back."),
    "publish": _l("Only what somebody has sent to review can be published."),
    "archive": _l("Only what is published can be archived."),
}
OWN_WORK = _l("You wrote at this version yourself. Somebody else has to publish it.")


@dataclass(frozen=True)
class Standing:
    """What decides: the state, whether it is shown, who wrote at the newest version."""

    state: State
    is_shown: bool
    writers: Collection[int]


def advance(at: Standing, verb: str, *, by: int | None, may: Callable[[str], bool]) -> State:
    """Return the state after ``verb``; ``by`` None is the portal itself, which needs no right.

    Raises Forbidden without the right, Refused where the state forbids it or a writer would
    publish.
    """
    move = MOVES[verb]
    if by is not None and not may(move.right):
        raise Forbidden(_l("You do not have the right to do this."))
    if at.state not in move.sources or (verb == "archive" and not at.is_shown):
        raise Refused(SENTENCES[verb])
    if verb == "publish" and by is not None and by in at.writers:
        raise Refused(OWN_WORK)
    return move.target


def possible(at: Standing, *, by: int, may: Callable[[str], bool]) -> list[str]:
    """Return the verbs that somebody may use now, in the order of the table."""
    return [verb for verb in MOVES if _is_possible(at, verb, by, may)]


def _is_possible(at: Standing, verb: str, by: int, may: Callable[[str], bool]) -> bool:
    try:
        advance(at, verb, by=by, may=may)
    except (Refused, Forbidden):
        return False
    return True
