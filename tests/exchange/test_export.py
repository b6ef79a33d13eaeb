"""Lists that go out: what one may see, all of it, harmless to spreadsheets."""

import csv
import io

import pytest
from openpyxl import load_workbook
from sqlalchemy import select

from portal.core.db import db
from portal.core.events import EventRecord
from portal.exchange import listings
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_dispatcher,
    party,
    push,
)

pytestmark = pytest.mark.both_databases
LIST = "/portal/exports/consignments.csv"


def rows_of(browser, path: str) -> list[list[str]]:
    reply = browser.get(path, buffered=True)
    assert reply.status_code == 200, reply.text
    return list(csv.reader(io.StringIO(reply.data.decode("utf-8-sig"))))


@pytest.fixture
def company(app):
    return make_company()


@pytest.fixture
def member(company, as_user):
    return as_user(make_colleague(company, "operations"))


def test_every_consignment_of_the_company_goes_out(company, member, monkeypatch):
    monkeypatch.setattr(listings, "PAGE", 2)
    made = {make_consignment(company).no for _ in range(5)}
    make_consignment()
    head, *rows = rows_of(member, LIST)
    assert head[:2] == ["Consignment", "Order number"]
    assert {row[0] for row in rows} == made
    assert len(rows) == 5


def test_the_lists_conditions_hold(company, member):
    make_consignment(company)
    wanted = make_consignment(company).no
    push(wanted, "picked_up")
    assert [row[0] for row in rows_of(member, f"{LIST}?status=picked_up")[1:]] == [wanted]


def test_chosen_rows_alone_go_out(company, member):
    make_consignment(company)
    wanted, foreign = make_consignment(company).no, make_consignment().no
    rows = rows_of(member, f"{LIST}?no={wanted}&no={foreign}")[1:]
    assert [row[0] for row in rows] == [wanted]


def test_a_formula_is_only_text(company, member):
    make_consignment(company, consignee=party(name="=1+1"))
    assert "'=1+1" in rows_of(member, LIST)[1]


def test_a_workbook_holds_days_as_days(company, member):
    no = make_consignment(company).no
    reply = member.get("/portal/exports/consignments.xlsx", buffered=True)
    sheet = load_workbook(io.BytesIO(reply.data)).active
    assert sheet["A2"].value == no
    assert sheet["E2"].is_date
    assert ".xlsx" in reply.headers["Content-Disposition"]


def test_columns_speak_the_readers_language(company, member):
    make_consignment(company)
    assert len(rows_of(member, f"{LIST}?lang=zh-Hans")[0]) == len(rows_of(member, LIST)[0])


@pytest.mark.parametrize("what", ["pieces", "events", "addresses", "figures"])
def test_other_lists_go_out_too(company, member, what):
    make_consignment(company)
    make_consignment()
    rows = rows_of(member, f"/portal/exports/{what}.csv")
    assert len(rows) == (2 if what in ("pieces", "events") else 1)


def test_the_desk_takes_out_everybodys(app, as_user):
    made = {make_consignment().no, make_consignment().no}
    rows = rows_of(as_user(make_dispatcher()), "/desk/exports/consignments.csv")
    assert {row[1] for row in rows[1:]} == made


def test_the_desk_takes_out_one_companys(app, company, as_user):
    no = make_consignment(company).no
    make_consignment()
    browser = as_user(make_dispatcher())
    path = "/desk/exports/consignments.csv?company="
    assert [row[1] for row in rows_of(browser, path + company.ref)[1:]] == [no]
    assert len(rows_of(browser, path + "NOBODY")) == 1


def test_who_may_not_export_is_refused(app, company, as_user):
    assert as_user(make_colleague(company, "viewer")).get(LIST).status_code == 403


def test_taking_a_list_out_is_noted(company, member):
    rows_of(member, LIST)
    names = db.session.scalars(select(EventRecord.name)).all()
    assert "list.exported" in names
