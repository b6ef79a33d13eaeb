"""Working time: weekends, breaks, closed days and days that are worked instead."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from config import WORKING_HOURS, weekly
from portal.core.working import Hours

SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 11, 23)


def at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def hours(special: dict[date, int | None] | None = None, text: str = WORKING_HOURS) -> Hours:
    return Hours(weekly(text), SHANGHAI, special or {})


@pytest.mark.parametrize(
    ("start", "due"),
    [
        (at(23, 9), at(23, 13)),  # within a day
        (at(23, 6), at(23, 12, 30)),  # before the doors open
        (at(20, 17), at(21, 12)),  # Friday evening: the rest on Saturday
        (at(21, 11), at(23, 11, 30)),  # Saturday: the rest on Monday
        (at(22, 15), at(23, 12, 30)),  # Sunday
    ],
)
def test_four_working_hours_end_when_people_have_worked_them(start, due):
    assert hours().due(start, working=timedelta(hours=4)) == due


def test_a_closed_day_stops_the_clock():
    closed = hours({MONDAY: None})
    assert closed.due(at(21, 11), working=timedelta(hours=4)) == at(24, 11, 30)
    assert closed.elapsed(at(21, 11), at(24, 9, 30)) == timedelta(hours=2)


def test_a_sunday_may_be_worked_like_a_monday():
    worked = hours({date(2026, 11, 22): 0})
    assert worked.is_open(at(22, 15))
    assert worked.due(at(22, 15), working=timedelta(hours=4)) == at(23, 9, 30)


def test_no_time_passes_at_lunch():
    lunch = hours(text="Mon-Fri 09:00-12:00, 13:00-18:00")
    assert lunch.elapsed(at(23, 11), at(23, 14)) == timedelta(hours=2)
    assert lunch.next_open(at(23, 12, 30)) == at(23, 13)


def test_working_days_keep_the_time_of_day_where_it_is_worked():
    assert hours().due(at(23, 10), days=2) == at(25, 10)
    assert hours().due(at(20, 17), days=1) == at(21, 12)
    assert hours().due(at(20, 17), days=2) == at(23, 17)


def test_elapsed_time_is_never_negative():
    assert hours().elapsed(at(23, 12), at(23, 10)) == timedelta(0)


def test_the_ends_of_due_and_elapsed_meet():
    start = at(19, 16, 40)
    for minutes in range(0, 1500, 37):
        working = timedelta(minutes=minutes)
        assert hours().elapsed(start, hours().due(start, working=working)) == working


@pytest.mark.parametrize(
    "text",
    [
        "",
        "Mon",
        "Mon 18:00-08:00",
        "Mon-Fri 8-18",
        "Mon 09:00-10:00; Mon 11:00-12:00",
        "Fri-Mon 09:00-10:00",
    ],
)
def test_hours_that_mean_nothing_are_refused(text):
    with pytest.raises(ValueError, match="must"):
        weekly(text)
