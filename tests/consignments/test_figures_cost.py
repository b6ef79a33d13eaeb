"""What counting costs: a move on the way touches one counter, pages of figures read only counters."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.consignments.models import DeliveryFigure, OpenCount
from portal.consignments.queries import figures
from portal.consignments.queries.figures import Wanted
from portal.consignments.service.orders import Origin, create_many
from portal.consignments.shown import sheets
from portal.consignments.shown.public_figures import charted, measured
from portal.core import clock, scope
from portal.core.db import db as database
from portal.core.db import write
from tests.counting.conftest import plans
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_dispatcher,
    make_order,
    party,
    push,
    user_of,
)

__all__ = ["plans"]
pytestmark = pytest.mark.both_databases
COUNTERS = ("status_count", "delivery_figure", "open_count")
CITIES = ("杭州", "上海", "Hamburg")


def written(seen):
    """Return which counters were written, each as often as it was."""
    return sorted(t for sql in seen for t in COUNTERS if f"INSERT INTO {t}" in sql)


def test_a_move_on_the_way_touches_only_the_counts_of_statuses(app, statements):
    no = make_consignment().no
    for code in ("picked_up", "hub_arrived", "hub_departed", "in_transit", "dest_city"):
        with statements() as seen:
            push(no, code)
        assert written(seen) == ["status_count"], code
    with statements() as seen:
        push(no, "note")
    assert written(seen) == []


def test_each_counter_is_written_once_for_many_orders_and_once_for_a_delivery(app, statements):
    company = make_company()
    origin = Origin(company.id, None, "import", "6901234")
    orders = [make_order(consignee=party(city=CITIES[n % 3])) for n in range(30)]
    with statements() as seen:
        created = write(lambda on: create_many(orders, origin, on=on))
    assert written(seen) == sorted(COUNTERS)
    for code in ("picked_up", "dest_city", "out_for_delivery"):
        push(created[0].no, code)
    with statements() as seen:
        push(created[0].no, "delivered")
    assert written(seen) == sorted(COUNTERS)


def order_many(company, count):
    at = clock.now()
    orders = [
        make_order(ordered_at=at - timedelta(days=n % 40), consignee=party(city=CITIES[n % 3]))
        for n in range(count)
    ]
    origin = Origin(company.id, None, "import", "6901234")
    write(lambda on: create_many(orders, origin, on=on))


def rows(model):
    query = select(func.count()).select_from(model).execution_options(**scope.CENTRE)
    return database.session.scalar(query)


def test_the_counters_do_not_grow_with_the_consignments(app):
    company = make_company()
    order_many(company, 240)
    before = rows(DeliveryFigure), rows(OpenCount)
    order_many(company, 1200)
    assert (rows(DeliveryFigure), rows(OpenCount)) == before


@pytest.fixture
def statements_of_figures(app, plans):
    """Return the plans of every statement that pages of figures make."""
    company = make_company()
    order_many(company, 60)
    push(make_consignment(company).no, "incident", reason="damaged")
    member = user_of(make_colleague(company), company)
    staff = user_of(make_dispatcher())
    asked = (Wanted(), Wanted(lane="CN/杭州>CN/上海"), Wanted(country="CN", service="standard"))
    with plans() as seen:
        for user in (member, staff):
            for wanted in asked:
                for make in sheets.SHEETS.values():
                    make(user, wanted)
        figures.lanes_public("2020-01")
        measured()
        charted()
    return seen


def test_pages_of_figures_read_only_counters(statements_of_figures):
    assert len(statements_of_figures) > 40
    for statement, _plan in statements_of_figures:
        read = re.findall(r"(?:FROM|JOIN) (\w+)", statement)
        assert set(read) <= {*COUNTERS, "incident_count", "incident_figure", "duration_figure"}, (
            statement
        )


def test_a_members_figures_are_found_by_index(statements_of_figures):
    mine = [(sql, plan) for sql, plan in statements_of_figures if "company_id =" in sql]
    assert len(mine) >= 20
    for sql, plan in mine:
        assert not [line for line in plan if re.match(r"\W*(SCAN|Seq Scan)", line)], (sql, plan)


def test_little_is_not_shown_to_everybody(app, browser):
    companies = [make_company() for _ in range(3)]
    at = clock.now() - timedelta(days=1)

    def deliver(count):
        delivered = {"begins": "delivered", "begins_at": at, "planned_delivery": at}
        for company in companies:
            origin = Origin(company.id, None, "import", "6901234")
            orders = [make_order(**delivered) for _ in range(count)]
            write(lambda on, o=orders, g=origin: create_many(o, g, on=on))

    deliver(10)
    assert measured() == []
    assert charted() is None
    assert "Delivered by month" not in browser.get("/").text
    deliver(10)
    app.extensions["kept answers"].clear()  # figures of the home page may be a minute old
    page = browser.get("/").text
    assert "Delivered by month" in page
    assert "60 deliveries" in page
    assert all(company.name not in page for company in companies)


def test_the_figures_of_few_companies_are_not_shown_to_everybody(app):
    company = make_company()
    at = clock.now() - timedelta(days=1)
    orders = [make_order(begins="delivered", begins_at=at) for _ in range(80)]
    write(lambda on: create_many(orders, Origin(company.id, None, "import", "6901234"), on=on))
    assert measured() == []
    lane = figures.lanes_public("2020-01")
    assert [each.figure.ordered for each in lane] == [80]
