"""Who follows what in this process, and the reader of the log that tells them.

Each web process reads the log itself, from where it stopped; between processes only wake-ups
travel. So an event cannot be lost or doubled on the way to a socket, whichever process dies.

A new follower is told what he missed in the answer to ``follow``, up to a position. Until the
reader stands at that position, or has brought him from there to its own, he is *joining*; only
then does he hear what the others hear. So nothing comes twice, nothing is left out, and all of
it in order: also for who comes from a process whose reader is ahead of this one's.
"""

import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask_socketio import SocketIO
from gevent import sleep

from portal.core import clock
from portal.core.db import AnyRow, end_reading
from portal.live import log
from portal.live.cuts import CUTS
from portal.live.log import Thing
from portal.live.rooms import Rooms, room_of

NAMESPACE = "/live"
AT_ONCE = 1000  # receivers told before others in this process get a turn


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
    #: When the sign-in, the key, a link or a proof behind it ends; then it is cut.
    until: datetime | None = None
    things: dict[str, Thing] = field(default_factory=dict)

    def is_visitor_at(self, address: str) -> bool:
        """Return whether nobody is signed in and it comes from ``address``."""
        return self.person_id is None and self.address == address

    def follows(self, thing: Thing) -> None:
        """Note a thing; the socket ends no later than it may be followed."""
        self.things[room_of(thing)] = thing
        if thing.until is not None and (self.until is None or thing.until < self.until):
            self.until = thing.until

    def has_ended(self, now: datetime) -> bool:
        """Return whether what it was opened with has run out."""
        return self.until is not None and self.until <= now


@dataclass(frozen=True)
class Joining:
    """A follower who was told of ``thing`` up to ``position``."""

    sid: str
    thing: Thing
    position: int


class Followers:
    """The sockets of this process and its place in the log."""

    def __init__(self, socketio: SocketIO) -> None:
        self.socketio = socketio
        self.clients: dict[str, Client] = {}
        self.position: int | None = None
        self._rooms = Rooms()
        self._joining: list[Joining] = []
        self._unsure: list[tuple[str, int]] = []
        self._lock = threading.RLock()
        self.moved = threading.Condition()

    def add(self, client: Client, *, since: int | None = None) -> None:
        """Know a socket that was opened; its right was looked at at position ``since``."""
        self.clients[client.sid] = client
        self._look_again(client.sid, since)

    def remove(self, sid: str) -> None:
        """Forget a socket that was closed."""
        client = self.clients.pop(sid, None)
        for room, thing in client.things.items() if client else ():
            self._rooms.leave(thing.key, room, sid)

    def join(self, sid: str, thing: Thing, position: int, *, since: int | None = None) -> None:
        """Let a socket follow ``thing``; it has been told everything up to ``position``."""
        with self._lock:
            if (client := self.clients.get(sid)) is not None:
                client.follows(thing)
                self._look_again(sid, since)
                self._joining.append(Joining(sid, thing, position))

    def leave(self, sid: str, topic: str, ref: str) -> None:
        """Let a socket no longer follow the thing it calls so."""
        client = self.clients.get(sid)
        for room, thing in list(client.things.items() if client else ()):
            if (thing.topic, thing.ref) == (topic, ref):
                del client.things[room]  # type: ignore[union-attr]
                self._rooms.leave(thing.key, room, sid)
                self.socketio.server.leave_room(sid, room, namespace=NAMESPACE)

    def run_once(self) -> int:
        """Tell everybody what is new in the log; return how many events that was."""
        with self._lock:
            head = log.head()
            if self.position is None:
                self.position = head.position
            self._cut_ended()
            self._cut_unsure()
            self._bring_up(head)
            told = self._tell(head)
        end_reading()
        if told:
            with self.moved:
                self.moved.notify_all()
        return told

    def _bring_up(self, head: log.Head) -> None:
        """Let those enter who were told no more than the reader has; the others wait for it."""
        here = self.position or 0
        ready = [each for each in self._joining if each.position <= here]
        self._joining = [each for each in self._joining if each.position > here]
        for each in ready:
            client, room = self.clients.get(each.sid), room_of(each.thing)
            if client is None or room not in client.things:
                continue
            if each.position < here:
                kept = log.missed(each.thing.key, each.position, here)
                for event in log.heard(each.thing, kept):
                    self._send(event, each.thing, head, to=each.sid)
            self._rooms.enter(each.thing, each.sid)
            self.socketio.server.enter_room(each.sid, room, namespace=NAMESPACE)

    def _tell(self, head: log.Head) -> int:
        told = receivers = 0
        while (self.position or 0) < head.position:
            events = log.since(self.position or 0)
            if not events:
                break
            for event in events:
                receivers += self._tell_one(event, head)
                self.position = event.position
                if self._joining:
                    self._bring_up(head)
                if receivers > AT_ONCE:
                    receivers = 0
                    sleep(0)
            told += len(events)
        return told

    def _tell_one(self, event: AnyRow, head: log.Head) -> int:
        """Tell an event to all who follow what it is heard in; return how many they are."""
        receivers = 0
        for key in log.topics_of(event.name, event.payload):
            for room, thing, size in self._rooms.of(key, self.clients):
                if thing.hears(event):
                    self._send(event, thing, head, to=room)
                    receivers += size
        if event.name in CUTS:
            self._cut_by(event, list(self.clients.values()))
        return receivers

    def _send(self, event: AnyRow, thing: Thing, head: log.Head, *, to: str) -> None:
        cursor = head.cursor(event.position)
        message = log.message(event, thing, cursor)
        self.socketio.server.emit("event", message, to=to, namespace=NAMESPACE)

    def say(self, name: str, key: str, said: dict[str, Any], *, unheard_by: frozenset[int]) -> None:
        """Send what is not kept to all in this process who follow a topic, but some people."""
        for room, thing, _size in self._rooms.of(key, self.clients):
            skipped = [s for s, client in self.clients.items() if client.person_id in unheard_by]
            message = {"topic": thing.topic, "ref": thing.ref, **said}
            self.socketio.server.emit(name, message, to=room, skip_sid=skipped, namespace=NAMESPACE)

    def _look_again(self, sid: str, since: int | None) -> None:
        if since is not None:
            self._unsure.append((sid, since))

    def _cut_unsure(self) -> None:
        """Cut those whose right ended while it was looked at, unseen because not known yet."""
        unsure, self._unsure = self._unsure, []
        for sid, since in unsure:
            for event in self._passed(since) if sid in self.clients else ():
                if event.name in CUTS and (client := self.clients.get(sid)) is not None:
                    self._cut_by(event, [client])

    def _passed(self, since: int) -> Iterator[AnyRow]:
        """Read the events behind ``since`` that the reader has told."""
        while since < (self.position or 0):
            events = log.since(since)
            yield from (event for event in events if event.position <= (self.position or 0))
            since = events[-1].position if events else self.position or 0

    def _cut_by(self, event: AnyRow, clients: list[Client]) -> None:
        for client in clients:
            if CUTS[event.name](client, event.payload):
                self.cut(client.sid)

    def _cut_ended(self) -> None:
        now = clock.now()
        for client in [each for each in self.clients.values() if each.has_ended(now)]:
            self.cut(client.sid)

    def cut(self, sid: str) -> None:
        """Hang up a socket; its client comes again by itself and is then checked anew."""
        client = self.clients.get(sid)
        self.remove(sid)
        if client is not None:
            self.socketio.server.eio.disconnect(client.eio_sid)
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
