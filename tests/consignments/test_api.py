"""Consignments by program: order, read, list, amend, cancel; in company scope."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import transaction
from tests.api.bodies import PARTY, PIECE, URL, fields_of, order
from tests.api.conftest import company, dispatcher, shipper, stranger, viewer
from tests.factories import make_colleague, make_key

pytestmark = pytest.mark.both_databases
__all__ = ["company", "dispatcher", "shipper", "stranger", "viewer"]
MISSING = "QS00000000000A"


def test_an_order_becomes_a_consignment(shipper, company):
    reply = shipper.post(URL, order(declared_value={"minor": 120000, "currency": "CNY"}))
    assert reply.status_code == 201, reply.text
    made = reply.json
    assert made["no"].startswith("QS")
    assert (made["status"], made["status_seq"], made["order_ref"]) == ("ordered", 1, "SO-1")
    assert made["company"] == company.ref
    assert made["pieces"] == [{**PIECE, "sscc": made["pieces"][0]["sscc"], "status": None}]
    assert made["declared_value"] == {"minor": 120000, "currency": "CNY"}
    assert made["promise"]["delivery"]["planned"]
    assert made["incidents"] == []
    assert reply.headers["Location"] == made["links"]["self"]


def test_the_same_order_reference_is_the_same_consignment(shipper):
    first = shipper.post(URL, order())
    again = shipper.post(URL, order(service="express"))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == first.json


def test_two_companies_may_use_the_same_order_reference(shipper, stranger):
    first, second = shipper.post(URL, order()), stranger.post(URL, order())
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json["no"] != second.json["no"]


def test_the_same_idempotency_key_is_answered_once(shipper):
    body = order(order_ref=None)
    first, again = (shipper.post(URL, body, headers={"Idempotency-Key": "K1"}) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert again.json == first.json
    assert len(shipper.get(URL).json["items"]) == 1


def test_an_idempotency_key_is_not_for_another_request(shipper):
    shipper.post(URL, order(), headers={"Idempotency-Key": "K1"})
    reply = shipper.post(URL, order(order_ref="SO-2"), headers={"Idempotency-Key": "K1"})
    assert reply.status_code == 422


def test_the_usual_consignor_need_not_be_said(shipper, company, db):
    with transaction():
        db.session.merge(company).consignor = {
            **PARTY,
            "name": "华东家居 三仓",
            "division_code": "330110",
        }
    body = order()
    del body["consignor"]
    made = shipper.post(URL, body).json
    assert made["consignor"]["name"] == "华东家居 三仓"
    assert made["consignor"]["division_code"] == "330110"


def test_without_a_usual_consignor_it_must_be_said(shipper):
    body = order()
    del body["consignor"]
    reply = shipper.post(URL, body)
    assert (reply.status_code, fields_of(reply)) == (422, {"consignor"})


def test_the_window_is_the_promise(shipper):
    until = clock.now().replace(microsecond=0) + timedelta(days=2)
    window = {"from": (until - timedelta(hours=2)).isoformat(), "to": until.isoformat()}
    made = shipper.post(URL, order(window=window)).json
    assert made["promise"]["delivery"]["planned"] == until.isoformat()
    assert made["window"] == window


def test_a_consignment_is_read_back_as_it_was_made(shipper):
    made = shipper.post(URL, order(note="易碎\n轻放", cod={"minor": 500, "currency": "CNY"})).json
    assert shipper.get(f"{URL}/{made['no']}").json == made
    assert made["note"] == "易碎\n轻放"


def test_a_number_may_be_written_as_people_write_it(shipper):
    no = shipper.post(URL, order()).json["no"]
    assert shipper.get(f"{URL}/{no.lower()}").json["no"] == no


@pytest.mark.parametrize("path", ["", "/events", "/attachments/x"])
def test_another_companys_consignment_looks_missing(shipper, stranger, path):
    no = shipper.post(URL, order()).json["no"]
    foreign, missing = stranger.get(f"{URL}/{no}{path}"), stranger.get(f"{URL}/{MISSING}{path}")
    assert foreign.status_code == missing.status_code == 404
    assert foreign.data == missing.data


@pytest.mark.parametrize("method", ["patch", "post"])
def test_another_companys_consignment_cannot_be_changed(shipper, stranger, method):
    no = shipper.post(URL, order()).json["no"]
    action = "" if method == "patch" else "/cancel"
    foreign = getattr(stranger, method)(f"{URL}/{no}{action}", {"note": "x"})
    missing = getattr(stranger, method)(f"{URL}/{MISSING}{action}", {"note": "x"})
    assert foreign.status_code == missing.status_code == 404
    assert foreign.data == missing.data
    assert shipper.get(f"{URL}/{no}").json["status"] == "ordered"


def test_nobody_enters_without_a_key(browser):
    for path in ("", f"/{MISSING}", f"/{MISSING}/events"):
        reply = browser.get(URL + path)
        assert (reply.status_code, reply.mimetype) == (401, "application/problem+json")


def test_a_viewer_reads_and_changes_nothing(shipper, viewer):
    no = shipper.post(URL, order()).json["no"]
    assert viewer.get(f"{URL}/{no}").status_code == 200
    refused = (
        viewer.post(URL, order(order_ref="SO-2")),
        viewer.patch(f"{URL}/{no}", {"note": "x"}),
        viewer.post(f"{URL}/{no}/cancel", {}),
        viewer.post(f"{URL}/{no}/events", {"code": "picked_up"}),
        viewer.post("/api/v1/events", {"events": [{"no": no, "code": "picked_up"}]}),
    )
    assert [reply.status_code for reply in refused] == [403] * 5


def test_a_key_has_no_more_rights_than_its_scopes(company, with_key):
    owner = make_colleague(company, "owner")
    reader = with_key(make_key(owner, company, ("consignments.see",)))
    assert reader.get(URL).status_code == 200
    assert reader.post(URL, order()).status_code == 403


def test_staff_see_whose_it_is_but_order_nothing(shipper, dispatcher, company):
    no = shipper.post(URL, order()).json["no"]
    assert dispatcher.get(f"{URL}/{no}").json["company"] == company.ref
    assert dispatcher.get(URL).json["items"][0]["company"] == company.ref
    assert dispatcher.post(URL, order()).status_code == 403


def test_what_may_still_change_is_amended(shipper):
    no = shipper.post(URL, order()).json["no"]
    until = clock.now().replace(microsecond=0) + timedelta(days=5)
    window = {"from": (until - timedelta(hours=3)).isoformat(), "to": until.isoformat()}
    change = {
        "consignee": {"name": "李雷", "division_code": "330106"},
        "window": window,
        "note": "改",
    }
    changed = shipper.patch(f"{URL}/{no}", change)
    assert changed.status_code == 200, changed.text
    assert changed.json["consignee"] == {**changed.json["consignee"], **change["consignee"]}
    assert changed.json["consignee"]["city"] == "杭州"
    assert (changed.json["note"], changed.json["window"]) == ("改", window)
    assert changed.json["promise"]["delivery"]["planned"] == until.isoformat()
    assert [i["no"] for i in shipper.get(f"{URL}?q=李雷").json["items"]] == [no]


def test_nothing_is_amended_once_the_goods_were_picked_up(shipper, dispatcher):
    no = shipper.post(URL, order()).json["no"]
    dispatcher.post(f"{URL}/{no}/events", {"code": "picked_up"})
    assert shipper.patch(f"{URL}/{no}", {"note": "x"}).status_code == 409


def test_a_consignment_is_cancelled_once(shipper):
    no = shipper.post(URL, order()).json["no"]
    first = shipper.post(f"{URL}/{no}/cancel", {"reason": "shipper_asked", "note": "缺货"})
    again = shipper.post(f"{URL}/{no}/cancel", {})
    assert (first.status_code, first.json["status"]) == (200, "cancelled")
    assert again.json == first.json
    events = shipper.get(f"{URL}/{no}/events").json["items"]
    assert [(e["code"], e["reason"]) for e in events] == [
        ("ordered", None),
        ("cancelled", "shipper_asked"),
    ]


def test_what_is_under_way_cannot_be_cancelled(shipper, dispatcher):
    no = shipper.post(URL, order()).json["no"]
    dispatcher.post(f"{URL}/{no}/events", {"code": "picked_up"})
    assert shipper.post(f"{URL}/{no}/cancel", {}).status_code == 409


def test_the_list_is_filtered_and_paged(shipper, dispatcher):
    numbers = [shipper.post(URL, order(order_ref=f"SO-{i}")).json["no"] for i in range(5)]
    dispatcher.post(f"{URL}/{numbers[0]}/events", {"code": "picked_up"})
    page = shipper.get(f"{URL}?status=ordered&limit=3").json
    rest = shipper.get(f"{URL}?status=ordered&limit=3&after={page['next']}").json
    assert [i["no"] for i in page["items"] + rest["items"]] == numbers[:0:-1]
    assert rest["next"] is None
    assert [i["no"] for i in shipper.get(f"{URL}?q=SO-3").json["items"]] == [numbers[3]]


def test_the_list_knows_days_and_instants(shipper):
    shipper.post(URL, order(ordered_at="2026-03-05T23:30:00+08:00"))
    found = {
        query: len(shipper.get(f"{URL}?{query}").json["items"])
        for query in (
            "from=2026-03-05&to=2026-03-06",
            "from=2026-03-06",
            "from=2026-03-05T15:29:00Z&to=2026-03-05T15:31:00Z",
            "to=2026-03-05T23:30:00%2B08:00",
        )
    }
    assert list(found.values()) == [1, 0, 1, 0]
