"""What a member reads of his stock on his first page."""

import pytest

from portal.core.db import db, write
from portal.warehousing.stock.service import alerting
from tests.consignments.conftest import statements
from tests.factories import make_colleague, make_company, make_consignment
from tests.warehousing.inbound_making import House, finish, make_arrived, receive, said_line
from tests.warehousing.making import (
    in_days,
    make_location,
    make_lot,
    make_sku,
    make_stock,
    make_warehouse,
)

__all__ = ["statements"]
HOME = "/portal"


@pytest.fixture
def company(app):
    return make_company()


@pytest.fixture
def page(as_user, company):
    return as_user(make_colleague(company))


def keep(company, quantity=5, **values):
    sku, place = make_sku(company, **values), make_location(make_warehouse())
    make_stock(sku, place, quantity)
    return sku


def look(company):
    owner = company.id
    db.session.rollback()
    write(lambda on: alerting.refresh(owner, on))


def differ(company):
    house, sku = House(), make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 10))
    receive(ref, sku, 7)
    finish(ref)
    return ref


def test_a_company_that_keeps_nothing_here_reads_nothing_of_stock(page, company):
    make_consignment(company)
    keep(make_company(), low_stock=100)
    seen = page.get(HOME).text
    assert 'id="own-stock"' not in seen


@pytest.mark.parametrize("ordered", [True, False])
def test_what_runs_low_expires_or_differs_stands_on_the_first_page(page, company, ordered):
    if ordered:
        make_consignment(company)
    low = keep(company, low_stock=20)
    fresh = make_sku(company, has_expiry=True, lot_policy="lot")
    lot = make_lot(fresh, "L1", expires_on=in_days(10))
    make_stock(fresh, make_location(make_warehouse()), 3, lot=lot)
    ref = differ(company)
    look(company)
    seen = page.get(HOME).text
    assert f'href="/portal/stock/{low.code}"' in seen
    assert "5 pcs free, below 20 pcs" in seen
    assert "3 pcs expire soon" in seen
    assert f'href="/portal/inbound/{ref}"' in seen
    assert "Differences to answer" in seen


def test_all_is_well_says_so_and_leads_on(page, company):
    keep(company)
    seen = page.get(HOME).text
    assert "No goods run low" in seen
    assert 'href="/portal/stock"' in seen


def test_of_many_the_newest_three_stand_there_with_the_way_to_all(page, company):
    for _ in range(5):
        keep(company, low_stock=20)
    look(company)
    seen = page.get(HOME).text
    assert seen.count("free, below") == 3
    assert "/portal/stock/alerts?kind=low" in seen


def test_others_read_nothing_of_it(as_user, company):
    sku = keep(company, low_stock=20)
    other = make_company()
    keep(other)
    look(company)
    assert sku.code not in as_user(make_colleague(other)).get(HOME).text


def test_it_takes_as_many_statements_for_many_as_for_few(page, company, statements):
    keep(company, low_stock=20)
    differ(company)
    look(company)
    page.get(HOME)
    with statements() as few:
        page.get(HOME)
    for _ in range(4):
        keep(company, low_stock=20)
        differ(company)
    look(company)
    with statements() as many:
        page.get(HOME)
    assert len(many) == len(few)
