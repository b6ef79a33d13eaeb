"""The decision on an application: approving, refusing, taking it up again."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts import offers
from portal.accounts.roles import MEMBER_ROLES, ROLE_NAMES
from portal.core.db import transaction
from portal.core.errors import Invalid, Refused
from portal.core.i18n import gettext as _
from portal.membership import service
from portal.membership.desk import one
from portal.membership.desk.blueprint import Answer, bp, user
from portal.membership.models import Application
from portal.membership.queries import applications, around
from portal.membership.rules.reading import clean
from portal.membership.service import Terms

MANAGERS = ("companies.see", "applications.see")  # rights of who may look after a member


@bp.route("/<ref>/approve", methods=["GET", "POST"])
def approve(ref: str) -> Answer:
    """Make the applicant a member, on the terms of the form."""
    wrong: Invalid | Refused | None = None
    if request.method == "POST":
        try:
            return _approve(ref)
        except (Invalid, Refused) as error:
            wrong = error
    application = applications.application_for(user(), ref)
    page = render_template(
        "membership/desk/approve.html",
        application=application,
        wrong=wrong,
        roles=[(role, ROLE_NAMES[role]) for role in MEMBER_ROLES],
        tariffs=offers.tariffs(),
        managers=around.staff_with(*MANAGERS),
        terms=_terms(application),
        **_texts(),
    )
    return (page, wrong.status) if wrong else page


def _texts() -> dict[str, Any]:
    return {name: one.TEXTS[name] for name in ("state_text", "payment_terms", "refusals")}


def _terms(application: Application) -> Terms:
    """Return the terms as sent, else as the applicant wished them."""
    if request.method == "POST":
        return _sent_terms()
    wished = around.answers_of(application).get("terms_wanted")
    return Terms(
        payment_terms=str(wished) if wished in one.TEXTS["payment_terms"] else "prepaid",
        account_manager_id=application.reviewer_id or user().person_id,
    )


def _sent_terms() -> Terms:
    manager = request.form.get("account_manager", "")
    return Terms(
        role=request.form.get("role", ""),
        payment_terms=request.form.get("payment_terms", ""),
        tariff=request.form.get("tariff") or None,
        account_manager_id=int(manager) if manager.isdigit() and len(manager) < 12 else None,
    )


def _approve(ref: str) -> Response:
    with transaction():
        application = applications.application_for(user(), ref, lock=True)
        company = service.approve(application, _sent_terms(), by=user())
    flash(_("%(company)s is a member; its first person is mailed.", company=company.name), "good")
    return redirect(url_for(".detail", ref=ref))


@bp.route("/<ref>/refuse", methods=["GET", "POST"])
def refuse(ref: str) -> Answer:
    """Refuse an application with a reason and words to the applicant."""
    wrong: Invalid | Refused | None = None
    if request.method == "POST":
        try:
            return _refuse(ref)
        except (Invalid, Refused) as error:
            wrong = error
    application = applications.application_for(user(), ref)
    page = render_template(
        "membership/desk/refuse.html", application=application, wrong=wrong, **_texts()
    )
    return (page, wrong.status) if wrong else page


def _refuse(ref: str) -> Response:
    with transaction():
        application = applications.application_for(user(), ref, lock=True)
        reason, text = request.form.get("reason", ""), clean(request.form.get("text", ""))
        service.refuse(application, reason, text, by=user())
    flash(_("The application is refused; the applicant is mailed."), "good")
    return redirect(url_for(".detail", ref=ref))


@bp.post("/<ref>/reopen")
def reopen(ref: str) -> Response:
    """Take a refused application up again."""
    with transaction():
        application = applications.application_for(user(), ref, lock=True)
        service.reopen(application, clean(request.form.get("why", ""))[:2000], by=user())
    flash(_("The application is in review again."), "good")
    return redirect(url_for(".detail", ref=ref))
