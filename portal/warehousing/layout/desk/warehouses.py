"""Warehouses: the list of them, one with its zones and docks, and who works in it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.forms import Answer, filled
from portal.core.errors import Invalid
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.warehousing.goods.rules import STORAGE_CLASSES
from portal.warehousing.layout import queries, service
from portal.warehousing.layout.desk.blueprint import asker, bp, is_done, refusal_of, warehouse_at
from portal.warehousing.layout.forms import WarehouseForm, warehouse_data
from portal.warehousing.sites import queries as sites
from portal.warehousing.sites.rules import DOCK_KINDS
from portal.warehousing.sites.service import editing


@bp.get("")
def index() -> str:
    """List the warehouses with how full they are."""
    return render_template(
        "warehousing/layout/index.html",
        warehouses=sites.warehouses_for(asker()),
        totals=queries.totals_for(asker()),
        name_in=sites.name_in,
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Make a warehouse."""
    form = WarehouseForm(request.form or None)
    if request.method == "POST" and form.validate():
        by = asker().person_id
        if is_done(form, lambda on: editing.make_warehouse(form.values(), by=by, on=on)):
            flash(_("The warehouse is made. Give it zones, then locations."), "good")
            return redirect(url_for(".detail", code=form.code.data))
    return filled(render_template("warehousing/layout/warehouse.html", form=form, row=None), form)


@bp.get("/<code>")
def detail(code: str) -> str:
    """Show a warehouse: its zones and how full they are, its docks, and the ways on."""
    warehouse = warehouse_at(code)
    return render_template(
        "warehousing/layout/show.html", **_facts(warehouse), docks=sites.docks_of(warehouse.id)
    )


def _facts(warehouse: Any) -> dict[str, Any]:
    return {
        "warehouse": warehouse,
        "name": sites.name_in(warehouse.names),
        "zones": sites.zones_of(warehouse.id),
        "filled": queries.occupancy_of_zones(warehouse.id),
        "classes": STORAGE_CLASSES,
        "dock_kinds": DOCK_KINDS,
        "name_in": sites.name_in,
    }


@bp.route("/<code>/edit", methods=["GET", "POST"])
def edit(code: str) -> Answer:
    """Change a warehouse."""
    row = warehouse_at(code)
    form = WarehouseForm(request.form or None, data=warehouse_data(row))
    if request.method == "POST":
        form.code.data = row.code
        values, by = form.values, asker().person_id
        if form.validate() and is_done(
            form, lambda on: editing.change_warehouse(row, values(), by=by, on=on)
        ):
            flash(_("The warehouse is saved."), "good")
            return redirect(url_for(".detail", code=code))
    page = render_template("warehousing/layout/warehouse.html", form=form, row=row)
    return filled(page, form)


@bp.route("/<code>/people", methods=["GET", "POST"])
def people(code: str) -> Answer | Response:
    """Say who works in this warehouse alone."""
    warehouse = warehouse_at(code)
    workers = queries.workers_for(asker(), warehouse)
    if request.method == "GET":
        return render_template(
            "warehousing/layout/people.html",
            warehouse=warehouse,
            name=sites.name_in(warehouse.names),
            workers=workers,
        )
    chosen = {each for each in request.form.getlist("person") if each.isascii() and each.isdigit()}
    known = {str(row.id): row.id for row in workers}
    if not chosen <= set(known):
        raise Invalid(_l("Choose people of the floor."))
    by = asker().person_id
    refusal_of(
        lambda on: service.bind_workers(warehouse, [known[each] for each in chosen], by=by, on=on)
    )
    flash(_("Saved. People who are bound to no warehouse work in all of them."), "good")
    return redirect(url_for(".people", code=code))
