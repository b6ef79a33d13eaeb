"""The description of the API says what the API does."""

import io
import re
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from portal.exchange import answers, outside
from portal.exchange.calls import CALLS
from tests.api.bodies import PARTY, PIECE, URL, order
from tests.api.conftest import company, dispatcher, shipper

__all__ = ["company", "dispatcher", "shipper"]
API = "/api/v1"
ROOT = Path(__file__).parents[2]


@pytest.fixture
def document(browser):
    reply = browser.get(f"{API}/openapi.json")
    assert (reply.status_code, reply.mimetype) == (200, "application/json")
    return reply.json


def operations(document):
    return {
        (path, method): operation
        for path, methods in document["paths"].items()
        for method, operation in methods.items()
    }


def refs(thing):
    """Yield every reference of a document."""
    if isinstance(thing, dict):
        if "$ref" in thing:
            yield thing["$ref"]
        for value in thing.values():
            yield from refs(value)
    elif isinstance(thing, list):
        for value in thing:
            yield from refs(value)


def test_every_route_is_described(app, document):
    described = operations(document)
    for rule in app.url_map.iter_rules():
        if not rule.rule.startswith(f"{API}/"):
            continue
        path = re.sub(r"<(?:[^:<>]+:)?(\w+)>", r"{\1}", rule.rule).removeprefix(API)
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            operation = described[path, method.lower()]
            assert operation["summary"], rule.rule
            assert operation["responses"], rule.rule


def test_nothing_is_described_that_is_not_served(app):
    assert set(CALLS) <= set(app.view_functions)


def test_the_handbook_names_every_call(document):
    handbook = re.sub(r"{\w+}", "{}", (ROOT / "docs" / "api.md").read_text("utf-8"))
    for path, method in operations(document):
        bare = re.sub(r"{\w+}", "{}", path)
        assert f"{method.upper()} {bare}" in handbook or bare in ("/openapi.json", "/docs"), (
            method,
            path,
        )


def test_the_document_holds_together(document):
    assert document["openapi"] == "3.1.0"
    assert document["servers"][0]["url"].endswith(API)
    schemas = document["components"]["schemas"]
    assert {ref.removeprefix("#/components/schemas/") for ref in refs(document)} <= set(schemas)
    ids = [operation["operationId"] for operation in operations(document).values()]
    assert len(ids) == len(set(ids))
    for (path, _), operation in operations(document).items():
        in_path = {p["name"] for p in operation["parameters"] if p["in"] == "path"}
        assert in_path == set(re.findall(r"{(\w+)}", path))
        assert all(re.fullmatch(r"[1-5]\d\d", status) for status in operation["responses"])


def test_the_shapes_are_those_that_are_checked(document):
    schemas = document["components"]["schemas"]
    assert schemas["NewConsignment"]["required"] == ["consignee", "pieces"]
    assert schemas["NewConsignment"]["additionalProperties"] is False
    assert schemas["Piece"]["properties"]["weight_g"]["maximum"] == 100_000_000
    assert "picked_up" in schemas["Code"]["enum"]
    assert "retraction" not in schemas["Code"]["enum"]


def holds(kind, reply, status=200):
    """Hold an answer against its described shape."""
    assert reply.status_code == status, reply.text
    TypeAdapter(kind).validate_python(reply.json)
    return reply.json


def imported(program):
    """Hand in a file of one line, to be checked only."""
    party = ("name", "phone", "address", "city")
    heads = [f"{side} {part}" for side in ("consignor", "consignee") for part in party]
    cells = ["周敏", "+8613800006021", "文一西路 998 号", "杭州"]
    rows = [
        ["order_ref", *heads, "goods", "quantity", "weight_kg"],
        ["SO-1", *cells, *cells, "洗衣液", "2", "heavy"],
    ]
    sheet = "\n".join(",".join(row) for row in rows).encode()
    return program.browser.post(
        f"{API}/imports/consignments?dry_run=1",
        data={"file": (io.BytesIO(sheet), "orders.csv")},
        headers=program.headers,
        content_type="multipart/form-data",
    )


def test_the_answers_are_as_described(shipper, dispatcher):
    money = {"minor": 100, "currency": "CNY"}
    window = {"from": "2026-11-20T10:00:00+08:00", "to": "2026-11-21T10:00:00+08:00"}
    body = order(cod=money, declared_value=money, window=window, pieces=[PIECE, PIECE])
    made = holds(answers.ConsignmentAnswer, shipper.post(URL, body), 201)
    own = f"{URL}/{made['no']}"
    place = {"text": "杭州", "lat": 30.2, "lon": 120.1}
    event = {"code": "picked_up", "place": place, "piece": made["pieces"][0]["sscc"]}
    pushed = holds(answers.PushedAnswer, dispatcher.post(f"{own}/events", event), 201)
    holds(answers.PushedAnswer, dispatcher.post(f"{own}/events/{pushed['id']}/retract", {}), 201)
    dispatcher.post(f"{own}/events", {"code": "incident", "reason": "damaged"})
    rows = {
        "events": [{"no": made["no"], "code": "note", "note": "x"}, {"no": "x", "code": "note"}, {}]
    }
    holds(answers.Results, dispatcher.post(f"{API}/events", rows), 207)
    for program in (shipper, dispatcher):
        holds(answers.ConsignmentAnswer, program.get(own))
        holds(answers.ConsignmentList, program.get(URL))
        holds(answers.EventList, program.get(f"{own}/events"))
    holds(outside.StreamAnswer, shipper.get(f"{API}/stream?topic=company"))
    holds(outside.TrackAnswer, shipper.get(f"{API}/track/{made['no']}?tail={PARTY['phone'][-4:]}"))
    holds(outside.LinkAnswer, shipper.post(f"{own}/links", {}), 201)
    holds(outside.LinkList, shipper.get(f"{own}/links"))
    holds(outside.ImportAnswer, imported(shipper), 202)
    holds(answers.Problem, shipper.get(f"{URL}/x"), 404)
    holds(answers.Problem, shipper.post(URL, {}), 422)


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
def test_people_read_it_as_a_page_without_another_host(app, browser, language):
    reply = browser.get(f"{API}/docs?lang={language}")
    assert (reply.status_code, reply.mimetype) == (200, "text/html")
    assert "NewConsignment" in reply.text
    assert not re.search(r"(?:src|href)=\"(?:https?:)?//", reply.text)
