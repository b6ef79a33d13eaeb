"""Lists of consignments: filters, sort orders, search and keyset pages."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, false, func, select

from portal.accounts.access import User
from portal.accounts.models import Company
from portal.consignments import fulltext
from portal.consignments.models import Consignment, StatusCount
from portal.consignments.queries import sorting
from portal.consignments.queries.newest import Newest
from portal.consignments.queries.one import missing, sees_all, visible_to
from portal.consignments.rules.vocabulary import BigStep, Status, statuses_of
from portal.core import pagination, scope
from portal.core.db import AnyRow, Instant, db, reading
from portal.core.pagination import Page
from portal.core.prepared import Prepared
from portal.core.written import written

_C = Consignment.__table__
#: What a list shows of each consignment.
COLUMNS = (
    _C.c.id,
    _C.c.no,
    _C.c.company_id,
    _C.c.order_ref,
    _C.c.service,
    _C.c.status,
    _C.c.status_seq,
    _C.c.consignor_name,
    _C.c.consignee_name,
    _C.c.consignee_city,
    _C.c.consignee_country,
    _C.c.consignor_city,
    _C.c.piece_count,
    _C.c.gross_weight_g,
    _C.c.last_code,
    _C.c.last_at,
    _C.c.last_place,
    _C.c.pickup_planned,
    _C.c.pickup_estimated_from,
    _C.c.pickup_estimated,
    _C.c.pickup_estimated_to,
    _C.c.pickup_actual,
    _C.c.delivery_planned,
    _C.c.delivery_estimated_from,
    _C.c.delivery_estimated,
    _C.c.delivery_estimated_to,
    _C.c.estimate_basis,
    _C.c.delivery_actual,
    _C.c.open_incidents,
    _C.c.owner_incidents,
    _C.c.ordered_at,
    _C.c.created_at,
    _C.c.changed_at,
    _C.c.history,
)
_COUNTED = select(
    StatusCount.__table__.c.status, func.sum(StatusCount.__table__.c.count).label("number")
).group_by(StatusCount.__table__.c.status)
_ALL_COUNTS = Prepared(_COUNTED.execution_options(**scope.CENTRE))
#: For the member area's rail, too: of one company, which each reader's own rights name.
_OWN_COUNTS = Prepared(
    _COUNTED.where(StatusCount.__table__.c.company_id == bindparam("company")).execution_options(
        **scope.CENTRE
    )
)
#: What programs are shown of each: instants only to be written out again.
_WRITTEN = (
    *(written(column) if isinstance(column.type, Instant) else column for column in COLUMNS),
    select(Company.ref).where(Company.id == _C.c.company_id).scalar_subquery().label("company_ref"),
)
_PAGES, _PROGRAMS = Newest(select(*COLUMNS)), Newest(select(*_WRITTEN))
#: Sort orders: name → column; every one goes down and is made total by the id.
SORTS = {
    "newest": _C.c.id,
    "changed": _C.c.changed_at,
    "planned": _C.c.delivery_planned,
    "ordered": _C.c.ordered_at,
}
ACTIVE = tuple(
    status
    for status in Status
    if status not in (Status.DELIVERED, Status.CLOSED, Status.CANCELLED, Status.RETURNED)
)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What somebody wants to see; None or empty: everything."""

    status: tuple[str, ...] = ()
    text: str = ""
    city: str | None = None
    ordered_from: datetime | None = None
    ordered_to: datetime | None = None
    company_id: int | None = None
    sort: str = "newest"


def statuses(asked: str | None) -> tuple[str, ...]:
    """Return the statuses meant by ``asked``: a status, a big step (``step:…``), ``active``.

    An unknown word means no status at all, so that nothing is shown rather than everything.
    """
    if not asked:
        return ()
    if asked == "active":
        return tuple(map(str, ACTIVE))
    if asked.startswith("step:"):
        step = asked.removeprefix("step:")
        return tuple(map(str, statuses_of(step))) if step in list(BigStep) else ("none",)
    wanted = tuple(part for part in asked.split(",") if part in list(Status))
    return wanted or ("none",)


def consignments_for(
    user: User, wanted: Filter, *, after: str | None = None, limit: int = 50
) -> Page[AnyRow]:
    """Return a page of the consignments ``user`` may see that fit ``wanted``.

    Raises Invalid for a cursor that is not of this list.
    """
    return _page(_PAGES, user, wanted, after, limit)


def written_for(
    user: User, wanted: Filter, *, after: str | None = None, limit: int = 50
) -> Page[AnyRow]:
    """Return the same for programs: instants as ISO 8601, and ``company_ref``."""
    return _page(_PROGRAMS, user, wanted, after, limit)


def _page(lists: Newest, user: User, wanted: Filter, after: str | None, limit: int) -> Page[AnyRow]:
    key = sort_key(wanted)
    place, size = sorting.place_in(after, key), limit + 1
    if replace(wanted, status=(), text="") == Filter():
        before = None if place is None else place.row_id
        rows = lists.rows(user, wanted.status, wanted.text, before=before, size=size)
    elif sees_all(user) and _is_what_changed(wanted):
        query = visible_to(user, lists.query)
        rows = sorting.older_of_states(query, wanted.status or tuple(Status), place, size)
    else:
        query = visible_to(user, lists.query).where(fits(user, wanted))
        rows = sorting.older(query, key, place, size)
    return pagination.cut(rows, limit, lambda row: sorting.values_of(row, key))


def _is_what_changed(wanted: Filter) -> bool:
    """Return whether it is what changed last, of many states; one has an index in that order."""
    return len(wanted.status) != 1 and replace(wanted, status=()) == Filter(sort="changed")


def sort_key(wanted: Filter) -> Any:
    """Return the column that the list goes down by."""
    return SORTS.get(wanted.sort, _C.c.id)


def fits(user: User, wanted: Filter) -> ColumnElement[bool]:
    """Return the condition that a consignment fits ``wanted``; ``user`` is whose words count."""
    conditions: list[ColumnElement[bool]] = [_C.c.id.is_not(None)]
    if wanted.status:
        conditions.append(_C.c.status.in_(wanted.status))
    if wanted.city:
        conditions.append(_C.c.consignee_city == wanted.city)
    if wanted.ordered_from:
        conditions.append(_C.c.ordered_at >= wanted.ordered_from)
    if wanted.ordered_to:
        conditions.append(_C.c.ordered_at < wanted.ordered_to)
    if wanted.company_id:
        conditions.append(_C.c.company_id == wanted.company_id)
    if wanted.text:
        conditions.append(_found(user, wanted))
    return and_(*conditions)


def _found(user: User, wanted: Filter) -> ColumnElement[bool]:
    owner = wanted.company_id if sees_all(user) else user.company_id
    hits = fulltext.INDEX.matching(wanted.text, owner=owner, on=db.session.connection())
    return false() if hits is None else _C.c.id.in_(hits)


def counts_for(user: User) -> dict[str, int]:
    """Return status → how many consignments ``user`` may see are in it."""
    if sees_all(user):
        found = _ALL_COUNTS.all(reading(), {})
    elif user.company_id is not None and user.may("consignments.see"):
        found = _OWN_COUNTS.all(reading(), {"company": user.company_id})
    else:
        raise missing()
    return {row.status: int(row.number) for row in found if row.number}


def counts_of_company(user: User, company_id: int) -> dict[str, int]:
    """Return status → how many of a company's consignments are in it, for who may see all.

    Raises NotFound for others.
    """
    if not sees_all(user):
        raise missing()
    table = StatusCount.__table__
    query = select(table.c.status, table.c.count).where(table.c.company_id == company_id)
    rows = db.session.execute(query.execution_options(**scope.CENTRE))
    return {status: int(count) for status, count in rows if count}


def count_by_step(counts: dict[str, int]) -> dict[str, int]:
    """Return big step → count, and ``active`` → all that are under way."""
    steps = {str(step): sum(counts.get(s, 0) for s in statuses_of(step)) for step in BigStep}
    return steps | {"active": sum(counts.get(status, 0) for status in ACTIVE)}


def row_for(user: User, no: str) -> AnyRow:
    """Return what a list shows of one consignment; raises NotFound as ``consignment_for``."""
    found = db.session.execute(visible_to(user, select(*COLUMNS).where(_C.c.no == no))).first()
    if found is None:
        raise missing()
    return found


def company_names(ids: set[int]) -> dict[int, str]:
    """Return company id → name, for lists that staff see."""
    rows = db.session.execute(select(Company.id, Company.name).where(Company.id.in_(ids)))
    return {row.id: row.name for row in rows}


def company_refs(ids: set[int]) -> dict[int, str]:
    """Return company id → public reference."""
    rows = db.session.execute(select(Company.id, Company.ref).where(Company.id.in_(ids)))
    return {row.id: row.ref for row in rows}
