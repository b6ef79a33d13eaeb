"""The figures of a period: every statement reads counters, or what waits now."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select

from portal.accounts.access import User
from portal.club.figures import rules
from portal.club.figures.models import ClubPeople, ClubTopicFact, ClubWeek
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Forbidden
from portal.core.i18n import lazy as _l
from portal.forum.models import ForumHeld, ForumProfile, ForumReview, ForumSpace

_WEEK, _PEOPLE, _FACT, _HELD, _REVIEW, _PROFILE, _SPACE = (
    model.__table__
    for model in (
        ClubWeek,
        ClubPeople,
        ClubTopicFact,
        ForumHeld,
        ForumReview,
        ForumProfile,
        ForumSpace,
    )
)
DECIDED_MOST = 1000  # decisions whose times are looked at


@dataclass(frozen=True)
class Week:
    """What happened in one week."""

    week: date
    writers: int = 0
    readers: int = 0
    topics: int = 0
    posts: int = 0
    questions: int = 0
    answered: int = 0
    accepted: int = 0


@dataclass(frozen=True)
class Answers:
    """How long questions of the period waited for the first answer, in seconds; None: none."""

    count: int
    median_s: int | None
    p90_s: int | None


@dataclass(frozen=True)
class Waiting:
    """What waits for somebody's decision, since when, and how long decisions took, in seconds."""

    count: int
    since: datetime | None
    decided: int
    median_s: float | None


def check(user: User) -> None:
    """Raise Forbidden for whoever does not look after the club."""
    if not user.may("club.review"):
        raise Forbidden(_l("You do not have the right to do this."))


def weeks_for(user: User, weeks: Sequence[date]) -> list[Week]:
    """Return each week of the period, also where nothing happened."""
    check(user)
    sums = (func.sum(_WEEK.c[name]).label(name) for name in rules.COUNTED)
    counted = select(_WEEK.c.week, *sums).where(_WEEK.c.week.between(weeks[0], weeks[-1]))
    written = {row.week: row for row in db.session.execute(counted.group_by(_WEEK.c.week))}
    there = select(_PEOPLE).where(_PEOPLE.c.week.between(weeks[0], weeks[-1]))
    people = {row.week: row for row in db.session.execute(there)}
    return [_week(week, written.get(week), people.get(week)) for week in weeks]


def _week(week: date, written: Any, people: Any) -> Week:
    counted = {name: int(getattr(written, name, 0)) for name in rules.COUNTED}
    return Week(week, getattr(people, "writers", 0), getattr(people, "readers", 0), **counted)


def spaces_for(user: User, weeks: Sequence[date]) -> Sequence[Any]:
    """Return the spaces with what was counted in each, in their order."""
    check(user)
    sums = [func.coalesce(func.sum(_WEEK.c[name]), 0).label(name) for name in rules.COUNTED]
    within = _WEEK.c.week.between(weeks[0], weeks[-1]) & (_WEEK.c.space_id == _SPACE.c.id)
    counted = (
        select(_SPACE.c.slug, _SPACE.c.names, _SPACE.c.kind, *sums)
        .join_from(_SPACE, _WEEK, within, isouter=True)
        .where(_SPACE.c.archived_at.is_(None))
        .group_by(_SPACE.c.id)
        .order_by(_SPACE.c.position, _SPACE.c.id)
    )
    return db.session.execute(counted).all()


def answers_for(user: User, weeks: Sequence[date]) -> Answers:
    """Return how long the questions of the period waited."""
    check(user)
    mine = (_FACT.c.week.between(weeks[0], weeks[-1]), _FACT.c.first_answer_s.is_not(None))
    count = int(db.session.scalar(select(func.count()).select_from(_FACT).where(*mine)) or 0)
    if not count:
        return Answers(0, None, None)
    rising = select(_FACT.c.first_answer_s).where(*mine).order_by(_FACT.c.first_answer_s)
    at = (rules.place(count, share) for share in (0.5, 0.9))
    median, p90 = (db.session.scalar(rising.limit(1).offset(place)) for place in at)
    return Answers(count, median, p90)


def held_for(user: User, weeks: Sequence[date]) -> Waiting:
    """Return which first texts wait, and how long those of the period did."""
    check(user)
    return _waiting(_HELD, _HELD.c.created_at, weeks)


def reports_for(user: User, weeks: Sequence[date]) -> Waiting:
    """Return which reported posts wait, and how long decisions of the period took."""
    check(user)
    return _waiting(_REVIEW, _REVIEW.c.opened_at, weeks)


def _waiting(table: Any, since: Any, weeks: Sequence[date]) -> Waiting:
    waits = select(func.count(), func.min(since)).where(table.c.state == "open")
    count, oldest = db.session.execute(waits).one()
    decided = (
        select(since.label("since"), table.c.decided_at)
        .where(table.c.state != "open", table.c.decided_at >= rules.bounds(weeks[0])[0])
        .order_by(table.c.id.desc())
        .limit(DECIDED_MOST)
    )
    took = sorted(
        (row.decided_at - row.since).total_seconds() for row in db.session.execute(decided)
    )
    return Waiting(count, oldest, len(took), rules.middle(took))


def trust_for(user: User) -> Mapping[int, int]:
    """Return level of trust → how many people have it."""
    check(user)
    counted = select(_PROFILE.c.trust, func.count().label("people")).group_by(_PROFILE.c.trust)
    return {row.trust: row.people for row in db.session.execute(counted)}


def age_s(since: datetime) -> float:
    """Return how long ago something was, in seconds."""
    return (clock.now() - since).total_seconds()
