"""Callers of a portal: kept connections that cost the measured machine as little as they can."""

import json
import socket
import threading
import time
from collections.abc import Callable
from typing import Any

Call = Callable[[], object]


class Caller:
    """One kept connection, with an API key or without."""

    def __init__(self, port: int, key: str | None = None) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout=120)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.key = key

    def get(self, path: str) -> bytes:
        """Make a GET request; return the body of a good answer."""
        return self.call(self.request("GET", path))

    def post(self, path: str, body: Any) -> Any:
        """Send JSON; return the JSON of a good answer."""
        return json.loads(self.call(self.request("POST", path, json.dumps(body).encode())))

    def request(
        self, method: str, path: str, body: bytes = b"", kind: str = "application/json"
    ) -> bytes:
        """Return a request as it goes over the wire, to be sent as often as one likes."""
        head = [f"{method} {path} HTTP/1.1", "Host: 127.0.0.1", "Accept-Language: en"]
        head += [f"Authorization: Bearer {self.key}"] if self.key else []
        head += [f"Content-Type: {kind}", f"Content-Length: {len(body)}"] if body else []
        return "\r\n".join([*head, "", ""]).encode() + body

    def call(self, request: bytes) -> bytes:
        """Send a request; return the body of a good answer."""
        self.socket.sendall(request)
        got = bytearray()
        while (end := got.find(b"\r\n\r\n")) < 0:
            got += self._more()
        head = bytes(got[:end]).lower()
        length = int(head.partition(b"content-length:")[2].partition(b"\r\n")[0])
        while len(got) < end + 4 + length:
            got += self._more()
        body = bytes(got[end + 4 :])
        if not head.startswith(b"http/1.1 2"):
            raise RuntimeError(f"{request[:80]!r}: {bytes(got[:400])!r}")
        return body

    def _more(self) -> bytes:
        data = self.socket.recv(262_144)
        if not data:
            raise RuntimeError("The server hung up.")
        return data


def saturated(calls: list[Call], seconds: float) -> list[float]:
    """Repeat every call on a thread of its own, without a pause; return what each took, in ms."""

    def work(call: Call, took: list[float]) -> None:
        until = time.perf_counter() + seconds
        while (began := time.perf_counter()) < until:
            call()
            took.append((time.perf_counter() - began) * 1000)

    return _beside([(work, call) for call in calls])


def at_rate(calls: list[Call], seconds: float, per_second: float) -> list[float]:
    """Call so many times a second whatever the answers take (open loop); return ms from when due.

    A call that finds every connection busy waits, and its waiting counts.
    """
    start, step = time.perf_counter() + 0.05, 1 / per_second
    turns = iter(range(int(seconds * per_second)))
    lock = threading.Lock()

    def work(call: Call, took: list[float]) -> None:
        while True:
            with lock:
                turn = next(turns, None)
            if turn is None:
                return
            due = start + turn * step
            time.sleep(max(0.0, due - time.perf_counter()))
            call()
            took.append((time.perf_counter() - due) * 1000)

    return _beside([(work, call) for call in calls])


def _beside(works: list[tuple[Callable[[Call, list[float]], None], Call]]) -> list[float]:
    results: list[list[float]] = [[] for _ in works]
    faults: list[BaseException] = []

    def run(work: Callable[[Call, list[float]], None], call: Call, took: list[float]) -> None:
        try:
            work(call, took)
        except BaseException as fault:
            faults.append(fault)

    threads = [
        threading.Thread(target=run, args=(*work, took))
        for work, took in zip(works, results, strict=True)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return [each for took in results for each in took]
