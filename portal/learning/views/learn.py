"""The learning pages: their first page, articles, and what the experts answered in public."""

from datetime import datetime

from flask import Blueprint, Response, abort, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.accounts.roles import ROLE_NAMES
from portal.core import i18n, markdown
from portal.learning.queries import articles, questions, works
from portal.learning.queries.progress import progress_in
from portal.learning.rules.topics import BOOK, COURSE, TOPICS
from portal.learning.views.page import form_token, learner, page
from portal.pages import queries as pages
from portal.pages.views.site import show

bp = Blueprint("learn", __name__)
bp.add_app_template_filter(markdown.plain, "plain_words")
QUESTIONS_SHOWN, IN_SITEMAP, LONGEST_QUERY = 5, 200, 200


def public_paths() -> list[tuple[str, tuple[str, ...], datetime | None]]:
    """Return (path, languages, None) of courses, books and public questions, for search engines."""
    tag = i18n.tag()
    shown = [*works.listed(COURSE, tag), *works.listed(BOOK, tag)]
    asked = questions.published("", None, IN_SITEMAP).items
    paths = [url_for("learn.question", ref=row.ref) for row in asked]
    return [(path, i18n.TAGS, None) for path in [*(work.path for work in shown), *paths]]


pages.provide_paths(public_paths)


@bp.before_request
def _no_such_name() -> None:
    """Answer at once where an address has a sign that none of ours has."""
    if "\0" in request.path:
        abort(404)


@bp.get("")
def index() -> Response:
    """Show what can be learnt here: by topic, or what holds the words that were asked for."""
    tag, text = i18n.tag(), _asked()
    topic = request.args.get("topic", "")
    topic = topic if topic in TOPICS else ""
    if text:
        return _found(text, tag)
    courses, books = works.listed(COURSE, tag), works.listed(BOOK, tag)
    user = learner()
    answered = questions.published(topic, None, QUESTIONS_SHOWN).items
    return page(
        "learning/index.html",
        topic=topic,
        topics=TOPICS,
        q="",
        courses=[each for each in courses if topic in ("", each.topic)],
        books=[each for each in books if topic in ("", each.topic)],
        articles=[each for each in articles.articles(tag) if topic in ("", each[0])],
        questions=answered,
        progress=progress_in(user, [each.work_id for each in courses + books]) if user else {},
    )


def _asked() -> str:
    return request.args.get("q", "").strip()[:LONGEST_QUERY].replace("\0", "")


def _found(text: str, tag: str) -> Response:
    found = works.search(text, tag)
    return page(
        "learning/found.html",
        q=text,
        topics=TOPICS,
        courses=[each for each in found if each.kind == COURSE],
        books=[each for each in found if each.kind == BOOK],
        articles=articles.search(text, tag),
        questions=questions.search(text),
    )


@bp.get("/<slug>")
def article(slug: str) -> Answer | str:
    """Show one article, and what else there is on its topic."""
    sorted_in = articles.articles(i18n.tag())
    topic = next((topic for topic, head in sorted_in if head.slug == slug), "")
    return show(
        "article",
        slug,
        "learning/article.html",
        csrf_token=form_token,
        topic=topic,
        topics=TOPICS,
        others=[head for of, head in sorted_in if of == topic and head.slug != slug][:6],
        questions=questions.published(topic, None, QUESTIONS_SHOWN).items if topic else [],
        courses=[each for each in works.listed(COURSE, i18n.tag()) if each.topic == topic],
    )


@bp.get("/questions")
def answered() -> Response:
    """List what the experts answered in public, the newest first."""
    topic, text = request.args.get("topic", ""), _asked()
    topic = topic if topic in TOPICS else ""
    found = questions.published(topic, request.args.get("after"))
    items = questions.search(text) if text else found.items
    return page(
        "learning/questions.html",
        topic=topic,
        topics=TOPICS,
        q=text,
        items=items,
        next=None if text else found.next,
        answers=questions.answers_of([row.id for row in items], public_only=True),
        role_names=ROLE_NAMES,
    )


@bp.get("/questions/<ref>")
def question(ref: str) -> Response:
    """Show one question with its public answers."""
    row = questions.published_one(ref)
    if row is None:
        abort(404)
    tag = i18n.tag()
    return page(
        "learning/question.html",
        question=row,
        topics=TOPICS,
        answers=questions.answers_of([row.id], public_only=True)[row.id],
        role_names=ROLE_NAMES,
        articles=[head for of, head in articles.articles(tag) if of == row.topic][:5],
        courses=[each for each in works.listed(COURSE, tag) if each.topic == row.topic],
    )
