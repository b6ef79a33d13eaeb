"""The kinds of cartons at the desk: listed, made, changed, taken out of use."""

from flask import flash, redirect, render_template, request, url_for

from portal.accounts.forms import Answer, filled
from portal.core.i18n import gettext as _
from portal.warehousing.layout.desk.blueprint import is_done
from portal.warehousing.outbound.desk.blueprint import types_bp as bp
from portal.warehousing.outbound.forms.carton_types import CartonTypeForm, type_data
from portal.warehousing.outbound.queries import carton_types as queries
from portal.warehousing.outbound.service import carton_types
from portal.warehousing.outbound.shown.entering import asker
from portal.warehousing.sites.queries import name_in


@bp.get("")
def index() -> str:
    """List the kinds of cartons."""
    return render_template(
        "warehousing/outbound/desk/carton_types.html", kinds=queries.every(), name_in=name_in
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Make a kind of carton."""
    form = CartonTypeForm(request.form or None)
    if request.method == "POST" and form.validate():
        by = asker().person_id
        if is_done(form, lambda on: carton_types.make(form.values(), by=by, on=on)):
            flash(_("The carton is saved."), "good")
            return redirect(url_for(".index"))
    return _shown(form, None)


@bp.route("/<code>", methods=["GET", "POST"])
def edit(code: str) -> Answer:
    """Change a kind of carton, or take it out of use."""
    row = queries.by_code(code)
    form = CartonTypeForm(request.form or None, data=type_data(row))
    if request.method == "POST":
        form.code.data, by = row.code, asker().person_id
        values = form.values
        if form.validate() and is_done(
            form, lambda on: carton_types.change(row, values(), by=by, on=on)
        ):
            flash(_("The carton is saved."), "good")
            return redirect(url_for(".index"))
    return _shown(form, row)


def _shown(form: CartonTypeForm, row: object) -> Answer:
    page = render_template("warehousing/outbound/desk/carton_type.html", form=form, row=row)
    return filled(page, form)
