"""Turning back what was done to whole topics: merged, split, made a suggestion."""

from typing import Any

from sqlalchemy import Connection, delete, select, update

from portal.accounts.access import User
from portal.core import events
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.forum.events import ThreadMoved
from portal.forum.models import ForumAct, ForumHeld, ForumMoved, ForumPoll, ForumSpace, ForumTopic
from portal.forum.service import moving, threads
from portal.forum.service.acts import Deed, note, set_state

_ACT, _HELD, _MOVED, _POLL, _SPACE, _TOPIC = (
    model.__table__
    for model in (ForumAct, ForumHeld, ForumMoved, ForumPoll, ForumSpace, ForumTopic)
)


def unmerge(topic: Any, by: User, *, reason: str | None, on: Connection) -> Any:
    """Take a merged topic out of the other again; return its row. Records ThreadMoved, ActTaken.

    What was written behind it meanwhile stays where it is; then signs keep the numbers there.
    Raises Refused where it is not merged any more, or was merged further.
    """
    act = _last_merge(topic.id, on)
    rows = moving.locked([topic.id, act.details["into"]], on)
    now, into = rows[topic.id], rows[act.details["into"]]
    if now.state != "merged" or into.state == "merged":
        raise Refused(
            _l("This cannot be taken apart: the other topic was merged, too. Begin there.")
        )
    behind, count = act.details["behind"], act.details["count"]
    posts = moving.posts_of(into.id, lambda no: no.between(behind + 1, behind + count), on)
    if not posts or len(posts) != now.last_no:
        raise Refused(_l("This cannot be taken apart any more. Split the posts off instead."))
    places = {post.no: post.no - behind for post in posts}
    is_last = into.last_no == behind + count
    _lead_back(now, into, posts, places, on, leaving=not is_last)
    _carry_back(now, into, act.details, places, on)
    moving.carry(posts, now.id, places, on)
    if not is_last:
        moving.leave_signs(into.id, posts, on)
    reads = moving.reads_of(into.id, on)
    _reads_back(now, into, reads, behind, on, is_last=is_last)
    answer = {"accepted_no": None} if into.accepted_no in places else {}
    mine = {"accepted_no": places[into.accepted_no]} if answer else {}
    state = {"state": act.details.get("state", "open"), "merged_into_id": None}
    made = moving.recount(now.id, on, **state, **mine)
    moving.recount(into.id, on, last_no=behind if is_last else into.last_no, **answer)
    moving.find_anew(made, posts, on)
    real = sum(post.state != "moved" for post in posts)
    moving.count_spaces([(now.space_id, 1, real), (into.space_id, 0, -real)], on)
    deed = {"person_id": now.author_id, "topic_id": now.id, "reason": reason}
    note(Deed(kind="unmerged", details={"from": into.id}, **deed), by, on=on)
    told = {"actor_id": by.person_id, "company_id": None, "ref": into.ref, "into": now.ref}
    events.record(ThreadMoved(**told, how="unmerged"), on=on)
    return made


def _last_merge(topic_id: int, on: Connection) -> Any:
    mine = select(_ACT).where(_ACT.c.topic_id == topic_id, _ACT.c.kind == "merged")
    found = on.execute(mine.order_by(_ACT.c.id.desc()).limit(1)).first()
    if found is None:
        raise Refused(_l("This topic was not merged."))
    return found


def _lead_back(
    topic: Any,
    into: Any,
    posts: list[Any],
    places: dict[int, int],
    on: Connection,
    *,
    leaving: bool,
) -> None:
    """Let links lead to the topic itself again, and those to where its posts stood back to it."""
    signs = [post.no for post in posts if post.state == "moved"]
    led = (_MOVED.c.topic_id == into.id, _MOVED.c.no.in_(signs))
    further = on.execute(select(_MOVED).where(*led)).all()
    here = (_MOVED.c.topic_id == topic.id, _MOVED.c.no.in_(list(places.values())))
    on.execute(delete(_MOVED).where(*here))
    there = (_MOVED.c.topic_id == into.id, _MOVED.c.no.in_(list(places)))
    on.execute(delete(_MOVED).where(*there))
    for row in further:
        moving.lead_on(topic.id, row.to_topic_id, {places[row.no]: row.to_no}, on)
    if leaving:
        moving.lead_on(into.id, topic.id, places, on)


def _carry_back(
    topic: Any, into: Any, details: dict[str, Any], places: dict[int, int], on: Connection
) -> None:
    polls = update(_POLL).where(_POLL.c.id.in_(details.get("polls", [])))
    on.execute(polls.values(topic_id=topic.id))
    ids = (_HELD.c.id.in_(details.get("held", [])), _HELD.c.state == "open")
    for row in on.execute(select(_HELD.c.id, _HELD.c.reply_to).where(*ids)).all():
        new = {"topic_id": topic.id, "reply_to": places.get(row.reply_to)}
        on.execute(update(_HELD).where(_HELD.c.id == row.id).values(**new))


def _reads_back(
    topic: Any, into: Any, reads: dict[int, int], behind: int, on: Connection, *, is_last: bool
) -> None:
    """Let what was read of the posts there be read here; there nobody has read what is gone."""
    before = moving.reads_of(topic.id, on)
    over = {person: no - behind for person, no in reads.items() if no > behind}
    here = {
        person: max(min(no, topic.last_no), before.get(person, 0)) for person, no in over.items()
    }
    moving.read_upto(topic.id, here, on)
    if is_last:
        moving.read_upto(into.id, dict.fromkeys(over, behind), on)


def turn_back(act: Any, by: User, *, reason: str, on: Connection) -> None:
    """Turn back a split, a merge or a conversion that somebody appealed against."""
    topic = on.execute(select(_TOPIC).where(_TOPIC.c.id == act.topic_id)).one()
    if act.kind == "merged":
        unmerge(topic, by, reason=reason, on=on)
    elif act.kind == "split":
        into = on.execute(select(_TOPIC).where(_TOPIC.c.id == act.details["from"])).one()
        threads.merge(topic, into, by, reason=reason, on=on)
    else:
        wanted = select(_SPACE).where(_SPACE.c.id == act.details["from"])
        space = on.execute(wanted).one()
        set_state(topic, "unconverted", by, reason=reason, on=on, space=space)
