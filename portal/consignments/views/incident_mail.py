"""The page behind the link at the end of a mail about incidents: no more of them, or again."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.consignments.service.incidents import muting
from portal.core.db import transaction
from portal.core.i18n import gettext as _

bp = Blueprint("incident_mail", __name__)


@bp.get("/<token>")
def show(token: str) -> str:
    """Show whether the mails come, with one button; opening the link alone changes nothing."""
    reader = muting.reader_of(token)
    return render_template("consignments/incident_mail.html", reader=reader, token=token)


@bp.post("/<token>")
def switch(token: str) -> Response:
    """Stop the mails, or let them come again."""
    muted = request.form.get("mails") != "on"
    with transaction():
        muting.set_muted(muting.reader_of(token), muted=muted)
    said = _("You get no more of these mails.") if muted else _("You get these mails again.")
    flash(said, "good")
    return redirect(url_for(".show", token=token))
