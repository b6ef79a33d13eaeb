"""Telling people: a notice each, or one more thing in the notice that they have not read yet."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, func, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.accounts.events import PersonTold
from portal.core import clock, events
from portal.core.db import is_sqlite
from portal.notifications import rules
from portal.notifications.models import Notice, NoticeChoice, NoticeReader

_N, _READER, _CHOICE = (model.__table__ for model in (Notice, NoticeReader, NoticeChoice))


@dataclass(frozen=True, kw_only=True)
class What:
    """What people are told of: a row of ``notice`` without those who are told."""

    kind: str
    about: str
    by_id: int | None = None
    topic_id: int | None = None
    no: int | None = None  # of a post that counts by its number
    post_id: int | None = None
    params: Mapping[str, Any] = field(default_factory=dict)


def tell(ids: Collection[int], what: What, *, on: Connection, aloud: bool = True) -> set[int]:
    """Tell people, whom the caller has found to be fit, of something; return who hears of it.

    Who wants nothing of the kind does not. ``aloud``: their open pages are told, too. Records
    PersonTold. Telling the same once more changes nothing.
    """
    ways = _ways(ids, what.kind, on)
    told = {person for person, way in ways.items() if way != "none"}
    if not told:
        return set()
    at = clock.now()
    waiting = _waiting(told, what, on)
    _join(waiting, ways, what, at, on)
    made = _make(sorted(told - waiting.keys()), ways, what, at, on)
    _count(made, on)
    if aloud:
        events.record_all(
            (
                PersonTold(actor_id=None, company_id=None, person_id=person, kind=what.kind)
                for person in made
            ),
            on=on,
        )
    return told


def has_read(person_id: int, kind: str, about: str, *, on: Connection) -> bool:
    """Return whether somebody has been told of this and has read it."""
    mine = (_N.c.person_id == person_id, _N.c.about == about, _N.c.kind == kind)
    return on.scalar(select(_N.c.id).where(*mine, _N.c.read_at.is_not(None)).limit(1)) is not None


def _ways(ids: Collection[int], kind: str, on: Connection) -> dict[int, str]:
    wanted = select(_CHOICE.c.person_id, _CHOICE.c.channel).where(
        _CHOICE.c.person_id.in_(ids), _CHOICE.c.kind == kind
    )
    chosen = {row.person_id: {kind: row.channel} for row in on.execute(wanted)}
    return {person: rules.channel_of(kind, chosen.get(person, {})) for person in ids}


def _waiting(ids: Collection[int], what: What, on: Connection) -> dict[int, Any]:
    """Return person → his unread notice about the same."""
    wanted = select(_N.c.id, _N.c.person_id, _N.c.posts, _N.c.mailed_at).where(
        _N.c.person_id.in_(ids),
        _N.c.kind == what.kind,
        _N.c.about == what.about,
        _N.c.read_at.is_(None),
    )
    return {row.person_id: row for row in on.execute(wanted)}


def _join(
    waiting: Mapping[int, Any], ways: Mapping[int, str], what: What, at: datetime, on: Connection
) -> None:
    """Let what happened join the notices that wait."""
    rows = [
        {
            "which": row.id,
            "now": at,
            "who": what.by_id,
            "kept": _with(row.posts, what.post_id),
            "due": rules.mail_due(at, row.mailed_at) if ways[person] == "mail" else None,
            "daily": ways[person] == "digest",
        }
        for person, row in waiting.items()
        if what.post_id is None or what.post_id not in row.posts
    ]
    if not rows:
        return
    later = func.coalesce(_N.c.mail_at, bindparam("due"))
    change = {
        "at": bindparam("now"),
        "by_id": bindparam("who"),
        "posts": bindparam("kept"),
        "mail_at": later,
        "digests": bindparam("daily"),
    }
    on.execute(update(_N).where(_N.c.id == bindparam("which")).values(**change), rows)
    if what.no is not None:
        _widen([row["which"] for row in rows], what.no, on)


def _widen(ids: list[Any], no: int, on: Connection) -> None:
    """Let notices reach to the post ``no``; they may be told of posts in any order."""
    among = _N.c.id.in_(ids)
    on.execute(update(_N).where(among, _N.c.last_no < no).values(last_no=no))
    on.execute(update(_N).where(among, _N.c.first_no > no).values(first_no=no))


def _with(posts: list[int], post_id: int | None) -> list[int]:
    return posts if post_id is None else [*posts, post_id][-rules.POSTS_KEPT :]


def _make(
    ids: list[int], ways: Mapping[int, str], what: What, at: datetime, on: Connection
) -> list[int]:
    """Make a notice for each; return whom it is new to."""
    if not ids:
        return []
    mailed = _mailed([each for each in ids if ways[each] == "mail"], what.about, on)
    common = {
        "kind": what.kind,
        "about": what.about,
        "topic_id": what.topic_id,
        "first_no": what.no,
        "last_no": what.no,
        "posts": _with([], what.post_id),
        "by_id": what.by_id,
        "params": dict(what.params),
        "at": at,
    }
    rows = [
        {
            **common,
            "person_id": person,
            "digests": ways[person] == "digest",
            "mail_at": rules.mail_due(at, mailed.get(person)) if ways[person] == "mail" else None,
        }
        for person in ids
    ]
    adding = _new(_N, on).values(rows).on_conflict_do_nothing().returning(_N.c.person_id)
    return sorted(on.scalars(adding))


def _mailed(ids: list[int], about: str, on: Connection) -> dict[int, datetime]:
    """Return person → when a mail about the same went last."""
    if not ids:
        return {}
    wanted = (
        select(_N.c.person_id, func.max(_N.c.mailed_at).label("at"))
        .where(_N.c.person_id.in_(ids), _N.c.about == about, _N.c.mailed_at.is_not(None))
        .group_by(_N.c.person_id)
    )
    return {row.person_id: row.at for row in on.execute(wanted)}


def _count(made: list[int], on: Connection) -> None:
    if not made:
        return
    adding = _new(_READER, on).values([{"person_id": person, "unread": 1} for person in made])
    more = {"unread": _READER.c.unread + 1}
    on.execute(adding.on_conflict_do_update(index_elements=["person_id"], set_=more))


def _new(table: Any, on: Connection) -> Any:
    return (sqlite_insert if is_sqlite(on) else postgresql_insert)(table)
