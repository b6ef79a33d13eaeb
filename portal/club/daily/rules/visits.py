"""Check-ins: which day it is for whom, whether he may, and what becomes of his streak.

A person's day is the one of his zone. Whoever changes to a zone of another time may check in again
after REST_OF_A_DAY only, so that a flight makes no second day; and since that may cost him the
date of a day, his streak goes on for as long as two days of any zone last.
"""

from collections.abc import Collection
from datetime import date, datetime, timedelta
from enum import Enum
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo, available_timezones

REST_OF_A_DAY = timedelta(hours=20)
TWO_DAYS = timedelta(hours=48)
DAY = timedelta(days=1)
#: One missed day is forgiven in so many days.
FORGIVEN_EVERY = timedelta(days=30)
#: Length of a streak → points; behind the last one, each EVERY days bring as many as it did.
REWARDED = {7: 5, 14: 10, 30: 20}
EVERY = 30


class Last(NamedTuple):
    """The last check-in of somebody."""

    on: date
    at: datetime
    zone: str
    streak: int
    rested_on: date | None


class Coming(NamedTuple):
    """A check-in that counts: its day, the streak with it, the day that is forgiven for it."""

    on: date
    streak: int
    rested_on: date | None  # the missed day, where one is forgiven now


class Why(Enum):
    """Why somebody cannot check in now."""

    SAME_DAY = "same_day"
    TOO_SOON = "too_soon"  # in a zone of another time


def last_of(row: Any) -> Last | None:
    """Return the last check-in from how a person stands; None where there was none."""
    if row is None or row.last_on is None:
        return None
    return Last(row.last_on, row.last_at, row.last_zone, row.streak, row.rested_on)


def zone_of(chosen: str | None, browser: str | None, centre: str) -> str:
    """Return the zone whose days are somebody's: his setting, else his browser's, else ours."""
    return chosen or browser or centre


def known_zone(name: object) -> str | None:
    """Return a name that a browser sent if it names a zone that there is; else None."""
    if not isinstance(name, str) or not 0 < len(name) <= 64:
        return None
    return name if name in _zones() else None


def _zones() -> Collection[str]:
    return available_timezones()


def coming(last: Last | None, at: datetime, zone: str) -> Coming | Why:
    """Return what a check-in at an instant would be, or why there is none."""
    today = at.astimezone(ZoneInfo(zone)).date()
    if last is None:
        return Coming(today, 1, None)
    if today <= last.on:
        return Why.SAME_DAY
    moved = _has_moved(last.zone, zone, at)
    if moved and at - last.at < REST_OF_A_DAY:
        return Why.TOO_SOON
    if today - last.on == DAY or (moved and at - last.at <= TWO_DAYS):
        return Coming(today, last.streak + 1, None)
    if today - last.on == 2 * DAY and _may_rest(last.rested_on, today - DAY):
        return Coming(today, last.streak + 1, today - DAY)
    return Coming(today, 1, None)


def _has_moved(before: str, now: str, at: datetime) -> bool:
    """Return whether two zones tell another time at an instant."""
    return at.astimezone(ZoneInfo(before)).utcoffset() != at.astimezone(ZoneInfo(now)).utcoffset()


def _may_rest(rested_on: date | None, missed: date) -> bool:
    return rested_on is None or missed - rested_on >= FORGIVEN_EVERY


def is_alive(last: Last | None, at: datetime, zone: str) -> bool:
    """Return whether a check-in of today, or the one that was, goes on with the streak."""
    if last is None:
        return False
    found = coming(last, at, zone)
    return isinstance(found, Why) or found.streak > 1


def points_of(streak: int) -> int:
    """Return what reaching a streak brings, 0 for most lengths."""
    longest = max(REWARDED)
    if streak > longest:
        return REWARDED[longest] if (streak - longest) % EVERY == 0 else 0
    return REWARDED.get(streak, 0)


def next_reward(streak: int) -> tuple[int, int]:
    """Return the next length that brings points, and how many."""
    length = next(n for n in range(streak + 1, streak + EVERY + 1) if points_of(n))
    return length, points_of(length)


def month_of(asked: str | None, today: date, first: date | None) -> date:
    """Return the first day of the month asked for as ``2026-11``, between ``first`` and today."""
    try:
        year, month = (int(part) for part in (asked or "").split("-"))
        wanted = date(year, month, 1)
    except ValueError:
        wanted = today.replace(day=1)
    earliest = (first or today).replace(day=1)
    return min(max(wanted, earliest), max(today.replace(day=1), earliest))


def next_month(first: date, by: int = 1) -> date:
    """Return the first day of the month that lies ``by`` months behind the one of ``first``."""
    number = first.year * 12 + first.month - 1 + by
    return date(number // 12, number % 12 + 1, 1)


def weeks_of(first: date) -> list[list[date | None]]:
    """Return the weeks of a month, from Monday to Sunday; None for days of other months."""
    days: list[date | None] = [None] * first.weekday()
    day = first
    while day.month == first.month:
        days.append(day)
        day += DAY
    days += [None] * (-len(days) % 7)
    return [days[at : at + 7] for at in range(0, len(days), 7)]
