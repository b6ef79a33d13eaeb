"""The state machine of a consignment: the legal moves, and the fold of its events.

State is never set: it is the fold of the actual events in the order (occurred_at, rank of the
code, id). So the same events give the same state, whatever order they arrived in.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from portal.consignments.rules.vocabulary import RANK, VOCABULARY, Status
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

_S = Status
#: States in which the goods are in our hands; from each of them they can get lost or go back.
MOVING = (
    _S.PICKED_UP,
    _S.HUB_ARRIVED,
    _S.HUB_DEPARTED,
    _S.IN_TRANSIT,
    _S.REDIRECTED,
    _S.DEST_CITY,
    _S.OUT_FOR_DELIVERY,
    _S.DELIVERY_FAILED,
    _S.REFUSED,
    _S.AT_PICKUP_POINT,
)
_UNDER_WAY = (_S.HUB_ARRIVED, _S.HUB_DEPARTED, _S.IN_TRANSIT, _S.DEST_CITY, _S.REDIRECTED)
_ASTRAY = (_S.RETURNING, _S.LOST)

#: Source: domain.md §1. ``found`` is a moment: it leads back to the state before ``lost``.
MOVES: Mapping[Status, tuple[Status, ...]] = MappingProxyType(
    {
        _S.DRAFT: (_S.ORDERED, _S.CANCELLED),
        _S.ORDERED: (_S.PICKUP_ASSIGNED, _S.PICKED_UP, _S.CANCELLED),
        _S.PICKUP_ASSIGNED: (_S.PICKED_UP, _S.PICKUP_FAILED, _S.CANCELLED),
        _S.PICKUP_FAILED: (_S.PICKUP_ASSIGNED, _S.CANCELLED),
        _S.PICKED_UP: (*_UNDER_WAY, *_ASTRAY),
        _S.HUB_ARRIVED: (_S.HUB_DEPARTED, _S.IN_TRANSIT, _S.DEST_CITY, _S.REDIRECTED, *_ASTRAY),
        _S.HUB_DEPARTED: (_S.HUB_ARRIVED, _S.IN_TRANSIT, _S.DEST_CITY, _S.REDIRECTED, *_ASTRAY),
        _S.IN_TRANSIT: (*_UNDER_WAY, *_ASTRAY),
        _S.REDIRECTED: (_S.IN_TRANSIT, *_ASTRAY),
        _S.DEST_CITY: (_S.OUT_FOR_DELIVERY, _S.REDIRECTED, *_ASTRAY),
        _S.OUT_FOR_DELIVERY: (_S.DELIVERED, _S.DELIVERY_FAILED, _S.REFUSED, *_ASTRAY),
        _S.DELIVERY_FAILED: (_S.OUT_FOR_DELIVERY, _S.AT_PICKUP_POINT, *_ASTRAY),
        _S.REFUSED: (_S.OUT_FOR_DELIVERY, *_ASTRAY),
        _S.AT_PICKUP_POINT: (_S.DELIVERED, *_ASTRAY),
        _S.RETURNING: (_S.RETURNED, _S.LOST),
        _S.RETURNED: (_S.CLOSED,),
        _S.LOST: (_S.FOUND,),
        _S.FOUND: (),
        _S.DELIVERED: (_S.CLOSED,),
        _S.CANCELLED: (),
        _S.CLOSED: (),
    }
)
#: The same by their names as they are stored.
_TO: Mapping[str, frozenset[str]] = {
    str(state): frozenset(map(str, to)) for state, to in MOVES.items()
}
#: States that no later scan leaves; only a retraction does.
SETTLED = (_S.DELIVERED, _S.RETURNED, _S.CLOSED, _S.CANCELLED)
CANCELLABLE = tuple(state for state, to in MOVES.items() if _S.CANCELLED in to)
AMENDABLE = CANCELLABLE


@dataclass(frozen=True, order=True)
class Step:
    """An actual event as the fold sees it; the fields are its order."""

    occurred_at: datetime
    rank: int
    id: int
    code: str

    @classmethod
    def of(cls, occurred_at: datetime, event_id: int, code: str) -> "Step":
        """Make the step of an event."""
        return cls(occurred_at, RANK[code], event_id, code)


def may_move(current: str, wanted: str) -> bool:
    """Return whether a consignment may go from ``current`` to ``wanted``."""
    return wanted in _TO[current]


def check_move(current: str, wanted: str, *, attempts: int, limit: int) -> None:
    """Refuse a move that the table does not have, or one delivery attempt too many.

    ``attempts`` counts failed attempts so far, ``limit`` those agreed in the contract.
    Raises Refused.
    """
    if not may_move(current, wanted):
        raise Refused(
            _l(
                "A consignment that is “%(now)s” cannot become “%(wanted)s”.",
                now=VOCABULARY[Status(current)].text,
                wanted=VOCABULARY[Status(wanted)].text,
            )
        )
    if wanted == Status.OUT_FOR_DELIVERY and attempts >= limit:
        raise Refused(
            _l(
                "Delivery was tried %(count)s times, as agreed. "
                "Put it at a pick-up point or send it back.",
                count=attempts,
            )
        )


def check_claim(steps: Iterable[Step], claim: Step, *, limit: int) -> None:
    """Refuse a claim about the past that could not have been so, yet would change the state.

    ``steps`` are the events that are known, ``limit`` the delivery attempts agreed. What
    changes nothing only completes the history, and is welcome. Raises Refused.
    """
    known = sorted(steps)
    if fold(known) == fold([*known, claim]) and known and claim < known[-1]:
        return
    earlier = [step for step in known if step < claim]
    state = fold(earlier or known[:1]) or Status(claim.code)
    attempts = sum(step.code == Status.DELIVERY_FAILED for step in earlier)
    check_move(state, claim.code, attempts=attempts, limit=limit)


def fold(steps: Iterable[Step]) -> Status | None:
    """Return the state that a set of actual events amounts to; None where there are none."""
    way = path(steps)
    return Status(way[-1].code) if way else None


def path(steps: Iterable[Step]) -> list[Step]:
    """Return those of a set of actual events that led to the state, in order.

    The first event is taken as it stands: a history begins where its records begin. A step
    that cannot follow the present state, but could follow an earlier one, overrules what came
    between (a late scan never blocks the later ones); settled states are never left. What fits
    nowhere stays in the history and moves nothing.
    """
    way: list[Step] = []
    for step in sorted(set(steps)):
        _advance(way, step)
    return way


def _advance(way: list[Step], step: Step) -> None:
    code = Status(step.code)
    if code is Status.FOUND:
        if len(way) > 1 and way[-1].code == Status.LOST:
            way.pop()
    elif not way or may_move(way[-1].code, code):
        way.append(step)
    elif way[-1].code not in SETTLED:
        _overrule(way, step)


def _overrule(way: list[Step], step: Step) -> None:
    for back in range(len(way) - 2, -1, -1):
        if may_move(way[back].code, step.code):
            way[back + 1 :] = [step]
            return


def least_advanced(states: Iterable[Status]) -> Status:
    """Return where a consignment is whose pieces are in ``states``: at the least advanced."""
    return min(states, key=lambda state: RANK[state])
