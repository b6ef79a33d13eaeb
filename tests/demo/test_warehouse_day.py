"""A day of the demo's warehouse: goods of three members come and go, and the ledger holds."""

from datetime import timedelta
from random import Random

from sqlalchemy import select

from portal.consignments.models import Consignment
from portal.core import clock, scope
from portal.core.db import db, write
from portal.demo import warehouse_day
from portal.demo.load import load
from portal.fulfilment.models import Shipment
from portal.warehousing.ledger.queries import verifying


def test_a_day_brings_goods_of_three_members_in_and_out(app):
    load(60, seed=7, now=clock.now() - timedelta(minutes=5))
    before = shipped()
    happened = list(warehouse_day.run(Random(3)))
    owners = {each.company_id for each in happened}
    for owner in owners:
        seen = {each.kind for each in happened if each.company_id == owner}
        assert {"put away", "shipped"} <= seen
    assert len(owners) == warehouse_day.OWNERS
    after = shipped()
    assert len(after) >= len(before) + warehouse_day.OWNERS
    assert set(after.values()) >= {"picked_up"}
    assert write(lambda on: list(verifying.differences(on))) == []


def test_without_goods_nothing_happens_in_the_warehouse(app):
    assert list(warehouse_day.run(Random(1))) == []
    assert warehouse_day.happen(Random(1)) is None


def shipped():
    """Return shipment → status of its consignment."""
    s, c = Shipment.__table__, Consignment.__table__
    wanted = select(s.c.id, c.c.status).join_from(s, c, c.c.id == s.c.consignment_id)
    rows = db.session.execute(wanted.execution_options(**scope.CENTRE))
    return {row.id: row.status for row in rows}
