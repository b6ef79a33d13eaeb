"""Files that are none, rows that break, strangers: a sentence, and nothing half done."""

import io
import zipfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.accounts.roles import MEMBER_ROLES
from portal.consignments.api import shapes
from portal.consignments.rules import fields
from portal.core import clock
from portal.core.api import parsed
from portal.exchange.rules import limits, mapping, sheets
from portal.exchange.rules.drafts import drafts
from portal.exchange.rules.limits import within_limits
from tests.exchange.importing import (
    BAD,
    GOOD,
    HEAD,
    PARTY,
    checked,
    consignment_count,
    handed_in,
    member_company,
    member_of,
    posted,
)
from tests.factories import make_colleague, make_dispatcher


@pytest.fixture
def member(as_user):
    return member_of(member_company(), as_user)


def bomb() -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/workbook.xml", "<workbook/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 50_000_000)
    return data.getvalue()


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"\x89PNG\r\n\x1a\n123", "This is not a sheet we can read."),
        (b"PK\x03\x04 broken", "This workbook is damaged"),
        (bomb(), "This workbook unpacks to more than we can take."),
        (b"\xff\xfe\xfd\x00\x80", "cannot be read as text"),
        (HEAD.encode(), "The file has a header but no rows below it."),
        (b"\n\n", "The file has no rows."),
        (HEAD.encode() + b'"A-1,x\n', "a quotation mark is not closed"),
        (HEAD.encode() + b"A\x00,b\n", "holds a NUL character"),
        (HEAD.encode() + b"x" * 40_000 + b",b\n", "more than 32767 characters"),
    ],
    ids=[
        "picture",
        "broken zip",
        "bomb",
        "no text",
        "header only",
        "blank",
        "quote",
        "nul",
        "long",
    ],
)
def test_a_file_that_cannot_be_read_says_why_and_is_kept(app, member, content, sentence):
    page = handed_in(member, content)
    assert sentence in member.get(page).text
    assert member.get(f"{page}/original", buffered=True).data == content


def test_an_empty_file_is_refused(app, member):
    reply = member.post("/portal/imports", {"file": (io.BytesIO(b""), "empty.csv")})
    assert reply.status_code == 422
    assert "The file is empty." in reply.text


def test_no_file_at_all_is_refused(app, member):
    reply = member.post("/portal/imports", {})
    assert reply.status_code == 422
    assert "Choose a file." in reply.text


def test_a_file_that_breaks_far_below_creates_nothing(app, member):
    page = checked(member, HEAD + GOOD * 100 + '"A-9,x\n')
    assert "a quotation mark is not closed" in member.get(page).text
    assert consignment_count() == 0


def test_a_file_of_more_rows_than_we_take_says_so(app, member):
    page = checked(member, HEAD + "A,b,1,c,d,e,1,1\n" * 200_001)
    assert "more than 200000 rows" in member.get(page).text


def test_a_formula_goes_in_as_text_and_comes_out_harmless(app, member):
    row = 'A-1,"=HYPERLINK(""x"")",13800006021,南京路 1 号,上海,洗衣液,24,12.5\n'
    posted(member, checked(member, HEAD + row), "all_or_nothing")
    sheet = member.get("/portal/exports/consignments.csv", buffered=True).data.decode("utf-8-sig")
    assert "\"'=HYPERLINK(" in sheet


def test_another_companys_import_looks_missing(app, member, as_user):
    page = checked(member, HEAD + GOOD + BAD)
    stranger = member_of(member_company("别家"), as_user)
    for path in ("", "/fragment", "/columns", "/problems.csv", "/result.xlsx", "/original"):
        assert stranger.get(page + path).status_code == 404, path
    for path in ("/columns", "/choice", "/cancel", "/reading"):
        assert stranger.post(page + path).status_code == 404, path
    assert page.rpartition("/")[2] not in stranger.get("/portal/imports").text


@pytest.mark.parametrize("role", MEMBER_ROLES)
def test_only_those_with_the_right_import(app, as_user, role):
    browser = as_user(make_colleague(member_company(), role))
    allowed = "consignments.import" in MEMBER_ROLES[role]
    assert browser.get("/portal/imports").status_code == (200 if allowed else 403)


def test_staff_do_not_import(app, as_user):
    assert as_user(make_dispatcher()).get("/portal/imports").status_code == 403


def test_the_limits_are_those_of_the_api():
    assert limits.MAX_PIECES == shapes.MAX_PIECES
    assert limits.MAX_GRAMS == fields.MAX_GRAMS
    assert limits.MAX_MINOR == fields.MAX_MINOR
    assert limits.FORESEEABLE == fields.FORESEEABLE
    assert limits.FUTURE_TOLERANCE == fields.FUTURE_TOLERANCE


@settings(max_examples=60, deadline=None)
@given(
    name=st.text(alphabet="周敏 aé'", min_size=1, max_size=130),
    city=st.sampled_from(["上海", "x" * 61, "New York"]),
    quantity=st.sampled_from(["1", "2.5", "1.2345", "0"]),
    weight=st.sampled_from(["0.5", "99999", "100001", "1e3"]),
    ordered=st.sampled_from(["", "2026-01-02", "1999-01-01", "2090-01-01"]),
)
def test_what_the_import_takes_the_api_takes(name, city, quantity, weight, ordered):
    head = HEAD.strip() + ",下单时间\n"
    text = f'{head}A-1,"{name}",13800006021,一路 1 号,{city},洗衣液,{quantity},{weight},{ordered}\n'
    sheet = sheets.open_sheet(io.BytesIO(text.encode()))
    guessed = mapping.guess(sheet.headers, [row.cells for row in sheet.sample()])
    for draft in drafts(sheet, guessed, zone=clock.zone(), own=PARTY):
        if not draft.blocked and not within_limits(draft, {}, clock.now()):
            parsed(shapes.NewConsignment, draft.order)
