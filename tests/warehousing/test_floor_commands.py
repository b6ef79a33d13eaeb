"""Commands of the floor: once, with a cue, in one person's hands, taken back."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.accounts.access import User
from portal.core import clock
from portal.core.db import db as database
from portal.core.db import write
from portal.core.errors import Refused
from portal.warehousing.floor import tasks
from portal.warehousing.floor.commands import carry_out
from portal.warehousing.floor.models import FloorAssignment, FloorPresence
from portal.warehousing.floor.rules import UNDO_FOR
from portal.warehousing.floor.said import Answer, Said
from portal.warehousing.floor.service import assignments, presence
from tests.factories import make_colleague, make_company, make_person
from tests.warehousing import handheld
from tests.warehousing.making import make_location, make_sku, make_stock, make_warehouse

pytestmark = pytest.mark.both_databases
HOME = "/desk/warehouse/floor"
KEY = "k-12345678"


@pytest.fixture
def person(app):
    """Return somebody who works on the floor."""
    return make_person(staff_role="warehouse")


@pytest.fixture
def worker(as_user, person):
    """Return his browser."""
    return as_user(person)


@pytest.fixture
def house(app, monkeypatch):
    """Return the only warehouse; nothing waits in it."""
    monkeypatch.setattr(tasks, "_kinds", {})
    return make_warehouse(code="HZ1")


@pytest.fixture
def counting(house):
    """Provide two tasks of one kind, far from and near to the first place."""
    found = [
        tasks.Task(ref="CT1", kind="count", title="far", url=f"{HOME}/a", where="A9", walk=900),
        tasks.Task(ref="CT2", kind="count", title="near", url=f"{HOME}/b", where="A2", walk=20),
    ]
    tasks.provide("count", "Count", lambda _user, _warehouse: found)
    return found


def send(browser, path, **said):
    """Send a command to an address of the floor."""
    return handheld.send(browser, f"{HOME}{path}", **{"key": KEY, **said})


def of(model):
    """Return the rows of a table."""
    return database.session.execute(select(model.__table__)).all()


def test_the_home_opens_at_once_where_there_is_one_warehouse(worker, house):
    page = worker.get(HOME)
    assert page.status_code == 200
    assert "Floor HZ1" in page.text


def test_of_several_warehouses_one_is_chosen_and_kept(worker, house):
    make_warehouse(code="HZ2")
    assert "Where do you work?" in worker.get(HOME).text
    assert send(worker, "/warehouse", warehouse="HZ2").json["cue"] == "good"
    assert "Floor HZ2" in worker.get(HOME).text


def test_a_warehouse_that_is_not_there_is_refused(worker, house):
    answer = send(worker, "/warehouse", warehouse="XX")
    assert (answer.status_code, answer.json["cue"]) == (409, "bad")
    assert answer.json["say"] == "There is no warehouse with that code."


def test_the_next_task_is_the_nearest_to_the_last_place(worker, house, counting):
    make_location(house, code="A0", barcode="L-HZ1-A0", walk=1)
    make_location(house, code="A8", barcode="L-HZ1-A8", walk=880)
    send(worker, "/warehouse", warehouse="HZ1")
    assert "Next: Count" in worker.get(HOME).text
    assert worker.get(HOME).text.index("near") > 0
    send(worker, "/find", key="k-22222222", scan="L-HZ1-A8")
    assert ">A9<" in worker.get(HOME).text.replace("\n", "")


def test_a_task_is_in_the_hands_of_one_person(worker, as_user, house, counting):
    first = send(worker, "/take", kind="count", ref="CT2", to=f"{HOME}/b")
    assert first.json["next"] == f"{HOME}/b"
    other = as_user(make_person(staff_role="warehouse", name="吴峰"))
    again = send(other, "/take", kind="count", ref="CT2", to=f"{HOME}/b")
    assert again.status_code == 409
    assert "is at this task" in again.json["say"]
    assert ">A9<" in other.get(HOME).text.replace("\n", "")  # he is offered the other one
    assert send(other, "/hand-back", kind="count", ref="CT2").status_code == 409
    send(worker, "/hand-back", key="k-33333333", kind="count", ref="CT2")
    assert send(other, "/take", key="k-44444444", kind="count", ref="CT2").status_code == 200


def test_a_hold_ends_with_its_lease(worker, as_user, house, counting, monkeypatch):
    send(worker, "/take", kind="count", ref="CT2")
    later = clock.now() + assignments.LEASE + timedelta(seconds=1)
    other = as_user(make_person(staff_role="warehouse"))
    monkeypatch.setattr(clock, "now", lambda: later)
    assert send(other, "/take", kind="count", ref="CT2").status_code == 200
    assert len(of(FloorAssignment)) == 1
    assert assignments.tidy() == 0
    monkeypatch.setattr(clock, "now", lambda: later + assignments.LEASE + timedelta(seconds=1))
    assert assignments.tidy() == 1


def test_a_task_leads_to_no_other_site(worker, house, counting):
    for to in ("https://example.org/", "//example.org", "/desk/warehouse/\\\\x", "/account"):
        assert send(worker, "/take", kind="count", ref="CT1", to=to).status_code == 422


def test_a_command_that_comes_again_answers_the_same(worker, house):
    first = send(worker, "/find", scan="L-HZ1-A8", at="2026-11-22T07:00:00Z")
    again = send(worker, "/find", scan="L-HZ1-A8", at="2026-11-22T07:00:00Z")
    assert again.json == {**first.json, "repeated": True}
    assert len(of(FloorPresence)[0].recent) == 1


def test_a_key_is_of_one_command(worker, house):
    send(worker, "/find", scan="L-HZ1-A8")
    assert send(worker, "/find", scan="L-HZ1-A9").status_code == 422


def test_a_clock_that_is_wrong_is_told_and_taken_off(worker, house):
    slow = (clock.now() - timedelta(minutes=7)).isoformat()
    answer = send(worker, "/find", scan="X-1", at=slow, sent_at=slow)
    assert answer.json["hint"] == (
        "The clock of this device is 7 min slow. The centre’s time is kept."
    )


def test_when_it_was_done_is_put_right_by_the_clocks_difference(app):
    now = clock.now()
    fast = Said(key=KEY, at=now + timedelta(minutes=30), sent_at=now + timedelta(minutes=60))
    assert abs(fast.said_at - (now - timedelta(minutes=30))) < timedelta(seconds=5)
    early = Said(key=KEY, at=now + timedelta(minutes=30))
    assert early.said_at <= clock.now()
    assert Said(key=KEY).said_at is None


def test_a_step_is_not_sent_in_the_name_of_the_next_on_the_device(worker, house, person):
    assert send(worker, "/find", scan="X-1", who=str(person.id + 1)).status_code == 401
    assert send(worker, "/find", scan="X-1", who=str(person.id)).status_code == 200


def test_without_javascript_the_form_comes_back_to_its_page(worker, house):
    form = {"key": KEY, "scan": "L-HZ1-A8", "page": f"{HOME}/look?code=1"}
    found = worker.post(f"{HOME}/find", form)
    assert found.status_code == 302
    assert found.location == f"{HOME}/look?code=L-HZ1-A8"
    missed = worker.post(f"{HOME}/find", {**form, "key": "k-22222222", "scan": " "})
    assert missed.location == f"{HOME}/look?code=1"
    assert "Nothing could be read. Scan it again." in worker.get(missed.location).text
    away = worker.post(f"{HOME}/find", {**form, "scan": "", "page": "//example.org"})
    assert away.location == HOME


def test_the_last_step_is_taken_back_once(app, person, monkeypatch):
    taken = []
    monkeypatch.setitem(
        presence.UNDOES,
        "test.step",
        lambda given, by, on: taken.append(given) or Answer(say="Back."),
    )
    user = by(person)
    step(user, "k-1", undo={"movement": 7})
    step(user, "k-2", undo={"movement": 8})
    with pytest.raises(Refused, match="Only the last step"):
        write(lambda on: presence.undo("k-1", user, on))
    write(lambda on: presence.undo("k-2", user, on))
    write(lambda on: presence.undo("k-1", user, on))
    assert taken == [{"movement": 8}, {"movement": 7}]
    with pytest.raises(Refused, match="Only the last step"):
        write(lambda on: presence.undo("k-1", user, on))


def test_a_step_is_not_taken_back_after_a_quarter_of_an_hour(app, person, monkeypatch):
    monkeypatch.setitem(presence.UNDOES, "test.step", lambda given, by, on: Answer(say="Back."))
    user = by(person)
    step(user, "k-1", undo={})
    later = clock.now() + UNDO_FOR + timedelta(seconds=1)
    monkeypatch.setattr(clock, "now", lambda: later)
    with pytest.raises(Refused, match="15 minutes"):
        write(lambda on: presence.undo("k-1", user, on))


def test_looking_up_tells_what_lies_where(worker, house):
    place = make_location(house, code="B07-14-3", barcode="L-HZ1-B07-14-3")
    goods = make_sku(make_company(), code="HD-1", gtin="6901234567892")
    make_stock(goods, place, 12)
    for code in ("L-HZ1-B07-14-3", "6901234567892", "HD-1", "B07-14-3"):
        page = worker.get(f"{HOME}/look?code={code}").text
        assert "HD-1" in page
        assert "B07-14-3" in page
        assert ">12<" in page
    assert "Nothing in HZ1 has the code 77." in worker.get(f"{HOME}/look?code=77").text
    assert "misread" in worker.get(f"{HOME}/look?code=(01)06901234567890").text


def test_members_and_the_rest_of_the_staff_do_not_enter(as_user, house):
    assert as_user(make_colleague(make_company())).get(HOME).status_code == 403
    assert as_user(make_person(staff_role="marketing")).get(HOME).status_code == 403


def by(person):
    """Return who acts."""
    return User(person_id=person.id, name=person.name, email=person.email)


def step(user, key, **answer):
    """Carry a command out whose undo is registered as ``test.step``."""
    said = Said(key=KEY).model_copy(update={"key": key})
    return carry_out(
        "test.step", said, user, work=lambda *_: Answer(say="Done.", **answer), where={}
    )
