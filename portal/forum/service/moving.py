"""What goes along when posts move to another topic, and what is counted anew."""

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, func, insert, literal, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.accounts.service.companies import new_ref
from portal.core import clock
from portal.core.db import is_sqlite
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.forum import fulltext
from portal.forum.models import (
    ForumAct,
    ForumFollow,
    ForumMoved,
    ForumPost,
    ForumRead,
    ForumSpace,
    ForumTopic,
)

_ACT, _FOLLOW, _MOVED, _POST, _READ, _SPACE, _TOPIC = (
    model.__table__
    for model in (
        ForumAct,
        ForumFollow,
        ForumMoved,
        ForumPost,
        ForumRead,
        ForumSpace,
        ForumTopic,
    )
)


def locked(ids: Sequence[int], on: Connection) -> dict[int, Any]:
    """Return topics that nobody else writes into until this is done, as they are now."""
    wanted = select(_TOPIC).where(_TOPIC.c.id.in_(ids)).order_by(_TOPIC.c.id).with_for_update()
    return {row.id: row for row in on.execute(wanted)}


def posts_of(topic_id: int, numbers: Any, on: Connection) -> list[Any]:
    """Return posts of a topic by their numbers (a condition on the column), in their order."""
    wanted = select(_POST).where(_POST.c.topic_id == topic_id, numbers(_POST.c.no))
    return list(on.execute(wanted.order_by(_POST.c.no)))


def carry(posts: Sequence[Any], to_id: int, places: Mapping[int, int], on: Connection) -> None:
    """Let posts of one topic stand in another, under other numbers: old number → new one.

    A reply to a post that does not go along is a reply to none. Acts of moderators go along.
    """
    from_id = posts[0].topic_id
    for post in posts:
        reply_to = places.get(post.reply_to) if post.reply_to else None
        new = {"topic_id": to_id, "no": places[post.no], "reply_to": reply_to}
        on.execute(update(_POST).where(_POST.c.id == post.id).values(**new))
    acts = select(_ACT.c.id, _ACT.c.no).where(_ACT.c.topic_id == from_id)
    for act in on.execute(acts.where(_ACT.c.no.in_(list(places)))).all():
        new = {"topic_id": to_id, "no": places[act.no]}
        on.execute(update(_ACT).where(_ACT.c.id == act.id).values(**new))


def lead_on(from_id: int, to_id: int, places: Mapping[int, int], on: Connection) -> None:
    """Let links to posts of a topic lead to where they stand now."""
    at = clock.now()
    rows = [
        {"topic_id": from_id, "no": no, "to_topic_id": to_id, "to_no": to_no, "at": at}
        for no, to_no in places.items()
    ]
    if rows:
        on.execute(insert(_MOVED), rows)


def leave_signs(topic_id: int, posts: Sequence[Any], on: Connection) -> None:
    """Leave a sign under each number from which a post has gone: numbers keep having no gaps."""
    kept = ("author_id", "company_name", "staff_role", "created_at", "no")
    empty = {"topic_id": topic_id, "state": "moved", "text": "", "html": ""}
    rows = [
        {**empty, "ref": new_ref("PO"), **{name: getattr(post, name) for name in kept}}
        for post in posts
    ]
    if rows:
        on.execute(insert(_POST), rows)


def copy_follows(from_id: int, to_id: int, on: Connection) -> None:
    """Let whoever follows (or muted) one topic do so with another, unless he has decided."""
    about, at = f"topic:{from_id}", clock.now()
    wanted = select(
        _FOLLOW.c.person_id,
        literal(f"topic:{to_id}"),
        _FOLLOW.c.is_muted,
        literal(at, _FOLLOW.c.at.type),
    ).where(_FOLLOW.c.about == about)
    columns = ["person_id", "about", "is_muted", "at"]
    adding = (sqlite_insert if is_sqlite(on) else postgresql_insert)(_FOLLOW)
    on.execute(adding.from_select(columns, wanted).on_conflict_do_nothing())


def reads_of(topic_id: int, on: Connection) -> dict[int, int]:
    """Return person → up to which post he has read a topic."""
    wanted = select(_READ.c.person_id, _READ.c.no).where(_READ.c.topic_id == topic_id)
    return {row.person_id: row.no for row in on.execute(wanted)}


def read_upto(topic_id: int, reads: Mapping[int, int], on: Connection) -> None:
    """Note up to which post people have read a topic, whatever was noted before."""
    at = clock.now()
    rows = [
        {"person_id": person, "topic_id": topic_id, "no": no, "at": at}
        for person, no in reads.items()
    ]
    if not rows:
        return
    adding = (sqlite_insert if is_sqlite(on) else postgresql_insert)(_READ)
    on.execute(
        adding.on_conflict_do_update(
            index_elements=["person_id", "topic_id"], set_={"no": adding.excluded.no}
        ),
        rows,
    )


def read_of_chosen(reads: Mapping[int, int], numbers: Sequence[int]) -> dict[int, int]:
    """Return person → how many of the posts ``numbers`` (rising) he has read, if any."""
    counted = {person: bisect_right(numbers, no) for person, no in reads.items()}
    return {person: number for person, number in counted.items() if number}


def find_anew(topic: Any, posts: Sequence[Any], on: Connection) -> None:
    """Let posts be found where they stand now: ``posts`` as they were, ``topic`` as it is."""
    ids = [post.id for post in posts if post.state == "visible"]
    for post in on.execute(select(_POST).where(_POST.c.id.in_(ids))).all():
        words = (topic.title, *topic.tags) if post.no == 1 else ()
        fulltext.change(post.id, topic.space_id, *words, post.text, on=on)


def recount(topic_id: int, on: Connection, **values: Any) -> Any:
    """Count the replies of a topic anew, and who wrote last; set ``values``; return its row."""
    shown = (_POST.c.topic_id == topic_id, _POST.c.state == "visible")
    replies = select(func.count()).select_from(_POST).where(*shown, _POST.c.no > 1)
    last = select(_POST.c.author_id, _POST.c.created_at).where(*shown)
    latest = on.execute(
        last.order_by(_POST.c.created_at.desc(), _POST.c.no.desc()).limit(1)
    ).first()
    if latest is None:
        raise Refused(_l("There would be nothing left to read in that topic."))
    counted = {
        "reply_count": on.scalar(replies),
        "last_post_at": latest.created_at,
        "last_person_id": latest.author_id,
    }
    change = update(_TOPIC).where(_TOPIC.c.id == topic_id).values(**counted, **values)
    return on.execute(change.returning(_TOPIC)).one()


def count_spaces(changes: Sequence[tuple[int, int, int]], on: Connection) -> None:
    """Add to the figures of spaces: id, topics, posts."""
    for space_id, topics, posts in changes:
        counted = {
            "topic_count": _SPACE.c.topic_count + topics,
            "post_count": _SPACE.c.post_count + posts,
        }
        on.execute(update(_SPACE).where(_SPACE.c.id == space_id).values(**counted))
