"""Lists of notices: filters, search, keyset pages both ways, counts by state."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, or_, select

from portal.accounts.access import User
from portal.core import pagination
from portal.core.db import AnyRow, db
from portal.core.pagination import Page
from portal.warehousing.goods.models import Sku
from portal.warehousing.inbound.models import InboundNotice, NoticeLine
from portal.warehousing.inbound.queries.visible import joined, visible_to
from portal.warehousing.inbound.rules import states

_C = InboundNotice.__table__.c
_LINE, _SKU = NoticeLine.__table__, Sku.__table__


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What somebody wants to see; None or empty: everything."""

    status: tuple[str, ...] = ()
    text: str = ""
    warehouse_id: int | None = None
    company_id: int | None = None
    #: Expected between these instants.
    since: datetime | None = None
    until: datetime | None = None
    differs: bool = False  # with differences that wait for the owner


#: Word for several states at once → the states.
GROUPS = {
    "expected": states.EXPECTED,
    "here": states.HERE,
    "open": states.OPEN,
}


def statuses(asked: str | None) -> tuple[str, ...]:
    """Return the states meant by a word; an unknown word means none, so that nothing is shown."""
    if not asked:
        return ()
    return GROUPS.get(asked) or ((asked,) if asked in states.STATES else ("none",))


def notices_for(
    user: User, wanted: Filter, *, after: str | None = None, limit: int = 20
) -> Page[AnyRow]:
    """Return a page of the notices ``user`` may see that fit, the newest first.

    Raises Invalid for a cursor that is not of this list.
    """
    behind = pagination.decode_number(after)
    query = visible_to(user, joined()).where(_fits(user, wanted))
    if behind is not None:
        query = query.where(_C.id < behind)
    rows = db.session.execute(query.order_by(_C.id.desc()).limit(limit + 1)).all()
    return pagination.cut(rows, limit, lambda row: [row.id])


def notices_before(
    user: User, wanted: Filter, *, before: str, limit: int = 20
) -> tuple[Page[AnyRow], bool]:
    """Return the page in front of a cursor, and whether there is more in front of that."""
    place = pagination.decode_number(before) or 0
    query = visible_to(user, joined()).where(_fits(user, wanted), _C.id > place)
    rows = db.session.execute(query.order_by(_C.id).limit(limit + 1)).all()
    shown = list(reversed(rows[:limit]))
    return Page(shown, cursor_of(shown[-1]) if shown else None), len(rows) > limit


def cursor_of(row: Any) -> str:
    """Return the cursor that stands at a row."""
    return pagination.encode([row.id])


def row_for(user: User, ref: str) -> AnyRow | None:
    """Return one row of the list; None where ``user`` may not see it."""
    return db.session.execute(visible_to(user, joined().where(_C.ref == ref))).first()


def counts_for(user: User, wanted: Filter) -> dict[str, int]:
    """Return state → how many notices ``user`` may see are in it; ``differs``: with questions.

    Of ``wanted`` the warehouse and the company count.
    """
    query = select(_C.status, func.count(), func.sum(func.sign(_C.open_differences)))
    query = visible_to(user, query.group_by(_C.status))
    if wanted.warehouse_id:
        query = query.where(_C.warehouse_id == wanted.warehouse_id)
    if wanted.company_id:
        query = query.where(_C.company_id == wanted.company_id)
    found: dict[str, int] = {"differs": 0}
    for status, count, differs in db.session.execute(query):
        found[status] = count
        found["differs"] += int(differs or 0)
    return found


def _fits(user: User, wanted: Filter) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [_C.id.is_not(None)]
    if wanted.status:
        conditions.append(_C.status.in_(wanted.status))
    if wanted.warehouse_id:
        conditions.append(_C.warehouse_id == wanted.warehouse_id)
    if wanted.company_id:
        conditions.append(_C.company_id == wanted.company_id)
    if wanted.since:
        conditions.append(_C.expected_at >= wanted.since)
    if wanted.until:
        conditions.append(_C.expected_at < wanted.until)
    if wanted.differs:
        conditions.append(_C.open_differences > 0)
    if wanted.text:
        conditions.append(_found(wanted.text))
    return and_(*conditions)


def _found(text: str) -> ColumnElement[bool]:
    """Return the condition that a text stands in what people look for."""
    code = text.strip().upper()
    goods = (
        select(_LINE.c.notice_id)
        .join_from(_LINE, _SKU, _SKU.c.id == _LINE.c.sku_id)
        .where(_SKU.c.code == code, _LINE.c.company_id == _C.company_id)
    )
    named = (_C.ref, _C.order_ref, _C.supplier, _C.vehicle, _C.carrier)
    return or_(
        *(column.icontains(text.strip(), autoescape=True) for column in named),
        _C.id.in_(goods),
    )
