"""Many orders in one sheet: checked first, wrong rows named, placed once."""

import csv
import io

import pytest

from portal.core import jobs
from portal.warehousing.outbound.models import OutboundOrder, OutboundSheet
from portal.warehousing.outbound.rules.sheets import grouped, mapped
from portal.warehousing.outbound.service import sheets
from tests.factories import make_colleague, make_company
from tests.warehousing.making import make_location, make_sku, make_stock, make_warehouse
from tests.warehousing.outbound_making import lines_of, rows

HEAD = "订单号,货号,数量,批次,收货人,电话,地址,城市,缺货处理\n"
WHO = "王芳,13800138000,文三路 90 号,杭州"


@pytest.fixture
def place(app, db):
    """Return a company, a warehouse and a hundred pieces of goods in it."""
    company, warehouse = make_company(), make_warehouse()
    sku = make_sku(company, code="TEA-1")
    make_stock(sku, make_location(warehouse), 100)
    return company, warehouse, sku


@pytest.fixture
def member(place, as_user):
    """Return a browser of the company's owner."""
    return as_user(make_colleague(place[0]))


def handed(member, text):
    """Hand a sheet in; return the answer."""
    file = (io.BytesIO(text.encode()), "orders.csv")
    return member.post(
        "/portal/outbound/import", data={"file": file}, content_type="multipart/form-data"
    )


def test_rows_with_the_same_number_are_one_order(place, member):
    text = HEAD + f"SO-1,tea-1,3,,{WHO},部分\nSO-1,TEA-1,2,,,,,,\nSO-2,TEA-1,1,,{WHO},\n"

    page = handed(member, text).headers["Location"]
    assert rows(OutboundOrder) == []
    member.post(f"{page}/place")

    first, second = rows(OutboundOrder)
    assert (first.order_ref, first.policy, first.line_count) == ("SO-1", "partial", 2)
    assert [line.allocated for line in lines_of(first)] == [3, 2]
    assert second.consignee_phone == "+8613800138000"
    assert rows(OutboundSheet)[0].state == "done"


def test_wrong_rows_are_named_and_the_good_orders_placed(place, member):
    text = HEAD + f"SO-1,NOPE,3,,{WHO},\nSO-2,TEA-1,x,,{WHO},\nSO-3,TEA-1,1,,{WHO},\n"

    page = handed(member, text).headers["Location"]
    shown = member.get(page).text
    assert "You have no goods with the code NOPE." in shown
    assert "Write a number, such as 12." in shown
    member.post(f"{page}/place")

    assert [order.order_ref for order in rows(OutboundOrder)] == ["SO-3"]


def test_a_sheet_is_placed_once(place, member):
    page = handed(member, HEAD + f"SO-1,TEA-1,3,,{WHO},\n").headers["Location"]
    member.post(f"{page}/place")

    assert member.post(f"{page}/place").status_code == 409
    again = handed(member, HEAD + f"SO-1,TEA-1,3,,{WHO},\n").headers["Location"]
    member.post(f"{again}/place")

    assert len(rows(OutboundOrder)) == 1
    assert rows(OutboundSheet)[1].existing == 1


def test_too_little_stock_is_told_at_the_row(place, member):
    text = HEAD + f"SO-1,TEA-1,60,,{WHO},\nSO-2,TEA-1,60,,{WHO},\n"

    page = handed(member, text).headers["Location"]
    member.post(f"{page}/place")

    shown = member.get(page).text
    assert "40 of 60 are free." in shown
    assert [order.order_ref for order in rows(OutboundOrder)] == ["SO-1"]


def test_fifty_thousand_lines_of_which_three_are_wrong(place, member):
    lines = [f"SO-{n // 10},TEA-1,1,,{WHO},全部" for n in range(50_000)]
    for n in (17, 20_003, 49_999):
        lines[n] = f"SO-{n // 10},TEA-1,,,{WHO},全部"
    text = HEAD + "\n".join(line.replace(",全部", ",") for line in lines)

    page = handed(member, text).headers["Location"]

    [sheet] = rows(OutboundSheet)
    assert (sheet.rows, sheet.orders, sheet.bad) == (50_000, 4_997, 3)
    assert [problem[0] for problem in sheet.problems] == [19, 20_005, 50_001]
    assert "50,000" in member.get(page).text
    assert rows(OutboundOrder) == []


def test_many_orders_are_placed_by_a_job(place, member, monkeypatch):
    monkeypatch.setattr(sheets, "AT_ONCE", 1)
    text = HEAD + "".join(f"SO-{n},TEA-1,1,,{WHO},\n" for n in range(3))
    page = handed(member, text).headers["Location"]

    member.post(f"{page}/place")
    assert rows(OutboundSheet)[0].state == "placing"
    while jobs.run_once():
        pass

    assert rows(OutboundSheet)[0].state == "done"
    assert len(rows(OutboundOrder)) == 3


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "The file is empty."),
        ("a,b\n1,2\n", "The sheet needs columns for the order"),
        (HEAD.replace("\n", ",Qty\n") + f"SO-1,TEA-1,1,,{WHO},,999\n", "mean the same here"),
    ],
)
def test_what_is_no_sheet_of_orders_is_refused(place, member, text, sentence):
    answer = handed(member, text)

    assert answer.status_code == 422
    assert sentence in answer.text


def test_an_order_named_by_a_formula_is_not_placed(place, member):
    page = handed(member, HEAD + f"=1+1,TEA-1,1,,{WHO},\n").headers["Location"]

    assert "This cell holds a formula without its result" in member.get(page).text


def test_rows_of_an_order_that_say_different_things_are_told(place, member):
    text = HEAD + f"SO-1,TEA-1,3,,{WHO},\nSO-1,TEA-1,1,,李强,,,,\n"

    page = handed(member, text).headers["Location"]

    assert "The rows of one order say different things here" in member.get(page).text


def test_the_template_is_a_sheet_that_can_be_handed_in(place, member):
    data = member.get("/portal/outbound/import/template.csv", buffered=True).data
    headers = next(csv.reader(io.StringIO(data.decode("utf-8-sig"))))

    assert len(mapped(headers)) == len(headers)


def test_an_empty_number_means_that_of_the_row_above():
    cells = {"sku": "A", "quantity": "1"}
    found = grouped([(2, cells | {"order_ref": "X"}), (3, cells | {"order_ref": ""})])

    assert [len(group.lines) for group in found] == [2]


def test_a_row_without_any_number_is_told():
    [group] = grouped([(2, {"sku": "A", "quantity": "1", "order_ref": ""})])

    assert group.problems[0].line == 2


def test_another_companys_sheet_looks_missing(place, member, as_user):
    page = handed(member, HEAD + f"SO-1,TEA-1,3,,{WHO},\n").headers["Location"]
    stranger = as_user(make_colleague(make_company()))

    assert stranger.get(page).status_code == 404
    assert stranger.post(f"{page}/place").status_code == 404
    assert stranger.get(f"{page}/problems.csv").status_code == 404
