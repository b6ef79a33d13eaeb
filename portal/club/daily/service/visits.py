"""Check-ins: once on each of somebody's own days, by the server's clock.

Lock order: how the person stands (``daily_person``), then his account of points.
"""

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.accounts.access import User
from portal.club.daily.events import CheckedIn
from portal.club.daily.models import CheckIn, DailyPerson
from portal.club.daily.rules import visits as rules
from portal.club.daily.rules.visits import Coming, Why
from portal.club.points.service import ledger
from portal.core import clock, events
from portal.core.db import is_sqlite

_P, _C = DailyPerson.__table__, CheckIn.__table__
_NOTHING = {
    **dict.fromkeys(("streak", "longest", "total"), 0),
    **dict.fromkeys(("quiz_streak", "quiz_longest", "quiz_answered", "quiz_right"), 0),
}


class Done(NamedTuple):
    """What a check-in was; ``why``: why it was none, then the rest is the last one's."""

    why: Why | None
    streak: int
    points: int
    forgave: bool


def new(table: Any, on: Connection) -> Any:
    """Return an insert that can say what happens where the row is there already."""
    return (sqlite_insert if is_sqlite(on) else postgresql_insert)(table)


def locked(person_id: int, on: Connection) -> Any:
    """Return how somebody stands, held until the transaction ends."""
    made = new(_P, on).values(person_id=person_id, **_NOTHING)
    on.execute(made.on_conflict_do_nothing())
    return on.execute(select(_P).where(_P.c.person_id == person_id).with_for_update()).one()


def check_in(user: User, browser_zone: object, *, on: Connection) -> Done:
    """Check somebody in now; a second time on one of his days says so and changes nothing.

    ``browser_zone`` is kept where none is. Records CheckedIn.
    """
    row, at = locked(user.person_id, on), clock.now()
    kept = row.browser_zone or rules.known_zone(browser_zone)
    if kept != row.browser_zone:
        on.execute(_mine(user).values(browser_zone=kept))
    zone = rules.zone_of(user.timezone, kept, clock.zone().key)
    found = rules.coming(rules.last_of(row), at, zone)
    if isinstance(found, Why):
        return Done(found, row.streak, 0, False)
    points = _kept(user, row, found, at, zone, on)
    told = CheckedIn(
        actor_id=user.person_id,
        company_id=user.company_id,
        person_id=user.person_id,
        day=found.on.isoformat(),
        streak=found.streak,
    )
    events.record(told, on=on)
    return Done(None, found.streak, points, found.rested_on is not None)


def _mine(user: User) -> Any:
    return update(_P).where(_P.c.person_id == user.person_id)


def _kept(user: User, row: Any, found: Coming, at: datetime, zone: str, on: Connection) -> int:
    """Write a check-in; return the points that it brought."""
    values = {
        "last_on": found.on,
        "last_at": at,
        "last_zone": zone,
        "streak": found.streak,
        "longest": max(row.longest, found.streak),
        "total": row.total + 1,
        "rested_on": found.rested_on or row.rested_on,
    }
    on.execute(_mine(user).values(**values))
    points = _earned(user, found, at, on)
    visit = {"day": found.on, "at": at, "zone": zone, "streak": found.streak, "points": points}
    forgave = found.rested_on is not None
    on.execute(insert(_C).values(person_id=user.person_id, forgave=forgave, **visit))
    return points


def _earned(user: User, found: Coming, at: datetime, on: Connection) -> int:
    whose, cause = (user.person_id, user.company_id), f"check_in:{found.on.isoformat()}"
    points = ledger.earn("check_in", *whose, cause, at=at, on=on)
    reward = rules.points_of(found.streak)
    if reward:
        points += ledger.earn("streak", *whose, cause, points=reward, at=at, on=on)
    return points
