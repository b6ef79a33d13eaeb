"""A process that forks people who ship, each to be killed: ``shipping_writer URL FOLDER JSON``.

For every line on standard input it forks one and prints its process id. Each ships, from several
threads, the orders of its share whose cartons are loaded, and notes ``ref number`` of each that
was answered in the file named by the line.
"""

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

from sqlalchemy import select

from portal import create_app
from portal.core import scope
from portal.core.db import db, write
from portal.warehousing.outbound.models import OutboundOrder
from portal.warehousing.outbound.service import loading
from portal.warehousing.outbound.service.handling import Hand
from tests.conftest import settings

THREADS = 4
PREFIX = "6901234"
_ORDER = OutboundOrder.__table__


def waiting(share: int) -> list[Any]:
    """Return the orders of a share that have not left."""
    mine = select(_ORDER).where(_ORDER.c.status == "staged", _ORDER.c.id % THREADS == share)
    found = db.session.execute(mine.order_by(_ORDER.c.id).execution_options(**scope.CENTRE)).all()
    db.session.rollback()
    return list(found)


def ship_all(app: Any, share: int, person: int, answers: int) -> None:
    """Let the orders of a share leave, one by one."""
    hand = Hand(person)
    with app.app_context():
        for order in waiting(share):
            left = write(lambda on, o=order: loading.ship(o, hand, prefix=PREFIX, on=on))
            os.write(answers, f"{left.ref} {left.consignment_no}\n".encode())


def worker(app: Any, person: int, path: str) -> None:
    """Ship until killed."""
    with app.app_context():
        db.engine.dispose(close=False)
    answers = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for share in range(THREADS):
        target = (app, share, person, answers)
        threading.Thread(target=ship_all, args=target, daemon=True).start()
    threading.Event().wait()


def main() -> None:
    """Fork somebody who ships for every line."""
    url, folder, person = sys.argv[1:]
    app = create_app(settings(Path(folder), url))
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            worker(app, json.loads(person), line.strip())
        os.write(1, f"{pid}\n".encode())
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
