"""Lessons, chapters and questions of quizzes: written in three languages side by side."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.datastructures import CombinedMultiDict
from werkzeug.wrappers import Response

from portal.accounts.forms import filled, show
from portal.core import i18n
from portal.core.db import transaction
from portal.core.errors import FieldError, Invalid, PortalError
from portal.core.i18n import TAGS
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy as _l
from portal.learning.desk.works import KIND, asker, bp
from portal.learning.forms import PART_TEXTS, QUESTION_TEXTS, PartForm, QuestionForm, given
from portal.learning.models import Work
from portal.learning.queries import desk
from portal.learning.rules import content as contents
from portal.learning.rules.content import MOST_OPTIONS, MOST_PARTS, MOST_QUESTIONS, Content
from portal.learning.rules.topics import PART_NAMES
from portal.learning.service import writing
from portal.pages.service import pictures

NEW = "new"
LISTS = {"part": "parts", "question": "questions"}


@bp.route(f"/<{KIND}>/<slug>/part/<id_>", methods=["GET", "POST"])
def part(kind: str, slug: str, id_: str) -> Any:
    """Write a lesson or chapter; ``act=preview`` shows it without saving."""
    work = desk.get_work(kind, slug)
    newest = desk.newest_of(work)
    old = {} if id_ == NEW else desk.entry(contents.of(newest), "parts", id_)
    form = PartForm(_posted(), edition=newest.edition, **given(old.get("texts", {}), PART_TEXTS))
    is_kept = request.method == "POST" and request.form.get("act") != "preview"
    if is_kept and form.validate() and (kept := _kept(work, form, _part, old)):
        return _back(work, kept)
    html = render_template(
        "learning/desk/part.html",
        work=work,
        form=form,
        old=old,
        title=_title(old, newest) or _("New: %(part)s", part=PART_NAMES[kind]),
        work_title=_title(newest, None),
        texts=PART_TEXTS,
        tags=TAGS,
        previews=request.form.get("act") == "preview",
    )
    return filled(html, form)


def _posted() -> Any:
    return CombinedMultiDict([request.files, request.form]) if request.method == "POST" else None


def _title(entry: Any, other: Any) -> str:
    texts = entry.get("texts", {}) if isinstance(entry, dict) else entry.texts
    return desk.title_in(texts, i18n.tag())


def _part(form: Any, old: dict[str, Any]) -> dict[str, Any]:
    picture = None if form.no_picture.data else old.get("picture")
    if form.picture.data and form.picture.data.filename:
        picture = pictures.keep(form.picture.data.read(), by_id=asker().person_id)
    if not any(form.texts().values()):
        raise Invalid(
            _l("Write something first."),
            [FieldError("title_zh_hans", _l("Write something first."))],
        )
    return {"id": old.get("id") or contents.new_id("p"), "picture": picture, "texts": form.texts()}


@bp.route(f"/<{KIND}>/<slug>/question/<id_>", methods=["GET", "POST"])
def question(kind: str, slug: str, id_: str) -> Any:
    """Write a question of the quiz with its answers and its explanation."""
    work = desk.get_work(kind, slug)
    newest = desk.newest_of(work)
    old = {} if id_ == NEW else desk.entry(contents.of(newest), "questions", id_)
    form = QuestionForm(_posted(), edition=newest.edition, **_begun(old))
    posted = request.method == "POST"
    if posted and form.validate() and (kept := _kept(work, form, _question, old)):
        return _back(work, kept)
    html = render_template(
        "learning/desk/question.html",
        work=work,
        form=form,
        old=old,
        work_title=_title(newest, None),
        tags=TAGS,
        options=range(1, MOST_OPTIONS + 1),
    )
    return filled(html, form)


def _begun(old: dict[str, Any]) -> dict[str, Any]:
    """Return the values of the form of a question: its options by their places."""
    if not old:
        return {}
    names = {f"option{n}": option for n, option in enumerate(old["options"], 1)}
    texts = {
        tag: {**text, **{name: text.get(option, "") for name, option in names.items()}}
        for tag, text in old["texts"].items()
    }
    right = [str(n) for n, option in enumerate(old["options"], 1) if option in old["right"]]
    return {"kind": old["kind"], "right": right, **given(texts, QUESTION_TEXTS)}


def _question(form: Any, old: dict[str, Any]) -> dict[str, Any]:
    said = form.texts()
    places = [n for n in range(1, MOST_OPTIONS + 1) if any(f"option{n}" in said[t] for t in TAGS)]
    known = dict(enumerate(old.get("options", ()), 1))
    ids = {n: known.get(n) or contents.new_id("o") for n in places}
    texts = {tag: _renamed(said[tag], ids) for tag in TAGS}
    made = {
        "id": old.get("id") or contents.new_id("q"),
        "kind": form.kind.data,
        "options": list(ids.values()),
        "right": [ids[int(n)] for n in form.right.data or () if int(n) in ids],
        "texts": texts,
    }
    if (wrong := contents.check_question(made)) is not None:
        raise Invalid(wrong, [FieldError("right", wrong)])
    return made


def _renamed(text: dict[str, str], ids: dict[int, str]) -> dict[str, str]:
    """Return a text with the options under their ids."""
    kept = {name: words for name, words in text.items() if not name.startswith("option")}
    return kept | {ids[n]: text[f"option{n}"] for n in ids if f"option{n}" in text}


def _kept(work: Work, form: Any, made: Any, old: dict[str, Any]) -> str:
    """Keep what was written; return where in the page it is, empty where it was refused."""
    try:
        with transaction():
            entry = made(form, old)
            locked = desk.get_work(work.kind, work.slug, lock=True)
            _put(locked, entry, "questions" if "right" in entry else "parts", form.edition.data)
    except PortalError as refusal:
        show(refusal, form)
        return ""
    flash(_("Saved."), "good")
    return str(entry["id"])


def _put(work: Work, entry: dict[str, Any], name: str, edition: int | None) -> None:
    most = MOST_PARTS if name == "parts" else MOST_QUESTIONS
    content = contents.of(desk.newest_of(work))
    entries = contents.with_entry(getattr(content, name), entry, most)
    _change(work, content, name, entries, edition or 0)


def _change(work: Work, old: Content, name: str, entries: Any, edition: int) -> None:
    lists = {"parts": old.parts, "questions": old.questions, name: entries}
    content = Content(old.texts, lists["parts"], lists["questions"], old.settings)
    writing.change(work, content, edition=edition, part=name, by=asker())


def _back(work: Work, anchor: str) -> Response:
    address = url_for(".edit", kind=work.kind, slug=work.slug, _anchor=anchor)
    return redirect(address, 303)


@bp.post(f"/<{KIND}>/<slug>/<any(part, question):what>/<id_>/<any(up, down, remove):act>")
def arrange(kind: str, slug: str, what: str, *, id_: str, act: str) -> Response:
    """Move a part or question up or down, or take it out."""
    name = LISTS[what]
    edition = request.form.get("edition", "")
    with transaction():
        work = desk.get_work(kind, slug, lock=True)
        content = contents.of(desk.newest_of(work))
        desk.entry(content, name, id_)
        entries = getattr(content, name)
        if act == "remove":
            changed = contents.without(entries, id_)
        else:
            changed = contents.moved(entries, id_, -1 if act == "up" else 1)
        _change(work, content, name, changed, int(edition) if edition.isdecimal() else 0)
    return _back(work, name if act == "remove" else id_)
