"""Sockets as they are in production: framed once, never waited for, cut when they do not read."""

import time
from collections import Counter

import gevent
import pytest
from engineio import packet
from gevent import socket as sockets
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, Ping, Pong, TextMessage

from portal.live import engine, outbox
from portal.live.outbox import Outbox, frame_of

NAMESPACE = "/live"


def message(text: str = "x") -> packet.Packet:
    return packet.Packet(packet.MESSAGE, text)


def heard(connection: sockets.socket) -> list[object]:
    """Return what has come over a connection, as websocket events."""
    frames, events = Connection(ConnectionType.CLIENT), []
    connection.setblocking(False)
    try:
        while data := connection.recv(65536):
            frames.receive_data(data)
            events += frames.events()
    except BlockingIOError:
        pass
    return events


@pytest.fixture
def pair():
    """Return the server's and the client's end of a connection."""
    here, there = sockets.socketpair()
    yield here, there
    here.close()
    there.close()


@pytest.fixture
def server():
    return engine.Server(async_mode="gevent", namespaces=[NAMESPACE])


@pytest.fixture
def follower(server):
    """``follower(number)`` opens a socket in the room; it returns the client's end."""
    ends = []
    yield lambda number: _follower(server, number, ends)
    for end in ends:
        end.close()


def _follower(server, number, ends, room="room"):
    here, there = sockets.socketpair()
    ends += [here, there]
    name = f"socket {number}"
    opened = server.eio.sockets[name] = engine.Websocket(server.eio, name)
    opened.queue.on_cut = opened._cut
    opened.queue.open(here)
    sid = server.manager.pre_connect(name, NAMESPACE)
    server.manager.connect(sid, NAMESPACE)
    server.manager.enter_room(sid, NAMESPACE, room)
    return there


def test_a_message_is_encoded_and_framed_once_for_all_of_a_room(server, follower, monkeypatch):
    clients = [follower(number) for number in range(50)]
    made = Counter()
    for thing, name in ((packet.Packet, "encode"), (Connection, "send")):
        real = getattr(thing, name)
        monkeypatch.setattr(
            thing, name, lambda *a, real=real, name=name: (made.update([name]), real(*a))[1]
        )
    server.emit("event", {"seq": 1}, to="room", namespace=NAMESPACE)
    assert made == {"encode": 1, "send": 1}
    for client in clients:
        [event] = heard(client)
        assert event.data == '42/live,["event",{"seq":1}]'


def test_what_is_put_before_the_handshake_is_sent_after_it_in_order(pair):
    here, there = pair
    box = Outbox()
    box.put(message("first"))
    box.put(message("second"))
    box.open(here)
    gevent.sleep(0)
    box.put(message("third"))
    assert [event.data for event in heard(there)] == ["4first", "4second", "4third"]


def test_binary_packets_travel_as_they_are(pair):
    here, there = pair
    box = Outbox()
    box.open(here)
    box.put(packet.Packet(packet.MESSAGE, b"\x00\x01"))
    [event] = heard(there)
    assert isinstance(event, BytesMessage)
    assert event.data == b"\x00\x01"


def test_a_slow_reader_gets_all_in_order_once_it_reads(pair):
    here, there = pair
    box = Outbox()
    box.open(here)
    texts = [f"{number:04}" + "x" * 5000 for number in range(200)]
    for text in texts:
        box.put(message(text))
    assert box.qsize() > 0
    got, frames = [], Connection(ConnectionType.CLIENT)
    whole = ""
    while len(got) < len(texts):
        frames.receive_data(there.recv(65536))
        for event in frames.events():
            whole += event.data
            if event.message_finished:
                got.append(whole[1:])
                whole = ""
    assert got == texts
    assert box.qsize() == 0


def test_who_does_not_read_is_cut_and_nobody_waits_for_it(pair, monkeypatch):
    monkeypatch.setattr(outbox, "MOST_FRAMES", 20)
    here, there = pair
    cut = []
    box = Outbox()
    box.on_cut = lambda: cut.append(True)
    box.open(here)
    for _ in range(2000):
        box.put(message("x" * 5000))
    assert box.qsize() == 0
    gevent.sleep(0.01)
    assert cut == [True]
    there.setblocking(True)
    while there.recv(65536):  # what the system had taken; then the end
        pass


def test_one_who_does_not_read_leaves_the_others_in_peace(server, follower, monkeypatch):
    monkeypatch.setattr(outbox, "MOST_FRAMES", 20)
    _deaf, client = follower(1), follower(2)
    count = 0
    for _ in range(300):
        server.emit("event", {"text": "x" * 5000}, to="room", namespace=NAMESPACE)
        count += sum(event.message_finished for event in heard(client))
    gevent.sleep(0.01)
    assert count == 300
    assert "socket 1" not in server.manager.rooms[NAMESPACE]["room"].inverse


def test_many_bytes_that_wait_cut_too_but_one_long_answer_does_not(pair):
    here, _ = pair
    box = Outbox()
    box.open(here)
    long = "x" * (2 * outbox.MOST_BYTES)
    box.put(message(long))
    assert box.qsize() == 1
    box.put(message())
    assert box.qsize() == 0


def test_the_end_is_said_and_what_was_put_before_comes_first(pair):
    here, there = pair
    box = Outbox()
    box.open(here)
    box.put(message("last words"))
    box.put(None)
    box.put(message("too late"))
    said, end = heard(there)
    assert said.data == "4last words"
    assert isinstance(end, CloseConnection)


def test_a_frame_is_kept_with_its_packet():
    sent = message()
    assert frame_of(sent) is frame_of(sent)


@pytest.fixture
def served(server):
    """Return a client of a whole socket, and a list that its handler greenlet ends in."""
    here, there = sockets.socketpair()
    environ = {
        "gunicorn.socket": here,
        "HTTP_CONNECTION": "Upgrade",
        "HTTP_UPGRADE": "websocket",
        "HTTP_SEC_WEBSOCKET_VERSION": "13",
        "HTTP_SEC_WEBSOCKET_KEY": "dGhlIHNhbXBsZSBub25jZQ==",
        "REQUEST_METHOD": "GET",
        "QUERY_STRING": "EIO=4&transport=websocket",
    }
    ended = []

    def serve():
        try:
            server.handle_request(environ, lambda *_: None)
        except StopIteration:
            ended.append("as gunicorn wants it")
        here.close()

    gevent.spawn(serve)
    there.settimeout(5)
    head = b""
    while not head.endswith(b"\r\n\r\n"):
        head += there.recv(1)
    assert b"Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" in head
    yield Client(there), ended
    there.close()
    gevent.sleep(0.01)


class Client:
    """The other end of a websocket."""

    def __init__(self, socket):
        self.socket, self.frames = socket, Connection(ConnectionType.CLIENT)
        self.events = []

    def send(self, event):
        self.socket.sendall(self.frames.send(event))

    def next(self):
        while not self.events:
            data = self.socket.recv(65536)
            if not data:
                return None
            self.frames.receive_data(data)
            self.events += self.frames.events()
        return self.events.pop(0)


def test_a_socket_opens_connects_and_ends(server, served):
    client, ended = served
    assert client.next().data.startswith("0{")
    client.send(TextMessage("40/live,"))
    assert client.next().data.startswith("40/live,{")
    client.send(CloseConnection(1000))
    assert isinstance(client.next(), CloseConnection)
    gevent.sleep(0.01)
    assert ended == ["as gunicorn wants it"]
    assert server.eio.sockets == {}
    assert NAMESPACE not in server.manager.rooms
    assert server.environ == {}


def test_a_message_in_parts_is_one_message_and_a_ping_is_answered(served):
    client, _ = served
    client.next()
    client.send(TextMessage("40/l", message_finished=False))
    client.send(TextMessage("ive,"))
    assert client.next().data.startswith("40/live,{")
    client.send(Ping(b"there?"))
    assert client.next() == Pong(b"there?")


@pytest.mark.parametrize(
    "nonsense",
    [TextMessage(""), TextMessage("x"), TextMessage("4" * 70_000), BytesMessage(b"\xff")],
    ids=["empty", "no packet", "too long", "bytes out of turn"],
)
def test_nonsense_ends_the_socket_and_nothing_else(served, nonsense):
    client, ended = served
    client.next()
    client.send(nonsense)
    client.send(CloseConnection(1000))
    while client.next() is not None:
        pass
    gevent.sleep(0.01)
    assert ended == ["as gunicorn wants it"]


def test_one_clock_pings_everybody_and_hangs_up_who_does_not_answer(server, follower):
    server.eio.ping_interval, server.eio.ping_timeout = 20, 15
    client = follower(1)
    opened = server.eio.sockets["socket 1"]
    opened.schedule_ping()
    now = time.time()
    server.eio.beat(now + 19)
    assert heard(client) == []
    server.eio.beat(now + 21)
    [ping] = heard(client)
    assert ping.data == "2"
    opened.receive(packet.Packet(packet.PONG))
    server.eio.beat(now + 37)
    assert not opened.closed
    [ping] = heard(client)
    opened.last_ping = now - 60  # it was pinged a minute ago, and has not answered
    server.eio.beat(now + 60)
    assert opened.closed


def test_who_asks_for_nothing_is_hung_up_when_pinged_first(server, served):
    client, ended = served
    client.next()
    server.eio.beat(time.time() + server.eio.ping_interval + 1)
    assert isinstance(client.next(), CloseConnection)
    assert client.next() is None
    gevent.sleep(0.01)
    assert ended == ["as gunicorn wants it"]
    assert server.eio.sockets == {}


def test_who_has_asked_is_pinged(server, served):
    client, _ = served
    client.next()
    client.send(TextMessage("40/live,"))
    client.next()
    server.eio.beat(time.time() + server.eio.ping_interval + 1)
    assert client.next().data == "2"


def test_sockets_that_ask_for_nothing_are_counted_by_their_address(server, follower, monkeypatch):
    monkeypatch.setattr(engine, "MOST_IDLE", 3)
    eio = server.eio
    for number in range(3):
        eio.sockets[f"idle {number}"] = engine.Websocket(eio, f"idle {number}")
        assert not eio._is_crowded("192.0.2.1", f"idle {number}")
    environ = {"REQUEST_METHOD": "GET", "QUERY_STRING": "EIO=4&transport=websocket"}
    upgrade = {"HTTP_CONNECTION": "Upgrade", "HTTP_UPGRADE": "websocket"}
    answered = []
    server.handle_request(
        {**environ, **upgrade, "REMOTE_ADDR": "192.0.2.1"},
        lambda status, _: answered.append(status),
    )
    assert answered == ["400 BAD REQUEST"]
    assert len(eio.sockets) == 3
    assert not eio._is_crowded("192.0.2.2", "from elsewhere")
    del eio.sockets["idle 0"]  # one has gone
    assert not eio._is_crowded("192.0.2.1", "another")
    follower(7)  # and one is used
    eio._new["192.0.2.1"] = ["idle 1", "idle 2", "socket 7"]
    assert not eio._is_crowded("192.0.2.1", "one more")


@pytest.mark.parametrize("changes", [{"VERSION": "8"}, {"KEY": ""}, {"KEY": "é"}])
def test_what_is_no_websocket_is_refused(server, changes):
    environ = {
        "HTTP_CONNECTION": "Upgrade",
        "HTTP_UPGRADE": "websocket",
        "HTTP_SEC_WEBSOCKET_VERSION": "13",
        "HTTP_SEC_WEBSOCKET_KEY": "dGhlIHNhbXBsZSBub25jZQ==",
        "REQUEST_METHOD": "GET",
        "QUERY_STRING": "EIO=4&transport=websocket",
        **{f"HTTP_SEC_WEBSOCKET_{name}": value for name, value in changes.items()},
    }
    answered = []
    server.handle_request(environ, lambda status, _headers: answered.append(status))
    assert answered == ["400 BAD REQUEST"]
    assert server.eio.sockets == {}
