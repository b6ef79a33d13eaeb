"""A topic as it is read: its pages, what arrives while one reads, how far one has come."""

import secrets
from base64 import b64decode
from typing import Any

from flask import Response, abort, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as Answer

from portal.accounts.access import User
from portal.core.db import end_reading, write
from portal.forum import shown
from portal.forum.forms import PostForm
from portal.forum.queries import blocks, polls, posts, spaces, topics
from portal.forum.rules import order
from portal.forum.rules import posts as rules
from portal.forum.service import reading
from portal.forum.views import editing
from portal.forum.views.blueprint import bp, entered
from portal.forum.views.threads import leads_on

ARRIVED_MOST = 100  # posts that arrive at once; who missed more is shown the way
AT_ONCE_MOST = 20  # posts that are shown anew at once
#: One transparent point: what a browser without scripts asks for when it has shown a page.
_POINT = b64decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7")


@bp.get("/t/<ref>")
@bp.get("/t/<ref>/page/<int:number>", endpoint="topic_page")
@leads_on
def topic(ref: str, number: int | None = None) -> str | Answer:
    """Show one page of a topic: the one asked for, or where this person stopped reading."""
    user, profile = entered()
    row = topics.topic_for(user, ref)
    last = posts.page_of(row.last_no)
    if number is None:
        number = _asked(row)
    return show(user, profile, row, min(max(number, 1), last), form=_begun(user, row))


def _asked(row: Any) -> int:
    """Return the page of the post, or the page, that the address names."""
    if (no := request.args.get("post", type=int)) is not None:
        return posts.page_of(min(max(no, 1), row.last_no))
    return request.args.get("page", type=int) or posts.page_of((row.read_no or 0) + 1)


def _begun(user: User, row: Any) -> PostForm | None:
    """Return the form of a reply, begun with a draft or the post that is quoted; None: empty."""
    if not request.args:
        return None
    if said := editing.continued(user, f"reply:{row.ref}"):
        return PostForm(data=said)
    no = request.args.get("quote", type=int)
    if no is None or not 1 <= no <= row.last_no:
        return None
    post = posts.post_for(user, row, no)
    return PostForm(data={"text": rules.quoted(post.text, post.author_name, no), "reply_to": no})


def show(
    user: User,
    profile: Any,
    row: Any,
    number: int,
    *,
    form: PostForm | None,
    preview: str | None = None,
) -> str:
    """Return one page of a topic with the form of a reply; ``form`` None: an empty one."""
    look = shown.look_of(user, row, spaces.reader_of(user, profile))
    name = secrets.token_hex(16)
    if form is not None and not form.form_name.data:
        form.form_name.data = name
    return render_template(
        "forum/topic.html",
        topic=row,
        articles=_articles(user, row, look, posts.numbers_of(number)),
        look=look,
        number=number,
        pages=posts.page_of(row.last_no),
        form=form,
        preview=preview,
        reply=_empty_reply(look, row, name) if form is None and look.may_reply else None,
        asking=shown.part("forum/_asking.html", look, row, name=name, context=_asked_of_all),
        suggestions=rules.SUGGESTIONS,
        beside=topics.beside(row),
        polls=polls.polls_for(user, row),
        spaces=spaces.spaces_for(user) if look.moderates else (),
    )


def _empty_reply(look: shown.Look, row: Any, name: str) -> Markup:
    def context() -> dict[str, Any]:
        return {"form": PostForm(data={"form_name": name}), "preview": None}

    return shown.part("forum/_reply.html", look, row, name=name, context=context)


def _asked_of_all() -> dict[str, Any]:
    return {"report_reasons": order.REASONS}


def _articles(user: User, row: Any, look: shown.Look, numbers: tuple[int, int]) -> list[Markup]:
    found = posts.posts_between(user, row, *numbers)
    is_said = any(post.useful or post.thanks or post.same for post in found)
    mine = posts.reactions_between(user, row, *numbers) if is_said else {}
    his = shown.Reading(user.person_id, mine, blocks.blocked_by(user))
    return shown.articles(row, look, found, his)


@bp.get("/t/<ref>/posts")
def fragments(ref: str) -> str:
    """Return posts as the page shows them: those behind ``after``, or each of ``no``."""
    user, profile = entered()
    row = topics.topic_for(user, ref)
    look = shown.look_of(user, row, spaces.reader_of(user, profile))
    after = request.args.get("after", type=int)
    if after is not None and 0 <= after <= row.last_no:
        return Markup("").join(_articles(user, row, look, (after + 1, after + ARRIVED_MOST)))
    numbers = request.args.getlist("no", type=int)[:AT_ONCE_MOST]
    if not numbers or not all(1 <= no <= row.last_no for no in numbers):
        abort(404)
    return Markup("").join(html for no in numbers for html in _articles(user, row, look, (no, no)))


@bp.get("/t/<ref>/<int:no>/quote")
def quote(ref: str, no: int) -> Response:
    """Return a post as the beginning of a reply to it."""
    user, _profile = entered()
    row = topics.topic_for(user, ref)
    post = posts.post_for(user, row, no)
    text = rules.quoted(post.text, post.author_name, no)
    return Response(text, mimetype="text/plain")


@bp.post("/t/<ref>/seen")
def seen(ref: str) -> Response:
    """Note up to which post somebody has seen a topic."""
    _mark(ref, request.form.get("no", 0, type=int))
    return Response(status=204)


@bp.get("/t/<ref>/seen/<int:no>.gif")
def seen_plainly(ref: str, no: int) -> Response:
    """Note the same for a browser without scripts: it asks for this picture with the page."""
    _mark(ref, no)
    return Response(_POINT, mimetype="image/gif", headers={"Cache-Control": "no-store"})


def _mark(ref: str, no: int) -> None:
    user, _profile = entered()
    row = topics.topic_for(user, ref)
    upto = min(no, row.last_no)
    if upto > (row.read_no or 0):
        end_reading()
        write(lambda on: reading.mark(row.id, upto, user.person_id, on=on))


def topic_url(row: Any, no: int) -> str:
    """Return the permanent link of a post."""
    return url_for("club.topic", ref=row.ref, post=no, _anchor=f"p{no}")
