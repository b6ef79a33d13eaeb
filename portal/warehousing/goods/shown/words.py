"""Goods in words: names, measures, packs, quantities."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from portal.core import i18n
from portal.core.i18n import TAGS
from portal.core.i18n import gettext as _
from portal.core.quantities import written
from portal.warehousing.goods.rules.kinds import UNITS, level_text, unit_text


def name_of(sku: Any, tag: str | None = None) -> str:
    """Return the name of goods in the reader's language, else in the first that they have."""
    names: Mapping[str, str] = sku.names
    found = names.get(tag or i18n.tag()) or next((names[t] for t in TAGS if names.get(t)), "")
    return found or str(sku.code)


def amount(quantity: Decimal, unit: str) -> str:
    """Return a quantity with its unit: ``1,200 pcs``."""
    return f"{i18n.number(quantity)} {unit_text(unit) if unit in UNITS else unit}"


def packs(units: Sequence[Any], unit: str) -> list[str]:
    """Return each larger unit with what is in it, such as ``Case · 12 pcs``."""
    return [f"{level_text(u.level)}{_(' · ')}{amount(u.holds, unit)}" for u in units]


def size(row: Any) -> str:
    """Return length × width × height in centimetres; empty where they are not known."""
    if not (row.length_mm and row.width_mm and row.height_mm):
        return ""
    sides = (row.length_mm, row.width_mm, row.height_mm)
    return " × ".join(written(Decimal(side) / 10) for side in sides) + " cm"


def temperatures(sku: Any) -> str:
    """Return between which temperatures goods are kept, such as ``2 … 8 °C``."""
    low, high = sku.temperature_min_c, sku.temperature_max_c
    if low is None and high is None:
        return ""
    return f"{'' if low is None else low} … {'' if high is None else high} °C"
