"""What the staff do to one consignment: push with photos, withdraw, resolve, cancel, amend."""

from collections.abc import Sequence
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.consignments.desk import one
from portal.consignments.desk.blueprint import list_bp as bp
from portal.consignments.desk.chosen import one_time_key
from portal.consignments.desk.forms import PushForm, WithdrawForm
from portal.consignments.queries.one import consignment_for, head_for
from portal.consignments.rules.moves import CANCELLABLE
from portal.consignments.rules.vocabulary import INCIDENT_RESOLVED, Status, text
from portal.consignments.service import attachments, retractions, tracking
from portal.consignments.service.tracking import NewEvent, Pushed
from portal.consignments.service.undo import event_key
from portal.core import clock, files
from portal.core.db import db, transaction
from portal.core.errors import PortalError, Refused
from portal.core.files import Stored
from portal.core.i18n import gettext as _
from portal.core.links import with_query

MOST_PHOTOS = 6  # in one push
Answer = str | Response | tuple[str, int]


@bp.get("/<no>/push")
@bp.get("/<no>/resolve")
@bp.get("/<no>/events/<int(max=9223372036854775807):event_id>/withdraw")
def back(no: str, event_id: int = 0) -> Response:
    """Lead from the address of an answer, which cannot be asked for anew, to the consignment."""
    detail = with_query(url_for(".detail", no=no), request.args)
    return redirect(f"{detail}#event-{event_id}")


@bp.post("/<no>/push")
def push(no: str) -> Answer:
    """Push a status to this consignment, with photos if there are any."""
    form = PushForm(request.form)
    if not form.validate():
        return one.page(no, form), 422
    kept: list[Stored] = []
    try:
        photos = [f for f in request.files.getlist("photo") if f.filename]
        if len(photos) > MOST_PHOTOS:
            raise Refused(_("Please send at most %(most)s photos at once.", most=MOST_PHOTOS))
        kept = [files.keep_picture(photo.read()) for photo in photos]
        pushed = _push(no, form, kept)
    except PortalError as error:
        _drop(kept)
        if error.status == 404:
            raise
        form.form_errors.append(str(error))
        return one.page(no, form), error.status
    flash(_said(pushed), "good")
    return redirect(url_for(".detail", no=no))


def _push(no: str, form: PushForm, photos: Sequence[Stored]) -> Pushed:
    key = one_time_key(request.form.get("key"))
    with transaction():
        on = db.session.connection()
        head = head_for(current_user, no, on=on)
        new = form.event(event_key(key, head.no))
        pushed = tracking.push(head, new, by=current_user.person_id, on=on)
        if not pushed.duplicate:
            for stored in photos:
                attachments.attach(head, pushed.id, stored, by=current_user.person_id, on=on)
    if pushed.duplicate:
        _drop(photos)
    return pushed


def _drop(photos: Sequence[Stored]) -> None:
    """Remove photos of an event that was not recorded."""
    for stored in photos:
        files.path(stored.key).unlink(missing_ok=True)


def _said(pushed: Pushed) -> str:
    if pushed.duplicate:
        return _("That was already recorded; nothing changed.")
    return _("Recorded. The consignment is now “%(status)s”.", status=text(pushed.status))


@bp.post("/<no>/events/<int(max=9223372036854775807):event_id>/withdraw")
def withdraw(no: str, event_id: int) -> Answer:
    """Withdraw an event by a new one that says why."""
    form = WithdrawForm(request.form)
    form.event_id = event_id
    if not form.validate():
        return one.page(no, withdrawing=form), 422
    with transaction():
        on = db.session.connection()
        head = head_for(current_user, no, on=on)
        retractions.retract(
            head,
            event_id,
            reason=form.why.data,
            by=current_user.person_id,
            source="manual",
            on=on,
        )
    flash(_("The event is withdrawn. It stays in the history, struck through."), "good")
    return redirect(url_for(".detail", no=no))


@bp.post("/<no>/resolve")
def resolve(no: str) -> Response:
    """Say that what was wrong is put right: closes the open incidents."""
    form = WithdrawForm(request.form)
    form.validate()
    new = NewEvent(
        code=INCIDENT_RESOLVED,
        occurred_at=clock.now(),
        note=form.why.data or None,
        published=bool(request.form.get("published")),
    )
    _record(no, new)
    flash(_("The incident is resolved."), "good")
    return redirect(url_for(".detail", no=no))


@bp.route("/<no>/cancel", methods=["GET", "POST"])
def cancel(no: str) -> Answer:
    """Ask whether to cancel, and do it for the shipper."""
    consignment = consignment_for(current_user, no)
    if consignment.status not in CANCELLABLE:
        status = text(consignment.status)
        raise Refused(
            _("This consignment is “%(status)s” and can no longer be cancelled.", status=status)
        )
    form = WithdrawForm(request.form)
    if request.method == "GET" or not form.validate():
        page = render_template("consignments/desk/cancel.html", consignment=consignment, form=form)
        return page if request.method == "GET" else (page, 422)
    _record(
        no, NewEvent(code=Status.CANCELLED, occurred_at=clock.now(), note=form.why.data or None)
    )
    flash(_("%(no)s is cancelled.", no=no), "good")
    return redirect(url_for(".detail", no=no))


def _record(no: str, new: Any) -> None:
    with transaction():
        on = db.session.connection()
        head = head_for(current_user, no, on=on)
        tracking.push(head, new, by=current_user.person_id, on=on)
