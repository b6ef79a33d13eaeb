"""Picking and what is not there, through the services."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from portal.core.db import db, write
from portal.core.errors import Refused
from portal.core.events import EventRecord
from portal.warehousing.ledger.models import StockDoubt
from portal.warehousing.outbound.models import (
    OutboundOrder,
    PickShort,
    PickTask,
    RestockTask,
)
from portal.warehousing.outbound.service import (
    picking,
    shorts,
)
from portal.warehousing.outbound.service.handling import Hand
from portal.warehousing.outbound.service.shorts import Missing
from tests.factories import make_person
from tests.warehousing.floor_making import at, begun, make_floor, picked, released, take
from tests.warehousing.making import (
    make_location,
    make_sku,
    make_stock,
)
from tests.warehousing.outbound_making import lines_of, make_order, order_of, rows

pytestmark = pytest.mark.both_databases


@pytest.fixture
def floor(app):
    return make_floor()


def test_a_walk_begins_with_released_orders_only(floor):
    sku = make_sku(floor.company)
    make_stock(sku, floor.pick, 10)
    order = make_order(floor.company, floor.warehouse, (sku, 2))
    with pytest.raises(Refused, match="not its turn"):
        begun(floor, order)
    assert rows(PickTask) == []


def test_goods_for_orders_are_laid_down_at_a_staging_place(floor):
    sku = make_sku(floor.company)
    make_stock(sku, floor.pick, 10)
    order = released(floor, sku)
    with pytest.raises(Refused, match="staging"):
        write(lambda on: picking.begin([order], floor.pick.id, floor.hand, on=on))
    assert order_of(order.ref).status == "released"


def test_picked_goods_lie_promised_at_the_staging_place(floor):
    order, sku = picked(floor, 4)
    (left,) = at(floor.pick, sku)
    (there,) = at(floor.stage, sku)
    assert (left.on_hand, left.allocated) == (6, 0)
    assert (there.on_hand, there.allocated) == (4, 4)
    assert order.status == "picked"
    assert lines_of(order)[0].picked == 4
    assert rows(PickTask, order_id=order.id)[0].done_at is not None


def test_an_order_is_picked_bit_by_bit(floor):
    sku = make_sku(floor.company)
    make_stock(sku, floor.pick, 10)
    order = released(floor, (sku, 4))
    walk = begun(floor, order)
    take(floor, walk, at(floor.pick)[0], 3)
    assert order_of(order.ref).status == "picking"
    take(floor, walk, at(floor.pick)[0], 1)
    assert order_of(order.ref).status == "picked"


def test_a_stop_that_is_scanned_twice_is_refused(floor):
    order, _ = picked(floor)
    walk = rows(PickTask, order_id=order.id)[0].walk
    with pytest.raises(Refused, match="already"):
        take(floor, walk, at(floor.pick)[0], 1)


def test_no_more_is_picked_than_the_order_wants(floor):
    sku = make_sku(floor.company)
    make_stock(sku, floor.pick, 10)
    walk = begun(floor, released(floor, (sku, 4)))
    with pytest.raises(Refused, match="Only 4"):
        take(floor, walk, at(floor.pick)[0], 5)
    with pytest.raises(Refused, match="more than nothing"):
        take(floor, walk, at(floor.pick)[0], 0)


def test_a_batch_is_picked_at_one_stop_and_shared_out(floor):
    sku = make_sku(floor.company)
    make_stock(sku, floor.pick, 10)
    one, two = released(floor, (sku, 3)), released(floor, (sku, 2))
    walk = begun(floor, one, two)
    done = take(floor, walk, at(floor.pick)[0], 4)
    assert [(each.order.ref, each.quantity) for each in done] == [(one.ref, 3), (two.ref, 1)]
    assert order_of(one.ref).status == "picked"
    assert order_of(two.ref).status == "picking"


def test_another_person_takes_a_walk_over_where_it_stands(floor):
    sku = make_sku(floor.company)
    make_stock(sku, floor.pick, 10)
    order = released(floor, (sku, 4))
    take(floor, begun(floor, order), at(floor.pick)[0], 1)
    other = Hand(make_person(staff_role="warehouse").id)
    walk = write(lambda on: picking.begin([order], floor.lane.id, other, on=on))
    (task,) = rows(PickTask, order_id=order.id)
    assert (task.walk, task.picker_id, task.stage_id) == (walk, other.person_id, floor.stage.id)


def test_a_pick_is_undone_and_can_be_done_again(floor):
    sku = make_sku(floor.company)
    make_stock(sku, floor.pick, 10)
    order = released(floor, (sku, 4))
    walk = begun(floor, order)
    (done,) = take(floor, walk, at(floor.pick)[0], 4)
    home = floor.pick.id
    write(
        lambda on: picking.put_back(
            order, done.allocation, home, Decimal(4), hand=floor.hand, on=on
        )
    )
    (back,) = at(floor.pick, sku)
    assert (back.on_hand, back.allocated) == (10, 4)
    assert order_of(order.ref).status == "picking"
    take(floor, walk, back, 4)
    assert order_of(order.ref).status == "picked"


def report(floor, walk, balance, quantity, reason="short", note=None):
    missing = Missing(quantity=Decimal(quantity), reason=reason, note=note)
    return write(lambda on: shorts.report(walk, balance.id, missing, floor.hand, on=on))


def test_what_is_missing_is_promised_elsewhere(floor):
    sku = make_sku(floor.company)
    make_stock(sku, floor.pick, 5, days_ago=9)
    other = make_location(floor.warehouse, "reserve", code="R1")
    make_stock(sku, other, 5, days_ago=1)
    order = released(floor, (sku, 4))
    walk = begun(floor, order)
    (short,) = report(floor, walk, at(floor.pick)[0], 3)
    assert (short.quantity, short.replaced) == (3, 3)
    assert at(other)[0].allocated == 3
    assert sorted((b.status, b.on_hand) for b in at(floor.pick)) == [
        ("approved", 2),
        ("quarantined", 3),
    ]
    take(floor, walk, at(floor.pick)[0], 1)
    take(floor, walk, at(other)[0], 3)
    assert order_of(order.ref).status == "picked"


def test_a_short_pick_is_told_with_its_place(floor):
    sku = make_sku(floor.company, code="HD-1")
    make_stock(sku, floor.pick, 5)
    order = released(floor, (sku, 4), policy="partial")
    report(floor, begun(floor, order), at(floor.pick)[0], 3, "damaged", "Crushed")
    (doubt,) = rows(StockDoubt, location_id=floor.pick.id)
    assert (doubt.sku_id, doubt.document) == (sku.id, order.ref)
    name = EventRecord.name == "outbound.short_picked"
    told = db.session.scalars(select(EventRecord).where(name)).one().payload
    assert (told["location"], told["sku"], told["quantity"], told["replaced"]) == (
        "B07",
        "HD-1",
        "3",
        "0",
    )
    (kept,) = rows(PickShort, order_id=order.id)
    assert (kept.reason, kept.note, kept.noted_at) == ("damaged", "Crushed", "pick")
    assert {b.status for b in at(floor.pick)} == {"approved", "damaged"}


def test_by_its_policy_an_order_is_sent_short(floor):
    sku = make_sku(floor.company)
    make_stock(sku, floor.pick, 4)
    order = released(floor, (sku, 4), policy="partial")
    walk = begun(floor, order)
    report(floor, walk, at(floor.pick)[0], 1)
    take(floor, walk, next(b for b in at(floor.pick) if b.status == "approved"), 3)
    (line,) = lines_of(order)
    assert (line.picked, line.short, line.backordered) == (3, 1, 0)
    assert order_of(order.ref).status == "picked"


def test_by_its_policy_the_rest_of_an_order_waits(floor):
    sku, more = make_sku(floor.company), make_sku(floor.company)
    make_stock(sku, floor.pick, 4)
    make_stock(more, floor.pick, 4)
    order = released(floor, (sku, 4), (more, 1), policy="backorder")
    walk = begun(floor, order)
    report(floor, walk, at(floor.pick, sku)[0], 4)
    take(floor, walk, at(floor.pick, more)[0], 1)
    assert order_of(order.ref).status == "picked"
    (rest,) = rows(OutboundOrder, rest_of_id=order.id)
    assert (rest.status, [line.backordered for line in lines_of(rest)]) == ("backordered", [4])


def test_an_order_that_wants_all_or_nothing_waits_and_what_was_picked_goes_back(floor):
    sku, more = make_sku(floor.company), make_sku(floor.company)
    make_stock(sku, floor.pick, 4)
    make_stock(more, floor.pick, 4)
    order = released(floor, (more, 2), (sku, 4))
    walk = begun(floor, order)
    take(floor, walk, at(floor.pick, more)[0], 2)
    report(floor, walk, at(floor.pick, sku)[0], 1)
    assert order_of(order.ref).status == "backordered"
    assert [(x.allocated, x.picked, x.backordered) for x in lines_of(order)] == [
        (0, 0, 2),
        (0, 0, 4),
    ]
    (task,) = rows(RestockTask, order_id=order.id)
    assert (task.quantity, task.home_id) == (2, floor.pick.id)


def test_an_order_of_which_nothing_is_there_ends(floor):
    sku = make_sku(floor.company)
    make_stock(sku, floor.pick, 4)
    order = released(floor, (sku, 4), policy="partial")
    report(floor, begun(floor, order), at(floor.pick)[0], 4)
    assert order_of(order.ref).status == "cancelled"
    assert rows(PickTask, order_id=order.id)[0].done_at is not None


def test_a_reason_that_nobody_knows_is_refused(floor):
    sku = make_sku(floor.company)
    make_stock(sku, floor.pick, 4)
    walk = begun(floor, released(floor, (sku, 4)))
    with pytest.raises(Refused):
        report(floor, walk, at(floor.pick)[0], 1, "stolen")
    with pytest.raises(Refused, match="Only 4"):
        report(floor, walk, at(floor.pick)[0], 5)
