"""Check-ins: days of zones, daylight saving, streaks, one forgiven day, races."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.club.daily.models import CheckIn, DailyPerson
from portal.club.daily.rules import visits as rules
from portal.club.daily.rules.visits import Coming, Last, Why
from portal.club.daily.service import visits
from portal.club.points.queries import balance_for
from portal.core import clock
from portal.core.db import db, write
from tests.daily.making import at_once, make_member

ZONES = (
    "Asia/Shanghai",
    "Pacific/Auckland",
    "America/Los_Angeles",
    "Europe/London",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "America/Santiago",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
)
START = datetime(2026, 2, 1, tzinfo=UTC)


def after(last, coming, at, zone):
    return Last(coming.on, at, zone, coming.streak, coming.rested_on or (last and last.rested_on))


@given(
    steps=st.lists(
        st.tuples(st.integers(1, 60 * 60), st.sampled_from(ZONES)), min_size=1, max_size=60
    )
)
def test_changing_zones_brings_no_second_check_in_within_twenty_hours(steps):
    at, last, all_of_it = START, None, []
    for minutes, zone in steps:
        at += timedelta(minutes=minutes)
        found = rules.coming(last, at, zone)
        if isinstance(found, Coming):
            if last is not None and rules._has_moved(last.zone, zone, at):
                assert at - last.at >= timedelta(hours=20)
            assert last is None or found.on > last.on
            last = after(last, found, at, zone)
            all_of_it.append(found.on)
    days = (at - START) / timedelta(days=1)
    assert len(all_of_it) == len(set(all_of_it)) <= days + 3


@given(zone=st.sampled_from(ZONES), hours=st.lists(st.integers(0, 23), min_size=2, max_size=400))
def test_whoever_comes_on_each_of_his_days_keeps_his_streak_also_where_clocks_change(zone, hours):
    day, last = date(2026, 2, 1), None
    for number, hour in enumerate(hours, 1):
        local = datetime(day.year, day.month, day.day, hour, 59, tzinfo=ZoneInfo(zone))
        at = local.astimezone(UTC)
        if at.astimezone(ZoneInfo(zone)).date() == day:  # that hour there is on this day
            found = rules.coming(last, at, zone)
            assert (found.on, found.streak, found.rested_on) == (day, number, None)
            last = after(last, found, at, zone)
        day += timedelta(days=1)


@given(
    flights=st.lists(st.tuples(st.sampled_from(ZONES), st.integers(0, 15)), min_size=2, max_size=40)
)
def test_a_traveller_who_checks_in_as_soon_as_he_may_never_loses_his_streak(flights):
    at, last, streak = START, None, 0
    for zone, idle in flights:
        at += timedelta(minutes=idle)
        found = rules.coming(last, at, zone)
        while isinstance(found, Why):
            at += timedelta(minutes=30)
            found = rules.coming(last, at, zone)
        if last is not None and at - last.at <= timedelta(hours=48):
            assert found.streak == streak + 1
        streak, last = found.streak, after(last, found, at, zone)


def test_one_missed_day_in_thirty_is_forgiven():
    zone, at = "Asia/Shanghai", datetime(2026, 3, 10, 4, tzinfo=UTC)
    last = Last(date(2026, 3, 8), at - timedelta(days=2), zone, 9, None)
    found = rules.coming(last, at, zone)
    assert found == Coming(date(2026, 3, 10), 10, date(2026, 3, 9))
    assert rules.coming(last._replace(rested_on=date(2026, 2, 8)), at, zone).streak == 1
    assert rules.coming(last._replace(rested_on=date(2026, 2, 7)), at, zone).streak == 10
    assert rules.coming(last, at + timedelta(days=1), zone).streak == 1


@pytest.mark.parametrize(
    ("streak", "points"), [(1, 0), (7, 5), (14, 10), (30, 20), (31, 0), (60, 20), (365, 0)]
)
def test_a_streak_brings_points_at_its_lengths(streak, points):
    assert rules.points_of(streak) == points


@pytest.mark.parametrize("name", ["", "../etc/passwd", "Mars/Base", "x" * 99, None, 7, "asia/x\0"])
def test_a_zone_that_there_is_not_is_not_kept(name):
    assert rules.known_zone(name) is None


@pytest.mark.both_databases
def test_checking_in_many_times_at_once_counts_once(app):
    _person, user = make_member()
    work = lambda: write(lambda on: visits.check_in(user, "Asia/Tokyo", on=on))  # noqa: E731
    said = at_once(app, [work] * 8)
    assert sum(done.why is None for done in said) == 1
    assert db.session.scalar(select(func.count()).select_from(CheckIn)) == 1
    row = db.session.execute(select(DailyPerson.__table__)).one()
    assert (row.streak, row.total, row.browser_zone) == (1, 1, "Asia/Tokyo")
    assert balance_for(user) == 1


@pytest.mark.both_databases
def test_seven_days_bring_their_points_once(app, monkeypatch):
    _person, user = make_member()
    start = clock.now() - timedelta(days=6)
    for number in range(7):
        at = start + timedelta(days=number)
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        for _twice in range(2):
            write(lambda on: visits.check_in(user, "Europe/London", on=on))
    row = db.session.execute(select(DailyPerson.__table__)).one()
    assert (row.streak, row.longest, row.total) == (7, 7, 7)
    assert balance_for(user) == 7 + 5
