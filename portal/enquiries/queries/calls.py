"""Requests to be called: the desk's queue, one of them, and its tries."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import aliased

from portal.accounts.models import Person
from portal.accounts.rules import plain
from portal.core import clock, pagination, scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import Page
from portal.enquiries.models import CallAttempt, CallBack
from portal.enquiries.queries import places

_C, _A, _P = CallBack.__table__, CallAttempt.__table__, Person.__table__
SHOWN = 50
TABS = ("due", "reached", "closed", "spam")


def queue(tab: str, *, after: str | None = None, limit: int = SHOWN) -> Page[AnyRow]:
    """Return a page of calls: those to be made in the order of their time, others the newest
    first. A row has all columns and ``assigned`` (name). Raises Invalid.
    """
    assigned = aliased(_P)
    query = select(_C, assigned.c.name.label("assigned")).outerjoin(
        assigned, assigned.c.id == _C.c.assigned_id
    )
    last = places.read(after)
    if tab == "due":
        query = query.where(_C.c.due_at.is_not(None)).order_by(_C.c.due_at, _C.c.id)
        query = query.where(_behind(*last)) if last else query
    else:
        query = query.where(_C.c.state == tab).order_by(_C.c.id.desc())
        query = query.where(_C.c.id < last[1]) if last else query
    rows = db.session.execute(query.limit(limit + 1).execution_options(**scope.CENTRE)).all()
    return pagination.cut(rows, limit, lambda row: places.of(row.due_at or row.created_at, row.id))


def _behind(at: datetime, id_: int) -> Any:
    return or_(_C.c.due_at > at, and_(_C.c.due_at == at, _C.c.id > id_))


def call(ref: str, *, lock: bool = False) -> AnyRow:
    """Return one request, for the centre's people. Raises NotFound."""
    query = select(_C).where(_C.c.ref == plain(ref)[:20]).execution_options(**scope.CENTRE)
    found = db.session.execute(query.with_for_update() if lock else query).first()
    if found is None:
        raise NotFound(_l("There is no such call."))
    return found


def attempts_of(calls: Sequence[Any]) -> dict[int, list[AnyRow]]:
    """Return call id → its tries, oldest first: outcome, note, created_at, person (name)."""
    tries: dict[int, list[AnyRow]] = {each.id: [] for each in calls}
    query = (
        select(_A, _P.c.name.label("person"))
        .outerjoin(_P, _P.c.id == _A.c.person_id)
        .where(_A.c.call_back_id.in_(tries))
        .order_by(_A.c.id)
    )
    for row in db.session.execute(query.execution_options(**scope.CENTRE)) if tries else ():
        tries[row.call_back_id].append(row)
    return tries


def due_count() -> int:
    """Return how many calls should be under way by now."""
    late = select(func.count()).where(_C.c.due_at <= clock.now())
    return int(db.session.scalar(late.execution_options(**scope.CENTRE)) or 0)
