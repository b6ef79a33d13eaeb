"""The last step: checking all answers, consents, sending, proving the e-mail address."""

from typing import Any

from flask import redirect, render_template, request, url_for
from wtforms import Form

from portal.core import i18n, limits
from portal.core.db import transaction
from portal.core.errors import Invalid, Refused
from portal.core.i18n import gettext as _
from portal.membership import service
from portal.membership.forms import EmailForm
from portal.membership.models import Application
from portal.membership.queries import around, questionnaires
from portal.membership.rules import problems
from portal.membership.rules.questions import Version, word
from portal.membership.rules.reading import clean
from portal.membership.rules.states import State
from portal.membership.service import Agreed
from portal.membership.shown import words
from portal.membership.views.beginning import to_present
from portal.membership.views.blueprint import Answer, application, bp, remembered


@bp.route("/<ref>/check", methods=["GET", "POST"])
def check(ref: str) -> Answer:
    """Show all answers with the ways to change them; send the application."""
    draft = application(ref)
    if draft.state != State.DRAFT:
        return to_present(draft)
    version = questionnaires.version_of(draft)
    wrong: list[Any] = []
    if request.method == "POST":
        try:
            _send(draft.ref, version)
            return remembered(redirect(url_for(".proof", ref=draft.ref), 303), draft)
        except Invalid as error:
            wrong, draft = error.errors, application(ref)
    page = render_template(
        "membership/check.html",
        application=draft,
        version=version,
        language=i18n.tag(),
        wrong=wrong,
        agreed=_agreed(version),
        **_answers(draft, version),
    )
    return remembered((page, 422) if wrong else page, draft)


def _answers(draft: Application, version: Version) -> dict[str, Any]:
    answers = around.answers_of(draft)
    faulty = {each.field.partition("-")[0] for each in problems.of_all(version, answers)}
    return {"answers": answers, "faulty": faulty, "lines": words.lines, "place_of": words.place_of}


def _send(ref: str, version: Version) -> None:
    limits.spend("application_save")
    with transaction():
        draft = application(ref, lock=True)
        draft.locale = i18n.tag()
        confirmed = bool(request.form.get("truthful"))
        service.send(draft, version, _agreed(version), confirmed=confirmed)


def _agreed(version: Version) -> list[Agreed]:
    """Return every consent that is asked for, given where its box is ticked."""
    given = request.form.getlist("consents")
    items = [item for each in version.last.questions for item in each.items]
    return [
        Agreed(
            item["purpose"],
            item["channel"],
            f"{item['purpose']}-{item['channel']}" in given,
            word(item["label"], i18n.tag()),
        )
        for item in items
    ]


@bp.route("/<ref>/proof", methods=["GET", "POST"])
def proof(ref: str) -> Answer:
    """Take the code that was mailed; mail another one, or to another address."""
    sent = application(ref)
    if sent.state == State.DRAFT:
        return redirect(url_for(".check", ref=ref))
    if sent.state != State.UNVERIFIED:
        return to_present(sent)
    form = EmailForm(request.form if request.form.get("do") == "correct" else None)
    wrong = _try(ref, form) if request.method == "POST" else None
    if request.method == "POST" and wrong is None:
        return remembered(redirect(url_for(".show", ref=ref), 303), sent)
    sent = application(ref)
    page = render_template("membership/proof.html", application=sent, form=form, wrong=wrong)
    return remembered((page, 422) if wrong else page, sent)


def _try(ref: str, form: Form) -> Any:
    """Do what the button says; return what is wrong, None where all is well.

    Limited for each address, and for each application: its code may be guessed at from many.
    """
    limits.spend("application_proof")
    limits.spend("application_proof", "of", ref)
    do = request.form.get("do", "code")
    if do == "correct" and not form.validate():
        return str(form.email.errors[0])
    try:
        with transaction():
            sent = application(ref, lock=True)
            if do == "again":
                service.mail_code(sent)
            elif do == "correct":
                service.correct_email(sent, form.email.data.strip().lower())
            elif not service.prove_by_code(sent, _digits()):
                return _("This is not the code that we sent. Please compare again.")
    except Refused as refusal:
        return str(refusal)
    return None


def _digits() -> str:
    return "".join(c for c in clean(request.form.get("code", ""))[:20] if c.isdigit())


@bp.route("/<ref>/confirm", methods=["GET", "POST"])
def confirm(ref: str) -> Answer:
    """Confirm the address by the link of the mail; one button, as mail programs open links."""
    sent = application(ref)
    given = request.values.get("proof", "")
    if request.method == "POST":
        limits.spend("application_proof")
        with transaction():
            service.prove_by_link(application(ref, lock=True), given)
        return remembered(redirect(url_for(".show", ref=ref), 303), sent)
    if sent.state != State.UNVERIFIED:
        return remembered(to_present(sent), sent)
    page = render_template("membership/confirm.html", application=sent, proof=given)
    return remembered(page, sent)
