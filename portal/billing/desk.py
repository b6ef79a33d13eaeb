"""Tariffs at the desk: written as drafts, put in force, shown to visitors, taken out again."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts.forms import Answer, filled, show
from portal.billing import queries, service
from portal.billing.models import Tariff
from portal.billing.rules import tariffs as rules
from portal.billing.rules.tariffs import State
from portal.billing.tariff_form import TariffForm, edited, form_data
from portal.consignments.forms.order import SERVICE_NAMES
from portal.core.db import transaction
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l

bp = Blueprint("tariffs_desk", __name__)
NEW_NAMES = {"zh-Hans": "新价目", "zh-Hant": "新價目", "en": "New tariff"}
SAID = {
    "activate": _l("The tariff is in force."),
    "publish": _l("Visitors’ estimates are made from this tariff now."),
    "retire": _l("The tariff is out of force."),
}


@bp.get("")
def index() -> str:
    """List the tariffs, the one that visitors see first."""
    return render_template(
        "billing/desk/index.html",
        tariffs=queries.tariffs_for(current_user),
        name_in=queries.name_in,
        state_names=rules.STATE_NAMES,
    )


@bp.post("/new")
def new() -> Response:
    """Begin a tariff without zones."""
    with transaction():
        ref = service.draft(NEW_NAMES, "CNY", by=current_user).ref
    return redirect(url_for(".edit", ref=ref))


@bp.get("/<ref>")
def detail(ref: str) -> str:
    """Show a tariff: its rates, and who did what to it."""
    tariff = queries.tariff_at_desk_for(current_user, ref)
    return render_template(
        "billing/desk/show.html",
        tariff=tariff,
        name=queries.name_in(tariff.names),
        prices=queries.prices_of(tariff),
        service_names=SERVICE_NAMES,
        state_names=rules.STATE_NAMES,
        history=queries.history_for(current_user, tariff),
    )


@bp.post("/<ref>/copy")
def copy(ref: str) -> Response:
    """Begin a tariff that is like this one."""
    with transaction():
        tariff = queries.tariff_at_desk_for(current_user, ref)
        made = service.copy(tariff, by=current_user).ref
    flash(_("This is a copy. Nothing of it holds until it is put in force."), "good")
    return redirect(url_for(".edit", ref=made))


@bp.route("/<ref>/edit", methods=["GET", "POST"])
def edit(ref: str) -> Answer | Response:
    """Change a draft: names, amounts, zones."""
    tariff = queries.tariff_at_desk_for(current_user, ref)
    if tariff.state != State.DRAFT:
        return redirect(url_for(".detail", ref=ref))
    if request.method == "GET":
        return _page(TariffForm(data=form_data(tariff, queries.zones_of(tariff))), tariff)
    if do := request.form.get("do"):
        return _page(TariffForm(edited(request.form, do)), tariff)
    form = TariffForm(request.form)
    if form.validate() and _is_saved(form, ref):
        return redirect(url_for(".detail", ref=ref))
    return filled(_page(form, tariff), form)


def _is_saved(form: TariffForm, ref: str) -> bool:
    """Save a draft; return False, with the reason in the form, where that is refused."""
    try:
        with transaction():
            tariff = queries.tariff_at_desk_for(current_user, ref, lock=True)
            service.save(tariff, form.values(), form.zone_values(), by=current_user)
    except PortalError as refusal:
        show(refusal, form)
        return False
    flash(_("The tariff is saved."), "good")
    return True


def _page(form: TariffForm, tariff: Tariff) -> str:
    return render_template(
        "billing/desk/edit.html",
        form=form,
        tariff=tariff,
        name=queries.name_in(tariff.names),
        service_names=SERVICE_NAMES,
    )


@bp.post("/<ref>/<any(activate, publish, retire):act>")
def move(ref: str, act: str) -> Response:
    """Put a tariff in force, show it to visitors, or take it out of force."""
    verbs: dict[str, Any] = {
        "activate": service.activate,
        "publish": service.publish,
        "retire": service.retire,
    }
    try:
        with transaction():
            tariff = queries.tariff_at_desk_for(current_user, ref, lock=True)
            verbs[act](tariff, by=current_user)
    except PortalError as refusal:
        flash(" ".join([str(refusal), *(str(error.message) for error in refusal.errors)]), "bad")
    else:
        flash(str(SAID[act]), "good")
    return redirect(url_for(".detail", ref=ref))


@bp.post("/<ref>/remove")
def remove(ref: str) -> Response:
    """Remove a draft."""
    with transaction():
        service.remove(queries.tariff_at_desk_for(current_user, ref, lock=True))
    flash(_("The draft is removed."), "good")
    return redirect(url_for(".index"))
