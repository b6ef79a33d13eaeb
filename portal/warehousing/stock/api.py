"""Stock by program: what there is, now or at a moment, and the entries of the ledger."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, request
from flask_login import current_user

from portal.accounts.access import User
from portal.core import clock, limits, pagination
from portal.core.api import as_json
from portal.core.db import AnyRow
from portal.core.errors import FieldError, Invalid, NotFound
from portal.core.i18n import lazy as _l
from portal.core.quantities import written
from portal.warehousing.ledger.queries import entries
from portal.warehousing.ledger.rules import KINDS
from portal.warehousing.sites.queries import warehouse_for, warehouses_for
from portal.warehousing.stock.queries import levels
from portal.warehousing.stock.queries.found import owner_by
from portal.warehousing.stock.shown.asked import clean, moment

bp = Blueprint("stock_api", __name__)
_YES = ("1", "true", "yes")


def asker() -> User:
    """Return who asks, having counted the request against his limit."""
    user: User = current_user._get_current_object()
    limits.spend("api", user.person_id)
    if user.company_id is None and not user.may("warehouse.see"):
        raise NotFound(_l("There is nothing here that you may see."))
    return user


def _narrowed(user: User) -> dict[str, Any]:
    """Return warehouse and owner as queries understand them; raises NotFound for unknown ones."""
    code, owner = clean(request.args.get("warehouse", "")), clean(request.args.get("company", ""))
    found: dict[str, Any] = {}
    if code:
        found["warehouse_id"] = warehouse_for(user, code.upper()).id
    if owner and user.company_id is None:
        found["company_id"] = owner_by(owner).id
    if user.company_id is None:
        found["within"] = tuple(row.id for row in warehouses_for(user))
    return found


def _instant(name: str) -> datetime | None:
    """Return a moment of the address; raises Invalid for what is none."""
    asked = request.args.get(name, "")
    found = moment(clean(asked)) if asked else None
    if asked and found is None:
        sentence = _l("Write a day (2026-11-20) or a time with its offset.")
        raise Invalid(_l("Please check what you sent."), [FieldError(name, sentence)])
    return found


@bp.get("/stock")
def stock() -> Response:
    """List what there is by article and warehouse: now, or as of a moment; with lots if asked."""
    user = asker()
    wanted = levels.Wanted(
        text=clean(request.args.get("q", "")),
        code=clean(request.args.get("sku", "")),
        **_narrowed(user),
    )
    size = pagination.limit(request.args.get("limit"))
    page = levels.levels_for(user, wanted, after=request.args.get("after"), limit=size)
    at = _instant("as_of")
    if at is not None and at < clock.now():
        levels.as_of(user, page.items, at)
        _keep(page.items, wanted)
        lots = None
    else:
        is_wanted = request.args.get("lots") in _YES
        lots = levels.lots_of(user, [each.sku.id for each in page.items]) if is_wanted else None
    items = [item for level in page.items for item in _items(level, lots)]
    return as_json({"items": items, "next": page.next})


def _keep(found: Sequence[levels.Level], wanted: levels.Wanted) -> None:
    """Leave what was in the warehouses asked for."""
    for level in found:
        level.parts = [
            part
            for part in level.parts
            if wanted.warehouse_id in (None, part.warehouse_id)
            and (wanted.within is None or part.warehouse_id in wanted.within)
        ]


def _items(level: levels.Level, lots: dict[int, list[AnyRow]] | None) -> Iterator[dict[str, Any]]:
    for part in level.parts:
        item = {
            "sku": level.sku.code,
            "name": level.sku.name,
            "warehouse": part.warehouse,
            "on_hand": written(part.on_hand),
            "allocated": None if part.allocated is None else written(part.allocated),
            "free": None if part.free is None else written(part.free),
            "on_hold": written(part.on_hold),
            "unit": level.sku.unit,
        }
        if lots is not None:
            mine = [row for row in lots.get(level.sku.id, []) if row.warehouse == part.warehouse]
            item["lots"] = [_lot(row) for row in mine]
        yield item


def _lot(row: AnyRow) -> dict[str, Any]:
    return {
        "lot": row.code,
        "expires_on": row.expires_on.isoformat() if row.expires_on else None,
        "status": row.status,
        "on_hand": written(row.on_hand),
        "allocated": written(row.allocated),
    }


@bp.get("/stock/entries")
def stock_entries() -> Response:
    """List the entries of the ledger, the newest first."""
    user = asker()
    kind = clean(request.args.get("kind", ""))
    if kind and kind not in KINDS:
        sentence = _l("Must be one of: %(expected)s.", expected=", ".join(KINDS))
        raise Invalid(_l("Please check what you sent."), [FieldError("kind", sentence)])
    narrowed = _narrowed(user)
    wanted = entries.Wanted(
        sku_id=_sku_id(user, narrowed.get("company_id")),
        kind=kind,
        document=clean(request.args.get("document", "")).upper(),
        lot=clean(request.args.get("lot", "")),
        since=_instant("from"),
        until=_instant("to"),
        **narrowed,
    )
    size = pagination.limit(request.args.get("limit"))
    page = entries.entries_for(user, wanted, after=request.args.get("after"), limit=size)
    return as_json({"items": [_entry(row) for row in page.items], "next": page.next})


def _sku_id(user: User, company_id: int | None) -> int | None:
    code = clean(request.args.get("sku", "")).upper()
    if not code:
        return None
    sought = levels.Wanted(code=code, company_id=company_id)
    found = levels.levels_for(user, sought, limit=20).items
    return next((each.sku.id for each in found if each.sku.code == code), -1)


def _entry(row: AnyRow) -> dict[str, Any]:
    return {
        "id": row.id,
        "movement": row.movement_id,
        "at": row.at.isoformat(),
        "kind": row.kind,
        "sku": row.sku,
        "lot": row.lot,
        "sscc": row.sscc,
        "warehouse": row.warehouse,
        "location": row.location,
        "status": row.status,
        "quantity": written(row.quantity),
        "unit": row.unit,
        "document": row.document,
        "reason": row.reason,
        "note": row.note,
        "person": row.person,
        "reverses": row.reverses_id,
    }
