"""What goods are as somebody describes them, and what is wrong with that description."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from portal.core.errors import FieldError
from portal.core.gs1 import is_gtin
from portal.core.i18n import TAGS
from portal.core.i18n import lazy as _l
from portal.warehousing.goods.rules.kinds import (
    DIVISIBLE,
    LEVELS,
    LOT_POLICIES,
    STORAGE_CLASSES,
    UNITS,
)

MOST_CODE, MOST_NAME = 40, 120  # characters
MOST_GRAMS, MOST_MM = 100_000_000, 100_000  # 100 t, 100 m
MOST_HOLDS, MOST_DAYS = Decimal(10**6), 36_500
WHOLE_BP = 10_000  # hundred per cent in hundredths of a per cent
COLDEST_C, HOTTEST_C = -80, 60
LARGER_LEVELS = tuple(LEVELS)[1:]
_CODE = re.compile(r"\w[\w.+-]*")
_HAZARD_CLASS = re.compile(r"[1-9](\.[1-6][A-S]?)?")
_UN_NUMBER = re.compile(r"[0-9]{4}")
_COLD = ("chilled", "frozen")
MEASURES = ("weight_g", "length_mm", "width_mm", "height_mm")


@dataclass(frozen=True, kw_only=True)
class UnitDraft:
    """One level of packing; weight and lengths are those of a full one."""

    level: str
    holds: Decimal
    gtin: str | None = None
    weight_g: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None


@dataclass(frozen=True, kw_only=True)
class Draft:
    """Goods as they are to be: the columns of ``sku`` that people fill in, and their units."""

    code: str
    names: Mapping[str, str]
    gtin: str | None = None
    unit: str = "C62"
    lot_policy: str = "none"
    has_expiry: bool = False
    shelf_life_days: int | None = None
    least_days_in: int = 0
    least_days_out: int = 0
    storage_class: str = "ambient"
    temperature_min_c: int | None = None
    temperature_max_c: int | None = None
    hazard_un: str | None = None
    hazard_class: str | None = None
    weight_g: int | None = None
    length_mm: int | None = None
    width_mm: int | None = None
    height_mm: int | None = None
    low_stock: Decimal | None = None
    low_cover_days: int | None = None
    over_receipt_bp: int = 0
    units: tuple[UnitDraft, ...] = field(default=())

    @property
    def name(self) -> str:
        """The name that lists sort and search by: the first there is, in the order of TAGS."""
        return next((self.names[tag] for tag in TAGS if self.names.get(tag)), "")

    def gtins(self) -> list[tuple[str, str]]:
        """Return (field, GTIN) of the base unit and of each larger one that has one."""
        own = [("gtin", self.gtin)] if self.gtin else []
        return own + [(f"units.{u.level}.gtin", u.gtin) for u in self.units if u.gtin]


def tidied(draft: Draft) -> Draft:
    """Return a draft as it is kept: code upper case, GTINs shortest, units the smallest first."""
    units = [replace(unit, gtin=shortest(unit.gtin)) for unit in draft.units]
    order = list(LEVELS)
    return replace(
        draft,
        code=draft.code.strip().upper(),
        gtin=shortest(draft.gtin),
        names={tag: " ".join(draft.names[tag].split()) for tag in TAGS if draft.names.get(tag)},
        units=tuple(sorted(units, key=lambda u: order.index(u.level) if u.level in order else 9)),
    )


def shortest(gtin: str | None) -> str | None:
    """Return a GTIN with as few zeros in front as its kinds allow; what is none stays."""
    text = (gtin or "").strip().replace(" ", "").replace("-", "")
    if not is_gtin(text):
        return text or None
    digits = text.lstrip("0")
    return next(digits.zfill(size) for size in (8, 12, 13, 14) if len(digits) <= size)


def problems(draft: Draft) -> list[FieldError]:
    """Return everything that is wrong with a tidied draft, at its fields."""
    checks = (_identity, _policy, _storage, _measures, _limits, _units)
    return [problem for check in checks for problem in check(draft)]


def _identity(draft: Draft) -> Iterator[FieldError]:
    if not draft.code:
        yield FieldError("code", _l("Every kind of goods has a code of its own."))
    elif len(draft.code) > MOST_CODE or not _CODE.fullmatch(draft.code):
        message = _l(
            "A code has at most %(most)s letters, figures, and the marks . _ + -", most=MOST_CODE
        )
        yield FieldError("code", message)
    if not draft.name:
        yield FieldError("names", _l("Give the goods a name in at least one language."))
    for tag, name in draft.names.items():
        if len(name) > MOST_NAME or not name.isprintable():
            message = _l("A name has at most %(most)s characters.", most=MOST_NAME)
            yield FieldError(f"names.{tag}", message)
    if draft.unit not in UNITS:
        yield FieldError("unit", _l("There is no such unit. Choose one of the list."))
    yield from _gtins(draft)


def _gtins(draft: Draft) -> Iterator[FieldError]:
    seen: dict[str, str] = {}
    for path, gtin in draft.gtins():
        if not is_gtin(gtin):
            message = _l(
                "This is not a GTIN: its check digit does not fit. Compare it with the barcode."
            )
            yield FieldError(path, message)
        elif seen.setdefault(gtin, path) != path:
            message = _l("Two units have the same GTIN. Each level of packing has one of its own.")
            yield FieldError(path, message)


def _policy(draft: Draft) -> Iterator[FieldError]:
    if draft.lot_policy not in LOT_POLICIES:
        yield FieldError("lot_policy", _l("There is no such way to tell pieces apart."))
    if draft.lot_policy == "serial" and draft.unit in DIVISIBLE:
        yield FieldError("lot_policy", _l("Goods with serial numbers are counted in pieces."))
    for name in ("shelf_life_days", "least_days_in", "least_days_out"):
        days = getattr(draft, name)
        if days is not None and not 0 <= days <= MOST_DAYS:
            yield FieldError(name, _l("Give a number of days from 0 to %(most)s.", most=MOST_DAYS))
        elif days and not draft.has_expiry:
            yield FieldError(name, _l("These goods have no date of expiry. Say that they do."))
    if draft.shelf_life_days and draft.least_days_in > draft.shelf_life_days:
        message = _l("More days are asked for at receipt than the goods last.")
        yield FieldError("least_days_in", message)
    if draft.least_days_in and draft.least_days_out > draft.least_days_in:
        message = _l(
            "What is received with %(days)s days left could never leave.", days=draft.least_days_in
        )
        yield FieldError("least_days_out", message)


def _storage(draft: Draft) -> Iterator[FieldError]:
    low, high = draft.temperature_min_c, draft.temperature_max_c
    if draft.storage_class not in STORAGE_CLASSES:
        yield FieldError("storage_class", _l("There is no such storage class."))
    if draft.storage_class in _COLD and (low is None or high is None):
        message = _l("Give the temperatures between which these goods are kept.")
        yield FieldError("temperature_min_c", message)
    for name, value in (("temperature_min_c", low), ("temperature_max_c", high)):
        if value is not None and not COLDEST_C <= value <= HOTTEST_C:
            message = _l(
                "Give a temperature from %(low)s to %(high)s °C.", low=COLDEST_C, high=HOTTEST_C
            )
            yield FieldError(name, message)
    if low is not None and high is not None and low > high:
        message = _l("The highest temperature lies below the lowest one.")
        yield FieldError("temperature_max_c", message)
    yield from _hazard(draft)


def _hazard(draft: Draft) -> Iterator[FieldError]:
    if draft.hazard_un is not None and not _UN_NUMBER.fullmatch(draft.hazard_un):
        yield FieldError("hazard_un", _l("A UN number has four figures, such as 1263."))
    if draft.hazard_class is not None and not _HAZARD_CLASS.fullmatch(draft.hazard_class):
        yield FieldError("hazard_class", _l("A class of dangerous goods looks like 3 or 2.1."))
    named = draft.hazard_un is not None or draft.hazard_class is not None
    if draft.storage_class == "hazardous" and not (draft.hazard_un and draft.hazard_class):
        message = _l("Dangerous goods need their UN number and their class.")
        yield FieldError("hazard_un" if not draft.hazard_un else "hazard_class", message)
    elif named and draft.storage_class != "hazardous":
        message = _l("Goods with a UN number are stored as dangerous goods.")
        yield FieldError("storage_class", message)


def _measures(draft: Draft) -> Iterator[FieldError]:
    yield from _measured(draft, "")
    for unit in draft.units:
        yield from _measured(unit, f"units.{unit.level}.")


def _measured(what: Any, path: str) -> Iterator[FieldError]:
    if what.weight_g is not None and not 1 <= what.weight_g <= MOST_GRAMS:
        yield FieldError(f"{path}weight_g", _l("Give a weight above 0 and up to 100 t."))
    sides = [getattr(what, name) for name in MEASURES[1:]]
    if any(sides) and not all(sides):
        message = _l("Give length, width and height, or none of them.")
        yield FieldError(f"{path}length_mm", message)
    for name, side in zip(MEASURES[1:], sides, strict=True):
        if side is not None and not 1 <= side <= MOST_MM:
            yield FieldError(f"{path}{name}", _l("Give a length above 0 and up to 100 m."))


def _limits(draft: Draft) -> Iterator[FieldError]:
    if draft.low_stock is not None and draft.low_stock < 0:
        yield FieldError("low_stock", _l("Give a quantity of 0 or more."))
    if draft.low_cover_days is not None and not 1 <= draft.low_cover_days <= 3650:
        yield FieldError(
            "low_cover_days", _l("Give a number of days from 1 to %(most)s.", most=3650)
        )
    if not 0 <= draft.over_receipt_bp <= WHOLE_BP:
        yield FieldError("over_receipt_bp", _l("Give a share from 0 to 100 per cent."))


def _units(draft: Draft) -> Iterator[FieldError]:
    below = ("each", Decimal(1))
    for unit in draft.units:
        path = f"units.{unit.level}.holds"
        if unit.level not in LARGER_LEVELS or [u.level for u in draft.units].count(unit.level) > 1:
            yield FieldError(path, _l("Each level of packing is given once: inner, case, pallet."))
        elif not 0 < unit.holds <= MOST_HOLDS:
            yield FieldError(path, _l("Say how many base units one of these holds."))
        elif draft.unit not in DIVISIBLE and unit.holds != unit.holds.to_integral_value():
            yield FieldError(path, _l("These goods are counted whole. Enter a whole number."))
        elif (unit.holds <= below[1] and below[0] != "each") or unit.holds < 1:
            words = {"larger": LEVELS[unit.level], "smaller": LEVELS[below[0]]}
            message = _l("“%(larger)s” must hold more than “%(smaller)s”.", **words)
            yield FieldError(path, message)
        elif below[0] != "each" and unit.holds % below[1]:
            words = {"larger": LEVELS[unit.level], "smaller": LEVELS[below[0]]}
            message = _l("“%(larger)s” must hold a whole number of “%(smaller)s”.", **words)
            yield FieldError(path, message)
        else:
            below = (unit.level, unit.holds)
