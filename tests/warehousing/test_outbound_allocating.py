"""Promising stock to orders: which goods, how much, and what becomes of the rest."""

from decimal import Decimal

import pytest

from portal.core.db import write
from portal.core.errors import NotFound, Refused
from portal.warehousing.ledger.models import Allocation, Lot
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.service import allocating
from portal.warehousing.outbound.service.allocating import NotEnough
from tests.factories import make_company
from tests.warehousing.making import (
    balances,
    in_days,
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
    """Return a company, a warehouse and goods without lots."""
    company = make_company()
    warehouse = make_warehouse()
    return company, warehouse, make_sku(company)


def test_an_order_is_promised_what_it_wants(place):
    company, warehouse, sku = place
    make_stock(sku, make_location(warehouse), 10)

    order = make_order(company, warehouse, (sku, 4))

    assert order.status == "allocated"
    assert lines_of(order)[0].allocated == 4
    assert balances(sku_id=sku.id)[0].allocated == 4


def test_goods_with_a_date_go_by_it(place):
    company, warehouse, _ = place
    sku = make_sku(company, has_expiry=True, lot_policy="lot")
    late = make_lot(sku, "LATE", expires_on=in_days(200))
    soon = make_lot(sku, "SOON", expires_on=in_days(100))
    make_stock(sku, make_location(warehouse), 5, lot=late, days_ago=9)
    make_stock(sku, make_location(warehouse), 5, lot=soon, days_ago=1)

    make_order(company, warehouse, (sku, 7))

    assert [b.allocated for b in balances(lot_id=soon.id)] == [5]
    assert [b.allocated for b in balances(lot_id=late.id)] == [2]


def test_goods_without_a_date_go_as_they_came(place):
    company, warehouse, sku = place
    young = make_location(warehouse)
    old = make_location(warehouse, "reserve")
    make_stock(sku, young, 5, days_ago=1)
    make_stock(sku, old, 5, days_ago=30)

    make_order(company, warehouse, (sku, 6))

    assert [b.allocated for b in balances(location_id=old.id)] == [5]
    assert [b.allocated for b in balances(location_id=young.id)] == [1]


def test_a_named_lot_is_the_one_that_goes(place):
    company, warehouse, _ = place
    sku = make_sku(company, lot_policy="lot")
    first, named = make_lot(sku, "A"), make_lot(sku, "B")
    make_stock(sku, make_location(warehouse), 5, lot=first, days_ago=9)
    make_stock(sku, make_location(warehouse), 5, lot=named)

    make_order(company, warehouse, (sku, 3, named))

    assert [b.allocated for b in balances(lot_id=named.id)] == [3]
    with pytest.raises(NotEnough):
        make_order(company, warehouse, (sku, 3, named))


@pytest.mark.parametrize(
    ("expires", "least"), [(-1, 0), (20, 30)], ids=["expired", "too few days left"]
)
def test_goods_past_their_date_are_never_promised(place, expires, least):
    company, warehouse, _ = place
    sku = make_sku(company, has_expiry=True, lot_policy="lot", least_days_out=least)
    make_stock(
        sku, make_location(warehouse), 5, lot=make_lot(sku, "X", expires_on=in_days(expires))
    )

    with pytest.raises(NotEnough):
        make_order(company, warehouse, (sku, 1))


def test_held_lots_and_closed_places_are_never_promised(db, place):
    company, warehouse, sku = place
    held = make_sku(company, lot_policy="lot")
    lot = make_lot(held, "H")
    make_stock(held, make_location(warehouse), 5, lot=lot)
    db.session.execute(
        Lot.__table__.update().where(Lot.id == lot.id).values(status="on_hold")
        .execution_options(scope="centre")
    )  # fmt: skip
    db.session.commit()
    make_stock(sku, make_location(warehouse, blocked="Water on the floor"), 5)
    make_stock(sku, make_location(warehouse, "stage"), 5)

    for goods in (held, sku):
        with pytest.raises(NotEnough):
            make_order(company, warehouse, (goods, 1))


def test_all_or_nothing_promises_nothing_of_too_little(place):
    company, warehouse, sku = place
    other = make_sku(company)
    make_stock(sku, make_location(warehouse), 10)

    with pytest.raises(NotEnough) as refused:
        make_order(company, warehouse, (sku, 4), (other, 1))

    assert [error.field for error in refused.value.errors] == ["lines.1.quantity"]
    assert rows(Allocation) == []


def test_partial_sends_what_is_there(place):
    company, warehouse, sku = place
    make_stock(sku, make_location(warehouse), 3)

    order = make_order(company, warehouse, (sku, 5), policy="partial")

    line = lines_of(order)[0]
    assert (order.status, line.allocated, line.short) == ("allocated", 3, 2)


def test_partial_of_nothing_is_refused(place):
    company, warehouse, sku = place

    with pytest.raises(NotEnough):
        make_order(company, warehouse, (sku, 5), policy="partial")


def test_a_back_order_keeps_what_it_got_and_waits_for_the_rest(place):
    company, warehouse, sku = place
    make_stock(sku, make_location(warehouse), 3)

    order = make_order(company, warehouse, (sku, 5), policy="backorder")

    line = lines_of(order)[0]
    assert (order.status, line.allocated, line.backordered) == ("backordered", 3, 2)


def test_what_waits_is_served_before_a_new_order(place):
    company, warehouse, sku = place
    waiting = make_order(company, warehouse, (sku, 5), policy="backorder")
    make_stock(sku, make_location(warehouse), 6)

    late = make_order(company, warehouse, (sku, 5), policy="partial")

    assert order_of(waiting.ref).status == "allocated"
    assert (lines_of(late)[0].allocated, lines_of(late)[0].short) == (1, 4)


def test_an_order_cannot_be_allocated_twice(place):
    company, warehouse, sku = place
    make_stock(sku, make_location(warehouse), 10)
    order = make_order(company, warehouse, (sku, 4))

    with pytest.raises(Refused):
        write(lambda on: allocating.allocate(order.id, company.id, on=on))

    assert balances(sku_id=sku.id)[0].allocated == 4


def test_another_companys_order_looks_missing(place):
    company, warehouse, sku = place
    make_stock(sku, make_location(warehouse), 10)
    order, stranger = make_order(company, warehouse, (sku, 1)), make_company()

    with pytest.raises(NotFound):
        write(lambda on: allocating.allocate(order.id, stranger.id, on=on))


def test_nobody_is_promised_another_owners_goods(place):
    company, warehouse, sku = place
    make_stock(make_sku(make_company(), code=sku.code), make_location(warehouse), 10)

    with pytest.raises(NotEnough):
        make_order(company, warehouse, (sku, 1))


def test_the_status_of_a_refused_order_is_undone_with_it(place):
    company, warehouse, sku = place
    draft = make_order(company, warehouse, (sku, 1), submit=False)

    assert draft.status == rules.DRAFT
    assert lines_of(draft)[0].quantity == Decimal(1)
