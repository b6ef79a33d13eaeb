"""Rules of announcing: what a notice and its lines may say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from portal.core.errors import FieldError, Refused
from portal.core.gs1 import is_sscc
from portal.core.i18n import lazy as _l
from portal.core.quantities import MOST, NOTHING
from portal.warehousing.goods.rules import counted, in_base

MOST_LINES = 50_000  # of one notice
MOST_CODE, MOST_WORDS, MOST_NOTE = 100, 200, 2000  # characters
SOURCES = ("form", "sheet", "api", "desk", "floor")


@dataclass(frozen=True, kw_only=True)
class SaidLine:
    """A line as it was said: so many of a level of the SKU ``sku`` (its owner's code)."""

    sku: str
    quantity: Decimal
    level: str = "each"
    lot: str = ""
    expires_on: date | None = None
    sscc: str | None = None
    #: Where it stood: a row of a sheet, or its number in a list; what errors are named by.
    place: str = ""


@dataclass(frozen=True, kw_only=True)
class Said:
    """A notice as it was said, before anything of it was looked up."""

    warehouse_id: int
    lines: Sequence[SaidLine] = ()
    order_ref: str | None = None
    source: str = "form"
    supplier: str | None = None
    carrier: str | None = None
    vehicle: str | None = None
    driver_phone: str | None = None
    note: str | None = None
    expected_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Known:
    """A line of which the goods are known; ``announced`` is in base units."""

    sku_id: int
    lot_code: str
    expires_on: date | None
    sscc: str | None
    level: str
    said: Decimal
    announced: Decimal


@dataclass
class Looked:
    """What became of the lines: those that are good, and what is wrong with the others."""

    lines: list[Known] = field(default_factory=list)
    errors: list[FieldError] = field(default_factory=list)


def look(
    said: Sequence[SaidLine], skus: Mapping[str, Any], units: Mapping[int, Sequence[Any]]
) -> Looked:
    """Return the lines of a notice with their goods, and a sentence for each that is wrong.

    ``skus``: code → row of the owner's goods; ``units``: SKU id → its packs. Lines about the same
    goods, lot and date are added up; whole pallets stay apart.
    """
    looked, places = Looked(), dict[tuple[Any, ...], int]()
    codes: set[str] = set()
    for number, line in enumerate(said):
        place = line.place or f"lines.{number}"
        problem = _problem(line, skus, units, codes)
        if problem is not None:
            looked.errors.append(FieldError(f"{place}.{problem[0]}", problem[1]))
            continue
        known = _known(line, skus[_code(line.sku)], units)
        key = (known.sku_id, known.lot_code, known.expires_on, known.sscc)
        if key in places:
            looked.lines[places[key]] = _added(looked.lines[places[key]], known)
        else:
            places[key] = len(looked.lines)
            looked.lines.append(known)
    return looked


def _code(text: str) -> str:
    return text.strip().upper()


def _problem(
    line: SaidLine, skus: Mapping[str, Any], units: Mapping[int, Sequence[Any]], codes: set[str]
) -> tuple[str, Any] | None:
    """Return the field that is wrong and the sentence; None: the line is good."""
    sku = skus.get(_code(line.sku))
    if sku is None:
        return "sku", _l("You have no goods with the code %(code)s.", code=line.sku[:40])
    if not sku.active:
        return "sku", _l("%(code)s is out of use. Put it to use again first.", code=sku.code)
    try:
        if not NOTHING < in_base(line.quantity, line.level, units.get(sku.id, ())) <= MOST:
            return "quantity", _l("Enter a quantity above 0.")
        counted(in_base(line.quantity, line.level, units.get(sku.id, ())), sku.unit)
    except Refused as error:
        return "level" if line.level != "each" else "quantity", error.message
    return _wrong_marks(line, sku, codes)


def _wrong_marks(line: SaidLine, sku: Any, codes: set[str]) -> tuple[str, Any] | None:
    if len(line.lot) > MOST_CODE or not line.lot.isprintable():
        return "lot", _l("A lot has at most 100 characters.")
    if line.lot and sku.lot_policy == "none":
        return "lot", _l("%(code)s is not kept by lot. Leave the lot empty.", code=sku.code)
    if line.sscc is None:
        return None
    if not is_sscc(line.sscc):
        return "sscc", _l("This is no SSCC: it has 18 digits, the last of which checks the others.")
    if line.sscc in codes:
        return "sscc", _l("This SSCC stands in another line already.")
    codes.add(line.sscc)
    return None


def _known(line: SaidLine, sku: Any, units: Mapping[int, Sequence[Any]]) -> Known:
    return Known(
        sku_id=sku.id,
        lot_code=line.lot.strip(),
        expires_on=line.expires_on,
        sscc=line.sscc,
        level=line.level,
        said=line.quantity,
        announced=in_base(line.quantity, line.level, units.get(sku.id, ())),
    )


def _added(one: Known, other: Known) -> Known:
    total = one.announced + other.announced
    if one.level == other.level:
        return replace(one, said=one.said + other.said, announced=total)
    return replace(one, level="each", said=total, announced=total)
