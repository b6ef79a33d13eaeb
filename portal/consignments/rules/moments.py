"""When something happened, as people at a desk write it."""

import re
import unicodedata
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

_CLOCK = re.compile(r"([01]?\d|2[0-3])[:.]([0-5]\d)(?::[0-5]\d)?")
_DAY = re.compile(r"(?:(\d{4})[-/.])?(\d{1,2})[-/.](\d{1,2})")
MAX_LENGTH = 40  # characters
_LATEST = time(23, 59)


def read(text: str, now: datetime, zone: ZoneInfo) -> datetime:
    """Return the instant meant by ``15:42``, ``11-20 15:42``, ``2026-11-20 15:42`` or a day.

    Nothing is now. A time alone is the last time the clock showed it, a day without a year the
    last such day; a day alone is its end, or now for today. Instants with an offset are taken
    as they are. Raises ValueError for anything else.
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    if not plain:
        return now
    if len(plain) > MAX_LENGTH:
        raise ValueError(text)
    local = now.astimezone(zone)
    if (whole := _iso(plain, zone)) is not None:
        return whole
    words = plain.split()
    if len(words) == 1 and (at := _CLOCK.fullmatch(words[0])):
        return _last(local, time(int(at[1]), int(at[2])))
    day = _day(words[0], local.date())
    if len(words) == 1:
        return (
            min(now, datetime.combine(day, _LATEST, zone))
            if day <= local.date()
            else _at(day, zone)
        )
    at = _CLOCK.fullmatch(words[1]) if len(words) == 2 else None
    if at is None:
        raise ValueError(text)
    return datetime.combine(day, time(int(at[1]), int(at[2])), zone)


def _iso(plain: str, zone: ZoneInfo) -> datetime | None:
    """Return an instant as machines write it; a day alone is none."""
    if len(plain) <= len("2026-11-20"):
        return None
    try:
        found = datetime.fromisoformat(plain)
    except ValueError:
        return None
    return found if found.tzinfo is not None else found.replace(tzinfo=zone)


def _last(local: datetime, at: time) -> datetime:
    """Return the last time the clock showed ``at``; some minutes ahead are still today."""
    found = datetime.combine(local.date(), at, local.tzinfo)
    return found if found <= local + timedelta(hours=1) else found - timedelta(days=1)


def _day(word: str, today: date) -> date:
    match = _DAY.fullmatch(word)
    if match is None:
        raise ValueError(word)
    day = date(int(match[1] or today.year), int(match[2]), int(match[3]))
    if match[1] is None and day > today + timedelta(days=1):
        day = day.replace(year=day.year - 1)
    return day


def _at(day: date, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time(0, 0), zone)
