"""What somebody has himself: his points, why he has them, when they expire, his badges."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select

from portal.accounts.access import User
from portal.club.points import rules
from portal.club.points.models import (
    PointAccount,
    PointBadge,
    PointEntry,
    PointLot,
    PointTally,
    Reward,
    RewardOrder,
)
from portal.club.points.rules import badges
from portal.core import clock
from portal.core.db import db, reading
from portal.core.pagination import Page, cut, decode_number
from portal.core.prepared import Prepared
from portal.forum.models import ForumPost, ForumProfile, ForumTopic

_ACCOUNT, _ENTRY, _LOT, _BADGE, _TALLY = (
    model.__table__ for model in (PointAccount, PointEntry, PointLot, PointBadge, PointTally)
)
_ORDER, _REWARD, _POST, _TOPIC, _PROFILE = (
    model.__table__ for model in (RewardOrder, Reward, ForumPost, ForumTopic, ForumProfile)
)
SIZE = 30  # entries on a page
_LEFT = (
    _LOT.c.person_id == bindparam("person"),
    _LOT.c.expires_at > bindparam("now"),
    _LOT.c.points > 0,
)
_BALANCE = Prepared(select(func.coalesce(func.sum(_LOT.c.points), 0)).where(*_LEFT))
_LOTS = Prepared(select(_LOT.c.expires_at, _LOT.c.points).where(*_LEFT).order_by(_LOT.c.expires_at))
_MINE = Prepared(select(_ACCOUNT).where(_ACCOUNT.c.person_id == bindparam("person")))


@dataclass(frozen=True)
class Filter:
    """Which entries somebody wants to see: of a kind, from a day to a day of the centre's."""

    kind: str = ""
    since: date | None = None
    until: date | None = None

    def where(self) -> list[Any]:
        """Return what entries must be like."""
        found = []
        if self.kind in rules.KINDS:
            found.append(_ENTRY.c.kind == self.kind)
        if self.since is not None:
            found.append(_ENTRY.c.made_at >= _begin(self.since))
        if self.until is not None:
            found.append(_ENTRY.c.made_at < _begin(self.until + timedelta(days=1)))
        return found


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), tzinfo=clock.zone())


def balance_for(user: User) -> int:
    """Return how many points somebody may spend now."""
    row = _BALANCE.first(reading(), {"person": user.person_id, "now": clock.now()})
    return int(row[0])


def lots_for(user: User) -> Sequence[Any]:
    """Return ``(expires_at, points)`` of what somebody has, what expires first in front."""
    return _LOTS.all(reading(), {"person": user.person_id, "now": clock.now()})


def account_for(user: User) -> Any:
    """Return the account of somebody; None where he never had a point."""
    return _MINE.first(reading(), {"person": user.person_id})


def entries_for(user: User, filter: Filter, *, after: str | None = None) -> Page[Any]:
    """Return entries of somebody, the newest first."""
    wanted = select(_ENTRY).where(_ENTRY.c.person_id == user.person_id, *filter.where())
    last = decode_number(after)
    if last is not None:
        wanted = wanted.where(_ENTRY.c.id < last)
    rows = db.session.execute(wanted.order_by(_ENTRY.c.id.desc()).limit(SIZE + 1)).all()
    return cut(rows, SIZE, lambda row: [row.id])


def all_entries_for(user: User, filter: Filter) -> Iterator[Any]:
    """Yield every entry of somebody, the oldest first."""
    wanted = select(_ENTRY).where(_ENTRY.c.person_id == user.person_id, *filter.where())
    yield from db.session.execute(wanted.order_by(_ENTRY.c.id).execution_options(yield_per=500))


def posts_of(refs: Sequence[str]) -> dict[str, Any]:
    """Return reference of a post → ``(topic_ref, no, title)``: where it stands."""
    if not refs:
        return {}
    wanted = select(_POST.c.ref, _TOPIC.c.ref.label("topic_ref"), _POST.c.no, _TOPIC.c.title)
    among = wanted.join(_TOPIC, _TOPIC.c.id == _POST.c.topic_id).where(_POST.c.ref.in_(refs))
    return {row.ref: row for row in db.session.execute(among)}


def rewards_of(refs: Sequence[str]) -> dict[str, dict[str, str]]:
    """Return reference of an order → the names of what was ordered, by language."""
    wanted = select(_ORDER.c.ref, _REWARD.c.names).join(_REWARD, _REWARD.c.id == _ORDER.c.reward_id)
    found = db.session.execute(wanted.where(_ORDER.c.ref.in_(refs))) if refs else ()
    return {row.ref: row.names for row in found}


def kinds_of(ids: Sequence[int]) -> dict[int, Any]:
    """Return id of an entry → ``(kind, cause)``: what was taken back."""
    wanted = select(_ENTRY.c.id, _ENTRY.c.kind, _ENTRY.c.cause).where(_ENTRY.c.id.in_(ids))
    return {row.id: row for row in db.session.execute(wanted)} if ids else {}


@dataclass(frozen=True)
class Progress:
    """A badge of somebody: how far he is, and when he reached each level."""

    kind: str
    badge: badges.Badge
    count: int
    reached: dict[int, datetime]

    @property
    def next(self) -> int | None:
        """Return what the next level takes."""
        return badges.next_of(self.kind, self.count)

    @property
    def share(self) -> int:
        """Return how far the next level is reached, in percent."""
        return 100 if self.next is None else 100 * self.count // self.next


def badges_for(user: User, profile: Any) -> list[Progress]:
    """Return all badges with what somebody has of each."""
    mine = select(_TALLY.c.kind, _TALLY.c.count).where(_TALLY.c.person_id == user.person_id)
    counts = {row[0]: row[1] for row in db.session.execute(mine)}
    counts["posts_read"] = profile.posts_read
    counts["years"] = (clock.now() - profile.created_at).days // 365
    had = select(_BADGE).where(_BADGE.c.person_id == user.person_id)
    reached: dict[str, dict[int, datetime]] = {}
    for row in db.session.execute(had):
        reached.setdefault(row.kind, {})[row.level] = row.at
    return [
        Progress(kind, badge, counts.get(badge.counted, 0), reached.get(kind, {}))
        for kind, badge in badges.BADGES.items()
    ]
