"""Goods from a sheet: good rows enter, wrong ones are named, or nothing enters at all."""

import csv
import io
from decimal import Decimal

import pytest
from sqlalchemy import func, select

from portal.core import scope
from portal.core.db import db, write
from portal.core.events import EventRecord
from portal.core.sentences import said
from portal.warehousing.goods.models import GoodsImport, Sku, SkuUnit
from portal.warehousing.goods.service import importing
from tests.factories import make_colleague, make_company
from tests.warehousing.making import make_location, make_sku, make_stock, make_warehouse

pytestmark = pytest.mark.both_databases
HEAD = "Code,Name,GTIN,Base unit,Weight (kg),Case: Holds, base units\n"
HEADERS = ["Code", "Name", "GTIN", "Base unit", "Weight (kg)", "Case: Holds, base units"]


def sheet(*rows, headers=HEADERS):
    out = io.StringIO()
    csv.writer(out).writerows([headers, *rows])
    return out.getvalue().encode()


def bring(data, company, choice="good_rows"):
    made = write(
        lambda on: importing.receive(data, "goods.csv", choice, company.id, by=None, on=on)
    )
    importing.carry_on(made.id, company.id)
    return result(made.id)


def result(id_):
    table = GoodsImport.__table__
    query = select(table).where(table.c.id == id_).execution_options(**scope.CENTRE)
    return db.session.execute(query).one()


def codes(company):
    query = select(Sku.code).where(Sku.company_id == company.id).order_by(Sku.code)
    return list(db.session.scalars(query.execution_options(**scope.CENTRE)))


def row(number, **changes):
    usual = {"code": f"C{number}", "name": f"Goods {number}", "gtin": "", "unit": "pcs"}
    return [*(usual | changes).values(), "0.5", "12"]


@pytest.fixture
def company(app):
    return make_company()


def test_good_rows_enter_and_wrong_ones_are_named_by_line_and_column(company):
    done = bring(
        sheet(row(1), row(2, gtin="123"), row(3, unit="barrels"), row(4), row(1), row("")), company
    )
    assert (done.state, done.rows, done.bad, done.created) == ("done", 6, 3, 3)
    assert codes(company) == ["C", "C1", "C4"]
    assert [(line, column) for line, column, *_ in done.problems] == [
        (3, "GTIN"),
        (4, "Base unit"),
        (6, "Code"),
    ]
    assert said(done.problems[2][3]) == "Line 2 has this code already."


def test_the_units_and_measures_of_a_row_are_kept(company):
    bring(sheet(row(1)), company)
    query = select(Sku.weight_g, SkuUnit.level, SkuUnit.holds).join(
        SkuUnit, SkuUnit.sku_id == Sku.id
    )
    found = db.session.execute(query.execution_options(**scope.CENTRE)).one()
    assert tuple(found) == (500, "case", Decimal(12))
    assert db.session.query(EventRecord).filter_by(name="sku.imported").one().payload["created"]


def test_all_or_nothing_enters_nothing_where_one_row_is_wrong(company):
    done = bring(sheet(row(1), row(2, gtin="123")), company, "all_or_nothing")
    assert (done.state, done.bad, done.created) == ("checked", 1, 0)
    assert codes(company) == []
    done = bring(sheet(row(1), row(2)), company, "all_or_nothing")
    assert (done.state, done.created) == ("done", 2)
    assert codes(company) == ["C1", "C2"]


def test_a_check_says_what_would_happen_and_does_nothing(company):
    make_sku(company, code="C1")
    done = bring(sheet(row(1), row(2)), company, "dry_run")
    assert (done.state, done.created, done.changed) == ("checked", 1, 1)
    assert codes(company) == ["C1"]


def test_the_same_sheet_again_changes_nothing(company):
    data = sheet(row(1), row(2))
    bring(data, company)
    done = bring(data, company)
    assert (done.created, done.changed, done.unchanged) == (0, 0, 2)


def test_an_empty_cell_leaves_as_it_is_and_a_dash_takes_away(company):
    bring(sheet(row(1)), company)
    done = bring(sheet(["C1", "", "", "", "-", "-"]), company)
    assert done.changed == 1
    query = select(Sku.weight_g, Sku.name).execution_options(**scope.CENTRE)
    assert tuple(db.session.execute(query).one()) == (None, "Goods 1")
    count = select(func.count()).select_from(SkuUnit.__table__).execution_options(**scope.CENTRE)
    assert db.session.scalar(count) == 0


def test_a_gtin_that_is_taken_is_told_by_whom(company):
    make_sku(company, code="OLD", gtin="6901234567892")
    done = bring(sheet(row(1, gtin="6901234567892"), row(2)), company)
    assert said(done.problems[0][3]) == "Your goods OLD have this GTIN already."
    twice = bring(sheet(row(3, gtin="6901234567809"), row(4, gtin="6901234567809")), company)
    assert said(twice.problems[0][3]) == "Line 2 has this GTIN already."


def test_what_had_stock_keeps_its_unit(company):
    make_stock(make_sku(company, code="C1"), make_location(make_warehouse()), 1)
    done = bring(sheet(row(1, unit="kg")), company)
    assert (done.bad, done.problems[0][1]) == (1, "Base unit")
    assert "cannot change" in said(done.problems[0][3])


def test_it_goes_on_behind_the_last_rows_that_entered(company, monkeypatch):
    monkeypatch.setattr(importing, "BATCH", 2)
    data = sheet(*(row(number) for number in range(6)))
    made = write(
        lambda on: importing.receive(data, "a.csv", "good_rows", company.id, by=None, on=on)
    )
    enter, calls = importing.writing.enter, []

    def dying(judged, *rest):
        calls.append(judged)
        if len(calls) == 2:
            raise RuntimeError("the power failed")
        enter(judged, *rest)

    monkeypatch.setattr(importing.writing, "enter", dying)
    with pytest.raises(RuntimeError):
        importing.carry_on(made.id, company.id)
    assert (result(made.id).state, codes(company)) == ("running", ["C0", "C1"])
    importing.carry_on(made.id, company.id)
    done = result(made.id)
    assert (done.state, done.rows, done.created, done.unchanged) == ("done", 6, 6, 0)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        (b"Name\nx\n", "No column of this sheet is called"),
        (b"%PDF-1.7", "not a sheet we can read"),
        (b"\n\n", "no rows"),
        (b"Code,Name\n", "no line with goods"),
        (b"Code,Name,CODE\nA,x,B\n", "mean the same here"),
    ],
)
def test_what_is_no_sheet_of_goods_is_refused_as_a_whole(company, data, sentence):
    done = bring(data, company)
    assert done.state == "failed"
    assert sentence in said(done.error)


def test_headers_are_known_in_chinese_too(company):
    done = bring(sheet(["A1", "香皂", "盒"], headers=["货号", "品名", "unit"]), company, "dry_run")
    assert done.rows == 1


def test_a_list_that_was_taken_out_can_be_read_in_again(company, as_user):
    member = as_user(make_colleague(company, "operations"))
    make_sku(company, code="F1", name="香皂", names={"en": "=cmd", "zh-Hans": "香皂"}, storage_class="frozen",
             temperature_min_c=-25, temperature_max_c=-18, has_expiry=True, lot_policy="lot",
             shelf_life_days=90, low_stock=Decimal("2.5"), over_receipt_bp=250)  # fmt: skip
    for file in ("csv", "xlsx"):
        taken = member.get(f"/portal/goods/export.{file}", buffered=True).data
        done = bring(taken, company)
        assert (done.state, said(done.error)) == ("done", "")
        assert (done.bad, done.unchanged, done.problems) == (0, 1, []), file


def test_a_member_uploads_a_sheet_and_takes_its_problems_home(company, as_user):
    member = as_user(make_colleague(company, "operations"))
    sent = {"file": (io.BytesIO(sheet(row(1), row(2, gtin="9"))), "g.csv"), "choice": "good_rows"}
    answer = member.post("/portal/goods/import", data=sent)
    page = member.get(answer.location).text
    assert "1 line was left out" in page
    problems = member.get(f"{answer.location}/problems.csv", buffered=True)
    assert "check digit" in problems.data.decode("utf-8-sig")
    assert "g.csv" in member.get("/portal/goods/import").text
    stranger = as_user(make_colleague(None, "owner"))
    assert stranger.get(answer.location).status_code == 404
    assert stranger.get(f"{answer.location}/problems.csv").status_code == 404
    empty = member.post("/portal/goods/import", data={"choice": "good_rows"})
    assert empty.status_code == 422
    assert member.get("/portal/goods/import/template.xlsx", buffered=True).data[:2] == b"PK"
