"""What an owner has of each SKU: a page costs the same however long the history is.

One statement reads the goods of the page and, beside each, its totals by warehouse.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from itertools import groupby
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, func, literal, or_, select, true

from portal.accounts.access import User
from portal.core import clock, pagination, scope
from portal.core.db import AnyRow, db, reading
from portal.core.pagination import Page
from portal.core.prepared import Prepared
from portal.core.quantities import NOTHING, Quantity
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger import history
from portal.warehousing.ledger.models import Balance, Lot, StockTotal
from portal.warehousing.ledger.queries.visible import own
from portal.warehousing.ledger.rules import APPROVED
from portal.warehousing.sites.models import Warehouse
from portal.warehousing.stock.models import StockAlert

_SKU, _TOTAL, _LOT, _B = (each.__table__ for each in (Sku, StockTotal, Lot, Balance))
_WAREHOUSE, _ALERT = Warehouse.__table__, StockAlert.__table__
_SHOWN = ("id", "company_id", "code", "name", "names", "unit", "picture_key", "low_stock")
COLUMNS = (*_SHOWN, "low_cover_days", "has_expiry", "active")
#: What a list can be narrowed to.
SHOWS = ("", "held_any", "low", "expiring", "on_hold")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which SKUs; empty: all."""

    text: str = ""
    code: str = ""  # of one article, exactly
    show: str = ""
    warehouse_id: int | None = None
    lot: str = ""
    expiring_until: date | None = None
    company_id: int | None = None
    sku_id: int | None = None
    #: Of people of the staff who work in some warehouses alone: those; None: all.
    within: tuple[int, ...] | None = None

    @property
    def is_all(self) -> bool:
        """Whether nothing is narrowed."""
        return replace(self, expiring_until=None) == Wanted()


@dataclass
class Part:
    """What of a SKU is in one warehouse; ``allocated`` None: not known for a moment long ago."""

    warehouse_id: int
    warehouse: str
    on_hand: Decimal
    allocated: Decimal | None
    on_hold: Decimal

    @property
    def free(self) -> Decimal | None:
        """What may still be promised."""
        if self.allocated is None:
            return None
        return self.on_hand - self.on_hold - self.allocated


@dataclass
class Level:
    """A SKU (columns of ``sku``) and what there is of it."""

    sku: Any
    parts: list[Part] = field(default_factory=list)
    expiring: Decimal = NOTHING

    def _sum(self, name: str) -> Decimal:
        return sum((getattr(part, name) or NOTHING for part in self.parts), NOTHING)

    @property
    def on_hand(self) -> Decimal:
        """All that lies here, held or promised or not."""
        return self._sum("on_hand")

    @property
    def allocated(self) -> Decimal:
        """What is promised to orders."""
        return self._sum("allocated")

    @property
    def on_hold(self) -> Decimal:
        """What is of any status but approved."""
        return self._sum("on_hold")

    @property
    def free(self) -> Decimal:
        """What may still be promised."""
        return self._sum("free")

    @property
    def is_low(self) -> bool:
        """Whether less is free than the owner's threshold."""
        return self.sku.low_stock is not None and self.free < self.sku.low_stock


def _with_totals(goods: Any, totals: Any) -> Select[Any]:
    """Select ``goods`` and, beside each, the totals that fit, by warehouse."""
    figures = [_TOTAL.c[name] for name in ("warehouse_id", "on_hand", "allocated", "on_hold")]
    return (
        select(goods, *figures, _WAREHOUSE.c.code.label("warehouse"))
        .outerjoin(_TOTAL, totals)
        .outerjoin(_WAREHOUSE, _WAREHOUSE.c.id == _TOTAL.c.warehouse_id)
        .order_by(goods.c.company_id, goods.c.code, _TOTAL.c.warehouse_id)
    )


def _page_of_all() -> Prepared:
    """Return the statement of a page of all of a company's goods: the one that is read most."""
    goods = (
        select(*(_SKU.c[name] for name in COLUMNS))
        .where(_SKU.c.company_id == bindparam("company"), _SKU.c.code > bindparam("behind"))
        .order_by(_SKU.c.code)
        .limit(bindparam("size"))
        .subquery()
    )
    totals = and_(_TOTAL.c.company_id == goods.c.company_id, _TOTAL.c.sku_id == goods.c.id)
    return Prepared(_with_totals(goods, totals).execution_options(**scope.BOUND))


_PAGE = _page_of_all()


def _all_of(company_id: int, behind: str, size: int) -> Sequence[Any]:
    given = {"company": company_id, "behind": behind, "size": size}
    return _PAGE.all(reading(), given)


def levels_for(
    user: User,
    wanted: Wanted,
    *,
    after: str | None = None,
    limit: int = pagination.DEFAULT_LIMIT,
) -> Page[Level]:
    """Return a page of what there is now, by owner and code.

    Raises Invalid for a cursor that is not of this list.
    """
    place = pagination.decode(after, int, str)
    if user.company_id is not None and wanted.is_all and user.may("stock.see"):
        rows = _all_of(user.company_id, "" if place is None else place[1], limit + 1)
    else:
        rows = _narrowed(user, wanted, place, limit + 1)
    levels = [_level(list(group)) for _id, group in groupby(rows, key=lambda row: row.id)]
    return pagination.cut(levels, limit, lambda level: (level.sku.company_id, level.sku.code))


def _narrowed(user: User, wanted: Wanted, place: list[Any] | None, size: int) -> Sequence[AnyRow]:
    goods = _goods(user, wanted, place).limit(size).subquery()
    totals = and_(_TOTAL.c.company_id == goods.c.company_id, _TOTAL.c.sku_id == goods.c.id)
    if wanted.warehouse_id is not None:
        totals = and_(totals, _TOTAL.c.warehouse_id == wanted.warehouse_id)
    if wanted.within is not None:
        totals = and_(totals, _TOTAL.c.warehouse_id.in_(wanted.within))
    query = _with_totals(goods, totals)
    return db.session.execute(query.execution_options(**_scope(user))).all()


def _scope(user: User) -> dict[str, Any]:
    return scope.CENTRE if user.company_id is None else scope.of(user.company_id)


def _level(rows: Sequence[AnyRow]) -> Level:
    parts = [
        Part(row.warehouse_id, row.warehouse, row.on_hand, row.allocated, row.on_hold)
        for row in rows
        if row.warehouse_id is not None
    ]
    return Level(rows[0], parts)


def _goods(user: User, wanted: Wanted, place: list[Any] | None) -> Select[Any]:
    query = own(user, select(*(_SKU.c[name] for name in COLUMNS)), _SKU)
    query = query.where(*_conditions(wanted)).order_by(_SKU.c.company_id, _SKU.c.code)
    if place is None:
        return query
    company_id, code = place
    if user.company_id is not None:
        return query.where(_SKU.c.code > code)
    further = and_(_SKU.c.company_id == company_id, _SKU.c.code > code)
    return query.where(or_(_SKU.c.company_id > company_id, further))


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = [true()]
    if wanted.company_id is not None:
        found.append(_SKU.c.company_id == wanted.company_id)
    if wanted.sku_id is not None:
        found.append(_SKU.c.id == wanted.sku_id)
    if wanted.code:
        found.append(_SKU.c.code == wanted.code.upper())
    if wanted.text:
        found.append(_says(wanted.text))
    if wanted.warehouse_id is not None:
        found.append(_has(_TOTAL.c.warehouse_id == wanted.warehouse_id, _TOTAL.c.on_hand > 0))
    if wanted.lot:
        lots = select(_LOT.c.sku_id).where(_LOT.c.code == wanted.lot)
        found.append(_SKU.c.id.in_(lots.join_from(_LOT, _B, _B.c.lot_id == _LOT.c.id)))
    narrowed = _shown(wanted)
    return found if narrowed is None else [*found, narrowed]


def _says(text: str) -> ColumnElement[bool]:
    sought = text.strip()
    begins = _SKU.c.code.startswith(sought.upper(), autoescape=True)
    named = _SKU.c.name.icontains(sought, autoescape=True)
    return or_(begins, named, _SKU.c.gtin == sought)


def _has(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    mine = and_(_TOTAL.c.company_id == _SKU.c.company_id, _TOTAL.c.sku_id == _SKU.c.id)
    return select(literal(1)).where(mine, *conditions).exists()


def _shown(wanted: Wanted) -> ColumnElement[bool] | None:
    if wanted.show == "held_any":
        return _has(_TOTAL.c.on_hand > 0)
    if wanted.show == "on_hold":
        return _has(_TOTAL.c.on_hold > 0)
    if wanted.show == "low":
        return _low()
    if wanted.show == "expiring":
        until = wanted.expiring_until or clock.now().astimezone(clock.zone()).date()
        return _SKU.c.id.in_(_expiring(until).with_only_columns(_LOT.c.sku_id))
    return None


def _low() -> ColumnElement[bool]:
    """Say of goods that less is free than their threshold now, or that they do not last long."""
    mine = and_(_TOTAL.c.company_id == _SKU.c.company_id, _TOTAL.c.sku_id == _SKU.c.id)
    free = func.sum(_TOTAL.c.on_hand - _TOTAL.c.allocated - _TOTAL.c.on_hold, type_=Quantity())
    there_is = select(func.coalesce(free, 0)).where(mine).scalar_subquery()
    known = select(literal(1)).where(
        _ALERT.c.company_id == _SKU.c.company_id,
        _ALERT.c.kind == "cover",
        _ALERT.c.sku_id == _SKU.c.id,
    )
    return or_(and_(_SKU.c.low_stock.is_not(None), there_is < _SKU.c.low_stock), known.exists())


def _expiring(until: date) -> Select[Any]:
    """Select the balances of goods that can still be used and expire by ``until``."""
    return (
        select(_LOT.c.sku_id, func.sum(_B.c.on_hand, type_=Quantity()).label("quantity"))
        .join_from(_LOT, _B, _B.c.lot_id == _LOT.c.id)
        .where(_LOT.c.expires_on <= until, _B.c.on_hand > 0, _B.c.status == APPROVED)
    )


def expiring_of(user: User, sku_ids: Iterable[int], until: date) -> dict[int, Decimal]:
    """Return SKU → how much of it expires by ``until``."""
    wanted = _expiring(until).where(_LOT.c.sku_id.in_(sorted(sku_ids))).group_by(_LOT.c.sku_id)
    rows = db.session.execute(own(user, wanted, _LOT))
    return {row.sku_id: row.quantity for row in rows}


def as_of(user: User, levels: Sequence[Level], at: datetime) -> None:
    """Put what there was at ``at`` in the place of what there is; promises are not kept so long."""
    ids = [level.sku.id for level in levels]
    on = db.session.connection()
    then = history.as_of_many(ids, user.company_id, at, on)
    names = {row.id: row.code for row in on.execute(select(_WAREHOUSE.c.id, _WAREHOUSE.c.code))}
    for level in levels:
        parts: dict[int, Part] = {}
        for held in then[level.sku.id]:
            here = held.warehouse_id
            part = parts.setdefault(here, Part(here, names[here], NOTHING, None, NOTHING))
            part.on_hand += held.quantity
            part.on_hold += NOTHING if held.status == APPROVED else held.quantity
        level.parts = [parts[each] for each in sorted(parts)]


def lots_of(user: User, sku_ids: Iterable[int]) -> dict[int, list[AnyRow]]:
    """Return SKU → its lots that lie here now, by warehouse: what there is, free and held."""
    held = func.sum(_B.c.on_hand, type_=Quantity())
    query = (
        select(_B.c.sku_id, _LOT.c.code, _LOT.c.expires_on, _LOT.c.made_on, _B.c.status)
        .add_columns(_WAREHOUSE.c.code.label("warehouse"), held.label("on_hand"))
        .add_columns(func.sum(_B.c.allocated, type_=Quantity()).label("allocated"))
        .join_from(_B, _LOT, _LOT.c.id == _B.c.lot_id)
        .join(_WAREHOUSE, _WAREHOUSE.c.id == _B.c.warehouse_id)
        .where(_B.c.sku_id.in_(sorted(sku_ids)), _B.c.on_hand > 0)
        .group_by(_B.c.sku_id, _LOT.c.id, _B.c.status, _WAREHOUSE.c.code)
        .order_by(_B.c.sku_id, _WAREHOUSE.c.code, _LOT.c.expires_on, _LOT.c.code)
    )
    found: dict[int, list[AnyRow]] = {}
    for row in db.session.execute(own(user, query, _B)):
        found.setdefault(row.sku_id, []).append(row)
    return found
