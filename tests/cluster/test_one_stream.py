"""Two web processes are one portal: one stream, one count of uses, one answer to one key."""

import http.cookiejar
import re
import threading
import time
import urllib.parse
import urllib.request
from types import SimpleNamespace

import pytest
import websocket
from sqlalchemy import text

from tests.cluster.centre import running
from tests.cluster.crowd import Crowd
from tests.cluster.heard import all_heard_all
from tests.cluster.load import Pushers, post
from tests.cluster.parts import Nginx, answers, wait_for
from tests.factories import PASSWORD
from workers import relay

SOCKETS = 40


def push(cluster, port: int, no: str, **headers: str) -> tuple[int, dict]:
    path, key = f"/api/v1/consignments/{no}/events", cluster.centre.known.scanner
    return post(port, path, {"code": "note", "note": "seen"}, key, headers)


def test_a_follower_of_one_process_hears_what_is_pushed_to_the_other(whole):
    no = whole.centre.known.nos[0]
    with Crowd(whole.centre.followers(2, [whole.a.port])) as crowd:
        crowd.wait_until_there()
        status, pushed = push(whole, whole.b.port, no)
        assert status == 201
        whole.centre.wait_until_relayed()
        crowd.wait(lambda each: each.topic != "company" or bool(each.heard), "hears it")
        [heard] = crowd.followers[0].heard
        assert heard["seq"] == pushed["seq"]


def test_nginx_deals_sockets_out_by_turns_without_sticky_sessions(whole, tmp_path):
    tmp_path.chmod(0o755)
    nginx = Nginx([whole.a, whole.b], tmp_path)
    centre, nos = whole.centre, whole.centre.known.nos
    with running(nginx), Crowd(centre.followers(SOCKETS, [nginx.port])) as crowd:
        crowd.wait_until_there()
        with Pushers(centre.known.scanner, [nginx.port], nos) as pushers:
            pushers.wait_for(30)
            whole.b.kill()
            pushers.wait_for(30)
        crowd.wait_until_there()
        all_heard_all(centre, crowd, pushers)
        cut = sum(each.cuts > 0 for each in crowd.followers)
        assert SOCKETS * 0.2 < cut < SOCKETS * 0.8  # those of the process that was killed


class Browser:
    """Somebody who signs in at one process and out at another."""

    def __init__(self) -> None:
        self.cookies = http.cookiejar.CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.cookies))

    def get(self, port: int, path: str) -> str:
        return self.opener.open(f"http://127.0.0.1:{port}{path}", timeout=10).read().decode()

    def post(self, port: int, path: str, page: str, **form: str) -> None:
        token = re.search(r'name="csrf_token"[^>]*value="([^"]+)"', self.get(port, page))
        assert token
        data = urllib.parse.urlencode({**form, "csrf_token": token.group(1)}).encode()
        self.opener.open(f"http://127.0.0.1:{port}{path}", data, timeout=10).read()

    def socket(self, port: int) -> websocket.WebSocket:
        cookie = "; ".join(f"{each.name}={each.value}" for each in self.cookies)
        address = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
        opened = websocket.create_connection(
            address, timeout=10, cookie=cookie, suppress_origin=True
        )
        opened.recv()
        opened.send("40/live,")
        opened.recv()
        opened.send('42/live,1["follow",{"topic":"company","ref":"mine"}]')
        assert '"ok":true' in opened.recv()
        return opened


def test_signing_out_at_one_process_cuts_the_sockets_at_the_other(whole):
    person = Browser()
    person.post(whole.a.port, "/login", "/login", email=whole.centre.known.owner, password=PASSWORD)
    there = person.socket(whole.b.port)
    person.post(whole.a.port, "/logout", "/portal")
    assert is_cut(there)


def is_cut(socket: websocket.WebSocket) -> bool:
    try:
        while message := socket.recv():
            assert not message.startswith("42"), message
    except websocket.WebSocketTimeoutException:
        return False
    except (websocket.WebSocketException, OSError):
        return True
    finally:
        socket.shutdown()
    return True


def test_a_key_sent_to_both_processes_at_once_does_its_work_once(whole):
    no, answered = whole.centre.known.nos[1], []

    def send(port: int) -> None:
        while True:
            status, answer = push(whole, port, no, **{"Idempotency-Key": "at both"})
            if status != 409:  # the first still runs
                answered.append((status, answer["id"]))
                return

    ports = [whole.a.port, whole.b.port] * 4
    threads = [threading.Thread(target=send, args=(port,)) for port in ports]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert len(answered) == len(ports)
    assert len(set(answered)) == 1


def test_uses_are_counted_for_both_processes_together_and_alone_while_valkey_is_away(whole):
    def allowed(port: int, count: int) -> int:
        return sum(
            answers(port, f"/api/v1/track/{whole.centre.known.nos[0]}") for _ in range(count)
        )

    both = allowed(whole.a.port, 45) + allowed(whole.b.port, 45)
    assert 60 <= both < 75  # 60 a minute; a new minute may just have begun
    whole.valkey.kill()
    began = time.monotonic()
    assert allowed(whole.b.port, 3) == 3
    assert time.monotonic() - began < 5
    assert push(whole, whole.a.port, whole.centre.known.nos[0])[0] == 201


def test_a_relay_that_hangs_in_the_middle_of_its_turn_loses_it(whole):
    """What it holds is let go by the database; its own transaction is undone."""
    position = text("SELECT position FROM log_head")
    with whole.database.engine.connect() as hanging:
        while not hanging.execute(relay._TURN).one()[0]:
            hanging.rollback()
        hanging.execute(text("SELECT position FROM log_head FOR UPDATE"))
        before = hanging.execute(position).scalar_one()
        assert push(whole, whole.a.port, whole.centre.known.nos[0])[0] == 201
        wait_for(
            lambda: whole.database.rows(position)[0].position > before,
            lambda: "nobody took the turn",
            relay.HANGS_S + 5,
        )
        hanging.invalidate()


@pytest.mark.parametrize("name", ["a", "relay"])
def test_a_process_that_is_asked_to_end_ends_soon(whole, name):
    part: SimpleNamespace = getattr(whole, name)
    with Crowd(whole.centre.followers(4, [whole.a.port, whole.b.port])) as crowd:
        crowd.wait_until_there()
        began = time.monotonic()
        assert part.stop() == 0
        assert time.monotonic() - began < 5
        crowd.wait_until_there()
