"""Keys for programs: each acts as the person who made it, with the rights he chose."""

from datetime import timedelta

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts import queries, roles, service
from portal.accounts.forms import Answer, KeyForm, filled, show
from portal.core.db import transaction
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _

bp = Blueprint("api_keys", __name__)


@bp.get("/")
def index() -> str:
    """Show the company's living keys."""
    return render_template(
        "accounts/keys/index.html",
        keys=queries.keys_of(current_user),
        right_names=roles.RIGHT_NAMES,
    )


@bp.route("/new", methods=["GET", "POST"])
def create() -> Answer:
    """Make a key and show it, this once."""
    form = KeyForm(request.form).offer(current_user.rights)
    if request.method == "POST" and form.validate():
        try:
            return _show_once(form, _create(form))
        except PortalError as error:
            show(error, form)
    return filled(render_template("accounts/keys/create.html", form=form), form)


def _create(form: KeyForm) -> str:
    days = int(form.days.data)
    with transaction():
        return service.create_key(
            queries.person_of(current_user),
            queries.company_by_id(current_user.company_id),
            label=form.label.data,
            scopes=form.scopes.data,
            lasts=timedelta(days=days) if days else None,
        )


def _show_once(form: KeyForm, key: str) -> str:
    return render_template("accounts/keys/created.html", key=key, label=form.label.data)


@bp.route("/<ref>/revoke", methods=["GET", "POST"])
def revoke(ref: str) -> str | Response:
    """Make a key worthless, after asking."""
    if request.method == "POST":
        with transaction():
            key = queries.key_for(current_user, ref)
            service.revoke_key(key, by=current_user.person_id)
        flash(_("The key “%(label)s” is revoked.", label=key.label), "good")
        return redirect(url_for(".index"))
    return render_template("accounts/keys/revoke.html", key=queries.key_for(current_user, ref))
