"""Locations of a warehouse: the list, one of them, and what may be done with it."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.accounts.forms import Answer, filled, offers
from portal.accounts.rules import plain
from portal.core import pagination
from portal.core.db import AnyRow
from portal.core.i18n import gettext as _
from portal.core.links import with_query
from portal.warehousing.goods.rules import STORAGE_CLASSES, unit_text
from portal.warehousing.layout import queries, service
from portal.warehousing.layout.desk.blueprint import (
    asker,
    bp,
    is_done,
    refusal_of,
    warehouse_at,
    zone_at,
)
from portal.warehousing.layout.forms import LocationForm, ReasonForm, location_data
from portal.warehousing.layout.queries import Filter
from portal.warehousing.ledger.rules import STATUSES
from portal.warehousing.sites import queries as sites
from portal.warehousing.sites.rules import KINDS
from portal.warehousing.sites.service import editing

FILTERS = ("zone", "kind", "state", "q")


def kept() -> dict[str, str]:
    """Return the filters of the address that say something."""
    asked = {name: plain(request.args.get(name, "")).strip()[:40] for name in FILTERS}
    return {name: value for name, value in asked.items() if value}


def asked() -> Filter:
    """Return what the address narrows the list to."""
    args = kept()
    return Filter(
        zone=args.get("zone", ""),
        kind=args.get("kind", ""),
        state=args.get("state", ""),
        text=args.get("q", ""),
    )


@bp.get("/<code>/locations")
def locations(code: str) -> str:
    """List the locations in walking order, filtered as the address says."""
    warehouse = warehouse_at(code)
    limit = pagination.limit(request.args.get("limit"))
    after = request.args.get("after")
    page = queries.locations_for(asker(), warehouse, asked(), after=after, limit=limit)
    base = url_for(".locations", code=code)
    more = {**kept(), "after": page.next} if page.next else None
    return render_template(
        "warehousing/layout/locations.html",
        page=page,
        filled=queries.occupancy_of([row.id for row in page.items]),
        total=queries.count_for(asker(), warehouse, asked()),
        kept=kept(),
        first=with_query(base, kept().items()) if after else None,
        older=with_query(base, more.items()) if more else None,
        zones=sites.zones_of(warehouse.id),
        **words(warehouse),
    )


def words(warehouse: AnyRow) -> dict[str, Any]:
    """Return what the pages of locations say."""
    return {
        "warehouse": warehouse,
        "name": sites.name_in(warehouse.names),
        "name_in": sites.name_in,
        "kinds": KINDS,
        "classes": STORAGE_CLASSES,
        "statuses": STATUSES,
        "unit_text": unit_text,
        "zone_options": zone_options,
    }


def zone_options(zones: Sequence[AnyRow]) -> list[tuple[str, str]]:
    """Return (code, code and name) of zones."""
    return [(zone.code, f"{zone.code} {sites.name_in(zone.names)}") for zone in zones]


@bp.get("/<code>/locations/<location>")
def location(code: str, location: str) -> str:
    """Show a location: what it is, and what lies in it."""
    return _page(code, location)


def _page(code: str, location: str, form: ReasonForm | None = None) -> str:
    warehouse = warehouse_at(code)
    row = queries.location_for(asker(), warehouse, location)
    return render_template(
        "warehousing/layout/location.html",
        row=row,
        used=queries.occupancy_of([row.id])[row.id],
        lying=queries.contents_of([row.id]),
        form=form or ReasonForm(),
        **words(warehouse),
    )


@bp.route("/<code>/locations/new", methods=["GET", "POST"])
def new_location(code: str) -> Answer:
    """Make one location."""
    warehouse = warehouse_at(code)
    return _edit(warehouse, None, {"zone": request.args.get("zone", "")})


@bp.route("/<code>/locations/<location>/edit", methods=["GET", "POST"])
def edit_location(code: str, location: str) -> Answer:
    """Change a location."""
    warehouse = warehouse_at(code)
    row = queries.location_for(asker(), warehouse, location)
    return _edit(warehouse, row, location_data(row))


def _edit(warehouse: AnyRow, row: AnyRow | None, data: dict[str, Any]) -> Answer:
    form = LocationForm(request.form or None, data=data)
    form.zone.choices = offers(zone_options(sites.zones_of(warehouse.id)))
    if request.method == "POST":
        if row is not None:
            form.code.data = row.code
        if form.validate() and is_done(form, lambda on: _save(warehouse, row, form, on)):
            flash(_("The location is saved."), "good")
            return redirect(url_for(".location", code=warehouse.code, location=form.code.data))
    page = render_template(
        "warehousing/layout/location_form.html", form=form, row=row, **words(warehouse)
    )
    return filled(page, form)


def _save(warehouse: AnyRow, row: AnyRow | None, form: LocationForm, on: Connection) -> None:
    values = form.values() | {"zone_id": zone_at(warehouse, form.zone.data).id}
    by = asker().person_id
    if row is None:
        editing.make_location(warehouse, values, by=by, on=on)
        return
    if values["walk"] is None:
        values["walk"] = row.walk
    editing.change_location(warehouse, row, values, by=by, on=on)


@bp.post("/<code>/locations/<location>/block")
def block_location(code: str, location: str) -> Response | tuple[str, int]:
    """Block a location for a reason."""
    warehouse = warehouse_at(code)
    row = queries.location_for(asker(), warehouse, location)
    form, by = ReasonForm(request.form), asker().person_id
    if not form.validate():
        return _page(code, location, form), 422
    reason = form.reason.data or ""
    refusal_of(lambda on: editing.block(row, reason, by=by, on=on))
    flash(_("Blocked. Nothing is put into it or taken from it."), "good")
    return redirect(url_for(".location", code=code, location=location))


@bp.post("/<code>/locations/<location>/<any(unblock, close, open):act>")
def act_on_location(code: str, location: str, act: str) -> Response:
    """Open a blocked location again; put one out of use, or to use again."""
    warehouse = warehouse_at(code)
    row, by = queries.location_for(asker(), warehouse, location), asker().person_id
    works: dict[str, Any] = {
        "unblock": lambda on: editing.unblock(row, by=by, on=on),
        "close": lambda on: service.put_out_of_use(warehouse, row, by=by, on=on),
        "open": lambda on: service.put_to_use(warehouse, row, by=by, on=on),
    }
    said = {
        "unblock": _("The location is open again."),
        "close": _("The location is out of use."),
        "open": _("The location is in use again."),
    }
    refusal = refusal_of(works[act])
    flash(str(refusal) if refusal else said[act], "bad" if refusal else "good")
    return redirect(url_for(".location", code=code, location=location))
