"""Quantities as people and sheets write them."""

from decimal import Decimal

import pytest

from portal.core import quantities


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("12", "12"),
        (" 12 ", "12"),
        ("0.5", "0.5"),
        ("-3", "-3"),
        ("1,200.5", "1200.5"),
        ("1,234,567", "1234567"),
        ("\uff11\uff12", "12"),
        ("1\uff0c200", "1200"),
        ("2.50000", "2.5"),
        ("1000000000", "1000000000"),
    ],
)
def test_a_quantity_is_read(text, value):
    assert quantities.read(text) == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        *("", "many", "1,5", "0,5", "12,34", "1.2345", ",500", "1_0", "1e3", "NaN", "Infinity"),
        *("1.2345", "1000000001", "1.", ".", "--1", "9" * 5000, "²", "٣", "1 200"),
    ],
)
def test_what_is_no_quantity_or_could_be_two_is_refused(text):
    with pytest.raises(ValueError, match=r"quantity|number"):
        quantities.read(text)
