"""What the dispatcher's board shows: jobs by queue, the most urgent first, and their counts."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Row,
    Select,
    and_,
    case,
    false,
    func,
    literal,
    or_,
    select,
    union_all,
)

from portal.accounts.access import User
from portal.accounts.models import Company
from portal.consignments import fulltext
from portal.consignments.models import Consignment, Incident, Piece, StatusCount, TrackingEvent
from portal.consignments.queries import sorting
from portal.consignments.queries.many import ACTIVE, COLUMNS
from portal.consignments.queries.one import missing, sees_all, visible_to
from portal.consignments.rules.queues import QUEUES, Queue
from portal.core import clock, pagination, scope
from portal.core.db import db
from portal.core.pagination import Page

_C = Consignment.__table__
_E = TrackingEvent.__table__
_I = Incident.__table__
#: Jobs of a queue that a page shows at first, and adds at once.
SHOWN = 30
MOST_COUNTED = 1000  # late ones; more of them is no better known than "over a thousand"


def _latest_open(column: Any) -> Any:
    """Return a column of the incident that was opened last, of those that are open."""
    of_it = (_I.c.consignment_id == _C.c.id) & _I.c.closed_at.is_(None)
    latest = select(column).where(of_it).order_by(_I.c.id.desc()).limit(1)
    known = latest.correlate(_C).scalar_subquery()
    return case((_C.c.open_incidents > 0, known)).label(f"incident_{column.name}")


JOB = (
    *COLUMNS,
    _C.c.pickup_planned,
    _C.c.split,
    Company.name.label("company_name"),
    _E.c.reason.label("last_reason"),
    _latest_open(_I.c.kind),
    _latest_open(_I.c.predicted),
)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What a dispatcher wants to see of each queue; None or empty: everything."""

    company_id: int | None = None
    city: str = ""
    service: str = ""
    late: bool = False
    text: str = ""


def jobs_for(
    user: User, queue: Queue, wanted: Wanted, *, after: str | None = None, limit: int = SHOWN
) -> Page[Row[Any]]:
    """Return a page of a queue, the earliest promise first; one statement, however many.

    Each status is read along its own index, and the nearest of all of them are kept.
    Raises Invalid for a cursor that is not of this list.
    """
    due = _C.c[queue.due]
    fitting = fits(wanted, due)
    if (cursor := pagination.decode(after, str, int)) is not None:
        fitting = and_(fitting, _behind(due, cursor))
    nearest = union_all(*(_nearest(status, due, fitting, limit) for status in queue.statuses))
    near = nearest.subquery()
    chosen = select(near.c.id).order_by(near.c.due, near.c.id).limit(limit + 1)
    query = _jobs().where(_C.c.id.in_(chosen)).order_by(due, _C.c.id)
    rows = db.session.execute(visible_to(user, query)).all()
    return pagination.cut(rows, limit, lambda row: (getattr(row, queue.due).isoformat(), row.id))


def _nearest(status: str, due: Any, fitting: ColumnElement[bool], limit: int) -> Select[Any]:
    named = literal(str(status), literal_execute=True)  # an index may hold some statuses alone
    rows = (
        select(_C.c.id, due.label("due"))
        .where(_C.c.status == named, due.is_not(None), fitting)
        .order_by(due, _C.c.id)
        .limit(limit + 1)
    ).subquery()
    return select(rows.c.id, rows.c.due)


def _jobs() -> Select[Any]:
    latest = and_(_E.c.consignment_id == _C.c.id, _E.c.seq == _C.c.status_seq)
    joined = _C.join(Company, Company.id == _C.c.company_id).outerjoin(_E, latest)
    return select(*JOB).select_from(joined)


def fits(wanted: Wanted, due: Any) -> ColumnElement[bool]:
    """Return the condition on a consignment; ``due`` is what says when it is promised."""
    conditions: list[ColumnElement[bool]] = [_C.c.id.is_not(None)]
    if wanted.company_id is not None:
        conditions.append(_C.c.company_id == wanted.company_id)
    if wanted.city:
        conditions.append(_C.c.consignee_city == wanted.city)
    if wanted.service:
        conditions.append(_C.c.service == wanted.service)
    if wanted.late:
        conditions.append(or_(due < clock.now(), _C.c.delivery_estimated > _C.c.delivery_planned))
    if wanted.text:
        conditions.append(_found(wanted))
    return and_(*conditions)


def _found(wanted: Wanted) -> ColumnElement[bool]:
    connection = db.session.connection()
    hits = fulltext.INDEX.matching(wanted.text, owner=wanted.company_id, on=connection)
    return false() if hits is None else _C.c.id.in_(hits)


def _behind(due: Any, cursor: list[Any]) -> ColumnElement[bool]:
    at, row_id = sorting.instant_in(cursor[0]), cursor[1]
    return or_(due > at, and_(due == at, _C.c.id > row_id))


def job_for(user: User, no: str) -> Row[Any]:
    """Return what the board shows of one consignment.

    Raises NotFound alike for what is missing and what the user may not see.
    """
    found = db.session.execute(visible_to(user, _jobs().where(_C.c.no == no))).first()
    if found is None:
        raise missing()
    return found


def jobs_of(user: User, numbers: Sequence[str]) -> dict[str, Row[Any]]:
    """Return number → what the board shows, of those numbers that ``user`` may see."""
    query = visible_to(user, _jobs().where(_C.c.no.in_(numbers)))
    return {row.no: row for row in db.session.execute(query)}


def numbers_of_pieces(user: User, codes: Sequence[str]) -> dict[str, str]:
    """Return SSCC → number of the consignment that it belongs to, of those the user may see."""
    if not codes:
        return {}
    table = Piece.__table__
    joined = table.join(_C, _C.c.id == table.c.consignment_id)
    query = select(table.c.sscc, _C.c.no).select_from(joined).where(table.c.sscc.in_(codes))
    return {row.sscc: row.no for row in db.session.execute(visible_to(user, query))}


def status_counts_for(user: User, company_id: int | None = None) -> dict[str, int]:
    """Return status → how many consignments are in it (of one company), from the kept counts.

    Raises NotFound for somebody who may not see every company's.
    """
    if not sees_all(user):
        raise missing()
    table = StatusCount.__table__
    query = select(table.c.status, func.sum(table.c.count).label("total")).group_by(table.c.status)
    if company_id is not None:
        query = query.where(table.c.company_id == company_id)
    rows = db.session.execute(query.execution_options(**scope.CENTRE))
    return {row.status: int(row.total) for row in rows}


def queue_counts_for(user: User, company_id: int | None = None) -> dict[str, int]:
    """Return queue → how many consignments are in it (of one company)."""
    counts = status_counts_for(user, company_id)
    return {queue.code: sum(counts.get(s, 0) for s in queue.statuses) for queue in QUEUES}


def late_count_for(user: User, company_id: int | None = None) -> int:
    """Return how many active consignments are past their promise, at most MOST_COUNTED."""
    active = _C.c.status.in_(tuple(map(str, ACTIVE)))
    query = select(_C.c.id).where(active, _C.c.delivery_planned < clock.now())
    if company_id is not None:
        query = query.where(_C.c.company_id == company_id)
    late = visible_to(user, select(func.count()).select_from(query.limit(MOST_COUNTED).subquery()))
    return int(db.session.scalar(late) or 0)


def members() -> list[tuple[str, str, int]]:
    """Return (reference, name, id) of the companies that have consignments, by name."""
    counted = select(StatusCount.company_id).distinct()
    query = (
        select(Company.ref, Company.name, Company.id)
        .where(Company.id.in_(counted))
        .order_by(Company.name)
        .execution_options(**scope.CENTRE)
    )
    return [(row.ref, row.name, row.id) for row in db.session.execute(query)]
