"""Cancelling a consignment and placing a draft."""

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.consignments.queries.one import consignment_for, head_for
from portal.consignments.rules.moves import CANCELLABLE
from portal.consignments.rules.vocabulary import VOCABULARY, Status
from portal.consignments.service import drafts, tracking
from portal.consignments.service.tracking import NewEvent
from portal.consignments.views.asked import clean
from portal.consignments.views.blueprint import bp
from portal.core import clock
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.i18n import gettext as _


@bp.route("/<no>/cancel", methods=["GET", "POST"])
def cancel(no: str) -> str | Response:
    """Ask whether to cancel, and do it."""
    if request.method == "POST":
        _cancel(no, clean(request.form.get("note", "")))
        flash(_("%(no)s is cancelled.", no=no))
        return redirect(url_for("consignments.detail", no=no))
    consignment = consignment_for(current_user, no)
    if consignment.status not in CANCELLABLE:
        word = VOCABULARY[Status(consignment.status)].text
        raise Refused(
            _("This consignment is “%(status)s” and can no longer be cancelled.", status=word)
        )
    return render_template("consignments/cancel.html", consignment=consignment)


def _cancel(no: str, note: str) -> None:
    event = NewEvent(
        code=Status.CANCELLED,
        occurred_at=clock.now(),
        reason="shipper_asked",
        note=note or None,
    )
    with transaction():
        on = db.session.connection()
        head = head_for(current_user, no, on=on)
        tracking.push(head, event, by=current_user.person_id, on=on)


@bp.post("/<no>/place")
def place(no: str) -> Response:
    """Place a draft as an order."""
    with transaction():
        consignment = consignment_for(current_user, no, lock=True)
        drafts.place(consignment, by=current_user.person_id, on=db.session.connection())
    flash(_("%(no)s is ordered.", no=no))
    return redirect(url_for("consignments.detail", no=no))
