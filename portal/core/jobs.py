"""Jobs: rows that somebody must carry out, each with a lease, tried again with back-off.

A job is written in the transaction that makes it necessary, so it exists exactly if its cause
does. A worker claims it for LEASE and renews that every BEAT_S while it works, so the job of a
worker that died is taken up within LEASE. The number of the attempt tells the worker that has the
job from one that had it: what the latter says of its end counts no longer. What fails, or takes
its worker with it, MAX_ATTEMPTS times is parked and shown at the desk, where it can be run again.
Jobs stand in two lanes, each worked on by a worker of its own: mails do not wait for imports.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import structlog
from flask import Flask, current_app
from sqlalchemy import Connection, Index, Select, delete, insert, select, update
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock
from portal.core.db import Base, Document, Identity, Instant, changed, db, transaction

LEASE = timedelta(seconds=20)
BEAT_S = 5.0
DIED = "WorkerDied"  # error of a job whose workers all ended with it
OWED = "owes jobs"  # mark in the info of a session
MAX_ATTEMPTS = 8
DONE_KEPT_FOR = timedelta(days=30)
log = structlog.get_logger()


class Lane(StrEnum):
    """Where a job queues: with those that take a moment, or with those that take minutes."""

    QUICK = "quick"
    LONG = "long"


class Job(Base):
    """One thing to do: queued → running → done | queued again | parked."""

    __tablename__ = "job"
    __table_args__ = (Index("ix_job_due", "state", "due_at"),)

    id: Mapped[int] = mapped_column(Identity, primary_key=True)
    kind: Mapped[str]
    payload: Mapped[dict[str, Any]] = mapped_column(Document)
    state: Mapped[str] = mapped_column(default="queued")
    attempts: Mapped[int] = mapped_column(default=0)
    #: When it may be tried (again), or when the lease of its worker ends.
    due_at: Mapped[datetime] = mapped_column(Instant)
    created_at: Mapped[datetime] = mapped_column(Instant)
    ended_at: Mapped[datetime | None] = mapped_column(Instant)
    #: Name of the last error's class; never its text, which may hold personal data.
    error: Mapped[str | None]


_handlers: dict[str, Callable[[dict[str, Any]], None]] = {}
_long: set[str] = set()


def handles(
    kind: str, handler: Callable[[dict[str, Any]], None], *, lane: Lane = Lane.QUICK
) -> None:
    """Let ``handler(payload)`` carry out jobs of ``kind``; it must bear being run twice."""
    _handlers[kind] = handler
    if lane is Lane.LONG:
        _long.add(kind)


def owe(kind: str, payload: dict[str, Any], *, on: Connection | None = None) -> int:
    """Queue a job in the current transaction (or that of ``on``) and return its id."""
    at = clock.now()
    row = {"kind": kind, "payload": payload, "state": "queued", "attempts": 0}
    added = (
        insert(Job.__table__).values(**row, due_at=at, created_at=at).returning(Job.__table__.c.id)
    )
    db.session.info[OWED] = True
    return int((db.session if on is None else on).execute(added).scalar_one())


def were_owed() -> bool:
    """Return whether this session owed jobs since it was last asked: they can be carried out."""
    return db.session.registry.has() and bool(db.session.info.pop(OWED, False))


def run_once(lane: Lane | None = None) -> int:
    """Carry out the oldest due job (of ``lane``), if there is one; return how many were."""
    job = _claim(lane)
    if job is None:
        return 0
    if job.attempts > MAX_ATTEMPTS:
        _ended(job, state="parked", error=DIED)
        return 1
    try:
        with _kept(job):
            _handlers[job.kind](job.payload)
    except Exception as error:
        _failed(job, error)
    else:
        _ended(job, state="done", error=None, payload={})  # mails hold links that open accounts
    return 1


@contextmanager
def _kept(job: Any) -> Iterator[None]:
    """Renew the lease of a job while the block works on it, from a thread beside it."""
    done = threading.Event()
    app = current_app._get_current_object()  # type: ignore[attr-defined]
    threading.Thread(target=_beat, args=(app, job, done), daemon=True).start()
    try:
        yield
    finally:
        done.set()


def _beat(app: Flask, job: Any, done: threading.Event) -> None:
    while not done.wait(BEAT_S):
        with app.app_context():
            try:
                with transaction():
                    _change(job, due_at=clock.now() + LEASE)
            except SQLAlchemyError as error:  # the database is away for a moment, perhaps
                db.session.rollback()
                log.warning("job.not_renewed", job=job.id, error=type(error).__name__)


def _claim(lane: Lane | None) -> Any:
    table = Job.__table__
    at = clock.now()
    due = _due(lane, at)
    if db.session.scalar(due) is None:  # the usual case costs no write transaction
        db.session.commit()
        return None
    with transaction():
        claimed = (
            update(table)
            .where(table.c.id == due.with_for_update(skip_locked=True).scalar_subquery())
            .values(state="running", due_at=at + LEASE, attempts=table.c.attempts + 1)
            .returning(table.c.id, table.c.kind, table.c.payload, table.c.attempts)
        )
        return db.session.execute(claimed).first()


def _due(lane: Lane | None, at: datetime) -> Select[Any]:
    """Select the id of the oldest due job; a kind that nobody handles counts as quick."""
    table = Job.__table__
    due = select(table.c.id).where(table.c.state.in_(("queued", "running")), table.c.due_at <= at)
    if lane is Lane.LONG:
        due = due.where(table.c.kind.in_(_long))
    elif lane is Lane.QUICK:
        due = due.where(table.c.kind.not_in(_long))
    return due.order_by(table.c.due_at, table.c.id).limit(1)


def _failed(job: Any, error: Exception) -> None:
    db.session.rollback()
    log.warning("job.failed", job=job.id, kind=job.kind, error=type(error).__name__, exc_info=error)
    name = type(error).__name__
    if job.attempts >= MAX_ATTEMPTS:
        _ended(job, state="parked", error=name)
        return
    with transaction():
        _change(job, state="queued", due_at=clock.now() + _pause(job.attempts), error=name)


def _pause(attempts: int) -> timedelta:
    """Return how long to wait after a number of attempts: 5 s, 10 s, 20 s … up to an hour."""
    return min(timedelta(seconds=5 * 2 ** (attempts - 1)), timedelta(hours=1))


def _ended(job: Any, **values: Any) -> None:
    with transaction():
        _change(job, ended_at=clock.now(), **values)


def _change(job: Any, **values: Any) -> None:
    """Change a job of one's own; one that another worker has claimed since stays as it is."""
    table = Job.__table__
    mine = (table.c.id == job.id, table.c.state == "running", table.c.attempts == job.attempts)
    db.session.execute(update(table).where(*mine).values(**values))


def release() -> int:
    """Queue again what was running when the only process died; return how many.

    Called at the start of a process that knows that no other one works on jobs.
    """
    table = Job.__table__
    again = update(table).where(table.c.state == "running")
    with transaction():
        return changed(again.values(state="queued", due_at=clock.now()))


def tidy() -> int:
    """Delete jobs that were done DONE_KEPT_FOR ago; return how many. Parked ones stay."""
    table = Job.__table__
    old = table.c.ended_at < clock.now() - DONE_KEPT_FOR
    with transaction():
        return changed(delete(table).where(table.c.state == "done", old))
