"""The supervisor's board: what is told, to whom tasks are given, and what it costs."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from portal.accounts.access import User
from portal.core import clock
from portal.core.db import db as database
from portal.core.db import transaction, write
from portal.warehousing.floor import tasks
from portal.warehousing.floor.models import FloorAssignment
from portal.warehousing.floor.said import Answer
from portal.warehousing.floor.service import presence
from portal.warehousing.overview.queries.day import today
from portal.warehousing.overview.queries.docks import docks_today
from portal.warehousing.overview.queries.orders import due_today, waves_open
from portal.warehousing.overview.queries.throughput import throughput
from portal.warehousing.sites.models import Dock, DockBooking, WarehouseWorker
from tests.counting.conftest import plans, statements
from tests.factories import make_colleague, make_company, make_dispatcher, make_person
from tests.warehousing import handheld
from tests.warehousing.making import make_location, make_sku, make_stock, make_warehouse

__all__ = ["plans", "statements"]
pytestmark = pytest.mark.both_databases
BOARD, FLOOR = "/desk/warehouse", "/desk/warehouse/floor"
PARTS = ("figures", "docks", "orders", "waves", "tasks", "people", "hours")


@pytest.fixture
def house(app, monkeypatch):
    """Return a warehouse in which two places are to be counted."""
    house = make_warehouse(code="HZ1")
    now = clock.now()
    found = [
        tasks.Task(
            ref="CT1",
            kind="count",
            title="Shelf",
            url=f"{FLOOR}/a",
            where="A9",
            since=now - timedelta(minutes=75),
        ),
        tasks.Task(
            ref="CT2",
            kind="count",
            title="Floor",
            url=f"{FLOOR}/b",
            where="A2",
            due_at=now - timedelta(minutes=5),
        ),
    ]
    monkeypatch.setattr(tasks, "_kinds", {})
    tasks.provide(
        "count", "Counting", lambda _user, house_id: found if house_id == house.id else []
    )
    return house


@pytest.fixture
def supervisor(as_user, house):
    """Return the browser of who leads the warehouse."""
    return as_user(make_person(staff_role="manager", name="高远"))


def row_of(model, **values):
    """Insert a row and return it."""
    table = model.__table__
    with transaction():
        return database.session.execute(insert(table).values(**values).returning(*table.c)).one()


def test_the_board_tells_tasks_and_ages(supervisor):
    page = supervisor.get(BOARD)
    assert page.status_code == 200
    assert "Counting" in page.text
    assert "1 h 15 min" in page.text
    for part in PARTS:
        fragment = supervisor.get(f"{BOARD}/parts/{part}")
        assert fragment.status_code == 200
        assert (
            fragment.text.strip() in page.text.replace("&#39;", "'") or f'id="{part}"' in page.text
        )
    assert supervisor.get(f"{BOARD}/parts/none").status_code == 404


def test_it_opens_for_who_sees_the_warehouse_and_gives_for_who_leads_it(as_user, house):
    dispatcher = as_user(make_dispatcher())
    assert dispatcher.get(BOARD).status_code == 200
    assert "Give" not in dispatcher.get(f"{BOARD}/tasks").text
    given = dispatcher.post(f"{BOARD}/tasks/give", {"kind": "count", "ref": "CT1"})
    assert given.status_code == 403
    for stranger in (make_colleague(make_company()), make_person(staff_role="marketing")):
        assert as_user(stranger).get(BOARD).status_code == 403


def test_a_warehouse_in_which_one_does_not_work_is_not_there(as_user, house):
    other = make_warehouse(code="SH2")
    person = make_person(staff_role="warehouse")
    row_of(WarehouseWorker, person_id=person.id, warehouse_id=house.id)
    worker = as_user(person)
    assert worker.get(f"{BOARD}?warehouse=HZ1").status_code == 200
    assert worker.get(f"{BOARD}?warehouse={other.code}").status_code == 404
    assert worker.get(f"{BOARD}?warehouse=NONE").status_code == 404


def test_without_a_warehouse_the_board_says_what_to_do(as_user, app):
    assert "There is no warehouse yet" in as_user(make_dispatcher()).get(BOARD).text


def test_a_task_given_out_is_proposed_to_that_person_alone(supervisor, as_user, house):
    person = make_person(staff_role="warehouse", name="吴峰")
    given = supervisor.post(
        f"{BOARD}/tasks/give?warehouse=HZ1", {"kind": "count", "ref": "CT2", "person": person.id}
    )
    assert given.location == f"{BOARD}/tasks?warehouse=HZ1"
    assert "吴峰" in supervisor.get(f"{BOARD}/tasks?person={person.id}").text
    worker, other = as_user(person), as_user(make_person(staff_role="warehouse"))
    assert ">A2<" in worker.get(FLOOR).text
    assert ">A9<" in other.get(FLOOR).text
    refused = handheld.send(other, f"{FLOOR}/take", kind="count", ref="CT2")
    assert "吴峰 is at this task" in refused.json["say"]
    supervisor.post(f"{BOARD}/tasks/give", {"kind": "count", "ref": "CT2", "person": ""})
    assert database.session.scalar(select(FloorAssignment.id)) is None
    assert handheld.send(other, f"{FLOOR}/take", kind="count", ref="CT2").status_code == 200


def test_a_task_is_given_only_to_who_works_there(supervisor, house):
    for person in (make_person(staff_role="marketing").id, 999_999, "x"):
        supervisor.post(f"{BOARD}/tasks/give", {"kind": "count", "ref": "CT2", "person": person})
    assert database.session.scalar(select(FloorAssignment.id)) is None


def test_who_works_on_what_is_told(supervisor, as_user, house):
    worker = as_user(make_person(staff_role="warehouse", name="孙丽华"))
    handheld.send(worker, f"{FLOOR}/warehouse", warehouse="HZ1")
    handheld.send(worker, f"{FLOOR}/take", kind="count", ref="CT1")
    people = supervisor.get(f"{BOARD}/parts/people").text
    assert "孙丽华" in people
    assert "Counting CT1" in people


def test_what_is_given_out_is_heard_live(supervisor, live, relayed, house):
    page = live(supervisor)
    assert page.ask("follow", {"topic": "warehouse", "ref": ""})["ok"]
    person = make_person(staff_role="warehouse")
    supervisor.post(f"{BOARD}/tasks/give", {"kind": "count", "ref": "CT2", "person": person.id})
    relayed()
    heard = [each for each in page.received() if each["type"] == "floor.task_held"]
    assert heard[0]["data"] == {"kind": "count", "ref": "CT2", "action": "given"}


def test_throughput_counts_todays_movements_by_hour_and_kind(house):
    place = make_location(house)
    goods = make_sku(make_company())
    make_stock(goods, place, 5)
    make_stock(goods, place, 5)
    done = throughput(house.id, today())
    assert done.total == 2
    assert done.by_kind == {"receive": 2}
    assert list(done.by_hour.values())[-1] == 2
    assert throughput(make_warehouse().id, today()).total == 0


def test_throughput_reads_the_movements_of_today_by_their_index(house, plans):
    day = today()
    with plans() as seen:
        throughput(house.id, day)
    assert not any("SCAN movement" in plan for plan in map(str, seen))


def test_docks_tell_what_is_booked_today(house):
    company, day = make_company(name="华东家居"), today()
    gate = make_location(house, kind="dock")
    dock = row_of(Dock, warehouse_id=house.id, code="D1", kind="in", location_id=gate.id)
    for hours, about in ((2, "INAAAAAAAA"), (30, "INBBBBBBBB")):
        at = day.begins + timedelta(hours=hours)
        row_of(
            DockBooking,
            company_id=company.id,
            dock_id=dock.id,
            starts_at=at,
            ends_at=at + timedelta(hours=1),
            about=about,
            created_at=clock.now(),
        )
    found = docks_today(house.id, day)
    assert [(each.code, [slot.about for slot in each.slots]) for each in found] == [
        ("D1", ["INAAAAAAAA"])
    ]
    assert found[0].slots[0].owner == "华东家居"


def test_an_empty_day_is_told_as_one(house):
    assert due_today(house.id, today()).open == 0
    assert waves_open(house.id) == []


def test_the_board_takes_few_statements(supervisor, house, statements):
    supervisor.get(BOARD)
    with statements() as seen:
        supervisor.get(f"{BOARD}/parts/figures")
    assert len(seen) <= 14


def test_presence_ends_with_the_task(house):
    person = make_person(staff_role="warehouse")
    user = User(person_id=person.id, name=person.name, email=person.email)
    for done in (False, True):
        answer = Answer(say="Done.", task=("count", "CT1"), done=done)
        told = {"say": "Done.", "cue": "good"}
        write(lambda on, a=answer, t=told: presence.note(presence.Done("k-1", "x", t, a), user, on))
        row = write(lambda on: presence.of(person.id, on))
        assert (row.kind, row.ref) == ((None, None) if done else ("count", "CT1"))
