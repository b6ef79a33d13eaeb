"""Command line: ``python -m workers [NAME]``; all of them without a name."""

# ruff: noqa: E402
from gevent import monkey

monkey.patch_all()

import argparse
import os
import sys
import threading
from collections.abc import Callable

from config import Config
from portal import create_app
from portal.live import wakeup
from workers import deliveries, embedded, housekeeping, imports, incidents, relay

JOBS: dict[str, tuple[Callable[[], int], float]] = {
    "relay": (relay.run_once, wakeup.POLL_S),
    "deliveries": (deliveries.run_once, embedded.JOBS_S),
    "imports": (imports.run_once, embedded.JOBS_S),
    "incidents": (incidents.run_once, embedded.INCIDENTS_S),
    "housekeeping": (housekeeping.run_once, embedded.HOUSEKEEPING_S),
}


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
            for name in names:
                while JOBS[name][0]():
                    pass
        return 0
    for name in names:
        run_once, pause_s = JOBS[name]
        wake = threading.Event()
        heard = (app, wakeup.COMMITTED, wake)
        threading.Thread(target=wakeup.listen, args=heard, daemon=True).start()
        embedded.run_beside(app, run_once, wake, pause_s)
    threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
