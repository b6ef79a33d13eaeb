"""Lots and returns as sheets: for their owner, and for the desk with the owners named."""

import csv
import io
from decimal import Decimal

import pytest

from portal.core.db import write
from portal.exchange.rules.sheets import open_sheet
from portal.warehousing.inbound.rules.announcing import SaidLine
from portal.warehousing.ledger.service import holding
from portal.warehousing.ledger.service.holding import Hold
from portal.warehousing.returns.service import requesting
from portal.warehousing.returns.service.requesting import Wish
from tests.consignments.conftest import statements
from tests.factories import make_colleague, make_company, make_person
from tests.warehousing.making import (
    in_days,
    make_location,
    make_lot,
    make_sku,
    make_stock,
    make_warehouse,
)

__all__ = ["statements"]
LOTS, RETURNS = "/portal/stock/lots", "/portal/returns"
DESK_LOTS, DESK_RETURNS = "/desk/warehouse/lots", "/desk/warehouse/returns"


class Trade:
    """A company with a held lot and a return of two kinds of goods."""

    def __init__(self, as_user):
        self.house, self.company = make_warehouse(), make_company()
        self.goods = make_sku(self.company, lot_policy="lot", has_expiry=True)
        self.other = make_sku(self.company)
        self.lot = make_lot(self.goods, "=B1", expires_on=in_days(60))
        make_stock(self.goods, make_location(self.house), 12, lot=self.lot)
        hold = Hold(kind="owner", status="on_hold", reason="Label")
        lot, company = self.lot.id, self.company.id
        write(lambda on: holding.set_hold(lot, company, hold, by_id=None, on=on))
        self.ref = self.ask("R-1")
        self.owner = as_user(make_colleague(self.company, "owner"))
        self.boss = as_user(make_person(staff_role="manager"))

    def ask(self, named):
        two = Decimal(2)
        lots = SaidLine(sku=self.goods.code, quantity=two, lot="B1", expires_on=in_days(60))
        said = [lots, SaidLine(sku=self.other.code, quantity=two)]
        wish = Wish(warehouse_id=self.house.id, reason="wrong", lines=said, begun_with=named)
        company = self.company.id
        return write(lambda on: requesting.request(wish, company, by_id=None, on=on)).ref


@pytest.fixture
def trade(as_user):
    return Trade(as_user)


def table(reply):
    assert reply.status_code == 200
    return list(csv.DictReader(io.StringIO(reply.get_data().decode("utf-8-sig"))))


def test_the_owner_takes_his_lots_away_and_no_cell_is_a_formula(trade):
    stranger = make_sku(make_company(), lot_policy="lot")
    make_stock(stranger, make_location(trade.house), 3, lot=make_lot(stranger, "S1"))
    (row,) = table(trade.owner.get(f"{LOTS}/export.csv", buffered=True))
    assert row["SKU"] == trade.goods.code
    assert row["Lot"] == "'=B1"
    assert (row["On hand"], row["Free"], row["Holds"]) == ("12", "0", "Label")
    assert "Company" not in row


def test_the_owner_takes_his_returns_away_line_by_line(trade):
    rows = table(trade.owner.get(f"{RETURNS}/export.csv?tab=open", buffered=True))
    assert [(row["Return"], row["SKU"], row["Announced"], row["Came"]) for row in rows] == [
        (trade.ref, trade.goods.code, "2", "0"),
        (trade.ref, trade.other.code, "2", "0"),
    ]
    assert {row["Your reference"] for row in rows} == {"R-1"}
    assert table(trade.owner.get(f"{RETURNS}/export.csv?tab=ended", buffered=True)) == []


@pytest.mark.parametrize("page", [DESK_LOTS, DESK_RETURNS])
def test_the_desk_reads_whose_they_are(trade, page):
    rows = table(trade.boss.get(f"{page}/export.csv?tab=", buffered=True))
    assert {row["Company"] for row in rows} == {trade.company.name}


@pytest.mark.parametrize("page", [LOTS, RETURNS])
def test_as_a_workbook_and_for_nobody_else(trade, as_user, page):
    reply = trade.owner.get(f"{page}/export.xlsx", buffered=True)
    assert len(list(open_sheet(io.BytesIO(reply.get_data())).rows())) >= 1
    stranger = as_user(make_colleague(make_company(), "owner"))
    assert table(stranger.get(f"{page}/export.csv", buffered=True)) == []
    viewer = as_user(make_colleague(trade.company, "viewer"))
    assert viewer.get(f"{page}/export.csv", buffered=True).status_code == 403
    assert f"{page}/export.csv" in trade.owner.get(page).text


def test_those_of_the_centre_who_see_no_stock_take_none_away(trade, as_user):
    driver = as_user(make_person(staff_role="driver"))
    for page in (DESK_LOTS, DESK_RETURNS):
        assert driver.get(f"{page}/export.csv", buffered=True).status_code == 403
        assert trade.owner.get(f"{page}/export.csv", buffered=True).status_code == 403


def test_a_sheet_takes_no_more_statements_for_more_rows(trade, statements):
    def cost(page):
        trade.owner.get(f"{page}/export.csv", buffered=True).get_data()
        with statements() as seen:
            trade.owner.get(f"{page}/export.csv", buffered=True).get_data()
        return len(seen)

    few = cost(RETURNS), cost(LOTS)
    for number in range(5):
        trade.ask(f"N-{number}")
        lot = make_lot(trade.goods, f"L{number}", expires_on=in_days(9))
        make_stock(trade.goods, make_location(trade.house), 1, lot=lot)
    assert (cost(RETURNS), cost(LOTS)) == few
