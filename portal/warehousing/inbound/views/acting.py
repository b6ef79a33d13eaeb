"""What an owner does with a notice: announce, choose a slot, cancel, answer differences."""

import secrets

from flask import flash, redirect, render_template, request, url_for
from sqlalchemy import Connection
from werkzeug.wrappers import Response

from portal.core.errors import FieldError, Invalid, PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import instant
from portal.warehousing.inbound.forms.typed import clean
from portal.warehousing.inbound.queries.visible import notice_for
from portal.warehousing.inbound.rules.differences import MOST_NOTE
from portal.warehousing.inbound.service import finishing, notices, slots
from portal.warehousing.inbound.shown import page, words
from portal.warehousing.inbound.shown.asking import asker, carried_out
from portal.warehousing.inbound.views.blueprint import bp
from portal.warehousing.ledger.service.commands import Answer as Told
from portal.warehousing.sites.shown import slots_for_form

Answer = str | Response | tuple[str, int]


def _back(ref: str, anchor: str | None = None) -> Response:
    return redirect(url_for("inbound.detail", ref=ref, _anchor=anchor))


@bp.post("/<ref>/announce")
def announce(ref: str) -> Answer:
    """Announce a draft."""
    notice, user = notice_for(asker(), ref), asker()

    def work(on: Connection) -> None:
        notices.submit(notice.ref, notice.company_id, by=user.person_id, on=on)

    carried_out("inbound.submit", request.form.get("once", ""), work)
    flash(_("%(no)s is announced. The warehouse expects your goods.", no=notice.ref))
    return _back(ref)


@bp.route("/<ref>/slot", methods=["GET", "POST"])
def slot(ref: str) -> Answer:
    """Choose, change or give back the slot at a dock."""
    notice, user = notice_for(asker(), ref), asker()
    if request.method == "GET":
        return _slot_page(notice, "")
    chosen, gives_up = request.form.get("slot", ""), request.form.get("do") == "give_up"

    def work(on: Connection) -> Told | None:
        if gives_up:
            slots.give_up(ref, by=user.person_id, on=on, company_id=notice.company_id)
            return None
        if not chosen:
            message = _("Choose one of the slots.")
            raise Invalid(message, [FieldError("slot", message)])
        booked = slots.schedule(ref, chosen, by=user.person_id, on=on, company_id=notice.company_id)
        return {"at": booked.starts_at.isoformat()}

    try:
        carried_out("inbound.slot", request.form.get("once", ""), work)
    except PortalError as error:
        return _slot_page(notice, chosen, str(error)), 422
    after = notice_for(user, ref)
    if gives_up:
        flash(_("The slot is given back. Choose another one, or come without."))
    else:
        when = instant(after.expected_at)
        flash(_("Dock %(dock)s is yours at %(when)s.", dock=after.dock, when=when))
    return _back(ref)


def _slot_page(notice: object, chosen: str, error: str = "") -> str:
    row = notice_for(asker(), notice.ref)  # type: ignore[attr-defined]
    return render_template(
        "warehousing/inbound/slot.html",
        notice=row,
        slots=slots_for_form(
            row.warehouse_id, "in", chosen=chosen, errors=[error] if error else []
        ),
        once=secrets.token_urlsafe(12),
        words=words,
    )


@bp.route("/<ref>/cancel", methods=["GET", "POST"])
def cancel(ref: str) -> Answer:
    """Cancel a notice, after having been asked."""
    notice, user = notice_for(asker(), ref), asker()
    if request.method == "GET":
        return render_template("warehousing/inbound/cancel.html", notice=notice, words=words)
    reason = clean(request.form.get("reason", ""))[:MOST_NOTE]

    def work(on: Connection) -> None:
        notices.cancel(ref, reason=reason, by=user.person_id, on=on, company_id=notice.company_id)

    carried_out("inbound.cancel", request.form.get("once", ""), work)
    flash(_("%(no)s is cancelled.", no=ref))
    return _back(ref)


@bp.post("/<ref>/differences/<int:number>")
def answer(ref: str, number: int) -> Answer:
    """Accept or decline one difference."""
    notice, user = notice_for(asker(), ref), asker()
    accept = request.form.get("do") == "accept"
    note = clean(request.form.get(f"note-{number}", ""))[:MOST_NOTE]

    def work(on: Connection) -> None:
        finishing.answer(
            ref,
            number,
            accept=accept,
            note=note,
            company_id=notice.company_id,
            by=user.person_id,
            on=on,
        )

    try:
        carried_out("inbound.answer", request.form.get("once", ""), work)
    except Invalid as error:
        shown = page.everything(notice_for(user, ref), request.args)
        problems = {each.field: str(each.message) for each in error.errors}
        return render_template("warehousing/inbound/detail.html", **shown, problems=problems), 422
    flash(_("Accepted.") if accept else _("Declined. The warehouse looks at it again."))
    return _back(ref, "differences")
