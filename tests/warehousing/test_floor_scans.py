"""What a scanner reads, and what it misreads."""

from datetime import date
from decimal import Decimal

import pytest

from portal.core import gs1
from portal.core.errors import Invalid, Refused
from portal.warehousing.floor.scans import need, parse

GTIN = "6901234567892"
SSCC = gs1.sscc("6901234", 17)
FNC1 = "\x1d"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("L-HZ1-B07-14-3", "location"),
        ("l-hz1-b07-14-3", "location"),
        (GTIN, "goods"),
        (SSCC, "sscc"),
        (f"00{SSCC}", "sscc"),
        (f"(00){SSCC}", "sscc"),
        (f"]C100{SSCC}", "sscc"),
        ("INABCDEFGH", "reference"),
        ("out7K2M9TXB", "reference"),
        ("W-2291", "reference"),
        ("QS4F7K2M9T0XB7", "consignment"),
        ("HD-LC45-03", "text"),
        ("B07-14-3", "text"),
        ("6901234567890", "text"),
    ],
)
def test_each_code_is_known_by_its_form(text, kind):
    assert parse(text).kind == kind


def test_an_element_string_tells_goods_lot_expiry_and_count():
    scan = parse(f"]d201069012345678921727033110 2610A{FNC1}3712".replace(" ", ""))
    assert (scan.kind, scan.gtin, scan.lot) == ("goods", GTIN, "2610A")
    assert scan.expires_on == date(2027, 3, 31)
    assert scan.quantity == Decimal(12)


@pytest.mark.parametrize("mark", ["\u241d", "<GS>", "{GS}", "^]", FNC1])
def test_fnc1_is_read_as_scanners_type_it(mark):
    scan = parse(f"0106901234567892{'10'}A1{mark}21S-9")
    assert (scan.lot, scan.serial) == ("A1", "S-9")


def test_brackets_are_read_as_they_are_printed():
    scan = parse(f"(01)0{GTIN} (17)280200 (10)B/7 (3103)001250")
    assert (scan.gtin, scan.lot) == (GTIN, "B/7")
    assert scan.expires_on == date(2028, 2, 29)  # day 00: the last of the month
    assert scan.weight_kg == Decimal("1.25")


def test_a_pallet_tells_what_is_on_it():
    scan = parse(f"00{SSCC}02069012345678923748")
    assert (scan.kind, scan.sscc, scan.gtin, scan.quantity) == ("sscc", SSCC, GTIN, Decimal(48))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "x" * 401,
        "(01)06901234567890",  # check digit
        f"]C100{SSCC[:-1]}{9 - int(SSCC[-1])}",
        f"0106901234567892{'17'}271331",  # month 13
        f"0106901234567892{'17'}27",  # cut off
        f"0106901234567892{'37'}A2",
    ],
)
def test_what_was_misread_is_refused_with_a_sentence(text):
    with pytest.raises(Invalid) as refusal:
        parse(text)
    assert "again" in str(refusal.value)


def test_a_scan_out_of_order_says_what_is_to_be_scanned(app):
    with pytest.raises(Refused) as refusal:
        need(parse(GTIN), "location")
    assert str(refusal.value) == "That is goods. Now a location is to be scanned."
    assert need(parse("B07-14-3"), "location").text == "B07-14-3"
    assert need(parse("L-HZ1-B07-1"), "goods", "location").kind == "location"
