"""The steps of a draft: each is kept when it is sent, right or wrong."""

from typing import Any

from flask import redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.core import limits
from portal.core.api import as_json
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import clock_time
from portal.core.i18n import gettext as _
from portal.membership import service
from portal.membership.models import Application
from portal.membership.queries import around, questionnaires
from portal.membership.rules import problems
from portal.membership.rules.questions import Section, Version
from portal.membership.rules.states import State
from portal.membership.service import placing
from portal.membership.views import filling
from portal.membership.views.beginning import to_present
from portal.membership.views.blueprint import Answer, application, bp, remembered


@bp.route("/<ref>/steps/<step>", methods=["GET", "POST"])
def step(ref: str, step: str) -> Answer:
    """Show one step with what was answered so far; keep what is sent."""
    draft = application(ref)
    version = questionnaires.version_of(draft)
    section = version.section(step)
    if section is None:
        raise NotFound(_("There is no such step."))
    if draft.state != State.DRAFT:
        return to_present(draft)
    if request.method == "POST":
        return remembered(_keep(draft, version, section), draft)
    answers = around.answers_of(draft)
    wrong = problems.of_section(section, answers) if request.args.get("checked") else []
    page = filling.shown(version, section, answers, wrong, application=draft, adding="")
    return remembered((page, 422) if wrong else page, draft)


def _keep(draft: Application, version: Version, section: Section) -> Answer:
    limits.spend("application_save")
    do = request.form.get("do", "next")
    values = filling.without_removed(filling.posted(section.questions), do)
    kept, refused = filling.sent_files(section.questions)
    with transaction():
        draft = application(draft.ref, lock=True)
        service.save(draft, values)
        filling.choose_place(draft, around.answers_of(draft))
        filling.add_files(draft, kept)
        filling.take_away(draft, do)
        if do == "later":
            service.mail_resume(draft)
    if do == "keep":
        return as_json({"saved": clock_time(draft.changed_at)})
    return _onward(draft, version, section, refused)


def _onward(draft: Application, version: Version, section: Section, refused: list[Any]) -> Answer:
    do = request.form.get("do", "next")
    answers = around.answers_of(draft)
    names = [each.key for each in version.steps]
    position = names.index(section.key)
    if do == "later":
        return redirect(url_for(".later", ref=draft.ref), 303)
    if do == "back" and not refused:
        return redirect(_address(draft, names[position - 1]) if position else url_for(".index"))
    if refused or do not in ("next", "check"):
        verb, _colon, key = do.partition(":")
        adding = key if verb == "add" else ""
        page = filling.shown(version, section, answers, refused, application=draft, adding=adding)
        return (page, 422) if refused else page
    wrong = problems.of_section(section, answers)
    if wrong or _asks_place(section, answers):
        page = filling.shown(version, section, answers, wrong, application=draft, adding="")
        return page, 422
    if do == "check" or position + 1 == len(names):
        return redirect(url_for(".check", ref=draft.ref), 303)
    return redirect(_address(draft, names[position + 1]), 303)


def _asks_place(section: Section, answers: dict[str, Any]) -> bool:
    """Return whether the address of this step may be in several places."""
    has_address = any(each.key == "address" for each in section.questions)
    return has_address and bool(placing.offered(answers.get("address") or {}))


def _address(draft: Application, step: str) -> str:
    return url_for(".step", ref=draft.ref, step=step)


@bp.get("/<ref>/later")
def later(ref: str) -> Answer:
    """Say that everything is kept, and how one comes back."""
    draft = application(ref)
    page = render_template("membership/later.html", application=draft, key=_key(draft))
    return remembered(page, draft)


def _key(draft: Application) -> str:
    return service.key_of(draft)


def first_open(draft: Application) -> Response:
    """Lead to the first step of a draft that is not complete, else to the check of all."""
    version, answers = questionnaires.version_of(draft), around.answers_of(draft)
    for section in version.steps:
        if problems.of_section(section, answers):
            return redirect(_address(draft, section.key))
    return redirect(url_for(".check", ref=draft.ref))
