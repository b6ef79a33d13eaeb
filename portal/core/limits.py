"""Rate limits: one table in the settings, one limiter, told apart by address or by person."""

from typing import Any

from flask import Flask, current_app, request
from limits import parse
from limits.storage import storage_from_string
from limits.strategies import SlidingWindowCounterRateLimiter

from portal.core.errors import TooMany
from portal.core.i18n import lazy as _l


def init_app(app: Flask) -> None:
    """Count in this process, or in Redis where there are several."""
    uri = app.config["REDIS_URL"] or "memory://"
    app.extensions["limits"] = SlidingWindowCounterRateLimiter(storage_from_string(uri))


def address() -> str:
    """Return the caller's address."""
    return request.remote_addr or "unknown"


def spend(name: str, *who: Any, cost: int = 1) -> None:
    """Count one use of the limit ``name`` of RATE_LIMITS for ``who`` (default: the address).

    Raises TooMany once it is used up.
    """
    allowed = current_app.config["RATE_LIMITS"].get(name)
    if allowed is None:
        return
    strategy = current_app.extensions["limits"]
    if not strategy.hit(parse(allowed), name, *map(str, who or (address(),)), cost=cost):
        raise TooMany(_l("That was asked too often. Please wait a minute and try again."))
