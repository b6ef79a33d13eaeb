"""Zones of a warehouse, and blocks of racks built in them."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_babel import ngettext
from werkzeug.wrappers import Response

from portal.accounts.forms import Answer, filled
from portal.core.db import AnyRow, db
from portal.core.i18n import gettext as _
from portal.warehousing.layout.desk.blueprint import (
    asker,
    bp,
    is_done,
    refusal_of,
    warehouse_at,
    zone_at,
)
from portal.warehousing.layout.forms import BlockForm, ZoneForm, zone_data
from portal.warehousing.sites import queries as sites
from portal.warehousing.sites.rules import KINDS
from portal.warehousing.sites.service import building, editing


@bp.route("/<code>/zones/new", methods=["GET", "POST"])
def new_zone(code: str) -> Answer:
    """Make a zone."""
    return _zone(warehouse_at(code), None)


@bp.route("/<code>/zones/<zone>", methods=["GET", "POST"])
def zone(code: str, zone: str) -> Answer:
    """Change a zone."""
    warehouse = warehouse_at(code)
    return _zone(warehouse, zone_at(warehouse, zone))


def _zone(warehouse: AnyRow, row: AnyRow | None) -> Answer:
    form = ZoneForm(request.form or None, data=zone_data(row) if row is not None else None)
    if request.method == "POST" and form.validate():
        by = asker().person_id
        if is_done(form, lambda on: editing.save_zone(warehouse, row, form.values(), by=by, on=on)):
            flash(_("The zone is saved."), "good")
            return redirect(url_for(".detail", code=warehouse.code))
    page = render_template("warehousing/layout/zone.html", form=form, row=row, **_of(warehouse))
    return filled(page, form)


def _of(warehouse: AnyRow) -> dict[str, Any]:
    return {"warehouse": warehouse, "name": sites.name_in(warehouse.names)}


@bp.post("/<code>/zones/<zone>/remove")
def remove_zone(code: str, zone: str) -> Response:
    """Remove a zone without locations."""
    warehouse = warehouse_at(code)
    row, by = zone_at(warehouse, zone), asker().person_id
    refusal = refusal_of(lambda on: editing.remove_zone(warehouse, row, by=by, on=on))
    flash(str(refusal) if refusal else _("The zone is removed."), "bad" if refusal else "good")
    return redirect(url_for(".detail", code=code))


@bp.route("/<code>/zones/<zone>/block", methods=["GET", "POST"])
def block(code: str, zone: str) -> Answer:
    """Build a block of racks: look at it first, then make it."""
    warehouse = warehouse_at(code)
    row = zone_at(warehouse, zone)
    beginning = zone_data(row)
    form = BlockForm(request.form or None, data={"x": beginning["x"], "y": beginning["y"]})
    seen = None
    if request.method == "POST" and form.validate():
        seen = building.preview(warehouse.id, form.block(), on=db.session.connection())
        if request.form.get("do") == "build" and _is_built(form, warehouse, row):
            return redirect(url_for(".locations", code=code, zone=row.code))
    page = render_template(
        "warehousing/layout/block.html",
        form=form,
        zone=row,
        seen=seen,
        outside=seen is not None and _is_outside(seen.bounds, row),
        kinds=KINDS,
        **_of(warehouse),
    )
    return filled(page, form)


def _is_built(form: BlockForm, warehouse: AnyRow, zone: AnyRow) -> bool:
    made: list[int] = []
    by, wanted = asker().person_id, form.block()
    done = is_done(
        form, lambda on: made.append(building.build(warehouse, zone, wanted, by=by, on=on))
    )
    if done:
        said = ngettext("%(num)d location is made.", "%(num)d locations are made.", made[0])
        flash(said, "good")
    return done


def _is_outside(bounds: tuple[int, int, int, int], zone: AnyRow) -> bool:
    """Return whether a block sticks out of its zone on the plan."""
    x, y, width, depth = bounds
    right, below = zone.x_dm + zone.width_dm, zone.y_dm + zone.depth_dm
    has_plan = zone.width_dm > 0 and zone.depth_dm > 0
    return has_plan and not (
        zone.x_dm <= x and zone.y_dm <= y and x + width <= right and y + depth <= below
    )
