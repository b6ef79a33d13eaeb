"""One event, many open pages: memory of an idle page, and how long until the last has heard."""

import asyncio
import base64
import json
import os
import threading
import time
from collections.abc import Iterator

from callers import Caller
from phases import MOVING, Asker, Line, moving

SIZES = (200, 1000, 2000)
EVENTS = 20
AT_ONCE = 50  # pages that are opened side by side
FROM_ONE_ADDRESS = 150  # the portal takes 200 visitors of one address
TOO_LONG_S = 30.0
SETTLES_S = 1.0


class Page(asyncio.Protocol):
    """An open page of a visitor with a link: a Socket.IO client that only listens.

    It looks at what comes in only as far as it must, so that it costs little beside the server.
    """

    def __init__(self, crowd: "Crowd", number: int) -> None:
        self.crowd = crowd
        self.number = number
        self.buffer = bytearray()
        self.follows = asyncio.get_running_loop().create_future()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a websocket, a namespace and a consignment."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        port = self.crowd.port
        transport.write(
            "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
            f"Host: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\n"
            "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}\r\n\r\n".encode()
        )

    def data_received(self, data: bytes) -> None:
        """Take apart what came: the head of the answer, then frames."""
        now = time.perf_counter()
        self.buffer += data
        if self.buffer.startswith(b"HTTP/1.1 101"):
            end = self.buffer.find(b"\r\n\r\n")
            if end < 0:
                return
            del self.buffer[: end + 4]
        while (message := self._next()) is not None:
            self._hear(message, now)

    def _next(self) -> bytes | None:
        """Return the next whole message; the server's frames are short and not masked."""
        buffer = self.buffer
        if len(buffer) < 4:
            return None
        length, head = buffer[1], 2
        if length == 126:
            length, head = int.from_bytes(buffer[2:4], "big"), 4
        if len(buffer) < head + length:
            return None
        message = bytes(buffer[head : head + length])
        del buffer[: head + length]
        return message

    def _hear(self, message: bytes, now: float) -> None:
        if message.startswith(b"42/live,"):
            self.crowd.heard(now)
        elif message == b"2":
            self._say("3")
        elif message.startswith(b"0"):
            self._say("40/live,")
        elif message.startswith(b"40/live,"):
            self._say("42/live,1" + json.dumps(["follow", self.crowd.asked]))
        elif message.startswith(b"43/live,1") and b'"ok":true' in message:
            self.follows.set_result(True)
        elif not self.follows.done():
            self.follows.set_exception(RuntimeError(f"The page may not follow: {message!r}"))

    def _say(self, text: str) -> None:
        words = text.encode()
        length = len(words)
        head = bytes((0x81, 0x80 | length)) if length < 126 else b"\x81\xfe" + length.to_bytes(2)
        self.transport.write(head + bytes(4) + words)  # masked with zeros


class Crowd:
    """Open pages on a thread of their own."""

    def __init__(self, port: int, asked: dict[str, str]) -> None:
        self.port, self.asked = port, asked
        self.pages: list[Page] = []
        self.loop = asyncio.new_event_loop()
        self.all_heard = threading.Event()
        self.last = 0.0
        self._missing = 0
        threading.Thread(target=self.loop.run_forever, daemon=True).start()

    def grow(self, size: int) -> None:
        """Open pages until there are ``size``."""
        asyncio.run_coroutine_threadsafe(self._grow(size), self.loop).result(120)

    async def _grow(self, size: int) -> None:
        while len(self.pages) < size:
            count = min(AT_ONCE, size - len(self.pages))
            opened = [self._open(len(self.pages) + turn) for turn in range(count)]
            self.pages += await asyncio.gather(*opened)

    async def _open(self, number: int) -> Page:
        here = (f"127.0.0.{2 + number // FROM_ONE_ADDRESS}", 0)
        _, page = await self.loop.create_connection(
            lambda: Page(self, number), "127.0.0.1", self.port, local_addr=here
        )
        await page.follows
        return page

    def await_event(self) -> None:
        """Begin to wait until every page has heard one event."""
        self.all_heard.clear()
        self._missing = len(self.pages)

    def heard(self, now: float) -> None:
        """Note that one more page has heard it."""
        self._missing -= 1
        if self._missing == 0:
            self.last = now
            self.all_heard.set()

    def close(self) -> None:
        """Close all pages."""
        for page in self.pages:
            self.loop.call_soon_threadsafe(page.transport.abort)


def lines(ask: Asker) -> Iterator[Line]:
    """Open pages, push, and measure from the sending of the push to the last receiver."""
    no = moving(ask, ask.owner)[-1]
    staff = ask.caller(ask.staff)
    link = ask.caller(ask.owner).post(f"/api/v1/consignments/{no}/links", {"precision": "full"})
    crowd = Crowd(ask.centre.port, {"topic": "consignment", "ref": no, "token": link["token"]})
    before = ask.centre.memory_mb()
    for size in SIZES:
        crowd.grow(size)
        time.sleep(SETTLES_S)
        each_kb = (ask.centre.memory_mb() - before) / size * 1000
        name = f"last of {size} pages, from the push on ({each_kb:.0f} kB an open page)"
        yield ask.line(name, lambda: _told(staff, no, crowd))
    crowd.close()


def _told(staff: Caller, no: str, crowd: Crowd) -> list[float]:
    took = []
    for turn in range(EVENTS):
        body = json.dumps({"code": MOVING[turn % 2]}).encode()
        request = staff.request("POST", f"/api/v1/consignments/{no}/events", body)
        crowd.await_event()
        began = time.perf_counter()
        staff.call(request)
        if not crowd.all_heard.wait(TOO_LONG_S):
            raise RuntimeError("Some pages have not heard the event.")
        took.append((crowd.last - began) * 1000)
    return took
