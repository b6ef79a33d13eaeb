"""Lots and dates of what comes out, as forms of the desk and screens of the floor say them."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from portal.core.errors import Invalid
from portal.core.i18n import lazy as _l
from portal.warehousing.floor.service import reading
from portal.warehousing.floor.service.reading import Labelled


def needing(outputs: Iterable[tuple[Any, Any]]) -> list[Any]:
    """Return the goods, of what comes out, that are told apart."""
    return [sku for sku, _many in outputs if reading.needs_lot(sku)]


def labels_of(skus: Iterable[Any], said: Mapping[str, Any]) -> dict[int, Labelled]:
    """Return SKU id → label from fields ``lot_ID`` and ``expires_ID``.

    Raises Invalid for a date that is none.
    """
    return {
        sku.id: Labelled(
            lot=str(said.get(f"lot_{sku.id}") or ""),
            expires_on=_day(said.get(f"expires_{sku.id}")),
            is_new=True,
        )
        for sku in skus
    }


def _day(given: Any) -> date | None:
    if not given or isinstance(given, date):
        return given or None
    try:
        return date.fromisoformat(str(given))
    except ValueError:
        raise Invalid(_l("Write the date as year-month-day, such as 2026-11-21.")) from None
