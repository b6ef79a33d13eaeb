"""kill -9 while orders leave: the order with its consignment, pieces and events, or nothing."""

import random
import subprocess
import sys
from collections import Counter

import pytest
from sqlalchemy import select

from portal.consignments.models import Consignment, Piece, TrackingEvent
from portal.core import scope
from portal.core.events import EventRecord
from portal.fulfilment.models import Shipment
from portal.warehousing.ledger.models import Movement
from portal.warehousing.ledger.queries import verifying
from portal.warehousing.outbound.models import Carton, OutboundOrder
from tests.durability.test_kill import ROOT, kill_one
from tests.warehousing.floor_making import loaded, make_floor

ORDERS, KILLS = 24, 6
AT_ONCE = 4  # orders


@pytest.fixture
def floor(app):
    return make_floor()


@pytest.fixture
def master(floor, db, tmp_path):
    for _ in range(ORDERS):
        loaded(floor)
    url = db.engine.url.render_as_string(hide_password=False)
    db.session.remove()
    module = "tests.durability.shipping_writer"
    process = subprocess.Popen(
        [sys.executable, "-m", module, url, str(tmp_path), str(floor.hand.person_id)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.stdin.close()
    process.wait(10)
    process.stdout.close()


def rows(db, model, *conditions):
    found = select(model.__table__).where(*conditions).execution_options(**scope.CENTRE)
    return db.session.execute(found.order_by(model.__table__.c.id)).all()


def check(db):
    """Hold every order against all that must be there with it, or must not; return who left."""
    orders = rows(db, OutboundOrder)
    carried = {row.order_id: row.consignment_id for row in rows(db, Shipment)}
    numbers = {row.id: row.no for row in rows(db, Consignment)}
    left = {order.id: order for order in orders if order.status == "shipped"}
    assert {id_: numbers[each] for id_, each in carried.items()} == {
        id_: order.consignment_no for id_, order in left.items()
    }
    assert sorted(numbers) == sorted(carried.values())
    statuses = {row.order_id: row.status for row in rows(db, Carton)}
    assert all(statuses[o.id] == ("shipped" if o.id in left else "loaded") for o in orders)
    assert Counter(row.consignment_id for row in rows(db, Piece)) == Counter(carried.values())
    told = Counter(row.consignment_id for row in rows(db, TrackingEvent))
    assert set(told) == set(numbers)
    issued = Counter(row.document for row in rows(db, Movement, Movement.kind == "issue"))
    assert issued == Counter(order.ref for order in left.values())
    moved = rows(db, EventRecord, EventRecord.name == "outbound.moved")
    ends = Counter(row.payload["ref"] for row in moved if row.payload["status"] == "shipped")
    assert ends == issued
    made = rows(db, EventRecord, EventRecord.name == "consignment.created")
    assert sorted(row.payload["no"] for row in made) == sorted(numbers.values())
    with db.engine.connect() as on:
        assert list(verifying.differences(on)) == []
    db.session.remove()
    return {order.ref: order.consignment_no for order in left.values()}


@pytest.mark.timeout(120)
def test_an_order_that_leaves_is_there_with_its_consignment_or_not_at_all(master, db, tmp_path):
    answers, chance = tmp_path / "answers", random.Random(3)
    left, kills = {}, 0
    while kills < KILLS and len(left) < ORDERS - AT_ONCE:
        kill_one(master, answers, chance)
        kills += 1
        left = check(db)
    said = dict(line.split() for line in answers.read_text().splitlines())
    assert kills > 1
    assert said.items() <= left.items()
