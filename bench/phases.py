"""What is measured: one function a workload, each gives lines of the table."""

import json
import statistics
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from urllib.parse import quote

from callers import Call, Caller, at_rate, saturated
from centre import Centre

CONNECTIONS = 8
RATE = 200  # pushes a second in the open loop
BATCH = 200
MOVING = ("hub_arrived", "hub_departed")  # a consignment may go round between the two


@dataclass(frozen=True)
class Line:
    """One line of the table; the processor time is the steadiest figure on a shared machine."""

    name: str
    per_second: float
    cpu_us: float  # of the serving process, for one operation
    p50_ms: float
    p99_ms: float

    def __str__(self) -> str:
        return (
            f"| {self.name} | {self.per_second:,.0f} | {self.cpu_us:,.0f} "
            f"| {self.p50_ms:.1f} | {self.p99_ms:.1f} |"
        )


@dataclass(frozen=True)
class Asker:
    """Who measures: the centre, its two keys, and for how long at a time."""

    centre: Centre
    staff: str
    owner: str
    seconds: float

    def caller(self, key: str | None = None) -> Caller:
        """Open a connection."""
        return Caller(self.centre.port, key)

    def line(self, name: str, measure: Callable[[], list[float]], per_call: int = 1) -> Line:
        """Measure, and return the line: operations are calls × ``per_call``."""
        busy, began = self.centre.cpu_s(), time.perf_counter()
        took = sorted(measure())
        seconds, busy = time.perf_counter() - began, self.centre.cpu_s() - busy
        done = len(took) * per_call
        p99 = took[int(len(took) * 0.99)]
        return Line(name, done / seconds, busy / done * 1e6, statistics.median(took), p99)


def pushes(ask: Asker) -> Iterator[Line]:
    """Push status updates: without a pause, at a steady rate, and in batches."""
    numbers = moving(ask, ask.staff)
    calls = [_pushing(ask, no) for no in numbers[:CONNECTIONS]]
    yield ask.line(
        f"push one status, {CONNECTIONS} connections", lambda: saturated(calls, ask.seconds)
    )
    yield ask.line(
        f"push one status, {RATE}/s open loop", lambda: at_rate(calls, ask.seconds, RATE)
    )
    batch = _batches(ask, numbers[CONNECTIONS : CONNECTIONS + BATCH])
    size = len(numbers[CONNECTIONS : CONNECTIONS + BATCH])
    yield ask.line(f"push {size} in a batch", lambda: saturated([batch], ask.seconds), size)


def moving(ask: Asker, key: str) -> list[str]:
    """Return numbers of consignments that have just left a hub."""
    page = ask.caller(key).get("/api/v1/consignments?status=hub_departed&limit=200")
    return [item["no"] for item in json.loads(page)["items"]]


def _pushing(ask: Asker, no: str) -> Call:
    caller, turn = ask.caller(ask.staff), iter(range(10**9))
    path = f"/api/v1/consignments/{no}/events"
    requests = [
        caller.request("POST", path, json.dumps({"code": code, "place": {"text": "杭州"}}).encode())
        for code in MOVING
    ]
    return lambda: caller.call(requests[next(turn) % 2])


def _batches(ask: Asker, numbers: list[str]) -> Call:
    caller, turn = ask.caller(ask.staff), iter(range(10**9))
    bodies = [{"events": [{"no": no, "code": code} for no in numbers]} for code in MOVING]
    requests = [
        caller.request("POST", "/api/v1/events", json.dumps(body).encode()) for body in bodies
    ]

    def push() -> None:
        answers = json.loads(caller.call(requests[next(turn) % 2]))["results"]
        if refused := [answer for answer in answers if answer["status"] != 201]:
            raise RuntimeError(f"{len(refused)} refused, such as {refused[0]}")

    return push


def readings(ask: Asker) -> Iterator[Line]:
    """Read what is read most: tracking by number, and lists; the deep page is half-way down."""
    no = json.loads(ask.caller(ask.staff).get("/api/v1/consignments?status=in_transit"))
    numbers = [item["no"] for item in no["items"]]
    for name, path, key in (
        ("public look-up, JSON", f"/api/v1/track/{numbers[0]}", None),
        ("public look-up, page", f"/track/{numbers[0]}", None),
        ("list, first page", "/api/v1/consignments", ask.owner),
        ("list, deep page", f"/api/v1/consignments?after={_deep(ask)}", ask.owner),
        ("list, one status", "/api/v1/consignments?status=in_transit", ask.owner),
        ("list, found by words", f"/api/v1/consignments?q={quote('杭州')}", ask.owner),
    ):
        yield reading(ask, name, path, key)


def reading(ask: Asker, name: str, path: str, key: str | None) -> Line:
    """Read one address over CONNECTIONS connections without a pause."""
    calls = [_reading(ask.caller(key), path) for _ in range(CONNECTIONS)]
    return ask.line(name, lambda: saturated(calls, ask.seconds))


def _reading(caller: Caller, path: str) -> Call:
    request = caller.request("GET", path)
    return lambda: caller.call(request)


def _deep(ask: Asker) -> str:
    """Return the cursor of a page far down the owner's list."""
    caller, after, pages = ask.caller(ask.owner), "", []
    while after is not None and len(pages) < 400:
        page = json.loads(caller.get(f"/api/v1/consignments?limit=200&after={after}"))
        pages.append(after)
        after = page["next"]
    return pages[len(pages) // 2]
