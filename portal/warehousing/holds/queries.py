"""Reads of lots: what is held, why, and what lies of it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, func, or_, select, true

from portal.accounts.access import User
from portal.accounts.models import Company, Person
from portal.core import clock, pagination, scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import Page
from portal.core.quantities import NOTHING
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import Balance, HandlingUnit, Lot, LotHold
from portal.warehousing.ledger.queries.visible import works_in, works_with
from portal.warehousing.ledger.rules import APPROVED
from portal.warehousing.sites.models import Location, Warehouse

_LOT, _HOLD, _SKU, _BALANCE, _UNIT, _PLACE, _HOUSE, _PERSON, _COMPANY = (
    model.__table__
    for model in (Lot, LotHold, Sku, Balance, HandlingUnit, Location, Warehouse, Person, Company)
)
_SETTER, _ENDER = _PERSON.alias("setter"), _PERSON.alias("ender")
#: Tabs of the list → whether a lot is in it.
TABS = ("all", "held", "expiring")
SOON = timedelta(days=30)


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What somebody wants to see of the lots."""

    tab: str = "all"
    text: str = ""
    status: str = ""
    company_id: int | None = None


@dataclass(frozen=True)
class Lying:
    """How much of a lot lies here, how much of that is free, and what else it is."""

    on_hand: Decimal = NOTHING
    free: Decimal = NOTHING
    by_status: Mapping[str, Decimal] | None = None


def lots_for(
    user: User, wanted: Wanted, *, after: str | None = None, limit: int = pagination.DEFAULT_LIMIT
) -> Page[AnyRow]:
    """Return a page of lots of which something lies here or that are held, the newest first.

    Columns of ``lot``, ``sku, name, unit, company``. Raises NotFound for who may see no stock.
    """
    query = _visible_to(user, _lots()).where(_is_here(), _fits(wanted))
    place = pagination.decode_number(after)
    if place is not None:
        query = query.where(_LOT.c.id < place)
    rows = db.session.execute(query.order_by(_LOT.c.id.desc()).limit(limit + 1)).all()
    return pagination.cut(rows, limit, lambda row: (row.id,))


def lot_for(user: User, lot_id: int) -> AnyRow:
    """Return a lot as ``lots_for`` does; raises NotFound for a stranger's."""
    found = db.session.execute(_visible_to(user, _lots()).where(_LOT.c.id == lot_id)).first()
    if found is None:
        raise _missing()
    return found


def _missing() -> NotFound:
    return NotFound(_l("There is no such lot."))


def _lots() -> Select[Any]:
    return (
        select(_LOT, _SKU.c.code.label("sku"), _SKU.c.name, _SKU.c.unit)
        .add_columns(_COMPANY.c.name.label("company"))
        .join_from(_LOT, _SKU, _SKU.c.id == _LOT.c.sku_id)
        .join(_COMPANY, _COMPANY.c.id == _LOT.c.company_id)
    )


def _visible_to(user: User, query: Select[Any]) -> Select[Any]:
    if user.company_id is None:
        if not user.may("warehouse.see"):
            raise _missing()
        lies = select(_BALANCE.c.id).where(_BALANCE.c.lot_id == _LOT.c.id)
        mine = query.where(works_with(user, lies, _BALANCE.c.warehouse_id))
        return mine.execution_options(**scope.CENTRE)
    if not user.may("stock.see"):
        raise _missing()
    own = query.where(_LOT.c.company_id == user.company_id)
    return own.execution_options(**scope.of(user.company_id))


def _is_here() -> ColumnElement[bool]:
    lies = select(_BALANCE.c.id).where(_BALANCE.c.lot_id == _LOT.c.id, _BALANCE.c.on_hand > 0)
    return or_(lies.exists(), _LOT.c.status != APPROVED)


def _fits(wanted: Wanted) -> ColumnElement[bool]:
    conditions: list[ColumnElement[bool]] = [true()]
    if wanted.tab == "held":
        conditions.append(_LOT.c.status != APPROVED)
    if wanted.tab == "expiring":
        conditions.append(_LOT.c.expires_on <= today() + SOON)
    if wanted.status:
        conditions.append(_LOT.c.status == wanted.status)
    if wanted.company_id is not None:
        conditions.append(_LOT.c.company_id == wanted.company_id)
    if wanted.text:
        begins = wanted.text.upper()
        conditions.append(
            or_(
                func.upper(_LOT.c.code).startswith(begins, autoescape=True),
                _SKU.c.code.startswith(begins, autoescape=True),
                _SKU.c.name.contains(wanted.text, autoescape=True),
            )
        )
    return and_(*conditions)


def today() -> date:
    """Return the centre's day."""
    return clock.now().astimezone(clock.zone()).date()


def counts_for(user: User) -> dict[str, int]:
    """Return tab → how many lots are in it."""
    found = {}
    for tab in ("held", "expiring"):
        query = _visible_to(user, select(func.count()).select_from(_LOT))
        query = query.join(_SKU, _SKU.c.id == _LOT.c.sku_id)
        found[tab] = int(db.session.scalar(query.where(_is_here(), _fits(Wanted(tab=tab)))) or 0)
    return found


def lying_of(user: User, rows: Sequence[AnyRow]) -> dict[int, Lying]:
    """Return lot → what lies of it where ``user`` works, for lots that were read for him."""
    b = _BALANCE.c
    wanted = (
        select(b.lot_id, b.status, func.sum(b.on_hand).label("on_hand"))
        .add_columns(func.sum(b.allocated).label("allocated"))
        .where(b.lot_id.in_([row.id for row in rows]), b.on_hand > 0)
        .where(works_in(user, b.warehouse_id))
        .group_by(b.lot_id, b.status)
    )
    by_lot: dict[int, list[AnyRow]] = defaultdict(list)
    for row in db.session.execute(wanted.execution_options(**scope.CENTRE)):
        by_lot[row.lot_id].append(row)
    return {lot: _lying(found) for lot, found in by_lot.items()}


def _lying(rows: Sequence[AnyRow]) -> Lying:
    free = sum((row.on_hand - row.allocated for row in rows if row.status == APPROVED), NOTHING)
    by_status = {row.status: row.on_hand for row in rows}
    return Lying(sum(by_status.values(), NOTHING), free, by_status)


def lasting_of(rows: Sequence[AnyRow]) -> dict[int, list[AnyRow]]:
    """Return lot → its holds that last, for lots that were read for somebody."""
    wanted = _holds().where(_HOLD.c.lot_id.in_([row.id for row in rows]))
    found: dict[int, list[AnyRow]] = defaultdict(list)
    for row in db.session.execute(
        wanted.where(_HOLD.c.ended_at.is_(None)).execution_options(**scope.CENTRE)
    ):
        found[row.lot_id].append(row)
    return found


def holds_of(lot: AnyRow) -> Sequence[AnyRow]:
    """Return all holds of a lot with ``setter`` and ``ender``, those that last first."""
    wanted = _holds().where(_HOLD.c.lot_id == lot.id, _HOLD.c.company_id == lot.company_id)
    order = (_HOLD.c.ended_at.is_not(None), _HOLD.c.id.desc())
    return db.session.execute(
        wanted.order_by(None).order_by(*order).execution_options(**scope.of(lot.company_id))
    ).all()


def _holds() -> Select[Any]:
    return (
        select(_HOLD, _SETTER.c.name.label("setter"), _ENDER.c.name.label("ender"))
        .join_from(_HOLD, _SETTER, _SETTER.c.id == _HOLD.c.set_by_id, isouter=True)
        .join(_ENDER, _ENDER.c.id == _HOLD.c.ended_by_id, isouter=True)
        .order_by(_HOLD.c.id)
    )


def places_of(user: User, lot: AnyRow) -> Sequence[AnyRow]:
    """Return where a lot lies: to staff each balance where they work, to its owner sums.

    ``warehouse, status, on_hand, allocated``; to staff ``id, location, kind, sscc`` too.
    """
    b = _BALANCE.c
    if user.company_id is None:
        wanted = (
            select(b.id, b.status, b.on_hand, b.allocated, b.location_id)
            .add_columns(_HOUSE.c.code.label("warehouse"), _PLACE.c.code.label("location"))
            .add_columns(_PLACE.c.kind, _UNIT.c.sscc)
            .join_from(_BALANCE, _PLACE, _PLACE.c.id == b.location_id)
            .join(_HOUSE, _HOUSE.c.id == b.warehouse_id)
            .join(_UNIT, _UNIT.c.id == b.handling_unit_id, isouter=True)
            .order_by(_HOUSE.c.code, _PLACE.c.walk, b.id)
        )
    else:
        sums = (func.sum(b.on_hand).label("on_hand"), func.sum(b.allocated).label("allocated"))
        wanted = (
            select(b.status, *sums, _HOUSE.c.code.label("warehouse"))
            .join_from(_BALANCE, _HOUSE, _HOUSE.c.id == b.warehouse_id)
            .group_by(_HOUSE.c.code, b.status)
            .order_by(_HOUSE.c.code, b.status)
        )
    mine = wanted.where(b.company_id == lot.company_id, b.lot_id == lot.id, b.on_hand > 0)
    mine = mine.where(works_in(user, b.warehouse_id))
    return db.session.execute(mine.execution_options(**scope.of(lot.company_id))).all()
