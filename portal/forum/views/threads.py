"""Splitting and merging topics, and where their old addresses lead."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.core.db import end_reading, write
from portal.core.errors import NotFound, Refused
from portal.core.i18n import gettext as _
from portal.forum.queries import posts, spaces, topics
from portal.forum.queries import threads as queries
from portal.forum.rules import threads as rules
from portal.forum.service import threads, unmerging
from portal.forum.views.blueprint import bp, entered

SHOWN = 40  # posts among which one chooses on one page
NOTE_MAX = 500  # characters


def leads_on(view: Callable[..., Any]) -> Callable[..., Any]:
    """Let the address of a topic lead to where it went on, and that of a post to where it stands.

    What is sent to a topic that was merged meanwhile is taken as sent to the other.
    """

    @wraps(view)
    def led(ref: str, **rest: Any) -> Any:
        is_read = request.method in ("GET", "HEAD")
        no = request.args.get("post", 0, type=int) if is_read else 0
        if 0 < no <= rules.HIGHEST:
            user, _profile = entered()
            if (place := queries.moved_to(user, ref, no)) is not None:
                return _to(*place)
        try:
            return view(ref, **rest)
        except NotFound:
            user, _profile = entered()
            into = queries.led_on(user, ref)
            return redirect(url_for(".topic", ref=into)) if is_read else view(into, **rest)

    return led


def _to(ref: str, no: int) -> Answer:
    return redirect(url_for("club.topic", ref=ref, post=no, _anchor=f"p{no}"))


def _reason() -> str | None:
    return " ".join(request.form.get("reason", "").split())[:NOTE_MAX] or None


@bp.get("/t/<ref>/threads")
def thread_tools(ref: str) -> str:
    """Show what a moderator can do with whole topics and some of their posts."""
    user, _profile = entered()
    row = topics.topic_for(user, ref)
    first = min(max(request.args.get("from", 1, type=int), 1), row.last_no)
    found = posts.posts_between(user, row, first, first + SHOWN - 1)
    return render_template(
        "forum/threads.html",
        topic=row,
        posts=[post for post in found if post.no > 1 and post.state != "moved"],
        first=first,
        step=SHOWN,
        ideas=[each for each in spaces.spaces_for(user) if each.kind == "suggestion"],
        merged=queries.merged_into(row),
    )


@bp.post("/t/<ref>/split")
def split(ref: str) -> Answer:
    """Make a topic of its own of some posts."""
    user, _profile = entered()
    row = topics.topic_for(user, ref)
    chosen = set(request.form.getlist("no", type=int))
    chosen |= rules.numbers_in(request.form.get("numbers", "")[:500])
    title, reason = " ".join(request.form.get("title", "").split()), _reason()
    end_reading()
    made = write(lambda on: threads.split(row, chosen, title, user, reason=reason, on=on))
    flash(_("The posts are a topic of their own now. Their old links lead here."), "good")
    return redirect(url_for(".topic", ref=made.ref), 303)


@bp.post("/t/<ref>/merge")
def merge(ref: str) -> Answer:
    """Let a topic go on in another."""
    user, _profile = entered()
    row = topics.topic_for(user, ref)
    into, reason = _named(user), _reason()
    end_reading()
    write(lambda on: threads.merge(row, into, user, reason=reason, on=on))
    flash(_("The topic goes on here now. Its old address leads here."), "good")
    return redirect(url_for(".topic", ref=into.ref), 303)


def _named(user: Any) -> Any:
    try:
        return topics.topic_for(user, rules.ref_in(request.form.get("into", "")[:500]))
    except NotFound:
        raise Refused(_("Paste the address of the other topic.")) from None


@bp.post("/t/<ref>/unmerge")
def unmerge(ref: str) -> Answer:
    """Take a topic out of another again."""
    user, _profile = entered()
    row, reason = queries.merged_for(user, ref), _reason()
    end_reading()
    write(lambda on: unmerging.unmerge(row, user, reason=reason, on=on))
    flash(_("The topic stands by itself again."), "good")
    return redirect(url_for(".topic", ref=ref), 303)


@bp.post("/t/<ref>/convert")
def convert(ref: str) -> Answer:
    """Turn a topic into a suggestion."""
    user, _profile = entered()
    row = topics.topic_for(user, ref)
    space, reason = spaces.space_for(user, request.form.get("space", "")), _reason()
    end_reading()
    write(lambda on: threads.convert(row, space, user, reason=reason, on=on))
    flash(_("It is a suggestion now. Say what becomes of it."), "good")
    return redirect(url_for(".topic", ref=ref), 303)
