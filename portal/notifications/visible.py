"""What of somebody's notices he may be shown at this moment, with all that their texts say.

Pages, mails and counts all go through ``seen``: what was hidden, deleted, moved out of his reach,
muted, or said by somebody whom he has blocked since, is not in what it returns.
"""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, and_, func, select

from portal.accounts.models import Person
from portal.club.daily.models import Raffle
from portal.club.direct.models import DirectSide, DirectTalk
from portal.club.people.queries.standing import shown_name
from portal.club.points.models import Reward, RewardOrder
from portal.club.rooms.models import ClubHour
from portal.core import clock
from portal.forum.models import ForumAct, ForumPost, ForumProfile, ForumReaction, ForumTopic
from portal.forum.rules.posts import READABLE
from portal.notifications import people
from portal.notifications.models import Notice
from portal.notifications.people import Listener

_N, _PERSON, _PROFILE = (model.__table__ for model in (Notice, Person, ForumProfile))
POST, _TOPIC, _ACT, _REACTION, _TALK, _SIDE, _HOUR, _ORDER, _REWARD, _RAFFLE = (
    model.__table__
    for model in (
        ForumPost,
        ForumTopic,
        ForumAct,
        ForumReaction,
        DirectTalk,
        DirectSide,
        ClubHour,
        RewardOrder,
        Reward,
        Raffle,
    )
)


@dataclass(frozen=True)
class Seen:
    """A notice that may be shown: how much it stands for, where it leads, what it names."""

    notice: Any
    path: str
    count: int = 1
    title: str = ""
    who: str = ""
    others: int = 0  # people beside ``who``
    said: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Found:
    """What was looked up for the notices of one person."""

    who: Listener
    on: Connection
    spaces: Mapping[int, Any]
    posts: Mapping[int, Any]
    topics: Mapping[int, Any]
    ranges: Mapping[int, Any]
    names: Mapping[int, str]

    def topic(self, topic_id: int | None) -> Any:
        """Return a topic that he may read and has not muted; None otherwise."""
        topic = self.topics.get(topic_id) if topic_id is not None else None
        if topic is None or topic.state not in READABLE:
            return None
        muted = {f"topic:{topic.id}", f"space:{topic.space_id}"} & self.who.muted
        return None if muted or not self.who.reads(self.spaces[topic.space_id]) else topic

    def shown(self, ids: Iterable[int]) -> list[Any]:
        """Return the posts among ``ids`` that he may read, in the order of their numbers."""
        found = [self.posts[each] for each in ids if each in self.posts]
        return sorted((post for post in found if self._is_shown(post)), key=lambda post: post.no)

    def _is_shown(self, post: Any) -> bool:
        return post.state == "visible" and self.topic(post.topic_id) is not None


def seen(who: Listener, notices: Sequence[Any], *, on: Connection) -> list[Seen]:
    """Return what somebody may be shown of ``notices``, in their order; a few statements in all."""
    found = _look_up(who, notices, on)
    beside = {
        kind: look([row for row in notices if row.kind == kind], found)
        for kind, look in _BESIDE.items()
        if any(row.kind == kind for row in notices)
    }
    shown = (_OF[row.kind](row, found, beside.get(row.kind, {})) for row in notices)
    return [each for each in shown if each is not None]


def _look_up(who: Listener, notices: Sequence[Any], on: Connection) -> _Found:
    ids = {post for row in notices for post in row.posts}
    columns = (POST.c[name] for name in ("id", "topic_id", "no", "author_id", "state"))
    wanted = select(*columns).where(POST.c.id.in_(ids))
    posts = {row.id: row for row in on.execute(wanted)} if ids else {}
    topics = {row.topic_id for row in notices} | {post.topic_id for post in posts.values()}
    topics.discard(None)
    named = {row.by_id for row in notices} | {post.author_id for post in posts.values()}
    return _Found(
        who,
        on,
        people.spaces(on=on) if topics else {},
        posts,
        _topics(topics, on),
        _ranges(who, [row.id for row in notices if row.kind == "followed"], on),
        _names(named, on),
    )


def _topics(ids: Collection[int], on: Connection) -> Mapping[int, Any]:
    if not ids:
        return {}
    columns = ("id", "ref", "title", "space_id", "state", "suggestion", "accepted_no")
    wanted = select(*(_TOPIC.c[name] for name in columns)).where(_TOPIC.c.id.in_(ids))
    return {row.id: row for row in on.execute(wanted)}


def _ranges(who: Listener, ids: Sequence[int], on: Connection) -> Mapping[int, Any]:
    """Return notice → how many posts of its range somebody may read, and the first of them."""
    if not ids:
        return {}
    within = and_(POST.c.topic_id == _N.c.topic_id, POST.c.no.between(_N.c.first_no, _N.c.last_no))
    counted = (
        select(_N.c.id, func.count().label("count"), func.min(POST.c.no).label("first"))
        .join_from(_N, POST, within)
        .where(_N.c.id.in_(ids), POST.c.state == "visible")
        .where(POST.c.author_id.not_in(who.blocked | {who.id}))
        .group_by(_N.c.id)
    )
    return {row.id: row for row in on.execute(counted)}


def _names(ids: Collection[int | None], on: Connection) -> Mapping[int, str]:
    """Return person → what he is called in the club: by his handle if he wishes so."""
    wanted = (
        select(_PERSON.c.id, shown_name().label("name"))
        .join_from(_PERSON, _PROFILE, _PROFILE.c.person_id == _PERSON.c.id, isouter=True)
        .where(_PERSON.c.id.in_([each for each in ids if each is not None]))
    )
    return {row.id: row.name for row in on.execute(wanted)}


def _place(topic: Any, no: int) -> str:
    return f"/club/t/{topic.ref}?post={no}#p{no}"


Lookup = Mapping[str, Any]


def _followed(row: Any, found: _Found, _more: Lookup) -> Seen | None:
    topic, posts = found.topic(row.topic_id), found.ranges.get(row.id)
    if topic is None or posts is None:
        return None
    return Seen(row, _place(topic, posts.first), posts.count, topic.title)


def _of_posts(row: Any, found: _Found, _more: Lookup) -> Seen | None:
    """Mentions, replies, new topics: by those whom he hears."""
    heard = [post for post in found.shown(row.posts) if found.who.hears((), post.author_id)]
    if not heard:
        return None
    topic, authors = found.topics[heard[0].topic_id], {post.author_id for post in heard}
    name = found.names[heard[-1].author_id]
    path = _place(topic, heard[0].no)
    return Seen(row, path, len(heard), topic.title, name, others=len(authors) - 1)


def _own_post(row: Any, found: _Found, _more: Lookup) -> Seen | None:
    """What became of a post: an answer that was accepted, a suggestion with another status."""
    shown = found.shown(row.posts)
    if not shown or row.by_id in found.who.blocked:
        return None
    post, topic = shown[-1], found.topics[shown[-1].topic_id]
    if row.kind == "accepted" and topic.accepted_no != post.no:
        return None
    who = found.names.get(row.by_id, "")
    return Seen(row, _place(topic, post.no), 1, topic.title, who, said={"status": topic.suggestion})


def _reactions(row: Any, found: _Found, more: Lookup) -> Seen | None:
    shown = [post for post in found.shown(row.posts) if more.get(str(post.id))]
    if not shown:
        return None
    topic, count = found.topics[shown[-1].topic_id], sum(more[str(post.id)] for post in shown)
    said = {"posts": len(shown)}
    return Seen(row, _place(topic, shown[-1].no), count, topic.title, said=said)


def _reactions_now(rows: Sequence[Any], found: _Found) -> Lookup:
    """Return post → how often others, whom he has not blocked, said something of it."""
    counted = (
        select(_REACTION.c.post_id, func.count().label("count"))
        .where(_REACTION.c.post_id.in_({post for row in rows for post in row.posts}))
        .where(_REACTION.c.person_id.not_in(found.who.blocked | {found.who.id}))
        .group_by(_REACTION.c.post_id)
    )
    return {str(row.post_id): row.count for row in found.on.execute(counted)}


def _direct(row: Any, found: _Found, more: Lookup) -> Seen | None:
    side = more.get(row.about[7:])
    if side is None or not found.who.may_enter or not found.who.hears((), row.by_id):
        return None
    if row.read_at is None and not side.unread:
        return None
    path = f"/club/messages/{side.ref}"
    return Seen(row, path, max(side.unread, 1), who=found.names.get(row.by_id, ""))


def _sides(rows: Sequence[Any], found: _Found) -> Lookup:
    wanted = (
        select(_TALK.c.ref, _SIDE.c.unread)
        .join_from(_TALK, _SIDE, _SIDE.c.talk_id == _TALK.c.id)
        .where(_SIDE.c.person_id == found.who.id)
        .where(_TALK.c.ref.in_([row.about[7:] for row in rows]))
    )
    return {row.ref: row for row in found.on.execute(wanted)}


def _act(row: Any, _found: _Found, more: Lookup) -> Seen | None:
    """Shown also to who may not enter the club: it may be why."""
    act = more.get(row.about.partition(":")[2])
    if act is None:
        return None
    said = {"act": act.kind, "reason": act.reason, "answer": act.appeal_state}
    return Seen(row, "/club/me", said=said)


def _acts(rows: Sequence[Any], found: _Found) -> Lookup:
    columns = (_ACT.c[name] for name in ("ref", "kind", "reason", "appeal_state"))
    refs = [row.about.partition(":")[2] for row in rows]
    mine = (_ACT.c.ref.in_(refs), _ACT.c.person_id == found.who.id)
    return {row.ref: row for row in found.on.execute(select(*columns).where(*mine))}


def _hour(row: Any, found: _Found, more: Lookup) -> Seen | None:
    hour = more.get(row.about[5:])
    if hour is None or hour.state == "cancelled" or not found.who.may_enter:
        return None
    if row.read_at is None and hour.ends_at <= clock.now():
        return None
    said = {"starts_at": hour.starts_at}
    return Seen(row, f"/club/rooms/hours/{hour.ref}", title=hour.title, said=said)


def _hours(rows: Sequence[Any], found: _Found) -> Lookup:
    columns = (_HOUR.c[name] for name in ("ref", "title", "state", "starts_at", "ends_at"))
    wanted = select(*columns).where(_HOUR.c.ref.in_([row.about[5:] for row in rows]))
    return {row.ref: row for row in found.on.execute(wanted)}


def _reward(row: Any, found: _Found, more: Lookup) -> Seen | None:
    order = more.get(row.about[7:])
    if order is None or not found.who.may_enter:
        return None
    said = {"names": order.names, "state": order.state, "reason": order.reason}
    return Seen(row, "/club/rewards/orders", said=said)


def _orders(rows: Sequence[Any], found: _Found) -> Lookup:
    wanted = (
        select(_ORDER.c.ref, _ORDER.c.state, _ORDER.c.reason, _REWARD.c.names)
        .join_from(_ORDER, _REWARD, _REWARD.c.id == _ORDER.c.reward_id)
        .where(_ORDER.c.person_id == found.who.id)
        .where(_ORDER.c.ref.in_([row.about[7:] for row in rows]))
    )
    return {row.ref: row for row in found.on.execute(wanted)}


def _won(row: Any, found: _Found, more: Lookup) -> Seen | None:
    raffle = more.get(row.about[7:])
    if raffle is None or not found.who.may_enter:
        return None
    return Seen(row, f"/club/today/raffles/{raffle.ref}", said={"titles": raffle.titles})


def _raffles(rows: Sequence[Any], found: _Found) -> Lookup:
    refs = [row.about[7:] for row in rows]
    wanted = select(_RAFFLE.c.ref, _RAFFLE.c.titles).where(_RAFFLE.c.ref.in_(refs))
    return {row.ref: row for row in found.on.execute(wanted.where(_RAFFLE.c.state == "drawn"))}


_OF: dict[str, Callable[[Any, _Found, Lookup], Seen | None]] = {
    "followed": _followed,
    "mention": _of_posts,
    "reply": _of_posts,
    "begun": _of_posts,
    "accepted": _own_post,
    "suggestion": _own_post,
    "reactions": _reactions,
    "direct": _direct,
    "act": _act,
    "appeal": _act,
    "hour": _hour,
    "reward": _reward,
    "won": _won,
}
#: Kind → what else is looked up for all notices of it at once.
_BESIDE: dict[str, Callable[[Sequence[Any], _Found], Lookup]] = {
    "reactions": _reactions_now,
    "direct": _sides,
    "act": _acts,
    "appeal": _acts,
    "hour": _hours,
    "reward": _orders,
    "won": _raffles,
}
