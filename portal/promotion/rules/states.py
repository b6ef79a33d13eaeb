"""The life of a campaign: what it may become, who may say so, and what may still be changed."""

from collections.abc import Collection
from datetime import datetime
from enum import StrEnum

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext as _p


class State(StrEnum):
    """Where a campaign stands."""

    DRAFT = "draft"
    IN_REVIEW = "in_review"
    APPROVED = "approved"
    RUNNING = "running"
    PAUSED = "paused"
    ENDED = "ended"


NAMES = {
    State.DRAFT: _p("campaign", "Draft"),
    State.IN_REVIEW: _p("campaign", "In review"),
    State.APPROVED: _p("campaign", "Approved"),
    State.RUNNING: _p("campaign", "Running"),
    State.PAUSED: _p("campaign", "Paused"),
    State.ENDED: _p("campaign", "Ended"),
}
#: From → to → the right it takes; the clock needs none.
MOVES: dict[State, dict[State, str]] = {
    State.DRAFT: {State.IN_REVIEW: "ads.manage", State.ENDED: "ads.manage"},
    State.IN_REVIEW: {State.DRAFT: "ads.manage", State.APPROVED: "ads.approve"},
    State.APPROVED: {
        State.RUNNING: "ads.manage",
        State.DRAFT: "ads.manage",
        State.ENDED: "ads.manage",
    },
    State.RUNNING: {State.PAUSED: "ads.manage", State.ENDED: "ads.manage"},
    State.PAUSED: {
        State.RUNNING: "ads.manage",
        State.DRAFT: "ads.manage",
        State.ENDED: "ads.manage",
    },
    State.ENDED: {},
}
#: States in which it is shown, once its time has come.
SHOWN = frozenset({State.APPROVED, State.RUNNING})


def advance(current: str, wanted: str) -> State:
    """Return ``wanted`` if a campaign may move to it from ``current``.

    Raises Refused otherwise.
    """
    try:
        state = State(wanted)
    except ValueError:
        state = None
    if state is None or state not in MOVES[State(current)]:
        raise Refused(_l("The campaign cannot do that now. Look at its state first."))
    return state


def right_for(current: str, wanted: State) -> str:
    """Return the right that the move takes."""
    return MOVES[State(current)][wanted]


def refuse_own(person_id: int, authors: Collection[int]) -> None:
    """Raise Refused where somebody would approve what he has made or changed."""
    if person_id in authors:
        raise Refused(_l("You have worked on this campaign; somebody else must approve it."))


def may_change_content(state: str) -> bool:
    """Return whether advertiser, address, audience and creatives may still be changed."""
    return state == State.DRAFT


def may_change_delivery(state: str) -> bool:
    """Return whether end, weight, priority, cap and booked views may still be changed."""
    return state != State.ENDED


def by_clock(
    state: str, starts_at: datetime, ends_at: datetime | None, now: datetime
) -> State | None:
    """Return what the time makes of a campaign: running at its start, ended at its end.

    None where nothing changes.
    """
    if state in (State.APPROVED, State.RUNNING, State.PAUSED) and ends_at and ends_at <= now:
        return State.ENDED
    if state == State.APPROVED and starts_at <= now:
        return State.RUNNING
    return None
