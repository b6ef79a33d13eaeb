"""What the desk does with a notice: arrival, receiving by form, finishing, looking again."""

from collections.abc import Mapping
from typing import Any

from flask import flash, redirect, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.core import files, quantities
from portal.core.db import db
from portal.core.errors import FieldError, Forbidden, Invalid, PortalError
from portal.core.i18n import gettext as _
from portal.warehousing.goods.rules import sheet_words
from portal.warehousing.inbound.desk import one
from portal.warehousing.inbound.desk.blueprint import bp
from portal.warehousing.inbound.forms.typed import NO_DAY, NO_NUMBER, clean
from portal.warehousing.inbound.queries.visible import notice_for
from portal.warehousing.inbound.rules.differences import MOST_NOTE
from portal.warehousing.inbound.rules.receiving import Confirm
from portal.warehousing.inbound.service import again as looking_again
from portal.warehousing.inbound.service import finishing, known, notices, receiving, slots
from portal.warehousing.inbound.service.receiving import Scanned
from portal.warehousing.inbound.shown.asking import asker, carried_out
from portal.warehousing.ledger.service.commands import Answer as Told

Answer = str | Response | tuple[str, int]


def _back(ref: str, anchor: str | None = None) -> Response:
    return redirect(url_for("inbound_desk.detail", ref=ref, _anchor=anchor))


def _once() -> str:
    return request.form.get("once", "")


def _typed(name: str) -> str:
    return clean(request.form.get(name, ""))[:MOST_NOTE]


@bp.post("/<ref>/arrive")
def arrive(ref: str) -> Answer:
    """Note that the vehicle is here, at a dock."""
    notice, user = notice_for(asker(), ref), asker()
    dock = request.form.get("dock", "")
    chosen = int(dock) if dock.isascii() and dock.isdigit() and len(dock) < 18 else None

    def work(on: Connection) -> None:
        slots.arrive(notice.ref, by=user.person_id, on=on, dock_id=chosen)

    carried_out("inbound.arrive", _once(), work)
    flash(_("%(no)s has arrived.", no=ref))
    return _back(ref)


@bp.post("/<ref>/receive")
def receive(ref: str) -> Answer:
    """Take goods in by a form: one line, lot and condition at a time."""
    notice, user = notice_for(asker(), ref), asker()
    try:
        sku = known.goods(_typed("code"), notice.company_id, db.session.connection())
        scanned = _scanned(sku)
        told = carried_out("inbound.receive", _once(), _receiving(notice, scanned, user.person_id))
    except Confirm as asked:
        return one.shown(notice, typed=_all_typed(asked), asked=asked), 409
    except PortalError as error:
        problems = {each.field: str(each.message) for each in error.errors}
        return one.shown(notice, typed=_all_typed(), refused=str(error), problems=problems), 422
    flash(_("%(code)s: %(count)s received.", code=told["sku"], count=told["quantity"]))
    return _back(ref, "receive")


def _receiving(notice: Any, scanned: Scanned, by: int) -> Any:
    def work(on: Connection) -> Told:
        came = receiving.receive(notice.ref, scanned, by=by, on=on)
        return {"sku": came.sku.code, "quantity": quantities.written(came.quantity)}

    return work


def _scanned(found: Any) -> Scanned:
    """Return what was typed; raises Invalid for wrong fields, Forbidden for a supervisor’s word."""
    errors: list[FieldError] = []
    quantity = quantities.NOTHING
    try:
        quantity = quantities.read(_typed("quantity"))
    except ValueError:
        errors.append(FieldError("quantity", NO_NUMBER))
    day = sheet_words.day(_typed("expires_on")) if _typed("expires_on") else None
    if _typed("expires_on") and day is None:
        errors.append(FieldError("expires_on", NO_DAY))
    confirmed = frozenset(filter(None, _typed("confirmed").split(",")))
    if {"over", "days"} & confirmed:
        if not asker().may("warehouse.supervise"):
            raise Forbidden(_("A supervisor signs in and allows this."))
        if not _typed("reason"):
            errors.append(FieldError("reason", _("Say why it is allowed.")))
    if errors:
        raise Invalid(_("Please check what you entered."), errors)
    level = _typed("level") or "each"
    return Scanned(
        sku_id=found.sku.id,
        quantity=quantity,
        level=found.level if level == "each" and found.level != "each" else level,
        lot=_typed("lot"),
        expires_on=day,
        condition=_typed("condition") or "good",
        sscc=_typed("sscc") or None,
        note=_typed("note") or None,
        picture_key=_photo(),
        confirmed=confirmed,
        reason=_typed("reason") or None,
    )


def _photo() -> str | None:
    sent = request.files.get("photo")
    return files.keep_picture(sent.read()).key if sent is not None and sent.filename else None


def _all_typed(asked: Confirm | None = None) -> Mapping[str, str]:
    typed = {name: clean(value) for name, value in request.form.items()}
    if asked is not None:
        typed["confirmed"] = ",".join(filter(None, (typed.get("confirmed", ""), asked.needs)))
    return typed


@bp.post("/<ref>/undo")
def undo(ref: str) -> Answer:
    """Take a scan back."""
    notice, user = notice_for(asker(), ref), asker()
    movement = request.form.get("movement", "")

    def work(on: Connection) -> Told:
        number = int(movement) if movement.isdecimal() and len(movement) < 19 else 0
        return {"sku": receiving.undo(number, notice.ref, by=user.person_id, on=on)}

    told = carried_out("inbound.undo", _once(), work)
    flash(_("Taken back: %(code)s.", code=told["sku"]))
    return _back(ref, "receive")


@bp.post("/<ref>/finish")
def finish(ref: str) -> Answer:
    """Finish receiving, or close the receipt of one vehicle."""
    notice, user, note = notice_for(asker(), ref), asker(), _typed("note")
    more = request.form.get("do") == "more"

    def work(on: Connection) -> Told:
        if more:
            finishing.close_receipt(notice.ref, note=note, by=user.person_id, on=on)
            return {"count": 0}
        found = finishing.finish(notice.ref, note=note, by=user.person_id, on=on)
        return {"count": len(found)}

    told = carried_out("inbound.finish", _once(), work)
    if more:
        flash(_("The receipt is closed. %(ref)s stays open for the rest.", ref=ref))
    elif told["count"]:
        flash(_("%(ref)s is received, with %(count)s differences.", ref=ref, count=told["count"]))
    else:
        flash(_("%(ref)s is received as announced.", ref=ref))
    return _back(ref)


@bp.post("/<ref>/differences/<int:number>/again")
def again(ref: str, number: int) -> Answer:
    """Record what was found after the owner declined, or send the goods back."""
    notice, user, note = notice_for(asker(), ref), asker(), _typed("note")
    sends_back = request.form.get("do") == "send_back"
    found = quantities.NOTHING
    if not sends_back:
        try:
            found = quantities.read(_typed("found"))
        except ValueError:
            raise Invalid(str(NO_NUMBER), [FieldError(f"found-{number}", NO_NUMBER)]) from None

    def work(on: Connection) -> None:
        if sends_back:
            looking_again.send_back(notice.ref, number, note=note, by=user.person_id, on=on)
        else:
            looking_again.recount(notice.ref, number, found, note=note, by=user.person_id, on=on)

    carried_out("inbound.again", _once(), work)
    flash(_("The goods are sent back.") if sends_back else _("The count is recorded."))
    return _back(ref, "differences")


@bp.post("/<ref>/cancel")
def cancel(ref: str) -> Answer:
    """Cancel a notice on its owner’s instruction."""
    notice, user, reason = notice_for(asker(), ref), asker(), _typed("reason")
    if not reason:
        message = _("Say why, so that the owner knows.")
        raise Invalid(message, [FieldError("reason", message)])

    def work(on: Connection) -> None:
        notices.cancel(notice.ref, reason=reason, by=user.person_id, on=on)

    carried_out("inbound.cancel", _once(), work)
    flash(_("%(no)s is cancelled.", no=ref))
    return _back(ref)
