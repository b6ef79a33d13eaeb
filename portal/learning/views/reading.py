"""The reading corner: books, chapter by chapter."""

from flask import Response, abort

from portal.core import i18n
from portal.learning.queries import progress, works
from portal.learning.queries.works import Shown
from portal.learning.rules.topics import BOOK, TOPICS
from portal.learning.views.learn import bp
from portal.learning.views.page import learner, page


@bp.get("/read")
def shelf() -> Response:
    """Show the books, and where the reader stopped."""
    books, user = works.listed(BOOK, i18n.tag()), learner()
    known = progress.progress_in(user, [book.work_id for book in books]) if user else {}
    return page("learning/shelf.html", books=books, progress=known, topics=TOPICS, learner=user)


@bp.get("/read/<slug>")
def book(slug: str) -> Response:
    """Show the contents of a book."""
    shown, user = found(slug), learner()
    known = progress.progress_of(user, shown.work_id) if user else progress.NOTHING
    return page("learning/book.html", shown=shown, progress=known, topics=TOPICS, learner=user)


@bp.get("/read/<slug>/<part>")
def chapter(slug: str, part: str) -> Response:
    """Show a chapter."""
    shown, user = found(slug), learner()
    one = shown.part(part)
    if one is None:
        abort(404)
    known = progress.progress_of(user, shown.work_id) if user else progress.NOTHING
    return page(
        "learning/chapter.html",
        shown=shown,
        unit=one,
        beside=shown.beside(one),
        progress=known,
        learner=user,
    )


def found(slug: str) -> Shown:
    """Return a published book; there is no other (404)."""
    shown = works.shown(BOOK, slug, i18n.tag())
    if shown is None:
        abort(404)
    return shown
