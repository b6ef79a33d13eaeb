"""The way back through a list: the page in front of a row."""

from typing import Any

from sqlalchemy import ColumnElement, Row, and_, false, or_, select

from portal.accounts.access import User
from portal.consignments.models import Consignment
from portal.consignments.queries.many import COLUMNS, SORTS, Filter, _behind, _fits, _key
from portal.consignments.queries.one import visible_to
from portal.core import pagination
from portal.core.db import db
from portal.core.pagination import Page

_C = Consignment.__table__


def newer_for(
    user: User, wanted: Filter, *, before: str, limit: int = 50
) -> tuple[Page[Row[Any]], bool]:
    """Return the page in front of the cursor ``before``, and whether there are newer ones still.

    Rows come in the order of the list. Raises Invalid for a cursor that is not of this list.
    """
    key = SORTS.get(wanted.sort, _C.c.id)
    cursor = pagination.decode(before, 2) or [None, None]
    query = visible_to(user, select(*COLUMNS)).where(_fits(user, wanted), _ahead(key, cursor))
    order = (_C.c.id.asc(),) if key is _C.c.id else (key.asc(), _C.c.id.asc())
    rows = db.session.execute(query.order_by(*order).limit(limit + 1)).all()
    shown = list(reversed(rows[:limit]))
    older = cursor_of(shown[-1], wanted) if shown else None
    return Page(shown, older), len(rows) > limit


def cursor_of(row: Row[Any], wanted: Filter) -> str:
    """Return the cursor that stands at ``row``."""
    return pagination.encode(_key(row, SORTS.get(wanted.sort, _C.c.id)))


def _ahead(key: Any, cursor: list[Any]) -> ColumnElement[bool]:
    _value, row_id = cursor
    if not isinstance(row_id, int) or not 0 <= row_id < 2**63:
        return false()
    if key is _C.c.id:
        return _C.c.id > row_id
    at_or_behind = or_(_behind(key, cursor), _C.c.id == row_id)
    return and_(key.is_not(None), ~at_or_behind)


__all__ = ["cursor_of", "newer_for"]
