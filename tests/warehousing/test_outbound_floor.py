"""Picking, checking, packing, staging and shipping through the services."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import insert, select

from portal.consignments.models import Consignment, Piece
from portal.consignments.queries.one import events_of
from portal.core import scope
from portal.core.db import db, transaction, write
from portal.core.errors import NotFound, Refused
from portal.core.events import EventRecord
from portal.fulfilment import carriage
from portal.warehousing.ledger.models import Movement, StockDoubt
from portal.warehousing.outbound import shipping
from portal.warehousing.outbound.models import (
    Carton,
    CartonContent,
    CartonType,
    OutboundOrder,
    PickShort,
    PickTask,
    RestockTask,
)
from portal.warehousing.outbound.service import (
    checking,
    closing,
    loading,
    packing,
    picking,
    restocking,
    shorts,
    states,
)
from portal.warehousing.outbound.service.closing import Scales
from portal.warehousing.outbound.service.handling import Hand
from portal.warehousing.outbound.service.shorts import Missing
from tests.factories import make_company, make_consignment, make_person
from tests.warehousing.making import (
    balances,
    make_location,
    make_lot,
    make_sku,
    make_stock,
    make_warehouse,
)
from tests.warehousing.outbound_making import lines_of, make_order, order_of, rows

pytestmark = pytest.mark.both_databases
PREFIX = "6901234"


@dataclass
class Floor:
    """A warehouse with a staging place, its owner, his goods, and a person who works there."""

    company: Any
    warehouse: Any
    pick: Any
    stage: Any
    lane: Any
    hand: Hand
    box: int


@pytest.fixture
def floor(app):
    shipping.provide(carriage.carry)
    warehouse = make_warehouse()
    return Floor(
        make_company(),
        warehouse,
        make_location(warehouse, code="B07"),
        make_location(warehouse, "stage", code="T1"),
        make_location(warehouse, "stage", code="LANE"),
        Hand(make_person(staff_role="warehouse").id),
        make_box(),
    )


def make_box():
    """Make a kind of carton: 21 × 11 × 14 cm, 80 g."""
    names = {"en": "Carton"}
    sides = {"length_mm": 210, "width_mm": 110, "height_mm": 140, "wall_mm": 4}
    values = {"code": "T8", "names": names, "tare_g": 80, "most_weight_g": 5000, "active": True}
    made = insert(CartonType.__table__).values(**values, **sides).returning(CartonType.id)
    with transaction():
        return db.session.scalar(made)


def released(floor, *wanted, **columns):
    order = make_order(floor.company, floor.warehouse, *wanted, **columns)
    return write(lambda on: states.advance(order, "released", by=None, on=on))


def begun(floor, *orders):
    return write(lambda on: picking.begin(orders, floor.stage.id, floor.hand, on=on))


def take(floor, walk, balance, quantity):
    wanted = Decimal(quantity)
    return write(lambda on: picking.take(walk, balance.id, wanted, floor.hand, on=on))


def at(location, sku=None):
    found = [b for b in balances(location_id=location.id) if b.on_hand]
    return [b for b in found if sku is None or b.sku_id == sku.id]


def picked(floor, quantity=4, **goods):
    sku = make_sku(floor.company, **goods)
    make_stock(sku, floor.pick, 10)
    order = released(floor, (sku, quantity))
    walk = begun(floor, order)
    take(floor, walk, at(floor.pick, sku)[0], quantity)
    return order_of(order.ref), sku


def checked(floor, quantity=4, **goods):
    order, sku = picked(floor, quantity, **goods)
    write(lambda on: checking.count(order, sku.id, Decimal(quantity), floor.hand, on=on))
    return order_of(order.ref), sku


def begin_carton(floor, order):
    kind = floor.box
    return write(lambda on: packing.begin(order, kind, floor.hand, prefix=PREFIX, on=on))


def put_in(floor, order, carton, sku, quantity):
    wanted = Decimal(quantity)
    write(lambda on: packing.put_in(order, carton.id, sku.id, wanted, hand=floor.hand, on=on))


def close(floor, order, carton, weight_g, **said):
    scales = Scales(weight_g=weight_g, **said)
    return write(lambda on: closing.close(order, carton.id, scales, floor.hand, on=on))


def packed(floor, quantity=4):
    order, sku = checked(floor, quantity)
    carton = begin_carton(floor, order)
    put_in(floor, order, carton, sku, quantity)
    close(floor, order, carton, 80 + 500 * quantity)
    return order_of(order.ref), sku, rows(Carton, id=carton.id)[0]


def staged(floor, quantity=4):
    order, sku, carton = packed(floor, quantity)
    write(lambda on: closing.stage(order, carton.id, floor.lane.id, floor.hand, on=on))
    return order_of(order.ref), sku, carton


def loaded(floor):
    order, sku, carton = staged(floor)
    write(lambda on: loading.load(order, carton.id, floor.hand, on=on))
    return order, sku, carton


def ship(floor, order):
    return write(lambda on: loading.ship(order, floor.hand, prefix=PREFIX, on=on))


def movements(order):
    found = select(Movement.kind).where(Movement.document == order.ref).order_by(Movement.id)
    return list(db.session.scalars(found.execution_options(**scope.CENTRE)))


# Picking


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


# Short


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


# Checking


def test_all_that_was_picked_is_counted_and_the_order_goes_on(floor):
    order, sku = picked(floor, 4)
    write(lambda on: checking.count(order, sku.id, Decimal(3), floor.hand, on=on))
    assert order_of(order.ref).status == "picked"
    write(lambda on: checking.count(order, sku.id, Decimal(1), floor.hand, on=on))
    assert order_of(order.ref).status == "checked"


def test_too_much_and_goods_that_are_not_the_orders_are_refused(floor):
    order, sku = picked(floor, 4)
    with pytest.raises(Refused, match="1 more"):
        write(lambda on: checking.count(order, sku.id, Decimal(5), floor.hand, on=on))
    stranger = make_sku(floor.company)
    with pytest.raises(Refused, match="not in this order"):
        write(lambda on: checking.count(order, stranger.id, Decimal(1), floor.hand, on=on))


def test_another_lot_than_was_picked_is_refused(floor):
    sku = make_sku(floor.company, lot_policy="lot")
    make_stock(sku, floor.pick, 5, lot=make_lot(sku, "2610A"))
    order = released(floor, (sku, 2))
    take(floor, begun(floor, order), at(floor.pick)[0], 2)
    two = Decimal(2)
    with pytest.raises(Refused, match="2610B"):
        write(lambda on: checking.count(order, sku.id, two, floor.hand, lot="2610B", on=on))
    write(lambda on: checking.count(order, sku.id, two, floor.hand, lot="2610A", on=on))
    assert order_of(order.ref).status == "checked"


def miss(floor, order, quantity, reason="short"):
    line = lines_of(order)[0].id
    missing = Missing(quantity=Decimal(quantity), reason=reason, noted_at="check")
    return write(lambda on: checking.miss(order, line, missing, floor.hand, on=on))


def test_what_is_missing_at_the_check_is_picked_again_elsewhere(floor):
    order, sku = picked(floor, 4)
    other = make_location(floor.warehouse, code="B08")
    make_stock(sku, other, 5)
    miss(floor, order, 1)
    assert order_of(order.ref).status == "picking"
    walk = rows(PickTask, order_id=order.id)[0].walk
    again = next(b for b in at(floor.pick) + at(other) if b.allocated)
    take(floor, walk, again, 1)
    assert order_of(order.ref).status == "picked"
    assert lines_of(order)[0].picked == 4


def test_what_is_missing_at_the_check_is_sent_short_by_policy(floor):
    sku = make_sku(floor.company)
    make_stock(sku, floor.pick, 4)
    order = released(floor, (sku, 4), policy="partial")
    take(floor, begun(floor, order), at(floor.pick)[0], 4)
    order = order_of(order.ref)
    three = Decimal(3)
    write(lambda on: checking.count(order, sku.id, three, floor.hand, on=on))
    miss(floor, order, 1, "damaged")
    assert order_of(order.ref).status == "checked"
    (line,) = lines_of(order)
    assert (line.picked, line.checked, line.short) == (3, 3, 1)


# Packing


def test_a_carton_holds_goods_under_its_own_code(floor):
    order, sku = checked(floor, 4)
    carton = begin_carton(floor, order)
    put_in(floor, order, carton, sku, 4)
    (there,) = at(floor.stage, sku)
    assert (there.handling_unit_id, there.allocated) == (carton.handling_unit_id, 4)
    assert carton.sscc.startswith("36901234")
    (content,) = rows(CartonContent, carton_id=carton.id)
    assert (content.sku_id, content.quantity) == (sku.id, 4)


def test_no_more_is_packed_than_was_picked_and_nothing_else(floor):
    order, sku = checked(floor, 4)
    carton = begin_carton(floor, order)
    with pytest.raises(Refused, match="Only 4"):
        put_in(floor, order, carton, sku, 5)
    with pytest.raises(Refused, match="not in this order"):
        put_in(floor, order, carton, make_sku(floor.company), 1)


def test_what_was_packed_by_mistake_is_taken_out_again(floor):
    order, sku = checked(floor, 4)
    carton = begin_carton(floor, order)
    put_in(floor, order, carton, sku, 4)
    four = Decimal(4)
    write(lambda on: packing.take_out(order, carton.id, sku.id, four, hand=floor.hand, on=on))
    assert rows(CartonContent, carton_id=carton.id) == []
    assert lines_of(order)[0].packed == 0
    write(lambda on: packing.give_up(order, carton.id, floor.hand, on=on))
    assert rows(Carton, id=carton.id)[0].status == "emptied"


def test_the_weight_is_held_against_what_is_expected(floor):
    order, sku = checked(floor, 4)
    carton = begin_carton(floor, order)
    put_in(floor, order, carton, sku, 4)
    with pytest.raises(Refused, match="500 g lighter"):
        close(floor, order, carton, 1580)
    with pytest.raises(Refused, match="heavier"):
        close(floor, order, carton, 2300, note="It is so.")
    done = close(floor, order, carton, 2300, note="Thick padding", may_accept=True)
    assert (done.status, done.expected_g, done.weight_g) == ("packed", 2080, 2300)
    assert done.weight_note == "Thick padding"
    assert order_of(order.ref).status == "packed"


def test_a_weight_within_the_tolerance_needs_no_word(floor):
    order, _, carton = packed(floor)
    assert (carton.weight_note, carton.status, order.status) == (None, "packed", "packed")
    assert (carton.length_mm, carton.width_mm, carton.height_mm) == (218, 118, 148)


def test_an_empty_carton_is_not_closed(floor):
    order, _ = checked(floor)
    with pytest.raises(Refused, match="empty"):
        close(floor, order, begin_carton(floor, order), 100)


def test_an_order_is_packed_when_all_is_in_closed_cartons(floor):
    order, sku = checked(floor, 4)
    one, two = begin_carton(floor, order), begin_carton(floor, order)
    put_in(floor, order, one, sku, 2)
    put_in(floor, order, two, sku, 2)
    close(floor, order, one, 1080)
    assert order_of(order.ref).status == "checked"
    close(floor, order, two, 1080)
    assert order_of(order.ref).status == "packed"
    assert [c.number for c in rows(Carton, order_id=order.id)] == [1, 2]


def test_a_closed_carton_is_opened_again(floor):
    order, _, carton = packed(floor)
    write(lambda on: closing.reopen(order, carton.id, floor.hand, on=on))
    assert order_of(order.ref).status == "checked"
    assert rows(Carton, id=carton.id)[0].weight_g is None


def test_a_carton_of_another_order_is_not_there(floor):
    _, _, theirs = packed(floor)
    order, sku = checked(floor)
    with pytest.raises(NotFound):
        put_in(floor, order, theirs, sku, 1)


# Staging, loading, shipping


def test_a_staged_carton_takes_its_goods_along(floor):
    order, sku, carton = staged(floor)
    assert order.status == "staged"
    (there,) = at(floor.lane, sku)
    assert (there.on_hand, there.handling_unit_id) == (4, carton.handling_unit_id)


def test_an_open_carton_is_not_staged(floor):
    order, sku = checked(floor)
    carton = begin_carton(floor, order)
    put_in(floor, order, carton, sku, 4)
    with pytest.raises(Refused):
        write(lambda on: closing.stage(order, carton.id, floor.lane.id, floor.hand, on=on))


def test_an_order_leaves_when_all_of_it_is_loaded(floor):
    order, _, carton = staged(floor)
    with pytest.raises(Refused, match="carton 1"):
        ship(floor, order)
    write(lambda on: loading.load(order, carton.id, floor.hand, on=on))
    with pytest.raises(Refused, match="loaded already"):
        write(lambda on: loading.load(order, carton.id, floor.hand, on=on))
    assert ship(floor, order).status == "shipped"


def consignment_of(order):
    mine = select(Consignment.__table__).where(Consignment.no == order.consignment_no)
    return db.session.execute(mine.execution_options(**scope.CENTRE)).one()


def test_a_shipped_order_is_a_consignment_of_its_cartons(floor):
    order, _, carton = loaded(floor)
    order = ship(floor, order)
    consignment = consignment_of(order)
    assert (consignment.status, consignment.piece_count) == ("picked_up", 1)
    assert consignment.gross_weight_g == 2080
    assert consignment.consignee_name == "王芳"
    assert consignment.consignor_name == "临港仓"
    assert consignment.order_ref == order.order_ref
    codes = [e.code for e in events_of(consignment, internal=True)]
    assert codes == ["ordered", "picked_up"]
    wanted = select(Piece.__table__).where(Piece.consignment_id == consignment.id)
    (piece,) = db.session.execute(wanted.execution_options(**scope.CENTRE))
    assert (piece.sscc, piece.weight_g, piece.length_mm) == (carton.sscc, 2080, 218)
    assert piece.goods.endswith("× 4")


def test_what_has_left_is_out_of_stock_and_leaves_once(floor):
    order, sku, carton = loaded(floor)
    shipped = ship(floor, order)
    assert at(floor.lane) == []
    assert lines_of(order)[0].shipped == 4
    assert movements(order) == ["pick", "pack", "move", "issue"]
    assert rows(Carton, id=carton.id)[0].status == "shipped"
    with pytest.raises(Refused, match="left already"):
        ship(floor, order)
    assert shipped.shipped_at is not None
    assert sum(b.on_hand for b in balances(sku_id=sku.id)) == 6


def test_an_order_number_that_a_consignment_has_already_is_not_used_twice(floor):
    one, _, _ = loaded(floor)
    ship(floor, one)
    two, _, _ = loaded(floor)
    make_consignment(floor.company, order_ref=two.order_ref)
    assert two.order_ref == two.ref
    assert consignment_of(ship(floor, two)).order_ref is None


def test_nothing_leaves_where_the_consignment_fails(floor, monkeypatch):
    order, _, carton = loaded(floor)

    def fail(*_args, **_more):
        raise RuntimeError("no more numbers")

    monkeypatch.setattr(carriage.orders, "create", fail)
    with pytest.raises(RuntimeError):
        ship(floor, order)
    assert order_of(order.ref).status == "staged"
    assert rows(Carton, id=carton.id)[0].status == "loaded"
    assert at(floor.lane)[0].on_hand == 4


# Back to their place


def put_back(floor, order):
    return write(
        lambda on: restocking.put_back(
            states.locked(order.id, order.company_id, on=on),
            floor.hand,
            reason="cancelled",
            on=on,
        )
    )


def test_what_was_picked_for_a_cancelled_order_is_promised_to_nobody_until_it_is_back(floor):
    order, sku, carton = packed(floor)
    (ref,) = put_back(floor, order)
    (task,) = rows(RestockTask, ref=ref)
    assert (task.quantity, task.home_id) == (4, floor.pick.id)
    assert rows(Carton, id=carton.id)[0].status == "emptied"
    assert at(floor.stage)[0].allocated == 4
    four = Decimal(4)
    write(lambda on: restocking.restock(task.id, four, floor.pick.id, floor.hand, on=on))
    (back,) = at(floor.pick, sku)
    assert (back.on_hand, back.allocated, back.handling_unit_id) == (10, 0, None)
    assert at(floor.stage) == []
    with pytest.raises(Refused, match="already"):
        write(lambda on: restocking.restock(task.id, four, floor.pick.id, floor.hand, on=on))


def test_goods_are_put_back_where_goods_are_stored_and_no_more_than_there_are(floor):
    order, _ = picked(floor, 4)
    (ref,) = put_back(floor, order)
    task = rows(RestockTask, ref=ref)[0]
    one, five = Decimal(1), Decimal(5)
    with pytest.raises(Refused, match="stored"):
        write(lambda on: restocking.restock(task.id, one, floor.lane.id, floor.hand, on=on))
    with pytest.raises(Refused, match="Only 4"):
        write(lambda on: restocking.restock(task.id, five, floor.pick.id, floor.hand, on=on))
    write(lambda on: restocking.restock(task.id, one, floor.pick.id, floor.hand, on=on))
    assert rows(RestockTask, ref=ref)[0].done == 1
