"""What a scanner read: GS1 element strings, plain GTINs and SSCCs, locations, our references."""

import calendar
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from portal.core import clock, gs1
from portal.core.errors import Invalid, Refused
from portal.core.i18n import lazy as _l

MAX_TEXT = 400  # characters of one scan
#: What stands for FNC1 between fields: the control character, and what scanners type for it.
_SEPARATORS = re.compile("\u241d|<GS>|\\{GS\\}|\\[FNC1\\]|\\^\\]")
_FNC1 = "\x1d"
_SYMBOLOGY = re.compile(r"^\](?:C1|d2|e0|Q3|J1)")
_BRACKETED = re.compile(r"\((\d{2,4})\)([^(]*)")
#: Application identifiers with a set length (GS1 General Specifications §3, figure 7.8.5-2).
_SET = {"00": 18, "01": 14, "02": 14, "03": 14, "20": 2}
_SET |= {f"{ai}": 6 for ai in range(11, 20)}
_LOCATION = re.compile(r"L-[0-9A-Z]+(?:-[0-9A-Z.]+)+")
_REFERENCE = re.compile(r"(?:IN|OUT|RT|CT|MV|KT)[0-9A-Z]{6,10}|W-[0-9A-Z-]{2,20}")
_CONSIGNMENT = re.compile(r"QS[0-9A-Z]{12}")
#: Kind of a scan → what it is called in a sentence.
KINDS = {
    "location": _l("a location"),
    "goods": _l("goods"),
    "sscc": _l("a pallet or carton"),
    "reference": _l("a notice, order or task"),
    "consignment": _l("a consignment"),
    "text": _l("a code that says nothing by itself"),
}


@dataclass(frozen=True, kw_only=True)
class Scan:
    """One scan. ``kind`` is of KINDS; a ``text`` may still be the code of a SKU or a location.

    ``quantity`` is a count (AI 30, 37), ``weight_kg`` a net weight (AI 310x).
    """

    kind: str
    text: str
    gtin: str | None = None
    sscc: str | None = None
    lot: str | None = None
    serial: str | None = None
    made_on: date | None = None
    expires_on: date | None = None
    quantity: Decimal | None = None
    weight_kg: Decimal | None = None


def parse(text: str) -> Scan:
    """Return what ``text`` is.

    Raises Invalid for nothing, for too much, and for a GS1 element string that is broken: a
    check digit or a date that is wrong means that the scanner misread it.
    """
    plain = _SEPARATORS.sub(_FNC1, unicodedata.normalize("NFKC", text.replace("\u241d", _FNC1)))
    plain = plain.strip(" \t\r\n")
    if not plain or len(plain) > MAX_TEXT:
        raise Invalid(_l("Nothing could be read. Scan it again."))
    elements = _elements(plain)
    return _of_elements(plain, elements) if elements else _of_code(plain)


def need(scan: Scan, *kinds: str) -> Scan:
    """Return ``scan`` if it is of one of ``kinds``; else Refused: scanned out of order.

    A bare ``text`` passes where goods or a location is wanted, for it may be the code of one.
    """
    if scan.kind in kinds or (scan.kind == "text" and {"goods", "location"} & set(kinds)):
        return scan
    raise Refused(
        _l(
            "That is %(found)s. Now %(wanted)s is to be scanned.",
            found=KINDS[scan.kind],
            wanted=KINDS[kinds[0]],
        )
    )


def unknown(scan: Scan) -> Refused:
    """Return the answer to a code that nothing here bears."""
    return Refused(
        _l("Nothing here has the code %(code)s. Scan it again, or look it up.", code=_short(scan))
    )


def _short(scan: Scan) -> str:
    return scan.gtin or scan.sscc or scan.text.replace(_FNC1, " ")[:40]


def _of_code(plain: str) -> Scan:
    code = plain.upper()
    if gs1.is_sscc(code):
        return Scan(kind="sscc", text=plain, sscc=code)
    if gs1.is_gtin(code):
        return Scan(kind="goods", text=plain, gtin=code)
    for kind, pattern in (
        ("location", _LOCATION),
        ("reference", _REFERENCE),
        ("consignment", _CONSIGNMENT),
    ):
        if pattern.fullmatch(code):
            return Scan(kind=kind, text=code)
    return Scan(kind="text", text=plain)


def _elements(plain: str) -> dict[str, str] | None:
    """Return application identifier → value, or None for what is no element string."""
    if plain.startswith("("):
        found = {ai: value.strip() for ai, value in _BRACKETED.findall(plain)}
        return found or None
    bare = _SYMBOLOGY.sub("", plain)
    is_marked = bare != plain or _FNC1 in bare
    if not is_marked and not _begins_like_one(bare):
        return None
    return _read(bare.lstrip(_FNC1))


def _begins_like_one(bare: str) -> bool:
    if bare[:2] == "00":
        return len(bare) >= 20 and gs1.is_sscc(bare[2:20])
    return bare[:2] in ("01", "02") and len(bare) >= 16 and gs1.is_gtin(bare[2:16])


def _read(bare: str) -> dict[str, str]:
    return {ai: value for ai, value in _fields(bare) if value}


def _fields(rest: str) -> Iterator[tuple[str, str]]:
    while rest:
        ai = _identifier(rest)
        length = 6 if len(ai) == 4 and ai[0] == "3" else _SET.get(ai)
        body = rest[len(ai) :]
        if length is None:
            value, _, rest = body.partition(_FNC1)
        else:
            value, rest = body[:length], body[length:].lstrip(_FNC1)
            if len(value) != length:
                raise _misread()
        yield ai, value


def _identifier(rest: str) -> str:
    if not rest[:2].isascii() or not rest[:2].isdigit():
        raise _misread()
    if "31" <= rest[:2] <= "36" or rest[:2] in ("39", "70", "80"):
        return rest[:4]
    return rest[:3] if rest[:2] in ("24", "25", "40", "41", "42", "71") else rest[:2]


def _of_elements(plain: str, elements: dict[str, str]) -> Scan:
    gtin, sscc = elements.get("01") or elements.get("02"), elements.get("00")
    if (gtin and not gs1.is_gtin(gtin)) or (sscc and not gs1.is_sscc(sscc)):
        raise _misread()
    kind = "goods" if "01" in elements else "sscc" if sscc else "goods" if gtin else "text"
    return Scan(
        kind=kind,
        text=plain,
        gtin=_shortened(gtin),
        sscc=sscc,
        lot=elements.get("10"),
        serial=elements.get("21"),
        made_on=_day(elements.get("11")),
        expires_on=_day(elements.get("17") or elements.get("15")),
        quantity=_count(elements.get("37") or elements.get("30")),
        weight_kg=_weight(elements),
    )


def _shortened(gtin: str | None) -> str | None:
    """Return a GTIN-14 that begins with 0 as the GTIN-13 that it is."""
    return gtin[1:] if gtin and len(gtin) == 14 and gtin[0] == "0" else gtin


def _day(text: str | None) -> date | None:
    """Return the day of YYMMDD; day 00 is the last of the month, the century the nearest."""
    if text is None:
        return None
    try:
        year, month, day = int(text[:2]), int(text[2:4]), int(text[4:])
        this = clock.now().year
        full = min(
            (this - this % 100 + year + c for c in (-100, 0, 100)), key=lambda y: abs(y - this)
        )
        return date(full, month, day or calendar.monthrange(full, month)[1])
    except (ValueError, calendar.IllegalMonthError):
        raise _misread() from None


def _count(text: str | None) -> Decimal | None:
    if text is None:
        return None
    if not text.isascii() or not text.isdigit() or len(text) > 8:
        raise _misread()
    return Decimal(text)


def _weight(elements: dict[str, str]) -> Decimal | None:
    for ai, value in elements.items():
        if ai[:3] == "310" and len(ai) == 4 and value.isascii() and value.isdigit():
            return Decimal(value).scaleb(-int(ai[3]))
    return None


def _misread(*_: Any) -> Invalid:
    return Invalid(_l("The scanner misread this code. Scan it again."))
