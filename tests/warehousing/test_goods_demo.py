"""The demo's goods are as good as what people enter."""

from sqlalchemy import select

from portal.core import clock, files, gs1, scope
from portal.core.db import db, write
from portal.demo.warehouse_goods import OWNERS, fill
from portal.warehousing.goods.models import Sku, SkuUnit
from tests.factories import make_company


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
    assert all(sku.created_at < at for sku in goods)
    units = select(SkuUnit.gtin).execution_options(**scope.CENTRE)
    assert all(gs1.is_gtin(code) for code in db.session.scalars(units) if code)
    keys = [sku.picture_key for sku in goods if sku.picture_key]
    assert len(keys) > 10
    assert files.read(keys[0])[:2] == b"\xff\xd8"
