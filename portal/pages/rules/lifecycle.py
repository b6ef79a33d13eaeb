"""How a page comes to be read: draft → in review → scheduled → published → archived.

The state is that of the newest version. A published page goes on being shown while a newer
version is a draft; nobody publishes a version that he wrote himself.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from portal.core.errors import FieldError, Forbidden, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext


class State(StrEnum):
    """Where the newest version of a page stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    SCHEDULED = "scheduled"
    PUBLISHED = "published"
    ARCHIVED = "archived"


STATE_NAMES = {
    State.DRAFT: lazy_pgettext("page", "Draft"),
    State.IN_REVIEW: lazy_pgettext("page", "In review"),
    State.SCHEDULED: lazy_pgettext("page", "Scheduled"),
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
schedule     in_review                                 scheduled   pages.publish
unschedule   scheduled                                 in_review   pages.publish
publish      in_review,scheduled                       published   pages.publish
archive      draft,in_review,published                 archived    pages.publish
"""


def _parse(table: str) -> dict[str, Move]:
    rows = (line.split() for line in table.strip().splitlines())
    return {
        verb: Move(frozenset(map(State, sources.split(","))), State(target), right)
        for verb, sources, target, right in rows
    }


MOVES = _parse(TABLE)
#: Verbs by which somebody makes what is written public.
OPENING = frozenset({"schedule", "publish"})
SENTENCES = {
    "write": _l("This page is scheduled. Take it off the schedule before you change it."),
    "submit": _l("Only a draft can be sent to review."),
    "send_back": _l("Only a page in review can be sent back."),
    "schedule": _l("Only a page in review can be scheduled."),
    "unschedule": _l("This page is not scheduled."),
    "publish": _l("Only a page that somebody has sent to review can be published."),
    "archive": _l("Only what is published can be archived."),
}
OWN_WORK = _l("You wrote the last version yourself. Somebody else has to publish it.")


@dataclass(frozen=True)
class Standing:
    """What decides about a page: its state, whether it is shown, who wrote its newest version."""

    state: State
    is_shown: bool
    writer_id: int | None


def advance(at: Standing, verb: str, *, by: int | None, may: Callable[[str], bool]) -> State:
    """Return the state after ``verb``; ``by`` None is the clock, which needs no right.

    Raises Forbidden without the right, Refused where the state forbids it or the one who wrote
    the last version would publish it.
    """
    move = MOVES[verb]
    if by is not None and not may(move.right):
        raise Forbidden(
            _l("You do not have the right to do this. Ask the owner of your company’s account.")
        )
    if at.state not in move.sources or (verb == "archive" and not at.is_shown):
        raise Refused(SENTENCES[verb])
    if verb in OPENING and by is not None and by == at.writer_id:
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


def may_delete(at: Standing, shown_before: bool) -> None:
    """Raise Refused unless a page may vanish: a draft that nobody has ever read in public."""
    if shown_before or at.is_shown or at.state not in (State.DRAFT, State.IN_REVIEW):
        raise Refused(_l("Only a draft that was never published can be deleted."))


def moment_to_publish(at: datetime | None, now: datetime) -> datetime:
    """Return when to publish; raises Invalid unless it lies ahead."""
    if at is None or at <= now:
        sentence = _l("Choose a time that has not passed yet.")
        raise Invalid(sentence, [FieldError("publish_at", sentence)])
    return at
