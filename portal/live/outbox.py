"""What one socket is still to be sent: written at once if it can be, kept in a queue if not."""

import os
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from socket import SHUT_RDWR
from typing import Any

import gevent
from engineio.packet import Packet
from wsproto.connection import Connection, ConnectionType
from wsproto.events import BytesMessage, CloseConnection, TextMessage

MOST_FRAMES = 500  # waiting for one socket; a reader that slow is cut and comes again
MOST_BYTES = 4 * 1024 * 1024
LAST_WORDS_S = 2.0  # for what still waits when a socket is closed
_framing = Connection(ConnectionType.SERVER)  # keeps nothing: every message is one whole frame
_CLOSE = Connection(ConnectionType.SERVER).send(CloseConnection(1000))


def frame_of(packet: Packet) -> bytes:
    """Return the websocket frame of an Engine.IO packet; made once, however many are sent it."""
    made: bytes | None = packet.__dict__.get("frame")
    if made is None:
        words = packet.encode()
        message = BytesMessage(words) if isinstance(words, bytes) else TextMessage(words)
        made = packet.frame = _framing.send(message)
    return made


class Outbox:
    """Stands where engineio has a queue with a greenlet that writes; never makes anybody wait.

    Until ``open`` everything is kept. A reader that does not read is cut at MOST_FRAMES or
    MOST_BYTES: its socket is shut, and ``on_cut()`` is called.
    """

    def __init__(self) -> None:
        self.on_cut: Callable[[], None] | None = None
        self._socket: Any = None
        self._waiting: deque[bytes] = deque()
        self._bytes = 0
        self._writing = False
        self._ending = False
        self._ended = False

    def open(self, socket: Any) -> None:
        """Write to ``socket`` (of gevent) from now on, beginning with what was kept."""
        self._socket = socket
        self._begin_to_write()

    def put(self, packet: Packet | None) -> None:
        """Send a packet; None hangs up after what was sent before."""
        if packet is None:
            self._end()
        elif not self._ended and not self._ending:
            self.write(frame_of(packet))

    def write(self, frame: bytes) -> None:
        """Send a frame."""
        if self._socket is None or self._waiting:
            self._keep(frame)
            return
        sent = self._try(frame)
        if sent < len(frame):
            self._keep(frame[sent:])
            self._begin_to_write()

    def qsize(self) -> int:
        """Return how many frames wait."""
        return len(self._waiting)

    def join(self) -> None:
        """Wait for nobody: engineio would, whoever closes a socket."""

    def _try(self, frame: bytes) -> int:
        """Return how much of the frame the system took without waiting."""
        try:
            return os.write(self._socket.fileno(), frame)
        except BlockingIOError:
            return 0
        except OSError:
            self.shut()
            return len(frame)

    def _keep(self, frame: bytes) -> None:
        if len(self._waiting) >= MOST_FRAMES or (self._waiting and self._bytes > MOST_BYTES):
            self._cut()
            return
        self._waiting.append(frame)
        self._bytes += len(frame)

    def _begin_to_write(self) -> None:
        if not self._writing and self._waiting and not self._ended:
            self._writing = True
            gevent.spawn(self._write_all)

    def _write_all(self) -> None:
        try:
            while self._waiting:
                self._socket.sendall(self._waiting[0])
                self._bytes -= len(self._waiting.popleft())
        except (OSError, IndexError):  # shut meanwhile: nothing waits any more
            self.shut()
        self._writing = False
        if self._ending:
            self._hang_up()

    def _cut(self) -> None:
        self.shut()
        if self.on_cut is not None:
            gevent.spawn(self.on_cut)

    def _end(self) -> None:
        if self._ending or self._ended:
            return
        self._ending = True
        if not self._waiting:
            self._hang_up()
        gevent.spawn_later(LAST_WORDS_S, self.shut)

    def _hang_up(self) -> None:
        if self._socket is not None and not self._ended:
            self._try(_CLOSE)

    def shut(self) -> None:
        """Let go of what waits, and wake whoever reads from the socket or writes to it."""
        self._ended = True
        self._waiting.clear()
        self._bytes = 0
        if self._socket is not None:
            with suppress(OSError):
                self._socket.shutdown(SHUT_RDWR)  # what was written is still delivered
