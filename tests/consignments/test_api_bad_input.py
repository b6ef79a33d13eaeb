"""What the API is sent by mistake or in malice: a sentence at the field, never a failure."""

from datetime import timedelta

import pytest

from portal.consignments.rules.vocabulary import REASON_TEXT, Status
from portal.core import clock, pagination
from tests.api.bodies import PARTY, PIECE, URL, fields_of, order
from tests.api.conftest import company, dispatcher, shipper

__all__ = ["company", "dispatcher", "shipper"]
HUGE = 2**70
LONG = "长" * 10_000
NEXT_YEAR = "2199-01-01T00:00:00Z"


def party(**values):
    return {**PARTY, **values}


def piece(**values):
    return {**PIECE, **values}


BAD_ORDERS = [
    ({"colour": "red"}, "colour"),
    ({"service": "teleport"}, "service"),
    ({"service": 5}, "service"),
    ({"order_ref": ""}, "order_ref"),
    ({"order_ref": " "}, "order_ref"),
    ({"order_ref": 17}, "order_ref"),
    ({"order_ref": LONG}, "order_ref"),
    ({"order_ref": "a\0b"}, "order_ref"),
    ({"order_ref": "a\x1bb"}, "order_ref"),
    ({"consignee": None}, "consignee"),
    ({"consignee": "杭州"}, "consignee"),
    ({"consignee": []}, "consignee"),
    ({"consignee": party(name="")}, "consignee.name"),
    ({"consignee": party(name="\u202e\u200f")}, "consignee.name"),
    ({"consignee": party(name=None)}, "consignee.name"),
    ({"consignee": party(name=["x"])}, "consignee.name"),
    ({"consignee": party(address=LONG)}, "consignee.address"),
    ({"consignee": party(phone="13800006021")}, "consignee.phone"),
    ({"consignee": party(phone="+861")}, "consignee.phone"),
    ({"consignee": party(phone="+999999999999")}, "consignee.phone"),
    ({"consignee": party(phone="call me")}, "consignee.phone"),
    ({"consignee": party(country="XX")}, "consignee.country"),
    ({"consignee": party(country="CHN")}, "consignee.country"),
    ({"consignee": party(country="中国")}, "consignee.country"),
    ({"consignee": party(lat=91)}, "consignee.lat"),
    ({"consignee": party(lat="30")}, "consignee.lat"),
    ({"consignee": party(lon=-180.5)}, "consignee.lon"),
    ({"consignee": party(lon=True)}, "consignee.lon"),
    ({"consignee": party(fax="1")}, "consignee.fax"),
    ({"consignor": party(city=None)}, "consignor.city"),
    ({"pieces": []}, "pieces"),
    ({"pieces": None}, "pieces"),
    ({"pieces": {}}, "pieces"),
    ({"pieces": [piece()] * 1000}, "pieces"),
    ({"pieces": ["box"]}, "pieces.0"),
    ({"pieces": [piece(), piece(weight_g=0)]}, "pieces.1.weight_g"),
    ({"pieces": [piece(weight_g=-1)]}, "pieces.0.weight_g"),
    ({"pieces": [piece(weight_g=HUGE)]}, "pieces.0.weight_g"),
    ({"pieces": [piece(weight_g=2**63 - 1)]}, "pieces.0.weight_g"),
    ({"pieces": [piece(weight_g="12500")]}, "pieces.0.weight_g"),
    ({"pieces": [piece(weight_g=1.5)]}, "pieces.0.weight_g"),
    ({"pieces": [piece(weight_g=True)]}, "pieces.0.weight_g"),
    ({"pieces": [piece(weight_g=None)]}, "pieces.0.weight_g"),
    ({"pieces": [piece(length_mm=100_001)]}, "pieces.0.length_mm"),
    ({"pieces": [piece(height_mm=0)]}, "pieces.0.height_mm"),
    ({"pieces": [piece(quantity="0")]}, "pieces.0.quantity"),
    ({"pieces": [piece(quantity="-1")]}, "pieces.0.quantity"),
    ({"pieces": [piece(quantity="NaN")]}, "pieces.0.quantity"),
    ({"pieces": [piece(quantity="1e99999999")]}, "pieces.0.quantity"),
    ({"pieces": [piece(quantity="0.0001")]}, "pieces.0.quantity"),
    ({"pieces": [piece(quantity=HUGE)]}, "pieces.0.quantity"),
    ({"pieces": [piece(quantity="many")]}, "pieces.0.quantity"),
    ({"pieces": [piece(quantity=True)]}, "pieces.0.quantity"),
    ({"pieces": [piece(unit="个")]}, "pieces.0.unit"),
    ({"pieces": [piece(goods="")]}, "pieces.0.goods"),
    ({"declared_value": {"minor": 1}}, "declared_value.currency"),
    ({"declared_value": {"minor": -1, "currency": "CNY"}}, "declared_value.minor"),
    ({"declared_value": {"minor": 1.5, "currency": "CNY"}}, "declared_value.minor"),
    ({"declared_value": {"minor": HUGE, "currency": "CNY"}}, "declared_value.minor"),
    ({"cod": {"minor": 1, "currency": "cny"}}, "cod.currency"),
    ({"cod": {"minor": 1, "currency": "ZZZ"}}, "cod.currency"),
    ({"cod": 12}, "cod"),
    ({"window": {"from": "2026-11-21T10:00:00Z"}}, "window.to"),
    ({"window": {"from": "2026-11-21T10:00:00Z", "to": "2026-11-21T09:00:00Z"}}, "window"),
    ({"window": {"from": "2026-11-21T10:00:00Z", "to": NEXT_YEAR}}, "window"),
    ({"ordered_at": "2026-03-01T10:00:00"}, "ordered_at"),
    ({"ordered_at": "2026-03-01"}, "ordered_at"),
    ({"ordered_at": "yesterday"}, "ordered_at"),
    ({"ordered_at": 1_700_000_000}, "ordered_at"),
    ({"ordered_at": "1700000000"}, "ordered_at"),
    ({"ordered_at": "1066-10-14T09:00:00Z"}, "ordered_at"),
    ({"ordered_at": "9999-12-31T23:59:59-14:00"}, "ordered_at"),
    ({"ordered_at": "0001-01-01T00:00:00+14:00"}, "ordered_at"),
    ({"ordered_at": NEXT_YEAR}, "ordered_at"),
    ({"note": LONG}, "note"),
    ({"note": "\x07"}, "note"),
    ({"note": 5}, "note"),
]


@pytest.mark.parametrize(
    ("change", "field"), BAD_ORDERS, ids=[f"{f}{i}" for i, (_, f) in enumerate(BAD_ORDERS)]
)
def test_a_bad_field_of_an_order_is_named(shipper, change, field):
    reply = shipper.post(URL, order(**change))
    assert (reply.status_code, fields_of(reply)) == (422, {field}), reply.text
    assert reply.mimetype == "application/problem+json"
    assert all(error["message"] for error in reply.json["errors"])
    assert shipper.get(URL).json["items"] == []


BAD_BODIES = [
    b"",
    b"null",
    b"[]",
    b"17",
    b'"order"',
    b"{",
    b"{'order_ref': 1}",
    b"\xff\xfe{}",
    b'{"order_ref": "\\ud800"}',
    b'{"order_ref": "\xed\xa0\x80"}',
    b'{"order_ref": 1e999}',
    b"[" * 100_000 + b"]" * 100_000,
    b'{"a":' * 500 + b"1" + b"}" * 500,
    b'{"pieces": [' + b",".join([b"[[[[[[]]]]]]"] * 1000) + b"]}",
]


@pytest.mark.parametrize("data", BAD_BODIES, ids=range(len(BAD_BODIES)))
def test_what_is_no_order_at_all_is_refused(shipper, data):
    reply = shipper.post(URL, data=data, content_type="application/json")
    assert (reply.status_code, reply.mimetype) == (422, "application/problem+json"), reply.text
    assert shipper.get(URL).json["items"] == []


def test_a_very_large_body_is_refused(shipper):
    reply = shipper.post(
        URL, data=b'{"note": "' + b"x" * 5_000_000 + b'"}', content_type="application/json"
    )
    assert reply.status_code == 413


def test_several_faults_are_named_together(shipper):
    reply = shipper.post(
        URL, order(service="x", consignee=party(phone="1"), pieces=[piece(weight_g=0)])
    )
    assert fields_of(reply) == {"service", "consignee.phone", "pieces.0.weight_g"}


def test_marks_of_writing_direction_are_taken_out(shipper):
    made = shipper.post(
        URL, order(consignee=party(name="\u202eLi\u200f \u2066Lei\ufeff"), note="a\u202eb")
    ).json
    assert (made["consignee"]["name"], made["note"]) == ("Li Lei", "ab")


def test_lines_and_runs_of_spaces_become_one_line(shipper):
    made = shipper.post(URL, order(consignee=party(address="  文一西路\n998  号\t"))).json
    assert made["consignee"]["address"] == "文一西路 998 号"


def test_phones_are_kept_as_they_are_dialled(shipper):
    made = shipper.post(URL, order(consignee=party(phone="+49 (30) 901820"))).json
    assert made["consignee"]["phone"] == "+4930901820"


def test_spreadsheet_formulas_are_only_text(shipper):
    made = shipper.post(URL, order(consignee=party(name="=HYPERLINK(1)"))).json
    assert made["consignee"]["name"] == "=HYPERLINK(1)"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"service": "express"}, "service"),
        ({"status": "delivered"}, "status"),
        ({"consignee": None}, "consignee"),
        ({"consignee": {"name": None}}, "consignee.name"),
        ({"consignee": {"country": "XX"}}, "consignee.country"),
        ({"consignor": {"phone": "1"}}, "consignor.phone"),
        ({"window": {"from": "x", "to": "y"}}, "window.from"),
        ({"note": "\0"}, "note"),
    ],
)
def test_a_bad_field_of_a_change_is_named(shipper, change, field):
    no = shipper.post(URL, order()).json["no"]
    reply = shipper.patch(f"{URL}/{no}", change)
    assert reply.status_code == 422, reply.text
    assert field in fields_of(reply)


BAD_EVENTS = [
    ({}, "code"),
    ({"code": "teleported"}, "code"),
    ({"code": "retraction"}, "code"),
    ({"code": None}, "code"),
    ({"code": ["picked_up"]}, "code"),
    ({"code": "picked_up", "colour": "red"}, "colour"),
    ({"code": "picked_up", "occurred_at": "2026-11-21T10:00:00"}, "occurred_at"),
    ({"code": "picked_up", "occurred_at": 5}, "occurred_at"),
    ({"code": "picked_up", "occurred_at": "1999-12-31T23:59:59Z"}, "occurred_at"),
    ({"code": "picked_up", "occurred_at": NEXT_YEAR}, "occurred_at"),
    ({"code": "delivered", "classifier": "estimated", "occurred_at": NEXT_YEAR}, "occurred_at"),
    ({"code": "picked_up", "classifier": "perhaps"}, "classifier"),
    ({"code": "picked_up", "reason": "aliens"}, "reason"),
    ({"code": "picked_up", "published": "yes"}, "published"),
    ({"code": "picked_up", "published": 1}, "published"),
    ({"code": "picked_up", "place": "杭州"}, "place"),
    ({"code": "picked_up", "place": {"text": LONG}}, "place.text"),
    ({"code": "picked_up", "place": {"lat": 1000}}, "place.lat"),
    ({"code": "picked_up", "place": {"planet": "Mars"}}, "place.planet"),
    ({"code": "picked_up", "source_event_id": ""}, "source_event_id"),
    ({"code": "picked_up", "source_event_id": 17}, "source_event_id"),
    ({"code": "picked_up", "source_event_id": "x" * 101}, "source_event_id"),
    ({"code": "picked_up", "piece": 369012340000000017}, "piece"),
    ({"code": "note", "note": "a\0"}, "note"),
    ({"code": "note", "note": LONG}, "note"),
]


@pytest.mark.parametrize(
    ("event", "field"), BAD_EVENTS, ids=[f"{f}{i}" for i, (_, f) in enumerate(BAD_EVENTS)]
)
def test_a_bad_field_of_an_event_is_named(shipper, dispatcher, event, field):
    no = shipper.post(URL, order()).json["no"]
    reply = dispatcher.post(f"{URL}/{no}/events", event)
    assert (reply.status_code, fields_of(reply)) == (422, {field}), reply.text
    assert shipper.get(f"{URL}/{no}").json["status_seq"] == 1
    row = dispatcher.post("/api/v1/events", {"events": [{"no": no, **event}]}).json["results"][0]
    assert (row["status"], {e["field"] for e in row["errors"]}) == (422, {field})


def test_an_unknown_code_is_told_the_known_ones(shipper, dispatcher):
    no = shipper.post(URL, order()).json["no"]
    code = dispatcher.post(f"{URL}/{no}/events", {"code": "x"}).json["errors"][0]["message"]
    assert all(status in code for status in Status)
    reason = dispatcher.post(f"{URL}/{no}/events", {"code": "lost", "reason": "x"}).json["errors"][
        0
    ]["message"]
    assert all(known in reason for known in REASON_TEXT)


def test_what_happened_lies_not_in_the_future(shipper, dispatcher):
    no = shipper.post(URL, order()).json["no"]
    soon = {"code": "picked_up", "occurred_at": (clock.now() + timedelta(minutes=2)).isoformat()}
    later = {"code": "picked_up", "occurred_at": (clock.now() + timedelta(minutes=20)).isoformat()}
    assert fields_of(dispatcher.post(f"{URL}/{no}/events", later)) == {"occurred_at"}
    assert dispatcher.post(f"{URL}/{no}/events", soon).status_code == 201


@pytest.mark.parametrize(
    "no",
    [
        "x",
        "QS",
        "QS00000000000A",
        "QS0000000000000000000",
        "%F0%9F%9A%9A",
        "QS%2e%2e",
        "Q" * 3000,
        "QSIIIIIIIIIIII",
        "%ED%A0%80",
        "%EF%BC%B1S000000000000",
    ],
)
def test_a_malformed_number_looks_missing(shipper, dispatcher, no):
    known = shipper.get(f"{URL}/QS00000000000A")
    assert known.status_code == 404
    for program in (shipper, dispatcher):
        assert program.get(f"{URL}/{no}").data == known.data
    assert dispatcher.post(f"{URL}/{no}/events", {"code": "picked_up"}).data == known.data


@pytest.mark.parametrize(
    "after", ["x", "%00", "bnVsbA", "W10", "WzFd", "WzEsMiwzXQ", "eyJhIjoxfQ", "é", "-", "A" * 5000]
)
def test_a_page_marker_that_is_not_ours_is_refused(shipper, after):
    assert shipper.get(f"{URL}?after={after}").status_code == 422


@pytest.mark.parametrize(
    "marker",
    [
        [1, "x"],
        ["x", 1],
        [None, None],
        [1.5, 2**80],
        [{}, []],
        [True, True],
        ["2026-01-01", 1],
        ["2026-01-01T00:00:00+00:00", 2**63],
    ],
)
@pytest.mark.parametrize("sort", ["newest", "changed"])
@pytest.mark.both_databases
def test_a_page_marker_with_other_things_in_it_shows_nothing(shipper, marker, sort):
    shipper.post(URL, order())
    from_elsewhere = (
        pagination.encode(marker)
        if 2**80 not in marker
        else "WzEsMTIwODkyNTgxOTYxNDYyOTE3NDcwNjE3Nl0"
    )
    reply = shipper.get(f"{URL}?sort={sort}&after={from_elsewhere}")
    assert reply.status_code in (200, 422), reply.text


@pytest.mark.parametrize("limit", ["x", "-5", "0", "1e9", "99999999999999999999", "%00", "٣", ""])
def test_an_odd_limit_is_no_failure(shipper, limit):
    shipper.post(URL, order())
    reply = shipper.get(f"{URL}?limit={limit}")
    assert (reply.status_code, len(reply.json["items"])) == (200, 1)


@pytest.mark.parametrize(
    "query",
    [
        "from=x",
        "to=2026-13-01",
        "from=0001-01-01",
        "to=9999-12-31T23:59:59-14:00",
        "sort=size",
        "from=%00",
    ],
)
def test_an_odd_filter_is_named(shipper, query):
    reply = shipper.get(f"{URL}?{query}")
    assert (reply.status_code, fields_of(reply)) == (422, {query.partition("=")[0]})


@pytest.mark.parametrize(
    "query",
    [
        "status=nonsense",
        "status=step:moon",
        "q=%00",
        "q=%22%20OR%201",
        "q=NEAR(a%20b)",
        "q=*",
        "q='",
        "q=:!%26|",
        "q=" + "x" * 3000,
        "q=%ED%A0%80",
        "status=%00",
    ],
)
@pytest.mark.both_databases
def test_odd_words_find_nothing_and_break_nothing(shipper, query):
    shipper.post(URL, order())
    reply = shipper.get(f"{URL}?{query}")
    assert (reply.status_code, reply.json["items"]) == (200, [])


@pytest.mark.parametrize("key", ["", "x" * 201, "a\x7f"])
def test_an_odd_idempotency_key_is_refused(shipper, key):
    assert shipper.post(URL, order(), headers={"Idempotency-Key": key}).status_code == 422


@pytest.mark.parametrize(
    "path",
    ["/QS00000000000A/events/0/retract", "/QS00000000000A/events/99999999999999999999/retract"],
)
def test_an_event_that_is_not_there_is_not_found(dispatcher, path):
    assert dispatcher.post(URL + path, {}).status_code == 404


def test_an_event_number_beyond_64_bits_is_not_found(shipper, dispatcher):
    no = shipper.post(URL, order()).json["no"]
    reply = dispatcher.post(f"{URL}/{no}/events/{2**70}/retract", {})
    assert reply.status_code == 404


@pytest.mark.parametrize("body", [{"why": "x"}, {"reason": 5}, {"reason": "\0"}, []])
def test_a_bad_withdrawal_is_refused(shipper, dispatcher, body):
    no = shipper.post(URL, order()).json["no"]
    event = dispatcher.post(f"{URL}/{no}/events", {"code": "picked_up"}).json["id"]
    if body == []:
        body = [1]
    assert dispatcher.post(f"{URL}/{no}/events/{event}/retract", body).status_code == 422


def test_an_address_takes_only_its_own_kinds_of_request(shipper):
    reply = shipper.delete(URL)
    assert (reply.status_code, reply.mimetype) == (405, "application/problem+json")
