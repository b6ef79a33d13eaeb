"""The columns of a sheet of goods: what each is called, how a cell of it is read and written.

The same columns go out and come in, so that a list can be taken out, changed and read in again.
Weights are in kilograms, lengths in centimetres, shares in per cent.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.core import quantities
from portal.core.i18n import lazy as _l
from portal.warehousing.goods.rules.draft import LARGER_LEVELS
from portal.warehousing.goods.rules.kinds import LEVELS, LOT_POLICIES, STORAGE_CLASSES, UNITS

Value = str | Decimal | int | None
#: A cell that says: there is none of this any more.
NONE = frozenset({"-", "–", "—", "/"})
YES = frozenset({"yes", "y", "true", "1", "是", "有", "√"})
NO = frozenset({"no", "n", "false", "0", "否", "无", "無"})
NOT_A_NUMBER = _l("This is not a number.")
NOT_WHOLE = _l("This must be a whole number.")
NEITHER = _l("Write yes or no.")


class Unreadable(ValueError):
    """A cell's text does not mean what its column holds; ``message`` is a lazy sentence."""

    def __init__(self, message: Any) -> None:
        super().__init__(message)
        self.message = message


@dataclass(frozen=True)
class Column:
    """One column. ``path`` is its place in a draft: ``gtin``, ``names.en``, ``units.case.holds``.

    ``kind``: text, whole, number, yes, choice (of ``choices``); a number is kept times ``scale``.
    """

    key: str
    label: Any
    path: str
    kind: str = "text"
    scale: int = 1
    choices: Mapping[str, Any] | None = None
    #: Other words by which files of others name the column, lower case.
    known_as: tuple[str, ...] = ()


def _measures(prefix: str, path: str, label: Callable[[Any], Any]) -> list[Column]:
    sides = {
        "length": _l("Length (cm)"),
        "width": _l("Width (cm)"),
        "height": _l("Height (cm)"),
    }
    return [
        Column(f"{prefix}weight", label(_l("Weight (kg)")), f"{path}weight_g", "number", 1000),
        *(
            Column(f"{prefix}{side}", label(words), f"{path}{side}_mm", "number", 10)
            for side, words in sides.items()
        ),
    ]


def _unit_columns(level: str) -> list[Column]:
    def label(words: Any) -> Any:
        return _l("%(level)s: %(what)s", level=LEVELS[level], what=words)

    path = f"units.{level}."
    return [
        Column(f"{level}_holds", label(_l("Holds, base units")), f"{path}holds", "number"),
        Column(f"{level}_gtin", label(_l("GTIN")), f"{path}gtin"),
        *_measures(f"{level}_", path, label),
    ]


COLUMNS: tuple[Column, ...] = (
    Column("code", _l("Code"), "code", known_as=("sku", "sku编码", "商品编码", "货号", "item")),
    Column(
        "name_zh_hans",
        _l("Name, simplified Chinese"),
        "names.zh-Hans",
        known_as=("name", "名称", "品名", "商品名称"),
    ),
    Column("name_zh_hant", _l("Name, traditional Chinese"), "names.zh-Hant", known_as=("名稱",)),
    Column("name_en", _l("Name, English"), "names.en", known_as=("english name", "英文名")),
    Column("gtin", _l("GTIN"), "gtin", known_as=("barcode", "ean", "条码", "條碼", "条形码")),
    Column("unit", _l("Base unit"), "unit", "choice", choices=UNITS, known_as=("unit", "单位")),
    Column("lots", _l("Told apart"), "lot_policy", "choice", choices=LOT_POLICIES),
    Column("expiry", _l("Date of expiry"), "has_expiry", "yes", known_as=("效期管理",)),
    Column("shelf_life", _l("Shelf life (days)"), "shelf_life_days", "whole", known_as=("保质期",)),
    Column("days_in", _l("Days left at receipt"), "least_days_in", "whole"),
    Column("days_out", _l("Days left when leaving"), "least_days_out", "whole"),
    Column("storage", _l("Storage class"), "storage_class", "choice", choices=STORAGE_CLASSES),
    Column("coldest", _l("Lowest temperature (°C)"), "temperature_min_c", "whole"),
    Column("warmest", _l("Highest temperature (°C)"), "temperature_max_c", "whole"),
    Column("un", _l("UN number"), "hazard_un"),
    Column("hazard", _l("Class of dangerous goods"), "hazard_class"),
    *_measures("", "", lambda words: words),
    *(column for level in LARGER_LEVELS for column in _unit_columns(level)),
    Column("low_stock", _l("Low stock"), "low_stock", "number"),
    Column("low_cover", _l("Low cover (days)"), "low_cover_days", "whole"),
    Column("over_receipt", _l("Above the notice (per cent)"), "over_receipt_bp", "number", 100),
)
BY_PATH = {column.path: column for column in COLUMNS}
#: Kept as decimals; all other numbers are whole ones of the unit that is kept.
_DECIMAL = ("holds", "low_stock")


def value_of(column: Column, text: str, meanings: Mapping[str, str]) -> Any:
    """Return what a cell means; ``meanings``: word → code of the column's choices.

    None: there is none of it (``NONE``). Raises Unreadable for what means nothing.
    """
    if text in NONE:
        return None
    if column.kind in ("whole", "number"):
        return _number(column, text)
    if column.kind == "yes":
        return _yes(text)
    if column.kind == "choice":
        return _choice(column, text, meanings)
    return text


def _number(column: Column, text: str) -> Any:
    try:
        number = quantities.read(text)
    except ValueError:
        raise Unreadable(NOT_A_NUMBER) from None
    if column.kind == "whole" and number != number.to_integral_value():
        raise Unreadable(NOT_WHOLE)
    return number if column.path.endswith(_DECIMAL) else round(number * column.scale)


def _yes(text: str) -> bool:
    word = text.lower()
    if word in YES:
        return True
    if word in NO:
        return False
    raise Unreadable(NEITHER)


def _choice(column: Column, text: str, meanings: Mapping[str, str]) -> str:
    found = meanings.get(text.lower())
    if found is None:
        codes = ", ".join(column.choices or ())
        raise Unreadable(_l("Must be one of: %(expected)s.", expected=codes))
    return found


def cell_of(column: Column, row: Any, units: Mapping[str, Any]) -> Value:
    """Return what a sheet shows of goods (a row of ``sku``, its units by level)."""
    value = _kept(column.path, row, units)
    if value is None or value == "":
        return None
    if column.kind == "yes":
        return "yes" if value else "no"
    if column.kind in ("whole", "number"):
        return quantities.of_thousandths(round(Decimal(value) * 1000 / column.scale))
    return str(value)


def _kept(path: str, row: Any, units: Mapping[str, Any]) -> Any:
    if path.startswith("names."):
        return row.names.get(path.removeprefix("names."))
    if path.startswith("units."):
        _units, level, name = path.split(".")
        return getattr(units[level], name) if level in units else None
    return getattr(row, path)
