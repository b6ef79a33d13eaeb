"""Staging, loading, shipping, and putting back, through the services."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from portal.consignments.models import Consignment, Piece
from portal.consignments.queries.one import events_of
from portal.core import scope
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.fulfilment import carriage
from portal.warehousing.ledger.service import holding
from portal.warehousing.ledger.service.holding import Hold
from portal.warehousing.outbound.models import (
    Carton,
    RestockTask,
)
from portal.warehousing.outbound.service import (
    closing,
    loading,
    restocking,
    states,
)
from tests.factories import make_consignment
from tests.warehousing.floor_making import (
    at,
    begin_carton,
    checked,
    loaded,
    make_floor,
    movements,
    packed,
    picked,
    put_in,
    ship,
    staged,
)
from tests.warehousing.making import (
    balances,
)
from tests.warehousing.outbound_making import lines_of, order_of, rows

pytestmark = pytest.mark.both_databases


@pytest.fixture
def floor(app):
    return make_floor()


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


def test_goods_of_a_lot_that_is_held_by_now_go_back_on_hold(floor):
    order, sku = picked(floor, 4)
    hold = Hold(kind="quality", status="quarantined", reason="Looked at")
    lot = at(floor.stage, sku)[0].lot_id
    write(lambda on: holding.set_hold(lot, floor.company.id, hold, by_id=None, on=on))
    put_back(floor, order)
    (task,) = rows(RestockTask)
    write(lambda on: restocking.restock(task.id, Decimal(4), floor.pick.id, floor.hand, on=on))
    assert [(b.status, b.on_hand) for b in at(floor.pick, sku)] == [("quarantined", 10)]
