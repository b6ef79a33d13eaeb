"""What happened in the forum: who is told of it, now or a batch of people at a time."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import Connection, select

from portal.core import clock, jobs
from portal.core.db import write
from portal.forum.models import ForumFollow, ForumPost, ForumReaction, ForumRead, ForumTopic
from portal.forum.rules import posts as forum_rules
from portal.forum.rules.posts import READABLE
from portal.forum.service import people as forum_people
from portal.notifications import people, rules
from portal.notifications.service import recounting
from portal.notifications.service.telling import What, has_read, tell

_FOLLOW, _POST, _REACTION, _READ, _TOPIC = (
    model.__table__ for model in (ForumFollow, ForumPost, ForumReaction, ForumRead, ForumTopic)
)
SPREAD = "notices.spread"  # the job that tells the next batch of people
AT_ONCE = 100  # people who are told with the event itself


def written(row: Any, on: Connection) -> None:
    """Somebody replied: those he names, whom he replies to, and who follows the topic."""
    topic, post = _found(row.payload["ref"], row.payload["no"], on)
    if post is None:
        return
    told = _tell_named(topic, post, row.payload["mentioned"], on)
    if (to := row.payload["reply_to"]) is not None:
        author = select(_POST.c.author_id).where(_POST.c.topic_id == topic.id, _POST.c.no == to)
        what = _of(topic, post, "reply")
        told |= _tell_fit(set(on.scalars(author)) - told, topic, post, what, on)
    _spread(topic, post, "followed", f"topic:{topic.id}", on, told)


def begun(row: Any, on: Connection) -> None:
    """Somebody began a topic: those he names, and who follows its space."""
    topic, post = _found(row.payload["ref"], 1, on)
    if post is None:
        return
    named = forum_people.ids_of(forum_rules.mentioned(post.text), on=on)
    told = _tell_named(topic, post, named, on)
    _spread(topic, post, "begun", f"space:{topic.space_id}", on, told)


def accepted(row: Any, on: Connection) -> None:
    """An answer was accepted: its author; where that is taken back, he is no longer told."""
    no = row.payload["no"]
    topic, post = _found(row.payload["ref"], no or 0, on)
    if topic is not None:
        recounting.mark_topic(topic.id, on=on)
    if post is not None:
        what = _of(topic, post, "accepted", by_id=row.actor_id)
        _tell_fit({post.author_id} - {row.actor_id}, topic, None, what, on)


def reacted(row: Any, on: Connection) -> None:
    """Somebody said something of a post: its author hears of all of that once a day."""
    topic, post = _found(row.payload["ref"], row.payload["no"], on)
    if post is None or row.actor_id is None:
        return
    said = select(_REACTION.c.at).where(
        _REACTION.c.post_id == post.id,
        _REACTION.c.person_id == row.actor_id,
        _REACTION.c.kind == row.payload["kind"],
    )
    if on.scalar(said) is None:
        recounting.mark([post.author_id], on=on)
        return
    day = f"day:{clock.now().astimezone(clock.zone()):%Y-%m-%d}"
    what = What(kind="reactions", about=day, by_id=None, post_id=post.id)
    who = people.listener(post.author_id, on=on)
    if not who.hears((), row.actor_id) or not who.reads(people.spaces(on=on)[topic.space_id]):
        return
    if not has_read(who.id, what.kind, day, on=on):
        tell([who.id], what, on=on)


def changed(row: Any, on: Connection) -> None:
    """A topic is another one: what may be shown of it, or what becomes of a suggestion."""
    topic, post = _found(row.payload["ref"], 1, on)
    if topic is not None:
        recounting.mark_topic(topic.id, on=on)
    if post is not None and row.payload["kind"] == "status":
        _spread(topic, post, "suggestion", f"topic:{topic.id}", on, {row.actor_id}, row.actor_id)


def shown(row: Any, on: Connection) -> None:
    """A post is hidden, or shown again."""
    topic = on.execute(select(_TOPIC.c.id).where(_TOPIC.c.ref == row.payload["ref"])).first()
    if topic is None:
        return
    recounting.mark_topic(topic.id, on=on)
    mine = (_POST.c.topic_id == topic.id, _POST.c.no == row.payload["no"])
    recounting.mark(on.scalars(select(_POST.c.author_id).where(*mine)).all(), on=on)


def moved(row: Any, on: Connection) -> None:
    """Posts stand in another topic now."""
    refs = (row.payload["ref"], row.payload["into"])
    for topic_id in on.scalars(select(_TOPIC.c.id).where(_TOPIC.c.ref.in_(refs))).all():
        recounting.mark_topic(topic_id, on=on)


def spread(payload: dict[str, Any]) -> None:
    """Tell the next batch of people (a job)."""

    def work(on: Connection) -> None:
        topic = on.execute(select(_TOPIC).where(_TOPIC.c.id == payload["topic"])).one()
        post = on.execute(select(_POST).where(_POST.c.id == payload["post"])).one()
        if _is_shown(topic, post):
            _serve(topic, post, payload, rules.BATCH, on)

    write(work)


def _spread(
    topic: Any,
    post: Any,
    kind: str,
    about: str,
    on: Connection,
    but: Collection[int | None],
    by_id: int | None = None,
) -> None:
    left_out = sorted(each for each in but if each is not None)
    told = {"topic": topic.id, "post": post.id, "kind": kind, "about": about, "by": by_id}
    _serve(topic, post, {**told, "but": left_out, "after": 0}, AT_ONCE, on)


def _serve(topic: Any, post: Any, job: dict[str, Any], most: int, on: Connection) -> None:
    """Tell the next followers; the rest is told by a job of its own."""
    ids = _followers(job["about"], job["after"], most, on)
    what = _of(topic, post, job["kind"], by_id=job["by"])
    unless_read = None if job["kind"] == "suggestion" else post
    _tell_fit(set(ids) - set(job["but"]), topic, unless_read, what, on)
    if len(ids) == most:
        jobs.owe(SPREAD, {**job, "after": ids[-1]}, on=on)


def _followers(about: str, after: int, most: int, on: Connection) -> Sequence[int]:
    wanted = select(_FOLLOW.c.person_id).where(
        _FOLLOW.c.about == about, _FOLLOW.c.is_muted.is_(False), _FOLLOW.c.person_id > after
    )
    return on.scalars(wanted.order_by(_FOLLOW.c.person_id).limit(most)).all()


def _tell_named(topic: Any, post: Any, ids: Collection[int], on: Connection) -> set[int]:
    return _tell_fit(set(ids), topic, post, _of(topic, post, "mention"), on)


def _of(topic: Any, post: Any, kind: str, *, by_id: int | None = None) -> What:
    """Return what is told of a post: by its number where all of a topic count, else by itself."""
    is_counted = kind == "followed"
    return What(
        kind=kind,
        about=f"topic:{topic.id}",
        by_id=by_id or post.author_id,
        topic_id=topic.id,
        no=post.no if is_counted else None,
        post_id=None if is_counted else post.id,
    )


def _tell_fit(ids: Collection[int], topic: Any, post: Any, what: What, on: Connection) -> set[int]:
    """Tell those who may read it, want to hear of it, and have not read ``post`` already."""
    if not ids:
        return set()
    space = people.spaces(on=on)[topic.space_id]
    places = (f"topic:{topic.id}", f"space:{topic.space_id}")
    read = _readers(ids, topic.id, post.no, on) if post is not None else set()
    fit = {
        who.id
        for who in people.listeners(ids, on=on).values()
        if who.id not in read and who.reads(space) and who.hears(places, what.by_id)
    }
    return tell(fit, what, on=on, aloud=len(fit) <= rules.LIVE_MOST)


def _readers(ids: Collection[int], topic_id: int, no: int, on: Connection) -> set[int]:
    """Return who has read that far already: he sat before the topic when it came."""
    wanted = select(_READ.c.person_id).where(_READ.c.topic_id == topic_id, _READ.c.no >= no)
    return set(on.scalars(wanted.where(_READ.c.person_id.in_(ids))))


def _found(ref: str, no: int, on: Connection) -> tuple[Any, Any]:
    """Return a topic and one of its posts; None for a post that is not shown to everybody."""
    topic = on.execute(select(_TOPIC).where(_TOPIC.c.ref == ref)).first()
    if topic is None:
        return None, None
    mine = (_POST.c.topic_id == topic.id, _POST.c.no == no)
    post = on.execute(select(_POST).where(*mine)).first()
    return topic, post if post is not None and _is_shown(topic, post) else None


def _is_shown(topic: Any, post: Any) -> bool:
    return post.state == "visible" and topic.state in READABLE


jobs.handles(SPREAD, spread)
