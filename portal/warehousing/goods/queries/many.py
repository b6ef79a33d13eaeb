"""Lists of goods: filters, orders, search, keyset pages both ways."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, false, or_, select, true

from portal.accounts.access import User
from portal.core import pagination
from portal.core.db import AnyRow, db
from portal.core.pagination import Page
from portal.warehousing.goods import fulltext
from portal.warehousing.goods.models import Sku
from portal.warehousing.goods.queries.one import sees_all, visible_to

_C = Sku.__table__.c
#: Orders of a list: name → (column, whether it goes down). Each is made total by the id.
SORTS: dict[str, tuple[Any, bool]] = {
    "code": (_C.code, False),
    "name": (_C.name, False),
    "newest": (_C.id, True),
}
USUAL_SORT = "code"


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What somebody wants to see; None or empty: everything."""

    text: str = ""
    storage_class: str | None = None
    lot_policy: str | None = None
    #: Whether they are in use; None: both.
    active: bool | None = True
    company_id: int | None = None
    sort: str = USUAL_SORT


def goods_for(
    user: User,
    wanted: Filter,
    *,
    after: str | None = None,
    limit: int = pagination.DEFAULT_LIMIT,
) -> Page[AnyRow]:
    """Return a page of the SKUs (all columns) that ``user`` may see and that fit ``wanted``.

    Raises Invalid for a cursor that is not of this list.
    """
    rows = _read(user, wanted, _place(after, wanted), limit + 1, backwards=False)
    return pagination.cut(rows, limit, lambda row: values_of(row, wanted))


def goods_before(
    user: User, wanted: Filter, *, before: str, limit: int = pagination.DEFAULT_LIMIT
) -> tuple[Page[AnyRow], bool]:
    """Return the page in front of a cursor, and whether there is more in front of that.

    Raises Invalid for a cursor that is not of this list.
    """
    rows = _read(user, wanted, _place(before, wanted), limit + 1, backwards=True)
    shown = list(reversed(rows[:limit]))
    behind = pagination.encode(values_of(shown[-1], wanted)) if shown else None
    return Page(shown, behind), len(rows) > limit


def values_of(row: Any, wanted: Filter) -> tuple[Any, int]:
    """Return what a cursor that stands at ``row`` holds."""
    column, _ = _order(wanted)
    return getattr(row, column.name), row.id


def _order(wanted: Filter) -> tuple[Any, bool]:
    return SORTS.get(wanted.sort, SORTS[USUAL_SORT])


def _place(cursor: str | None, wanted: Filter) -> tuple[Any, int] | None:
    column, _ = _order(wanted)
    values = pagination.decode(cursor, int if column is _C.id else str, int)
    return None if values is None else (values[0], values[1])


def _read(
    user: User, wanted: Filter, place: tuple[Any, int] | None, size: int, *, backwards: bool
) -> list[AnyRow]:
    column, goes_down = _order(wanted)
    down = goes_down is not backwards
    query = visible_to(user, select(Sku.__table__)).where(_fits(user, wanted))
    query = query.where(_past(column, place, down))
    order = (column.desc(), _C.id.desc()) if down else (column, _C.id)
    return list(db.session.execute(query.order_by(*order).limit(size)).all())


def _past(column: Any, place: tuple[Any, int] | None, down: bool) -> ColumnElement[bool]:
    if place is None:
        return true()
    value, row_id = place
    if down:
        return and_(column <= value, or_(column < value, _C.id < row_id))
    return and_(column >= value, or_(column > value, _C.id > row_id))


def _fits(user: User, wanted: Filter) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    for column, value in (
        (_C.storage_class, wanted.storage_class),
        (_C.lot_policy, wanted.lot_policy),
        (_C.active, wanted.active),
        (_C.company_id, wanted.company_id),
    ):
        if value is not None:
            conditions.append(column == value)
    if wanted.text:
        conditions.append(_found(user, wanted))
    return and_(*conditions)


def _found(user: User, wanted: Filter) -> ColumnElement[bool]:
    owner = wanted.company_id if sees_all(user) else user.company_id
    hits = fulltext.INDEX.matching(wanted.text, owner=owner, on=db.session.connection())
    return false() if hits is None else _C.id.in_(hits)
