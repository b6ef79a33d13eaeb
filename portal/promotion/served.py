"""How often creatives were sent to pages: gathered in memory, written with the next count.

Page loads must not each cost a write. What has not been written when a process dies is lost: at
most WRITTEN_EVERY_S seconds of a figure that nobody pays by.
"""

import threading
import time

from portal.promotion.service.counting import Key

WRITTEN_EVERY_S = 5.0


class Served:
    """Counts since the last time they were taken."""

    def __init__(self) -> None:
        self._counts: dict[Key, int] = {}
        self._since = time.monotonic()
        self._lock = threading.Lock()

    def add(self, key: Key) -> None:
        """Count one."""
        with self._lock:
            self._counts[key] = self._counts.get(key, 0) + 1

    def is_due(self) -> bool:
        """Return whether there are counts that have waited long enough."""
        return bool(self._counts) and time.monotonic() - self._since > WRITTEN_EVERY_S

    def take(self) -> dict[Key, int]:
        """Return the counts and begin anew."""
        with self._lock:
            counts, self._counts = self._counts, {}
            self._since = time.monotonic()
        return counts

    def put_back(self, counts: dict[Key, int]) -> None:
        """Count again what could not be written."""
        with self._lock:
            for key, count in counts.items():
                self._counts[key] = self._counts.get(key, 0) + count
