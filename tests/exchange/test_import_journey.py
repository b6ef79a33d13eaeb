"""A member imports a file: from upload to result, by page."""

import csv
import io

import pytest
from sqlalchemy import select, update

from portal.consignments.models import Consignment, Piece
from portal.core.db import db, transaction
from portal.core.scope import CENTRE
from portal.exchange import jobs
from portal.exchange.models import Import
from portal.exchange.service import uploads
from tests.exchange.importing import (
    BAD,
    GOOD,
    HEAD,
    checked,
    consignment_count,
    fields_of,
    handed_in,
    member_company,
    member_of,
    posted,
    work,
)
from tests.factories import make_company

pytestmark = pytest.mark.both_databases


@pytest.fixture
def member(as_user):
    return member_of(member_company(), as_user)


def test_a_good_file_becomes_consignments(app, member):
    page = checked(member, HEAD + GOOD)
    assert "Checked, waiting for your choice" in member.get(page).text
    assert consignment_count() == 0
    assert "2 consignments created" in posted(member, page, "all_or_nothing").text
    assert consignment_count() == 2


def test_what_was_imported_is_what_the_file_says(app, member):
    posted(member, checked(member, HEAD + GOOD), "all_or_nothing")
    query = select(Consignment.__table__).where(Consignment.order_ref == "A-1")
    row = db.session.execute(query.execution_options(**CENTRE)).one()
    assert (row.consignee_name, row.consignee_phone) == ("周敏", "+8613800006021")
    assert (row.consignor_name, row.gross_weight_g, row.status) == ("长江商贸", 12_500, "ordered")
    pieces = select(Piece.__table__).where(Piece.consignment_id == row.id)
    (piece,) = db.session.execute(pieces.execution_options(**CENTRE)).all()
    assert (piece.goods, piece.quantity, piece.weight_g) == ("洗衣液", 24, 12_500)


def test_lines_of_one_order_are_pieces_of_one_consignment(app, member):
    second = "A-1,周敏,13800006021,南京路 1 号,上海,柔顺剂,6,3\n"
    posted(member, checked(member, HEAD + GOOD + second), "all_or_nothing")
    query = select(Consignment.piece_count).where(Consignment.order_ref == "A-1")
    assert db.session.scalar(query.execution_options(**CENTRE)) == 2


def test_every_bad_cell_is_named_by_line_column_and_text(app, member):
    page = member.get(checked(member, HEAD + GOOD + BAD))
    assert '<td role="cell" class="fig" data-label="Line">4</td>' in page.text
    assert "<q>12</q>" in page.text
    assert "This is not a telephone number." in page.text


def test_all_or_nothing_creates_nothing_while_one_row_is_wrong(app, member):
    page = checked(member, HEAD + GOOD + BAD)
    assert (
        "Nothing was imported: 1 consignments have problems."
        in posted(member, page, "all_or_nothing").text
    )
    assert consignment_count() == 0


def test_good_rows_only_leaves_the_bad_ones_out(app, member):
    page = checked(member, HEAD + GOOD + BAD)
    assert "2 consignments created" in posted(member, page, "good_rows").text
    assert consignment_count() == 2


def test_the_same_file_twice_creates_nothing_twice(app, member):
    posted(member, checked(member, HEAD + GOOD), "all_or_nothing")
    again = posted(member, checked(member, HEAD + GOOD), "all_or_nothing")
    assert "0 consignments created" in again.text
    assert "2 were there already" in again.text
    assert consignment_count() == 2


def test_an_interrupted_import_goes_on_where_it_stopped(app, member, monkeypatch):
    monkeypatch.setattr("portal.exchange.service.posting.CHUNK", 1)
    page = checked(member, HEAD + GOOD)
    ref = page.rpartition("/")[2]
    member.post(f"{page}/choice", {"choice": "all_or_nothing"})
    from_the_start = {"created": 1, "posted": 1}  # as if the process died after the first chunk
    work()
    everything = update(Import).where(Import.ref == ref).execution_options(**CENTRE)
    with transaction():
        db.session.execute(everything.values(state="running", existing=0, **from_the_start))
        row = db.session.execute(
            select(Import.__table__).where(Import.ref == ref).execution_options(**CENTRE)
        ).one()
    jobs.carry_on(row.id, row.company_id)
    assert consignment_count() == 2
    assert "Imported" in member.get(page).text


def test_the_file_of_problems_holds_the_row_and_what_is_wrong(app, member):
    page = checked(member, HEAD + GOOD + BAD)
    reply = member.get(f"{page}/problems.csv", buffered=True)
    rows = list(csv.reader(io.StringIO(reply.data.decode("utf-8-sig"))))
    assert [len(row) for row in rows] == [9, 9]
    assert rows[1][:3] == ["A-3", "韩梅", "12"]
    assert "This is not a telephone number." in rows[1][8]
    assert member.get(f"{page}/problems.xlsx", buffered=True).data.startswith(b"PK")


def test_the_corrected_file_of_problems_is_understood_like_the_first(app, member):
    page = checked(member, HEAD + GOOD + BAD, **{"column-6": "note", "fixed-goods": "日用品"})
    corrected = (
        member.get(f"{page}/problems.csv", buffered=True)
        .data.decode("utf-8-sig")
        .replace("12", "13800006023")
    )
    again = member.get(handed_in(member, corrected) + "/columns").text
    assert fields_of(again)["column-6"] == "note"


def test_the_result_names_the_number_of_each_row(app, member):
    page = checked(member, HEAD + GOOD + BAD)
    posted(member, page, "good_rows")
    reply = member.get(f"{page}/result.csv", buffered=True)
    rows = list(csv.reader(io.StringIO(reply.data.decode("utf-8-sig"))))
    assert [row[8] for row in rows] == ["Result", "Created", "Created", "Not imported"]
    assert rows[1][9].startswith("QS")


def test_a_mapping_is_remembered_for_files_with_the_same_headers(app, member):
    checked(member, HEAD + GOOD, **{"column-6": "note", "fixed-goods": "日用品"})
    again = member.get(handed_in(member, HEAD + BAD) + "/columns").text
    assert fields_of(again)["column-6"] == "note"


def test_a_missing_column_is_named_at_its_field(app, member):
    page = handed_in(member, HEAD + GOOD)
    form = fields_of(member.get(f"{page}/columns").text)
    reply = member.post(f"{page}/columns", form | {"column-3": ""})
    assert reply.status_code == 422
    assert 'href="#fixed-consignee_phone"' in reply.text


def test_two_columns_for_one_field_are_named(app, member):
    page = handed_in(member, HEAD + GOOD)
    form = fields_of(member.get(f"{page}/columns").text)
    reply = member.post(f"{page}/columns", form | {"column-4": "consignee_name"})
    assert reply.status_code == 422
    assert "“收货人” holds this already." in reply.text


def test_a_fixed_value_that_cannot_be_read_is_named(app, member):
    page = handed_in(member, HEAD + GOOD)
    form = fields_of(member.get(f"{page}/columns").text)
    reply = member.post(f"{page}/columns", form | {"fixed-consignee_country": "Atlantis"})
    assert reply.status_code == 422
    assert 'href="#fixed-consignee_country"' in reply.text


def test_a_company_without_a_sender_says_who_sends(app, as_user):
    member = member_of(make_company(), as_user)
    page = handed_in(member, HEAD + GOOD)
    form = fields_of(member.get(f"{page}/columns").text)
    assert "fixed-consignor" not in form
    sender = {"name": "三仓", "phone": "13800006021", "address": "一路 1 号", "city": "杭州"}
    fixed = {f"fixed-consignor_{part}": text for part, text in sender.items()}
    reply = member.post(f"{page}/columns", form | fixed | {"fixed-consignor_country": "CN"})
    assert reply.status_code == 302
    work()
    assert "1 consignments" not in posted(member, page, "all_or_nothing").text
    assert consignment_count() == 2


def test_a_cancelled_import_creates_nothing(app, member):
    page = checked(member, HEAD + GOOD)
    member.post(f"{page}/cancel")
    assert "Cancelled" in member.get(page).text
    posted(member, page, "all_or_nothing")
    assert consignment_count() == 0


def test_choosing_twice_posts_once(app, member):
    page = checked(member, HEAD + GOOD)
    member.post(f"{page}/choice", {"choice": "all_or_nothing"})
    member.post(f"{page}/choice", {"choice": "all_or_nothing"})
    work()
    assert consignment_count() == 2


def test_progress_is_announced_to_the_one_who_imports(app, member, live, relayed):
    page = live(member)
    page.ask("follow", {"topic": "me"})
    checked(member, HEAD + GOOD)
    while relayed():
        pass
    assert "import.checked" in [event["type"] for event in page.received()]


def test_a_past_delivery_cannot_lie_in_the_future(app, member):
    text = "运单号,目的地国家,签收日期,品名\nH-1,中国,2099-01-02,洗衣液\n"
    page = checked(member, text)
    assert "What happened cannot lie in the future." in member.get(page).text


def test_kinds_and_choices_are_those_of_the_docs():
    assert tuple(uploads.KINDS) == ("orders", "history")
    assert uploads.CHOICES == ("all_or_nothing", "good_rows")
