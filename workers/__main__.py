"""Command line: ``python -m workers [NAME]``; all of them without a name."""

# ruff: noqa: E402
from gevent import monkey

monkey.patch_all()

import argparse
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

import gevent
from flask import Flask

from config import Config
from portal import create_app
from portal.core import db as database
from portal.live import wakeup
from workers import (
    backorders,
    deliveries,
    embedded,
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

JOBS: dict[str, tuple[Callable[[], int], float]] = {
    "relay": (relay.run_once, wakeup.POLL_S),
    "deliveries": (deliveries.run_once, embedded.JOBS_S),
    "imports": (imports.run_once, embedded.JOBS_S),
    "incidents": (incidents.run_once, embedded.INCIDENTS_S),
    "pages": (pages.run_once, embedded.PAGES_S),
    "backorders": (backorders.run_once, embedded.BACKORDERS_S),
    "replenishing": (replenishing.run_once, embedded.REPLENISHING_S),
    "readers": (readers.run_once, embedded.READERS_S),
    "notices": (notices.run_once, embedded.NOTICES_S),
    "rooms": (rooms.run_once, embedded.ROOMS_S),
    "shipments": (shipments.run_once, embedded.SHIPMENTS_S),
    "housekeeping": (housekeeping.run_once, embedded.HOUSEKEEPING_S),
}
#: What wakes a loop before its pause is over.
WOKEN_BY = {"relay": wakeup.COMMITTED, "deliveries": wakeup.OWED, "imports": wakeup.OWED}
GRACE_S = 10.0  # for what is being worked on; after that its lease ends by itself


def main(arguments: list[str]) -> int:
    """Run one worker, or all of them; ``--once`` runs each until it has nothing to do."""
    parser = argparse.ArgumentParser(prog="python -m workers")
    parser.add_argument("name", nargs="?", default="all", choices=["all", *JOBS])
    parser.add_argument("--once", action="store_true")
    asked = parser.parse_args(arguments)
    app = create_app(Config.from_env(os.environ))
    names = list(JOBS) if asked.name == "all" else [asked.name]
    if asked.once:
        with app.app_context():
            estimates.run_once()
            for name in names:
                while JOBS[name][0]():
                    pass
        return 0
    database.after_commit.append(embedded.tell_workers)
    _run_until_told(app, names)
    return 0


def _run_until_told(app: Flask, names: list[str]) -> None:
    """Run the loops until SIGTERM or SIGINT; let what they are doing end, within GRACE_S."""
    told = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        gevent.signal_handler(number, told.set)
    embedded.run_beside(app, estimates.run_once, threading.Event(), estimates.EVERY_S)
    loops = [_start(app, name) for name in names]
    told.wait()
    embedded.stop()
    until = time.monotonic() + GRACE_S
    for loop, wake in loops:
        wake.set()
        loop.join(max(0.0, until - time.monotonic()))


def _start(app: Flask, name: str) -> tuple[threading.Thread, threading.Event]:
    """Start a loop that is woken by its channel, if it has one, and looks by itself."""
    run_once, pause_s = JOBS[name]
    wake = threading.Event()
    if name in WOKEN_BY:
        heard = (app, WOKEN_BY[name], wake)
        threading.Thread(target=wakeup.listen, args=heard, daemon=True).start()
    return embedded.run_beside(app, run_once, wake, pause_s), wake


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
