"""What pages and allocation cost: as many statements for one row as for many."""

import pytest

from portal.core.db import write
from portal.warehousing.outbound.service import allocating, orders, states
from tests.consignments.conftest import statements
from tests.factories import make_colleague, make_company, make_person
from tests.warehousing.making import make_location, make_sku, make_stock, make_warehouse
from tests.warehousing.outbound_making import make_order, new_order

__all__ = ["statements"]
PAGES = {
    "/portal/outbound": 12,
    "/desk/warehouse/outbound?status=": 17,
    "/desk/warehouse/waves": 17,
}


@pytest.fixture
def place(app, db):
    """Return a company, a warehouse and goods in it."""
    company, warehouse = make_company(), make_warehouse()
    sku = make_sku(company)
    make_stock(sku, make_location(warehouse), 100)
    return company, warehouse, sku


@pytest.mark.parametrize("path", PAGES)
def test_lists_cost_the_same_for_one_order_and_for_many(place, as_user, statements, path):
    company, warehouse, sku = place
    person = make_person(staff_role="manager") if "desk" in path else make_colleague(company)
    browser = as_user(person)
    make_order(company, warehouse, (sku, 1))
    browser.get(path)
    with statements() as first:
        browser.get(path)
    for _ in range(8):
        make_order(company, warehouse, (sku, 1))

    with statements() as many:
        browser.get(path)

    assert len(many) == len(first) <= PAGES[path], "\n".join(many)


def test_an_order_page_costs_the_same_for_one_line_and_for_many(place, as_user, statements):
    company, warehouse, sku = place
    browser = as_user(make_colleague(company))
    small = make_order(company, warehouse, (sku, 1))
    large = make_order(company, warehouse, *[(sku, 1)] * 9)
    browser.get(f"/portal/outbound/{small.ref}")

    with statements() as first:
        browser.get(f"/portal/outbound/{small.ref}")
    with statements() as many:
        browser.get(f"/portal/outbound/{large.ref}")

    assert len(many) == len(first) <= 12, "\n".join(many)


def test_allocation_reads_three_times_and_writes_two_statements_a_balance(place, statements):
    company, warehouse, _ = place
    goods = [make_sku(company) for _ in range(6)]
    for sku in goods:
        make_stock(sku, make_location(warehouse), 5)
    new = new_order(company, warehouse, *[(sku, 2) for sku in goods])

    def accepted(on):
        order = states.advance(orders.create(new, by=None, on=on), "submitted", by=None, on=on)
        return states.advance(order, "accepted", by=None, on=on)

    order = write(accepted)
    with statements() as seen:
        write(lambda on: allocating.allocate(order.id, company.id, on=on))

    reads = [each for each in seen if each.startswith("SELECT") and "company_id" in each]
    promises = [each for each in seen if "allocat" in each and not each.startswith("SELECT")]
    assert len(reads) == 3, "\n".join(reads)
    assert len(promises) == 2 * len(goods) + 2, "\n".join(promises)  # lines and totals at once
