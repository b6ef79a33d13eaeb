"""What a member does here: wants mails, has stock certified, takes the paper."""

from datetime import datetime

from flask import Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.core import clock, i18n, limits
from portal.core.db import transaction, write
from portal.core.errors import Forbidden, Invalid
from portal.core.i18n import gettext as _
from portal.warehousing.sites.queries import warehouse_for, warehouses_for
from portal.warehousing.stock.queries import alerts, certificates
from portal.warehousing.stock.rules import ALERTS
from portal.warehousing.stock.service import alerting, certifying
from portal.warehousing.stock.shown import paper
from portal.warehousing.stock.shown.asked import clean, moment
from portal.warehousing.stock.shown.listing import WORDS
from portal.warehousing.stock.views.blueprint import asker, bp, side


@bp.get("/alerts")
def alerts_list() -> str:
    """List what runs low or expires soon, with the switch of the daily mail."""
    user = asker()
    kind = request.args.get("kind", "")
    known = kind if kind in ALERTS else ""
    page = alerts.alerts_for(user, known, after=request.args.get("after"))
    return render_template(
        "warehousing/stock/alerts.html",
        side=side(),
        kind=kind,
        rows=page.items,
        older=page.next and url_for(".alerts_list", kind=kind, after=page.next),
        counted=alerts.counts_for(user),
        wants_mail=alerts.wants_mail(user),
        email=user.email,
        **WORDS,
    )


@bp.post("/alerts/mail")
def switch_mail() -> Answer:
    """Let the alerts come by mail, or no longer."""
    user = asker()
    if user.is_program or user.company_id is None:
        raise Forbidden(_("This page is for people who have signed in."))
    is_wanted = request.form.get("mails") == "on"
    with transaction():
        alerting.wish(user.person_id, user.company_id, wanted=is_wanted)
    said = (
        _("You get them by mail, once a day at most.")
        if is_wanted
        else _("You get no more of these mails.")
    )
    flash(said, "good")
    return redirect(url_for(".alerts_list"))


@bp.get("/certificates")
def certificate_list() -> str:
    """Show the form of a certificate, and those that were issued."""
    return _form()


def _form(error: str = "", asked: str = "") -> str:
    user = asker()
    local = i18n.local(clock.now()).strftime("%Y-%m-%dT%H:%M")
    return render_template(
        "warehousing/stock/certificates.html",
        side=side(),
        rows=certificates.certificates_for(user),
        asked=asked or local,
        error=error,
        warehouses=[("", _("All warehouses")), *((r.code, r.code) for r in warehouses_for(user))],
        **WORDS,
    )


@bp.post("/certificates")
def certify() -> Answer | tuple[str, int]:
    """Certify what the company had at a moment."""
    user = asker()
    limits.spend("api", user.person_id)
    asked, code = clean(request.form.get("as_of", "")), clean(request.form.get("warehouse", ""))
    at = moment(asked)
    if at is None or user.company_id is None:
        return _form(_("Write a day (2026-11-20) or a time (2026-11-20T15:00)."), asked), 422
    warehouse = warehouse_for(user, code) if code else None
    company, by = user.company_id, user.person_id
    end = _until_now(asked, at)
    try:
        ref = write(lambda on: certifying.certify(company, end, by=by, warehouse=warehouse, on=on))
    except Invalid as error:
        return _form(str(error.errors[0].message), asked), 422
    flash(_("Certified. The paper can be checked by anybody who has it."), "good")
    return redirect(url_for(".certificate_list", _anchor=ref))


def _until_now(asked: str, at: datetime) -> datetime:
    """Return now where today was asked for: a day that runs ends now."""
    now = clock.now()
    is_today = len(asked) == 10 and at.date() == i18n.local(now).date()
    return now if is_today else at


@bp.get("/certificates/<ref>.pdf")
def certificate(ref: str) -> Response:
    """Send a certificate as PDF, as it was certified."""
    found = certificates.certificate_for(asker(), ref)
    return paper.answer(found)
