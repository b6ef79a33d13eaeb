"""Many followers of the stream, on one thread: they come again after every cut, by themselves."""

import asyncio
import base64
import json
import os
import random
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from wsproto.connection import Connection, ConnectionType
from wsproto.events import CloseConnection, TextMessage

COMES_AGAIN_S = 0.3


@dataclass
class Follower:
    """Who follows one thing: where he stands, and what he has heard since he first asked."""

    key: str
    topic: str
    ref: str
    #: Ports of the processes he may come to; after a cut he tries the next.
    ports: list[int]
    cursor: str | None = None
    first: int | None = None
    heard: list[dict[str, Any]] = field(default_factory=list)
    cuts: int = 0
    resets: int = 0
    port: int | None = None  # where he is now

    @property
    def position(self) -> int:
        """Return the place in the log up to which he was told."""
        return int(self.cursor.partition(".")[2], 16) if self.cursor else -1

    async def live(self) -> None:
        """Follow for ever."""
        turn = random.randrange(len(self.ports))
        while True:
            with suppress(OSError, EOFError, asyncio.IncompleteReadError):
                await self._follow(self.ports[turn % len(self.ports)])
            self.port, turn = None, turn + 1
            self.cuts += 1
            await asyncio.sleep(COMES_AGAIN_S * random.uniform(0.3, 1))

    async def _follow(self, port: int) -> None:
        socket = await _open(port)
        try:
            await socket.says("0")
            socket.send("40/live," + json.dumps({"api_key": self.key}))
            await socket.says("40/live,")
            asked = {"topic": self.topic, "ref": self.ref, "after": self.cursor}
            socket.send("42/live,1" + json.dumps(["follow", asked]))
            self._answered(json.loads((await socket.says("43/live,1"))[9:])[0])
            self.port = port
            while True:
                self._hear(json.loads((await socket.says("42/live,"))[8:])[1])
        finally:
            socket.close()

    def _answered(self, answer: dict[str, Any]) -> None:
        if not answer["ok"]:
            raise EOFError(answer)
        self.resets += answer["reset"]
        if self.cursor is None:
            self.cursor = answer["cursor"]
            self.first = self.position
        for message in answer["events"]:
            self._hear(message)
        self.cursor = answer["cursor"]

    def _hear(self, message: dict[str, Any]) -> None:
        self.heard.append(message)
        self.cursor = message["cursor"]


class Crowd:
    """Followers on a thread of their own."""

    def __init__(self, followers: list[Follower]) -> None:
        self.followers = followers
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, daemon=True)
        self._tasks: list[asyncio.Task[None]] = []

    def __enter__(self) -> "Crowd":
        self._thread.start()
        asyncio.run_coroutine_threadsafe(self._begin(), self._loop).result(30)
        return self

    def __exit__(self, *_: object) -> None:
        asyncio.run_coroutine_threadsafe(self._end(), self._loop).result(30)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _begin(self) -> None:
        for number, follower in enumerate(self.followers):
            self._tasks.append(asyncio.create_task(follower.live()))
            if number % 20 == 19:
                await asyncio.sleep(0.05)

    async def _end(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def wait(self, true: Callable[[Follower], bool], why: str, within_s: float = 20) -> None:
        """Return once it is true of every follower."""
        deadline = time.monotonic() + within_s
        while missing := [each for each in self.followers if not true(each)]:
            one = missing[0]
            assert time.monotonic() < deadline, (
                f"{why}: not so for {len(missing)}, such as {one.topic} {one.ref} "
                f"at {one.port} with cursor {one.cursor}, cut {one.cuts} times"
            )
            time.sleep(0.05)

    def wait_until_there(self) -> None:
        """Return once everybody follows."""
        self.wait(lambda each: each.port is not None, "follows")


class _Socket:
    """A websocket that speaks Engine.IO."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer
        self.frames = Connection(ConnectionType.CLIENT)
        self.messages: list[str] = []
        self._part = ""

    def send(self, text: str) -> None:
        self.writer.write(self.frames.send(TextMessage(text)))

    async def says(self, beginning: str) -> str:
        """Return the next message that begins so; answer pings meanwhile."""
        while True:
            while self.messages:
                message = self.messages.pop(0)
                if message == "2":
                    self.send("3")
                elif message.startswith(beginning):
                    return message
                elif message.startswith(("41", "44")):
                    raise EOFError(message)
            await self._read()

    async def _read(self) -> None:
        data = await self.reader.read(65536)
        if not data:
            raise EOFError
        self.frames.receive_data(data)
        for event in self.frames.events():
            if isinstance(event, CloseConnection):
                raise EOFError
            if isinstance(event, TextMessage):
                self._part += event.data
                if event.message_finished:
                    self.messages.append(self._part)
                    self._part = ""

    def close(self) -> None:
        self.writer.transport.abort()


async def _open(port: int) -> _Socket:
    reader, writer = await asyncio.wait_for(asyncio.open_connection("127.0.0.1", port), 5)
    key = base64.b64encode(os.urandom(16)).decode()
    writer.write(
        "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
        f"Host: 127.0.0.1:{port}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        f"Sec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    head = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), 10)
    if not head.startswith(b"HTTP/1.1 101"):
        writer.transport.abort()
        raise EOFError(head)
    return _Socket(reader, writer)
