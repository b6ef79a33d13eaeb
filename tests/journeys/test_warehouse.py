"""Goods as a story: announced, received short, put away, ordered, picked, packed, shipped, signed.

Nobody takes a shortcut: the member's program announces and orders, the floor scans, the
supervisor releases, the desk and the driver move the consignment; then the ledger is proved.
"""

import re

import pytest
from sqlalchemy import insert, select

from portal.core import scope
from portal.core.db import db, transaction, write
from portal.fulfilment import following
from portal.warehousing.inbound.models import PutAwayTask
from portal.warehousing.ledger.models import Movement
from portal.warehousing.ledger.queries import verifying
from portal.warehousing.outbound.models import Carton, CartonType, OutboundOrder, PickTask
from tests.api.bodies import PARTY
from tests.factories import (
    make_colleague,
    make_company,
    make_dispatcher,
    make_key,
    make_person,
    push,
)
from tests.warehousing.handheld import send
from tests.warehousing.making import balances, make_location, make_sku, make_warehouse
from tests.warehousing.outbound_making import rows

pytestmark = pytest.mark.both_databases
FLOOR = "/desk/warehouse/floor"
GTIN = "6901234567892"
WAY = ("hub_arrived", "hub_departed", "in_transit", "dest_city", "out_for_delivery", "delivered")


@pytest.fixture
def company(app):
    return make_company(name="华东家居")


@pytest.fixture
def owner(company):
    return make_colleague(company, "owner")


@pytest.fixture
def program(company, owner, with_key):
    return with_key(make_key(owner, company))


@pytest.fixture
def member(as_user, owner):
    return as_user(owner)


@pytest.fixture
def worker(as_user):
    return as_user(make_person(staff_role="warehouse"))


@pytest.fixture
def supervisor(as_user):
    return as_user(make_person(staff_role="manager"))


@pytest.fixture
def house(app):
    made = make_warehouse(code="HZ1")
    make_location(made, "receive", code="IN", barcode="L-HZ1-IN")
    make_location(made, "pick", code="B07-14-3", barcode="L-HZ1-B07-14-3")
    make_location(made, "stage", code="T1", barcode="L-HZ1-T1")
    make_location(made, "stage", code="OUT-1", barcode="L-HZ1-OUT-1")
    return made


@pytest.fixture
def cushion(company):
    return make_sku(company, code="HD-LC45", gtin=GTIN, names={"zh-Hans": "靠垫", "en": "Cushion"})


@pytest.fixture
def box(app):
    sides = {"length_mm": 420, "width_mm": 210, "height_mm": 240, "wall_mm": 4}
    values = {"code": "T4", "names": {"en": "Carton"}, "tare_g": 260, "most_weight_g": 15000}
    made = insert(CartonType.__table__).values(active=True, **values, **sides)
    with transaction():
        return db.session.scalar(made.returning(CartonType.id))


def good(reply):
    """Return the answer of a command that was carried out."""
    assert reply.status_code == 200, reply.json
    return reply.json


def come(program, member, worker, house, cushion) -> str:
    """Announce 24, receive 22, let the owner accept, put away; return the notice."""
    line = {"sku": cushion.code, "quantity": "24"}
    told = program.post("/api/v1/inbound", {"warehouse": "HZ1", "lines": [line]})
    assert told.status_code == 201, told.json
    ref = told.json["ref"]
    url = f"{FLOOR}/receive/{ref}"
    good(send(worker, f"{url}/arrive"))
    good(send(worker, f"{url}/scan", scan=GTIN))
    good(send(worker, f"{url}/receive", sku_id=cushion.id, quantity="22"))
    good(send(worker, f"{url}/end"))
    found = program.get(f"/api/v1/inbound/{ref}").json["differences"]
    assert [(each["kind"], each["quantity"], each["status"]) for each in found] == [
        ("short", "2", "open")
    ]
    number = found[0]["id"]
    assert "2" in member.get(f"/portal/inbound/{ref}").text
    accepted = member.post(f"/portal/inbound/{ref}/differences/{number}", {"do": "accept"})
    assert accepted.status_code in (302, 303)
    (task,) = rows(PutAwayTask)
    good(send(worker, f"{FLOOR}/put-away/{task.id}/put", scan="L-HZ1-B07-14-3", quantity="22"))
    assert program.get(f"/api/v1/inbound/{ref}").json["status"] == "completed"
    return ref


def ordered(program, quantity="12") -> str:
    body = {
        "order_ref": "SO-118816",
        "lines": [{"sku": "HD-LC45", "quantity": quantity}],
        "policy": "all_or_nothing",
        "consignee": PARTY,
    }
    placed = program.post("/api/v1/outbound", body)
    assert placed.status_code == 201, placed.json
    assert placed.json["status"] == "allocated"
    return str(placed.json["ref"])


def release(supervisor, ref: str) -> None:
    form = {"warehouse": "HZ1", "order": ref, "method": "order", "do": "release"}
    assert supervisor.post("/desk/warehouse/waves/make", form).status_code in (302, 303)
    assert rows(OutboundOrder, ref=ref)[0].status == "released"


def pick(worker, ref: str, quantity: str) -> None:
    good(send(worker, f"{FLOOR}/pick/begin", order=ref, wave="", scan="L-HZ1-T1"))
    (task,) = rows(PickTask, order_id=rows(OutboundOrder, ref=ref)[0].id)
    url = f"{FLOOR}/pick/{task.walk}"
    stop = next(each.id for each in balances() if each.allocated)
    good(send(worker, f"{url}/scan", stop=stop, scan="L-HZ1-B07-14-3"))
    good(send(worker, f"{url}/scan", stop=stop, located="1", scan=GTIN))
    done = send(worker, f"{url}/take", stop=stop, located="1", counted="1", quantity=quantity)
    good(done)


def pack(worker, ref: str, box: int, quantity: int) -> Carton:
    sku = next(each.sku_id for each in balances() if each.on_hand)
    good(send(worker, f"{FLOOR}/check/{ref}/count", sku_id=sku, quantity=str(quantity)))
    url = f"{FLOOR}/pack/{ref}"
    good(send(worker, f"{url}/begin", kind=str(box)))
    carton = rows(Carton, order_id=rows(OutboundOrder, ref=ref)[0].id)[0]
    good(send(worker, f"{url}/fill", carton=carton.id))
    good(send(worker, f"{url}/close", carton=carton.id, weight=str(260 + 500 * quantity)))
    good(send(worker, f"{url}/stage", scan="L-HZ1-OUT-1"))
    return carton


def proved() -> list[str]:
    """Return what the ledger's proof finds."""
    return write(lambda on: list(verifying.differences(on)))


def test_goods_come_and_go_and_the_owner_follows_them_from_shelf_to_signature(
    program, member, worker, supervisor, house, cushion, box
):
    notice = come(program, member, worker, house, cushion)
    ref = ordered(program)
    release(supervisor, ref)
    pick(worker, ref, "12")
    carton = pack(worker, ref, box, 12)
    good(send(worker, f"{FLOOR}/ship/load", scan=f"00{carton.sscc}"))
    good(send(worker, f"{FLOOR}/ship/leave"))
    no = program.get(f"/api/v1/outbound/{ref}").json["consignment"]
    shown = member.get(f"/portal/outbound/{ref}")
    assert no in shown.text
    assert program.get(f"/api/v1/consignments/{no}").json["pieces"][0]["sscc"] == carton.sscc
    for code in WAY:
        push(no, code)
    following.follow()
    assert program.get(f"/api/v1/outbound/{ref}").json["status"] == "closed"
    assert ref in member.get(f"/portal/consignments/{no}").text
    (item,) = program.get("/api/v1/stock").json["items"]
    assert (item["on_hand"], item["allocated"], item["free"]) == ("10", "0", "10")
    kinds = db.session.scalars(
        select(Movement.kind).order_by(Movement.id).execution_options(**scope.CENTRE)
    )
    assert list(kinds) == ["receive", "put_away", "pick", "pack", "move", "issue"]
    assert notice.startswith("IN")
    assert proved() == []


def test_a_cancelled_order_goes_back_to_the_shelf(
    program, member, worker, supervisor, house, cushion, box
):
    come(program, member, worker, house, cushion)
    ref = ordered(program)
    release(supervisor, ref)
    pick(worker, ref, "12")
    cancelled = program.post(f"/api/v1/outbound/{ref}/cancel", {})
    assert cancelled.status_code == 200, cancelled.json
    back = re.findall(r"/floor/back/(RS\w+)", worker.get(f"{FLOOR}/back").text)
    good(send(worker, f"{FLOOR}/back/{back[0]}/put", scan="L-HZ1-B07-14-3"))
    (item,) = program.get("/api/v1/stock").json["items"]
    assert (item["on_hand"], item["free"]) == ("22", "22")
    assert proved() == []


def test_a_stranger_sees_nothing_of_it_on_the_whole_way(
    as_user, program, member, worker, supervisor, house, cushion, box
):
    stranger = as_user(make_colleague(make_company(), "owner"))
    notice = come(program, member, worker, house, cushion)
    ref = ordered(program)
    release(supervisor, ref)
    pick(worker, ref, "12")
    carton = pack(worker, ref, box, 12)
    good(send(worker, f"{FLOOR}/ship/load", scan=carton.sscc))
    good(send(worker, f"{FLOOR}/ship/leave"))
    no = rows(OutboundOrder, ref=ref)[0].consignment_no
    for path in (
        f"/portal/inbound/{notice}",
        f"/portal/outbound/{ref}",
        f"/portal/outbound/{ref}/carriage",
        f"/portal/outbound/{ref}/release-note.pdf",
        f"/portal/consignments/{no}",
        f"/api/v1/outbound/{ref}",
    ):
        assert stranger.get(path).status_code == 404, path
    assert as_user(make_dispatcher()).get(f"/desk/consignments/{no}").status_code == 200
