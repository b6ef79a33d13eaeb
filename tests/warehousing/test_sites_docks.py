"""Slots at docks: which are free, who gets one, and giving it back."""

import threading
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from flask import current_app
from sqlalchemy import insert, select, update

from portal.core import clock, scope
from portal.core.db import db, transaction, write
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.events import EventRecord
from portal.core.working import ClosedDay
from portal.warehousing.sites import queries
from portal.warehousing.sites.models import Dock, Warehouse
from portal.warehousing.sites.service import docks
from tests.factories import make_company, make_person, user_of
from tests.warehousing.making import make_location, make_warehouse

pytestmark = pytest.mark.both_databases
CROWD = 40


def make_dock(warehouse, code="D1", kind="both"):
    place = make_location(warehouse, "dock")
    values = {"warehouse_id": warehouse.id, "code": code, "kind": kind, "location_id": place.id}
    with transaction():
        table = Dock.__table__
        return db.session.execute(insert(table).values(**values).returning(*table.c)).one()


def weekday(ahead=1):
    """Return a day of the centre's zone, at least so many days ahead, that is worked in full."""
    day = clock.now().astimezone(clock.zone()).date() + timedelta(days=ahead)
    while day.weekday() > 4:
        day += timedelta(days=1)
    return day


def at(day, hour, minute=30):
    return datetime.combine(day, time(hour, minute), ZoneInfo("Asia/Shanghai"))


def free(warehouse, day, kind="in"):
    return write(lambda on: docks.free_slots(warehouse.id, kind, day, on))


def book(dock, starts_at, company, about="IN-A"):
    return write(
        lambda on: docks.book(dock.id, starts_at, about, company.id, by=None, on=on),
    )


def all_at_once(works):
    """Run each work in a thread of its own; return what came of each, in order."""
    app = current_app._get_current_object()
    ended = {}
    begin = threading.Barrier(len(works))

    def run(place, work):
        with app.app_context():
            begin.wait()
            try:
                ended[place] = write(work)
            except Exception as error:
                ended[place] = error
            db.session.remove()

    threads = [threading.Thread(target=run, args=each) for each in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [ended[place] for place in range(len(works))]


def test_a_day_has_the_slots_of_the_working_hours(app):
    warehouse = make_warehouse()
    make_dock(warehouse)
    slots = free(warehouse, weekday())
    starts = [f"{s.starts_at.astimezone(clock.zone()):%H:%M}" for s in slots]
    assert (len(starts), starts[0], starts[-1]) == (9, "08:30", "16:30")


def test_capacity_is_docks_times_slots(app):
    warehouse = make_warehouse(slot_minutes=30)
    for code in ("D1", "D2", "D3"):
        make_dock(warehouse, code)
    make_dock(warehouse, "D4", "out")
    assert len(free(warehouse, weekday())) == 3 * 19
    assert len(free(warehouse, weekday(), "out")) == 4 * 19


def test_a_closed_day_has_no_slots(app):
    warehouse = make_warehouse()
    make_dock(warehouse)
    day = weekday()
    with transaction():
        row = {"on": day, "name": "国庆", "works_like": None, "created_at": clock.now()}
        db.session.execute(insert(ClosedDay.__table__).values(**row))
    assert free(warehouse, day) == []


def test_what_is_over_or_too_far_ahead_is_not_free(app):
    warehouse = make_warehouse()
    dock = make_dock(warehouse)
    assert free(warehouse, date(2020, 1, 6)) == []
    assert free(warehouse, weekday(ahead=70)) == []
    company = make_company()
    for day in (date(2020, 1, 6), weekday(ahead=70)):
        with pytest.raises(Refused):
            book(dock, at(day, 8), company)


def test_a_booked_slot_is_gone_and_comes_back_when_cancelled(app):
    warehouse, company = make_warehouse(), make_company()
    dock, day = make_dock(warehouse), weekday()
    booking = book(dock, at(day, 9), company)
    assert at(day, 9) not in [s.starts_at for s in free(warehouse, day)]
    write(lambda on: docks.cancel(booking.id, company.id, by=None, on=on))
    assert at(day, 9) in [s.starts_at for s in free(warehouse, day)]


def test_only_slots_of_the_calendar_are_given(app):
    warehouse, company = make_warehouse(), make_company()
    dock, day = make_dock(warehouse), weekday()
    for wrong in (at(day, 9, 45), at(day, 5), at(day, 17, 30)):
        with pytest.raises(Refused):
            book(dock, wrong, company)


def test_slots_of_another_length_do_not_overlap_those_that_were_given(app):
    warehouse, company = make_warehouse(), make_company()
    dock, day = make_dock(warehouse), weekday()
    book(dock, at(day, 9), company)
    with transaction():
        table = Warehouse.__table__
        db.session.execute(update(table).values(slot_minutes=30))
    starts = [s.starts_at for s in free(warehouse, day)]
    assert at(day, 10, 0) not in starts
    assert at(day, 10, 30) in starts
    with pytest.raises(Refused):
        book(dock, at(day, 10, 0), company)


def test_a_dock_that_is_closed_takes_nobody(app):
    warehouse, company = make_warehouse(), make_company()
    dock = make_dock(warehouse)
    with transaction():
        db.session.execute(update(Dock.__table__).values(active=False))
    with pytest.raises(Refused):
        book(dock, at(weekday(), 9), company)


def test_of_forty_who_want_the_last_slot_one_gets_it(app):
    warehouse, company = make_warehouse(), make_company()
    dock, when = make_dock(warehouse), at(weekday(), 9)
    works = [
        lambda on, n=n: docks.book(dock.id, when, f"IN-{n}", company.id, by=None, on=on)
        for n in range(CROWD)
    ]
    ended = all_at_once(works)
    assert sum(not isinstance(each, Exception) for each in ended) == 1
    assert sum(isinstance(each, Refused) for each in ended) == CROWD - 1
    assert len(queries.booked_between(warehouse.id, when, when + timedelta(hours=1))) == 1


def test_of_forty_who_want_a_time_as_many_get_it_as_there_are_docks(app):
    warehouse, company = make_warehouse(), make_company()
    for code in ("D1", "D2", "D3"):
        make_dock(warehouse, code)
    when = at(weekday(), 9)
    chosen = next(s for s in free(warehouse, weekday()) if s.starts_at == when).value

    def work(about):
        return lambda on: docks.take(
            chosen, about, company.id, warehouse_id=warehouse.id, kind="in", by=None, on=on
        )

    ended = all_at_once([work(f"IN-{n}") for n in range(CROWD)])
    given = [each for each in ended if not isinstance(each, Exception)]
    assert len({each.dock_id for each in given}) == len(given) == 3
    assert sum(isinstance(each, Refused) for each in ended) == CROWD - 3


def test_who_moves_keeps_his_slot_unless_the_other_is_free(app):
    warehouse, company = make_warehouse(), make_company()
    dock, day = make_dock(warehouse), weekday()
    mine = book(dock, at(day, 9), company, "IN-MINE")
    book(dock, at(day, 10), company, "IN-OTHER")
    with pytest.raises(Refused):
        write(lambda on: docks.move(mine.id, dock.id, at(day, 10), company.id, by=None, on=on))
    moved = write(lambda on: docks.move(mine.id, dock.id, at(day, 11), company.id, by=None, on=on))
    starts = {row.about: row.starts_at for row in booked(warehouse, day)}
    assert starts == {"IN-MINE": at(day, 11), "IN-OTHER": at(day, 10)}
    assert moved.about == "IN-MINE"


def booked(warehouse, day):
    return queries.booked_between(warehouse.id, at(day, 0, 0), at(day, 23, 0))


def test_a_slot_at_another_warehouse_is_no_move(app):
    company = make_company()
    mine = book(make_dock(make_warehouse()), at(weekday(), 9), company)
    other = make_dock(make_warehouse())
    with pytest.raises(Refused):
        write(
            lambda on: docks.move(mine.id, other.id, at(weekday(), 9), company.id, by=None, on=on)
        )


def test_another_companys_booking_is_not_there(app):
    company, stranger = make_company(), make_company()
    warehouse = make_warehouse()
    dock = make_dock(warehouse)
    mine = book(dock, at(weekday(), 9), company)
    with pytest.raises(NotFound):
        write(lambda on: docks.cancel(mine.id, stranger.id, by=None, on=on))
    with pytest.raises(NotFound):
        write(
            lambda on: docks.move(mine.id, dock.id, at(weekday(), 10), stranger.id, by=None, on=on)
        )
    assert queries.bookings_of(["IN-A"], stranger.id) == {}
    assert [row.dock for row in queries.bookings_of(["IN-A"], company.id)["IN-A"]] == ["D1"]


@pytest.mark.parametrize(
    "value", ["", "D1", "D1|morgen", "D9|{}", "D1|2026-11-23T09:30", "|", "D1|{}0"]
)
def test_what_is_no_slot_is_refused(app, value):
    warehouse, company = make_warehouse(), make_company()
    make_dock(warehouse)
    said = value.format(at(weekday(), 9).isoformat())
    with pytest.raises(Invalid) as refusal:
        write(
            lambda on: docks.take(
                said, "IN-A", company.id, warehouse_id=warehouse.id, kind="in", by=None, on=on
            )
        )
    assert [each.field for each in refusal.value.errors] == ["slot"]


def test_every_change_of_a_slot_is_an_event(app):
    warehouse, company = make_warehouse(), make_company()
    dock, day = make_dock(warehouse), weekday()
    mine = book(dock, at(day, 9), company)
    mine = write(lambda on: docks.move(mine.id, dock.id, at(day, 10), company.id, by=None, on=on))
    assert write(lambda on: docks.cancel_all("IN-A", company.id, by=None, on=on)) == 1
    rows = (
        select(EventRecord.__table__)
        .where(EventRecord.about == "dock:IN-A")
        .order_by(EventRecord.id)
    )
    found = db.session.execute(rows.execution_options(**scope.CENTRE)).all()
    assert [row.name for row in found] == ["dock.booked", "dock.moved", "dock.cancelled"]
    assert mine.id


def test_staff_see_the_warehouses_they_work_in_and_members_those_in_use(app):
    here, there = make_warehouse(), make_warehouse()
    closed = make_warehouse(active=False)
    manager = user_of(make_person(staff_role="manager"))
    worker = make_person(staff_role="warehouse")
    member = user_of(make_person(), make_company())
    with transaction():
        db.session.execute(
            insert(queries.WarehouseWorker.__table__).values(
                person_id=worker.id, warehouse_id=there.id
            )
        )
    codes = lambda user: [row.code for row in queries.warehouses_for(user)]  # noqa: E731
    assert codes(manager) == [here.code, there.code, closed.code]
    assert codes(user_of(worker)) == [there.code]
    assert codes(member) == [here.code, there.code]
    assert codes(user_of(make_person(staff_role="driver"))) == []
    with pytest.raises(NotFound):
        queries.warehouse_for(user_of(worker), here.code)
