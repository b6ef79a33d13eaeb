"""Counts of what is unread: kept by whoever changes it, looked at anew where rights change."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, func, select, update

from portal.core import clock
from portal.core.db import write
from portal.forum.models import ForumRead, ForumSanction, ForumTopic
from portal.notifications import people, visible
from portal.notifications.models import Notice, NoticeReader

_N, _R, _READ, _SANCTION, _TOPIC = (
    model.__table__ for model in (Notice, NoticeReader, ForumRead, ForumSanction, ForumTopic)
)
MOST = 2000  # unread notices of one person that are looked at
BATCH = 100  # people
#: Kinds about posts that are read by reading the topic.
READ_BY_TOPIC = ("mention", "reply", "followed", "begun")


class Standing(NamedTuple):
    """What is unread of somebody's notices: which he may see, which he has read in their topics."""

    seen: Sequence[visible.Seen]
    read: Sequence[int]


def mark(ids: Collection[int], *, on: Connection) -> None:
    """Have the counts of people looked at anew."""
    if ids:
        _mark(_R.c.person_id.in_(ids), on)


def mark_topic(topic_id: int, *, on: Connection) -> None:
    """Have the counts of those looked at who have unread notices about a topic."""
    theirs = select(_N.c.person_id).where(_N.c.topic_id == topic_id, _N.c.read_at.is_(None))
    _mark(_R.c.person_id.in_(theirs), on)


def mark_space(slug_of: Any, *, on: Connection) -> None:
    """Have the counts of those looked at who have unread notices about topics of spaces."""
    topics = select(_TOPIC.c.id).where(_TOPIC.c.space_id.in_(slug_of))
    theirs = select(_N.c.person_id).where(_N.c.topic_id.in_(topics), _N.c.read_at.is_(None))
    _mark(_R.c.person_id.in_(theirs), on)


def _mark(which: Any, on: Connection) -> None:
    on.execute(update(_R).where(which).values(recount_at=clock.now()))


def standing(person_id: int, *, on: Connection) -> Standing:
    """Return what is unread of somebody's notices at this moment."""
    mine = select(_N).where(_N.c.person_id == person_id, _N.c.read_at.is_(None))
    rows = on.execute(mine.order_by(_N.c.at.desc(), _N.c.id.desc()).limit(MOST)).all()
    who = people.listener(person_id, on=on)
    read = read_in_topics(person_id, rows, on=on)
    return Standing(visible.seen(who, [row for row in rows if row.id not in read], on=on), read)


def read_in_topics(person_id: int, rows: Sequence[Any], *, on: Connection) -> list[int]:
    """Return the notices whose posts somebody has read where they stand."""
    about = [row for row in rows if row.kind in READ_BY_TOPIC]
    if not about:
        return []
    topics = {row.topic_id for row in about}
    mine = (_READ.c.person_id == person_id, _READ.c.topic_id.in_(topics))
    upto = {row.topic_id: row.no for row in on.execute(select(_READ).where(*mine))}
    last = _last_posts(about, on)
    return [row.id for row in about if upto.get(row.topic_id, 0) >= last.get(row.id, 1)]


def _last_posts(rows: Sequence[Any], on: Connection) -> Mapping[int, int]:
    """Return notice → the number of the last post that it is about."""
    found = {row.id: row.last_no for row in rows if row.last_no is not None}
    ids = {post for row in rows if row.id not in found for post in row.posts}
    post = visible.POST
    wanted = select(post.c.id, post.c.no).where(post.c.id.in_(ids))
    numbers = {row.id: row.no for row in on.execute(wanted)} if ids else {}
    for row in rows:
        if row.id not in found:
            found[row.id] = max((numbers.get(each, 1) for each in row.posts), default=1)
    return found


def settle(person_id: int, *, on: Connection) -> int:
    """Count what is unread for somebody anew, and keep it; return the number."""
    now, stands = clock.now(), standing(person_id, on=on)
    if stands.read:
        done = {"read_at": now, "mail_at": None}
        on.execute(update(_N).where(_N.c.id.in_(stands.read)).values(**done))
    values = {"unread": len(stands.seen), "recount_at": _until(person_id, on)}
    on.execute(update(_R).where(_R.c.person_id == person_id).values(**values))
    return len(stands.seen)


def _until(person_id: int, on: Connection) -> Any:
    """Return when somebody may enter the club again, where he may not now."""
    running = (
        _SANCTION.c.person_id == person_id,
        _SANCTION.c.kind == "suspension",
        _SANCTION.c.until > clock.now(),
        _SANCTION.c.lifted_at.is_(None),
    )
    return on.scalar(select(func.max(_SANCTION.c.until)).where(*running))


def is_settled(person_id: int, unread: int, *, on: Connection) -> bool:
    """Return whether the count kept for somebody says ``unread``."""
    kept = on.scalar(select(_R.c.unread).where(_R.c.person_id == person_id))
    return (kept or 0) == unread


def run_due() -> int:
    """Look anew at the counts that are due; return how many."""

    def work(on: Connection) -> int:
        due = select(_R.c.person_id).where(_R.c.recount_at <= clock.now())
        ids = on.scalars(due.order_by(_R.c.recount_at).limit(BATCH).with_for_update()).all()
        for person_id in ids:
            settle(person_id, on=on)
        return len(ids)

    return write(work)
