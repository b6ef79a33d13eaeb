"""Planning a count: what is due, a zone, goods, or locations by their codes."""

from datetime import date
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import Connection, select
from werkzeug.wrappers import Response

from portal.core import clock
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound, Refused
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.warehousing.counting import rules
from portal.warehousing.counting.desk.blueprint import asker, bp
from portal.warehousing.counting.queries.due import due_in
from portal.warehousing.counting.service import planning
from portal.warehousing.counting.service.planning import Plan
from portal.warehousing.floor.forms import carry_out
from portal.warehousing.goods.scanning import all_by_code
from portal.warehousing.sites.models import Location
from portal.warehousing.sites.queries import name_in, warehouse_for, warehouses_for, zones_of
from portal.warehousing.sites.rules import KINDS as LOCATION_KINDS

MOST_TYPED = 200  # codes of locations in one field
_LOCATION = Location.__table__


@bp.get("/new")
def new() -> str:
    """Show what is due in a warehouse, and the other ways to choose what is counted."""
    houses = warehouses_for(asker())
    if not houses:
        raise NotFound(_l("There is no warehouse yet."))
    house = next((each for each in houses if each.code == request.args.get("warehouse")), houses[0])
    return render_template(
        "warehousing/counting/desk/new.html",
        houses=houses,
        house=house,
        zones=zones_of(house.id),
        due=due_in(house.id),
        every=rules.EVERY,
        name_in=name_in,
        location_kinds=LOCATION_KINDS,
        present=clock.now(),
    )


@bp.post("/new")
def plan() -> Response:
    """Plan what was chosen."""
    by_id = asker().person_id
    house = warehouse_for(asker(), request.form.get("warehouse", ""))
    made: list[str] = []
    try:
        wanted = _plan(house)

        def work(on: Connection) -> Any:
            made.append(planning.plan(wanted, by_id=by_id, on=on))
            return made[-1]

        ref = carry_out("count.plan", work)
    except Refused as refusal:
        flash(str(refusal), "bad")
        return redirect(url_for(".new", warehouse=house.code), 303)
    flash(_("Count %(ref)s is planned. It is on the floor’s list now.", ref=ref), "good")
    return redirect(url_for(".show", ref=ref), 303)


def _plan(house: AnyRow) -> Plan:
    """Return what the form chose; raises Refused for what cannot be found."""
    kind = request.form.get("kind", "")
    chosen = {"due": _due, "zone": _zone, "sku": _goods, "location": _typed}.get(kind)
    if chosen is None:
        raise Refused(_l("Choose what shall be counted."))
    return Plan(warehouse_id=house.id, kind=kind, due_on=_day(), **chosen(house))


def _day() -> date | None:
    try:
        return date.fromisoformat(request.form.get("due_on", ""))
    except ValueError:
        return None


def _due(house: AnyRow) -> dict[str, Any]:
    ids = [int(each) for each in request.form.getlist("location") if _is_id(each)]
    codes = _codes_of(house, _LOCATION.c.id.in_(ids[: rules.MOST_PLACES]))
    if not codes:
        raise Refused(_l("Choose at least one location."))
    return {"locations": list(codes), "about": _some(list(codes.values()))}


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _zone(house: AnyRow) -> dict[str, Any]:
    zone = next((z for z in zones_of(house.id) if z.code == request.form.get("zone")), None)
    if zone is None:
        raise Refused(_l("Choose a zone."))
    return {"zone_id": zone.id, "about": zone.code}


def _goods(_house: AnyRow) -> dict[str, Any]:
    code = request.form.get("sku", "").strip()[:100]
    found = all_by_code(code, None, db.session.connection()) if code else []
    if len(found) != 1:
        raise Refused(
            _l("Several owners have goods with this code. Type the GTIN.")
            if found
            else _l("No goods have this code or GTIN.")
        )
    return {"sku_id": found[0].sku.id, "about": found[0].sku.code}


def _typed(house: AnyRow) -> dict[str, Any]:
    typed = request.form.get("codes", "").upper().replace(",", " ").replace("，", " ").split()
    codes = list(dict.fromkeys(typed))[:MOST_TYPED]
    if not codes:
        raise Refused(_l("Say which locations are to be counted."))
    found = _codes_of(house, _LOCATION.c.code.in_(codes) | _LOCATION.c.barcode.in_(codes))
    if len(found) < len(codes):
        missing = [each for each in codes if each not in found.values()]
        raise Refused(_l("There is no location %(codes)s here.", codes=_some(missing)))
    return {"locations": list(found), "about": _some(codes)}


def _codes_of(house: AnyRow, condition: Any) -> dict[int, str]:
    wanted = select(_LOCATION.c.id, _LOCATION.c.code).where(
        _LOCATION.c.warehouse_id == house.id, condition
    )
    return {row.id: row.code for row in db.session.execute(wanted.order_by(_LOCATION.c.walk))}


def _some(codes: list[str]) -> str:
    return ", ".join(codes[:5]) + (f" … ({len(codes)})" if len(codes) > 5 else "")
