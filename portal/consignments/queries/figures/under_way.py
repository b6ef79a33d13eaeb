"""How old is what is under way, out of counters by the days of order and promise."""

from dataclasses import dataclass
from datetime import date

from sqlalchemy import func, select

from portal.accounts.access import User
from portal.consignments.models import OpenCount
from portal.consignments.queries.figures.cube import Wanted, conditions, visible
from portal.consignments.rules import lanes
from portal.core.db import db

_O = OpenCount.__table__
#: The last day of each age since the order; None: all that is older.
AGES: tuple[tuple[int, int | None], ...] = ((0, 1), (2, 3), (4, 7), (8, 14), (15, None))


@dataclass(frozen=True)
class Age:
    """What was ordered so many days ago (``last`` None: or more) and is under way."""

    first: int
    last: int | None
    count: int
    #: Those of them whose promised day is over.
    overdue: int


def ages_for(user: User, wanted: Wanted, today: date) -> list[Age]:
    """Return what is under way by age, youngest first, every age even where there is none.

    The period asked for plays no part: this is how things stand now.
    Raises NotFound for somebody who may see no figures.
    """
    keys = (_O.c.ordered_day, _O.c.due_day)
    query = (
        select(*keys, func.sum(_O.c.count).label("number"))
        .where(_O.c.lane == (wanted.lane or lanes.ALL))
        .where(*conditions(_O, wanted, ("country", "service")))
        .group_by(*keys)
    )
    rows = db.session.execute(visible(user, _O, query, wanted)).all()
    counts = {ages: [0, 0] for ages in AGES}
    for row in rows:
        sums = counts[_age(row.ordered_day, today)]
        sums[0] += int(row.number)
        sums[1] += int(row.number) if row.due_day and row.due_day < today.isoformat() else 0
    return [Age(*ages, *sums) for ages, sums in counts.items()]


def _age(day: str, today: date) -> tuple[int, int | None]:
    days = (today - date.fromisoformat(day)).days
    return next(ages for ages in AGES if ages[1] is None or days <= ages[1])
