"""Entering and changing goods in the form."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError

from portal.accounts.forms import Answer, filled
from portal.core.db import db, transaction
from portal.core.errors import Invalid
from portal.core.i18n import gettext as _
from portal.warehousing.goods.forms import GoodsForm, data_of, show
from portal.warehousing.goods.queries import sku_for, units_of
from portal.warehousing.goods.rules.draft import Draft
from portal.warehousing.goods.service import editing
from portal.warehousing.goods.service.editing import CHECK
from portal.warehousing.goods.stored import stored
from portal.warehousing.goods.views.blueprint import asker, bp


@bp.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Enter goods, perhaps beginning with a copy of others."""
    form = GoodsForm(request.form or None, data=_begun())
    if request.method == "POST" and form.validate() and (code := _created(form)) is not None:
        flash(_("%(code)s is entered.", code=code), "good")
        return redirect(url_for(".detail", code=code))
    return filled(render_template("warehousing/goods/form.html", form=form, sku=None), form)


def _begun() -> dict[str, Any]:
    if "copy" not in request.args:
        return {}
    sku = sku_for(asker(), request.args["copy"])
    copied = _data(sku)
    for unit in ("inner", "case", "pallet"):
        copied[unit] = {**copied.get(unit, {}), "gtin": ""}
    return {**copied, "code": "", "gtin": ""}


def _data(sku: Any) -> dict[str, Any]:
    units = units_of([sku.id], sku.company_id, db.session.connection())[sku.id]
    return data_of(sku, {unit.level: unit for unit in units})


def _created(form: GoodsForm) -> str | None:
    """Return the code of the goods that were entered; None: the form says what is wrong."""
    user, draft = asker(), form.draft()
    try:
        with transaction():
            on = db.session.connection()
            editing.create(draft, user.company_id or 0, by=user.person_id, on=on)
    except Invalid as error:
        show(error, form)
        return None
    except IntegrityError:  # the same form came in at the same moment
        form.form_errors.append(str(CHECK))
        return None
    return draft.code.strip().upper()


@bp.route("/<code>/edit", methods=["GET", "POST"])
def edit(code: str) -> Answer:
    """Change goods; what the ledger counts by stays as it is once there was stock."""
    sku = sku_for(asker(), code)
    form = GoodsForm(request.form or None, data=_data(sku))
    if request.method == "POST" and form.validate() and _changed(code, form.draft(), form):
        flash(_("Saved."), "good")
        return redirect(url_for(".detail", code=form.code.data.strip().upper()))
    is_stored = bool(stored([sku.id], db.session.connection()))
    page = render_template("warehousing/goods/form.html", form=form, sku=sku, is_stored=is_stored)
    return filled(page, form)


def _changed(code: str, draft: Draft, form: GoodsForm) -> bool:
    user = asker()
    try:
        with transaction():
            sku = sku_for(user, code, lock=True)
            editing.change(sku, draft, by=user.person_id, on=db.session.connection())
    except Invalid as error:
        show(error, form)
        return False
    return True
