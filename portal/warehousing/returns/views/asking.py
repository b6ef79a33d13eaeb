"""Asking for a return: from a shipped order, or by typing what shall come back."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.core.errors import FieldError, Invalid
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.warehousing.floor.forms import carry_out
from portal.warehousing.goods.queries import Filter as Goods
from portal.warehousing.goods.queries import goods_for
from portal.warehousing.returns import forms, rules
from portal.warehousing.returns.forms import Typed
from portal.warehousing.returns.queries import one
from portal.warehousing.returns.service import requesting
from portal.warehousing.returns.views.blueprint import asker, bp
from portal.warehousing.sites.queries import name_in, warehouses_for

Answer = str | Response | tuple[str, int]
OFFERED = 200  # goods offered while one types a code


@bp.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Ask for a return."""
    if request.method == "GET":
        return _page(_start())
    form = forms.typed(request.form)
    if request.form.get("do") == "add":
        return _page(form.more())
    house = next(
        (each for each in warehouses_for(asker()) if each.code == form.value("warehouse")), None
    )
    if house is None:
        return _page(form.wrong([FieldError("warehouse", _l("Choose a warehouse."))])), 422
    wish, errors = forms.wish_of(form, house.id)
    if wish is None:
        return _page(form.wrong(errors)), 422
    return _made(form, wish)


def _start() -> Typed:
    """Return the form as it begins: with all that a shipped order took, if one is named."""
    if "order" in request.args:
        order, lines = one.shipped_for(asker(), request.args["order"])
        return forms.of_order(order, lines)
    return Typed({}, forms.blank())


def _made(form: Typed, wish: Any) -> Answer:
    user = asker()

    def work(on: Connection) -> str:
        made = requesting.request(wish, user.company_id or 0, by_id=user.person_id, on=on)
        return made.ref

    try:
        ref = carry_out("return.request", work)
    except Invalid as error:
        return _page(form.wrong(error.errors or [FieldError("lines", str(error))])), 422
    flash(_("%(ref)s is requested. You hear here as soon as it is authorised.", ref=ref), "good")
    return redirect(url_for(".show", ref=ref), 303)


def _page(form: Typed) -> str:
    lines = list(form.lines) or forms.blank()
    errors = [(each.field.replace(".", "-"), str(each.message)) for each in form.errors]
    return render_template(
        "warehousing/returns/new.html",
        form=form,
        lines=lines,
        errors=errors,
        houses=[(h.code, f"{name_in(h.names)} {h.code}") for h in warehouses_for(asker())],
        reasons=[("", _("Please choose")), *((k, str(v)) for k, v in rules.REASONS.items())],
        goods=goods_for(asker(), Goods(), limit=OFFERED).items,
        most_note=rules.MAX_NOTE,
    )
