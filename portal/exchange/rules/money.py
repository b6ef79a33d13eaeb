"""Amounts in cells → integer minor units and an ISO 4217 currency."""

import re
import unicodedata
from decimal import Decimal
from functools import lru_cache

from babel import Locale
from babel.numbers import get_currency_precision

from portal.core.i18n import lazy as _l
from portal.exchange.rules import cells
from portal.exchange.rules.problems import Unreadable

MAX_MINOR = 10**15
AMOUNT = re.compile(r"([^\d.,]*?)\s*([\d.,' ]*\d)\s*(\D*)")
SIGNS = {
    "¥": "CNY", "元": "CNY", "圆": "CNY", "圓": "CNY", "块": "CNY", "rmb": "CNY", "人民币": "CNY",
    "人民幣": "CNY", "cn¥": "CNY", "us$": "USD", "美元": "USD", "美金": "USD", "usd$": "USD",
    "€": "EUR", "欧元": "EUR", "歐元": "EUR", "£": "GBP", "英镑": "GBP", "英鎊": "GBP",
    "hk$": "HKD", "港币": "HKD", "港幣": "HKD", "港元": "HKD", "nt$": "TWD", "新台币": "TWD",
    "新台幣": "TWD", "jp¥": "JPY", "日元": "JPY", "₩": "KRW", "韩元": "KRW", "₫": "VND",
}  # fmt: skip
DOLLARS = ("USD", "HKD", "TWD", "SGD", "AUD", "CAD", "NZD", "MOP")


@lru_cache(1)
def _known() -> frozenset[str]:
    return frozenset(Locale("en").currencies)


@lru_cache(cells.REMEMBERED)
def currency(given: str) -> str:
    """Return the ISO 4217 code that a code, a sign or a Chinese name means."""
    clean = unicodedata.normalize("NFKC", cells.text(given, 30))
    code = clean.upper()
    found = code if code in _known() else SIGNS.get(clean.lower())
    if found is None:
        raise Unreadable(_l("This is not a currency. Write its code, like CNY or USD."))
    return found


def amount(given: str, default: str = "CNY", comma: bool = False) -> dict[str, int | str]:
    """Return ``{"minor", "currency"}``; ``default`` holds where the cell names no currency.

    Raises Unreadable for more decimals than the currency has, rather than round money.
    """
    code = default
    figure = given
    if not cells.PLAIN.fullmatch(given):
        figure, code = _parted(given, default)
    value = cells.number(figure, comma).scaleb(_precision(code))
    minor = int(value)
    if minor != value:
        raise Unreadable(_l("%(currency)s amounts do not have that many decimals.", currency=code))
    if minor > MAX_MINOR:
        raise Unreadable(_l("This amount is too large."))
    return {"minor": minor, "currency": code}


def _parted(given: str, default: str) -> tuple[str, str]:
    clean = unicodedata.normalize("NFKC", cells.text(given, 60))
    parts = AMOUNT.fullmatch(clean)
    if parts is None or parts[1].strip() == "-":
        return clean, default
    named = (parts[1] or parts[3]).strip()
    if named == "$":
        return parts[2], default if default in DOLLARS else "USD"
    if parts[1].strip() and parts[3].strip():
        return clean, default
    try:
        return parts[2], currency(named) if named else default
    except Unreadable:
        # Words in an amount's place: say that it is no number, not that it is no currency.
        return clean, default


@lru_cache(512)
def _precision(code: str) -> int:
    return int(get_currency_precision(code))


def major(minor: int, code: str) -> Decimal:
    """Return minor units as the decimal amount a spreadsheet shows."""
    return Decimal(minor).scaleb(-_precision(code))
