"""Sockets under attack: malformed messages, crowds, what has run out, other sites."""

import io
import threading
import tracemalloc
from datetime import timedelta
from types import SimpleNamespace

import pytest
from websocket import WebSocketBadStatusException, create_connection
from werkzeug.serving import make_server
from wsproto.connection import Connection, ConnectionType
from wsproto.events import TextMessage

from portal import create_app
from portal.accounts.models import ApiKey, SignIn
from portal.core import clock, scope
from portal.core.db import db, transaction
from portal.live import engine, sockets
from portal.live.outbox import Outbox
from tests.conftest import LivePage, settings
from tests.factories import make_colleague, make_company, make_consignment, make_key, push
from tests.security.hostile import JSON, TEXTS


def test_no_message_however_malformed_is_answered_by_a_fault(live, as_user):
    company = make_company()
    no = make_consignment(company).no
    socket = live(as_user(make_colleague(company)))
    values = [v for v in (*JSON[:24], *TEXTS) if not isinstance(v, int) or abs(v) < 2**63]
    for value in values:
        for asked in (
            value,
            {"topic": value, "ref": no},
            {"topic": "consignment", "ref": value},
            {"topic": "consignment", "ref": no, "token": value or "x"},
            {"topic": "consignment", "ref": no, "after": value},
        ):
            answer = socket.ask("follow", asked)
            assert answer["ok"] or answer["error"]["code"] in ("not_found", "too_many")
            assert socket.ask("unfollow", asked) == {"ok": True}
    assert socket.is_open


@pytest.mark.parametrize(
    "given", [None, 1, "x", [], {"api_key": ""}, {"token": []}, {"api_key": None}]
)
def test_a_socket_with_odd_credentials_is_a_visitor_and_hears_nothing(app, given):
    socket = LivePage(app, auth=given)
    assert socket.is_open
    for topic in ("company", "board", "me", "consignment"):
        assert socket.ask("follow", {"topic": topic, "ref": ""})["ok"] is False


def test_a_wrong_key_opens_no_socket(live):
    assert not live(key="qsk_" + "x" * 43).is_open
    assert not live(key="a\x00b").is_open
    assert not live(key=5).is_open


def test_one_address_of_visitors_cannot_take_all_sockets(live, as_user, monkeypatch):
    monkeypatch.setattr(sockets, "MOST_VISITORS", 3)
    opened = [live() for _ in range(5)]
    assert [socket.is_open for socket in opened] == [True] * 3 + [False] * 2
    assert live(as_user(make_colleague())).is_open


def test_one_person_cannot_take_all_sockets(live, as_user, monkeypatch):
    monkeypatch.setattr(sockets, "MOST_SOCKETS", 2)
    browser = as_user(make_colleague())
    assert [live(browser).is_open for _ in range(4)] == [True, True, False, False]
    assert live(as_user(make_colleague())).is_open


def test_who_asks_too_often_is_told_so_and_nobody_else_is(app, live, as_user, monkeypatch):
    monkeypatch.setitem(app.config, "RATE_LIMITS", {"follow": "5/minute"})
    first, second = live(as_user(make_colleague())), live(as_user(make_colleague()))
    answers = [first.ask("follow", {"topic": "company", "ref": ""}) for _ in range(8)]
    assert [answer["ok"] for answer in answers] == [True] * 5 + [False] * 3
    assert answers[-1]["error"]["code"] == "too_many"
    assert second.ask("follow", {"topic": "company", "ref": ""})["ok"]


@pytest.mark.parametrize("kind", ["session", "key"])
def test_a_socket_ends_with_the_sign_in_or_the_key_that_opened_it(live, as_user, relayed, kind):
    company = make_company()
    owner, no = make_colleague(company), make_consignment(company).no
    model = SignIn if kind == "session" else ApiKey
    key = make_key(owner, company)
    browser = as_user(owner)
    relayed()
    soon = {"expires_at": clock.now() + timedelta(seconds=1)}
    with transaction():
        db.session.execute(
            model.__table__.update().values(**soon).execution_options(**scope.CENTRE)
        )
    socket = live(browser) if kind == "session" else live(key=key)
    assert socket.ask("follow", {"topic": "company", "ref": ""})["ok"]
    for client in sockets.followers.clients.values():
        assert client.until is not None
        client.until = clock.now()
    push(no, "picked_up")
    relayed()
    assert not socket.is_open


@pytest.fixture
def served(tmp_path):
    """Return the address of a real server, as it is set in production."""
    app = create_app(settings(tmp_path, f"sqlite:///{tmp_path / 'x.db'}"))
    engine = sockets.socketio.server.eio
    engine.cors_allowed_origins = sockets._origins(_Real(app))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"ws://127.0.0.1:{server.port}/socket.io/?EIO=4&transport=websocket"
    server.shutdown()
    thread.join()


class _Real:
    """Settings of an application that is not under test."""

    def __init__(self, app) -> None:
        self.config = {**app.config, "TESTING": False, "PUBLIC_URL": "https://portal.example"}


@pytest.mark.parametrize(
    "origin",
    [
        "https://evil.example",
        "null",
        "https://portal.example.evil.example",
        "http://portal.example",
    ],
)
def test_a_socket_from_another_site_is_refused(served, origin):
    with pytest.raises(WebSocketBadStatusException) as refused:
        create_connection(served, origin=origin, timeout=10)
    assert refused.value.status_code == 400


def test_a_message_in_endless_parts_of_nothing_takes_no_memory():
    frames = Connection(ConnectionType.CLIENT)
    begun = frames.send(TextMessage("", message_finished=False))
    nothing = bytes([0x00, 0x80, 0, 0, 0, 0])  # a part of a message, of no bytes, not the last
    last = bytes([0x80, 0x81, 0, 0, 0, 0]) + b"x"
    stream = SimpleNamespace(recv=io.BytesIO(begun + nothing * 200_000 + last).read)
    tracemalloc.start()
    try:
        assert list(engine._messages(stream, Outbox(), 65536)) == ["x"]
        assert tracemalloc.get_traced_memory()[1] < 10_000_000
    finally:
        tracemalloc.stop()
