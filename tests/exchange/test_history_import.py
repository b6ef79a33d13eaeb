"""The real history through the pages: its figures are those that csv alone gives."""

import csv
import io
from collections import Counter, defaultdict
from datetime import date, datetime

import pytest
from sqlalchemy import func, select

from portal.consignments.models import Consignment, Piece
from portal.consignments.queries import figures
from portal.core.db import db
from portal.core.scope import CENTRE
from portal.exchange.rules.codes import country
from tests.data import HISTORY
from tests.exchange.importing import checked, member_company, posted
from tests.factories import make_colleague, user_of


def _day(text: str) -> date:
    return datetime.strptime(text, "%d-%b-%y").date()  # noqa: DTZ007


@pytest.fixture
def by_consignment() -> dict[str, list[dict[str, str]]]:
    groups = defaultdict(list)
    with io.StringIO(HISTORY.decode("utf-8-sig"), newline="") as file:
        for line in csv.DictReader(file):
            groups[line["ASN/DN #"]].append(line)
    return groups


def test_the_history_comes_in_and_its_figures_are_true(app, as_user, by_consignment):
    company = member_company()
    person = make_colleague(company, "operations")
    browser = as_user(person)
    page = checked(browser, HISTORY, "history.csv")
    assert "7,030 consignments created" in posted(browser, page, "all_or_nothing").text

    delivered = {key: max(_day(line["Delivered to Client Date"]) for line in lines)
                 for key, lines in by_consignment.items()}  # fmt: skip
    planned = {key: max(_day(line["Scheduled Delivery Date"]) for line in lines)
               for key, lines in by_consignment.items()}  # fmt: skip
    user = user_of(person, company, "operations")
    total = figures.total_for(user)
    assert (total.delivered, total.promised) == (7030, 7030)
    assert total.on_time == sum(delivered[key] <= planned[key] for key in delivered)
    months = Counter(f"{day:%Y-%m}" for day in delivered.values())
    found = {each.key: each.delivered for each in figures.by_month_for(user) if each.delivered}
    assert found == dict(months)
    countries = Counter(country(lines[0]["Country"]) for lines in by_consignment.values())
    found = {each.key: each.delivered for each in figures.by_country_for(user)}
    assert found == dict(countries)
    _goods_lines_and_remarks_are_kept(by_consignment)


def _goods_lines_and_remarks_are_kept(by_consignment) -> None:
    pieces = select(func.count(Piece.id), func.sum(Piece.quantity)).execution_options(**CENTRE)
    lines = [line for lines in by_consignment.values() for line in lines]
    count, quantity = db.session.execute(pieces).one()
    assert (count, int(quantity)) == (10_324, sum(int(x["Line Item Quantity"]) for x in lines))
    query = select(Consignment.remarks, Consignment.mode, Consignment.gross_weight_g).where(
        Consignment.order_ref == "ASN-8"
    )
    row = db.session.execute(query.execution_options(**CENTRE)).one()
    given = by_consignment["ASN-8"][0]
    assert row.mode == given["Shipment Mode"]
    assert row.gross_weight_g == int(given["Weight (Kilograms)"]) * 1000
    assert row.remarks["PO Sent to Vendor Date"] == "Date Not Captured"
    assert row.remarks["PQ #"] == given["PQ #"]


def test_words_in_place_of_a_weight_stay_words(app, as_user):
    text = (
        "ASN,Country,Delivered,Item,Weight (kg)\n"
        "H-1,France,2-Jun-06,Gloves,Weight Captured Separately\n"
    )
    browser = as_user(make_colleague(member_company(), "operations"))
    posted(browser, checked(browser, text), "all_or_nothing")
    query = select(Consignment.gross_weight_g, Consignment.remarks).execution_options(**CENTRE)
    row = db.session.execute(query).one()
    assert row.gross_weight_g is None
    assert row.remarks == {"Weight (kg)": "Weight Captured Separately"}
