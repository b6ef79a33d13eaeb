"""Events by program: one, many, withdrawn, with photos."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from portal.core import clock
from tests.api.bodies import PIECE, URL, fields_of, order

pytestmark = pytest.mark.both_databases
MISSING = "QS00000000000A"


@pytest.fixture
def no(shipper):
    return shipper.post(URL, order(ordered_at=ago(hours=9))).json["no"]


def ago(**values):
    return (clock.now() - timedelta(**values)).isoformat()


def codes(program, no):
    return [e["code"] for e in program.get(f"{URL}/{no}/events").json["items"]]


def photo(colour="red", kind="JPEG"):
    data = io.BytesIO()
    Image.new("RGB", (40, 30), colour).save(data, kind)
    return data.getvalue()


def test_a_dispatcher_pushes_and_the_shipper_sees_it(shipper, dispatcher, no):
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


def test_the_same_source_event_is_answered_as_the_first_time(dispatcher, no):
    event = {"code": "picked_up", "source_event_id": "S-1"}
    first, again = (dispatcher.post(f"{URL}/{no}/events", event) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert again.json == {**first.json, "duplicate": True}


def test_an_event_keeps_the_offset_of_its_clock(dispatcher, no):
    given = (clock.now() - timedelta(hours=1)).replace(microsecond=0)
    sent = given.astimezone(clock.zone()).isoformat()
    assert sent.endswith("+08:00")
    dispatcher.post(f"{URL}/{no}/events", {"code": "picked_up", "occurred_at": sent})
    assert dispatcher.get(f"{URL}/{no}/events").json["items"][1]["occurred_at"] == sent


def test_an_illegal_move_is_refused_in_words(dispatcher, no):
    reply = dispatcher.post(f"{URL}/{no}/events", {"code": "delivered"})
    assert (reply.status_code, reply.mimetype) == (409, "application/problem+json")
    assert "cannot become" in reply.json["detail"]


def test_a_claim_about_the_past_cannot_skip_steps(dispatcher, no):
    reply = dispatcher.post(
        f"{URL}/{no}/events", {"code": "delivered", "occurred_at": ago(hours=10)}
    )
    assert reply.status_code == 409
    assert dispatcher.get(f"{URL}/{no}").json["status"] == "ordered"


def test_a_late_event_completes_the_history_of_what_is_delivered(dispatcher, no):
    for hours, code in (
        (8, "picked_up"),
        (6, "dest_city"),
        (4, "out_for_delivery"),
        (2, "delivered"),
    ):
        dispatcher.post(f"{URL}/{no}/events", {"code": code, "occurred_at": ago(hours=hours)})
    late = dispatcher.post(
        f"{URL}/{no}/events", {"code": "hub_arrived", "occurred_at": ago(hours=1)}
    )
    assert late.status_code == 409
    late = dispatcher.post(
        f"{URL}/{no}/events", {"code": "hub_arrived", "occurred_at": ago(hours=7)}
    )
    assert (late.status_code, late.json["status"], late.json["seq"]) == (201, "delivered", 6)


def test_estimates_move_the_promise_and_not_the_state(dispatcher, no):
    at = (clock.now() + timedelta(days=1)).replace(microsecond=0).isoformat()
    event = {"code": "delivered", "classifier": "estimated", "occurred_at": at}
    assert dispatcher.post(f"{URL}/{no}/events", event).json["status"] == "ordered"
    assert dispatcher.get(f"{URL}/{no}").json["promise"]["delivery"]["estimated"] == at


def test_an_estimate_is_withdrawn(dispatcher, no):
    ids = []
    for days in (1, 2):
        at = (clock.now() + timedelta(days=days)).replace(microsecond=0).isoformat()
        event = {"code": "delivered", "classifier": "estimated", "occurred_at": at}
        ids.append((dispatcher.post(f"{URL}/{no}/events", event).json["id"], at))
    estimated = []
    for event_id, _ in reversed(ids):
        dispatcher.post(f"{URL}/{no}/events/{event_id}/retract", {})
        estimated.append(dispatcher.get(f"{URL}/{no}").json["promise"]["delivery"]["estimated"])
    ours = dispatcher.get(f"{URL}/{no}").json["promise"]["delivery"]
    assert estimated == [ids[0][1], ours["estimated"]]
    assert ours["basis"]["kind"] == "distance"


def test_what_is_internal_stays_inside(shipper, dispatcher, no):
    dispatcher.post(f"{URL}/{no}/events", {"code": "note", "note": "客户难缠", "published": False})
    assert codes(dispatcher, no) == ["ordered", "note"]
    assert codes(shipper, no) == ["ordered"]
    assert "published" not in shipper.get(f"{URL}/{no}/events").json["items"][0]


def test_an_incident_is_open_until_it_is_resolved(shipper, dispatcher, no):
    dispatcher.post(f"{URL}/{no}/events", {"code": "incident", "reason": "damaged"})
    assert [(i["kind"], i["state"]) for i in shipper.get(f"{URL}/{no}").json["incidents"]] == [
        ("damage", "open")
    ]
    dispatcher.post(f"{URL}/{no}/events", {"code": "incident_resolved"})
    assert shipper.get(f"{URL}/{no}").json["incidents"][0]["state"] == "resolved"


def test_an_internal_incident_is_not_shown_to_the_shipper(shipper, dispatcher, no):
    dispatcher.post(
        f"{URL}/{no}/events", {"code": "incident", "reason": "damaged", "published": False}
    )
    assert shipper.get(f"{URL}/{no}").json["incidents"] == []
    assert len(dispatcher.get(f"{URL}/{no}").json["incidents"]) == 1


def test_a_withdrawn_incident_is_written_off(shipper, dispatcher, no):
    made = dispatcher.post(f"{URL}/{no}/events", {"code": "incident", "reason": "damaged"}).json
    dispatcher.post(f"{URL}/{no}/events/{made['id']}/retract", {"reason": "other consignment"})
    assert shipper.get(f"{URL}/{no}").json["incidents"][0]["state"] == "written_off"
    assert shipper.get(URL).json["items"][0]["open_incidents"] == 0


def test_a_wrong_event_is_withdrawn_and_the_state_goes_back(shipper, dispatcher, no):
    wrong = dispatcher.post(f"{URL}/{no}/events", {"code": "picked_up"}).json
    reply = dispatcher.post(f"{URL}/{no}/events/{wrong['id']}/retract", {"reason": "wrong parcel"})
    assert (reply.status_code, reply.json["status"], reply.json["seq"]) == (201, "ordered", 3)
    last = shipper.get(f"{URL}/{no}/events").json["items"][-1]
    assert (last["code"], last["retracts"], last["note"]) == (
        "retraction",
        wrong["id"],
        "wrong parcel",
    )
    again = dispatcher.post(f"{URL}/{no}/events/{wrong['id']}/retract", {})
    assert again.status_code == 409


def test_an_event_of_another_consignment_cannot_be_withdrawn_here(shipper, dispatcher, no):
    other = shipper.post(URL, order(order_ref="SO-2")).json["no"]
    event = dispatcher.post(f"{URL}/{other}/events", {"code": "picked_up"}).json["id"]
    assert dispatcher.post(f"{URL}/{no}/events/{event}/retract", {}).status_code == 404


def test_one_of_two_pieces_goes_its_own_way(shipper, dispatcher):
    made = shipper.post(URL, order(pieces=[PIECE, PIECE])).json
    no, (first, second) = made["no"], [piece["sscc"] for piece in made["pieces"]]
    for code in ("picked_up", "dest_city", "out_for_delivery"):
        dispatcher.post(f"{URL}/{no}/events", {"code": code})
    part = dispatcher.post(f"{URL}/{no}/events", {"code": "delivered", "piece": first})
    assert part.json["status"] == "out_for_delivery"
    now = shipper.get(f"{URL}/{no}").json
    assert [piece["status"] for piece in now["pieces"]] == ["delivered", "out_for_delivery"]
    assert now["partly_delivered"]
    refused = dispatcher.post(f"{URL}/{no}/events", {"code": "picked_up", "piece": second})
    assert refused.status_code == 409
    done = dispatcher.post(f"{URL}/{no}/events", {"code": "delivered", "piece": second})
    assert done.json["status"] == "delivered"
    now = shipper.get(f"{URL}/{no}").json
    assert now["promise"]["delivery"]["actual"] is not None
    assert not now["partly_delivered"]


def test_a_piece_of_another_consignment_is_not_known_here(shipper, dispatcher, no):
    other = shipper.post(URL, order(order_ref="SO-2")).json["pieces"][0]["sscc"]
    reply = dispatcher.post(f"{URL}/{no}/events", {"code": "picked_up", "piece": other})
    assert reply.status_code == 404


def test_events_come_in_pages(dispatcher, no):
    for word in "abc":
        dispatcher.post(f"{URL}/{no}/events", {"code": "note", "note": word})
    page = dispatcher.get(f"{URL}/{no}/events?limit=3").json
    rest = dispatcher.get(f"{URL}/{no}/events?limit=3&after={page['next']}").json
    assert [e["seq"] for e in page["items"] + rest["items"]] == [1, 2, 3, 4]
    assert rest["next"] is None


def test_each_row_of_a_batch_answers_for_itself(shipper, stranger, dispatcher, no):
    other = stranger.post(URL, order()).json["no"]
    rows = [
        {"no": no, "code": "picked_up", "source_event_id": "1"},
        {"no": no, "code": "no_such_code"},
        {"no": MISSING, "code": "picked_up"},
        {"no": no, "code": "delivered"},
        {"no": no, "code": "picked_up", "source_event_id": "1"},
        {"no": other, "code": "picked_up"},
        {"no": no, "code": "in_transit"},
        "not an object",
        {"code": "picked_up"},
    ]
    reply = dispatcher.post("/api/v1/events", {"events": rows})
    assert reply.status_code == 207, reply.text
    results = reply.json["results"]
    assert [r["index"] for r in results] == list(range(9))
    assert [r["status"] for r in results] == [201, 422, 404, 409, 200, 201, 201, 422, 422]
    assert results[0]["id"] == results[4]["id"]
    assert results[1]["errors"][0]["field"] == "code"
    assert "error" in results[2]
    assert (results[6]["seq"], results[6]["state"]) == (3, "in_transit")
    assert codes(shipper, no) == ["ordered", "picked_up", "in_transit"]
    assert codes(stranger, other) == ["ordered", "picked_up"]


def test_a_batch_keeps_the_totals(shipper, dispatcher):
    numbers = [shipper.post(URL, order(order_ref=f"SO-{i}")).json["no"] for i in range(6)]
    rows = [{"no": no, "code": "picked_up"} for no in numbers[:4]] + [
        {"no": numbers[0], "code": "in_transit"}
    ]
    dispatcher.post("/api/v1/events", {"events": rows})
    found = {
        s: len(shipper.get(f"{URL}?status={s}").json["items"])
        for s in ("ordered", "picked_up", "in_transit")
    }
    assert found == {"ordered": 2, "picked_up": 3, "in_transit": 1}


@pytest.mark.parametrize("events", [[], [{}] * 1001, {}, None, "x"])
def test_a_batch_has_one_to_a_thousand_events(dispatcher, events):
    reply = dispatcher.post("/api/v1/events", {"events": events})
    assert (reply.status_code, fields_of(reply)) == (422, {"events"})


def attach(program, no, event_id, data, name="photo.jpg"):
    return program.browser.open(
        f"{URL}/{no}/events/{event_id}/attachments",
        method="POST",
        headers=program.headers,
        data={"file": (io.BytesIO(data), name)},
        content_type="multipart/form-data",
    )


def test_a_photo_belongs_to_an_event(shipper, stranger, dispatcher, no):
    event = dispatcher.post(f"{URL}/{no}/events", {"code": "picked_up"}).json["id"]
    kept = attach(dispatcher, no, event, photo(kind="PNG"))
    assert kept.status_code == 201, kept.text
    assert shipper.get(f"{URL}/{no}/events").json["items"][1]["attachments"] == [kept.json]
    address = f"{URL}/{no}/attachments/{kept.json['ref']}"
    seen = shipper.get(address)
    assert (seen.status_code, seen.mimetype, len(seen.data)) == (
        200,
        "image/jpeg",
        kept.json["size"],
    )
    assert stranger.get(address).status_code == 404


def test_a_photo_of_an_internal_note_stays_inside(shipper, dispatcher, no):
    event = dispatcher.post(
        f"{URL}/{no}/events", {"code": "note", "note": "x", "published": False}
    ).json["id"]
    ref = attach(dispatcher, no, event, photo()).json["ref"]
    assert dispatcher.get(f"{URL}/{no}/attachments/{ref}").status_code == 200
    assert shipper.get(f"{URL}/{no}/attachments/{ref}").status_code == 404


def test_only_pictures_are_taken(dispatcher, no):
    event = dispatcher.post(f"{URL}/{no}/events", {"code": "picked_up"}).json["id"]
    for data in (
        b"",
        b"%PDF-1.7",
        b"PK\x03\x04" + b"\0" * 99,
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        photo()[:50],
    ):
        assert attach(dispatcher, no, event, data).status_code == 422
    assert dispatcher.post(f"{URL}/{no}/events/{event}/attachments").status_code == 422
    assert attach(dispatcher, no, event + 999, photo()).status_code == 404
