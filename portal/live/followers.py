"""Who follows what in this process, and the reader of the log that tells them.

Each web process reads the log itself, from where it stopped; between processes only wake-ups
travel. So an event cannot be lost or doubled on the way to a socket, whichever process dies.

A new follower is told what he missed in the answer to ``follow``, up to a position. Until the
reader has brought him from there to its own position he is *joining*; only then does he hear
what the others hear. So nothing comes twice, nothing is left out, and all of it in order.
"""

import threading
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from flask_socketio import SocketIO
from gevent import sleep

from portal.accounts import events as accounts
from portal.consignments import events as consignments
from portal.core import clock
from portal.core.db import db
from portal.live import log
from portal.live.log import Thing

NAMESPACE = "/live"
SLOW = 500  # messages waiting for one socket; a reader that slow is cut and comes again
logger = structlog.get_logger()


@dataclass
class Client:
    """An open socket: who opened it, and the things it follows."""

    sid: str
    eio_sid: str
    person_id: int | None
    sign_in_id: int | None
    api_key_id: int | None
    token: str
    address: str = ""
    #: When the sign-in or the key behind it ends; then it is cut.
    until: datetime | None = None
    things: dict[str, Thing] = field(default_factory=dict)

    def is_visitor_at(self, address: str) -> bool:
        """Return whether nobody is signed in and it comes from ``address``."""
        return self.person_id is None and self.address == address

    def has_ended(self, now: datetime) -> bool:
        """Return whether the sign-in, the key, a link or a proof behind it has run out."""
        ends = (self.until, *(thing.until for thing in self.things.values()))
        return any(until is not None and until <= now for until in ends)


class Followers:
    """The sockets of this process and its place in the log."""

    def __init__(self, socketio: SocketIO) -> None:
        self.socketio = socketio
        self.clients: dict[str, Client] = {}
        self.position: int | None = None
        self._joining: list[tuple[str, Thing, int]] = []
        self._lock = threading.RLock()
        self.moved = threading.Condition()

    def add(self, client: Client) -> None:
        """Know a socket that was opened."""
        self.clients[client.sid] = client

    def remove(self, sid: str) -> None:
        """Forget a socket that was closed."""
        self.clients.pop(sid, None)

    def join(self, sid: str, thing: Thing, position: int) -> None:
        """Let a socket follow ``thing``; it has been told everything up to ``position``."""
        with self._lock:
            if (client := self.clients.get(sid)) is not None:
                client.things[room_of(thing)] = thing
                self._joining.append((sid, thing, position))

    def leave(self, sid: str, topic: str, ref: str) -> None:
        """Let a socket no longer follow the thing it calls so."""
        client = self.clients.get(sid)
        for room, thing in list(client.things.items() if client else ()):
            if (thing.topic, thing.ref) == (topic, ref):
                del client.things[room]  # type: ignore[union-attr]
                self.socketio.server.leave_room(sid, room, namespace=NAMESPACE)

    def run_once(self) -> int:
        """Tell everybody what is new in the log; return how many events that was."""
        with self._lock:
            head = log.head()
            if self.position is None:
                self.position = head.position
            self._bring_up(head)
            told = self._tell(head)
        db.session.commit()
        if told:
            with self.moved:
                self.moved.notify_all()
        return told

    def _bring_up(self, head: log.Head) -> None:
        joining, self._joining = self._joining, []
        now = clock.now()
        for sid, thing, position in joining:
            client = self.clients.get(sid)
            if client is None or client.has_ended(now) or room_of(thing) not in client.things:
                continue
            for event in log.missed(thing.key, position, self.position or 0):
                self._send(event, thing, head, to=sid)
            self.socketio.server.enter_room(sid, room_of(thing), namespace=NAMESPACE)

    def _tell(self, head: log.Head) -> int:
        told = 0
        while (self.position or 0) < head.position:
            events = log.since(self.position or 0)
            if not events:
                break
            rooms = self._rooms()
            for event in events:
                self._tell_one(event, rooms, head)
                self.position = event.position
            told += len(events)
            self._cut_slow()
        return told

    def _rooms(self) -> dict[str, dict[str, Thing]]:
        """Return key → room → thing, of what is followed now."""
        rooms: dict[str, dict[str, Thing]] = defaultdict(dict)
        now = clock.now()
        for client in list(self.clients.values()):
            if client.has_ended(now):
                self.cut(client.sid)
                continue
            for room, thing in list(client.things.items()):
                rooms[thing.key][room] = thing
        return rooms

    def _tell_one(self, event: Any, rooms: dict[str, dict[str, Thing]], head: log.Head) -> None:
        for key in log.topics_of(event.name, event.payload):
            for room, thing in rooms.get(key, {}).items():
                self._send(event, thing, head, to=room)
        if (affected := CUTS.get(event.name)) is not None:
            for client in list(self.clients.values()):
                if affected(client, event.payload):
                    self.cut(client.sid)

    def _send(self, event: Any, thing: Thing, head: log.Head, *, to: str) -> None:
        cursor = head.cursor(event.position)
        message = log.message(event, thing, cursor)
        self.socketio.server.emit("event", message, to=to, namespace=NAMESPACE)

    def _cut_slow(self) -> None:
        sockets = getattr(self.socketio.server.eio, "sockets", {})
        for client in list(self.clients.values()):
            socket = sockets.get(client.eio_sid)
            if socket is not None and socket.queue.qsize() > SLOW:
                logger.info("live.cut_slow")
                self.cut(client.sid)

    def cut(self, sid: str) -> None:
        """Close a socket; its client may come again and is then checked anew."""
        self.remove(sid)
        self.socketio.server.disconnect(sid, namespace=NAMESPACE)

    def cut_all(self) -> None:
        """Close every socket: the process is about to end."""
        for sid in list(self.clients):
            self.cut(sid)
        sleep(0)

    def wait(self, timeout_s: float) -> None:
        """Wait until the log has moved on, or the time is over."""
        with self.moved:
            self.moved.wait(timeout_s)


def room_of(thing: Thing) -> str:
    """Return the room of those who follow a thing by the same name and for the same time."""
    return f"{thing.key}|{thing.topic}|{thing.ref}|{thing.until or ''}"


def _of_person(client: Client, payload: Any) -> bool:
    return client.person_id is not None and client.person_id == payload["person_id"]


#: Events after which open sockets may no longer be entitled: who is cut, and comes again.
CUTS = {
    accounts.SignedOut.name: lambda client, e: client.sign_in_id in e["sign_in_ids"],
    accounts.PasswordChanged.name: _of_person,
    accounts.RoleChanged.name: _of_person,
    accounts.ApiKeyRevoked.name: lambda client, e: client.api_key_id == e["api_key_id"],
    consignments.LinkRevoked.name: lambda client, e: any(
        thing.link_ref == e["link_ref"] for thing in client.things.values()
    ),
}
