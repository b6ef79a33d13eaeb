"""Courses and their lessons, as anybody reads them."""

from flask import Response, abort, redirect, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.core import i18n
from portal.learning.queries import progress, works
from portal.learning.queries.works import Shown
from portal.learning.rules.topics import COURSE, TOPICS
from portal.learning.views.learn import bp
from portal.learning.views.page import learner, page


@bp.get("/courses/<slug>")
def course(slug: str) -> Response:
    """Show what a course teaches, its lessons, and how far its reader is."""
    shown, user = found(slug), learner()
    return page(
        "learning/course.html",
        shown=shown,
        topics=TOPICS,
        progress=progress.progress_of(user, shown.work_id) if user else progress.NOTHING,
        attempts=progress.attempts_of(user, shown.work_id) if user else [],
        certificate=progress.certificate_for(user, shown.work_id) if user else None,
        learner=user,
    )


@bp.get("/courses/<slug>/<part>")
def lesson(slug: str, part: str) -> Answer:
    """Show a lesson; those of courses that are not public to people who are signed in only."""
    shown, user = found(slug), learner()
    one = shown.part(part)
    if one is None:
        abort(404)
    if not shown.settings["is_public"] and user is None:
        return redirect(url_for("sign_in.login", next=request.path))
    return page(
        "learning/lesson.html",
        shown=shown,
        unit=one,
        beside=shown.beside(one),
        progress=progress.progress_of(user, shown.work_id) if user else progress.NOTHING,
        learner=user,
    )


def found(slug: str) -> Shown:
    """Return a published course; there is no other (404)."""
    shown = works.shown(COURSE, slug, i18n.tag())
    if shown is None:
        abort(404)
    return shown
