"""Holding, changing, redirecting and cancelling orders, at each stage; rests and waves."""

from decimal import Decimal

import pytest

from portal.core import working
from portal.core.db import write
from portal.core.errors import Forbidden, NotFound, Refused
from portal.warehousing.ledger.models import Allocation
from portal.warehousing.ledger.service import holding
from portal.warehousing.ledger.service.holding import Hold
from portal.warehousing.outbound.models import OutboundOrder, OutboundStep, Wave
from portal.warehousing.outbound.rules.asked import NewLine
from portal.warehousing.outbound.service import changing, rests, waiting, waves
from portal.warehousing.outbound.service.waves import NewWave
from portal.warehousing.outbound.shown import acting
from tests.factories import make_colleague, make_company, user_of
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


@pytest.fixture
def place(app, db):
    """Return a company, a warehouse and ten pieces of goods in it."""
    company, warehouse = make_company(), make_warehouse()
    sku = make_sku(company)
    make_stock(sku, make_location(warehouse), 10)
    return company, warehouse, sku


def _wave(warehouse, *orders):
    new = NewWave(warehouse_id=warehouse.id, orders=[(o.id, o.company_id) for o in orders])
    return write(lambda on: waves.make(new, by=None, on=on))


def _serve():
    hours = working.hours()
    for each in waiting.found():
        write(lambda on, o=each: waiting.serve(o.id, o.company_id, hours=hours, on=on))


def test_a_cancelled_order_gives_back_what_it_was_promised(place):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 4))

    cancelled = write(lambda on: changing.cancel(order, by=None, on=on))

    assert cancelled.status == "cancelled"
    assert balances(sku_id=sku.id)[0].allocated == 0
    assert [a.quantity for a in rows(Allocation)] == [0]
    with pytest.raises(Refused):
        write(lambda on: changing.cancel(order, by=None, on=on))


def test_every_status_is_written_down(place):
    company, warehouse, sku = place

    order = make_order(company, warehouse, (sku, 4))

    steps = [step.status for step in rows(OutboundStep, order_id=order.id)]
    assert steps == ["draft", "submitted", "accepted", "allocated"]


def test_an_order_on_hold_keeps_its_goods_and_goes_on_where_it_was(place):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 4))

    held = write(lambda on: changing.hold(order, "owner", by=None, note="Wait", on=on))
    assert (held.status, held.hold_reason) == ("on_hold", "owner")
    assert balances(sku_id=sku.id)[0].allocated == 4

    free = write(lambda on: changing.resume(order, by=None, on=on))
    assert (free.status, free.hold_reason) == ("allocated", None)


def test_who_may_free_an_order_is_judged_by_how_it_is_held_now(place):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 1))
    owner = user_of(make_colleague(company), company)
    read = write(lambda on: changing.hold(order, "owner", by=None, note=None, on=on))
    write(lambda on: changing.resume(read, by=None, on=on))
    write(lambda on: changing.hold(order, "quality", by=None, note=None, on=on))

    with pytest.raises(Forbidden):
        write(lambda on: acting.let_go_on(read, owner, on=on))

    assert order_of(order.ref).status == "on_hold"


def test_a_released_order_on_hold_leaves_its_wave(place):
    company, warehouse, sku = place
    order, other = make_order(company, warehouse, (sku, 1)), make_order(company, warehouse, sku)
    wave = _wave(warehouse, order, other)
    write(lambda on: waves.release(wave.id, by=None, on=on))

    held = write(lambda on: changing.hold(order, "quality", by=None, note=None, on=on))
    assert held.wave_id is None

    assert write(lambda on: changing.resume(order, by=None, on=on)).status == "allocated"


def test_an_order_being_picked_cannot_be_held(place):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 1))
    _picking(order)

    with pytest.raises(Refused):
        write(lambda on: changing.hold(order, "owner", by=None, note=None, on=on))


def _picking(order):
    from_ = OutboundOrder.__table__.update().where(OutboundOrder.id == order.id)
    write(lambda on: on.execute(from_.values(status="picking").execution_options(scope="centre")))


def test_changed_lines_are_promised_anew(place):
    company, warehouse, sku = place
    other = make_sku(company)
    make_stock(other, make_location(warehouse), 5)
    order = make_order(company, warehouse, (sku, 4))
    lines = [NewLine(sku_id=other.id, quantity=Decimal(2))]

    changed = write(lambda on: changing.change_lines(order, lines, seen=1, by=None, on=on))

    assert (changed.status, changed.version, changed.line_count) == ("allocated", 2, 1)
    assert [b.allocated for b in balances(sku_id=sku.id)] == [0]
    assert [b.allocated for b in balances(sku_id=other.id)] == [2]


def test_a_change_that_is_not_to_be_had_changes_nothing(place):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 4))
    lines = [NewLine(sku_id=sku.id, quantity=Decimal(11))]

    with pytest.raises(Refused):
        write(lambda on: changing.change_lines(order, lines, seen=1, by=None, on=on))

    assert lines_of(order)[0].quantity == 4
    assert balances(sku_id=sku.id)[0].allocated == 4


def test_nobody_overwrites_what_he_has_not_seen(place):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 4))
    to = {"consignee_city": "宁波"}
    write(lambda on: changing.redirect(order, to, seen=1, by=None, on=on))

    with pytest.raises(Refused):
        write(lambda on: changing.redirect(order, {"note": "x"}, seen=1, by=None, on=on))

    assert order_of(order.ref).consignee_city == "宁波"


def test_lines_stay_once_the_floor_has_the_order_but_the_consignee_may_change(place):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 4))
    wave = _wave(warehouse, order)
    write(lambda on: waves.release(wave.id, by=None, on=on))
    lines = [NewLine(sku_id=sku.id, quantity=Decimal(1))]

    with pytest.raises(Refused):
        write(lambda on: changing.change_lines(order, lines, seen=1, by=None, on=on))

    to = {"consignee_city": "宁波"}
    assert write(lambda on: changing.redirect(order, to, seen=1, by=None, on=on)).version == 2


def test_what_waits_goes_on_when_stock_comes_the_oldest_first(place):
    company, warehouse, sku = place
    first = make_order(company, warehouse, (sku, 15), policy="backorder")
    second = make_order(company, warehouse, (sku, 3), policy="backorder")
    make_stock(sku, make_location(warehouse), 6)

    _serve()

    assert order_of(first.ref).status == "allocated"
    assert (order_of(second.ref).status, lines_of(second)[0].allocated) == ("backordered", 1)


def test_a_waiting_order_sends_what_it_has_and_the_rest_goes_on_by_itself(place):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 15), policy="backorder", order_ref="SO-1")

    sent = write(lambda on: rests.send_now(order, by=None, on=on))

    assert sent.status == "allocated"
    assert (lines_of(sent)[0].short, lines_of(sent)[0].backordered) == (5, 0)
    [rest] = rows(OutboundOrder, rest_of_id=order.id)
    assert (rest.status, rest.order_ref, rest.ship_by) == ("backordered", "SO-1/2", order.ship_by)
    assert (lines_of(rest)[0].quantity, lines_of(rest)[0].backordered) == (5, 5)


def test_a_held_lot_is_replaced_by_another_or_waited_for(place):
    company, warehouse, _ = place
    sku = make_sku(company, lot_policy="lot")
    bad, good = make_lot(sku, "BAD"), make_lot(sku, "GOOD")
    make_stock(sku, make_location(warehouse), 5, lot=bad, days_ago=9)
    make_stock(sku, make_location(warehouse), 3, lot=good)
    order = make_order(company, warehouse, (sku, 4))
    hold = Hold(kind="quality", status="quarantined", reason="Leaks")

    write(lambda on: holding.set_hold(bad.id, company.id, hold, by_id=None, on=on))

    line = lines_of(order)[0]
    assert (order_of(order.ref).status, line.allocated, line.backordered) == ("backordered", 3, 1)
    assert [b.allocated for b in balances(lot_id=good.id)] == [3]


def test_a_wave_is_released_to_the_floor(place):
    company, warehouse, sku = place
    order, other = make_order(company, warehouse, sku), make_order(company, warehouse, sku)
    wave = _wave(warehouse, order, other)
    assert order_of(order.ref).status == "allocated"

    released = write(lambda on: waves.release(wave.id, by=None, on=on))

    assert released.status == "released"
    assert {order_of(o.ref).status for o in (order, other)} == {"released"}


def test_an_order_goes_in_one_wave_only(place):
    company, warehouse, sku = place
    order = make_order(company, warehouse, sku)
    _wave(warehouse, order)

    with pytest.raises(Refused):
        _wave(warehouse, order)


def test_a_wave_given_up_lets_its_orders_wait_for_another(place):
    company, warehouse, sku = place
    order = make_order(company, warehouse, sku)
    wave = _wave(warehouse, order)
    write(lambda on: waves.release(wave.id, by=None, on=on))

    write(lambda on: waves.give_up(wave.id, by=None, on=on))

    assert (order_of(order.ref).status, order_of(order.ref).wave_id) == ("allocated", None)
    assert rows(Wave, id=wave.id)[0].status == "given_up"


def test_a_wave_ends_with_its_last_order(place):
    company, warehouse, sku = place
    order = make_order(company, warehouse, sku)
    wave = _wave(warehouse, order)
    write(lambda on: waves.release(wave.id, by=None, on=on))

    write(lambda on: changing.cancel(order, by=None, on=on))

    assert rows(Wave, id=wave.id)[0].status == "done"


def test_another_companys_order_cannot_be_cancelled(place):
    company, warehouse, sku = place
    order, stranger = make_order(company, warehouse, sku), make_company()

    with pytest.raises(NotFound):
        write(lambda on: changing.cancel(_as(order, stranger), by=None, on=on))


class _as:
    """An order as if it were another company's."""

    def __init__(self, order, company):
        self.id, self.company_id = order.id, company.id
