"""What the demo centre's people have been told of, and the figures of their club."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from random import Random
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from portal.club.direct.models import DirectSide, DirectTalk
from portal.club.figures import rules, service
from portal.club.figures.models import ClubPeople, ClubPersonWeek
from portal.club.points.models import RewardOrder
from portal.forum.models import ForumAct, ForumPost, ForumProfile, ForumTopic
from portal.forum.rules.posts import mentioned
from portal.forum.service import people
from portal.notifications.models import Notice
from portal.notifications.service import posts, recounting
from portal.notifications.service.telling import What, tell

LATELY = timedelta(days=10)  # what happened since then was told
OPENED = timedelta(days=3)  # what is older has been read
CAME_WEEKS = 12
_N, _POST, _TOPIC, _ACT, _ORDER, _TALK, _SIDE, _PROFILE, _PEOPLE, _PW = (
    model.__table__
    for model in (
        Notice,
        ForumPost,
        ForumTopic,
        ForumAct,
        RewardOrder,
        DirectTalk,
        DirectSide,
        ForumProfile,
        ClubPeople,
        ClubPersonWeek,
    )
)


def load(now: datetime, *, on: Connection) -> None:
    """Tell people of what happened lately; count what was written ever."""
    since = now - LATELY
    _tell_of_posts(since, on)
    _tell_each("act", "act", _acts(since, on), on)
    _tell_each("reward", "reward", _orders(since, on), on)
    _tell_each("direct", "direct", _messages(on), on)
    _set_back(now, on)
    for topic in on.execute(select(_TOPIC).order_by(_TOPIC.c.id)).all():
        service.whole(topic, on=on)
    _let_come(now, on)


def _tell_of_posts(since: datetime, on: Connection) -> None:
    wanted = (
        select(_POST, _TOPIC.c.ref.label("topic_ref"))
        .join(_TOPIC, _TOPIC.c.id == _POST.c.topic_id)
        .where(_POST.c.created_at > since)
    )
    for post in on.execute(wanted.order_by(_POST.c.created_at, _POST.c.id)).all():
        named = people.ids_of(mentioned(post.text), on=on)
        said = {"ref": post.topic_ref, "no": post.no, "reply_to": post.reply_to}
        row = SimpleNamespace(payload={**said, "mentioned": named}, actor_id=post.author_id)
        (posts.begun if post.no == 1 else posts.written)(row, on)


Told = Iterable[tuple[int, str, int | None]]


def _tell_each(kind: str, about: str, told: Told, on: Connection) -> None:
    for person, ref, by_id in told:
        tell([person], What(kind=kind, about=f"{about}:{ref}", by_id=by_id), on=on, aloud=False)


def _acts(since: datetime, on: Connection) -> Told:
    wanted = select(_ACT.c.person_id, _ACT.c.ref, _ACT.c.by_id).where(
        _ACT.c.person_id.is_not(None), _ACT.c.at > since, _ACT.c.kind != "status"
    )
    return [(row.person_id, row.ref, row.by_id) for row in on.execute(wanted)]


def _orders(since: datetime, on: Connection) -> Told:
    wanted = select(_ORDER.c.person_id, _ORDER.c.ref, _ORDER.c.decided_by_id)
    decided = wanted.where(_ORDER.c.decided_at > since, _ORDER.c.decided_by_id.is_not(None))
    return [(row.person_id, row.ref, row.decided_by_id) for row in on.execute(decided)]


def _messages(on: Connection) -> Told:
    wanted = select(_SIDE.c.person_id, _TALK.c.ref, _SIDE.c.other_id).join(
        _TALK, _TALK.c.id == _SIDE.c.talk_id
    )
    return [(r.person_id, r.ref, r.other_id) for r in on.execute(wanted.where(_SIDE.c.unread > 0))]


def _set_back(now: datetime, on: Connection) -> None:
    """Let notices be as old as what they tell of; old ones are read, no mail goes."""
    for row in on.execute(select(_N)).all():
        at = _when(row, now, on)
        read_at = at + timedelta(hours=5) if at < now - OPENED else None
        changed = {"at": at, "read_at": read_at, "mail_at": None, "mailed_at": at}
        on.execute(update(_N).where(_N.c.id == row.id).values(**changed))
    for person in sorted(set(on.scalars(select(_N.c.person_id)))):
        recounting.settle(person, on=on)


def _when(row: Any, now: datetime, on: Connection) -> datetime:
    """Return when what a notice tells of last happened."""
    shown = select(func.max(_POST.c.created_at))
    if row.posts:
        found = on.scalar(shown.where(_POST.c.id.in_(row.posts)))
    elif row.last_no is not None:
        found = on.scalar(shown.where(_POST.c.topic_id == row.topic_id, _POST.c.no == row.last_no))
    elif row.kind == "act":
        found = on.scalar(select(_ACT.c.at).where(_ACT.c.ref == row.about.partition(":")[2]))
    else:
        found = None
    return found or now - timedelta(hours=2)


def _let_come(now: datetime, on: Connection) -> None:
    """Let people have come: all who wrote, and others now and then since they entered first."""
    chance = Random(6)  # noqa: S311 - content to look at
    everybody = on.execute(select(_PROFILE.c.person_id, _PROFILE.c.created_at)).all()
    this = rules.week_of(now)
    for back in range(CAME_WEEKS):
        week = this - timedelta(days=7 * back)
        wrote = set(on.scalars(select(_PW.c.person_id).where(_PW.c.week == week, _PW.c.posts > 0)))
        came = {p.person_id for p in everybody if chance.random() < 0.7 - 0.03 * back} | wrote
        on.execute(update(_PW).where(_PW.c.week == week).values(has_come=True))
        known = set(on.scalars(select(_PW.c.person_id).where(_PW.c.week == week)))
        rows = [
            {"week": week, "person_id": person, "posts": 0, "has_come": True}
            for person in sorted(came - known)
        ]
        if rows:
            on.execute(insert(_PW), rows)
        service.add_people(week, len(came | known), on=on)
