"""Topics taken apart, put together, turned into suggestions; all of it can be turned back.

Posts keep their ids, so that reactions, reports, pictures and what they said before go along.
Their old links lead on, however often they move. Where a post has gone from a topic that stays, a
sign keeps its number: numbers never have gaps, and never mean another post than before.
"""

from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from portal.accounts.access import User
from portal.accounts.service.companies import new_ref
from portal.core import events
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.forum.events import ThreadMoved
from portal.forum.models import (
    ForumHeld,
    ForumMoved,
    ForumPoll,
    ForumPost,
    ForumTag,
    ForumTopic,
)
from portal.forum.rules import threads as rules
from portal.forum.service import moving, writing
from portal.forum.service.acts import Deed, note, set_state

_HELD, _MOVED, _POLL, _POST, _TAG, _TOPIC = (
    model.__table__ for model in (ForumHeld, ForumMoved, ForumPoll, ForumPost, ForumTag, ForumTopic)
)


def split(
    topic: Any, numbers: set[int], title: str, by: User, *, reason: str | None, on: Connection
) -> Any:
    """Make a new topic of some posts of another; return its row. Records ThreadMoved, ActTaken.

    Whoever has read them, or follows the topic, has read and follows them there.
    Raises Refused for what cannot be split.
    """
    now = _readable(moving.locked([topic.id], on), topic.id)
    rules.check_split(numbers, now.last_no, title)
    posts = [
        post
        for post in moving.posts_of(now.id, lambda no: no.in_(sorted(numbers)), on)
        if post.state != "moved"
    ]
    if not posts or posts[0].state != "visible":
        raise Refused(_l("Begin with a post that is shown."))
    if now.accepted_no in numbers:
        writing.accept(now, None, by, on=on)
    places = {post.no: number for number, post in enumerate(posts, 1)}
    made = _begin(now, posts, title, on)
    moving.carry(posts, made.id, places, on)
    moving.leave_signs(now.id, posts, on)
    moving.lead_on(now.id, made.id, places, on)
    moving.copy_follows(now.id, made.id, on)
    reads = moving.read_of_chosen(moving.reads_of(now.id, on), list(places))
    moving.read_upto(made.id, reads, on)
    moving.recount(now.id, on)
    made = moving.recount(made.id, on, last_no=len(posts), reader_count=len(reads))
    moving.find_anew(made, posts, on)
    moving.count_spaces([(made.space_id, 1, 0)], on)
    _tell_authors(now, made, posts, places, by, reason, on)
    _record(now, made, "split", by, on)
    return made


def _begin(topic: Any, posts: list[Any], title: str, on: Connection) -> Any:
    first = posts[0]
    row = {
        "ref": new_ref("TP"),
        "space_id": topic.space_id,
        "title": title,
        "author_id": first.author_id,
        "state": "open",
        "tags": topic.tags,
        "locale": topic.locale,
        "suggestion": "new" if topic.suggestion else None,
        "last_post_at": first.created_at,
        "last_person_id": first.author_id,
        "created_at": first.created_at,
    }
    made = on.execute(insert(_TOPIC).values(**row).returning(_TOPIC)).one()
    if topic.tags:
        on.execute(insert(_TAG), [{"tag": tag, "topic_id": made.id} for tag in topic.tags])
    return made


def _tell_authors(
    topic: Any,
    made: Any,
    posts: list[Any],
    places: dict[int, int],
    by: User,
    reason: str | None,
    on: Connection,
) -> None:
    """Note the split once for each author whose posts have gone along."""
    first = {post.author_id: places[post.no] for post in reversed(posts)}
    details = {"from": topic.id, "posts": list(places)}
    for author, no in sorted(first.items(), key=lambda each: each[1]):
        told = {"person_id": author, "topic_id": made.id, "no": no, "details": details}
        note(Deed(kind="split", reason=reason, **told), by, on=on)


def merge(topic: Any, into: Any, by: User, *, reason: str | None, on: Connection) -> Any:
    """Let the posts of a topic go on behind those of another; return the latter's row.

    Those that were split off there come back to their places. Its address leads on for ever.
    Whoever had read all of both has read all; nothing that one has not read ever counts as read.
    Records ThreadMoved, ActTaken. Raises Refused for two that cannot be merged.
    """
    rows = moving.locked([topic.id, into.id], on)
    now, to = rows[topic.id], rows[into.id]
    rules.check_merge(now, to)
    posts = moving.posts_of(now.id, lambda no: no >= 1, on)
    back = _ways_back(now, to, posts, on)
    places = _places(posts, back, to.last_no)
    grown = len(places) - len(back)
    accepted = _carry_answer(now, to, places, by, on)
    details = {"into": to.id, "behind": to.last_no, "count": grown, "accepted": accepted}
    details |= _carry_others(now, to, places, on)
    _replace_signs(to, back, on)
    moving.carry(posts, to.id, places, on)
    _lead_on(now, to, posts, places, on)
    moving.copy_follows(now.id, to.id, on)
    _join_reads(now, to, places, to.last_no + grown, on)
    gone = {"state": "merged", "merged_into_id": to.id, "pinned": 0, "accepted_no": None}
    on.execute(update(_TOPIC).where(_TOPIC.c.id == now.id).values(**gone))
    made = moving.recount(to.id, on, last_no=to.last_no + grown, **accepted)
    moving.find_anew(made, posts, on)
    real = sum(post.state != "moved" for post in posts)
    moving.count_spaces([(now.space_id, -1, -real), (to.space_id, 0, real)], on)
    deed = {"person_id": now.author_id, "topic_id": now.id, "reason": reason}
    note(Deed(kind="merged", details={**details, "state": now.state}, **deed), by, on=on)
    _record(now, to, "merged", by, on)
    return made


def _ways_back(topic: Any, into: Any, posts: list[Any], on: Connection) -> dict[int, int]:
    """Return number here → number there, for posts that were split off there before."""
    came = (_MOVED.c.topic_id == into.id, _MOVED.c.to_topic_id == topic.id)
    known = {row.to_no: row.no for row in on.execute(select(_MOVED).where(*came))}
    return {post.no: known[post.no] for post in posts if post.no in known}


def _places(posts: list[Any], back: dict[int, int], behind: int) -> dict[int, int]:
    """Return old number → new one: back where they came from, the others behind the last."""
    places = dict(back)
    for post in posts:
        if post.no not in back:
            behind += 1
            places[post.no] = behind
    return places


def _replace_signs(into: Any, back: dict[int, int], on: Connection) -> None:
    """Take the signs away where posts come back to."""
    if back:
        numbers = list(back.values())
        signs = (_POST.c.topic_id == into.id, _POST.c.no.in_(numbers), _POST.c.state == "moved")
        on.execute(delete(_POST).where(*signs))
        led = (_MOVED.c.topic_id == into.id, _MOVED.c.no.in_(numbers))
        on.execute(delete(_MOVED).where(*led))


def _carry_answer(
    topic: Any, into: Any, places: dict[int, int], by: User, on: Connection
) -> dict[str, int]:
    """Let the accepted answer stay one where the other topic has none."""
    if topic.accepted_no is None:
        return {}
    if into.accepted_no is None:
        return {"accepted_no": places[topic.accepted_no]}
    writing.accept(topic, None, by, on=on)
    return {}


def _carry_others(topic: Any, into: Any, places: dict[int, int], on: Connection) -> dict[str, Any]:
    """Let polls and waiting texts go along; return their ids, for turning it back."""
    mine = update(_POLL).where(_POLL.c.topic_id == topic.id).values(topic_id=into.id)
    polls = list(on.scalars(mine.returning(_POLL.c.id)))
    waiting = (_HELD.c.topic_id == topic.id, _HELD.c.state == "open")
    held = on.execute(select(_HELD.c.id, _HELD.c.reply_to).where(*waiting)).all()
    for row in held:
        new = {"topic_id": into.id, "reply_to": places.get(row.reply_to)}
        on.execute(update(_HELD).where(_HELD.c.id == row.id).values(**new))
    return {"polls": polls, "held": [row.id for row in held]}


def _lead_on(
    topic: Any, into: Any, posts: list[Any], places: dict[int, int], on: Connection
) -> None:
    """Lead links on; what had gone on from here already goes on from there as well."""
    signs = {post.no for post in posts if post.state == "moved"}
    moved = {no: to_no for no, to_no in places.items() if no not in signs}
    moving.lead_on(topic.id, into.id, moved, on)
    gone = (_MOVED.c.topic_id == topic.id, _MOVED.c.no.in_(signs))
    for row in on.execute(select(_MOVED).where(*gone)).all():
        moving.lead_on(into.id, row.to_topic_id, {places[row.no]: row.to_no}, on)


def _join_reads(topic: Any, into: Any, places: dict[int, int], last: int, on: Connection) -> None:
    """Let people have read as far as all before it was read, here or there."""
    here, there = moving.reads_of(topic.id, on), moving.reads_of(into.id, on)
    before, rest = {}, last
    for old in sorted(places, reverse=True):  # read up to ``old`` here: so far, at most, there
        before[old] = rest
        rest = min(rest, places[old] - 1)
    joined = {}
    for person, no in there.items():
        most = before.get(here[person], last) if person in here else rest
        joined[person] = min(most, no if no < into.last_no else last)
    moving.read_upto(into.id, {who: no for who, no in joined.items() if no != there[who]}, on)


def _readable(rows: dict[int, Any], topic_id: int) -> Any:
    row = rows[topic_id]
    if row.state not in ("open", "locked"):
        raise Refused(_l("This topic is not shown any more."))
    return row


def _record(topic: Any, into: Any, how: str, by: User, on: Connection) -> None:
    for ref, other in ((topic.ref, into.ref), (into.ref, topic.ref)):
        told = {"actor_id": by.person_id, "company_id": None, "ref": ref, "into": other}
        events.record(ThreadMoved(**told, how=how), on=on)


def convert(topic: Any, space: Any, by: User, *, reason: str | None, on: Connection) -> None:
    """Turn a topic into a suggestion: in a space of suggestions, with the status “new”.

    Records ActTaken. Raises Refused where it is one, or the space is for something else.
    """
    if space.kind != "suggestion" or topic.suggestion is not None:
        raise Refused(_l("Choose a space for suggestions; a suggestion stays one."))
    if topic.accepted_no is not None:
        writing.accept(topic, None, by, on=on)
    set_state(topic, "converted", by, reason=reason, on=on, space=space)
