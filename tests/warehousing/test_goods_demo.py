"""The demo's goods are as good as what people enter."""

from sqlalchemy import select

from portal.core import clock, files, gs1, scope
from portal.core.db import db, write
from portal.demo import warehouse_kits
from portal.demo.warehouse_goods import OWNERS, fill
from portal.warehousing.goods.models import Sku, SkuUnit
from portal.warehousing.kits.models import KitOrder
from tests.factories import make_company
from tests.warehousing.making import (
    balances,
    in_days,
    make_location,
    make_lot,
    make_stock,
    make_warehouse,
)


def test_three_members_have_goods_of_every_kind_with_right_codes(app):
    owners = [make_company(name=name) for name in OWNERS]
    at = clock.now()
    write(lambda on: fill(at=at, on=on))
    query = select(Sku.__table__).execution_options(**scope.CENTRE)
    goods = db.session.execute(query).all()
    assert all(12 <= sum(sku.company_id == owner.id for sku in goods) <= 40 for owner in owners)
    assert all(
        gs1.is_gtin(sku.gtin) and set(sku.names) == {"zh-Hans", "zh-Hant", "en"} for sku in goods
    )
    assert {sku.storage_class for sku in goods} >= {"ambient", "chilled", "hazardous"}
    assert {sku.lot_policy for sku in goods} == {"none", "lot", "serial"}
    assert all(sku.created_at == at for sku in goods)
    units = select(SkuUnit.gtin).execution_options(**scope.CENTRE)
    assert all(gs1.is_gtin(code) for code in db.session.scalars(units) if code)
    keys = [sku.picture_key for sku in goods if sku.picture_key]
    assert len(keys) > 10
    assert files.read(keys[0])[:2] == b"\xff\xd8"


def test_the_demos_sets_are_ordered_and_some_are_done(app):
    for name in OWNERS:
        make_company(name=name)
    house = make_warehouse()
    shelf, bench = make_location(house), make_location(house, "stage")
    at = clock.now()
    write(lambda on: fill(at=at, on=on))
    query = select(Sku.__table__).execution_options(**scope.CENTRE)
    for sku in db.session.execute(query).all():
        lot = make_lot(sku, "A", expires_on=in_days(400)) if sku.has_expiry else None
        make_stock(sku, shelf, 100, lot=lot)
    write(lambda on: warehouse_kits.fill(at=at, on=on))
    orders = select(KitOrder.status, KitOrder.done).execution_options(**scope.CENTRE)
    found = sorted(tuple(row) for row in db.session.execute(orders))
    assert found.count(("done", 12)) == 3
    assert found.count(("started", 8)) == 3
    assert {status for status, _done in found} == {"done", "started", "ready", "waiting"}
    assert sum(row.on_hand for row in balances(location_id=bench.id)) == 60
