"""Moves at the desk and on the handheld, scan by scan."""

import re
from decimal import Decimal

import pytest

from portal.core.db import write
from portal.core.quantities import NOTHING
from portal.warehousing.floor.queries.waiting import waiting_for
from portal.warehousing.floor.service import assignments
from portal.warehousing.ledger.service.lots import new_unit
from portal.warehousing.moving import queries
from portal.warehousing.moving.service import goods, tasks
from portal.warehousing.moving.service.tasks import Wish
from tests.factories import make_colleague, make_company, make_person, user_of
from tests.warehousing.handheld import send
from tests.warehousing.making import (
    balances,
    make_location,
    make_sku,
    make_stock,
    make_warehouse,
)

FLOOR, DESK = "/desk/warehouse/floor/move", "/desk/warehouse/moves"
GTIN = "4006381333931"


class House:
    """One warehouse with goods in reserve and an empty pick location."""

    def __init__(self):
        self.company = make_company()
        self.warehouse = make_warehouse(code="HZ1")
        self.pick = make_location(self.warehouse, "pick")
        self.reserve = make_location(self.warehouse, "reserve")
        self.sku = make_sku(self.company, gtin=GTIN)
        make_stock(self.sku, self.reserve, 20)

    @property
    def balance(self):
        return balances(location_id=self.reserve.id, sku_id=self.sku.id)[0]

    def here(self, location):
        return sum((row.on_hand for row in balances(location_id=location.id)), start=NOTHING)

    def task(self, quantity=8, **values):
        id_ = self.balance.id

        def work(on):
            row = goods.balance_of(id_, None, on)
            wish = Wish(balance=row, quantity=Decimal(quantity), to_id=self.pick.id, **values)
            return tasks.make(wish, by=None, on=on)

        return write(work)


@pytest.fixture
def house(app):
    return House()


@pytest.fixture
def worker(as_user):
    return as_user(make_person(staff_role="warehouse"))


@pytest.fixture
def manager(as_user):
    return as_user(make_person(staff_role="manager"))


def test_goods_are_moved_by_two_scans_and_taken_back(house, worker):
    taken = send(worker, f"{FLOOR}/from", scan=house.reserve.barcode).json
    assert taken["cue"] == "good"
    page = worker.get(taken["next"]).text
    assert house.reserve.code in page
    put = send(
        worker, f"{FLOOR}/put", scan=house.pick.barcode, balance_id=house.balance.id, quantity="5"
    ).json
    assert (put["cue"], house.here(house.pick)) == ("good", 5)
    key = re.search(r'name="of" value="([^"]+)"', worker.get("/desk/warehouse/floor").text)
    undone = send(worker, "/desk/warehouse/floor/undo", of=key[1]).json
    assert (undone["cue"], house.here(house.pick)) == ("good", 0)


def test_a_put_that_is_sent_twice_counts_once(house, worker):
    said = {"scan": house.pick.barcode, "balance_id": house.balance.id, "quantity": "5"}
    first = send(worker, f"{FLOOR}/put", key="same-key-1", at=None, **said)
    again = send(worker, f"{FLOOR}/put", key="same-key-1", at=None, **said)
    assert (first.status_code, again.json["repeated"]) == (200, True)
    assert house.here(house.pick) == 5


def test_of_several_goods_at_a_location_one_is_scanned(house, worker):
    other = make_sku(house.company)
    make_stock(other, house.reserve, 3)
    taken = send(worker, f"{FLOOR}/from", scan=house.reserve.code).json
    page = worker.get(taken["next"]).text
    assert house.sku.code in page
    assert other.code in page
    chosen = send(worker, f"{FLOOR}/what", scan=GTIN, from_id=house.reserve.id).json
    assert chosen["next"].endswith(f"balance={house.balance.id}")
    many = send(worker, f"{FLOOR}/quantity", balance_id=house.balance.id, quantity="4").json
    assert "quantity=4" in many["next"]
    assert worker.get(many["next"]).status_code == 200


def test_a_pallet_is_moved_by_its_code(house, worker):
    unit = write(lambda on: new_unit(house.company.id, "pallet", prefix="6901234", on=on))
    make_stock(house.sku, house.reserve, 6, unit_id=unit["id"])
    taken = send(worker, f"{FLOOR}/from", scan=f"00{unit['sscc']}").json
    assert unit["sscc"] in worker.get(taken["next"]).text
    put = send(worker, f"{FLOOR}/put-unit", scan=house.pick.barcode, unit_id=unit["id"]).json
    assert (put["cue"], house.here(house.pick)) == ("good", 6)


def wrong_scans(house):
    """Return (address, what is said, status, words) of what is refused."""
    put = {"balance_id": house.balance.id}
    return [
        ("from", {"scan": "L-HZ1-NOWHERE"}, 409, "Nothing here"),
        ("from", {"scan": GTIN}, 409, "Now a location"),
        ("what", {"scan": "4006381333948", "from_id": house.reserve.id}, 409, ""),
        ("put", {**put, "scan": GTIN}, 409, "Now a location"),
        ("put", {**put, "scan": house.pick.code, "quantity": "21"}, 409, "At most 20"),
        ("put", {**put, "scan": house.pick.code, "quantity": "many"}, 409, "no quantity"),
        ("put", {**put, "scan": house.reserve.code}, 409, "already"),
        ("put", {"balance_id": 10**6, "scan": house.pick.code}, 404, ""),
    ]


@pytest.mark.parametrize("number", range(8))
def test_a_wrong_scan_is_a_sentence_and_a_sound_and_moves_nothing(house, worker, number):
    address, said, status, words = wrong_scans(house)[number]
    reply = send(worker, f"{FLOOR}/{address}", **said)
    assert (reply.status_code, reply.json["cue"]) == (status, "bad")
    assert words in reply.json["say"]
    assert house.here(house.pick) == 0


def test_a_full_location_is_refused_with_a_sound(house, worker):
    full = make_location(house.warehouse, "pick", most_weight_g=400)
    reply = send(worker, f"{FLOOR}/put", balance_id=house.balance.id, scan=full.code)
    assert (reply.status_code, reply.json["cue"]) == (409, "bad")
    assert "is full" in reply.json["say"]


def test_a_task_is_done_by_three_scans(house, worker):
    task = house.task()
    address = f"{FLOOR}/{task.ref}"
    assert house.reserve.code in worker.get(address).text
    wrong = send(worker, f"{address}/source", scan=house.pick.barcode)
    assert wrong.status_code == 409
    assert house.reserve.code in wrong.json["say"]
    step = send(worker, f"{address}/source", scan=house.reserve.barcode).json["next"]
    assert worker.get(step).status_code == 200
    other = make_sku(house.company, gtin="4006381333948")
    wrong = send(worker, f"{address}/goods", scan="4006381333948")
    assert other.name in wrong.json["say"]
    step = send(worker, f"{address}/goods", scan=GTIN).json["next"]
    assert house.pick.code in worker.get(step).text
    done = send(worker, f"{address}/put", scan=house.pick.barcode, quantity="8").json
    assert (done["cue"], house.here(house.pick)) == ("good", 8)
    assert worker.get(address).status_code == 302


def test_a_task_is_done_in_part_or_elsewhere(house, worker):
    task, other = house.task(), make_location(house.warehouse, "pick")
    address = f"{FLOOR}/{task.ref}"
    step = send(worker, f"{address}/quantity", quantity="3").json["next"]
    assert worker.get(step).status_code == 200
    assert send(worker, f"{address}/put", scan=house.pick.code, quantity="3").json["cue"] == "good"
    refused = send(worker, f"{address}/put", scan=other.code)
    assert refused.status_code == 409
    send(worker, f"{address}/put", scan=other.code, elsewhere="full")
    assert (house.here(house.pick), house.here(other)) == (3, 5)


def test_a_task_is_skipped_with_a_reason(house, worker):
    task = house.task()
    assert send(worker, f"{FLOOR}/{task.ref}/skip", why="lazy").status_code == 422
    assert send(worker, f"{FLOOR}/{task.ref}/skip", why="not_there").json["cue"] == "warn"
    assert house.here(house.pick) == 0


def test_a_task_in_the_hands_of_another_is_his(house, worker, as_user):
    task, other = house.task(), make_person(staff_role="warehouse")
    write(lambda on: assignments.take("move", task.ref, user_of(other), on=on))
    reply = send(worker, f"{FLOOR}/{task.ref}/source", scan=house.reserve.code)
    assert reply.status_code == 409
    assert other.name in reply.json["say"]


def test_the_floor_is_told_of_tasks_the_emptiest_first(house):
    usual, urgent = house.task(2), house.task(3, kind="replenish", priority=20)
    user = user_of(make_person(staff_role="warehouse"))
    waiting = waiting_for(user, house.warehouse.id)
    found = {queue.kind.kind: [task.ref for task in queue.tasks] for queue in waiting.queues}
    assert found["move"] == [usual.ref]
    assert found["replenish"] == [urgent.ref]


def test_the_desk_moves_goods_at_once_and_only_once(house, manager):
    address = f"{DESK}/new?warehouse=HZ1&from={house.reserve.code}"
    page = manager.get(address).text
    key = re.search(r'name="key" value="([^"]+)"', page)[1]
    form = {"key": key, "what": house.balance.id, "quantity": "4", "to": house.pick.code,
            "reason": "owner", "do": "now"}  # fmt: skip
    assert manager.post(address, form).status_code == 302
    assert manager.post(address, form).status_code == 302
    assert house.here(house.pick) == 4


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"to": "NOWHERE"}, "no location with that code"),
        ({"quantity": "99"}, "free"),
        ({"quantity": "x"}, "no quantity"),
        ({"what": ""}, "Choose what is moved"),
        ({"to": ""}, "Say where it goes"),
    ],
)
def test_what_the_desk_cannot_move_it_says(house, manager, change, words):
    address = f"{DESK}/new?warehouse=HZ1&from={house.reserve.code}"
    form = {"key": "k1", "what": house.balance.id, "quantity": "4", "to": house.pick.code,
            "reason": "owner", "do": "now"}  # fmt: skip
    reply = manager.post(address, {**form, **change})
    assert reply.status_code == 422
    assert words in reply.text
    assert house.here(house.pick) == 0


def test_the_desk_gives_a_move_to_the_floor_and_calls_it_off(house, manager):
    address = f"{DESK}/new?warehouse=HZ1&from={house.reserve.code}"
    form = {"key": "k1", "what": house.balance.id, "quantity": "", "to": house.pick.code,
            "reason": "other", "do": "task"}  # fmt: skip
    assert manager.post(address, form).status_code == 302
    user = user_of(make_person(staff_role="manager"))
    (row,) = queries.tasks_for(user, house.warehouse, "open", after=None, limit=5).items
    assert row.quantity == 20
    assert row.ref in manager.get(DESK).text
    assert manager.get(f"{DESK}/{row.ref}").status_code == 200
    manager.post(f"{DESK}/{row.ref}/cancel")
    assert queries.task_for(user, row.ref).state == "cancelled"
    assert row.ref not in manager.get(DESK).text


def test_pick_locations_are_set_and_what_they_lack_becomes_tasks(house, manager):
    form = {"location": house.pick.code, "sku": GTIN, "least": "5", "most": "12"}
    assert manager.post(f"{DESK}/faces?warehouse=HZ1", form).status_code == 302
    page = manager.get(f"{DESK}/replenish?warehouse=HZ1").text
    assert house.reserve.code in page
    face = f"{house.pick.id}-{house.sku.id}"
    assert manager.post(f"{DESK}/replenish?warehouse=HZ1", {"face": face}).status_code == 302
    assert "Replenish" in manager.get(DESK).text
    assert "has enough" in manager.get(f"{DESK}/replenish?warehouse=HZ1").text
    manager.post(f"{DESK}/faces/{house.pick.id}/{house.sku.id}/remove")
    assert "No pick locations yet" in manager.get(f"{DESK}/faces?warehouse=HZ1").text


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"sku": "NOTHING"}, "no goods with that code"),
        ({"location": "NOWHERE"}, "no location with that code"),
        ({"most": "5"}, "above the least"),
        ({"least": "-1"}, "no quantity"),
    ],
)
def test_a_pick_location_that_cannot_be_is_refused(house, manager, change, words):
    form = {"location": house.pick.code, "sku": GTIN, "least": "5", "most": "12"}
    reply = manager.post(f"{DESK}/faces?warehouse=HZ1", {**form, **change})
    assert reply.status_code == 422
    assert words in reply.text


def test_where_several_owners_have_the_code_the_form_asks_whose(house, manager):
    other = make_sku(make_company(), gtin=GTIN)
    form = {"location": house.pick.code, "sku": GTIN, "least": "5", "most": "12"}
    reply = manager.post(f"{DESK}/faces?warehouse=HZ1", form)
    assert "Choose whose" in reply.text
    form["owner"] = house.company.ref
    assert manager.post(f"{DESK}/faces?warehouse=HZ1", form).status_code == 302
    assert other.code not in manager.get(f"{DESK}/faces?warehouse=HZ1").text


def test_strangers_move_nothing(house, as_user, worker):
    task = house.task()
    member = as_user(make_colleague(house.company))
    for page in (DESK, f"{DESK}/{task.ref}", f"{DESK}/new", FLOOR, f"{FLOOR}/{task.ref}"):
        assert member.get(page).status_code == 403
    assert send(member, f"{FLOOR}/put", balance_id=house.balance.id).status_code == 403
    for page in (f"{DESK}/replenish", f"{DESK}/faces"):
        assert worker.get(page).status_code == 403
    assert worker.get(f"{DESK}/MVNOTHERE").status_code == 404


def test_who_works_elsewhere_finds_no_task_here(house, manager, as_user):
    task, other = house.task(), make_warehouse(code="HZ2")
    person = make_person(staff_role="warehouse")
    manager.post("/desk/warehouse/places/HZ2/people", {"person": str(person.id)})
    browser = as_user(person)
    assert browser.get(f"{DESK}/{task.ref}").status_code == 404
    assert send(browser, f"{FLOOR}/{task.ref}/source", scan=house.reserve.code).status_code == 404
    put = send(browser, f"{FLOOR}/put", balance_id=house.balance.id, scan=house.pick.code)
    assert put.status_code == 404
    assert other.code
