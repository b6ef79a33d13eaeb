"""Keeping order from a topic's page: reports by anybody, and what moderators do there."""

from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.accounts.access import User
from portal.core import limits
from portal.core.db import write
from portal.core.errors import Refused
from portal.core.i18n import gettext as _
from portal.core.markdown import clean
from portal.forum.queries import posts, spaces, topics
from portal.forum.rules import order
from portal.forum.rules import posts as rules
from portal.forum.service import acts, reporting, threads
from portal.forum.views.blueprint import bp, entered

NOTE_MAX = 500  # characters


def _said(name: str) -> str | None:
    return " ".join(clean(request.form.get(name, "")).split())[:NOTE_MAX] or None


@bp.get("/t/<ref>/<int:no>/report")
def ask_report(ref: str, no: int) -> str:
    """Ask what is wrong with a post."""
    return _ask(ref, no, "report")


@bp.get("/t/<ref>/<int:no>/hide")
def ask_hide(ref: str, no: int) -> str:
    """Ask a moderator why a post is to be hidden."""
    return _ask(ref, no, "hide")


def _ask(ref: str, no: int, way: str) -> str:
    user, _profile = entered()
    row = topics.topic_for(user, ref)
    post = posts.post_for(user, row, no)
    asked = {"way": way, "report_reasons": order.REASONS}
    return render_template("forum/ask.html", topic=row, post=post, **asked)


@bp.post("/t/<ref>/<int:no>/report")
def report(ref: str, no: int) -> Answer:
    """Report a post to the moderators."""
    user, profile = entered()
    row = topics.topic_for(user, ref)
    post = posts.post_for(user, row, no)
    limits.spend("report", user.person_id)
    reason, text, trust = request.form.get("reason", ""), _said("note"), profile.trust
    write(
        lambda on: reporting.report(row, post, user, reason=reason, text=text, trust=trust, on=on)
    )
    flash(_("Thank you. A moderator looks at it; what was decided is told to its author."), "good")
    return redirect(url_for(".topic", ref=ref, post=no, _anchor=f"p{no}"), 303)


@bp.post("/t/<ref>/<int:no>/shown")
def show_post(ref: str, no: int) -> Answer:
    """Hide a post, or show it again."""
    user, _profile = entered()
    row = topics.topic_for(user, ref)
    post = posts.post_for(user, row, no)
    shown, reason = request.form.get("shown") == "1", _said("reason")
    if not shown and reason is None:
        raise Refused(_("Say why: its author reads it."))
    write(lambda on: acts.set_shown(row, post, shown, user, reason=reason, on=on))
    return redirect(url_for(".topic", ref=ref, post=no, _anchor=f"p{no}"), 303)


@bp.post("/t/<ref>/act")
def act(ref: str) -> Answer:
    """Close, open, pin, unpin or move a topic, or say what becomes of a suggestion."""
    user, _profile = entered()
    row = topics.topic_for(user, ref)
    kind = request.form.get("act", "")
    to: dict[str, Any] = {}
    if kind == "moved":
        return _move(row, user)
    if kind == "status":
        to["suggestion"] = request.form.get("suggestion", "")
        if to["suggestion"] not in rules.SUGGESTIONS or row.suggestion is None:
            raise Refused(_("Choose what becomes of the suggestion."))
    if kind not in order.BY_KEY:
        raise Refused(_("Choose what is to be done."))
    reason = _said("reason")
    write(lambda on: acts.set_state(row, kind, user, reason=reason, on=on, **to))
    return _done(ref)


def _move(row: Any, user: User) -> Answer:
    """Move a topic; among suggestions it becomes one, and elsewhere it is none any more."""
    space, reason = spaces.space_for(user, request.form.get("space", "")), _said("reason")
    is_for_ideas = space.kind == "suggestion"
    if is_for_ideas and row.suggestion is None:
        write(lambda on: threads.convert(row, space, user, reason=reason, on=on))
    else:
        kind = "moved" if is_for_ideas or row.suggestion is None else "unconverted"
        write(lambda on: acts.set_state(row, kind, user, reason=reason, on=on, space=space))
    return _done(row.ref)


def _done(ref: str) -> Answer:
    flash(_("Done. Whoever began the topic sees it in his own entries."), "good")
    return redirect(url_for(".topic", ref=ref), 303)
