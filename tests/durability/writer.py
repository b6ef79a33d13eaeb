"""A process that forks writers, each to be killed: ``writer.py DATABASE_URL FOLDER NUMBER…``.

For every line on standard input it forks one writer and prints its process id. The writer pushes
events from several threads and notes each answer, once it has it, in the file named by the line.
"""

import os
import sys
import threading
from pathlib import Path

from portal import create_app
from portal.accounts.access import User
from portal.accounts.roles import rights_of
from portal.consignments.queries.one import head_for
from portal.consignments.service import tracking
from portal.consignments.service.tracking import NewEvent
from portal.core import clock
from portal.core.db import db, write
from tests.conftest import settings

CLERK = User(person_id=1, name="", email="", rights=rights_of(None, "dispatcher"))


def push_for_ever(app, no: str, answers: int) -> None:
    """Push events and note ``number seq id`` of each that was answered."""
    with app.app_context():
        while True:
            new = NewEvent(code="note", occurred_at=clock.now(), source="scan", note="x")
            pushed = write(
                lambda on, new=new: tracking.push(head_for(CLERK, no, on=on), new, by=None, on=on)
            )
            os.write(answers, f"{no} {pushed.seq} {pushed.id}\n".encode())


def writer(app, numbers: list[str], path: str) -> None:
    """Write until killed."""
    with app.app_context():
        db.engine.dispose(close=False)
    answers = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for no in numbers:
        threading.Thread(target=push_for_ever, args=(app, no, answers), daemon=True).start()
    threading.Event().wait()


def main() -> None:
    """Fork a writer for every line."""
    url, folder, *numbers = sys.argv[1:]
    app = create_app(settings(Path(folder), url))
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            writer(app, numbers, line.strip())
        os.write(1, f"{pid}\n".encode())
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
