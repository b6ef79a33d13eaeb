"""The worker that has pick locations filled up: once, not twice, and not against people."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest

from portal.core import clock
from portal.core.db import db, write
from portal.warehousing.moving import queries, rules
from portal.warehousing.moving.service import faces, tasks
from portal.warehousing.sites import queries as sites
from tests.factories import make_person, user_of
from tests.warehousing.making import make_location, make_stock, make_warehouse
from tests.warehousing.test_moving import House
from workers import replenishing

CREW = 6


def face(house, location, least=10, most=30):
    place = sites.location_by_barcode((location or house.pick).code, house.warehouse.id)
    bounds = Decimal(least), Decimal(most)
    write(lambda on: faces.set_face(place, house.sku, *bounds, by=None, on=on))


def waiting(house):
    db.session.rollback()
    return list(queries.open_tasks(house.warehouse.id, "replenish", most=50))


@pytest.fixture
def house(app):
    house = House(quantity=20)
    face(house, house.pick)
    return house


@pytest.mark.both_databases
def test_a_pick_location_below_its_least_gets_a_task_once(house):
    assert replenishing.run_once() == 1
    (task,) = waiting(house)
    assert (task.quantity, task.priority, task.made_by) == (20, rules.EMPTY, None)
    assert replenishing.run_once() == 0
    write(lambda on: tasks.do(task.ref, Decimal(20), house.pick.id, by=None, on=on))
    assert replenishing.run_once() == 0
    assert waiting(house) == []


@pytest.mark.both_databases
def test_many_who_look_at_once_make_one_task(app, house):
    barrier = Barrier(CREW)
    db.session.rollback()

    def alone(_number):
        with app.app_context():
            barrier.wait(30)
            try:
                return write(lambda on: len(faces.make_due(house.warehouse.id, on=on)))
            finally:
                db.session.remove()

    with ThreadPoolExecutor(CREW) as pool:
        made = list(pool.map(alone, range(CREW)))
    assert sorted(made) == [0] * (CREW - 1) + [1]
    assert len(waiting(house)) == 1


def test_what_people_called_off_is_left_to_them_for_a_while(house, monkeypatch):
    replenishing.run_once()
    (task,) = waiting(house)
    write(lambda on: tasks.cancel(task.ref, by=None, on=on))
    assert replenishing.run_once() == 0
    other = make_location(house.warehouse, "pick")
    face(house, other)
    assert replenishing.run_once() == 1
    (second,) = waiting(house)
    assert second.to_id == other.id
    write(lambda on: tasks.skip(second.ref, "full", by=None, on=on))
    assert replenishing.run_once() == 0
    later = clock.now() + rules.LEFT_ALONE
    monkeypatch.setattr(clock, "now", lambda: later)
    assert replenishing.run_once() == 1  # there is enough for one of them
    assert [row.to_id for row in waiting(house)] == [house.pick.id]


def test_what_comes_to_reserve_later_is_brought_later(app):
    house = House(quantity=0)
    face(house, house.pick)
    assert replenishing.run_once() == 0
    make_stock(house.sku, house.reserve, 50)
    assert replenishing.run_once() == 1
    assert [row.quantity for row in waiting(house)] == [30]


def test_nothing_is_moved_in_a_warehouse_that_is_closed(app):
    house = House(quantity=20)
    closed = make_warehouse(active=False)
    house.pick, house.reserve = make_location(closed, "pick"), make_location(closed, "reserve")
    house.warehouse = closed
    make_stock(house.sku, house.reserve, 20)
    face(house, house.pick)
    assert replenishing.run_once() == 0


def test_the_supervisor_sees_who_made_a_task_and_calls_it_off(house, as_user):
    replenishing.run_once()
    (task,) = waiting(house)
    boss = as_user(make_person(staff_role="manager"))
    desk = "/desk/warehouse/moves"
    assert task.ref in boss.get(f"{desk}?warehouse={house.warehouse.code}").text
    assert "by the portal itself" in boss.get(f"{desk}/{task.ref}").text
    assert boss.post(f"{desk}/{task.ref}/cancel").status_code == 302
    user = user_of(make_person(staff_role="manager"))
    assert queries.task_for(user, task.ref).state == "cancelled"
    page = boss.get(f"{desk}/replenish?warehouse={house.warehouse.code}").text
    assert house.reserve.code in page
    assert "for 4 hours" in page
