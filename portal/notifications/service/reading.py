"""Reading: one notice, what is about one thing, all of them; forgetting what is old."""

from typing import Any

from sqlalchemy import Connection, delete, select, update

from portal.core import clock
from portal.core.db import write
from portal.notifications import rules
from portal.notifications.models import Notice
from portal.notifications.service import recounting

_N = Notice.__table__
TIDIED = 500  # notices at once


def mark(notice: Any, *, on: Connection) -> None:
    """Let somebody have read a notice of his."""
    _read(notice.person_id, _N.c.id == notice.id, on)


def mark_about(person_id: int, kind: str, about: str, *, on: Connection) -> None:
    """Let somebody have read what he is told of a thing."""
    _read(person_id, (_N.c.kind == kind) & (_N.c.about == about), on)


def mark_all(person_id: int, *, on: Connection) -> None:
    """Let somebody have read all that he has been told of."""
    _read(person_id, _N.c.at <= clock.now(), on)


def _read(person_id: int, which: Any, on: Connection) -> None:
    mine = (_N.c.person_id == person_id, _N.c.read_at.is_(None), which)
    done = update(_N).where(*mine).values(read_at=clock.now(), mail_at=None)
    if on.execute(done.returning(_N.c.id)).all():
        recounting.settle(person_id, on=on)


def tidy() -> int:
    """Delete notices that nothing has joined for long, the oldest first; return how many."""
    oldest = select(_N.c.id).order_by(_N.c.id).limit(TIDIED)
    gone = delete(_N).where(_N.c.id.in_(oldest), _N.c.at < clock.now() - rules.KEPT_FOR)

    def work(on: Connection) -> int:
        people = on.scalars(gone.returning(_N.c.person_id)).all()
        recounting.mark(set(people), on=on)
        return len(people)

    return write(work)
