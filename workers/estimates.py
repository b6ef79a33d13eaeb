"""Reading the history anew that estimates are made from; every process has its own copy.

What deliveries teach changes slowly. Reading it takes a moment, so it is done beside those who
wait: on a thread of its own, and the less often the longer it takes.
"""

import time

from portal.consignments.queries import promises
from portal.consignments.rules.durations import History
from portal.consignments.service import estimates
from portal.core.aside import aside
from portal.core.db import db, is_sqlite

EVERY_S = 300.0
SHARE = 0.01  # of the time that may be spent on it
_next = 0.0


def run_once() -> int:
    """Read the history if it is time; always says that there is nothing left to do."""
    global _next
    began = time.monotonic()
    if began >= _next:
        estimates.remember(_read())
        took = time.monotonic() - began
        _next = began + max(EVERY_S, took / SHARE)
    return 0


def _read() -> History:
    with db.engine.connect() as on:
        if is_sqlite(on):
            return aside(promises.history, on)
        return promises.history(on)  # the server does the work; others run while it does
