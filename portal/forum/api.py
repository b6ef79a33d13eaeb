"""The club by program: topics and posts, read and written with the rights of the pages."""

from typing import Any, Literal

from flask import Blueprint, Response, redirect, request, url_for
from pydantic import ConfigDict, Field
from werkzeug.wrappers import Response as Answer

from portal.accounts.access import User
from portal.core import limits, pagination
from portal.core.api import Shape, as_json, parsed
from portal.core.db import end_reading, write
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.idempotency import idempotent
from portal.core.links import abroad
from portal.forum.entering import check_voice, entered, is_held, once
from portal.forum.queries import blocks, posts, spaces, threads, topics
from portal.forum.queries.topics import Filter
from portal.forum.rules import posts as rules
from portal.forum.rules import spaces as rights
from portal.forum.service import holding, reading, reporting, writing
from portal.forum.service.writing import Written

bp = Blueprint("club_api", __name__)
ONLY = ("new", "unanswered", "solved", "mine", "followed")


class NewPost(Shape):
    """A reply: Markdown, and the number of the post that it answers."""

    model_config = ConfigDict(str_max_length=rules.TEXT_MAX)

    text: str = Field(min_length=1, max_length=rules.TEXT_MAX)
    reply_to: int | None = Field(default=None, ge=1)


class NewTopic(Shape):
    """A topic with its first post."""

    model_config = ConfigDict(str_max_length=rules.TEXT_MAX)

    space: str
    title: str = Field(min_length=rules.TITLE_MIN, max_length=rules.TITLE_MAX)
    text: str = Field(min_length=1, max_length=rules.TEXT_MAX)
    tags: list[str] = Field(default_factory=list, max_length=rules.TAGS_MOST)


class Reaction(Shape):
    """What somebody thinks of a post; ``on`` false takes it back."""

    kind: Literal["useful", "thanks", "same"]
    on: bool = True


class Flag(Shape):
    """A report to the moderators: a reason of theirs, and a word to them."""

    reason: str
    note: str | None = Field(default=None, max_length=500)


def _asker() -> tuple[User, Any]:
    user, profile = entered()
    limits.spend("api", user.person_id)
    return user, profile


@bp.get("/topics")
def index() -> Response:
    """List topics, the last written to first; those that are pinned stand above the others."""
    user, profile = _asker()
    args = request.args
    filter_ = Filter(
        space=args.get("space", ""),
        tag=args.get("tag", "").lower(),
        text=args.get("q", "").strip()[:200],
        only=args["only"] if args.get("only") in ONLY else "",
    )
    if filter_.space:
        spaces.space_for(user, filter_.space)
    size = pagination.limit(args.get("limit"))
    page = topics.topics_for(user, filter_, profile, after=args.get("after"), limit=size)
    return as_json({"items": [_topic(row) for row in page.items], "next": page.next})


def _topic(row: Any) -> dict[str, Any]:
    return {
        "id": row.ref,
        "space": row.space_slug,
        "title": row.title,
        "tags": row.tags,
        "state": row.state,
        "pinned": bool(row.pinned),
        "suggestion": row.suggestion,
        "accepted_no": row.accepted_no,
        "author": row.author_name,
        "last_author": row.last_name,
        "last_no": row.last_no,
        "replies": row.reply_count,
        "readers": row.reader_count,
        "read_no": row.read_no or 0,
        "created_at": row.created_at,
        "last_post_at": row.last_post_at,
        "url": abroad(url_for("club.topic", ref=row.ref)),
    }


@bp.post("/topics")
@idempotent
def begin() -> Response:
    """Begin a topic; 202 where a moderator looks at it first."""
    user, profile = _asker()
    said = parsed(NewTopic)
    space = spaces.space_for(user, said.space)
    rights.check_start(space.starters, space.least_trust, spaces.reader_of(user, profile))
    tags = rules.tags_of(",".join(said.tags))
    check_voice(user)
    limits.spend("post", user.person_id)
    end_reading()
    written, title = Written(text=_text(said.text)), " ".join(said.title.split())
    if is_held(user, profile):
        return _held(
            write(
                lambda on: holding.hold(space, None, written, user, title=title, tags=tags, on=on)
            )
        )
    row = write(lambda on: writing.begin(space, written, user, title=title, tags=tags, on=on))
    return as_json(_topic(topics.topic_for(user, row.ref)), 201)


def _text(said: str) -> str:
    if not said.strip():
        raise Invalid(_l("Write something first."))
    return said.strip()


def _held(ref: str) -> Response:
    """Answer that a text waits; its author sees it at /club/me."""
    return as_json({"id": ref, "state": "in_review"}, 202)


@bp.get("/topics/<ref>/posts")
def read(ref: str) -> Answer:
    """List the posts of a topic in their order; what was merged leads to where it went on."""
    user, _profile = _asker()
    row = _led(user, ref)
    if row.ref != ref:
        return redirect(url_for(".read", ref=row.ref, limit=request.args.get("limit")), 307)
    size = pagination.limit(request.args.get("limit"))
    first = pagination.decode_number(request.args.get("after")) or 0
    last = min(first + size, row.last_no)
    found = posts.posts_between(user, row, first + 1, last)
    shown = _Shown(user, row, (first + 1, last))
    following = pagination.encode((last,)) if last < row.last_no else None
    return as_json({"items": [shown.post(each) for each in found], "next": following})


def _led(user: User, ref: str) -> Any:
    """Return a topic that he may read, or the one into which it was merged."""
    try:
        return topics.topic_for(user, ref)
    except NotFound:
        return topics.topic_for(user, threads.led_on(user, ref))


class _Shown:
    """Posts of a topic as a program is shown them."""

    def __init__(self, user: User, topic: Any, numbers: tuple[int, int]) -> None:
        self.texts = posts.texts_of(topic, *numbers)
        self.mine = posts.reactions_between(user, topic, *numbers)
        self.blocked = blocks.blocked_by(user)
        self.user, self.topic = user, topic

    def post(self, row: Any) -> dict[str, Any]:
        """Return one; of what is not shown there is no text."""
        is_shown = row.state == "visible"
        return {
            "id": row.ref,
            "topic": self.topic.ref,
            "no": row.no,
            "state": row.state,
            "moved_to": self._moved_to(row.no) if row.state == "moved" else None,
            "author": {
                "name": row.author_name,
                "handle": row.handle,
                "company": row.company_name,
                "staff": row.staff_role is not None,
                "blocked": row.author_id in self.blocked,
            },
            "text": self.texts.get(row.no),
            "html": row.html if is_shown else None,
            "reply_to": row.reply_to,
            "accepted": row.no == self.topic.accepted_no,
            "version": row.version,
            "reactions": {kind: getattr(row, kind) for kind in rules.REACTIONS},
            "mine": sorted(self.mine.get(row.no, ())),
            "created_at": row.created_at,
            "edited_at": row.edited_at,
        }

    def _moved_to(self, no: int) -> dict[str, Any] | None:
        """Return where a post stands now; None where that is not for him."""
        try:
            place = threads.moved_to(self.user, self.topic.ref, no)
        except NotFound:
            return None
        return {"topic": place[0], "no": place[1]} if place is not None else None


@bp.post("/topics/<ref>/posts")
@idempotent
def reply(ref: str) -> Response:
    """Reply to a topic, or where it went on; 202 where a moderator looks at it first."""
    user, profile = _asker()
    row, said = _led(user, ref), parsed(NewPost)
    if not rights.may_reply(row.space_repliers, row.state, spaces.reader_of(user, profile)):
        raise Refused(_l("This topic takes no replies from you."))
    if said.reply_to is not None and said.reply_to > row.last_no:
        raise Invalid(_l("There is no such post in this topic."))
    check_voice(user)
    limits.spend("post", user.person_id)
    end_reading()
    written = Written(text=_text(said.text), reply_to=said.reply_to)
    if is_held(user, profile):
        return _held(write(lambda on: holding.hold(None, row, written, user, on=on)))
    made = write(lambda on: writing.reply(row, written, user, on=on))
    if made.topic_id != row.id:  # it was merged meanwhile
        row = topics.topic_for(user, threads.ref_of(made.topic_id))
    found = posts.posts_between(user, row, made.no, made.no)
    return as_json(_Shown(user, row, (made.no, made.no)).post(found[0]), 201)


@bp.post("/posts/<ref>/react")
def react(ref: str) -> Response:
    """Say what one thinks of a post, or take that back; said twice it is said once."""
    user, _profile = _asker()
    said = parsed(Reaction)
    topic_ref, no = posts.place_of(ref)
    row = topics.topic_for(user, topic_ref)
    post = posts.post_for(user, row, no)
    limits.spend("react", user.person_id)
    mine = posts.reactions_between(user, row, no, no).get(no, frozenset())
    count = getattr(post, said.kind)
    if (said.kind in mine) != said.on:
        end_reading()
        count = once(lambda on: reading.react(row, post, said.kind, user, on=on))
    return as_json({"id": ref, "kind": said.kind, "on": said.on, "count": count})


@bp.post("/posts/<ref>/flag")
@idempotent
def flag(ref: str) -> Response:
    """Report a post to the moderators, once."""
    user, profile = _asker()
    said = parsed(Flag)
    topic_ref, no = posts.place_of(ref)
    row = topics.topic_for(user, topic_ref)
    post = posts.post_for(user, row, no)
    limits.spend("report", user.person_id)
    end_reading()
    why = {"reason": said.reason, "text": said.note, "trust": profile.trust}
    write(lambda on: reporting.report(row, post, user, **why, on=on))
    return Response(status=204)
