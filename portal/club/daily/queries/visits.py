"""How somebody stands, and his check-ins."""

from datetime import date
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from portal.accounts.access import User
from portal.club.daily.models import CheckIn, DailyPerson
from portal.club.daily.rules import visits as rules
from portal.club.daily.rules.visits import Why
from portal.core import clock
from portal.core.db import db

_P, _C = DailyPerson.__table__, CheckIn.__table__


class Standing(NamedTuple):
    """How somebody stands today, by his own day."""

    row: Any
    zone: str
    today: date
    is_done: bool
    #: Why he cannot check in now though his day is another one than that of the last time.
    is_too_soon: bool
    streak: int  # 0 where it cannot go on
    longest: int
    total: int
    next_length: int
    next_points: int


def standing_of(user: User) -> Standing:
    """Return how somebody stands."""
    row = db.session.execute(select(_P).where(_P.c.person_id == user.person_id)).first()
    at = clock.now()
    kept = None if row is None else row.browser_zone
    zone = rules.zone_of(user.timezone, kept, clock.zone().key)
    last = rules.last_of(row)
    found = rules.coming(last, at, zone)
    streak = row.streak if row is not None and rules.is_alive(last, at, zone) else 0
    length, points = rules.next_reward(streak)
    return Standing(
        row=row,
        zone=zone,
        today=at.astimezone(ZoneInfo(zone)).date(),
        is_done=found is Why.SAME_DAY,
        is_too_soon=found is Why.TOO_SOON,
        streak=streak,
        longest=row.longest if row else 0,
        total=row.total if row else 0,
        next_length=length,
        next_points=points,
    )


def first_day(user: User) -> date | None:
    """Return the day of somebody’s first check-in; None where there was none."""
    mine = select(func.min(_C.c.day)).where(_C.c.person_id == user.person_id)
    found: date | None = db.session.scalar(mine)
    return found


def days_in(user: User, first: date) -> tuple[frozenset[date], frozenset[date]]:
    """Return the days of a month on which somebody checked in, and those that were forgiven."""
    after = rules.next_month(first)
    mine = (_C.c.person_id == user.person_id, _C.c.day >= first, _C.c.day <= after)
    rows = db.session.execute(select(_C.c.day, _C.c.forgave).where(*mine)).all()
    rested = frozenset(row.day - rules.DAY for row in rows if row.forgave)
    return frozenset(row.day for row in rows if row.day < after), rested
