"""The club with 200 000 posts: pages of a topic, searches, and a post that 200 readers wait for.

``python3 dev.py bench --phases forum``. bench/forum_ground.py fills the centre. Everything is asked
over HTTP and real sockets by people who are signed in. Beside the figures stands FlaskBB's for a
page of a topic, as published for a machine like ours.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Iterator
from itertools import count, product
from pathlib import Path
from typing import Any
from urllib.parse import quote

from callers import Call, Caller, saturated
from fan_out import TOO_LONG_S, Crowd, Page
from phases import CONNECTIONS, Asker, Line

ROOT = Path(__file__).parents[1]
GROUND = Path(__file__).with_name("forum_ground.py")
FLASKBB = Line("FlaskBB, a page of a topic (published)", 1000 / 33.5, 33_500, 33.5, 33.5)
PAGES = 500  # of the long topic
NARROWED = (
    "",
    "&sort=newest",
    "&space=packing",
    "&tag=" + quote("冷链"),
    "&titles=1",
    "&since=2026-10-01",
)
POSTS = 20  # that readers wait for


class Browser(Caller):
    """A kept connection of somebody who is signed in."""

    def __init__(self, port: int, cookie: str) -> None:
        super().__init__(port)
        self.cookie = f"Cookie: {cookie}\r\nOrigin: http://127.0.0.1\r\n"

    def request(
        self, method: str, path: str, body: bytes = b"", kind: str = "application/json"
    ) -> bytes:
        """Return a request with the person's cookie."""
        plain = super().request(method, path, body, kind)
        return plain.replace(b"Accept-Language", self.cookie.encode() + b"Accept-Language", 1)


def lines(ask: Asker) -> Iterator[Line]:
    """Fill the centre, read it, search it, and write while many read."""
    command = [sys.executable, str(GROUND)]
    done = subprocess.run(
        command, cwd=ROOT, env=ask.centre.environment, stdout=subprocess.PIPE, text=True, check=True
    )
    ground = json.loads(done.stdout.splitlines()[-1])
    yield FLASKBB
    for name, number in (("first", 1), ("middle", PAGES // 2), ("last", PAGES)):
        calls = [_page(ask, ground, cookie, [number]) for cookie in ground["cookies"][:CONNECTIONS]]
        yield ask.line(f"topic of 10 000 posts, {name} page", lambda: saturated(calls, ask.seconds))  # noqa: B023
    calls = [
        _page(ask, ground, cookie, range(1 + turn, PAGES, CONNECTIONS))
        for turn, cookie in enumerate(ground["cookies"][:CONNECTIONS])
    ]
    yield ask.line("the same, every page in turn (not kept)", lambda: saturated(calls, ask.seconds))
    yield _searching(ask, ground)
    yield _waiting(ask, ground)


def _page(ask: Asker, ground: dict[str, Any], cookie: str, numbers: Any) -> Call:
    browser, turn = Browser(ask.centre.port, cookie), count()
    way = f"/club/t/{ground['topic']}/page/"
    requests = [browser.request("GET", f"{way}{number}") for number in numbers]
    return lambda: browser.call(requests[next(turn) % len(requests)])


def _searching(ask: Asker, ground: dict[str, Any]) -> Line:
    browser = Browser(ask.centre.port, ground["cookies"][0])
    asked = [f"/club/search?q={quote(q)}{n}" for q, n in product(ground["searched"], NARROWED)]

    def search() -> list[float]:
        took = []
        for path in asked:
            began = time.perf_counter()
            browser.get(path)
            took.append((time.perf_counter() - began) * 1000)
        return took

    search()
    line = ask.line("", lambda: sorted(search()))
    p95 = sorted(search())[int(len(asked) * 0.95)]
    name = f"search of 200 000 posts, {len(asked)} questions (p95 {p95:.0f} ms)"
    return Line(name, line.per_second, line.cpu_us, line.p50_ms, line.p99_ms)


class Fetch(asyncio.Protocol):
    """A kept connection by which one reader asks for what is new."""

    def __init__(self, reader: "Reader") -> None:
        self.reader = reader
        self.buffer = bytearray()
        self.transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep the connection."""
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport

    def data_received(self, data: bytes) -> None:
        """Note when an answer is there as a whole."""
        self.buffer += data
        end = self.buffer.find(b"\r\n\r\n")
        if end < 0:
            return
        head = bytes(self.buffer[:end]).lower()
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        if len(self.buffer) >= end + 4 + length:
            assert head.startswith(b"http/1.1 200"), head
            self.buffer.clear()
            self.reader.crowd.heard(time.perf_counter())


class Reader(Page):
    """An open page of a member: hears of a post and asks for it."""

    crowd: "Readers"
    fetch: Fetch

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Ask for a websocket with the member's cookie."""
        cookie = f"Cookie: {self.crowd.cookies[self.number]}\r\n".encode()
        whole = _Kept()
        super().connection_made(whole)
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        transport.write(
            whole.written.replace(b"Upgrade: websocket", cookie + b"Upgrade: websocket")
        )

    def _hear(self, message: bytes, now: float) -> None:
        if not message.startswith(b"42/live,"):
            super()._hear(message, now)
        elif b"forum.post_written" in message:
            self.fetch.transport.write(self.crowd.question(self.number))


class _Kept(asyncio.Transport):
    """Keeps what is written, to be sent otherwise."""

    def __init__(self) -> None:
        super().__init__()
        self.written = b""

    def write(self, data: Any) -> None:
        """Keep it."""
        self.written += data


class Readers(Crowd):
    """Members who read one topic at its end."""

    def __init__(self, port: int, ground: dict[str, Any]) -> None:
        self.cookies, self.topic = ground["cookies"], ground["topic"]
        self.after, self.began = 0, 0.0
        self.took: list[float] = []
        super().__init__(port, {"topic": "topic", "ref": self.topic})

    async def _open(self, number: int) -> Page:
        loop = asyncio.get_running_loop()
        _, reader = await loop.create_connection(
            lambda: Reader(self, number), "127.0.0.1", self.port
        )
        _, reader.fetch = await loop.create_connection(
            lambda: Fetch(reader), "127.0.0.1", self.port
        )
        await reader.follows
        return reader

    def question(self, number: int) -> bytes:
        """Return what a reader asks for when he hears of a post."""
        browser = Browser.__new__(Browser)
        browser.key, browser.cookie = None, f"Cookie: {self.cookies[number]}\r\n"
        return browser.request("GET", f"/club/t/{self.topic}/posts?after={self.after}")

    def expect(self, after: int) -> None:
        """Begin to wait until every reader has seen the post behind ``after``."""
        self.after = after
        self.await_event()
        self.began = time.perf_counter()

    def heard(self, now: float) -> None:
        """Note that one more reader has it on his page."""
        self.took.append((now - self.began) * 1000)
        super().heard(now)


def _waiting(ask: Asker, ground: dict[str, Any]) -> Line:
    readers = Readers(ask.centre.port, ground)
    readers.grow(len(ground["cookies"]))
    writer = Browser(ask.centre.port, ground["cookies"][0])
    body = json.dumps({"text": "旺季前把箱型统一，破损少了一半。"}).encode()
    way = f"/api/v1/club/topics/{ground['topic']}/posts"

    def write() -> list[float]:
        for turn in range(POSTS):
            readers.expect(10_000 + turn)
            writer.call(writer.request("POST", way, body))
            if not readers.all_heard.wait(TOO_LONG_S):
                raise RuntimeError("Some readers have not seen the post.")
        return readers.took

    try:
        return ask.line(f"a post seen by each of {len(readers.pages)} readers", write)
    finally:
        readers.close()
