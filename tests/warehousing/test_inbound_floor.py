"""The floor screens of receiving and putting away, as a handheld sends what was scanned."""

import io
import re
from itertools import count

import pytest
from PIL import Image
from sqlalchemy import select

from portal.core import scope, tokens
from portal.core.db import db
from portal.warehousing.goods.models import Sku
from portal.warehousing.inbound.desk.floor_put import SEAL
from portal.warehousing.inbound.models import InboundNotice, NoticeLine, PutAwayTask, ReceiptLine
from portal.warehousing.ledger.models import Movement
from portal.warehousing.sites.models import WarehouseWorker
from tests.factories import make_company, make_person
from tests.warehousing.inbound_making import House, make_arrived, make_notice, receive, said_line
from tests.warehousing.making import _insert, balances, in_days, make_sku

BASE = "/desk/warehouse/floor"
SSCC = "106141412345678908"
keys = count(1)


@pytest.fixture
def house(app):
    return House(code="HZ1")


@pytest.fixture
def company(app):
    return make_company()


@pytest.fixture
def floor(as_user, house):
    return as_user(make_person(staff_role="warehouse"))


def rows(model, **values):
    table = model.__table__
    wanted = select(table).where(*(table.c[name] == value for name, value in values.items()))
    return list(db.session.execute(wanted.order_by(table.c.id).execution_options(**scope.CENTRE)))


def send(floor, path, **said):
    body = {"key": f"key-{next(keys):08}", **said}
    return floor.post(
        f"{BASE}{path}", json=body, headers={"X-CSRFToken": floor._token()["csrf_token"]}
    )


def test_goods_are_scanned_counted_and_received(floor, house, company):
    make_sku(company, code="TEA", gtin="4006381333931")
    ref = make_notice(house, company, said_line(rows_sku("TEA"), 10))
    assert send(floor, f"/receive/{ref}/arrive").get_json()["cue"] == "good"
    assert ref in floor.get(f"{BASE}/receive").get_data(as_text=True)
    seen = send(floor, f"/receive/{ref}/scan", scan="(01)04006381333931").get_json()
    assert floor.get(seen["next"]).status_code == 200
    done = send(floor, f"/receive/{ref}/receive", sku_id=rows_sku("TEA").id, quantity="10")
    assert done.get_json()["cue"] == "good"
    assert done.get_json()["undo"]
    finished = send(floor, f"/receive/{ref}/end").get_json()
    assert finished["say"] == f"{ref} is received as announced."
    assert rows(InboundNotice)[0].status == "received"


def rows_sku(code):
    return rows(Sku, code=code)[0]


def test_a_command_that_comes_twice_is_carried_out_once(floor, house, company):
    sku = make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 10))
    said = {"key": "same-key-1", "sku_id": sku.id, "quantity": "4"}
    answers = [send(floor, f"/receive/{ref}/receive", **said).get_json() for _ in range(2)]
    assert answers[1]["repeated"]
    assert rows(NoticeLine)[0].received == 4


def test_unknown_codes_and_other_owners_goods_are_told_apart(floor, house, company):
    make_sku(make_company(), code="THEIRS")
    ref = make_arrived(house, company, said_line(make_sku(company), 10))
    unknown = send(floor, f"/receive/{ref}/scan", scan="NOPE")
    assert (unknown.status_code, unknown.get_json()["cue"]) == (404, "bad")
    theirs = send(floor, f"/receive/{ref}/scan", scan="THEIRS")
    assert "another owner" in theirs.get_json()["say"]
    wrong_order = send(floor, f"/receive/{ref}/scan", scan=house.lane.barcode)
    assert "a location" in wrong_order.get_json()["say"]
    assert rows(ReceiptLine) == []


def test_a_whole_announced_pallet_is_one_scan(floor, house, company):
    sku = make_sku(company, lot_policy="lot", has_expiry=True)
    line = said_line(sku, 40, sscc=SSCC, lot="A", expires_on=in_days(200))
    ref = make_arrived(house, company, line)
    seen = send(floor, f"/receive/{ref}/scan", scan=f"00{SSCC}").get_json()
    for part in (f"sscc={SSCC}", "quantity=40", "lot=A"):
        assert part in seen["next"]
    receive(ref, sku, 40, sscc=SSCC, lot="A", expires_on=in_days(200))
    again = send(floor, f"/receive/{ref}/scan", scan=f"00{SSCC}")
    assert (again.status_code, again.get_json()["cue"]) == (409, "bad")


def test_an_unannounced_pallet_asks_for_its_goods(floor, house, company):
    ref = make_arrived(house, company, said_line(make_sku(company), 10))
    seen = send(floor, f"/receive/{ref}/scan", scan=f"00{SSCC}").get_json()
    assert seen["cue"] == "warn"
    assert SSCC in seen["next"]


def test_what_needs_a_word_is_asked_and_changes_nothing(floor, house, company):
    sku = make_sku(company, lot_policy="lot")
    ref = make_arrived(house, company, said_line(sku, 10, lot="A"))
    said = {"sku_id": sku.id, "quantity": "5", "lot": "B"}
    asked = send(floor, f"/receive/{ref}/receive", **said).get_json()
    assert asked["cue"] == "warn"
    assert "confirm=lot" in asked["next"]
    assert rows(ReceiptLine) == []
    send(floor, f"/receive/{ref}/receive", **said, confirmed="lot")
    assert len(rows(ReceiptLine)) == 1


def test_only_a_supervisor_allows_more(floor, as_user, house, company):
    sku = make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 10))
    said = {"sku_id": sku.id, "quantity": "12", "confirmed": "over", "reason": "Agreed"}
    refused = send(floor, f"/receive/{ref}/receive", **said)
    assert (refused.status_code, refused.get_json()["cue"]) == (409, "bad")
    boss = as_user(make_person(staff_role="manager"))
    assert send(boss, f"/receive/{ref}/receive", **said).get_json()["cue"] == "good"
    assert rows(ReceiptLine)[0].allowed == "Agreed"


def test_dates_are_read_and_expired_goods_are_refused(floor, house, company):
    sku = make_sku(company, has_expiry=True)
    ref = make_arrived(house, company, said_line(sku, 10))
    said = {"sku_id": sku.id, "quantity": "1"}
    old = send(floor, f"/receive/{ref}/receive", **said, expires_on=in_days(-3).isoformat())
    assert "expired" in old.get_json()["say"]
    never = send(floor, f"/receive/{ref}/receive", **said, expires_on="soon")
    assert "year-month-day" in never.get_json()["say"]
    good = send(floor, f"/receive/{ref}/receive", **said, expires_on=in_days(300).isoformat())
    assert good.get_json()["cue"] == "good"


def test_the_last_scan_is_taken_back(floor, house, company):
    sku = make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 10))
    send(floor, f"/receive/{ref}/receive", key="scan-one-1", sku_id=sku.id, quantity="4")
    answer = send(floor, "/undo", of="scan-one-1")
    assert answer.status_code == 200, answer.get_json()
    assert rows(NoticeLine)[0].received == 0


def test_goods_are_received_that_nobody_announced(floor, house, company):
    sku = make_sku(company)
    opened = send(floor, "/receive/blind", company=company.ref).get_json()
    ref = rows(InboundNotice)[0].ref
    assert opened["next"].endswith(ref)
    assert (
        send(floor, f"/receive/{ref}/receive", sku_id=sku.id, quantity="3").get_json()["cue"]
        == "good"
    )
    assert balances(sku_id=sku.id)[0].on_hand == 3


def test_goods_are_put_where_it_is_proposed(floor, house, company):
    sku = make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 10))
    receive(ref, sku, 10)
    (task,) = rows(PutAwayTask)
    assert sku.code in floor.get(f"{BASE}/put-away").get_data(as_text=True)
    assert house.picks[0].code in floor.get(f"{BASE}/put-away/{task.id}").get_data(as_text=True)
    found = send(floor, "/put-away/find", scan=sku.code).get_json()
    assert found["next"].endswith(f"/{task.id}")
    elsewhere = send(floor, f"/put-away/{task.id}/put", scan=house.hold.barcode, quantity="4")
    assert "Say why" in elsewhere.get_json()["say"]
    lane = send(floor, f"/put-away/{task.id}/put", scan=house.lane.barcode, quantity="4")
    assert lane.get_json()["cue"] == "bad"
    why = send(
        floor, f"/put-away/{task.id}/put", scan=house.hold.barcode, quantity="4", reason="full"
    )
    assert why.get_json()["cue"] == "good"
    shown = floor.get(f"{BASE}/put-away/{task.id}").get_data(as_text=True)
    sealed = re.search(r'name="proposed" value="([^"]+)"', shown)[1]
    forged = send(
        floor,
        f"/put-away/{task.id}/put",
        scan=house.hold.barcode,
        quantity="6",
        proposed=tokens.signed([task.id + 1, house.hold.id], SEAL),
    )
    assert "Say why" in forged.get_json()["say"]
    way = f"/put-away/{task.id}/put"
    send(floor, way, scan=house.picks[0].barcode, quantity="6", proposed=sealed)
    assert [m.reason for m in rows(Movement, kind="put_away")] == ["full", None]
    assert [b.on_hand for b in balances(location_id=house.picks[0].id)] == [6]


def test_forms_work_without_a_script(floor, house, company):
    sku = make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 10))
    sent = {"key": "form-key-1", "page": f"{BASE}/receive/{ref}", "sku_id": sku.id, "quantity": "4"}
    answer = floor.post(f"{BASE}/receive/{ref}/receive", sent)
    assert answer.status_code == 302
    assert "4 pcs received" in floor.get(answer.location).get_data(as_text=True)


def test_who_works_in_another_house_receives_nothing_here(as_user, house, company):
    other, person = House(), make_person(staff_role="warehouse")
    _insert(WarehouseWorker, person_id=person.id, warehouse_id=other.id)
    sku = make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 10))
    receive(ref, sku, 2)
    task = rows(PutAwayTask)[0]
    worker = as_user(person)
    assert worker.get(f"{BASE}/receive/{ref}").status_code == 404
    assert worker.get(f"{BASE}/put-away/{task.id}").status_code == 404
    assert send(worker, f"/receive/{ref}/receive", sku_id=sku.id, quantity="1").status_code == 404
    put = send(worker, f"/put-away/{task.id}/put", scan=house.picks[0].barcode, quantity="1")
    assert put.status_code == 404


def test_members_and_visitors_do_not_come_to_the_floor(browser, house, company):
    ref = make_notice(house, company, said_line(make_sku(company)))
    assert browser.get(f"{BASE}/receive/{ref}").status_code in (302, 401, 403)


def test_a_receipt_has_the_photo_that_was_taken(floor, house, company):
    picture = io.BytesIO()
    Image.new("RGB", (40, 30), "red").save(picture, "JPEG")
    picture.seek(0)
    sku = make_sku(company)
    ref = make_arrived(house, company, said_line(sku, 10))
    sent = {
        "key": "photo-key-1",
        "page": f"{BASE}/receive/{ref}",
        "sku_id": sku.id,
        "quantity": "1",
        "condition": "damaged",
        "photo": (picture, "box.jpg"),
    }
    floor.post(f"{BASE}/receive/{ref}/receive", sent, content_type="multipart/form-data")
    (scan,) = rows(ReceiptLine)
    assert scan.picture_key
    shown = floor.get(f"/desk/warehouse/inbound/{ref}/photos/{scan.id}")
    assert shown.mimetype == "image/jpeg"
