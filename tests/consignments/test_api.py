"""Consignments by program: order, read, list, amend, cancel."""


import pytest

from tests.factories import make_colleague, make_company, make_dispatcher, make_key

pytestmark = pytest.mark.both_databases
PARTY = {
    "name": "周敏",
    "phone": "+8613800006021",
    "address": "文一西路 998 号",
    "city": "杭州",
    "country": "CN",
    "postcode": "311121",
}
PIECE = {
    "goods": "洗衣液",
    "quantity": "24",
    "unit": "C62",
    "weight_g": 12500,
    "length_mm": 400,
    "width_mm": 300,
    "height_mm": 300,
}
URL = "/api/v1/consignments"


def order(**values):
    """Return the body of an order that is in order."""
    usual = {
        "order_ref": "SO-1",
        "service": "standard",
        "consignor": PARTY,
        "consignee": PARTY,
        "pieces": [PIECE],
    }
    return {**usual, **values}


@pytest.fixture
def company(app):
    return make_company(name="华东家居")


@pytest.fixture
def shipper(company, with_key):
    return with_key(make_key(make_colleague(company, "operations"), company))


@pytest.fixture
def dispatcher(app, with_key):
    return with_key(make_key(make_dispatcher()))


def test_an_order_becomes_a_consignment(shipper, company):
    reply = shipper.post(URL, order(declared_value={"minor": 120000, "currency": "CNY"}))
    assert reply.status_code == 201, reply.text
    made = reply.json
    assert made["no"].startswith("QS")
    assert (made["status"], made["status_seq"], made["order_ref"]) == ("ordered", 1, "SO-1")
    assert made["company"] == company.ref
    assert made["pieces"][0] == {**PIECE, "sscc": made["pieces"][0]["sscc"], "status": None}
    assert made["declared_value"] == {"minor": 120000, "currency": "CNY"}
    assert made["promise"]["delivery"]["planned"]
    assert made["incidents"] == []
    assert reply.headers["Location"] == made["links"]["self"]


def test_the_same_order_reference_is_the_same_consignment(shipper):
    first = shipper.post(URL, order())
    again = shipper.post(URL, order(service="express"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json


def test_a_consignment_is_read_back_as_it_was_made(shipper):
    made = shipper.post(URL, order()).json
    assert shipper.get(f"{URL}/{made['no']}").json == made


def test_a_dispatcher_pushes_and_the_shipper_sees_it(shipper, dispatcher):
    no = shipper.post(URL, order()).json["no"]
    reply = dispatcher.post(
        f"{URL}/{no}/events", {"code": "picked_up", "place": {"text": "杭州 三仓"}}
    )
    assert reply.status_code == 201, reply.text
    assert reply.json == {
        "id": reply.json["id"],
        "seq": 2,
        "status": "picked_up",
        "duplicate": False,
    }
    events = shipper.get(f"{URL}/{no}/events").json
    assert [e["code"] for e in events["items"]] == ["ordered", "picked_up"]
    assert events["items"][1]["place"]["text"] == "杭州 三仓"
    assert events["next"] is None
    assert shipper.get(f"{URL}/{no}").json["status"] == "picked_up"


def test_the_same_source_event_is_answered_as_the_first_time(shipper, dispatcher):
    no = shipper.post(URL, order()).json["no"]
    event = {"code": "picked_up", "source_event_id": "S-1"}
    first, again = (dispatcher.post(f"{URL}/{no}/events", event) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == {**first.json, "duplicate": True}
