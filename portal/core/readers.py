"""Parts that act on what happened: each reads the log at its own pace, in order, each event once.

A reader keeps how far it has come in the transaction in which it acts, so an event has its effect
exactly once, also where a process dies. It begins with what happens after it was made: history
is not acted on. An event that fails becomes a job (tried again, parked, shown at the desk), and
the reader goes on. Readers must not depend on one another's order.
"""

import time
from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import structlog
from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from portal.core import clock, jobs
from portal.core.db import Base, Identity, db, end_reading, write
from portal.core.events import Event, EventRecord

BATCH = 50  # events acted on in one transaction, at most,
TURN_S = 0.03  # and for so long: others wait for it on SQLite
RETRIED = "reader"  # kind of the job that acts on an event again
log = structlog.get_logger()


class LogReader(Base):
    """How far a reader has come."""

    __tablename__ = "log_reader"

    name: Mapped[str] = mapped_column(primary_key=True)
    position: Mapped[int] = mapped_column(Identity)  # of the last event that it is done with


#: Acts on one event: its row (``name, payload, actor_id, company_id, about, recorded_at``).
Handler = Callable[[Any, Connection], None]


class Reader(NamedTuple):
    """Which events a reader wants, and what it does with each."""

    names: tuple[str, ...]
    handle: Handler


_EVENT, _READER = EventRecord.__table__, LogReader.__table__
_readers: dict[str, Reader] = {}


def reads(name: str, events: Iterable[type[Event]], handle: Handler) -> None:
    """Let ``handle(row, on)`` act on every event of these kinds, in a transaction of its own.

    It uses nothing but the connection it is given, and bears being run twice.
    """
    _readers[name] = Reader(tuple(sorted(event.name for event in events)), handle)


def run_once() -> int:
    """Let every reader act on a batch of what is new; return how many events that were."""
    head = db.session.scalar(select(func.max(_EVENT.c.position))) or 0
    places = {row.name: row.position for row in db.session.execute(select(_READER))}
    end_reading()
    done = 0
    for name in _readers:
        if name in places:
            done += _read(name, places[name], head)
            clock.breathe()
        else:
            _begin(name, head)
    return done


def _begin(name: str, head: int) -> None:
    write(lambda on: on.execute(insert(_READER).values(name=name, position=head)))


def _read(name: str, place: int, head: int) -> int:
    """Act on the next events of one reader; one at a time where a batch fails."""
    if place >= head:
        return 0
    found = _next(name, place, head)
    upto = found[-1].position if len(found) == BATCH else head
    try:
        return write(lambda on: _act(name, found, place, upto, on))
    except Exception as error:
        log.warning("reader.failed", reader=name, error=type(error).__name__, exc_info=error)
        _one_by_one(name, found, place, upto)
    return len(found)


def _next(name: str, place: int, head: int) -> list[Any]:
    wanted = (
        select(_EVENT)
        .where(
            _EVENT.c.position > place,
            _EVENT.c.position <= head,
            _EVENT.c.name.in_(_readers[name].names),
        )
        .order_by(_EVENT.c.position)
        .limit(BATCH)
    )
    found = list(db.session.execute(wanted))
    end_reading()
    return found


def _act(name: str, events: list[Any], place: int, upto: int, on: Connection) -> int:
    """Act on events until it is the others' turn; return how many that were."""
    if not _advance(name, place, upto, on):
        return len(events)
    began = time.monotonic()
    for done, event in enumerate(events, 1):
        _readers[name].handle(event, on)
        if done < len(events) and time.monotonic() - began >= TURN_S:
            _advance(name, upto, event.position, on)
            return done
    return len(events)


def _advance(name: str, place: int, upto: int, on: Connection) -> bool:
    """Take the way from ``place`` to ``upto``; return False where another process has."""
    mine = (_READER.c.name == name, _READER.c.position == place)
    moved = update(_READER).where(*mine).values(position=upto).returning(_READER.c.name)
    return on.execute(moved).first() is not None


def _one_by_one(name: str, events: list[Any], place: int, upto: int) -> None:
    for event in events:
        _alone(name, event, place)
        place = event.position
    write(lambda on: _advance(name, place, upto, on))


def _alone(name: str, event: Any, place: int) -> None:
    try:
        write(lambda on: _act(name, [event], place, event.position, on))
    except Exception as error:
        log.warning("reader.skipped", reader=name, number=event.id, exc_info=error)
        write(lambda on: _leave(name, event, place, on))


def _leave(name: str, event: Any, place: int, on: Connection) -> None:
    """Go on without an event; a job tries it again."""
    if _advance(name, place, event.position, on):
        jobs.owe(RETRIED, {"reader": name, "event": event.id}, on=on)


def _again(payload: dict[str, Any]) -> None:
    event = db.session.execute(select(_EVENT).where(_EVENT.c.id == payload["event"])).one()
    write(lambda on: _readers[payload["reader"]].handle(event, on))


jobs.handles(RETRIED, _again)
