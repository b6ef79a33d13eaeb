"""A batch does to each of its rows what a call of its own would have done, in the same order."""

import pytest

from tests.api.bodies import URL, order

pytestmark = pytest.mark.both_databases
#: (consignment, event): plain rows, one number again and again, an incident, what is refused.
ROWS = (
    (0, {"code": "picked_up"}),
    (1, {"code": "picked_up", "source_event_id": "a"}),
    (0, {"code": "hub_arrived"}),
    (2, {"code": "delivered"}),
    (1, {"code": "picked_up", "source_event_id": "a"}),
    (None, {"code": "picked_up"}),
    (2, {"code": "picked_up"}),
    (1, {"code": "incident", "reason": "damaged"}),
    (0, {"code": "hub_departed", "occurred_at": "1999-01-01T00:00:00Z"}),
    (0, {"code": "no such code"}),
    (1, {"code": "hub_arrived"}),
    (0, {"code": "delivered", "classifier": "estimated", "occurred_at": "2030-01-01T00:00:00Z"}),
    (2, {"code": "note", "note": "inside", "published": False}),
)


def rows_for(nos):
    """Return (number, event) of each row."""
    return [("QS00000000000X" if i is None else nos[i], event) for i, event in ROWS]


def made(shipper, name):
    return [shipper.post(URL, order(order_ref=f"{name}-{i}")).json["no"] for i in range(3)]


def singly(dispatcher, nos):
    """Return (HTTP status, seq, state) of each row pushed by a call of its own."""
    answers = [dispatcher.post(f"{URL}/{no}/events", event) for no, event in rows_for(nos)]
    return [(a.status_code, a.json.get("seq"), a.json.get("detail")) for a in answers]


def together(dispatcher, nos):
    """Return the same of one batch, and its results."""
    events = [{"no": no, **event} for no, event in rows_for(nos)]
    results = dispatcher.post("/api/v1/events", {"events": events}).json["results"]
    return [(r["status"], r.get("seq"), r.get("error")) for r in results], results


def history(shipper, no):
    """Return what is kept of a consignment, without what names it or the time."""
    events = shipper.get(f"{URL}/{no}/events").json["items"]
    whole = shipper.get(f"{URL}/{no}").json
    return whole["status"], [(e["seq"], e["code"], e["classifier"], e["note"]) for e in events]


def test_a_batch_answers_and_does_the_same_as_single_calls(shipper, dispatcher):
    one_by_one, at_once = made(shipper, "S"), made(shipper, "B")
    answers, _ = together(dispatcher, at_once)
    assert answers == singly(dispatcher, one_by_one)
    assert {status for status, _, _ in answers} == {201, 200, 404, 409, 422}
    for one, other in zip(one_by_one, at_once, strict=True):
        assert history(shipper, one) == history(shipper, other)


def test_events_of_a_batch_keep_the_order_of_its_rows(shipper, dispatcher):
    _, results = together(dispatcher, made(shipper, "O"))
    ids = [r["id"] for r in results if r["status"] == 201]
    assert ids == sorted(ids)
    assert len(set(ids)) == len(ids) > 6


def test_a_batch_of_many_more_rows_than_one_statement_takes(shipper, dispatcher):
    nos = [shipper.post(URL, order(order_ref=f"M-{i}")).json["no"] for i in range(103)]
    events = [{"no": no, "code": "picked_up"} for no in reversed(nos)]
    results = dispatcher.post("/api/v1/events", {"events": events}).json["results"]
    assert [(r["no"], r["status"], r["state"]) for r in results] == [
        (no, 201, "picked_up") for no in reversed(nos)
    ]
