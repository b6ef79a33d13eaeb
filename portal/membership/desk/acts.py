"""What the desk does while it reviews: taking, handing over, checking, noting, linking, asking."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.accounts.desk_queries import company_for
from portal.core.db import transaction
from portal.core.errors import Invalid
from portal.core.i18n import gettext as _
from portal.membership import service
from portal.membership.desk import one
from portal.membership.desk.blueprint import Answer, bp, user
from portal.membership.models import Application
from portal.membership.queries import applications, questionnaires
from portal.membership.rules.reading import clean


@bp.post("/<ref>")
def act(ref: str) -> Answer:
    """Do one thing about an application: the button says which."""
    applications.application_for(user(), ref)
    verb, _colon, about = request.form.get("do", "").partition(":")
    doing = ACTS.get(verb)
    try:
        if doing is None:
            raise Invalid(_("Choose what to do."))
        with transaction():
            doing(applications.application_for(user(), ref, lock=True), about)
    except Invalid as wrong:
        return one.page(applications.application_for(user(), ref), wrong), 422
    flash(_("Done."), "good")
    return redirect(url_for(".detail", ref=ref, _anchor=f"answer-{about}" if about else None))


def _take(application: Application, _about: str) -> None:
    service.take(application, by=user().person_id)


def _hand_over(application: Application, _about: str) -> None:
    person = request.form.get("person", "")
    number = int(person) if person.isdigit() and len(person) < 12 else 0
    service.hand_over(application, number, by=user().person_id)


def _note(application: Application, _about: str) -> None:
    service.note(application, _text("note"), by=user().person_id)


def _check(application: Application, key: str) -> None:
    service.check(
        application,
        questionnaires.version_of(application),
        key,
        how=request.form.get(f"how-{key}", ""),
        note=_text(f"note-{key}"),
        by=user().person_id,
    )


def _link(application: Application, company_ref: str) -> None:
    company = company_for(user(), company_ref, lock=True)
    service.link(application, company, by=user().person_id)


ACTS: dict[str, Any] = {
    "take": _take,
    "hand_over": _hand_over,
    "note": _note,
    "check": _check,
    "link": _link,
}


def _text(name: str) -> str:
    return clean(request.form.get(name, ""))


@bp.route("/<ref>/ask", methods=["GET", "POST"])
def ask(ref: str) -> Answer:
    """Ask the applicant about named answers; a mail goes out."""
    wrong: Invalid | None = None
    if request.method == "POST":
        try:
            return _ask(ref)
        except Invalid as invalid:
            wrong = invalid
    application = applications.application_for(user(), ref)
    page = render_template(
        "membership/desk/ask.html",
        wrong=wrong,
        chosen=request.form.getlist("keys") or request.args.getlist("key"),
        text=request.form.get("text", ""),
        **one.everything(application),
    )
    return (page, 422) if wrong else page


def _ask(ref: str) -> Response:
    with transaction():
        application = applications.application_for(user(), ref, lock=True)
        service.ask(
            application,
            questionnaires.version_of(application),
            request.form.getlist("keys"),
            _text("text"),
            by=user().person_id,
        )
    flash(_("The applicant is asked by mail."), "good")
    return redirect(url_for(".detail", ref=ref))
