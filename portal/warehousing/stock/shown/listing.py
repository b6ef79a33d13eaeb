"""The list of stock: what stands on it, from either side."""

from collections.abc import Sequence
from typing import Any

from flask import request

from portal.core import pagination
from portal.core.db import AnyRow
from portal.core.errors import Invalid
from portal.core.i18n import gettext as _
from portal.warehousing.goods.rules import unit_text
from portal.warehousing.goods.shown.words import amount, name_of
from portal.warehousing.ledger.rules import KINDS, REASONS, STATUSES
from portal.warehousing.stock import rules
from portal.warehousing.stock.queries import alerts, levels
from portal.warehousing.stock.shown import charts
from portal.warehousing.stock.shown.asked import Asked
from portal.warehousing.stock.shown.side import Side

USUAL = 20  # rows
#: What templates say things with.
WORDS = {
    "amount": amount,
    "name_of": name_of,
    "unit_text": unit_text,
    "statuses": STATUSES,
    "kinds": KINDS,
    "reasons": REASONS,
    "alert_kinds": rules.ALERTS,
    "spaced": rules.spaced_ref,
}


def chosen(asked_code: str, warehouses: Sequence[AnyRow]) -> int | None:
    """Return the id of a warehouse by its code; None for all, -1 for one nobody knows."""
    if not asked_code:
        return None
    return next((row.id for row in warehouses if row.code == asked_code.upper()), -1)


def listing(side: Side, company_id: int | None = None) -> dict[str, Any]:
    """Return what the list of stock shows; raises Invalid for a cursor that is not of it."""
    asked, warehouses = Asked.of(request.args), side.warehouses()
    here = chosen(asked.warehouse, warehouses)
    at, wrong = moment_of(asked)
    wanted = asked.wanted(warehouse_id=here, company_id=company_id, within=side.within(warehouses))
    limit = pagination.limit(request.args.get("limit", str(USUAL)))
    page = levels.levels_for(side.user, wanted, after=request.args.get("after"), limit=limit)
    _complete(side, page.items, asked, at)
    counted = alerts.counts_for(side.user)
    return {
        "asked": asked,
        "at": at,
        "wrong": wrong,
        "side": side,
        "levels": page.items,
        "older": page.next and side.url("index", **asked.args(), after=page.next),
        "is_first": "after" not in request.args,
        "chips": [(text, side.url("index", **rest.args())) for text, rest in asked.conditions()],
        "tabs": _tabs(side, asked, counted),
        "counted": counted,
        "warehouses": [("", _("All warehouses")), *((row.code, row.code) for row in warehouses)],
        "chart": charts.came_and_went(side.user, warehouse_id=here, company_id=company_id),
        **WORDS,
    }


def moment_of(asked: Asked) -> tuple[Any, str]:
    """Return the moment asked for, None for now; and what is wrong with it."""
    try:
        return asked.at(), ""
    except Invalid as error:
        return None, str(error.errors[0].message)


def _complete(side: Side, found: Sequence[levels.Level], asked: Asked, at: Any) -> None:
    """Say of each SKU what expires soon, or what there was of it then."""
    if at is not None:
        levels.as_of(side.user, found, at)
        return
    dated = [level.sku.id for level in found if level.sku.has_expiry]
    soon = levels.expiring_of(side.user, dated, asked.expiring_until) if dated else {}
    for level in found:
        level.expiring = soon.get(level.sku.id, level.expiring)


def _tabs(side: Side, asked: Asked, counted: dict[str, int]) -> list[tuple[Any, ...]]:
    low = counted.get("low", 0) + counted.get("cover", 0)
    named = (
        ("", _("All goods"), None),
        ("held_any", _("In stock"), None),
        ("low", _("Running low"), low),
        ("expiring", _("Expiring"), counted.get("expiry", 0)),
        ("on_hold", _("On hold"), None),
    )
    return [
        (text, side.url("index", **asked.args(show=key)), asked.show == key, count, bool(count))
        for key, text, count in named
    ]
