"""Review, schedule, publication, archive, and the end of drafts that nobody read."""

from collections.abc import Callable

from flask import flash, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response

from portal.core.db import transaction
from portal.core.errors import FieldError, Invalid
from portal.core.i18n import gettext as _
from portal.core.links import abroad
from portal.pages import forms
from portal.pages.desk import editing
from portal.pages.desk.blueprint import PREVIEW_SHOWN, bp, user
from portal.pages.models import Page, PageVersion
from portal.pages.queries import desk as queries
from portal.pages.rules import content as contents
from portal.pages.service import lifecycle, writing
from portal.pages.shown import dead_links, preview_token

_SAID = {
    "submit": lambda: _("Sent to review."),
    "send_back": lambda: _("Sent back to its writer."),
    "schedule": lambda: _("Scheduled."),
    "unschedule": lambda: _("Taken off the schedule."),
    "publish": lambda: _("Published."),
    "archive": lambda: _("Archived. Nobody sees it any more; its versions stay."),
}


@bp.post("/<int:page_id>/<any(submit,send_back,schedule,unschedule,publish,archive):verb>")
def move(page_id: int, verb: str) -> Response | tuple[str, int]:
    """Bring the newest version one step on, as the lifecycle allows.

    What keeps it back is shown at its fields.
    """
    try:
        with transaction():
            page = queries.page_for(user(), page_id, lock=True)
            newest = queries.version_of(page)
            _refuse_overtaken(newest)
            _MOVES[verb](page, newest)
    except Invalid as error:
        return editing.with_errors(page_id, error.errors), error.status
    flash(_SAID[verb](), "good")
    return redirect(url_for(".edit", page_id=page_id), 303)


def _refuse_overtaken(newest: PageVersion) -> None:
    """Refuse what was decided about a version that is not the newest any more."""
    if request.form.get("number", str(newest.number)) != str(newest.number):
        raise writing.Overtaken(
            _("Somebody has changed this page meanwhile. Read the newest version first.")
        )


def _submit(page: Page, newest: PageVersion) -> None:
    lifecycle.submit(page, newest, by=user(), dead=dead_links(contents.of(newest)))


def _send_back(page: Page, newest: PageVersion) -> None:
    lifecycle.send_back(page, newest, request.form.get("note", ""), by=user())


def _schedule(page: Page, newest: PageVersion) -> None:
    at = forms.moment_of(request.form.get("publish_at", ""))
    if at is None:
        sentence = _("Give day and time, such as 2026-10-01 08:30.")
        raise Invalid(sentence, [FieldError("publish_at", sentence)])
    lifecycle.schedule(page, newest, at, by=user())


def _unschedule(page: Page, newest: PageVersion) -> None:
    lifecycle.unschedule(page, newest, by=user())


def _publish(page: Page, newest: PageVersion) -> None:
    lifecycle.publish(page, newest, by=user())


def _archive(page: Page, newest: PageVersion) -> None:
    lifecycle.archive(page, newest, by=user())


_MOVES: dict[str, Callable[[Page, PageVersion], None]] = {
    "submit": _submit,
    "send_back": _send_back,
    "schedule": _schedule,
    "unschedule": _unschedule,
    "publish": _publish,
    "archive": _archive,
}


@bp.post("/<int:page_id>/preview-link")
def share(page_id: int) -> Response:
    """Make a link that shows the draft to people without a sign-in."""
    page = queries.page_for(user(), page_id)
    token, until = preview_token(page.id)
    address = abroad(url_for("preview.page", token=token))
    session[PREVIEW_SHOWN] = [page.id, address, until.isoformat()]
    return redirect(url_for(".edit", page_id=page_id), 303)


@bp.route("/<int:page_id>/delete", methods=["GET", "POST"])
def delete(page_id: int) -> str | Response:
    """Ask, then let a draft vanish that was never published."""
    if request.method == "GET":
        page = queries.page_for(user(), page_id)
        newest = queries.version_of(page)
        return render_template("pages/desk/delete.html", page=page, newest=newest, titled=_titled)
    with transaction():
        writing.remove(queries.page_for(user(), page_id, lock=True), by=user())
    flash(_("Deleted."), "good")
    return redirect(url_for(".index"), 303)


def _titled(version: PageVersion, locale: str) -> str:
    return queries.title_of(version.texts, locale)[0]
