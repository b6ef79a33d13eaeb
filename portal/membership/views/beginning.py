"""Before there is an application: what is asked, the first step, a lost link."""

from typing import Any

from flask import redirect, render_template, request, url_for
from sqlalchemy.exc import IntegrityError
from werkzeug.wrappers import Response

from portal.core import i18n, limits, spam
from portal.core.db import transaction
from portal.membership import keys, service
from portal.membership.forms import BeginForm, EmailForm
from portal.membership.models import Application
from portal.membership.queries import applications, questionnaires
from portal.membership.rules import problems
from portal.membership.rules.questions import Section
from portal.membership.rules.states import STATE_TEXT, State
from portal.membership.views import filling
from portal.membership.views.blueprint import Answer, begun, bp, cookie, remembered


@bp.get("")
def index() -> str:
    """Say what an application asks and what comes of it; lead back to one that was begun."""
    return render_template(
        "membership/index.html",
        version=questionnaires.current(),
        language=i18n.tag(),
        begun=begun() if cookie()[0] else None,
        state_text=STATE_TEXT,
    )


@bp.route("/new", methods=["GET", "POST"])
def begin() -> Answer:
    """Show the first step, filled as far as an invitation knows; keep it once it is sent."""
    version = questionnaires.current()
    section = version.steps[0]
    form = BeginForm(request.form)
    if request.method == "POST":
        values = filling.posted(section.questions)
        if not filling.is_blank(values) and not _changes_rows():
            return _begun(section, values, form)
        answers = filling.without_removed(values, request.form.get("do", ""))
        wrong = [] if _changes_rows() else problems.of_section(section, answers)
    else:
        answers, wrong = _invited(), []
    form.show_trap()
    page = filling.shown(
        version, section, answers, wrong, form=form, application=None, adding=_adding()
    )
    return (page, 422) if wrong else page


def _changes_rows() -> bool:
    return request.form.get("do", "").startswith(("add:", "remove:"))


def _adding() -> str:
    verb, _colon, key = request.form.get("do", "").partition(":")
    return key if verb == "add" else ""


def _begun(section: Section, values: dict[str, Any], form: BeginForm) -> Answer:
    """Keep the first step; the same form sent twice begins one application."""
    limits.spend("application")
    application = _make(values, form)
    if request.form.get("do") == "later":
        return remembered(redirect(url_for(".later", ref=application.ref), 303), application)
    wrong = problems.of_section(section, values)
    checked = "1" if wrong else None
    step = section.key if wrong else questionnaires.version_of(application).steps[1].key
    onward = redirect(url_for(".step", ref=application.ref, step=step, checked=checked), 303)
    return remembered(onward, application)


def _make(values: dict[str, Any], form: BeginForm) -> Application:
    shown = form.first_shown()
    token = shown.name if shown else None
    try:
        with transaction():
            known = applications.begun_with(token) if token else None
            return known or _new(values, form, token)
    except IntegrityError:  # the same form, sent at the same moment
        known = applications.begun_with(token or "")
        if known is None:
            raise
        return known


def _new(values: dict[str, Any], form: BeginForm, token: str | None) -> Application:
    invited = keys.read_invite(request.args.get("from", ""))
    application = service.begin(
        locale=i18n.tag(),
        channel="message" if invited else "web",
        form=token,
        message_ref=invited.get("message_ref"),
        suspicion=_suspicion(values, form),
    )
    company = invited.get("company")
    service.save(application, {**values, **({"name": company} if company else {})})
    if request.form.get("do") == "later":
        service.mail_resume(application)
    return application


def _suspicion(values: dict[str, Any], form: BeginForm) -> dict[str, Any] | None:
    heads = [str(row.get("name") or "") for row in values.get("contacts") or []]
    verdict = spam.weigh(
        " ".join(heads), heads=heads, took=form.time_taken(), trapped=form.was_trapped
    )
    return {"score": verdict.score, "reasons": list(verdict.reasons)} if verdict.score else None


def _invited() -> dict[str, Any]:
    """Return what is known of somebody who was invited, and who refers him."""
    invited = keys.read_invite(request.args.get("from", ""))
    answers: dict[str, Any] = {"referred_by": request.args.get("by", "")[:120]}
    if invited:
        known = {name: invited[name] for name in ("name", "email", "phone")}
        answers["contacts"] = [{**known, "language": i18n.tag()}]
    return answers


@bp.route("/find", methods=["GET", "POST"])
def find() -> Answer:
    """Mail the links of one's applications; the answer is the same for every address."""
    form = EmailForm(request.form)
    if request.method == "POST" and form.validate():
        limits.spend("application")
        with transaction():
            if not form.was_trapped:
                service.mail_links(applications.of_email(form.email.data.strip().lower()))
        return render_template("membership/found.html", email=form.email.data)
    form.show_trap()
    page = render_template("membership/find.html", form=form)
    return (page, 422) if form.errors else page


def to_present(application: Application) -> Response:
    """Lead to the page on which an application is gone on with now."""
    if application.state == State.UNVERIFIED:
        return redirect(url_for(".proof", ref=application.ref))
    return redirect(url_for(".show", ref=application.ref))
