"""The movements: what stands on their list, and their sheet."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import request

from portal.core import clock, i18n, pagination
from portal.core.db import AnyRow, db
from portal.core.i18n import gettext as _
from portal.core.sheets import Value
from portal.warehousing.goods.rules import unit_text
from portal.warehousing.ledger.queries.entries import Wanted, entries_for
from portal.warehousing.ledger.rules import KINDS, REASONS, STATUSES
from portal.warehousing.stock.queries import levels
from portal.warehousing.stock.shown.asked import Asked, AskedEntries
from portal.warehousing.stock.shown.listing import WORDS, chosen
from portal.warehousing.stock.shown.side import Side

USUAL = 30  # rows
AT_ONCE = 200  # rows of a sheet that are read together


def wanted_of(side: Side, asked: AskedEntries, company_id: int | None) -> Wanted:
    """Return which movements are asked for; goods nobody knows have none."""
    warehouses = side.warehouses()
    return asked.wanted(
        sku_id=_sku_id(side, asked.sku, company_id),
        company_id=company_id,
        warehouse_id=chosen(asked.warehouse, warehouses),
        within=side.within(warehouses),
    )


def _sku_id(side: Side, code: str, company_id: int | None) -> int | None:
    if not code:
        return None
    sought = levels.Wanted(code=code, company_id=company_id)
    found = levels.levels_for(side.user, sought, limit=20).items
    return next((each.sku.id for each in found if each.sku.code == code.upper()), -1)


def moved(side: Side, company_id: int | None = None) -> dict[str, Any]:
    """Return what the list of movements shows; raises Invalid for a cursor that is not of it."""
    asked = AskedEntries.of(request.args)
    limit = pagination.limit(request.args.get("limit", str(USUAL)))
    wanted = wanted_of(side, asked, company_id)
    page = entries_for(side.user, wanted, after=request.args.get("after"), limit=limit)
    kinds = [("", _("All kinds")), *((key, str(text)) for key, text in KINDS.items())]
    warehouses = [(row.code, row.code) for row in side.warehouses()]
    return {
        "side": side,
        "asked": asked,
        "entries": page.items,
        "older": page.next and side.url("movements", **asked.args(), after=page.next),
        "is_first": "after" not in request.args,
        "chips": [
            (text, side.url("movements", **rest.args())) for text, rest in asked.conditions()
        ],
        "kind_choices": kinds,
        "warehouses": [("", _("All warehouses")), *warehouses],
        **WORDS,
    }


def entry_headers(*, with_company: bool) -> list[str]:
    """Return the headers of ``entry_rows``."""
    company = [_("Company")] if with_company else []
    return [
        *company,
        _("Entry"), _("Movement"), _("Time"), _("Kind"), _("Article"), _("Name"), _("Lot"),
        _("Expires"), _("SSCC"), _("Warehouse"), _("Location"), _("Stock status"), _("Quantity"),
        _("Unit"), _("Document"), _("Reason"), _("Note"), _("Person"), _("Undoes movement"),
    ]  # fmt: skip


def entry_rows(side: Side, wanted: Wanted) -> Iterator[list[Value]]:
    """Yield one row an entry, the newest first; nothing is read between two pages."""
    after: str | None = None
    while True:
        page = entries_for(side.user, wanted, after=after, limit=AT_ONCE)
        db.session.commit()
        for row in page.items:
            yield _entry(row, with_company=side.at_desk)
        if page.next is None:
            return
        after = page.next
        clock.breathe()


def _entry(row: AnyRow, *, with_company: bool) -> list[Value]:
    company: list[Value] = [row.company] if with_company else []
    return [
        *company,
        row.id, row.movement_id, local(row.at), str(KINDS[row.kind]), row.sku, row.name, row.lot,
        row.expires_on, row.sscc, row.warehouse, row.location, str(STATUSES[row.status]),
        row.quantity, unit_text(row.unit), row.document, str(REASONS.get(row.reason, "")),
        row.note, row.person, row.reverses_id,
    ]  # fmt: skip


def local(moment: datetime) -> datetime:
    """Return an instant as the reader's clock shows it, for a sheet that knows no zones."""
    return i18n.local(moment).replace(tzinfo=None, microsecond=0)


def level_headers(*, with_company: bool) -> list[str]:
    """Return the headers of ``level_rows``."""
    company = [_("Company")] if with_company else []
    return [
        *company,
        _("Article"), _("Name"), _("Warehouse"), _("On hand"), _("Allocated"), _("Free"),
        _("On hold"), _("Unit"),
    ]  # fmt: skip


def level_rows(
    side: Side, asked: Asked, wanted: levels.Wanted, names: dict[int, str]
) -> Iterator[list[Value]]:
    """Yield one row an article and warehouse, as of the moment asked for."""
    at, after = asked.at(), None
    while True:
        page = levels.levels_for(side.user, wanted, after=after, limit=AT_ONCE)
        if at is not None:
            levels.as_of(side.user, page.items, at)
        db.session.commit()
        for level in page.items:
            company: list[Value] = [names.get(level.sku.company_id, "")] if side.at_desk else []
            for part in level.parts:
                yield [
                    *company,
                    level.sku.code, level.sku.name, part.warehouse, part.on_hand, part.allocated,
                    part.free, part.on_hold, unit_text(level.sku.unit),
                ]  # fmt: skip
        if page.next is None:
            return
        after = page.next
        clock.breathe()
