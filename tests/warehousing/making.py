"""Goods, places and stock with one call; say only what the test is about."""

from datetime import date, timedelta
from decimal import Decimal
from itertools import count
from typing import Any

from sqlalchemy import insert, select

from portal.accounts.models import Company
from portal.core import clock, scope
from portal.core.db import AnyRow, db, transaction, write
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import Balance
from portal.warehousing.ledger.rules import Leg, Posting
from portal.warehousing.ledger.service.lots import lot_for
from portal.warehousing.ledger.service.posting import Posted, post
from portal.warehousing.sites.models import Location, Warehouse, Zone

serial = count(1)


def _insert(model: type, **values: Any) -> AnyRow:
    table = model.__table__
    with transaction():
        return db.session.execute(insert(table).values(**values).returning(*table.c)).one()


def make_warehouse(**values: Any) -> AnyRow:
    """Make a warehouse with one zone ``A``."""
    code = values.pop("code", f"W{next(serial)}")
    party = {"name": "临港仓", "phone": "+8657155500100", "address": "临港大道 1 号"}
    usual = {
        "names": {"zh-Hans": "一号仓", "en": "Warehouse 1"},
        "party": party | {"city": "杭州", "country": "CN"},
        "created_at": clock.now(),
    }
    warehouse = _insert(Warehouse, code=code, **(usual | values))
    _insert(Zone, warehouse_id=warehouse.id, code="A", names={"zh-Hans": "A 区"})
    return warehouse


def make_location(warehouse: AnyRow, kind: str = "pick", **values: Any) -> AnyRow:
    """Make a location in the first zone of a warehouse."""
    number = next(serial)
    zone = db.session.scalar(select(Zone.id).where(Zone.warehouse_id == warehouse.id).limit(1))
    usual = {
        "warehouse_id": warehouse.id,
        "zone_id": zone,
        "code": f"A{number:04d}",
        "barcode": f"L-{warehouse.code}-A{number:04d}",
        "kind": kind,
        "walk": number,
    }
    return _insert(Location, **(usual | values))


def make_sku(company: Company, **values: Any) -> AnyRow:
    """Make goods of a company: pieces without lots."""
    number = next(serial)
    usual = {
        "company_id": company.id,
        "code": f"SKU-{number}",
        "names": {"zh-Hans": f"货品 {number}"},
        "name": f"货品 {number}",
        "weight_g": 500,
        "length_mm": 100,
        "width_mm": 100,
        "height_mm": 100,
        "created_at": clock.now(),
        "changed_at": clock.now(),
    }
    return _insert(Sku, **(usual | values))


def make_lot(sku: AnyRow, code: str = "", **values: Any) -> AnyRow:
    """Return a lot of a SKU, made if it is new."""
    return write(lambda on: lot_for(sku, code, on=on, **values))


def make_stock(
    sku: AnyRow,
    location: AnyRow,
    quantity: int | str | Decimal = 10,
    *,
    lot: AnyRow | None = None,
    days_ago: int = 0,
    **values: Any,
) -> Posted:
    """Receive goods straight into a location."""
    lot = lot or make_lot(sku)
    leg = Leg(
        sku_id=sku.id,
        lot_id=lot.id,
        location_id=location.id,
        quantity=Decimal(quantity),
        since=clock.now() - timedelta(days=days_ago),
        **values,
    )
    posting = Posting(
        kind="receive",
        company_id=sku.company_id,
        warehouse_id=location.warehouse_id,
        legs=[leg],
        actor_id=None,
        document="TEST",
    )
    return write(lambda on: post(posting, on=on))


def balances(**values: Any) -> list[AnyRow]:
    """Return the balances whose columns have these values, by id."""
    table = Balance.__table__
    wanted = select(table).where(*(table.c[name] == value for name, value in values.items()))
    found = db.session.execute(wanted.order_by(table.c.id).execution_options(**scope.CENTRE))
    return list(found)


def in_days(days: int) -> date:
    """Return a day from now."""
    return (clock.now() + timedelta(days=days)).date()
