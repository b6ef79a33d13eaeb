"""One article: what there is of it, where, in which lots, what happened, what to look out for."""

from collections.abc import Sequence
from datetime import timedelta
from itertools import groupby
from typing import Any

from flask import request

from portal.core import clock
from portal.core.db import AnyRow
from portal.warehousing.ledger.queries import balances
from portal.warehousing.ledger.queries.entries import Wanted as WantedEntries
from portal.warehousing.ledger.queries.entries import entries_for
from portal.warehousing.ledger.rules import APPROVED
from portal.warehousing.stock import rules
from portal.warehousing.stock.queries import days, levels
from portal.warehousing.stock.queries.levels import Level, Wanted
from portal.warehousing.stock.shown import charts
from portal.warehousing.stock.shown.asked import Asked
from portal.warehousing.stock.shown.listing import WORDS, moment_of
from portal.warehousing.stock.shown.side import Side

LATEST = 12  # movements


def article(side: Side, sku: AnyRow, company: str = "") -> dict[str, Any]:
    """Return what the page of an article shows."""
    asked, warehouses = Asked.of(request.args), side.warehouses()
    within = side.within(warehouses)
    level = _level(side, sku, within)
    lying = [
        row
        for row in balances.of_sku(side.user, sku.id)
        if within is None or row.warehouse_id in within
    ]
    recent = WantedEntries(sku_id=sku.id, company_id=sku.company_id, within=within)
    return {
        "side": side,
        "sku": sku,
        "company": company,
        "level": level,
        "asked": asked,
        "lying": lying,
        "lots": _lots(lying),
        "today": clock.now().astimezone(clock.zone()).date(),
        "soon": asked.expiring_until,
        "chart": charts.of_sku(side.user, sku.id, level.on_hand),
        "movements": entries_for(side.user, recent, limit=LATEST).items,
        **_lasting(side, level),
        **_then(side, sku, asked),
        **WORDS,
    }


def _level(side: Side, sku: AnyRow, within: tuple[int, ...] | None) -> Level:
    wanted = Wanted(sku_id=sku.id, company_id=sku.company_id, within=within)
    return levels.levels_for(side.user, wanted, limit=1).items[0]


def _lasting(side: Side, level: Level) -> dict[str, Any]:
    """Return how long it lasts, and what is to be told of it now."""
    since = clock.now() - timedelta(days=rules.ISSUED_OVER + 1)
    went = days.went_of(side.user, level.sku.id, since)
    soon = clock.now().astimezone(clock.zone()).date() + timedelta(days=rules.EXPIRING)
    expiring = levels.expiring_of(side.user, [level.sku.id], soon)
    alerts = rules.alerts(
        level.free,
        went,
        expiring.get(level.sku.id, level.expiring),
        low_stock=level.sku.low_stock,
        low_cover_days=level.sku.low_cover_days,
    )
    lasts = rules.cover_days(level.free, went)
    return {"alerts": alerts, "cover": lasts, "issued_over": rules.ISSUED_OVER}


def _then(side: Side, sku: AnyRow, asked: Asked) -> dict[str, Any]:
    """Return what there was at the moment asked for, if one is."""
    at, wrong = moment_of(asked)
    if at is None:
        return {"at": None, "then": None, "wrong": wrong}
    then = Level(sku)
    levels.as_of(side.user, [then], at)
    return {"at": at, "then": then, "wrong": ""}


def _lots(lying: Sequence[AnyRow]) -> list[dict[str, Any]]:
    """Return the lots of balances with what there is, is free and is held of each."""
    found = []
    by_lot = sorted(lying, key=lambda row: (row.expires_on is None, str(row.expires_on), row.lot))
    for _lot, group in groupby(by_lot, key=lambda row: row.lot_id):
        rows = list(group)
        usable = [row for row in rows if row.status == APPROVED]
        found.append(
            {
                "lot": rows[0],
                "on_hand": sum(row.on_hand for row in rows),
                "free": sum(row.on_hand - row.allocated for row in usable),
                "on_hold": sum(row.on_hand for row in rows if row.status != APPROVED),
                "places": len({row.location_id for row in rows}),
            }
        )
    return found
