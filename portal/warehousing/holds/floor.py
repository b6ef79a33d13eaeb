"""The floor screen on which broken goods are set apart: location, goods, how many."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from flask import Blueprint, abort, render_template, request
from flask_login import current_user
from pydantic import Field
from sqlalchemy import Connection, select

from portal.accounts.access import User
from portal.core import scope
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.links import with_query
from portal.core.numbers import row_id
from portal.core.quantities import written
from portal.warehousing.floor import scans, tasks
from portal.warehousing.floor.commands import HOME, command
from portal.warehousing.floor.said import Answer, Id, Said
from portal.warehousing.floor.service import reading
from portal.warehousing.floor.service.reading import Labelled
from portal.warehousing.goods.models import Sku
from portal.warehousing.goods.queries import sku_row
from portal.warehousing.goods.rules import unit_text
from portal.warehousing.ledger.models import Balance
from portal.warehousing.ledger.service.apart import Pieces, follow, set_apart
from portal.warehousing.ledger.service.posting import reverse
from portal.warehousing.sites.models import Location
from portal.warehousing.sites.queries import warehouses_for

bp = Blueprint("damage_floor", __name__)
SCREEN = f"{HOME}/damage"
_SKU, _PLACE, _BALANCE = Sku.__table__, Location.__table__, Balance.__table__


class At(Said):
    """A scan at a location that was scanned before."""

    location_id: Id


class Broken(At):
    """How many of which goods broke."""

    sku_id: Id
    company_id: Id
    quantity: str = Field(max_length=20)
    lot: str = Field(default="", max_length=60)
    expires_on: date | None = None
    note: str = Field(default="", max_length=300)


@bp.get("")
def index() -> str:
    """Ask for the location, then the goods, then how many."""
    user: User = current_user._get_current_object()
    return render_template(
        "warehousing/holds/floor/damage.html",
        place=_place(user),
        chosen=_goods(),
        needs_lot=reading.needs_lot,
        unit_text=unit_text,
        asked=request.args,
    )


def _place(user: User) -> Any:
    """Return the location of the address, if it is in a warehouse of ``user``."""
    id_ = request.args.get("at", type=row_id)
    if id_ is None:
        return None
    found = db.session.execute(select(_PLACE).where(_PLACE.c.id == id_)).first()
    if found is None or found.warehouse_id not in [row.id for row in warehouses_for(user)]:
        abort(404)
    return found


def _goods() -> Any:
    id_ = request.args.get("goods", type=row_id)
    wanted = select(_SKU).where(_SKU.c.id == id_).execution_options(**scope.CENTRE)
    return None if id_ is None else db.session.execute(wanted).first() or abort(404)


@bp.post("/at")
@command("damage.at", Said)
def at(said: Said, by: User, on: Connection) -> Answer:
    """Take the location at which something broke."""
    place = reading.location_of(said.scan, by, on)
    return Answer(
        say=_l("At %(code)s: scan the goods.", code=place.code),
        next=with_query(SCREEN, [("at", str(place.id))]),
        location_id=place.id,
    )


@bp.post("/goods")
@command("damage.goods", At)
def goods(said: At, by: User, on: Connection) -> Answer:
    """Take the goods that broke; those who have goods there come first."""
    scan, place = scans.parse(said.scan), _own_place(said.location_id, by, on)
    owners = select(_BALANCE.c.company_id).where(
        _BALANCE.c.location_id == place.id, _BALANCE.c.on_hand > 0
    )
    here = on.execute(owners.distinct().execution_options(**scope.CENTRE)).scalars().all()
    found = reading.goods_of(scan, list(here), on)
    asked = {
        "at": str(place.id),
        "goods": str(found.sku.id),
        "lot": scan.serial or scan.lot or "",
        "expires_on": scan.expires_on.isoformat() if scan.expires_on else "",
    }
    return Answer(
        say=_l("%(sku)s: how many are broken?", sku=found.sku.name),
        next=with_query(SCREEN, asked.items()),
    )


def _own_place(location_id: int, by: User, on: Connection) -> Any:
    place = on.execute(select(_PLACE).where(_PLACE.c.id == location_id)).first()
    if place is None or place.warehouse_id != reading.warehouse_of(by, on):
        raise NotFound(_l("This location is not in your warehouse."))
    return place


def _undo(given: Mapping[str, Any], by: User, on: Connection) -> Answer:
    """Take it back by a counter-entry."""
    movement, company = int(given["movement"]), int(given["company"])
    undone = reverse(movement, company, by=by.person_id, note="", on=on)
    follow(undone.id, company, on=on)
    return Answer(say=_l("Taken back."), next=SCREEN)


@bp.post("/broken")
@command("damage.broken", Broken, undo=_undo)
def broken(said: Broken, by: User, on: Connection) -> Answer:
    """Set so many pieces apart as damaged; promises that they cannot keep end."""
    place = _own_place(said.location_id, by, on)
    sku = sku_row(said.sku_id, said.company_id, on)
    quantity = reading.quantity_of(said.quantity, sku)
    lot = reading.lot_of(sku, Labelled(lot=said.lot, expires_on=said.expires_on), on)
    wanted = Pieces(
        company_id=sku.company_id,
        sku_id=sku.id,
        lot_id=lot.id,
        location_id=place.id,
        quantity=quantity,
        status="damaged",
        reason="damage",
        note=said.note or None,
        said_at=said.said_at,
    )
    posted, lost = set_apart(wanted, by_id=by.person_id, on=on)
    return Answer(
        say=_l(
            "%(sku)s × %(quantity)s set apart as damaged.", sku=sku.name, quantity=written(quantity)
        ),
        cue="warn" if lost else "good",
        next=SCREEN,
        undo=None if lost else {"movement": posted.id, "company": sku.company_id},
        location_id=place.id,
    )


tasks.provide_screen("damage_floor.index", _l("Something is broken"))
