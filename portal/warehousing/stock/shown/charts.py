"""Stock over time, as the macros of components/data.html draw it, with its table."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from portal.accounts.access import User
from portal.core import clock, i18n
from portal.core.quantities import NOTHING
from portal.warehousing.stock.queries import days

SHOWN = 60  # days
Point = tuple[str, float, str]


def _today() -> date:
    return clock.now().astimezone(clock.zone()).date()


def _point(day: date, value: Decimal) -> Point:
    return f"{day.month}-{day.day:02d}", float(value), i18n.number(value)


def came_and_went(user: User, **narrowed: Any) -> dict[str, Any] | None:
    """Return columns of what came and went by day; None where nothing moved in the period."""
    first = _today() - timedelta(days=SHOWN)
    found = {row.day: row for row in days.days_for(user, first, **narrowed)}
    if not found:
        return None
    every = [first + timedelta(days=n) for n in range(SHOWN)]

    def points(name: str) -> list[Point]:
        return [
            _point(day, getattr(found[day], name) if day in found else NOTHING) for day in every
        ]

    return {"came": points("came"), "went": points("went"), "rows": list(found.values())[::-1]}


def of_sku(user: User, sku_id: int, on_hand: Decimal) -> dict[str, Any] | None:
    """Return the line of what there was of a SKU at the end of each day, today's as it is now."""
    today = _today()
    first = today - timedelta(days=SHOWN)
    since = datetime.combine(first, time.min, clock.zone()).astimezone(UTC)
    rows = days.snapshots_of(user, sku_id, since)
    if not rows:
        return None
    points, at, place = [], NOTHING, 0
    for n in range(SHOWN):
        day = first + timedelta(days=n)
        end = datetime.combine(day + timedelta(days=1), time.min, clock.zone())
        while place < len(rows) and rows[place].until <= end:
            at, place = rows[place].on_hand, place + 1
        points.append(_point(day, at))
    return {"points": [*points, _point(today, on_hand)], "rows": _table(rows)}


def _table(rows: Sequence[Any]) -> list[tuple[date, Any]]:
    """Return the days on which it moved, the latest first."""
    zone = clock.zone()
    return [
        ((row.until.astimezone(zone) - timedelta(days=1)).date(), row) for row in reversed(rows)
    ]
