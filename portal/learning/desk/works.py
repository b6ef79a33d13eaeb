"""Courses and books at the desk: the list, making one, and the way to its readers."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_login import current_user
from werkzeug.wrappers import Response

from portal.accounts.access import User
from portal.accounts.forms import filled, show
from portal.core import i18n
from portal.core.db import transaction
from portal.core.errors import Invalid, PortalError, Refused
from portal.core.i18n import LANGUAGES, TAGS
from portal.core.i18n import gettext as _
from portal.learning.forms import HEAD_TEXTS, HeadForm, NewForm, given
from portal.learning.models import Work
from portal.learning.queries import articles, desk
from portal.learning.rules import content as contents
from portal.learning.rules import lifecycle
from portal.learning.rules.content import Content
from portal.learning.rules.lifecycle import STATE_NAMES
from portal.learning.rules.topics import KINDS, PART_NAMES, TOPICS
from portal.learning.service import lifecycle as moving
from portal.learning.service import writing

bp = Blueprint("learning_desk", __name__)
KIND = "any(course, book):kind"
MOVED = ("submit", "send_back", "publish", "archive")


def asker() -> User:
    """Return who of the centre asks."""
    user: User = current_user._get_current_object()
    return user


@bp.get("")
def index() -> str:
    """List courses and books, and the articles with their topics."""
    return render_template(
        "learning/desk/index.html",
        lines=desk.listed(i18n.tag()),
        articles=articles.articles(i18n.tag()),
        kinds=KINDS,
        topics=TOPICS,
        state_names=STATE_NAMES,
        language_names=dict(LANGUAGES),
    )


@bp.post("/articles/<int:page_id>")
def sort_article(page_id: int) -> Response:
    """List an article under a topic."""
    topic = request.form.get("topic", "")
    known = {head.page_id for _topic, head in articles.articles(i18n.tag())}
    if topic not in TOPICS or page_id not in known:
        raise Invalid(_("Please choose a topic."))
    with transaction():
        moving.sort_article(page_id, topic)
    flash(_("Listed under %(topic)s.", topic=TOPICS[topic]), "good")
    return redirect(url_for(".index"), 303)


@bp.route(f"/new/<{KIND}>", methods=["GET", "POST"])
def new(kind: str) -> Any:
    """Begin a course or book."""
    form = NewForm(request.form)
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                work = _made(kind, form)
        except PortalError as refusal:
            show(refusal, form)
        else:
            return redirect(url_for(".edit", kind=kind, slug=work.slug), 303)
    html = render_template(
        "learning/desk/new.html", form=form, kind=kind, kinds=KINDS, tags=TAGS, texts=HEAD_TEXTS
    )
    return filled(html, form)


def _made(kind: str, form: Any) -> Work:
    content = Content(form.texts(), settings=_settings(form))
    place = {"topic": form.topic.data, "position": form.position.data or 0}
    return writing.create(kind, form.slug.data, content, by=asker(), **place)


def _settings(form: Any) -> dict[str, Any]:
    return contents.settings(
        pass_percent=form.pass_percent.data,
        is_public=bool(form.is_public.data),
        sources=form.sources.data or "",
    )


@bp.route(f"/<{KIND}>/<slug>", methods=["GET", "POST"])
def edit(kind: str, slug: str) -> Any:
    """Show one with its parts, questions and history; take its titles and settings."""
    work = desk.get_work(kind, slug)
    newest = desk.newest_of(work)
    form = HeadForm(request.form, **_begun(work, newest))
    if request.method == "POST" and form.validate():
        try:
            with transaction():
                _keep_head(desk.get_work(kind, slug, lock=True), form)
        except PortalError as refusal:
            show(refusal, form)
        else:
            flash(_("Saved."), "good")
            return redirect(url_for(".edit", kind=kind, slug=slug), 303)
    return filled(overview(work, newest, form), form)


def overview(work: Work, newest: Any, form: Any, errors: list[Any] | None = None) -> str:
    """Return the page of one course or book; ``errors`` keep it from review."""
    standing = writing.standing(work)
    content = contents.of(newest)
    return render_template(
        "learning/desk/work.html",
        work=work,
        newest=newest,
        form=form,
        errors_found=errors or [],
        title=desk.title_in(newest.texts, i18n.tag()) or work.slug,
        title_of=lambda entry: desk.title_in(entry["texts"], i18n.tag()),
        ask_of=lambda entry: _first(entry["texts"], "ask"),
        wrong_with=contents.check_question,
        preview=desk.preview(work, i18n.tag()),
        complete=contents.complete_in(work.kind, content),
        verbs=lifecycle.possible(standing, by=asker().person_id, may=asker().may),
        is_own=asker().person_id in work.writers,
        history=desk.history_of(work),
        kinds=KINDS,
        part_names=PART_NAMES,
        state_names=STATE_NAMES,
        tags=TAGS,
        texts=HEAD_TEXTS,
        language_names=dict(LANGUAGES),
    )


def _first(texts: dict[str, dict[str, str]], name: str) -> str:
    return next((texts[tag][name] for tag in TAGS if texts.get(tag, {}).get(name)), "")


def _begun(work: Work, newest: Any) -> dict[str, Any]:
    return {
        "edition": newest.edition,
        "topic": work.topic,
        "position": work.position,
        **newest.settings,
        **given(newest.texts, HEAD_TEXTS),
    }


def _keep_head(work: Work, form: Any) -> None:
    old = contents.of(desk.newest_of(work))
    content = Content(form.texts(), old.parts, old.questions, _settings(form))
    writing.sort_in(work, topic=form.topic.data, position=form.position.data or 0)
    if content != old:
        writing.change(work, content, edition=form.edition.data or 0, part="head", by=asker())


@bp.post(f"/<{KIND}>/<slug>/<any(submit, send_back, publish, archive):verb>")
def move(kind: str, slug: str, verb: str) -> Any:
    """Send one to review, back, to its readers, or take it from them."""
    try:
        with transaction():
            work = desk.get_work(kind, slug, lock=True)
            _refuse_overtaken(desk.newest_of(work))
            _moved(work, verb)
    except (Invalid, Refused) as refusal:
        work = desk.get_work(kind, slug)
        newest = desk.newest_of(work)
        form = HeadForm(**_begun(work, newest))
        found = [error.message for error in refusal.errors] or [refusal]
        return overview(work, newest, form, found), refusal.status
    flash(str(_SAID[verb]), "good")
    return redirect(url_for(".edit", kind=kind, slug=slug), 303)


def _refuse_overtaken(newest: Any) -> None:
    """Refuse what was decided about an edition that is not the newest any more."""
    if request.form.get("edition", str(newest.edition)) != str(newest.edition):
        raise Refused(_("Somebody saved a change meanwhile. Read it first, then decide."))


_SAID = {
    "submit": i18n.lazy("Sent to review. Somebody else publishes it."),
    "send_back": i18n.lazy("Sent back to its writer."),
    "publish": i18n.lazy("Published. Everybody can read it now."),
    "archive": i18n.lazy("Archived. Certificates stay valid."),
}


def _moved(work: Work, verb: str) -> None:
    if verb == "send_back":
        moving.send_back(work, request.form.get("note", ""), by=asker())
        return
    {"submit": moving.submit, "publish": moving.publish, "archive": moving.archive}[verb](
        work, by=asker()
    )
