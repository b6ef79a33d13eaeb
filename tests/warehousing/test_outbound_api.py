"""Orders from stock by program, in the shapes of the public interface."""

import pytest

from portal.warehousing.outbound.models import OutboundOrder
from tests.factories import make_colleague, make_company, make_key
from tests.warehousing.making import make_location, make_sku, make_stock, make_warehouse
from tests.warehousing.outbound_making import make_order, order_of, rows

PARTY = {
    "name": "王芳",
    "phone": "+8613800138000",
    "address": "文三路 90 号",
    "city": "杭州",
    "country": "CN",
}


@pytest.fixture
def place(app, db):
    """Return a company, a warehouse and ten pieces of goods in it."""
    company, warehouse = make_company(), make_warehouse()
    sku = make_sku(company, code="TEA-1")
    make_stock(sku, make_location(warehouse), 10)
    return company, warehouse, sku


@pytest.fixture
def program(place, with_key):
    """Return a program of the company's owner."""
    return with_key(make_key(make_colleague(place[0]), place[0]))


def body(*lines, **changes):
    """Return what a program sends."""
    sent = {
        "order_ref": "SO-1",
        "lines": [{"sku": sku, "quantity": quantity} for sku, quantity in lines],
        "policy": "all_or_nothing",
        "consignee": PARTY,
        "submit": True,
    }
    return sent | changes


def test_an_order_is_placed_and_promised(program):
    answer = program.post("/api/v1/outbound", json=body(("TEA-1", "4")))

    assert answer.status_code == 201
    assert answer.json["status"] == "allocated"
    assert answer.json["lines"][0]["allocated"] == "4"
    assert answer.headers["Location"] == f"/api/v1/outbound/{answer.json['ref']}"


def test_the_same_reference_again_is_the_same_order(program):
    first = program.post("/api/v1/outbound", json=body(("TEA-1", "4")))
    again = program.post("/api/v1/outbound", json=body(("TEA-1", "9")))

    assert again.status_code == 200
    assert again.json == first.json


def test_too_little_is_a_conflict_that_names_the_line(program):
    answer = program.post("/api/v1/outbound", json=body(("TEA-1", "11")))

    assert answer.status_code == 409
    assert answer.mimetype == "application/problem+json"
    assert answer.json["errors"][0]["field"] == "lines.0.quantity"
    assert rows(OutboundOrder) == []


def test_a_back_order_says_what_waits(program):
    answer = program.post("/api/v1/outbound", json=body(("TEA-1", "11"), policy="backorder"))

    assert answer.status_code == 201
    line = answer.json["lines"][0]
    assert (answer.json["status"], line["allocated"], line["backordered"]) == (
        "backordered",
        "10",
        "1",
    )


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"lines": [{"sku": "NOPE", "quantity": "1"}]}, "lines.0.sku"),
        ({"lines": [{"sku": "TEA-1", "quantity": "-1"}]}, "lines.0.quantity"),
        ({"lines": [{"sku": "TEA-1", "quantity": 1e400}]}, None),
        ({"lines": [{"sku": "TEA-1", "quantity": "1", "lot": "L"}]}, "lines.0.lot"),
        ({"lines": [{"sku": "TEA-1", "quantity": "1", "level": "case"}]}, "lines.0.level"),
        ({"lines": []}, "lines"),
        ({"policy": "whatever"}, "policy"),
        ({"consignee": PARTY | {"phone": "12"}}, "consignee.phone"),
        ({"consignee": PARTY | {"country": "XX"}}, "consignee.country"),
        ({"warehouse": "NOWHERE"}, "warehouse"),
        ({"wished_on": "2020-01-01"}, "wished_on"),
        ({"more": 1}, "more"),
    ],
)
def test_wrong_fields_are_named(program, changes, field):
    answer = program.post("/api/v1/outbound", json=body(("TEA-1", "1")) | changes)

    assert answer.status_code == 422
    assert field is None or field in [error["field"] for error in answer.json["errors"]]
    assert rows(OutboundOrder) == []


def test_an_order_without_a_consignee_is_fetched_at_the_warehouse(program, place):
    sent = body(("TEA-1", "1"))
    del sent["consignee"]

    answer = program.post("/api/v1/outbound", json=sent)

    assert answer.status_code == 201
    assert answer.json["consignee"]["city"] == place[1].party["city"]


def test_the_warehouse_that_has_the_goods_is_taken(program, place):
    company, _, _ = place
    other = make_warehouse()
    make_stock(make_sku(company, code="CUP"), make_location(other), 3)

    answer = program.post("/api/v1/outbound", json=body(("CUP", "2")))

    assert answer.json["warehouse"] == other.code


def test_orders_are_listed_page_by_page(program, place):
    company, warehouse, sku = place
    refs = [make_order(company, warehouse, (sku, 1)).ref for _ in range(3)]

    first = program.get("/api/v1/outbound?limit=2").json
    second = program.get(f"/api/v1/outbound?limit=2&after={first['next']}").json

    assert [each["ref"] for each in first["items"] + second["items"]] == refs[::-1]
    assert program.get("/api/v1/outbound?status=shipped").json["items"] == []
    assert program.get("/api/v1/outbound?after=junk").status_code == 422


def test_an_order_is_read_changed_and_cancelled(program, place):
    company, warehouse, sku = place
    ref = make_order(company, warehouse, (sku, 1)).ref
    path = f"/api/v1/outbound/{ref}"

    changed = program.patch(path, json={"lines": [{"sku": "TEA-1", "quantity": 5}], "note": "A"})
    assert changed.json["lines"][0]["allocated"] == "5"
    assert changed.json["note"] == "A"
    assert program.patch(path, json={"version": 1, "note": "B"}).status_code == 409

    for _ in range(2):
        assert program.post(f"{path}/cancel", json={"note": "No"}).json["status"] == "cancelled"
    for change in ({"lines": [{"sku": "TEA-1", "quantity": 5}]}, {"note": "C"}):
        refused = program.patch(path, json=change)
        assert (refused.status_code, refused.json["detail"]) == (
            409,
            "This order cannot be changed any more.",
        )


def test_a_draft_is_submitted_held_and_let_go(program):
    draft = program.post("/api/v1/outbound", json=body(("TEA-1", "1"), submit=False)).json
    path = f"/api/v1/outbound/{draft['ref']}"
    assert draft["status"] == "draft"

    assert program.post(f"{path}/submit").json["status"] == "allocated"
    assert program.post(f"{path}/hold", json={}).json["hold"]["reason"] == "owner"
    assert program.post(f"{path}/resume").json["status"] == "allocated"


def test_one_key_is_one_order(program):
    sent = body(("TEA-1", "1"))
    del sent["order_ref"]
    headers = {"Idempotency-Key": "k-1"}

    first = program.post("/api/v1/outbound", json=sent, headers=headers)
    again = program.post("/api/v1/outbound", json=sent, headers=headers)

    assert first.json == again.json
    assert len(rows(OutboundOrder)) == 1


def test_a_stranger_finds_nothing(place, with_key):
    company, warehouse, sku = place
    ref = make_order(company, warehouse, (sku, 1)).ref
    other = make_company()
    stranger = with_key(make_key(make_colleague(other), other))

    assert stranger.get(f"/api/v1/outbound/{ref}").status_code == 404
    assert stranger.post(f"/api/v1/outbound/{ref}/cancel").status_code == 404
    assert stranger.patch(f"/api/v1/outbound/{ref}", json={"note": "x"}).status_code == 404
    assert stranger.get("/api/v1/outbound").json["items"] == []
    assert order_of(ref).status == "allocated"


def test_who_may_only_look_does_not_order(place, with_key):
    viewer = with_key(make_key(make_colleague(place[0], "viewer"), place[0]))

    assert viewer.post("/api/v1/outbound", json=body(("TEA-1", "1"))).status_code == 403
    assert viewer.get("/api/v1/outbound").status_code == 200


def test_the_api_describes_its_orders(browser):
    paths = browser.get("/api/v1/openapi.json").json["paths"]

    assert {"get", "post"} <= set(paths["/outbound"])
    assert {"get", "patch"} <= set(paths["/outbound/{ref}"])
    assert "/outbound/{ref}/cancel" in paths
