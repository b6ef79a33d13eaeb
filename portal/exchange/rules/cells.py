"""One cell of text → the value its column holds, or a sentence why it cannot be that.

Every parser takes the cell as given, returns a plain value and raises Unreadable. Those whose
cells repeat in a sheet (phones, countries, dates) remember what they have read.
"""

import re
import unicodedata
from decimal import ROUND_HALF_UP, Decimal
from functools import lru_cache

import phonenumbers

from portal.core.i18n import lazy as _l
from portal.exchange.rules.problems import Unreadable
from portal.exchange.rules.writers import unguarded

REMEMBERED = 1 << 16
MAX_WEIGHT_G = 1_000_000_000  # 1 000 t: a whole shipload of one line
MAX_LENGTH_MM = 100_000
MAX_QUANTITY = Decimal(10**12)
MAX_DECIMALS = 6
#: Marks that copying from chats and web pages leaves: they show nothing and break look-ups.
UNSEEN = re.compile("[\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff\u00ad]")
CONTROL = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
SHORTENED = re.compile(r"\d(?:[.,]\d+)?[eE]\+?\d{1,3}")
ABSENT = frozenset(
    ("n/a", "na", "#n/a", "nil", "none", "null", "-", "--", "---", "/", "\\", "无", "無", "不适用",
     "不適用", "空")
)  # fmt: skip
MOBILE = re.compile(r"(?:\+|00)?(?:86)?(1[3-9]\d{9})")
PHONE_NOISE = {ord(mark): None for mark in " -()（）.\u00a0\u2010\u2011\u2012\u2013"}
PLAIN = re.compile(r"\d{1,15}(?:\.\d{1,9})?")
GROUPED = {
    False: re.compile(r"\d{1,3}(?:[,' ]\d{3})+(?:\.\d{1,9})?|\d{1,15}(?:\.\d{1,9})?|\.\d{1,9}"),
    True: re.compile(r"\d{1,3}(?:[.' ]\d{3})+(?:,\d{1,9})?|\d{1,15}(?:,\d{1,9})?"),
}
WEIGHT_G: dict[str, int | Decimal] = {
    "kg": 1000, "kgs": 1000, "kilo": 1000, "kilos": 1000, "kilogram": 1000, "kilograms": 1000,
    "公斤": 1000, "千克": 1000, "g": 1, "gr": 1, "gram": 1, "grams": 1, "克": 1, "t": 1_000_000,
    "ton": 1_000_000, "tons": 1_000_000, "tonne": 1_000_000, "tonnes": 1_000_000, "吨": 1_000_000,
    "噸": 1_000_000, "mt": 1_000_000, "斤": 500, "市斤": 500,
    "lb": Decimal("453.59237"), "lbs": Decimal("453.59237"), "磅": Decimal("453.59237"),
}  # fmt: skip
LENGTH_MM: dict[str, int | Decimal] = {
    "mm": 1, "毫米": 1, "cm": 10, "厘米": 10, "公分": 10, "dm": 100, "分米": 100, "m": 1000,
    "米": 1000, "公尺": 1000, "in": Decimal("25.4"), "inch": Decimal("25.4"), '"': Decimal("25.4"),
    "英寸": Decimal("25.4"), "ft": Decimal("304.8"),
}  # fmt: skip


def text(given: str, limit: int = 200) -> str:
    """Return ``given`` on one line, NFC, without unseen marks or an export's guard apostrophe.

    ``limit`` is in characters. Raises Unreadable for control characters and lone surrogates.
    """
    if given.isprintable() and unicodedata.is_normalized("NFC", given):
        clean = given.strip() if "  " not in given else " ".join(given.split())
    else:
        clean = " ".join(_clean(given).split())
    return _short(unguarded(clean), limit)


def lines(given: str, limit: int = 2000) -> str:
    """Return ``given`` like ``text`` but with its line breaks, each as LF."""
    clean = _clean(given.replace("\r\n", "\n").replace("\r", "\n"))
    return _short(unguarded(clean.strip()), limit)


def _clean(given: str) -> str:
    if CONTROL.search(given):
        raise Unreadable(_l("This cell holds characters that cannot be shown. Type it again."))
    return unicodedata.normalize("NFC", UNSEEN.sub("", given))


def _short(clean: str, limit: int) -> str:
    if len(clean) > limit:
        raise Unreadable(_l("This is longer than %(limit)s characters.", limit=limit))
    return clean


def is_absent(given: str) -> bool:
    """Say whether the cell says in words that there is nothing: N/A, none, 无, a dash."""
    return given.strip().casefold() in ABSENT


def reference(given: str, limit: int = 64) -> str:
    """Return a number that identifies something; refuse one a spreadsheet has shortened."""
    clean = text(given, limit)
    if SHORTENED.fullmatch(clean):
        raise Unreadable(SHORTENED_SENTENCE)
    return clean


SHORTENED_SENTENCE = _l(
    "The spreadsheet has shortened this number. Format the column as text and enter it again."
)


@lru_cache(REMEMBERED)
def phone(given: str, country: str = "CN") -> str:
    """Return the number as E.164; without a country code it is taken for one of ``country``."""
    clean = text(given, 60)
    mobile = MOBILE.fullmatch(clean.translate(PHONE_NOISE))
    # Nine in ten numbers are Chinese mobiles; the library takes fifty times as long for one.
    if mobile and (country == "CN" or clean.startswith(("+86", "0086"))):
        return f"+86{mobile[1]}"
    if SHORTENED.fullmatch(clean):
        raise Unreadable(SHORTENED_SENTENCE)
    try:
        number = phonenumbers.parse(clean, country)
    except phonenumbers.NumberParseException:
        number = None
    if number is None or not phonenumbers.is_valid_number(number):
        raise Unreadable(
            _l("This is not a telephone number. Write it like 13800138000 or +49 30 901820.")
        )
    return str(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))


def number(given: str, comma: bool = False) -> Decimal:
    """Return a decimal of at least zero. ``comma`` says that the comma marks its decimals."""
    if not comma and PLAIN.fullmatch(given) and given.isascii():
        return Decimal(given)
    clean = unicodedata.normalize("NFKC", _clean(given)).strip().replace("’", "'")
    if SHORTENED.fullmatch(clean):
        raise Unreadable(SHORTENED_SENTENCE)
    if clean.startswith("-") and len(clean) > 1:
        raise Unreadable(_l("This may not be below zero."))
    if not GROUPED[comma].fullmatch(clean):
        raise Unreadable(_l("This is not a number."))
    thousands, mark = (".", ",") if comma else (",", ".")
    bare = clean.translate({ord(thousands): None, ord("'"): None, ord(" "): None})
    return Decimal(bare.replace(mark, "."))


def quantity(given: str, comma: bool = False) -> str:
    """Return a quantity above zero as a plain decimal string, at most six decimals."""
    found = number(given, comma)
    if not 0 < found < MAX_QUANTITY:
        raise Unreadable(_l("A quantity must be above zero and below 1 000 000 000 000."))
    plain = format(found.normalize(), "f")
    if len(plain.partition(".")[2]) > MAX_DECIMALS:
        raise Unreadable(_l("A quantity has at most %(count)s decimals.", count=MAX_DECIMALS))
    return plain


def weight_g(given: str, unit: str = "kg", comma: bool = False) -> int:
    """Return whole grams, halves up; ``unit`` holds where the cell names none itself."""
    grams = _measure(given, WEIGHT_G, unit, comma)
    if not 1 <= grams <= MAX_WEIGHT_G:
        raise Unreadable(_l("A weight must be above zero and at most 1 000 tonnes."))
    return grams


def length_mm(given: str, unit: str = "cm", comma: bool = False) -> int:
    """Return whole millimetres, halves up; ``unit`` holds where the cell names none itself."""
    length = _measure(given, LENGTH_MM, unit, comma)
    if not 1 <= length <= MAX_LENGTH_MM:
        raise Unreadable(_l("A length must be above zero and at most 100 metres."))
    return length


def dimensions_mm(given: str, unit: str = "cm") -> tuple[int, int, int]:
    """Return length, width and height in millimetres of a cell like ``40*30*20cm``."""
    parts = re.split(r"[*xX×＊]", _clean(given))  # noqa: RUF001
    if len(parts) != 3:
        raise Unreadable(_l("Give length, width and height like 40*30*20."))
    named = re.search(r"([a-zA-Z毫厘米公分]+)\s*$", parts[2])
    last_unit = named[1].lower() if named and named[1].lower() in LENGTH_MM else unit
    length, width, height = (length_mm(part.strip(), last_unit) for part in parts)
    return length, width, height


def _measure(given: str, units: dict[str, int | Decimal], unit: str, comma: bool) -> int:
    figure = given
    if not given[-1:].isdigit():
        clean = unicodedata.normalize("NFKC", _clean(given)).strip()
        named = re.search(r"[^\d.,' ]+$", clean)
        if named and named[0].lower().rstrip(".") in units:
            unit = named[0].lower().rstrip(".")
            figure = clean[: named.start()].strip()
    exact = number(figure, comma) * units[unit]
    return int(exact.quantize(Decimal(1), ROUND_HALF_UP))
