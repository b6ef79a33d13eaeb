"""Weeks of the boards: ISO weeks of the centre’s own calendar."""

from datetime import date, datetime, time, timedelta, tzinfo

from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l


def week_of(day: date) -> str:
    """Return the week of a day, such as ``2026-W47``."""
    year, week, _ = day.isocalendar()
    return f"{year}-W{week:02d}"


def days_of(week: str) -> tuple[date, date]:
    """Return (Monday, Sunday) of a week. Raises NotFound where there is no such week."""
    try:
        monday = date.fromisoformat(f"{week}-1")
        if week_of(monday) != week:
            raise ValueError(week)
        sunday = monday + timedelta(days=6)
        sunday + timedelta(days=1), monday - timedelta(days=1)  # the next and the one before
    except (ValueError, OverflowError):
        raise NotFound(_l("There is no such week.")) from None
    return monday, sunday


def before(week: str) -> str:
    """Return the week before another."""
    return week_of(days_of(week)[0] - timedelta(days=1))


def day_of(at: datetime, zone: tzinfo) -> datetime:
    """Return the first instant of the day in which ``at`` lies."""
    return at.astimezone(zone).replace(hour=0, minute=0, second=0, microsecond=0)


def end_of(week: str, zone: tzinfo) -> datetime:
    """Return the instant at which a week is over."""
    monday_after = days_of(week)[1] + timedelta(days=1)
    return datetime.combine(monday_after, time(), zone)
