"""Reading: how far somebody has come, what he follows, what he thinks of a post."""

from typing import Any

from sqlalchemy import Connection, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.accounts.access import User
from portal.core import clock, events
from portal.core.db import is_sqlite
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.forum.events import PostReacted
from portal.forum.models import (
    ForumFollow,
    ForumPost,
    ForumProfile,
    ForumReaction,
    ForumRead,
    ForumSanction,
    ForumTopic,
)
from portal.forum.rules import posts as rules
from portal.forum.service import people

_READ, _FOLLOW, _POST, _REACTION, _TOPIC, _PROFILE, _SANCTION = (
    model.__table__
    for model in (
        ForumRead,
        ForumFollow,
        ForumPost,
        ForumReaction,
        ForumTopic,
        ForumProfile,
        ForumSanction,
    )
)


def mark(topic_id: int, no: int, person_id: int, *, on: Connection) -> None:
    """Note that a person has read a topic up to the post ``no``; never back."""
    mine = (_READ.c.person_id == person_id, _READ.c.topic_id == topic_id)
    before = on.scalar(select(_READ.c.no).where(*mine))
    if before is None:
        row = {"person_id": person_id, "topic_id": topic_id, "no": no, "at": clock.now()}
        on.execute(_new(_READ, on).values(**row).on_conflict_do_nothing())
        seen = {"reader_count": _TOPIC.c.reader_count + 1}
        on.execute(update(_TOPIC).where(_TOPIC.c.id == topic_id).values(**seen))
        people.count(person_id, topics_read=1, posts_read=no, on=on)
    elif before < no:
        on.execute(update(_READ).where(*mine, _READ.c.no < no).values(no=no, at=clock.now()))
        people.count(person_id, posts_read=no - before, on=on)


def read_all(person_id: int, *, on: Connection) -> None:
    """Let everything that was written until now count as read."""
    mine = update(_PROFILE).where(_PROFILE.c.person_id == person_id)
    on.execute(mine.values(read_before=clock.now()))


def follow(
    about: str,
    person_id: int,
    *,
    muted: bool = False,
    unless_known: bool = False,
    on: Connection,
) -> None:
    """Follow (or mute) a topic or space; ``unless_known``: only who has not decided yet."""
    row = {"person_id": person_id, "about": about, "is_muted": muted, "at": clock.now()}
    adding = _new(_FOLLOW, on).values(**row)
    if unless_known:
        on.execute(adding.on_conflict_do_nothing())
        return
    on.execute(
        adding.on_conflict_do_update(
            index_elements=["person_id", "about"], set_={"is_muted": muted, "at": row["at"]}
        )
    )


def unfollow(about: str, person_id: int, *, on: Connection) -> None:
    """Neither follow nor mute any more."""
    mine = (_FOLLOW.c.person_id == person_id, _FOLLOW.c.about == about)
    on.execute(delete(_FOLLOW).where(*mine))


def react(topic: Any, post: Any, kind: str, by: User, *, on: Connection) -> int:
    """Find a post useful, or take that back; return the new count.

    Raises Refused for one's own post, and for who is silenced. Records PostReacted.
    """
    check_voice(by, on)
    if kind not in rules.REACTIONS or post.state != "visible":
        raise Refused(_l("This cannot be said of that post."))
    if post.author_id == by.person_id:
        raise Refused(_l("Leave the judgement of your own post to others."))
    gone = delete(_REACTION).where(
        _REACTION.c.post_id == post.id,
        _REACTION.c.person_id == by.person_id,
        _REACTION.c.kind == kind,
    )
    change = 1
    if on.execute(gone.returning(_REACTION.c.kind)).first() is not None:
        change = -1
    else:
        row = {"post_id": post.id, "person_id": by.person_id, "kind": kind, "at": clock.now()}
        on.execute(insert(_REACTION).values(**row))
    counted = update(_POST).where(_POST.c.id == post.id)
    column = _POST.c[kind]
    count = on.scalar(counted.values({column: column + change}).returning(column)) or 0
    if kind == "useful":
        people.count(post.author_id, useful_got=change, on=on)
    events.record(
        PostReacted(
            actor_id=by.person_id,
            company_id=by.company_id,
            ref=topic.ref,
            no=post.no,
            kind=kind,
            count=count,
        ),
        on=on,
    )
    return int(count)


def check_voice(by: User, on: Connection) -> None:
    """Raise Refused for who may only read now: an opinion is said, too, and brings points."""
    running = (_SANCTION.c.person_id == by.person_id, _SANCTION.c.until > clock.now())
    if on.scalar(select(_SANCTION.c.id).where(*running, _SANCTION.c.lifted_at.is_(None)).limit(1)):
        raise Refused(_l("You may read, but not write now. Your own page says until when."))


def _new(table: Any, on: Connection) -> Any:
    return (sqlite_insert if is_sqlite(on) else postgresql_insert)(table)
