"""The centre's working time: what is due in four working hours, and how long something took.

``Hours`` is pure: a week, a zone and the days that differ from it. The functions below it ask the
settings and the table of those days; clocks that are shown in lists keep what they answer.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from flask import current_app
from sqlalchemy import Connection, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Base, Instant, db

FIRST_ANSWER = timedelta(hours=4)  # of working time, to the first answer to a message
APPLICATION_DAYS = 2  # working days to the first look at an application
FAR = 400  # days looked ahead; a centre that is closed for longer has no clocks
Span = tuple[datetime, datetime]


class ClosedDay(Base):
    """A day that differs from the week: a holiday, or one that is worked like another weekday."""

    __tablename__ = "closed_day"

    on: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str]
    #: Day of the week (Monday 0) whose hours hold, where a weekend is worked; None: closed.
    works_like: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(Instant)


@dataclass(frozen=True)
class Hours:
    """When people are at work: weekday (Monday 0) → spans, and days that differ."""

    weekly: Mapping[int, tuple[tuple[time, time], ...]]
    zone: ZoneInfo
    #: Date → the weekday whose hours hold, None where the centre is closed.
    special: Mapping[date, int | None] = field(default_factory=dict)

    def spans(self, on: date) -> list[Span]:
        """Return when people are at work on a day of the centre's zone, in UTC, in order."""
        weekday = self.special.get(on, on.weekday())
        if weekday is None:
            return []
        return [(self._at(on, begin), self._at(on, end)) for begin, end in self._of(weekday)]

    def _of(self, weekday: int) -> tuple[tuple[time, time], ...]:
        return self.weekly.get(weekday, ())

    def _at(self, on: date, at: time) -> datetime:
        return datetime.combine(on, at, self.zone).astimezone(UTC)

    def is_open(self, at: datetime) -> bool:
        """Return whether people are at work at an instant."""
        return any(begin <= at < end for begin, end in self.spans(self._day(at)))

    def next_open(self, at: datetime) -> datetime:
        """Return ``at`` if people are at work then, else when they are next."""
        return next((max(at, begin) for begin, _ in self._from(at)), at)

    def due(self, start: datetime, *, working: timedelta = timedelta(0), days: int = 0) -> datetime:
        """Return when ``days`` working days and then ``working`` of working time have passed.

        A working day later is the same time of the next day with hours, within these hours.
        """
        at = self.next_open(start)
        at = self._days_later(at, days) if days else at
        left = working
        if not left:
            return at
        for begin, end in self._from(at):
            begin = max(at, begin)
            if end - begin >= left:
                return begin + left
            left -= end - begin
        return at + left

    def elapsed(self, start: datetime, end: datetime) -> timedelta:
        """Return how much working time lies between two instants; none if ``end`` is earlier."""
        total = timedelta(0)
        for begin, close in self._from(start):
            if begin >= end:
                break
            total += max(min(close, end) - max(begin, start), timedelta(0))
        return total

    def _days_later(self, at: datetime, days: int) -> datetime:
        local = at.astimezone(self.zone)
        later = (local.date() + timedelta(days=ahead) for ahead in range(1, FAR))
        worked = list(islice((on for on in later if self.spans(on)), days))
        if not worked:
            return at
        wanted, spans = self._at(worked[-1], local.time()), self.spans(worked[-1])
        return next((max(wanted, begin) for begin, end in spans if wanted <= end), spans[-1][1])

    def _from(self, at: datetime) -> Iterator[Span]:
        """Yield the spans that end after ``at``, in order."""
        first = self._day(at)
        for ahead in range(FAR):
            for begin, end in self.spans(first + timedelta(days=ahead)):
                if end > at:
                    yield begin, end

    def _day(self, at: datetime) -> date:
        return at.astimezone(self.zone).date()


def hours(on: Connection | None = None) -> Hours:
    """Return the centre's hours as the settings and the table of closed days have them.

    ``on``: the connection to read by, inside ``write``.
    """
    table = ClosedDay.__table__
    rows = (on or db.session).execute(select(table.c.on, table.c.works_like))
    special = {row.on: row.works_like for row in rows}
    return Hours(current_app.config["WORKING_HOURS"], clock.zone(), special)


def due(start: datetime, *, working: timedelta = timedelta(0), days: int = 0) -> datetime:
    """Return when so much of the centre's working time has passed since ``start``."""
    return hours().due(start, working=working, days=days)


def elapsed(start: datetime, end: datetime) -> timedelta:
    """Return how much of the centre's working time lies between two instants."""
    return hours().elapsed(start, end)


def closed_days(since: date) -> Iterable[ClosedDay]:
    """Return the days from ``since`` on that differ from the week, in order."""
    return db.session.scalars(
        select(ClosedDay).where(ClosedDay.on >= since).order_by(ClosedDay.on)
    ).all()
