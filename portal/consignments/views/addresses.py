"""The address book: list, search, add, change, remove."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.consignments.forms.party import AddressForm, data_of
from portal.consignments.forms.problems import problems
from portal.consignments.queries.addresses import address_for, addresses_for
from portal.consignments.service import addresses
from portal.consignments.shown import placing
from portal.consignments.shown.asked import clean
from portal.consignments.shown.facts import country_name, phone
from portal.core import pagination
from portal.core.db import db, transaction
from portal.core.i18n import gettext as _
from portal.places import rules

bp = Blueprint("addresses", __name__)
Answer = str | Response | tuple[str, int]


@bp.get("")
def index() -> str:
    """List the entries by name."""
    text = clean(request.args.get("q", ""))
    page = addresses_for(
        current_user,
        text=text,
        after=request.args.get("after"),
        limit=pagination.limit(request.args.get("limit")),
    )
    return render_template(
        "consignments/addresses.html",
        page=page,
        text=text,
        country_name=country_name,
        phone=phone,
        is_low=rules.is_low,
    )


@bp.route("/new", methods=["GET", "POST"])
def new() -> Answer:
    """Add an entry."""
    form = AddressForm(request.form, data={"country": "CN"})
    if request.method == "POST" and form.validate():
        party = form.party()
        with transaction():
            on, by = db.session.connection(), current_user.person_id
            addresses.add(current_user.company_id, party, by=by, on=on)
        flash(_("%(name)s is in your address book.", name=party.name))
        return redirect(url_for("addresses.index"))
    return _filled(form)


@bp.route("/<ref>", methods=["GET", "POST"])
def edit(ref: str) -> Answer:
    """Change an entry."""
    entry = address_for(current_user, ref)
    form = AddressForm(request.form, data=data_of(entry))
    if request.method == "POST" and form.validate():
        with transaction():
            fresh = address_for(current_user, ref)
            on, by = db.session.connection(), current_user.person_id
            addresses.change(fresh, form.party(), by=by, on=on)
        flash(_("%(name)s is changed.", name=form.party().name))
        return redirect(url_for("addresses.index"))
    return _filled(form, entry)


@bp.route("/<ref>/place", methods=["GET", "POST"])
def locate(ref: str) -> Answer:
    """Say where an entry is: one of the places found, or co-ordinates."""
    entry = address_for(current_user, ref)
    address = placing.of_entry(entry)
    form = placing.form_of(address)
    if request.method == "POST" and form.validate_for(address.near):
        assert form.position is not None  # noqa: S101 - what validate_for promises
        with transaction():
            on, by = db.session.connection(), current_user.person_id
            addresses.locate(address_for(current_user, ref), form.position, by=by, on=on)
        flash(_("The place of %(name)s is kept.", name=entry.name))
        return redirect(url_for("addresses.index"))
    found = problems(form)
    page = render_template(
        "consignments/address_place.html", entry=entry, address=address, form=form, problems=found
    )
    return (page, 422) if found else page


@bp.route("/<ref>/remove", methods=["GET", "POST"])
def remove(ref: str) -> Answer:
    """Ask whether to remove an entry, and do it."""
    entry = address_for(current_user, ref)
    if request.method == "GET":
        return render_template("consignments/address_remove.html", entry=entry)
    with transaction():
        on, by = db.session.connection(), current_user.person_id
        addresses.remove(address_for(current_user, ref), by=by, on=on)
    flash(_("%(name)s is removed from your address book.", name=entry.name))
    return redirect(url_for("addresses.index"))


def _filled(form: AddressForm, entry: Any = None) -> Answer:
    found = problems(form)
    page = render_template("consignments/address.html", form=form, entry=entry, problems=found)
    return (page, 422) if found else page
