"""Entering and changing an order for a company, at the desk."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for

from portal.accounts.forms import Answer
from portal.core import limits
from portal.core.errors import PortalError, Refused
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.warehousing.goods.queries.owners import owner_by_ref, owners
from portal.warehousing.outbound.desk.blueprint import bp
from portal.warehousing.outbound.forms import typed as forms
from portal.warehousing.outbound.forms.typed import Typed
from portal.warehousing.outbound.queries.one import lines_of
from portal.warehousing.outbound.queries.owners import owners_for
from portal.warehousing.outbound.queries.visible import order_for
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.shown import entering, words
from portal.warehousing.outbound.shown.entering import Owner, asker
from portal.warehousing.sites import queries as sites


def _owner(company: Any) -> Owner:
    return Owner(company.id, company.name, sites.warehouses_for(asker()))


@bp.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Enter an order for a company, which is chosen first."""
    ref = request.values.get("company", "")
    if not ref:
        found = owners_for(asker())
        return render_template("warehousing/outbound/desk/choose.html", owners=found)
    owner = _owner(owner_by_ref(ref))
    if request.method == "GET":
        return _page(entering.new_form(owner), owner, ref)
    form = forms.typed(request.form)
    changed = entering.pressed(form)
    if changed is not None:
        return _page(changed, owner, ref)
    form, do = entering.compact(form), request.form.get("do")
    if do not in ("place", "draft"):
        return _page(entering.check(form, owner), owner, ref)
    limits.spend("outbound", asker().person_id)
    try:
        answer = entering.place(form, owner, is_draft=do == "draft")
    except PortalError as error:
        return _page(entering.refused(form, error), owner, ref), 422
    return _told(answer)


def _page(form: Typed, owner: Owner, company: str, **more: Any) -> str:
    shown = entering.context(form, owner, bp.name, owner_choice=company, **more)
    return render_template("warehousing/outbound/new.html", **shown)


def _told(answer: Any) -> Answer:
    order = order_for(asker(), answer["ref"])
    flash(entering.told(answer["status"], answer["ref"], words.promised(order)))
    return redirect(url_for(".detail", ref=answer["ref"]))


def _of_request() -> Owner:
    return _owner(owner_by_ref(request.form.get("company", "")))


@bp.post("/summary")
def summarise() -> str:
    """Show free stock, what is short and the promise so far, for the script of the form."""
    shown = entering.context(forms.typed(request.form), _of_request(), bp.name)
    return render_template("warehousing/outbound/_live.html", **shown)


@bp.post("/lines")
def edit_lines() -> str:
    """Show the lines after one was added or removed, for the script of the form."""
    form = forms.typed(request.form)
    shown = entering.context(entering.pressed(form) or form, _of_request(), bp.name)
    return render_template("warehousing/outbound/_lines.html", **shown)


@bp.route("/<ref>/edit", methods=["GET", "POST"])
def edit(ref: str) -> Answer:
    """Write a draft anew, or change an order that was handed in."""
    order = order_for(asker(), ref)
    owner = _owner(owners([order.company_id])[order.company_id])
    if order.status not in rules.REDIRECTABLE:
        raise Refused(_l("This order cannot be changed any more."))
    lines, company = lines_of(order), order.company_ref
    if request.method == "GET":
        start = entering.start_of(order, lines, owner)
        return _page(start, owner, company, order=order)
    form = forms.typed(request.form)
    changed = entering.pressed(form)
    if changed is not None:
        return _page(changed, owner, company, order=order)
    form, do = entering.compact(form), request.form.get("do", "")
    if do not in ("place", "draft", "change"):
        return _page(entering.check(form, owner), owner, company, order=order)
    try:
        answer = entering.written(form, owner, order, lines, do=do)
    except PortalError as error:
        return _page(entering.refused(form, error), owner, company, order=order), 422
    if order.status == rules.DRAFT:
        return _told(answer)
    flash(_("%(ref)s is changed.", ref=ref))
    return redirect(url_for(".detail", ref=ref))
