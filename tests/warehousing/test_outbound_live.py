"""What is heard of orders, and that waiting ones are served by the worker."""

import pytest

from portal.core.db import write
from portal.warehousing.outbound.service import changing
from tests.factories import make_colleague, make_company, make_person
from tests.warehousing.making import make_location, make_sku, make_stock, make_warehouse
from tests.warehousing.outbound_making import make_order, order_of
from workers import backorders


@pytest.fixture
def place(app, db):
    """Return a company, a warehouse and ten pieces of goods in it."""
    company, warehouse = make_company(), make_warehouse()
    sku = make_sku(company)
    make_stock(sku, make_location(warehouse), 10)
    return company, warehouse, sku


def test_the_owner_and_the_desk_hear_of_an_order_and_strangers_do_not(
    place, as_user, live, relayed
):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 2))
    relayed()
    owner = live(as_user(make_colleague(company)))
    desk = live(as_user(make_person(staff_role="manager")))
    stranger = live(as_user(make_colleague(make_company())))
    followed = {"topic": "outbound", "ref": order.ref}
    assert owner.ask("follow", followed)["ok"]
    assert desk.ask("follow", {"topic": "outbound", "ref": ""})["ok"]
    assert not stranger.ask("follow", followed)["ok"]

    write(lambda on: changing.cancel(order, by=None, on=on))
    relayed()

    for page in (owner, desk):
        [heard] = [e for e in page.received() if e["type"] == "outbound.moved"]
        assert (heard["data"]["ref"], heard["data"]["status"]) == (order.ref, "cancelled")
    assert stranger.received() == []


def test_the_worker_serves_what_waits_and_then_rests(place):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 15), policy="backorder")
    assert backorders.run_once() == 0
    make_stock(sku, make_location(warehouse), 5)

    assert backorders.run_once() == 1

    assert order_of(order.ref).status == "allocated"
    assert backorders.run_once() == 0
