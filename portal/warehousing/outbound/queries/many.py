"""Lists of orders: filters, orders of the list, keyset pages both ways."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true

from portal.accounts.access import User
from portal.core import clock, pagination
from portal.core.db import AnyRow, db
from portal.core.pagination import Page
from portal.warehousing.goods.models import Sku
from portal.warehousing.outbound.models import OutboundLine, OutboundOrder
from portal.warehousing.outbound.queries.visible import heads, visible_to
from portal.warehousing.outbound.rules import orders as rules

_C = OutboundOrder.__table__.c
_LINE, _SKU = OutboundLine.__table__, Sku.__table__
#: Tab → statuses of the orders in it; "" is all.
TABS: dict[str, tuple[str, ...]] = {
    "open": rules.OPEN,
    "draft": (rules.DRAFT,),
    "waiting": (rules.BACKORDERED, rules.ON_HOLD),
    "ready": (rules.ACCEPTED, rules.ALLOCATED),
    "floor": (rules.RELEASED, rules.PICKING, rules.PICKED, rules.CHECKED, rules.PACKED),
    "staged": (rules.STAGED,),
    "shipped": (rules.SHIPPED, rules.CLOSED),
    "cancelled": (rules.CANCELLED,),
}
SORTS = ("newest", "due")
_FAR = datetime.max.replace(tzinfo=clock.now().tzinfo)
#: Those without a promise come last.
_DUE = func.coalesce(_C.ship_by, _FAR)


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What somebody wants to see; None or empty: everything."""

    statuses: tuple[str, ...] = ()
    text: str = ""
    warehouse_id: int | None = None
    company_id: int | None = None
    service: str | None = None
    policy: str | None = None
    sku_id: int | None = None
    #: Orders that should have left before this instant, and have not.
    late_at: datetime | None = None
    since: datetime | None = None
    until: datetime | None = None
    sort: str = "newest"


def statuses_of(asked: str) -> tuple[str, ...]:
    """Return the statuses that a tab or statuses stand for; an unknown word means none at all."""
    if not asked:
        return ()
    if asked in TABS:
        return TABS[asked]
    wanted = tuple(part for part in asked.split(",") if part in rules.STATUSES)
    return wanted or ("none",)


def orders_for(
    user: User,
    wanted: Filter,
    *,
    after: str | None = None,
    limit: int = pagination.DEFAULT_LIMIT,
) -> Page[AnyRow]:
    """Return a page of the orders (``heads``) that ``user`` may see and that fit ``wanted``.

    Raises Invalid for a cursor that is not of this list.
    """
    is_due = wanted.sort == "due"
    query = visible_to(user, heads()).where(_fits(wanted), _past(after, is_due))
    order = (_DUE, _C.id) if is_due else (_C.id.desc(),)
    rows = db.session.execute(query.order_by(*order).limit(limit + 1)).all()
    return pagination.cut(rows, limit, lambda row: values_of(row, wanted))


def values_of(row: Any, wanted: Filter) -> tuple[Any, ...]:
    """Return what a cursor that stands at ``row`` holds."""
    if wanted.sort != "due":
        return (row.id,)
    return (None if row.ship_by is None else row.ship_by.isoformat(), row.id)


def _past(after: str | None, is_due: bool) -> ColumnElement[bool]:
    if not is_due:
        place = pagination.decode_number(after)
        return true() if place is None else _C.id < place
    values = pagination.decode(after, object, int)
    if values is None:
        return true()
    at = _FAR if values[0] is None else _instant(values[0])
    return and_(at <= _DUE, or_(at < _DUE, _C.id > values[1]))


def _instant(text: Any) -> datetime:
    try:
        found = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        raise pagination.not_ours() from None
    if found.tzinfo is None:
        raise pagination.not_ours()
    return found


def _fits(wanted: Filter) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    for name in ("warehouse_id", "company_id", "service", "policy"):
        value = getattr(wanted, name)
        if value is not None:
            conditions.append(_C[name] == value)
    conditions += _within(wanted)
    if wanted.statuses:
        conditions.append(_C.status.in_(wanted.statuses))
    if wanted.late_at is not None:
        conditions += [_C.ship_by < wanted.late_at, _C.status.in_(rules.OPEN)]
    if wanted.sku_id is not None:
        conditions.append(_of_goods(_LINE.c.sku_id == wanted.sku_id))
    if wanted.text:
        conditions.append(_says(wanted.text))
    return and_(*conditions)


def _within(wanted: Filter) -> list[ColumnElement[bool]]:
    first = [] if wanted.since is None else [_C.created_at >= wanted.since]
    last = [] if wanted.until is None else [_C.created_at < wanted.until]
    return first + last


def _of_goods(condition: ColumnElement[bool]) -> ColumnElement[bool]:
    return exists().where(_LINE.c.order_id == _C.id, condition).correlate(OutboundOrder.__table__)


def _says(text: str) -> ColumnElement[bool]:
    """Return the condition that an order is meant by what was typed into the search."""
    upper, begins = text.upper(), _escaped(text)
    coded = select(_SKU.c.id).where(_SKU.c.code == upper).scalar_subquery()
    return or_(
        _C.ref == upper,
        _C.consignment_no == upper,
        _C.order_ref.like(f"{begins}%", escape="\\"),
        _C.consignee_name.like(f"%{begins}%", escape="\\"),
        _C.consignee_city.like(f"{begins}%", escape="\\"),
        _of_goods(_LINE.c.sku_id.in_(coded)),
    )


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
