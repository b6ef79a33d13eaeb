"""Mails about incidents: no more of them, or again; by the link in a mail, and in one's account."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.consignments.service.incidents import muting
from portal.core import limits
from portal.core.db import AnyRow, transaction
from portal.core.errors import Forbidden
from portal.core.i18n import gettext as _

bp = Blueprint("incident_mail", __name__)
account_bp = Blueprint("account_mails", __name__)


@bp.get("/<token>")
def show(token: str) -> Response:
    """Show whether the mails come, with one button; opening the link alone changes nothing."""
    limits.spend("lookup")
    reader = muting.reader_of(token)
    page = render_template("consignments/incident_mail.html", reader=reader, token=token)
    answer = Response(page, mimetype="text/html")
    answer.headers["Cache-Control"] = "no-store"  # its address is a key
    answer.headers["X-Robots-Tag"] = "noindex, nofollow"
    return answer


@bp.post("/<token>")
def switch(token: str) -> Response:
    """Stop the mails, or let them come again."""
    limits.spend("lookup")
    with transaction():
        _switch(muting.reader_of(token))
    return redirect(url_for(".show", token=token))


@account_bp.get("")
def own() -> str:
    """Show the same switch to whoever is signed in, for the company he works in now."""
    return render_template("accounts/mails.html", reader=_self())


@account_bp.post("")
def switch_own() -> Response:
    """Stop one's own mails, or let them come again."""
    with transaction():
        _switch(_self())
    return redirect(url_for(".own"))


def _self() -> AnyRow:
    if current_user.is_program:
        raise Forbidden(_("This page is for people who have signed in."))
    return muting.reader(current_user.person_id, current_user.company_id)


def _switch(reader: AnyRow) -> None:
    muted = request.form.get("mails") != "on"
    muting.set_muted(reader, muted=muted)
    said = _("You get no more of these mails.") if muted else _("You get these mails again.")
    flash(said, "good")
