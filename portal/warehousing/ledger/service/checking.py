"""What a movement must be before anything is changed: the owner's, in one warehouse, in turn."""

from typing import Any

from sqlalchemy import Connection, bindparam, literal_column, select, tuple_

from portal.core import scope
from portal.core.db import is_sqlite
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import Balance, HandlingUnit, Lot
from portal.warehousing.ledger.rules import Leg, Posting
from portal.warehousing.sites.models import Location

_SKU, _LOT, _HANDLING_UNIT = Sku.__table__, Lot.__table__, HandlingUnit.__table__
_BALANCE, _LOCATION = Balance.__table__, Location.__table__
unit_key: Any = literal_column("coalesce(handling_unit_id, 0)")
_CODE = Prepared(
    select(_SKU.c.code)
    .join_from(_SKU, _LOT, _LOT.c.sku_id == _SKU.c.id)
    .where(
        _SKU.c.company_id == bindparam("company"),
        _SKU.c.id == bindparam("sku"),
        _LOT.c.id == bindparam("lot"),
    )
    .execution_options(**scope.BOUND)
)
_PLACE = Prepared(select(_LOCATION.c.warehouse_id).where(_LOCATION.c.id == bindparam("place")))
_UNIT = Prepared(
    select(_HANDLING_UNIT.c.id)
    .where(
        _HANDLING_UNIT.c.company_id == bindparam("company"),
        _HANDLING_UNIT.c.id == bindparam("unit"),
    )
    .execution_options(**scope.BOUND)
)


def codes(posting: Posting, on: Connection) -> list[str]:
    """Return the codes of the goods; raises NotFound unless goods and lots are the owner's."""
    goods = sorted({(leg.sku_id, leg.lot_id) for leg in posting.legs})
    company = posting.company_id
    found = [
        _CODE.first(on, {"company": company, "sku": sku_id, "lot": lot_id})
        for sku_id, lot_id in goods
    ]
    units = {leg.unit_id for leg in posting.legs if leg.unit_id is not None}
    found += [_UNIT.first(on, {"company": company, "unit": unit_id}) for unit_id in sorted(units)]
    if None in found:
        raise NotFound(_l("These goods are not this owner’s."))
    return list(dict.fromkeys(row.code for row in found[: len(goods)]))


def check_places(posting: Posting, on: Connection) -> None:
    """Raise ValueError unless every location is in the warehouse of the movement."""
    for each in sorted({leg.location_id for leg in posting.legs}):
        found = _PLACE.first(on, {"place": each})
        if found is None or found.warehouse_id != posting.warehouse_id:
            raise ValueError("A movement stays in one warehouse.")


def lock(posting: Posting, on: Connection) -> None:
    """Hold the balances that there are, in the one order, before any of them is changed.

    One that loses is changed before one that gains: without this, goods that go from A to B and
    others from B to A would wait for each other. SQLite has one writer at a time.
    """
    if is_sqlite(on) or len(posting.legs) < 2:
        return
    key = tuple_(
        _BALANCE.c.sku_id, _BALANCE.c.lot_id, _BALANCE.c.location_id, _BALANCE.c.status, unit_key
    )
    wanted = (
        select(_BALANCE.c.id)
        .where(_BALANCE.c.company_id == posting.company_id)
        .where(key.in_({place(leg) for leg in posting.legs}))
        .order_by(_BALANCE.c.sku_id, _BALANCE.c.lot_id, _BALANCE.c.location_id, _BALANCE.c.id)
        .with_for_update()
    )
    on.execute(wanted.execution_options(**scope.of(posting.company_id)))


def place(leg: Leg) -> tuple[Any, ...]:
    """Return where a line stands in the order in which balances are taken."""
    return (leg.sku_id, leg.lot_id, leg.location_id, leg.status, leg.unit_id or 0)
