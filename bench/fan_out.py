"""One event, many open pages: how long until the last of them has heard it."""

import json
import selectors
import threading
import time
from collections.abc import Iterator

import websocket
from callers import Caller
from phases import MOVING, Asker, Line, moving

SOCKETS = 200
EVENTS = 40
TOO_LONG_S = 30.0


class Page:
    """An open page of a visitor with a link: a Socket.IO client that only listens."""

    def __init__(self, port: int, no: str, token: str) -> None:
        address = f"ws://127.0.0.1:{port}/socket.io/?EIO=4&transport=websocket"
        origin = f"http://127.0.0.1:{port}"
        self.socket = websocket.create_connection(address, timeout=60, origin=origin)
        self._hear("0")
        self.socket.send("40/live,")
        self._hear("40/live,")
        asked = {"topic": "consignment", "ref": no, "token": token}
        self.socket.send("42/live,1" + json.dumps(["follow", asked]))
        answer = json.loads(self._hear("43/live,1")[len("43/live,1") :])[0]
        if not answer["ok"]:
            raise RuntimeError(f"The page may not follow {no}: {answer}")

    def hears(self) -> bool:
        """Read one message; return whether it was an event."""
        message = str(self.socket.recv())
        if message == "2":
            self.socket.send("3")
        return message.startswith("42/live,")

    def _hear(self, beginning: str) -> str:
        while True:
            message = str(self.socket.recv())
            if message.startswith(beginning):
                return message
            if message == "2":
                self.socket.send("3")


def lines(ask: Asker) -> Iterator[Line]:
    """Open the pages, push, and measure from the sending of the push to the last receiver."""
    no = moving(ask, ask.owner)[-1]
    staff = ask.caller(ask.staff)
    link = ask.caller(ask.owner).post(f"/api/v1/consignments/{no}/links", {"precision": "full"})
    before = ask.centre.memory_mb()
    pages = [Page(ask.centre.port, no, link["token"]) for _ in range(SOCKETS)]
    each_kb = (ask.centre.memory_mb() - before) / SOCKETS * 1000
    name = f"last of {SOCKETS} pages, from the push on ({each_kb:.0f} kB an open page)"
    yield ask.line(name, lambda: _told(staff, no, pages))
    for page in pages:
        page.socket.close()


def _told(staff: Caller, no: str, pages: list[Page]) -> list[float]:
    ready = selectors.DefaultSelector()
    for page in pages:
        ready.register(page.socket.sock, selectors.EVENT_READ, page)
    took = []
    for turn in range(EVENTS):
        body = json.dumps({"code": MOVING[turn % 2]}).encode()
        request = staff.request("POST", f"/api/v1/consignments/{no}/events", body)
        began = time.perf_counter()
        pushing = threading.Thread(target=staff.call, args=(request,))
        pushing.start()
        _all_hear(ready, len(pages))
        took.append((time.perf_counter() - began) * 1000)
        pushing.join()
    ready.close()
    return took


def _all_hear(ready: selectors.DefaultSelector, missing: int) -> None:
    until = time.perf_counter() + TOO_LONG_S
    while missing:
        if time.perf_counter() > until:
            raise RuntimeError(f"{missing} pages have not heard the event.")
        for key, _ in ready.select(1.0):
            missing -= key.data.hears()
