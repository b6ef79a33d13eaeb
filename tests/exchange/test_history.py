"""A real shipper's history: counted here with csv alone, and by the import; the same figures."""

import csv
import io
import re
from collections import Counter, defaultdict
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest

from portal.exchange.rules import mapping, sheets
from portal.exchange.rules.drafts import Draft, drafts
from portal.exchange.rules.history import is_on_time, seen_line
from tests.data import HISTORY

ZONE = ZoneInfo("Asia/Shanghai")
FIGURE = re.compile(r"[\d.]+")


@pytest.fixture(scope="module")
def lines() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(HISTORY.decode("utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def imported() -> list[Draft]:
    return list(_drafts(io.BytesIO(HISTORY)))


def _drafts(file: io.BufferedReader | io.BytesIO) -> list[Draft]:
    sheet = sheets.open_sheet(file)
    guessed = mapping.guess(sheet.headers, [row.cells for row in sheet.sample()])
    return list(drafts(sheet, guessed, zone=ZONE))


def _day(text: str) -> date:
    return datetime.strptime(text, "%d-%b-%y").date()  # noqa: DTZ007


def _groups(lines: list[dict[str, str]]) -> dict[str, list[dict[str, str]]]:
    groups = defaultdict(list)
    for line in lines:
        groups[line["ASN/DN #"]].append(line)
    return groups


def test_every_line_is_in_one_of_7030_consignments(imported: list[Draft]) -> None:
    assert len(imported) == 7030
    numbers = [number for draft in imported for number in draft.lines]
    assert sorted(numbers) == list(range(2, 10_326))
    assert not any(draft.blocked for draft in imported)


def test_on_time_is_what_a_spreadsheet_says(
    imported: list[Draft], lines: list[dict[str, str]]
) -> None:
    expected = sum(
        max(_day(one["Delivered to Client Date"]) for one in group)
        <= max(_day(one["Scheduled Delivery Date"]) for one in group)
        for group in _groups(lines).values()
    )
    assert sum(draft.history["on_time"] for draft in imported) == expected == 6230


def test_consignments_by_month_and_country_are_what_a_spreadsheet_says(
    imported: list[Draft], lines: list[dict[str, str]]
) -> None:
    first = [group[0] for group in _groups(lines).values()]
    months = Counter(f"{_day(one['Delivered to Client Date']):%Y-%m}" for one in first)
    assert Counter(draft.history["delivered"][:7] for draft in imported) == months
    # Country names stand one to one with codes, so equal counts by code are equal by name.
    countries = Counter(one["Country"] for one in first)
    codes = Counter(draft.order["consignee"]["country"] for draft in imported)
    assert sorted(codes.values()) == sorted(countries.values())
    assert (codes["CI"], codes["CD"], codes["VN"], codes["SZ"]) == (
        countries["Côte d'Ivoire"],
        countries["Congo, DRC"],
        countries["Vietnam"],
        countries["Swaziland"],
    )


@pytest.mark.parametrize(
    ("name", "column"),
    [("freight", "Freight Cost (USD)"), ("insurance", "Line Item Insurance (USD)"), ("value", "Line Item Value")],
)  # fmt: skip
def test_money_adds_up_with_nothing_counted_twice(
    imported: list[Draft], lines: list[dict[str, str]], name: str, column: str
) -> None:
    expected = sum(Decimal(one[column]) for one in lines if FIGURE.fullmatch(one[column]))
    amounts = [draft.history[name] for draft in imported if draft.history[name]]
    assert {amount["currency"] for amount in amounts} == {"USD"}
    assert Decimal(sum(amount["minor"] for amount in amounts)) / 100 == expected


def test_weights_add_up_with_nothing_counted_twice(
    imported: list[Draft], lines: list[dict[str, str]]
) -> None:
    expected = sum(int(one["Weight (Kilograms)"]) for one in lines
                   if FIGURE.fullmatch(one["Weight (Kilograms)"]))  # fmt: skip
    assert sum(draft.history["weight_g"] or 0 for draft in imported) == expected * 1000


@pytest.mark.parametrize("column", ["Weight (Kilograms)", "Freight Cost (USD)"])
def test_every_word_in_a_figures_place_is_kept_reported_and_never_zero(
    imported: list[Draft], lines: list[dict[str, str]], column: str
) -> None:
    words = {one["ID"]: one[column] for one in lines if not FIGURE.fullmatch(one[column])}
    history = [line for draft in imported for line in draft.history["lines"]]
    name = "weight_g" if column.startswith("Weight") else "freight"
    remarked = {one["id"]: one["remarks"][column] for one in history if column in one["remarks"]}
    told = [(p.column, p.text) for draft in imported for p in draft.problems if p.column == column]
    zero = {one["ID"]: "0" for one in lines if one[column] == "0"}  # no weight: kept, told as well
    assert remarked == words | zero
    assert len(told) == len(remarked)
    assert all(one[name] is None for one in history if one["id"] in remarked)


def test_unknown_dates_and_modes_are_kept_and_reported(imported: list[Draft]) -> None:
    told = Counter(
        (p.column, p.text) for draft in imported for p in draft.problems if p.kind == "kept"
    )
    assert told[("Shipment Mode", "N/A")] == 360
    assert told[("PO Sent to Vendor Date", "Date Not Captured")] == 328
    modes = {draft.history["mode"] for draft in imported}
    assert modes == {"Air", "Truck", "Air Charter", "Ocean", None}


def test_a_figure_on_another_line_is_pointed_to(imported: list[Draft]) -> None:
    (draft,) = [one for one in imported if one.order["order_ref"] == "ASN-93"]
    assert draft.history["weight_g"] == 479_000
    assert draft.history["freight"] == {"minor": 486_114, "currency": "USD"}
    assert draft.history["remarks"]["Weight (Kilograms)"] == "See ASN-93 (ID#:1281)"
    assert [line["sees"].get("weight") for line in draft.history["lines"]] == [
        "1281", None, "1281", "1281",
    ]  # fmt: skip


def test_month_first_dates_are_told_by_their_column(imported: list[Draft]) -> None:
    (draft,) = [one for one in imported if one.order["order_ref"] == "ASN-285"]
    assert draft.order["ordered_at"] == "2007-01-10T00:00:00+08:00"  # 1/10/07


def test_columns_without_a_meaning_are_kept_as_references(imported: list[Draft]) -> None:
    (draft,) = [one for one in imported if one.order["order_ref"] == "ASN-8"]
    assert draft.history["references"]["PO / SO #"] == "SCMS-4"
    assert draft.history["references"]["Vendor INCO Term"] == "EXW"
    assert draft.history["references"]["PQ #"] == "Pre-PQ Process"


@pytest.mark.parametrize(
    ("text", "line"),
    [("See ASN-93 (ID#:1281)", "1281"), ("see DN-4307 (ID#: 83919)", "83919"), ("见 A-7（行号：12）", "12"),
     ("Weight Captured Separately", None), ("See you (soon)", None), ("", None)],
)  # fmt: skip
def test_a_cell_may_send_its_reader_to_another_line(text: str, line: str | None) -> None:
    assert seen_line(text) == line


@pytest.mark.parametrize(
    ("target", "part"),
    [("2", "counts there"), ("3", "no figure either"), ("4", "another consignment"), ("9", "no line 9")],
)  # fmt: skip
def test_where_the_other_line_is_gets_told(target: str, part: str) -> None:
    text = (
        "行号,运单号,国家,品名,签收日期,计划送达日期,重量(kg)\n"
        f"1,A,中国,书,2026-01-02,2026-01-02,See A (ID#:{target})\n"
        "2,A,中国,书,2026-01-02,2026-01-02,5\n"
        "3,A,中国,书,2026-01-02,2026-01-02,Weight Captured Separately\n"
        "4,B,中国,书,2026-01-02,2026-01-02,6\n"
    )
    first = _drafts(io.BytesIO(text.encode()))[0]
    (problem,) = [one for one in first.problems if one.kind == "see"]
    assert part in problem.message._args[0] % {"name": target}
    assert first.history["weight_g"] == 5000


def test_a_line_of_history_without_its_delivery_day_is_kept_out() -> None:
    text = "运单号,国家,品名,签收日期\nA,中国,书,Date Not Captured\nB,中国,书,2026-01-02\n"
    first, second = _drafts(io.BytesIO(text.encode()))
    assert [(one.line, one.field, one.blocks) for one in first.problems] == [(2, "delivered", True)]
    assert not second.problems


@pytest.mark.parametrize(
    ("planned", "delivered", "expected"),
    [(1, 1, True), (2, 1, True), (1, 2, False), (None, 1, None), (1, None, None)],
)
def test_on_time_is_on_or_before_the_planned_day(
    planned: int | None, delivered: int | None, expected: bool | None
) -> None:
    on = {number: date(2026, 1, number) for number in (1, 2)}
    assert is_on_time(on.get(planned or 0), on.get(delivered or 0)) is expected
