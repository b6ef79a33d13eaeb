"""What of goods may not change any more once there was stock of them."""

from collections.abc import Iterable
from typing import Any

from portal.core.errors import FieldError
from portal.core.i18n import lazy as _l
from portal.warehousing.goods.rules.draft import MEASURES, Draft, UnitDraft

#: Columns by which the ledger counts; field → what the sentence calls it.
FROZEN = {
    "code": _l("code"),
    "unit": _l("base unit"),
    "lot_policy": _l("way of telling pieces apart"),
    "has_expiry": _l("rule of expiry"),
}
COLUMNS = (
    "code", "gtin", "names", "name", "unit", "lot_policy", "has_expiry", "shelf_life_days",
    "least_days_in", "least_days_out", "storage_class", "temperature_min_c", "temperature_max_c",
    "hazard_un", "hazard_class", *MEASURES, "low_stock", "low_cover_days", "over_receipt_bp",
)  # fmt: skip
UNIT_COLUMNS = ("level", "holds", "gtin", *MEASURES)


def frozen(row: Any, draft: Draft) -> list[FieldError]:
    """Return what a draft would change although there was stock of the goods of ``row``."""
    return [
        FieldError(name, _cannot_change(words))
        for name, words in FROZEN.items()
        if getattr(row, name) != getattr(draft, name)
    ]


def _cannot_change(what: Any) -> Any:
    return _l(
        "There has been stock of these goods, so their %(what)s cannot change. "
        "Enter new goods with another code instead.",
        what=what,
    )


def columns(draft: Draft) -> dict[str, Any]:
    """Return the columns of ``sku`` that a draft says."""
    return {name: getattr(draft, name) for name in COLUMNS} | {"names": dict(draft.names)}


def changed(row: Any, units: list[Any], draft: Draft) -> list[str]:
    """Return the names of what differs between goods as they are and a draft; ``units`` is one."""
    values = columns(draft)
    names = [name for name in COLUMNS if getattr(row, name) != values[name]]
    before = {_packed(each) for each in units}
    return [*names, *(["units"] if before != {_packed(each) for each in draft.units} else [])]


def _packed(unit: Any) -> tuple[Any, ...]:
    return tuple(getattr(unit, name) for name in UNIT_COLUMNS)


def draft_of(row: Any, units: Iterable[Any]) -> Draft:
    """Return goods as they are (a row of ``sku``, rows of ``sku_unit``) as a draft."""
    packs = tuple(
        UnitDraft(**{name: getattr(each, name) for name in UNIT_COLUMNS}) for each in units
    )
    values = {name: getattr(row, name) for name in COLUMNS if name != "name"}
    return Draft(**values, units=packs)
