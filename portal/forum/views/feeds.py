"""Feeds: what is new in the club for a person's feed reader, by addresses of his own."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from typing import Any

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as Answer

from portal.core import clock, i18n, limits, links, look, markdown, tokens
from portal.core.db import end_reading, write
from portal.core.i18n import gettext as _
from portal.forum.queries import feeds as queries
from portal.forum.queries import spaces
from portal.forum.rules import pictures
from portal.forum.service import feeds as service
from portal.forum.views.blueprint import bp, entered

#: Read without a session: the address itself says for whom.
open_bp = Blueprint("club_feeds", __name__)
PURPOSE = "club feed"
EXCERPT = 500  # characters of a post
NOTED_EVERY = timedelta(hours=1)


@bp.get("/me/feeds")
def feeds() -> str:
    """Show the addresses of one's own feeds."""
    user, _profile = entered()
    row = queries.feed_of(user)
    found = [(None, _address(row))] if row else []
    if row:
        found += [(each, _address(row, each.slug)) for each in spaces.spaces_for(user)]
    return render_template("forum/feeds.html", feed=row, feeds=found)


def _address(row: Any, slug: str | None = None) -> str:
    token = tokens.signed([row.person_id, row.key], PURPOSE)
    if slug is None:
        return links.abroad(url_for("club_feeds.everything", token=token))
    return links.abroad(url_for("club_feeds.space", token=token, slug=slug))


@bp.post("/me/feeds")
def renew_feeds() -> Answer:
    """Make addresses, make new ones, or give them up."""
    user, _profile = entered()
    limits.spend("links", user.person_id)
    end_reading()
    if request.form.get("act") == "give_up":
        write(lambda on: service.give_up(user.person_id, on=on))
        flash(_("The addresses lead nowhere any more."), "good")
    else:
        write(lambda on: service.renew(user.person_id, on=on))
        flash(_("Here are your addresses. Those that you had before lead nowhere now."), "good")
    return redirect(url_for(".feeds"), 303)


@open_bp.get("/<token>.xml", endpoint="everything")
@open_bp.get("/<token>/<slug>.xml", endpoint="space")
def feed(token: str, slug: str | None = None) -> Response | Answer:
    """Give the last posts of one space, or of all, as RSS 2.0."""
    limits.spend("feed")
    said = tokens.read_signed(token, PURPOSE)
    if not isinstance(said, list) or len(said) != 2:
        raise queries.nothing()
    readers = queries.readers_by(int(said[0]), str(said[1]))
    found = [row for row in queries.spaces_of(readers) if slug in (None, row.slug)]
    if slug is not None and not found:
        raise queries.nothing()
    _note(readers[0])
    with i18n.speaking(readers[0].locale):
        return _xml(token, queries.posts_of(readers, found), found[0] if slug else None)


def _note(user: Any) -> None:
    row = queries.feed_of(user)
    if row.read_at is None or clock.now() - row.read_at > NOTED_EVERY:
        end_reading()
        write(lambda on: service.note_read(user.person_id, on=on))


def _xml(token: str, posts: Any, space: Any) -> Answer:
    own = url_for("club_feeds.space", token=token, slug=space.slug) if space else None
    answer = Response(
        render_template(
            "forum/feed.xml",
            posts=posts,
            space=space,
            link=links.abroad(url_for("club.space", slug=space.slug) if space else "/club"),
            own=links.abroad(own or url_for("club_feeds.everything", token=token)),
            way=_way,
            dated=_dated,
            excerpt=_excerpt,
            title=_("The club of %(centre)s", centre=look.centre().name),
            about=_("What members and the centre said last."),
        ),
        mimetype="application/rss+xml",
    )
    answer.headers["Cache-Control"] = "private, max-age=300"
    if posts:
        answer.last_modified = max(row.edited_at or row.created_at for row in posts)
    answer.add_etag()
    return answer.make_conditional(request)


def _way(row: Any) -> str:
    to = url_for("club.topic", ref=row.topic_ref, post=row.no, _anchor=f"p{row.no}")
    return links.abroad(to)


def _excerpt(text: str) -> str:
    return markdown.plain(pictures.without(text), EXCERPT)


def _dated(at: datetime) -> str:
    return format_datetime(at.astimezone(UTC), usegmt=True)
