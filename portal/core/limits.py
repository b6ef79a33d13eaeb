"""Rate limits: one table in the settings, one limiter, told apart by address or by person."""

import threading
import time
from functools import lru_cache
from ipaddress import ip_network
from typing import Any

from flask import Flask, current_app, request
from limits import RateLimitItem, parse

from portal.core.counting import Counting, Shared
from portal.core.errors import TooMany
from portal.core.i18n import lazy as _l

NOWHERE = "unknown"  # address of who comes from none
SWEPT_FROM = 10_000  # keys kept before those of the past are looked for


class InProcess:
    """Sliding windows in a dictionary.

    That of the library does the same, but starts a timer for nearly every use.
    """

    def __init__(self) -> None:
        #: Key → (number of the window, uses in it, uses in the one before, when it is past).
        self._windows: dict[str, tuple[float, int, float, float]] = {}
        self._sweep_from = SWEPT_FROM
        self._lock = threading.Lock()

    def hit(self, item: RateLimitItem, *identifiers: str, cost: int = 1) -> bool:
        """Count a use; return False, counting nothing, if the limit does not allow it."""
        key = item.key_for(*identifiers)
        with self._lock:
            (number, here, before, past), used = self._window(item, key)
            if used + cost > item.amount:
                return False
            self._windows[key] = (number, here + cost, before, past)
            self._sweep()
        return True

    def test(self, item: RateLimitItem, *identifiers: str, cost: int = 1) -> bool:
        """Return whether the limit would allow a use; count nothing."""
        with self._lock:
            _, used = self._window(item, item.key_for(*identifiers))
        return used + cost <= item.amount

    def _window(
        self, item: RateLimitItem, key: str
    ) -> tuple[tuple[float, int, float, float], float]:
        """Return the present window, and the uses that count now: of the one before, its rest."""
        length_s = item.get_expiry()
        number, into_s = divmod(time.time(), length_s)
        seen, here, before, _ = self._windows.get(key, (-1.0, 0, 0, 0))
        if seen != number:
            here, before = 0, here if seen == number - 1 else 0
        window = (number, here, before, (number + 2) * length_s)
        return window, here + before * (1 - into_s / length_s)

    def _sweep(self) -> None:
        """Forget what is past, each time the dictionary has doubled."""
        if len(self._windows) < self._sweep_from:
            return
        now = time.time()
        self._windows = {key: kept for key, kept in self._windows.items() if kept[3] > now}
        self._sweep_from = max(SWEPT_FROM, 2 * len(self._windows))


def init_app(app: Flask) -> None:
    """Count in this process, or in Redis where there are several."""
    uri = app.config["REDIS_URL"]
    app.extensions["limits"] = Shared(uri, InProcess()) if uri else InProcess()


def address() -> str:
    """Return the caller's address, as ``counted`` makes it."""
    return counted(request.remote_addr)


def counted(address: str | None) -> str:
    """Return what is counted of an address: of IPv6 the network, /64, that one customer has."""
    if not address:
        return NOWHERE
    return _network(address) if ":" in address else address


@lru_cache(maxsize=4096)
def _network(address: str) -> str:
    try:
        return str(ip_network(f"{address.partition('%')[0]}/64", strict=False))
    except ValueError:
        return address


def spend(name: str, *who: Any, cost: int = 1) -> None:
    """Count one use of the limit ``name`` of RATE_LIMITS for ``who`` (default: the address).

    Raises TooMany once it is used up.
    """
    allowed = current_app.config["RATE_LIMITS"].get(name)
    if allowed is None:
        return
    strategy: Counting = current_app.extensions["limits"]
    if not strategy.hit(_parsed(allowed), name, *map(str, who or (address(),)), cost=cost):
        raise TooMany(_l("That was asked too often. Please wait a minute and try again."))


@lru_cache(maxsize=64)
def _parsed(limit: str) -> RateLimitItem:
    return parse(limit)
