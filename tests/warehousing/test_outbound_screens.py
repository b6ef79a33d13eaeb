"""The floor screens of goods out over HTTP: from a released order to the vehicle that leaves."""

import pytest
from sqlalchemy import insert

from portal.core import clock
from portal.core.db import db, transaction, write
from portal.fulfilment import following
from portal.warehousing.outbound.models import Carton, CartonType, PickShort, PickTask, RestockTask
from portal.warehousing.outbound.service import changing, states
from tests.factories import make_colleague, make_company, make_dispatcher, make_person, push
from tests.warehousing.handheld import send
from tests.warehousing.making import (
    balances,
    make_location,
    make_lot,
    make_sku,
    make_stock,
    make_warehouse,
)
from tests.warehousing.outbound_making import make_order, order_of, rows

FLOOR = "/desk/warehouse/floor"
GTIN = "6901234567892"


@pytest.fixture
def house(app):
    return make_warehouse(code="HZ1")


@pytest.fixture
def company(app):
    return make_company()


@pytest.fixture
def shelf(house):
    return make_location(house, code="B07-14-3", barcode="L-HZ1-B07-14-3")


@pytest.fixture
def stage(house):
    return make_location(house, "stage", code="T1", barcode="L-HZ1-T1")


@pytest.fixture
def worker(as_user):
    return as_user(make_person(staff_role="warehouse"))


@pytest.fixture
def box(app):
    sides = {"length_mm": 210, "width_mm": 110, "height_mm": 140, "wall_mm": 4}
    values = {"code": "T8", "names": {"en": "Carton"}, "tare_g": 80, "most_weight_g": 5000}
    made = insert(CartonType.__table__).values(active=True, **values, **sides)
    with transaction():
        return db.session.scalar(made.returning(CartonType.id))


@pytest.fixture
def sku(company):
    return make_sku(company, code="HD-LC45", gtin=GTIN, names={"en": "Cushion"})


def released(company, house, *wanted, **columns):
    order = make_order(company, house, *wanted, **columns)
    return write(lambda on: states.advance(order, "released", by=None, on=on))


def said(reply):
    return reply.status_code, reply.json["cue"], reply.json["say"]


def begin(worker, order, stage):
    return send(worker, f"{FLOOR}/pick/begin", order=order.ref, wave="", scan=stage.barcode)


def stop_of(shelf):
    return next(b for b in balances(location_id=shelf.id) if b.allocated).id


def walk_of(order):
    return rows(PickTask, order_id=order.id)[0].walk


def pick(worker, order, shelf, stage, quantity):
    begin(worker, order, stage)
    url, stop = f"{FLOOR}/pick/{walk_of(order)}", stop_of(shelf)
    send(worker, f"{url}/scan", stop=stop, scan=shelf.barcode)
    send(worker, f"{url}/scan", stop=stop, located="1", scan=GTIN)
    if quantity > 1:
        send(worker, f"{url}/take", stop=stop, located="1", counted="1", quantity=str(quantity))
    return order_of(order.ref)


def check(worker, order, sku, quantity):
    url = f"{FLOOR}/check/{order.ref}"
    return send(worker, f"{url}/count", sku_id=sku.id, quantity=str(quantity))


def pack(worker, order, box, weight):
    url = f"{FLOOR}/pack/{order.ref}"
    send(worker, f"{url}/begin", kind=str(box))
    carton = rows(Carton, order_id=order.id)[-1]
    send(worker, f"{url}/fill", carton=carton.id)
    send(worker, f"{url}/close", carton=carton.id, weight=str(weight))
    return rows(Carton, id=carton.id)[0]


def test_a_stop_is_location_then_goods_then_how_many(worker, company, house, shelf, stage, sku):
    make_stock(sku, shelf, 40)
    order = released(company, house, (sku, 12))
    page = worker.get(f"{FLOOR}/pick")
    assert order.ref in page.text
    assert worker.get(f"{FLOOR}/pick/begin?order={order.ref}").status_code == 200
    assert said(begin(worker, order, stage))[:2] == (200, "good")
    url, stop = f"{FLOOR}/pick/{walk_of(order)}", stop_of(shelf)
    shown = worker.get(url)
    assert "B07-14-3" in shown.text
    assert "HD-LC45" in shown.text
    early = send(worker, f"{url}/scan", stop=stop, scan=GTIN)
    assert said(early)[:2] == (409, "bad")
    right = send(worker, f"{url}/scan", stop=stop, scan=shelf.barcode)
    assert said(right) == (200, "good", "Location B07-14-3 is right. Now the goods.")
    assert "located=1" in right.json["next"]
    goods = send(worker, f"{url}/scan", stop=stop, located="1", scan=GTIN)
    assert said(goods) == (200, "good", "HD-LC45 is right. Take 12.")
    assert worker.get(goods.json["next"]).status_code == 200
    done = send(worker, f"{url}/take", stop=stop, located="1", counted="1", quantity="12")
    assert said(done) == (200, "good", f"That was the last of {order.ref}.")
    assert done.json["undo"] is True
    assert order_of(order.ref).status == "picked"
    assert "T1" in worker.get(url).text


def test_a_walk_is_not_taken_out_of_the_hands_of_who_is_on_it(
    as_user, worker, company, house, shelf, stage, sku
):
    make_stock(sku, shelf, 40)
    order = released(company, house, (sku, 12))
    begin(worker, order, stage)
    other = as_user(make_person(staff_role="warehouse", name="吴峰"))
    refused = begin(other, order, stage)
    assert said(refused)[:2] == (409, "bad")
    assert "is at this task" in refused.json["say"]


def test_each_scan_counts_until_all_is_taken(worker, company, house, shelf, stage, sku):
    make_stock(sku, shelf, 40)
    order = released(company, house, (sku, 2))
    begin(worker, order, stage)
    url, stop = f"{FLOOR}/pick/{walk_of(order)}", stop_of(shelf)
    send(worker, f"{url}/scan", stop=stop, located="1", scan=GTIN)
    send(worker, f"{url}/scan", stop=stop, located="1", counted="1", scan=GTIN)
    assert order_of(order.ref).status == "picked"


def test_the_wrong_place_goods_and_lot_are_told(worker, company, house, shelf, stage):
    lotted = make_sku(company, code="MILK", gtin=GTIN, lot_policy="lot")
    make_stock(lotted, shelf, 9, lot=make_lot(lotted, "2610A"))
    other = make_location(house, code="B08", barcode="L-HZ1-B08")
    stranger = make_sku(company, code="TEA", gtin="4006381333931")
    order = released(company, house, (lotted, 3))
    begin(worker, order, stage)
    url, stop = f"{FLOOR}/pick/{walk_of(order)}", stop_of(shelf)
    place = send(worker, f"{url}/scan", stop=stop, scan=other.barcode)
    assert said(place) == (409, "bad", "Location B08 is not right. Go to B07-14-3.")
    goods = send(worker, f"{url}/scan", stop=stop, located="1", scan=stranger.gtin)
    assert said(goods) == (409, "bad", "That is TEA. Take MILK.")
    lot = send(worker, f"{url}/scan", stop=stop, located="1", scan=f"]C101{GTIN:0>14}10OTHER")
    assert said(lot) == (409, "bad", "Lot OTHER is not right. Take lot 2610A.")
    nothing = send(worker, f"{url}/scan", stop=stop, located="1", scan="40063813339")
    assert nothing.status_code == 409
    theirs = make_sku(make_company(), code="XX", gtin="9780201379624")
    foreign = send(worker, f"{url}/scan", stop=stop, located="1", scan=theirs.gtin)
    assert "another owner" in foreign.json["say"]


def test_the_same_command_again_is_done_once(worker, company, house, shelf, stage, sku):
    make_stock(sku, shelf, 40)
    order = released(company, house, (sku, 12))
    begin(worker, order, stage)
    url, stop = f"{FLOOR}/pick/{walk_of(order)}/take", stop_of(shelf)
    told = {"stop": stop, "located": "1", "counted": "1", "quantity": "5"}
    told["at"] = clock.now().isoformat()
    one = send(worker, url, key="same-key-1", **told)
    two = send(worker, url, key="same-key-1", **told)
    assert one.json["say"] == two.json["say"]
    (there,) = balances(location_id=stage.id)
    assert there.on_hand == 5


def test_the_last_pick_is_taken_back(worker, company, house, shelf, stage, sku):
    make_stock(sku, shelf, 40)
    order = pick(worker, released(company, house, (sku, 12)), shelf, stage, 12)
    key = "last-pick-key"
    assert order.status == "picked"
    order = released(company, house, (sku, 3))
    begin(worker, order, stage)
    url = f"{FLOOR}/pick/{walk_of(order)}/take"
    told = {"stop": stop_of(shelf), "located": "1", "counted": "1", "quantity": "3"}
    send(worker, url, key=key, **told)
    back = send(worker, f"{FLOOR}/undo", of=key)
    assert said(back)[:2] == (200, "good")
    assert order_of(order.ref).status == "picking"


def test_a_short_pick_is_reported_with_what_became_of_it(worker, company, house, shelf, stage, sku):
    make_stock(sku, shelf, 12)
    order = released(company, house, (sku, 12), policy="partial")
    begin(worker, order, stage)
    url, stop = f"{FLOOR}/pick/{walk_of(order)}", stop_of(shelf)
    assert worker.get(f"{url}/short?stop={stop}&reason=damaged").status_code == 200
    assert worker.get(f"{url}/short?stop={stop}&reason=stolen").status_code == 404
    short = send(worker, f"{url}/short", stop=stop, quantity="2", reason="damaged", note="Torn")
    assert short.json["cue"] == "warn"
    assert "2 are not sent" in short.json["say"]
    (kept,) = rows(PickShort, order_id=order.id)
    assert (kept.quantity, kept.reason, kept.note) == (2, "damaged", "Torn")


def test_a_wave_is_picked_as_a_batch(worker, company, house, shelf, stage, sku):
    from portal.warehousing.outbound.service import waves  # noqa: PLC0415
    from portal.warehousing.outbound.service.waves import NewWave  # noqa: PLC0415

    make_stock(sku, shelf, 40)
    orders = [make_order(company, house, (sku, n)) for n in (2, 3)]
    new = NewWave(
        warehouse_id=house.id, orders=[(o.id, o.company_id) for o in orders], method="batch"
    )
    wave = write(lambda on: waves.make(new, by=None, on=on))
    write(lambda on: waves.release(wave.id, by=None, on=on))
    assert wave.ref in worker.get(f"{FLOOR}/pick").text
    assert worker.get(f"{FLOOR}/pick/begin?wave={wave.ref}").status_code == 200
    send(worker, f"{FLOOR}/pick/begin", order="", wave=wave.ref, scan=stage.barcode)
    walk = walk_of(orders[0])
    assert walk == walk_of(orders[1])
    url, stop = f"{FLOOR}/pick/{walk}", stop_of(shelf)
    assert orders[1].ref in worker.get(url).text
    send(worker, f"{url}/take", stop=stop, located="1", counted="1", quantity="5")
    assert {order_of(order.ref).status for order in orders} == {"picked"}


def test_goods_are_counted_at_the_check(worker, company, house, shelf, stage, sku):
    make_stock(sku, shelf, 40)
    order = pick(worker, released(company, house, (sku, 12)), shelf, stage, 12)
    assert order.ref in worker.get(f"{FLOOR}/check").text
    found = send(worker, f"{FLOOR}/check/find", scan=order.ref)
    assert found.json["next"] == f"{FLOOR}/check/{order.ref}"
    assert (
        send(worker, f"{FLOOR}/check/find", scan=stage.barcode).json["next"] == found.json["next"]
    )
    asked = send(worker, f"{FLOOR}/check/{order.ref}/scan", scan=GTIN)
    assert worker.get(asked.json["next"]).status_code == 200
    too_many = check(worker, order, sku, 13)
    assert said(too_many) == (409, "bad", "That is 1 more than was picked. Put it back.")
    line = f"{FLOOR}/check/{order.ref}"
    assert worker.get(line).status_code == 200
    done = check(worker, order, sku, 12)
    assert said(done)[:2] == (200, "good")
    assert order_of(order.ref).status == "checked"


def test_a_carton_is_proposed_filled_weighed_and_staged(
    worker, company, house, shelf, stage, sku, box
):
    make_stock(sku, shelf, 40)
    order = pick(worker, released(company, house, (sku, 2)), shelf, stage, 2)
    check(worker, order, sku, 2)
    url = f"{FLOOR}/pack/{order.ref}"
    assert order.ref in worker.get(f"{FLOOR}/pack").text
    assert worker.get(url).status_code == 200
    send(worker, f"{url}/begin", kind=str(box))
    (carton,) = rows(Carton, order_id=order.id)
    asked = send(worker, f"{url}/scan", carton=carton.id, scan=GTIN)
    assert worker.get(asked.json["next"]).status_code == 200
    put = send(worker, f"{url}/put", carton=carton.id, sku_id=sku.id, quantity="1")
    assert put.json["say"] == "1 × HD-LC45 are in."
    send(worker, f"{url}/scan", carton=carton.id, scan=GTIN)
    assert worker.get(url).status_code == 200
    off = send(worker, f"{url}/close", carton=carton.id, weight="1500")
    assert said(off)[:2] == (409, "bad")
    assert "heavier" in off.json["say"]
    assert send(worker, f"{url}/close", carton=carton.id, weight="x").status_code == 409
    assert send(worker, f"{url}/close", carton=carton.id, weight="1.08").status_code == 200
    assert rows(Carton, id=carton.id)[0].weight_g == 1080
    assert worker.get(url).status_code == 200
    staged = send(worker, f"{url}/stage", scan=stage.barcode)
    assert staged.status_code == 200
    assert order_of(order.ref).status == "staged"


def shipped(worker, company, house, shelf, stage, sku, box):
    make_stock(sku, shelf, 40)
    order = pick(worker, released(company, house, (sku, 2)), shelf, stage, 2)
    check(worker, order, sku, 2)
    carton = pack(worker, order, box, 1080)
    send(worker, f"{FLOOR}/pack/{order.ref}/stage", scan=stage.barcode)
    send(worker, f"{FLOOR}/ship/load", scan=f"00{carton.sscc}")
    send(worker, f"{FLOOR}/ship/leave")
    return order_of(order.ref), carton


def test_the_vehicle_leaves_with_what_is_complete(worker, company, house, shelf, stage, sku, box):
    make_stock(sku, shelf, 40)
    order = pick(worker, released(company, house, (sku, 2)), shelf, stage, 2)
    check(worker, order, sku, 2)
    carton = pack(worker, order, box, 1080)
    send(worker, f"{FLOOR}/pack/{order.ref}/stage", scan=stage.barcode)
    assert order.ref in worker.get(f"{FLOOR}/ship").text
    empty = send(worker, f"{FLOOR}/ship/leave")
    assert said(empty) == (409, "bad", "Nothing is on the vehicle yet. Scan the cartons.")
    unknown = send(worker, f"{FLOOR}/ship/load", scan="369012340000099998")
    assert unknown.status_code in (404, 409)
    on = send(worker, f"{FLOOR}/ship/load", scan=carton.sscc)
    assert said(on) == (200, "good", f"Order {order.ref} is complete on the vehicle.")
    assert send(worker, f"{FLOOR}/ship/load", scan=carton.sscc).status_code == 409
    assert send(worker, f"{FLOOR}/ship/unload", sscc=carton.sscc).status_code == 200
    send(worker, f"{FLOOR}/ship/load", scan=carton.sscc)
    assert worker.get(f"{FLOOR}/ship").status_code == 200
    left = send(worker, f"{FLOOR}/ship/leave")
    order = order_of(order.ref)
    assert order.status == "shipped"
    assert order.consignment_no in left.json["say"]


def test_the_owner_follows_his_order_from_its_page_to_the_signature(
    as_user, worker, company, house, shelf, stage, sku, box
):
    order, carton = shipped(worker, company, house, shelf, stage, sku, box)
    member = as_user(make_colleague(company, "owner"))
    page = member.get(f"/portal/outbound/{order.ref}")
    assert order.consignment_no in page.text
    assert f"/portal/consignments/{order.consignment_no}" in page.text
    there = member.get(f"/portal/consignments/{order.consignment_no}")
    assert order.ref in there.text
    assert carton.sscc[-9:-1] in there.text
    for code in ("hub_arrived", "hub_departed", "in_transit", "dest_city", "out_for_delivery"):
        push(order.consignment_no, code)
    assert following.follow() == 0
    push(order.consignment_no, "delivered")
    assert following.follow() == 1
    assert following.follow() == 0
    assert order_of(order.ref).status == "closed"
    assert member.get(f"/portal/outbound/{order.ref}/carriage").status_code == 200


def test_papers_are_for_the_centre_and_the_owner_alone(
    as_user, worker, company, house, shelf, stage, sku, box
):
    order, _ = shipped(worker, company, house, shelf, stage, sku, box)
    desk = f"/desk/warehouse/leaving/{order.ref}"
    for paper in ("cartons/1.pdf", "cartons.pdf", "packing-list.pdf", "release-note.pdf"):
        reply = worker.get(f"{desk}/{paper}")
        assert (reply.status_code, reply.mimetype) == (200, "application/pdf")
    assert worker.get(f"{desk}/cartons/9.pdf").status_code == 404
    own = as_user(make_colleague(company, "owner"))
    stranger = as_user(make_colleague(make_company(), "owner"))
    for paper in ("packing-list.pdf", "release-note.pdf", "carriage"):
        assert own.get(f"/portal/outbound/{order.ref}/{paper}").status_code == 200
        assert stranger.get(f"/portal/outbound/{order.ref}/{paper}").status_code == 404
    assert stranger.get(f"/portal/consignments/{order.consignment_no}").status_code == 404


def test_an_order_that_is_not_packed_has_no_papers_yet(worker, company, house, shelf, sku):
    make_stock(sku, shelf, 40)
    order = released(company, house, (sku, 2))
    assert worker.get(f"/desk/warehouse/leaving/{order.ref}/packing-list.pdf").status_code == 409


def test_what_was_picked_for_a_cancelled_order_is_put_back(
    worker, company, house, shelf, stage, sku
):
    make_stock(sku, shelf, 40)
    order = pick(worker, released(company, house, (sku, 2)), shelf, stage, 2)
    write(lambda on: changing.cancel(order, by=None, on=on))
    (task,) = rows(RestockTask, order_id=order.id)
    assert task.ref in worker.get(f"{FLOOR}/back").text
    url = f"{FLOOR}/back/{task.ref}"
    assert "T1" in worker.get(url).text
    wrong = send(worker, f"{url}/put", scan=stage.barcode)
    assert wrong.status_code == 409
    done = send(worker, f"{url}/put", scan=shelf.barcode)
    assert said(done) == (200, "good", "2 × HD-LC45 are back at B07-14-3.")
    assert worker.get(url).status_code == 200
    assert send(worker, f"{url}/put", scan=shelf.barcode).status_code == 409


def test_orders_of_another_warehouse_are_not_there(as_user, company, shelf, stage, sku, house):
    from portal.warehousing.sites.models import WarehouseWorker  # noqa: PLC0415

    make_stock(sku, shelf, 40)
    order = released(company, house, (sku, 2))
    other = make_warehouse()
    person = make_person(staff_role="warehouse")
    with transaction():
        row = {"person_id": person.id, "warehouse_id": other.id}
        db.session.execute(insert(WarehouseWorker.__table__).values(row))
    elsewhere = as_user(person)
    for screen in ("check", "pack"):
        assert elsewhere.get(f"{FLOOR}/{screen}/{order.ref}").status_code == 404
    assert elsewhere.get(f"{FLOOR}/pick/begin?order={order.ref}").status_code == 404
    assert elsewhere.get(f"{FLOOR}/pick/PKNOTTHERE").status_code == 404
    assert begin(elsewhere, order, stage).status_code == 404
    assert elsewhere.get(f"/desk/warehouse/leaving/{order.ref}/packing-list.pdf").status_code == 404


def test_the_screens_are_for_those_who_work_there(as_user, company):
    member = as_user(make_colleague(company, "owner"))
    dispatcher = as_user(make_dispatcher())
    for screen in ("pick", "check", "pack", "ship", "back"):
        assert member.get(f"{FLOOR}/{screen}").status_code == 403
        assert dispatcher.get(f"{FLOOR}/{screen}").status_code == 403


def test_what_waits_is_on_the_floors_home(worker, company, house, shelf, stage, sku):
    make_stock(sku, shelf, 40)
    order = released(company, house, (sku, 2))
    assert order.ref in worker.get(f"{FLOOR}/tasks/pick").text
    order = pick(worker, order, shelf, stage, 2)
    assert order.ref in worker.get(f"{FLOOR}/tasks/check").text
    assert worker.get(FLOOR).status_code == 200
