"""Cells: what each kind of column reads, and what it refuses with a sentence."""

from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.exchange.rules import cells, codes, dates, money
from portal.exchange.rules.problems import Unreadable

DAY = date(2026, 11, 21)
AT = datetime(2026, 11, 21, 15, 30)  # noqa: DTZ001


@pytest.mark.parametrize(
    ("given_text", "expected"),
    [
        ("  王 小明 ", "王 小明"),
        ("\u202d13800138000\u202c", "13800138000"),
        ("\ufeffA\u200b", "A"),
        ("Co\u0302te", "Côte"),
        ("a\r\nb\tc", "a b c"),
        ("'+8613800138000", "+8613800138000"),
        ("'t Hooft", "'t Hooft"),
    ],
)
def test_text_is_tidied(given_text: str, expected: str) -> None:
    assert cells.text(given_text) == expected


@pytest.mark.parametrize("bad", ["a\0b", "a\x07", "\ud800", "x" * 201])
def test_text_that_cannot_be_kept_is_refused(bad: str) -> None:
    with pytest.raises(Unreadable):
        cells.text(bad)


@given(st.text(max_size=60))
def test_text_is_one_printable_line_or_a_sentence(given_text: str) -> None:
    try:
        clean = cells.text(given_text)
    except Unreadable:
        return
    assert "\n" not in clean
    assert "\r" not in clean
    assert cells.text(clean) in (clean, clean[1:])


@pytest.mark.parametrize(
    ("given_text", "country", "expected"),
    [
        ("13800138000", "CN", "+8613800138000"),
        ("138 0013-8000", "CN", "+8613800138000"),
        ("+86 138 0013 8000", "DE", "+8613800138000"),
        ("0086-13800138000", "CN", "+8613800138000"),
        ("0571-8888 8888", "CN", "+8657188888888"),
        ("(030) 901820", "DE", "+4930901820"),
        ("+49 30 901820", "CN", "+4930901820"),
    ],
)
def test_phones_become_e164(given_text: str, country: str, expected: str) -> None:
    assert cells.phone(given_text, country) == expected


@pytest.mark.parametrize("bad", ["1.38E+10", "无", "12", "hello", "1380013800012345"])
def test_what_is_no_phone_is_refused(bad: str) -> None:
    with pytest.raises(Unreadable):
        cells.phone(bad)


def test_a_reference_that_a_spreadsheet_shortened_is_refused() -> None:
    with pytest.raises(Unreadable):
        cells.reference("6.90123E+12")


@pytest.mark.parametrize(
    ("given_text", "comma", "expected"),
    [
        ("12", False, "12"), ("1,234.50", False, "1234.50"), ("1 234", False, "1234"),
        ("\uff11\uff10.5", False, "10.5"), ("1.234,5", True, "1234.5"), ("12,5", True, "12.5"),
        ("1’234.5", False, "1234.5"), ("0", False, "0"),
    ],
)  # fmt: skip
def test_numbers_are_read_with_their_separators(
    given_text: str, comma: bool, expected: str
) -> None:
    assert cells.number(given_text, comma) == Decimal(expected)


@pytest.mark.parametrize(
    "bad", ["-1", "1,23.4", "12,5", "1e400", "NaN", "Infinity", "1_000", "٣x", ""]
)
def test_what_is_no_number_is_refused(bad: str) -> None:
    with pytest.raises(Unreadable):
        cells.number(bad)


@pytest.mark.parametrize(
    ("given_text", "unit", "expected"),
    [
        ("12.5", "kg", 12_500), ("500", "g", 500), ("500 g", "kg", 500), ("3斤", "kg", 1500),
        ("1吨", "kg", 1_000_000), ("1 lb", "kg", 454),
        ("0.0005", "kg", 1), ("1,200 KG", "g", 1_200_000),
    ],
)  # fmt: skip
def test_weights_become_grams(given_text: str, unit: str, expected: int) -> None:
    assert cells.weight_g(given_text, unit) == expected


@pytest.mark.parametrize("bad", ["0", "0.0001", "-3", "1000001", "9" * 30, "heavy", "5 m"])
def test_weights_that_cannot_be_are_refused(bad: str) -> None:
    with pytest.raises(Unreadable):
        cells.weight_g(bad)


def test_dimensions_are_read_from_one_cell_or_three() -> None:
    assert cells.dimensions_mm("40*30x20cm") == (400, 300, 200)
    assert cells.dimensions_mm("400×300×200", "mm") == (400, 300, 200)
    assert cells.length_mm("1.2m") == 1200


def test_quantities_are_plain_decimals_above_zero() -> None:
    assert cells.quantity("24.0") == "24"
    assert cells.quantity("1,000") == "1000"
    assert cells.quantity("0.25") == "0.25"
    for bad in ("0", "-1", "1" * 20, "0.1234567"):
        with pytest.raises(Unreadable):
            cells.quantity(bad)


@pytest.mark.parametrize(
    ("given_text", "default", "minor", "currency"),
    [
        ("780.34", "USD", 78_034, "USD"), ("¥1,200", "USD", 120_000, "CNY"),
        ("12.5元", "USD", 1_250, "CNY"), ("US$ 5", "CNY", 500, "USD"), ("$5", "CNY", 500, "USD"),
        ("$5", "HKD", 500, "HKD"), ("EUR 1.10", "CNY", 110, "EUR"), ("1200", "JPY", 1200, "JPY"),
        ("0", "CNY", 0, "CNY"),
    ],
)  # fmt: skip
def test_amounts_become_minor_units(
    given_text: str, default: str, minor: int, currency: str
) -> None:
    assert money.amount(given_text, default) == {"minor": minor, "currency": currency}


@pytest.mark.parametrize("bad", ["1.234", "Invoiced Separately", "-5", "9" * 17, "5 XYZW"])
def test_amounts_that_cannot_be_are_refused(bad: str) -> None:
    with pytest.raises(Unreadable):
        money.amount(bad)


@pytest.mark.parametrize(
    ("given_text", "order", "expected"),
    [
        ("2-Jun-06", "", date(2006, 6, 2)), ("11/13/06", "", date(2006, 11, 13)),
        ("13/11/2006", "", date(2006, 11, 13)), ("1/2/07", "mdy", date(2007, 1, 2)),
        ("1/2/07", "dmy", date(2007, 2, 1)), ("5/5/07", "", date(2007, 5, 5)),
        ("2026-11-21", "", DAY), ("21.11.2026", "", DAY), ("2026年11月21日", "", DAY),
        ("20261121", "", DAY), ("Nov 21, 2026", "", DAY), ("21 November 2026", "", DAY),
        ("46347", "", DAY), ("46347.645833333", "", AT), ("2026/11/21 15:30", "", AT),
        ("2026年11月21日 下午3:30", "", AT), ("11/21/2026 3:30 PM", "", AT),
        ("2-Jun-75", "", date(1975, 6, 2)),
        ("2026-11-21T15:30:00+08:00", "", AT.replace(tzinfo=timezone(timedelta(hours=8)))),
        ("2026-11-21T15:30:00Z", "", AT.replace(tzinfo=UTC)),
    ],
)  # fmt: skip
def test_dates_are_read_in_many_ways(
    given_text: str, order: str, expected: date | datetime
) -> None:
    assert dates.moment(given_text, order) == expected


@pytest.mark.parametrize(
    "bad", ["1/2/07", "31-Feb-2020", "Date Not Captured",
     "2026-13-01", "2026-11-21 25:00",
     "12", "0000-01-01", "9999-01-01", "2026-11-21 soon"]
)  # fmt: skip
def test_what_is_no_date_or_could_be_two_is_refused(bad: str) -> None:
    with pytest.raises(Unreadable):
        dates.moment(bad)


@given(
    st.dates(date(1970, 1, 1), date(2069, 12, 31)),
    st.sampled_from(["%d-%b-%y", "%Y/%m/%d", "%m/%d/%Y"]),
)
def test_a_written_date_is_read_back(day: date, pattern: str) -> None:
    assert dates.on(day.strftime(pattern), "mdy") == day


@pytest.mark.parametrize(
    ("column", "order"),
    [(["1/2/07", "11/13/06"], "mdy"), (["1/2/07", "13/11/06"], "dmy"), (["1/2/07"], "dmy"),
     (["13/1/06", "1/13/06"], ""), (["2026-01-02", ""], "dmy")],
)  # fmt: skip
def test_a_column_decides_the_order_of_its_dates(column: list[str], order: str) -> None:
    assert dates.order_of(dates.hint(text) for text in column) == order


def test_a_bare_day_begins_or_ends_at_the_zones_midnight() -> None:
    zone = ZoneInfo("Asia/Shanghai")
    assert dates.instant(DAY, zone) == "2026-11-21T00:00:00+08:00"
    assert dates.instant(DAY, zone, end_of_day=True) == "2026-11-21T23:59:00+08:00"


@pytest.mark.parametrize(
    ("name", "code"),
    [("CN", "CN"), ("中国", "CN"), ("中國", "CN"), ("Côte d'Ivoire", "CI"), ("Côte d’Ivoire", "CI"),
     ("Congo, DRC", "CD"), ("Vietnam", "VN"), ("越南", "VN"), ("Swaziland", "SZ"), ("德国", "DE"),
     ("德國", "DE"), ("USA", "US"), ("South Sudan", "SS"), ("NA", "NA"), ("gb", "GB")],
)  # fmt: skip
def test_countries_are_known_by_code_and_name(name: str, code: str) -> None:
    assert codes.country(name) == code


@pytest.mark.parametrize(
    ("word", "code"),
    [("件", "H87"), ("个", "C62"), ("箱", "XCT"), ("托", "XPX"), ("PCS", "H87"),
     ("C62", "C62"), ("kg", "KGM")],
)  # fmt: skip
def test_units_become_rec_20_codes(word: str, code: str) -> None:
    assert codes.unit(word) == code


@pytest.mark.parametrize(
    ("word", "code"), [("标准", "standard"), ("Express", "express"), ("冷链", "cold")]
)
def test_services_are_known_by_word(word: str, code: str) -> None:
    assert codes.service(word) == code


@pytest.mark.parametrize("parse", [codes.country, codes.unit, codes.service, money.currency])
def test_unknown_words_are_refused(parse: object) -> None:
    with pytest.raises(Unreadable):
        parse("Atlantis")  # type: ignore[operator]
