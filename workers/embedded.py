"""Relay, reader and jobs inside the web process: one process is a whole centre.

With EMBEDDED_WORKERS off (several web processes) only the reader runs here; relay and jobs are
``python -m workers`` processes.
"""

import gc
import threading
from collections.abc import Callable

import structlog
from flask import Flask

from portal.core import db as database
from portal.core import jobs
from portal.core.db import db
from portal.live import presence, sockets, wakeup
from workers import (
    backorders,
    deliveries,
    estimates,
    housekeeping,
    imports,
    incidents,
    notices,
    pages,
    readers,
    relay,
    replenishing,
    rooms,
    shipments,
)

log = structlog.get_logger()
HOUSEKEEPING_S = 600.0
INCIDENTS_S = 5.0
PAGES_S = 10.0
BACKORDERS_S = 3.0
SHIPMENTS_S = 3.0
REPLENISHING_S = 60.0
READERS_S = 1.0
ROOMS_S = 20.0
NOTICES_S = 5.0
CHECKPOINT_S = 2.0
COLLECT_AFTER = (50_000, 20, 20)  # new objects; then collections of the younger ones
JOBS_S = wakeup.POLL_S * 2
_ended = threading.Event()
_wake_log, _wake_deliveries, _wake_imports = (threading.Event() for _ in range(3))


def start(app: Flask) -> None:
    """Start the loops of this process; called once, in the worker."""
    _settle_memory()
    embedded = app.config["EMBEDDED_WORKERS"]
    if embedded:
        _release(app)
        run_beside(app, deliveries.run_once, _wake_deliveries, JOBS_S)
        run_beside(app, imports.run_once, _wake_imports, JOBS_S)
        run_beside(app, incidents.run_once, threading.Event(), INCIDENTS_S)
        run_beside(app, pages.run_once, threading.Event(), PAGES_S)
        run_beside(app, backorders.run_once, threading.Event(), BACKORDERS_S)
        run_beside(app, shipments.run_once, threading.Event(), SHIPMENTS_S)
        run_beside(app, replenishing.run_once, threading.Event(), REPLENISHING_S)
        run_beside(app, readers.run_once, threading.Event(), READERS_S)
        run_beside(app, rooms.run_once, threading.Event(), ROOMS_S)
        run_beside(app, notices.run_once, threading.Event(), NOTICES_S)
        run_beside(app, housekeeping.run_once, threading.Event(), HOUSEKEEPING_S)
    run_beside(app, estimates.run_once, threading.Event(), estimates.EVERY_S)
    run_beside(app, presence.run_once, threading.Event(), presence.LOOKS_EVERY_S)
    run_beside(app, database.checkpoint, threading.Event(), CHECKPOINT_S)
    run_beside(app, _relay if embedded else _read, _wake_log, wakeup.POLL_S)
    database.after_commit.append(_committed if embedded else tell_workers)
    sockets.on_wake(_wake_log.set)
    channel = wakeup.COMMITTED if embedded else wakeup.RELAYED
    threading.Thread(target=wakeup.listen, args=(app, channel, _wake_log), daemon=True).start()


def _release(app: Flask) -> None:
    """Take up at once what was running when this process died; no other one may work on jobs."""
    with app.app_context():
        if database.is_sqlite(db.engine):
            jobs.release()


def _settle_memory() -> None:
    """Leave what start-up made out of every later collection, and collect less often.

    Rows come in thousands here; looking through all of memory every 700 of them costs a tenth.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECT_AFTER)


def _relay() -> int:
    """Relay and tell all there is; whoever commits more wakes this again."""
    relay.run_once()
    return 0


def _read() -> int:
    sockets.followers.run_once()
    return 0


def _committed() -> None:
    _wake_log.set()
    if jobs.were_owed():
        _wake_deliveries.set()
        _wake_imports.set()


def tell_workers() -> None:
    """Tell the relay and the workers, in other processes, that something was committed."""
    wakeup.announce(wakeup.COMMITTED)
    if jobs.were_owed():
        wakeup.announce(wakeup.OWED)


def run_beside(
    app: Flask, run_once: Callable[[], int], wake: threading.Event, pause_s: float
) -> threading.Thread:
    """Loop ``run_once`` in a thread: again at once while it finds work, else when woken."""
    loop = threading.Thread(target=_loop, args=(app, run_once, wake, pause_s), daemon=True)
    loop.start()
    return loop


def _loop(app: Flask, run_once: Callable[[], int], wake: threading.Event, pause_s: float) -> None:
    while not _ended.is_set():
        wake.clear()
        if _run(app, run_once) == 0:
            wake.wait(pause_s)


def _run(app: Flask, run_once: Callable[[], int]) -> int:
    with app.app_context():
        try:
            return run_once()
        except Exception as error:
            db.session.rollback()
            log.error("worker.failed", worker=run_once.__module__, exc_info=error)
            return 0


def stop() -> None:
    """End the loops and hang up the sockets, so that the process may end at once."""
    _ended.set()
    sockets.followers.cut_all()
