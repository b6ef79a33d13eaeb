"""Editing the questions: versions, the draft of the next one, one question of it."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.core.db import transaction
from portal.core.errors import Invalid, NotFound
from portal.core.i18n import LANGUAGES, tag
from portal.core.i18n import gettext as _
from portal.membership import service
from portal.membership.desk.blueprint import Answer, questions_bp, user
from portal.membership.queries import questionnaires
from portal.membership.rules import editing
from portal.membership.rules.questions import KINDS, LAST, NEW_KINDS, Version
from portal.membership.rules.reading import clean

bp = questions_bp


@bp.get("")
def index() -> str:
    """Show all versions."""
    return render_template(
        "membership/desk/versions.html", versions=questionnaires.versions_for(user())
    )


@bp.post("")
def begin() -> Response:
    """Begin the draft of the next version, or go on with the one there is."""
    with transaction():
        draft = service.draft_questions(by=user().person_id)
    return redirect(url_for(".show", number=draft.version))


@bp.get("/<int:number>")
def show(number: int) -> str:
    """Show the questions of one version; a draft can be changed."""
    return _page(number)


def _page(number: int, wrong: Invalid | None = None) -> str:
    row = questionnaires.version_for(user(), number)
    return render_template(
        "membership/desk/questions.html",
        row=row,
        version=Version(row.version, row.content),
        differences=editing.differences(questionnaires.current().content, row.content),
        language=tag(),
        kinds=KINDS,
        last=LAST,
        wrong=wrong,
    )


@bp.post("/<int:number>")
def act(number: int) -> Answer:
    """Move or remove a question, publish or discard the draft: the button says which."""
    verb, _colon, key = request.form.get("do", "").partition(":")
    try:
        with transaction():
            row = questionnaires.version_for(user(), number, lock=True)
            if verb == "publish":
                service.publish_questions(row, clean(_form("note"))[:500], by=user().person_id)
            elif verb == "discard":
                service.discard_questions(row)
            else:
                content = editing.moved(row.content, key, verb)
                service.change_questions(row, content, by=user().person_id)
    except Invalid as wrong:
        return _page(number, wrong), 422
    if verb in ("publish", "discard"):
        flash(_SAID[verb](), "good")
        return redirect(url_for(".index"))
    return redirect(url_for(".show", number=number, _anchor=f"q-{key}"))


_SAID = {
    "publish": lambda: _("Published: new applications answer this version."),
    "discard": lambda: _("The draft is thrown away."),
}


@bp.route("/<int:number>/new", methods=["GET", "POST"])
def create(number: int) -> Answer:
    """Add a question to a section of a draft."""
    row = questionnaires.version_for(user(), number)
    section = request.args.get("section", "")
    blank: dict[str, Any] = {"key": "", "kind": "text", "label": {}, "required": False}
    return _edit(row, section, None, blank)


@bp.route("/<int:number>/questions/<key>", methods=["GET", "POST"])
def edit(number: int, key: str) -> Answer:
    """Change one question of a draft."""
    row = questionnaires.version_for(user(), number)
    version = Version(row.version, row.content)
    question = version.by_key.get(key)
    if question is None or row.state != "draft":
        raise NotFound(_("There is no such question."))
    return _edit(row, version.section_of(key).key, key, dict(question.raw))


def _edit(row: Any, section: str, key: str | None, raw: dict[str, Any]) -> Answer:
    wrong: Invalid | None = None
    if request.method == "POST":
        raw = editing.from_form(raw, request.form)
        try:
            return _save(row.version, section, key, raw)
        except Invalid as invalid:
            wrong = invalid
    page = render_template(
        "membership/desk/question.html",
        row=row,
        raw=raw,
        is_new=key is None,
        kinds=[(kind, KINDS[kind]) for kind in NEW_KINDS],
        kind_text=KINDS,
        languages_named=LANGUAGES,
        choices=editing.choices_as_text(raw),
        wrong=wrong,
    )
    return (page, 422) if wrong else page


def _save(number: int, section: str, key: str | None, raw: dict[str, Any]) -> Response:
    with transaction():
        row = questionnaires.version_for(user(), number, lock=True)
        content = editing.replaced(row.content, section, key, raw)
        service.change_questions(row, content, by=user().person_id)
    flash(_("Kept in the draft. Publish it when all is done."), "good")
    return redirect(url_for(".show", number=number, _anchor=f"q-{raw['key']}"))


def _form(name: str) -> str:
    return request.form.get(name, "")
