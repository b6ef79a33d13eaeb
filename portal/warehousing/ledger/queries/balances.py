"""What lies where now."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from portal.accounts.access import User
from portal.core.db import AnyRow, db
from portal.warehousing.ledger.models import Balance, HandlingUnit, Lot
from portal.warehousing.ledger.queries.visible import own, works_in
from portal.warehousing.sites.models import Location, Warehouse

_B, _LOT, _UNIT = Balance.__table__, Lot.__table__, HandlingUnit.__table__
_PLACE, _WAREHOUSE = Location.__table__, Warehouse.__table__
MOST = 500  # balances of one SKU, or of one place, that a page shows
#: Lot, place, unit and figures of a balance, as pages show them.
COLUMNS = (
    *(_B.c[name] for name in ("id", "company_id", "sku_id", "lot_id", "location_id", "status")),
    *(_B.c[name] for name in ("on_hand", "allocated", "since", "changed_at", "warehouse_id")),
    _LOT.c.code.label("lot"),
    _LOT.c.status.label("lot_status"),
    _LOT.c.expires_on,
    _LOT.c.made_on,
    _PLACE.c.code.label("location"),
    _PLACE.c.kind.label("location_kind"),
    _WAREHOUSE.c.code.label("warehouse"),
    _UNIT.c.sscc,
)


def selected() -> Select[Any]:
    """Select balances that hold something, with the names of what they are of."""
    return (
        select(*COLUMNS)
        .join_from(_B, _LOT, _LOT.c.id == _B.c.lot_id)
        .join(_PLACE, _PLACE.c.id == _B.c.location_id)
        .join(_WAREHOUSE, _WAREHOUSE.c.id == _B.c.warehouse_id)
        .outerjoin(_UNIT, _UNIT.c.id == _B.c.handling_unit_id)
        .where(_B.c.on_hand > 0)
    )


def of_sku(user: User, sku_id: int, *, limit: int = MOST) -> Sequence[AnyRow]:
    """Return the balances of a SKU by warehouse, expiry, lot and place."""
    query = own(user, selected().where(_B.c.sku_id == sku_id), _B)
    order = (_WAREHOUSE.c.code, _LOT.c.expires_on, _LOT.c.code, _PLACE.c.code, _B.c.id)
    return db.session.execute(query.order_by(*order).limit(limit)).all()


def at_location(user: User, location_id: int, *, limit: int = MOST) -> Sequence[AnyRow]:
    """Return what lies at a place, of every owner that ``user`` may see."""
    query = own(user, selected().where(_B.c.location_id == location_id), _B)
    return db.session.execute(query.order_by(_B.c.sku_id, _LOT.c.code, _B.c.id).limit(limit)).all()


def in_unit(user: User, unit_id: int, *, limit: int = MOST) -> Sequence[AnyRow]:
    """Return what is on a handling unit, in warehouses in which ``user`` works."""
    here = works_in(user, _B.c.warehouse_id)
    query = own(user, selected().where(_B.c.handling_unit_id == unit_id, here), _B)
    return db.session.execute(query.order_by(_B.c.sku_id, _LOT.c.code, _B.c.id).limit(limit)).all()
