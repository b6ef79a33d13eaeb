"""What a header and its cells give away: its bare words, its unit, whether a meaning fits."""

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache

from opencc import OpenCC

from portal.exchange.rules import cells, codes, dates, money
from portal.exchange.rules.fields import FIELDS
from portal.exchange.rules.problems import Unreadable

UNIT_OF = {"weight": "kg", "length": "cm", "dimensions": "cm"}
#: Kinds whose cells can refute a guess, each with its parser.
FITS: dict[str, Callable[[str], object]] = {
    "unit": codes.unit,
    "country": codes.country,
    "service": codes.service,
    "phone": cells.phone,
    "quantity": lambda text: cells.quantity(text, "." not in text),
    "weight": lambda text: cells.weight_g(text, comma="." not in text),
    "length": lambda text: cells.length_mm(text, comma="." not in text),
    "dimensions": cells.dimensions_mm,
    "money": lambda text: money.amount(text, comma="." not in text),
    "currency": money.currency,
    "day": lambda text: dates.moment(text, "dmy"),
    "moment": lambda text: dates.moment(text, "dmy"),
}


def fits(key: str, column: Sequence[str]) -> bool:
    """Say whether any filled cell of ``column`` can be read as field ``key``."""
    parse = FITS.get(FIELDS[key].kind)
    filled = [text for text in column if text.strip()]
    return parse is None or not filled or any(_reads(parse, text) for text in filled)


def _reads(parse: Callable[[str], object], text: str) -> bool:
    try:
        parse(text)
    except Unreadable:
        return False
    return True


@lru_cache(1)
def _simplifier() -> OpenCC:
    return OpenCC("t2s")


@lru_cache(4096)
def bare(header: str) -> str:
    """Return the header's letters and digits alone, lower case, in simplified characters."""
    plain = unicodedata.normalize("NFKC", header).casefold()
    if not plain.isascii():
        plain = _simplifier().convert(plain)
    plain = plain.replace("必填", "").replace("选填", "")
    return re.sub(r"[\W_]+", "", plain)


def unit_in(header: str, kind: str) -> str:
    """Return the unit or currency a header names, else the usual one of its kind."""
    words = re.findall(r"[a-z]+|[^\W\d_a-z]+|[¥€£$]", unicodedata.normalize("NFKC", header).lower())
    if kind in UNIT_OF:
        known = cells.WEIGHT_G if kind == "weight" else cells.LENGTH_MM
        simple = [bare(word) for word in words]
        return next((word for word in reversed(simple) if word in known), UNIT_OF[kind])
    if kind == "money":
        return next((code for word in reversed(words) if (code := currency_in(word))), "")
    return ""


def currency_in(word: str) -> str:
    """Return the currency that a word of a header means, or nothing."""
    try:
        return money.currency(word) if 0 < len(word) < 4 and word != "cod" else ""
    except Unreadable:
        return ""
