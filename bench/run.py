"""Load programs: what a push, a look-up, a list and a batch cost at a given size.

``python3 dev.py bench [--consignments N] [--seconds S]``. The figures depend on the machine; what
can be compared are figures of one run. Nothing here is a test.
"""

import argparse
import json
import statistics
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil
from centre import Caller, Centre

CONNECTIONS = 8


def timed(work: Callable[[], object], seconds: float) -> list[float]:
    """Repeat ``work`` for some seconds; return what each took, in milliseconds."""
    took, until = [], time.perf_counter() + seconds
    while time.perf_counter() < until:
        began = time.perf_counter()
        work()
        took.append((time.perf_counter() - began) * 1000)
    return took


def side_by_side(make: Callable[[int], Callable[[], object]], seconds: float) -> list[float]:
    """Repeat the work of CONNECTIONS callers at once; return what each call took."""
    results: list[list[float]] = [[] for _ in range(CONNECTIONS)]
    works = [make(number) for number in range(CONNECTIONS)]

    def run(number: int) -> None:
        results[number] = timed(works[number], seconds)

    threads = [threading.Thread(target=run, args=(n,)) for n in range(CONNECTIONS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return [each for result in results for each in result]


def line(name: str, took: list[float], seconds: float, per_call: int = 1) -> str:
    """Return a line of the table."""
    took.sort()
    rate = len(took) * per_call / seconds
    p50, p99 = statistics.median(took), took[int(len(took) * 0.99)]
    return f"| {name} | {rate:,.0f} | {p50:.2f} | {p99:.2f} |"


def measure(centre: Centre, seconds: float) -> list[str]:
    """Measure every phase; return the lines of the table."""
    staff = centre.flask("apikey", "create", "dispatcher@quayside.example").split()[-1]
    owner = centre.flask("apikey", "create", "owner@huadong-home.example").split()[-1]
    page = json.loads(Caller(centre.port, staff).get("/api/v1/consignments?limit=200"))
    numbers = [item["no"] for item in page["items"]]
    note = {"code": "note", "note": "measured"}

    def push(number: int) -> Callable[[], object]:
        caller, path = Caller(centre.port, staff), f"/api/v1/consignments/{numbers[number]}/events"
        return lambda: caller.post(path, note)

    def reading(path: str, key: str | None) -> Callable[[int], Callable[[], object]]:
        def make(_number: int) -> Callable[[], object]:
            caller = Caller(centre.port, key)
            return lambda: caller.get(path)

        return make

    batch = {"events": [{"no": no, **note} for no in numbers]}
    sender = Caller(centre.port, staff)
    deep = page["next"]
    found = [
        line("push one status, 8 connections", side_by_side(push, seconds), seconds),
        line(
            f"push {len(numbers)} in a batch, events/s",
            timed(lambda: sender.post("/api/v1/events", batch), seconds),
            seconds,
            len(numbers),
        ),
    ]
    readings = [
        ("public look-up, JSON", f"/api/v1/track/{numbers[0]}", None),
        ("public look-up, page", f"/track/{numbers[0]}", None),
        ("list, first page", "/api/v1/consignments", owner),
        ("list, deep page", f"/api/v1/consignments?after={deep}", staff),
        ("list, text", "/api/v1/consignments?q=杭州".encode().decode("latin-1"), owner),
    ]
    for name, path, key in readings:
        found.append(line(name, side_by_side(reading(_quoted(path), key), seconds), seconds))
    return found


def _quoted(path: str) -> str:
    return "".join(c if ord(c) < 128 else f"%{ord(c):02X}" for c in path)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--consignments", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=5.0)
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="quayside-bench-") as folder:
        centre = Centre(Path(folder))
        centre.flask("db", "upgrade")
        centre.flask("demo", "load", "--consignments", str(asked.consignments))
        centre.start()
        try:
            lines = measure(centre, asked.seconds)
            processes = psutil.Process(centre.process.pid).children(recursive=True)  # type: ignore[union-attr]
            memory = sum(process.memory_info().rss for process in processes) / 1e6
        finally:
            centre.stop()
    print(f"{asked.consignments:,} consignments, SQLite synchronous=FULL, one process")
    print(f"worker memory {memory:.0f} MB\n")
    print("| | per second | p50 ms | p99 ms |\n|---|---:|---:|---:|")
    print("\n".join(lines))


if __name__ == "__main__":
    main()
