"""Whatever is sent, to every address, by everybody: the answer is never "our fault"."""

import random
import re
from io import BytesIO
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from tests.api.bodies import order
from tests.exchange.importing import GOOD, HEAD
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_key,
    make_person,
    push,
)
from tests.security import hostile

#: Where types are strict, and a zero byte is refused: what SQLite would let pass fails here.
strictly = pytest.mark.parametrize("app", ["postgresql"], indirect=True)
#: What would take the attacker himself, or the one he attacks with, out of the game.
LEFT_OUT = {
    "static",
    "sign_in.logout",
    "account.end_others",
    "account.end_session",
    "colleagues.remove",
    "companies_desk.suspend",
    "staff_desk.end_sessions",
}
ROUNDS = 1
EVENT = {
    "code": "picked_up",
    "occurred_at": "2026-11-20T10:00:00+08:00",
    "place": {"text": "杭州", "lat": 30.2, "lon": 120.1, "division_code": "330100"},
    "reason": "weather",
    "note": "x",
    "classifier": "actual",
    "source_event_id": "s-1",
    "published": True,
    "piece": "369012340000000012",
}
BODIES: dict[str, Any] = {
    "auth_api.token": {"email": "a@b.example", "password": "x" * 12, "otp": None},
    "consignments_api.create": order(
        declared_value={"minor": 1, "currency": "CNY"},
        cod={"minor": 1, "currency": "USD"},
        window={"from": "2026-11-25T10:00:00+08:00", "to": "2026-11-25T12:00:00+08:00"},
        ordered_at="2026-11-20T10:00:00+08:00",
        note="x",
    ),
    "consignments_api.amend": {"consignee": {"name": "x"}, "window": None, "note": "n"},
    "consignments_api.cancel": {"reason": "shipper_asked", "note": "x"},
    "events_api.push": EVENT,
    "events_api.push_many": {"events": [{**EVENT, "no": "QS1"}, {**EVENT, "no": "QS2"}]},
    "events_api.retract": {"reason": "x"},
    "links_api.share": {"label": "x", "precision": "city", "days": 3},
}


@pytest.fixture
def centre(app, as_user, with_key):
    """Return who attacks (browsers and programs by name) and good values of addresses."""
    company = make_company()
    owner = make_colleague(company)
    dispatcher, admin = make_person(staff_role="dispatcher"), make_person(staff_role="admin")
    made = make_consignment(company)
    pushed = push(made.no, "picked_up")
    browsers = {who.name: as_user(who) for who in (owner, dispatcher, admin)}
    member = browsers[owner.name]
    sheet = {"file": (BytesIO((HEAD + GOOD).encode()), "a.csv")}
    at = member.post("/portal/imports", sheet).headers["Location"]
    programs = {
        "owner": with_key(make_key(owner, company)),
        "dispatcher": with_key(make_key(dispatcher)),
    }
    known = {
        "no": [made.no],
        "ref": [company.ref, at.split("/")[3]],
        "number": [str(owner.id), "1"],
        "event_id": [str(pushed.id)],
        "which": ["problems", "result"],
        "file_format": ["csv", "xlsx"],
        "format": ["csv", "xlsx"],
        "code": ["pickup"],
        "token": ["x"],
    }
    return browsers, programs, known


def test_no_address_fails_however_it_is_asked(app, browser, centre):
    dice = random.Random(1)
    browsers, _, known = centre
    everybody = [browser, *browsers.values()]
    failed = []
    for _ in range(ROUNDS):
        for endpoint, _methods, path in hostile.addresses(app, known, dice):
            if endpoint in LEFT_OUT:
                continue
            for who in dice.sample(everybody, 1):
                asked = path + hostile.query(dice)
                headers = dice.choice((None, {"X-Fragment": "1"}))
                reply = who.get(asked, headers=headers, buffered=True)
                _note(failed, reply, "GET", asked)
    assert not failed, "\n".join(failed)


@strictly
def test_no_form_fails_whatever_is_filled_in(app, centre):
    dice = random.Random(2)
    browsers, _, known = centre
    failed = []
    for _ in range(ROUNDS):
        for endpoint, methods, path in hostile.addresses(app, known, dice):
            if endpoint in LEFT_OUT or "POST" not in methods or path.startswith("/api/"):
                continue
            for who in dice.sample(list(browsers.values()), 1):
                names = hostile.fields_of(who.get(path)) + list(hostile.PARAMETERS)
                _note(failed, who.post(path, _filled(dice, names)), "POST", path)
    assert not failed, "\n".join(failed)


def _filled(dice: random.Random, names: list[str]) -> Any:
    values: Any = dict(hostile.pairs(dice, names))
    if dice.random() < 0.3:
        for part in ("file", "photo"):
            content = dice.choice(hostile.FILES)
            values[part] = (BytesIO(content), dice.choice(("a.csv", "‮a.xlsx", "../x", "")))
    return values


@pytest.mark.both_databases
def test_no_program_fails_the_api_whatever_it_sends(app, centre):
    dice = random.Random(3)
    _, programs, known = centre
    failed = []
    for _ in range(ROUNDS):
        for endpoint, methods, path in hostile.addresses(app, known, dice):
            if not path.startswith("/api/") or endpoint in LEFT_OUT:
                continue
            for who in [dice.choice(list(programs.values()))]:
                for method in methods:
                    for _again in range(1 if method == "GET" else 8):
                        reply = _sent(dice, who, method, path, BODIES.get(endpoint, {}))
                        _note(failed, reply, method, path)
    assert not failed, "\n".join(failed)


def _sent(dice: random.Random, who: Any, method: str, path: str, body: Any) -> Any:
    kind = dice.random()
    sent: dict[str, Any] = {"json": hostile.mutated(dice, body)}
    if kind < 0.15:
        sent = {"data": dice.choice(hostile.RAW), "content_type": "application/json"}
    elif kind < 0.25:
        part = (BytesIO(dice.choice(hostile.FILES)), "a.jpg")
        sent = {"data": MultiDict({"file": part, "mapping": dice.choice(hostile.TEXTS)})}
    headers = {**dice.choice(hostile.HEADERS[9:]), **who.headers}
    return who.browser.open(
        path + hostile.query(dice), method=method, headers=headers, buffered=True, **sent
    )


#: What stands in the place of a number or a name in an address.
NUMBERS = (str(2**63), "9" * 30)
NAMES = ("a%00b", "%ED%A0%80", "x" * 3000)


@strictly
def test_no_name_in_an_address_fails_whoever_asks(app, browser, centre):
    dice, (browsers, _, _) = random.Random(4), centre
    failed = []
    for rule in app.url_map.iter_rules():
        if not rule.arguments or rule.endpoint in LEFT_OUT:
            continue
        method = "GET" if "GET" in rule.methods else "POST"
        for number, name in zip(NUMBERS * 2, NAMES, strict=False):
            path = re.sub(r"<any\(([^),]+)[^>]*>", r"\1", rule.rule)
            path = re.sub(r"<(?:int|float)[^<>]*>", number, path)
            path = re.sub(r"<[^<>]+>", name, path)
            for who in dice.sample([browser, *browsers.values()], 1):
                reply = who.open(path, method=method, buffered=True)
                _note(failed, reply, method, path)
    assert not failed, "\n".join(failed)


def test_no_header_makes_a_page_fail(app, browser, centre):
    failed = []
    for headers in hostile.HEADERS:
        for path in ("/", "/login", "/track", "/track/QS1", "/api/v1/consignments", "/nowhere"):
            for method in ("GET", "POST", "PUT", "DELETE", "TRACE", "QUAYSIDE"):
                reply = browser.open(path, method=method, headers=headers, buffered=True)
                _note(failed, reply, method, f"{path} {headers}")
    assert not failed, "\n".join(failed)


def _note(failed: list[str], reply: Any, method: str, asked: str) -> None:
    if reply.status_code >= 500:
        failed.append(f"{method} {asked[:200]}")
