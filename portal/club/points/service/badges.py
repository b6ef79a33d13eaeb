"""Badges: deeds are counted, levels are awarded once and kept."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, exists, select, update

from portal.club.points.events import BadgeAwarded
from portal.club.points.models import PointBadge, PointTally
from portal.club.points.rules import badges as rules
from portal.club.points.service.booking import new
from portal.core import clock, events
from portal.forum.models import ForumProfile

_BADGE, _TALLY, _PROFILE = (model.__table__ for model in (PointBadge, PointTally, ForumProfile))


def count(person_id: int, deed: str, by: int, cause: str, *, on: Connection) -> None:
    """Count that a deed stands (``by`` 1) or stands no longer (-1); award what that reaches."""
    row = {"person_id": person_id, "kind": deed, "count": max(by, 0)}
    added = new(_TALLY, on).values(**row)
    more = {"count": _TALLY.c.count + by}
    counted = added.on_conflict_do_update(index_elements=["person_id", "kind"], set_=more)
    number = int(on.scalar(counted.returning(_TALLY.c.count)) or 0)
    for kind, badge in rules.BADGES.items():
        if badge.counted == deed:
            award(person_id, kind, number, cause, on=on)


def award(person_id: int, kind: str, number: int, cause: str, *, on: Connection) -> bool:
    """Award the levels of a badge that a count has reached; return whether one is new.

    Records BadgeAwarded for each.
    """
    fresh = [
        level
        for level in range(1, rules.level_of(kind, number) + 1)
        if _is_new(person_id, kind, level, cause, on)
    ]
    for level in fresh:
        events.record(
            BadgeAwarded(
                actor_id=None, company_id=None, person_id=person_id, kind=kind, level=level
            ),
            on=on,
        )
    if fresh:
        _show_best(person_id, on)
    return bool(fresh)


def _is_new(person_id: int, kind: str, level: int, cause: str, on: Connection) -> bool:
    row = {"person_id": person_id, "kind": kind, "level": level, "cause": cause}
    made = new(_BADGE, on).values(**row, at=clock.now()).on_conflict_do_nothing()
    return on.execute(made.returning(_BADGE.c.level)).first() is not None


def _show_best(person_id: int, on: Connection) -> None:
    had = select(_BADGE.c.kind, _BADGE.c.level).where(_BADGE.c.person_id == person_id)
    levels: dict[str, int] = {}
    for kind, level in on.execute(had):
        levels[kind] = max(level, levels.get(kind, 0))
    mine = update(_PROFILE).where(_PROFILE.c.person_id == person_id)
    on.execute(mine.values(badge=rules.best(levels)))


def award_due(most: int, *, on: Connection) -> int:
    """Award what reading and the years have reached, to at most so many; return how many.

    Both are figures of the profile: nothing happens when they are reached.
    """
    done = 0
    for kind in ("reader", "year"):
        for level, least in enumerate(rules.BADGES[kind].levels, 1):
            for person_id in _due(kind, level, least, most - done, on):
                done += award(person_id, kind, least, f"profile:{kind}", on=on)
    return done


def _due(kind: str, level: int, least: int, most: int, on: Connection) -> list[int]:
    had = exists().where(
        _BADGE.c.person_id == _PROFILE.c.person_id, _BADGE.c.kind == kind, _BADGE.c.level == level
    )
    reached: Any = _PROFILE.c.posts_read >= least
    if kind == "year":
        reached = _PROFILE.c.created_at <= years_before(clock.now(), least)
    wanted = select(_PROFILE.c.person_id).where(reached, ~had)
    return list(on.scalars(wanted.order_by(_PROFILE.c.person_id).limit(most)))


def years_before(at: datetime, years: int) -> datetime:
    """Return the same day so many years ago (28 February for the 29th)."""
    day = 28 if (at.month, at.day) == (2, 29) else at.day
    return at.replace(year=at.year - years, day=day)
