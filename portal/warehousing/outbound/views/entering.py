"""Entering an order: the form, its live summary, a draft written anew, an order changed."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from portal.accounts.forms import Answer
from portal.core import limits
from portal.core.errors import PortalError, Refused
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.warehousing.outbound.forms import typed as forms
from portal.warehousing.outbound.forms.typed import Typed
from portal.warehousing.outbound.queries.one import lines_of
from portal.warehousing.outbound.queries.visible import order_for
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.shown import entering, words
from portal.warehousing.outbound.shown.entering import asker, own
from portal.warehousing.outbound.views.blueprint import bp


@bp.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Enter an order, hand it in or keep it as a draft."""
    owner = own()
    if request.method == "GET":
        return _page(_start(), owner)
    form = forms.typed(request.form)
    changed = entering.pressed(form)
    if changed is not None:
        return _page(changed, owner)
    form, is_draft = entering.compact(form), request.form.get("do") == "draft"
    if request.form.get("do") not in ("place", "draft"):
        return _page(entering.check(form, owner), owner)
    limits.spend("outbound", asker().person_id)
    try:
        answer = entering.place(form, owner, is_draft=is_draft)
    except PortalError as error:
        return _page(entering.refused(form, error), owner), 422
    return _told(answer)


def _start() -> Typed:
    """Return what the form begins with: what is usual, or a copy of another order."""
    form = entering.new_form(own())
    if "copy" not in request.args:
        return form
    order = order_for(asker(), request.args["copy"])
    like = forms.of_order(order, lines_of(order))
    head = {**like.head, "order_ref": "", "wished_on": "", "once": form.value("once")}
    return Typed(head, like.party, like.lines, is_urgent=like.is_urgent)


def _page(form: Typed, owner: entering.Owner, **more: Any) -> str:
    shown = entering.context(form, owner, bp.name, **more)
    return render_template("warehousing/outbound/new.html", **shown)


def _told(answer: Any) -> Answer:
    order = order_for(asker(), answer["ref"])
    flash(entering.told(answer["status"], answer["ref"], words.promised(order)))
    return redirect(url_for(".detail", ref=answer["ref"]))


@bp.post("/summary")
def summarise() -> str:
    """Show free stock, what is short and the promise so far, for the script of the form."""
    shown = entering.context(forms.typed(request.form), own(), bp.name)
    return render_template("warehousing/outbound/_live.html", **shown)


@bp.post("/lines")
def edit_lines() -> str:
    """Show the lines after one was added or removed, for the script of the form."""
    form = forms.typed(request.form)
    shown = entering.context(entering.pressed(form) or form, own(), bp.name)
    return render_template("warehousing/outbound/_lines.html", **shown)


@bp.route("/<ref>/edit", methods=["GET", "POST"])
def edit(ref: str) -> Answer:
    """Write a draft anew, or change an order that was handed in."""
    order, owner = order_for(asker(), ref), own()
    if order.status not in rules.REDIRECTABLE:
        raise Refused(_l("This order cannot be changed any more."))
    lines = lines_of(order)
    if request.method == "GET":
        return _page(entering.start_of(order, lines, owner), owner, order=order)
    form = forms.typed(request.form)
    changed = entering.pressed(form)
    if changed is not None:
        return _page(changed, owner, order=order)
    form, do = entering.compact(form), request.form.get("do", "")
    if do not in ("place", "draft", "change"):
        return _page(entering.check(form, owner), owner, order=order)
    try:
        answer = entering.written(form, owner, order, lines, do=do)
    except PortalError as error:
        return _page(entering.refused(form, error), owner, order=order), 422
    if order.status == rules.DRAFT:
        return _told(answer)
    flash(_("%(ref)s is changed.", ref=ref))
    return redirect(url_for(".detail", ref=ref))
