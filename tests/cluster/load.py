"""Pushing without a pause, as a careful scanner does: what was not answered is sent again."""

import http.client
import itertools
import json
import threading
import time
from typing import Any

WAITS_S = 8.0  # for an answer
PAUSE_S = 0.02


class Pushers:
    """Threads that push notes to consignments, by turns at every port."""

    def __init__(self, key: str, ports: list[int], nos: list[str], threads: int = 4) -> None:
        self.key, self.ports = key, ports
        #: Number of a consignment → ids of the tracking events that were answered.
        self.answered: dict[str, list[int]] = {no: [] for no in nos}
        self.repeated = 0
        self.faults: list[BaseException] = []
        self._ended = threading.Event()
        self._serial = itertools.count(time.monotonic_ns())
        self._threads = [
            threading.Thread(target=self._run, args=(nos[turn::threads], turn), daemon=True)
            for turn in range(threads)
        ]

    def __enter__(self) -> "Pushers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        for thread in self._threads:
            thread.join(60)
        if self.faults:
            raise self.faults[0]

    def count(self) -> int:
        """Return how many were answered so far."""
        return sum(map(len, self.answered.values()))

    def wait_for(self, more: int, within_s: float = 15) -> None:
        """Return once so many more were answered."""
        wanted, deadline = self.count() + more, time.monotonic() + within_s
        while self.count() < wanted and not self.faults:
            assert time.monotonic() < deadline, f"{wanted - self.count()} pushes are not answered"
            time.sleep(0.02)

    def _run(self, nos: list[str], turn: int) -> None:
        try:
            for no in itertools.cycle(nos):
                if self._ended.is_set():
                    return
                self.answered[no].append(self._push(no, turn))
                turn += 1
                time.sleep(PAUSE_S)
        except BaseException as fault:
            self.faults.append(fault)

    def _push(self, no: str, turn: int) -> int:
        """Push one event until it is answered; the scanner's own number makes it one event."""
        name = f"scan-{next(self._serial)}"
        body = {"code": "note", "note": name, "source_event_id": name}
        for attempt in itertools.count():
            port = self.ports[(turn + attempt) % len(self.ports)]
            status, answer = post(port, f"/api/v1/consignments/{no}/events", body, self.key)
            if status in (200, 201):
                return int(answer["id"])
            assert status == 0 or status >= 500, (status, answer)
            assert attempt < 200, f"{name} was never answered"
            self.repeated += 1
            time.sleep(0.1)
        raise AssertionError


def post(
    port: int, path: str, body: Any, key: str, headers: dict[str, str] | None = None
) -> tuple[int, Any]:
    """Send JSON; return status and answer, or 0 and None if nobody answers."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=WAITS_S)
    sent = {"Authorization": f"Bearer {key}", "Content-Type": "application/json", **(headers or {})}
    try:
        connection.request("POST", path, json.dumps(body), sent)
        answer = connection.getresponse()
        text = answer.read()
        return answer.status, json.loads(text) if text.startswith(b"{") else None
    except (OSError, http.client.HTTPException):
        return 0, None
    finally:
        connection.close()
