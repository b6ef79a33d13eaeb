"""Lists of returns: tabs, search, keyset pages."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, and_, exists, func, or_, select, true

from portal.accounts.access import User
from portal.core import pagination, scope
from portal.core.db import AnyRow, db
from portal.core.pagination import Page
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import Lot
from portal.warehousing.returns import rules
from portal.warehousing.returns.models import GoodsReturn, ReturnLine, ReturnPart
from portal.warehousing.returns.queries.visible import heads, visible_to

_RETURN, _LINE, _PART, _SKU, _LOT = (
    model.__table__ for model in (GoodsReturn, ReturnLine, ReturnPart, Sku, Lot)
)
_C = _RETURN.c
#: Tabs → the statuses in them; ``deciding`` is of returns with goods that wait for the owner.
TABS: dict[str, tuple[str, ...]] = {
    "open": rules.OPEN,
    "requested": ("requested",),
    "coming": rules.COMING,
    "inspecting": ("received",),
    "deciding": ("received", "inspected"),
    "settling": ("inspected", *rules.SETTLED),
    "ended": rules.ENDED,
}


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What somebody wants to see; empty: everything."""

    tab: str = "open"
    text: str = ""


def returns_for(
    user: User,
    wanted: Filter,
    *,
    after: str | None = None,
    limit: int = pagination.DEFAULT_LIMIT,
) -> Page[AnyRow]:
    """Return a page of returns (``heads``) that ``user`` may see, the newest first."""
    query = visible_to(user, heads()).where(_fits(wanted))
    place = pagination.decode_number(after)
    if place is not None:
        query = query.where(_C.id < place)
    rows = db.session.execute(query.order_by(_C.id.desc()).limit(limit + 1)).all()
    return pagination.cut(rows, limit, lambda row: (row.id,))


def counts_for(user: User) -> dict[str, int]:
    """Return tab → how many returns that have not ended are in it."""
    query = visible_to(
        user, select(_C.status, func.count().label("many")).where(_C.status.in_(rules.OPEN))
    )
    rows = db.session.execute(query.group_by(_C.status))
    found = {row.status: int(row.many) for row in rows}
    counts = {
        tab: sum(found.get(status, 0) for status in TABS[tab])
        for tab in ("open", "requested", "coming", "inspecting")
    }
    asked = visible_to(user, select(func.count()).select_from(_RETURN).where(_waits()))
    return counts | {"deciding": int(db.session.scalar(asked) or 0)}


def _waits() -> ColumnElement[bool]:
    """Return the condition that goods of a return wait for their owner's decision."""
    part = _PART.c
    return exists().where(part.return_id == _C.id, part.status == "inspected").correlate(_RETURN)


def _fits(wanted: Filter) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if wanted.tab in TABS:
        conditions.append(_C.status.in_(TABS[wanted.tab]))
    if wanted.tab == "deciding":
        conditions.append(_waits())
    if wanted.text:
        conditions.append(_says(wanted.text))
    return and_(*conditions)


def _says(text: str) -> ColumnElement[bool]:
    code = text.upper()
    sku = select(_SKU.c.id).where(_SKU.c.code == code)
    line = exists().where(_LINE.c.return_id == _C.id, _LINE.c.sku_id.in_(sku)).correlate(_RETURN)
    return or_(_C.ref == code, _C.order_ref == code, _C.tracking_no == code, line)


def lines_of_many(returns: Sequence[AnyRow]) -> dict[int, list[AnyRow]]:
    """Return return id → its lines with ``sku, name, unit``, of returns read for who asks."""
    wanted = (
        select(_LINE, _SKU.c.code.label("sku"), _SKU.c.name, _SKU.c.unit)
        .join_from(_LINE, _SKU, _SKU.c.id == _LINE.c.sku_id)
        .where(_LINE.c.return_id.in_([row.id for row in returns]))
        .order_by(_LINE.c.return_id, _LINE.c.number)
    )
    found: dict[int, list[Any]] = {row.id: [] for row in returns}
    for row in db.session.execute(wanted.execution_options(**scope.CENTRE)):
        found[row.return_id].append(row)
    return found


def parts_of_many(returns: Sequence[AnyRow]) -> dict[int, list[AnyRow]]:
    """Return return id → what came of it with ``sku, name, unit, lot``, as ``lines_of_many``."""
    wanted = (
        select(_PART, _SKU.c.code.label("sku"), _SKU.c.name, _SKU.c.unit)
        .add_columns(_LOT.c.code.label("lot"))
        .join_from(_PART, _SKU, _SKU.c.id == _PART.c.sku_id)
        .join(_LOT, _LOT.c.id == _PART.c.lot_id)
        .where(_PART.c.return_id.in_([row.id for row in returns]))
        .order_by(_PART.c.return_id, _PART.c.id)
    )
    found: dict[int, list[Any]] = {row.id: [] for row in returns}
    for row in db.session.execute(wanted.execution_options(**scope.CENTRE)):
        found[row.return_id].append(row)
    return found
