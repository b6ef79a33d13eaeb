"""Checking and packing through the services."""

from decimal import Decimal

import pytest

from portal.core.db import write
from portal.core.errors import NotFound, Refused
from portal.warehousing.outbound.models import (
    Carton,
    CartonContent,
    PickTask,
)
from portal.warehousing.outbound.service import (
    checking,
    closing,
    packing,
)
from portal.warehousing.outbound.service.shorts import Missing
from tests.warehousing.floor_making import (
    at,
    begin_carton,
    begun,
    checked,
    close,
    make_floor,
    packed,
    picked,
    put_in,
    released,
    take,
)
from tests.warehousing.making import (
    make_location,
    make_lot,
    make_sku,
    make_stock,
)
from tests.warehousing.outbound_making import lines_of, order_of, rows

pytestmark = pytest.mark.both_databases


@pytest.fixture
def floor(app):
    return make_floor()


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
    with pytest.raises(Refused, match=r"0\.5 kg lighter than what is in it \(.* kg\)"):
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
