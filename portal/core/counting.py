"""Counting the uses of a limit: in this process, or in Redis for all of them together."""

import time
from typing import Protocol

import redis
import structlog
from limits import RateLimitItem
from limits.storage import storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

ANSWERS_WITHIN_S = 0.5  # a Redis that hangs must not make every request wait for long
AWAY_S = 5.0  # then it is asked again
log = structlog.get_logger()


class Counting(Protocol):
    """What counts uses, here or in Redis."""

    def hit(self, item: RateLimitItem, *identifiers: str, cost: int = 1) -> bool:
        """Count a use; return False, counting nothing, if the limit does not allow it."""

    def test(self, item: RateLimitItem, *identifiers: str, cost: int = 1) -> bool:
        """Return whether the limit would allow a use; count nothing."""


class Shared:
    """Counts in Redis; while it is away each process counts by itself (``otherwise``)."""

    def __init__(self, url: str, otherwise: Counting) -> None:
        storage = storage_from_string(
            url, socket_timeout=ANSWERS_WITHIN_S, socket_connect_timeout=ANSWERS_WITHIN_S
        )
        self._shared: Counting = SlidingWindowCounterRateLimiter(storage)
        self._otherwise = otherwise
        self._away_until = 0.0

    def hit(self, item: RateLimitItem, *identifiers: str, cost: int = 1) -> bool:
        """Count a use; return False, counting nothing, if the limit does not allow it."""
        try:
            return self._counting().hit(item, *identifiers, cost=cost)
        except redis.RedisError as error:
            self._note(error)
            return self._otherwise.hit(item, *identifiers, cost=cost)

    def test(self, item: RateLimitItem, *identifiers: str, cost: int = 1) -> bool:
        """Return whether the limit would allow a use; count nothing."""
        try:
            return self._counting().test(item, *identifiers, cost=cost)
        except redis.RedisError as error:
            self._note(error)
            return self._otherwise.test(item, *identifiers, cost=cost)

    def _counting(self) -> Counting:
        return self._otherwise if time.monotonic() < self._away_until else self._shared

    def _note(self, error: redis.RedisError) -> None:
        self._away_until = time.monotonic() + AWAY_S
        log.warning("limits.redis_away", error=type(error).__name__)
