"""Websockets at little cost: one greenlet a socket, one frame a message, one clock for all.

python-engineio runs four greenlets for every websocket and frames a message for every receiver
anew. Here the greenlet that serves the request reads, whoever sends writes (``outbox``), and one
greenlet pings everybody. Protocol and rooms are python-socketio's. For gevent under gunicorn.
"""

import time
from collections import defaultdict, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import Any

import engineio
import flask_socketio
import gevent
import socketio
import structlog
from engineio import packet
from engineio.socket import Socket
from flask import Flask
from wsproto.connection import Connection, ConnectionType
from wsproto.events import CloseConnection, Message, Ping, TextMessage
from wsproto.utilities import ProtocolError, generate_accept_token

from portal.live.outbox import Outbox

logger = structlog.get_logger()
BEAT_S = 1.0
MOST_IDLE = 200  # sockets of one address that have not asked for anything yet
MOST_ADDRESSES = 10_000  # of which sockets are counted
CHUNK = 4096
ACCEPTED = (
    b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Accept: %b\r\n\r\n"
)


class Websocket(Socket):
    """An Engine.IO socket that only ever was a websocket."""

    last_ping: float | None  # None: the next ping is due later

    def schedule_ping(self) -> None:
        """Be pinged after a while; called when the last ping was answered."""
        if self.last_ping:
            self.last_ping = None
            self.server.to_ping.append((time.time() + self.server.ping_interval, self))

    def ping(self, now: float) -> None:
        """Ask whether the other side still lives, and look later whether it has answered.

        Who has asked for nothing until then (no CONNECT was taken) is hung up instead.
        """
        if not self.closed and not self.server.is_used(self.sid):
            self._gone()
            self.queue.shut()
        elif not self.closed:
            self.last_ping = time.time()
            self.queue.put(packet.Packet(packet.PING))
            answers_by = now + self.server.ping_timeout + BEAT_S
            self.server.to_check.append((answers_by, self))

    def _upgrade_websocket(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Serve the websocket until it ends; the connection is then gunicorn's to close."""
        accept = _accepted(environ)
        if accept is None:
            self._gone()
            return self.server._bad_request("That is no websocket.")
        connection = environ["gunicorn.socket"]
        self.connected = self.upgraded = True
        self.queue.on_cut = self._cut
        try:
            connection.sendall(ACCEPTED % accept)
            self.queue.open(connection)
            self._serve(connection)
        except (OSError, ValueError, ProtocolError):
            logger.debug("socket.ended")  # what is no websocket, or no packet, ends it
        finally:
            self.queue.shut()
            self._gone()
        raise StopIteration  # tells gunicorn that it was answered

    def _serve(self, connection: Any) -> None:
        for message in _messages(connection, self.queue, self.server.max_http_buffer_size):
            if self.closed:
                return
            with suppress(engineio.exceptions.UnknownPacketError):
                self.receive(packet.Packet(encoded_packet=message))

    def _cut(self) -> None:
        logger.info("live.cut_slow")
        self._gone()

    def _gone(self) -> None:
        self.close(wait=False, abort=True, reason=self.server.reason.TRANSPORT_CLOSE)


def _accepted(environ: dict[str, Any]) -> bytes | None:
    """Return the answer to a websocket's key, or None if the request is not of a websocket."""
    key = environ.get("HTTP_SEC_WEBSOCKET_KEY", "")
    if environ.get("HTTP_SEC_WEBSOCKET_VERSION") != "13" or not key.isascii():
        return None
    return generate_accept_token(key.encode()) if key else None


def _messages(connection: Any, outbox: Outbox, most: int) -> Iterator[str | bytes]:
    """Read whole messages until the other side hangs up or one has more than ``most`` bytes.

    Compression is never agreed on: it would cost a socket more memory than all the rest.
    """
    frames = Connection(ConnectionType.SERVER)
    parts: list[Any] = []
    size = 0
    while data := connection.recv(CHUNK):
        frames.receive_data(data)
        for event in frames.events():
            if isinstance(event, CloseConnection):
                outbox.write(frames.send(event.response()))
                return
            if isinstance(event, Ping):
                outbox.write(frames.send(event.response()))
            if not isinstance(event, Message):
                continue
            parts += filter(None, [event.data])  # of those that are empty there may be any number
            size += len(event.data)
            if size > most:
                return
            if event.message_finished:
                yield _whole(event, parts)
                parts, size = [], 0


def _whole(last: Message[Any], parts: list[Any]) -> str | bytes:
    return "".join(parts) if isinstance(last, TextMessage) else b"".join(parts)


class Engine(engineio.Server):
    """Opens the sockets, pings them, and hangs up those that no longer answer."""

    start_service_task: bool

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.to_ping: deque[tuple[float, Websocket]] = deque()
        self.to_check: deque[tuple[float, Websocket]] = deque()
        self.is_used: Callable[[str], bool] = lambda sid: True
        #: Address → sockets opened from there, until it is known that they are used or closed.
        self._new: defaultdict[str, list[str]] = defaultdict(list)

    def create_queue(self, *_args: Any, **_options: Any) -> Outbox:
        """Return what a new socket's packets are put into."""
        return Outbox()

    def send_packet(self, sid: str, pkt: packet.Packet) -> None:
        """Send a packet to a socket, if it is open; this is called once for each receiver."""
        opened = self.sockets.get(sid)
        if opened is not None and not opened.closed:
            opened.queue.put(pkt)

    def _handle_connect(
        self, environ: dict[str, Any], start_response: Any, transport: str, _index: Any = None
    ) -> Any:
        """Open a socket and serve it to its end."""
        if self.start_service_task:
            self.start_service_task = False
            gevent.spawn(self._service_task)
        sid = self.generate_id()
        if self._is_crowded(environ.get("REMOTE_ADDR", ""), sid):
            return self._bad_request("Too many sockets from your address ask for nothing.")
        opened = self.sockets[sid] = Websocket(self, sid)
        try:
            opened.send(self._welcome(sid))
            self._trigger_event("connect", sid, environ, run_async=False)
            opened.schedule_ping()
            return opened.handle_get_request(environ, start_response)
        finally:
            self.sockets.pop(sid, None)

    def _is_crowded(self, address: str, sid: str) -> bool:
        """Return whether MOST_IDLE sockets of an address ask for nothing; else note this one."""
        new = self._new[address]
        if len(new) >= MOST_IDLE:
            new[:] = [each for each in new if each in self.sockets and not self.is_used(each)]
            if len(new) >= MOST_IDLE:
                return True
        new.append(sid)
        return False

    def _welcome(self, sid: str) -> packet.Packet:
        return packet.Packet(
            packet.OPEN,
            {
                "sid": sid,
                "upgrades": [],
                "pingTimeout": int(self.ping_timeout * 1000),
                "pingInterval": int(self.ping_interval * 1000),
                "maxPayload": self.max_http_buffer_size,
            },
        )

    def _service_task(self) -> None:
        while True:
            gevent.sleep(BEAT_S)
            self.beat(time.time())

    def beat(self, now: float) -> None:
        """Ping those whose turn it is, and hang up those that did not answer in time."""
        for socket in _due(self.to_ping, now):
            socket.ping(now)
        if len(self._new) > MOST_ADDRESSES:  # nobody is counted twice for being forgotten
            self._new.clear()
        for socket in _due(self.to_check, now):
            if not socket.closed:
                socket.check_ping_timeout()


def _due(waiting: deque[tuple[float, Websocket]], now: float) -> Iterable[Websocket]:
    """Take from the front what is due: all wait equally long, so the order is that of time."""
    while waiting and waiting[0][0] <= now:
        yield waiting.popleft()[1]


class Server(socketio.Server):
    """python-socketio over this engine."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.eio.is_used = self._is_used

    def _is_used(self, eio_sid: str) -> bool:
        """Return whether a socket of the engine is in one of our namespaces."""
        spaces = list(self.manager.rooms)
        return any(self.manager.sid_from_eio_sid(eio_sid, each) is not None for each in spaces)

    def _engineio_server_class(self) -> type[engineio.Server]:
        return Engine


class SocketIO(flask_socketio.SocketIO):
    """Flask-SocketIO over this engine where greenlets run; as it is elsewhere (tests)."""

    def init_app(self, app: Flask, **options: Any) -> None:
        """Serve the sockets of ``app``."""
        pages = app.wsgi_app
        super().init_app(app, **options)
        if self.async_mode == "gevent":
            self.server = self.sockio_mw.engineio_app = Server(**self.server_options)
            for namespace in self.namespace_handlers:
                self.server.register_namespace(namespace)
            app.wsgi_app = Entrance(self.sockio_mw, pages)  # type: ignore[method-assign]


class Entrance:
    """Leads sockets to the engine, and everything else straight to the pages.

    The library's own would make a class and copy the environment for every request.
    """

    def __init__(self, engine: Any, pages: Any) -> None:
        self._engine = engine
        self._pages = pages

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer a request."""
        is_socket = environ["PATH_INFO"].startswith(self._engine.engineio_path)
        return (self._engine if is_socket else self._pages)(environ, start_response)
