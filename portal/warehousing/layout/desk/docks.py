"""Docks of a warehouse: made and changed."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from portal.accounts.forms import Answer, filled
from portal.core.db import AnyRow
from portal.core.i18n import gettext as _
from portal.warehousing.layout.desk.blueprint import asker, bp, dock_at, is_done, warehouse_at
from portal.warehousing.layout.forms import DockForm
from portal.warehousing.sites import queries as sites
from portal.warehousing.sites.service import editing


@bp.route("/<code>/docks/new", methods=["GET", "POST"])
def new_dock(code: str) -> Answer:
    """Make a dock."""
    return _dock(warehouse_at(code), None, {})


@bp.route("/<code>/docks/<dock>", methods=["GET", "POST"])
def dock(code: str, dock: str) -> Answer:
    """Change a dock, or close it."""
    warehouse = warehouse_at(code)
    row = dock_at(warehouse, dock)
    place = sites.locations_of([row.location_id])[row.location_id]
    data = {"code": row.code, "kind": row.kind, "active": row.active, "location": place.code}
    return _dock(warehouse, row, data)


def _dock(warehouse: AnyRow, row: AnyRow | None, data: dict[str, Any]) -> Answer:
    form = DockForm(request.form or None, data=data)
    if request.method == "POST" and form.validate() and _is_saved(form, warehouse, row):
        flash(_("The dock is saved."), "good")
        return redirect(url_for(".detail", code=warehouse.code))
    page = render_template(
        "warehousing/layout/dock.html",
        form=form,
        row=row,
        warehouse=warehouse,
        name=sites.name_in(warehouse.names),
    )
    return filled(page, form)


def _is_saved(form: DockForm, warehouse: AnyRow, row: AnyRow | None) -> bool:
    place = sites.location_by_barcode(form.location.data or "", warehouse.id)
    if place is None or place.kind != "dock":
        form.location.errors = [_("There is no location of the kind “dock” with that code.")]
        return False
    values = {
        "code": form.code.data,
        "kind": form.kind.data,
        "active": form.active.data,
        "location_id": place.id,
    }
    by = asker().person_id
    return is_done(form, lambda on: editing.save_dock(warehouse, row, values, by=by, on=on))
