"""Sheets: any text grid survives writing and reading; whatever is no sheet gets a sentence."""

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import Babel
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from portal.exchange.rules import bombs, sheets, writers, xlsx
from portal.exchange.rules.problems import SheetError
from portal.exchange.rules.workbook import Formula

HEADERS = ["订单号", "收货人", "备注"]
ENCODINGS = {"utf-8": b"", "utf-8-sig": b"", "utf-16": b"", "gb18030": b""}
TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn"), include_characters="\n\t"),
    max_size=12,
)
GRIDS = st.lists(st.lists(TEXTS, min_size=3, max_size=3), max_size=6)


def encoded(rows: list[list[str]], encoding: str, end: str, delimiter: str = ",") -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, lineterminator=end, quoting=csv.QUOTE_ALL).writerows(rows)
    return out.getvalue().encode(encoding)


def opened(data: bytes, **options: object) -> sheets.Sheet:
    return sheets.open_sheet(io.BytesIO(data), **options)  # type: ignore[arg-type]


def grid(sheet: sheets.Sheet) -> list[list[str]]:
    return [list(row.cells) for row in sheet.rows()]


def filled(rows: list[list[str]]) -> list[list[str]]:
    return [row for row in rows if "".join(row).strip()]


def workbook(rows: list[list[object]]) -> bytes:
    book = Workbook()
    for row in rows:
        book.active.append(row)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def refusal(data: bytes, **options: object) -> SheetError:
    with pytest.raises(SheetError) as caught:
        list(opened(data, **options).rows())
    return caught.value


def said(error: SheetError) -> str:
    app = Flask(__name__)
    Babel(app)
    with app.app_context():
        return str(error)


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("encoding", list(ENCODINGS))
@settings(max_examples=60, deadline=None)
@given(rows=GRIDS, delimiter=st.sampled_from(",;\t|"))
def test_any_grid_is_read_back_in_every_encoding_and_line_end(
    rows: list[list[str]], delimiter: str, encoding: str, end: str
) -> None:
    try:
        data = encoded([HEADERS, *rows], encoding, end, delimiter)
        assume(data.decode(encoding) == encoded([HEADERS, *rows], "utf-8", end, delimiter).decode())
    except UnicodeEncodeError:
        assume(False)
    sheet = opened(data)
    assert sheet.headers == tuple(HEADERS)
    assert sheet.delimiter == delimiter
    assert grid(sheet) == filled(rows)


@settings(max_examples=100, deadline=None)
@given(rows=GRIDS)
def test_our_own_csv_is_read_back_with_its_guards_taken_off(rows: list[list[str]]) -> None:
    sheet = opened(b"".join(writers.write_csv(HEADERS, rows)))
    assert [[writers.unguarded(cell) for cell in row] for row in grid(sheet)] == filled(rows)


@settings(max_examples=30, deadline=None)
@given(rows=GRIDS)
def test_our_own_workbook_holds_no_formula(rows: list[list[str]]) -> None:
    data = b"".join(xlsx.write_xlsx(HEADERS, rows))
    book = load_workbook(io.BytesIO(data))
    cells = [cell for row in book.active.iter_rows() for cell in row if cell.value is not None]
    assert all(cell.data_type != "f" for cell in cells)
    assert all(not str(cell.value).startswith(("=", "+", "-", "@", "\t", "\r")) for cell in cells)


@pytest.mark.parametrize("text", ["=1+1", "+49", "-x", "@SUM", "\tx", "\rx", " =x", "＝1", "'=x"])
def test_a_text_that_begins_like_a_formula_is_guarded(text: str) -> None:
    guarded = writers.guarded(text)
    assert guarded == f"'{text}"
    assert writers.unguarded(guarded) == text


def test_numbers_stay_numbers_in_exports() -> None:
    values = [-5, -1.5, Decimal("-2.50")]
    assert [writers.guarded(value) for value in values] == values
    data = b"".join(writers.write_csv(["a", "b", "c"], [values])).decode("utf-8-sig")
    assert data == '"a","b","c"\r\n-5,-1.5,-2.50\r\n'
    book = load_workbook(io.BytesIO(b"".join(xlsx.write_xlsx(["a", "b", "c"], [values]))))
    assert [cell.value for cell in book.active[2]] == [-5, -1.5, -2.5]


def test_a_csv_export_begins_with_a_mark_for_excel() -> None:
    assert next(writers.write_csv(["a"], [])).startswith(b"\xef\xbb\xbf")


def test_gb18030_without_a_mark_is_found() -> None:
    sheet = opened("订单号,收货人\nA-1,王小明\n".encode("gb18030"))
    assert (sheet.encoding, grid(sheet)) == ("gb18030", [["A-1", "王小明"]])


def test_a_chosen_encoding_is_taken() -> None:
    sheet = opened("訂單號,收貨人\nA-1,陳先生\n".encode("big5"), encoding="big5")
    assert grid(sheet) == [["A-1", "陳先生"]]


def test_a_broken_encoding_names_its_line() -> None:
    error = refusal(b"a,b\r\n1,2\r\n\xff\xff,4\r\n")
    assert error.line == 3
    assert "Line 3" in said(error)


def test_a_nul_names_its_line() -> None:
    assert refusal(b"a,b\r1,2\r3,\0\r").line == 3


def test_a_quote_that_is_never_closed_names_its_line() -> None:
    assert refusal(b'a,b\n1,2\n"3,4\n5,6\n', delimiter=",").line == 3


def test_the_header_stands_below_titles_and_blank_lines() -> None:
    sheet = opened("华东家居发货表,,\n\n订单号,收货人,备注\nA,B,C\n".encode())
    assert (sheet.header_line, sheet.headers) == (3, tuple(HEADERS))
    assert [row.line for row in sheet.rows()] == [4]


def test_headers_are_told_apart_and_never_empty() -> None:
    assert sheets.named_apart(["电话", "", "电话", "电话", " a\n b "]) == (
        "电话", "B", "电话 (2)", "电话 (3)", "a b",
    )  # fmt: skip


def test_excels_own_separator_line_is_followed() -> None:
    sheet = opened(b"sep=;\r\na;b\r\n1,5;2\r\n")
    assert (sheet.headers, grid(sheet)) == (("a", "b"), [["1,5", "2"]])


def test_lines_of_nothing_but_delimiters_are_left_out() -> None:
    assert grid(opened(b"a,b\n1,2\n,\n , \n\n")) == [["1", "2"]]


def test_short_rows_are_filled_and_long_ones_kept() -> None:
    assert grid(opened(b"a,b,c\n1\n1,2,3,4\n")) == [["1", "", ""], ["1", "2", "3", "4"]]


@pytest.mark.parametrize(
    ("data", "limits", "line"),
    [
        (b"a,b\n1,2\n3,4\n5,6\n", sheets.Limits(rows=2), 4),
        (b"a,b\n1,2,3,4\n", sheets.Limits(columns=3), 2),
        (b"a,b\n1,22222\n", sheets.Limits(cell=4), 2),
    ],
)
def test_a_file_past_a_limit_is_refused(data: bytes, limits: sheets.Limits, line: int) -> None:
    assert refusal(data, limits=limits).line == line


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\n\n",
        b"%PDF-1.7",
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
        b"\x89PNG\r\n",
        b"PK\x03\x04no",
    ],
)
def test_what_is_no_sheet_gets_a_sentence(data: bytes) -> None:
    assert said(refusal(data)).endswith(".") or said(refusal(data)).endswith("once more.")


def test_the_sheet_can_be_read_again_and_by_two_at_once() -> None:
    for data in (b"a,b\n1,2\n3,4\n", workbook([["a", "b"], ["1", "2"], ["3", "4"]])):
        sheet = opened(data)
        assert grid(sheet) == grid(sheet) == [["1", "2"], ["3", "4"]]
        if sheet.kind == "xlsx":
            pairs = zip(sheet.rows(), sheet.rows(), strict=True)
            assert all(one == other for one, other in pairs)


def test_a_workbook_gives_typed_cells_as_a_person_would_type_them() -> None:
    row = ["王", 13800138000, 12.5, 0.1 + 0.2, 1e20, True, date(2026, 11, 21),
           datetime(2026, 11, 21, 15, 30), "a\nb"]  # noqa: DTZ001  # fmt: skip
    sheet = opened(workbook([[f"h{number}" for number in range(9)], row]))
    assert sheet.kind == "xlsx"
    assert grid(sheet) == [
        ["王", "13800138000", "12.5", "0.3", "1" + "0" * 20, "TRUE", "2026-11-21",
         "2026-11-21 15:30:00", "a\nb"],
    ]  # fmt: skip


def test_blank_rows_at_the_end_of_a_workbook_are_not_there() -> None:
    rows: list[list[object]] = [["a", "b"], [1, 2], *[[None, "  "] for _ in range(50)]]
    assert grid(opened(workbook(rows))) == [["1", "2"]]


def test_a_formula_without_a_result_is_handed_on_and_not_lost() -> None:
    sheet = opened(workbook([["a", "b"], ["x", "=1+1"]]))
    for _ in range(2):
        cell = next(sheet.rows()).cells[1]
        assert (cell, type(cell)) == ("=1+1", Formula)
        list(sheet.rows())


def test_a_hidden_worksheet_is_not_read() -> None:
    book = Workbook()
    book.active.append(["secret"])
    book.create_sheet("发货").append(["a", "b"])
    book.worksheets[0].sheet_state = "hidden"
    out = io.BytesIO()
    book.active = 1
    book.save(out)
    sheet = opened(out.getvalue())
    assert (sheet.titles, sheet.headers) == (("发货",), ("a", "b"))


def replaced(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", 8) as new:
        for member in old.namelist():
            new.writestr(member, content if member == name else old.read(member))
    return out.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_a_workbook_with_entities_is_refused_unread(encoding: str) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>'
    bad = replaced(workbook([["a", "b"]]), "xl/worksheets/sheet1.xml", text.encode(encoding))
    assert "entities" in said(refusal(bad))


def test_a_workbook_that_unpacks_to_a_bomb_is_refused_unread() -> None:
    bomb = replaced(
        workbook([["a"]]), "xl/worksheets/sheet1.xml", b" " * (bombs.RATIO_FROM_BYTES + 1)
    )
    assert "unpacks" in said(refusal(bomb))


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 5000), byte=st.integers(0, 255))
def test_a_damaged_workbook_never_raises_anything_else(place: int, byte: int) -> None:
    data = bytearray(workbook([["a", "b"], ["x", 2]]))
    data[place % len(data)] = byte
    try:
        list(opened(bytes(data)).rows())
    except SheetError:
        return


@settings(max_examples=100, deadline=None)
@given(data=st.binary(max_size=300))
def test_any_bytes_are_a_sheet_or_a_sentence(data: bytes) -> None:
    try:
        list(opened(data).rows())
    except SheetError:
        return


def test_a_workbook_export_is_read_by_others_and_by_us() -> None:
    row = ["a\r\n<b>_x0041_", 5, Decimal("1.25"), None, True, date(2026, 11, 21),
           datetime(2026, 11, 21, 15, 30)]  # noqa: DTZ001  # fmt: skip
    data = b"".join(xlsx.write_xlsx([f"h{number}" for number in range(7)], [row], title="发货/1"))
    read = load_workbook(io.BytesIO(data))
    assert read.sheetnames == ["发货 1"]
    assert [cell.value for cell in read.active[2]][1:] == [
        5, 1.25, None, True, datetime(2026, 11, 21), row[6],  # noqa: DTZ001
    ]  # fmt: skip
    assert grid(opened(data)) == [
        ["a\r\n<b>_x0041_", "5", "1.25", "", "TRUE", "2026-11-21", "2026-11-21 15:30:00"]
    ]


def test_more_rows_than_a_worksheet_takes_go_to_the_next(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(xlsx, "SHEET_ROWS", 3)
    data = b"".join(xlsx.write_xlsx(["a", "b"], [[number, "x"] for number in range(5)]))
    book = load_workbook(io.BytesIO(data))
    assert [sheet.max_row for sheet in book] == [3, 3, 2]
    assert [row.cells[0] for row in opened(data, title="Sheet1 3").rows()] == ["4"]


@pytest.mark.parametrize("options", [{"delimiter": "xx"}, {"encoding": "rot13"}])
def test_an_unknown_way_to_read_is_refused(options: dict[str, str]) -> None:
    assert said(refusal(b"a,b\n1,2\n", **options)).endswith(".")
