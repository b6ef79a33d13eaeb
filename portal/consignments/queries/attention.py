"""What needs somebody's attention: late, gone wrong, or not sent off yet."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, func, or_, select

from portal.accounts.access import User
from portal.consignments.models import Consignment
from portal.consignments.queries.many import ACTIVE, COLUMNS
from portal.consignments.queries.one import visible_to
from portal.consignments.rules.vocabulary import BigStep, Status, statuses_of
from portal.core import clock
from portal.core.db import db

_C = Consignment.__table__
#: Under way for the customer: a draft cannot be late.
_MOVING = tuple(status for status in ACTIVE if status is not Status.DRAFT)
_WRONG = statuses_of(BigStep.EXCEPTION)
MOST = 5  # of each kind; the list behind shows all


def _late(query: Select[Any]) -> Select[Any]:
    expected = func.coalesce(_C.c.delivery_estimated, clock.now())
    return query.where(_C.c.status.in_(_MOVING), or_(_C.c.delivery_planned < expected, _overdue()))


def _overdue() -> Any:
    return (_C.c.delivery_planned < clock.now()) & (_C.c.delivery_estimated < clock.now())


def late_for(user: User, limit: int = MOST) -> Sequence[Row[Any]]:
    """Return what will be late or is, the longest promised first."""
    return _first(user, _late(select(_C.c.id, _C.c.delivery_planned)), limit)


def late_count_for(user: User) -> int:
    """Return how many will be late or are."""
    return int(db.session.scalar(visible_to(user, _late(select(func.count())))) or 0)


def wrong_for(user: User, limit: int = MOST) -> Sequence[Row[Any]]:
    """Return what left its usual way or has an open incident, the latest first."""
    unsettled = (*_MOVING, Status.RETURNING)
    known = _C.c.open_incidents if user.may("events.see_internal") else _C.c.owner_incidents
    query = select(_C.c.id, _C.c.changed_at).where(
        _C.c.status.in_(unsettled), or_(_C.c.status.in_(_WRONG), known > 0)
    )
    return _first(user, query, limit, latest=True)


def _first(
    user: User, query: Select[Any], limit: int, *, latest: bool = False
) -> Sequence[Row[Any]]:
    """Return the first rows of ``query`` (ids, and an instant to go by) that ``user`` may see.

    All of them are found before they are put in order: they are some of what is under way. The
    index in that order holds everything that ever was.
    """
    found = visible_to(user, query).cte("found").prefix_with("MATERIALIZED")
    _, at = found.c

    def ordered(instant: Any, row_id: Any) -> tuple[Any, Any]:
        return (instant.desc(), row_id.desc()) if latest else (instant, row_id)

    chosen = select(found.c.id).order_by(*ordered(at, found.c.id)).limit(limit)
    rows = select(*COLUMNS).where(_C.c.id.in_(chosen)).order_by(*ordered(_C.c[at.name], _C.c.id))
    return db.session.execute(visible_to(user, rows)).all()
