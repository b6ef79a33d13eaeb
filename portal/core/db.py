"""The database handle, the column types, and the only two places that commit.

``transaction()`` is for ordinary requests; ``write(work)`` for hot paths: on SQLite the work of
all requests that wait at the same moment shares one durable commit. Nobody is answered before
the commit that holds his own work. What many of them add to (totals, the log) is ``gathered``
and written once, at the end of the transaction.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeAlias, TypeVar, cast

from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    CursorResult,
    Engine,
    Executable,
    Integer,
    MetaData,
    Row,
    Table,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import DeclarativeBase

from portal.core import opening, scope
from portal.core.aside import aside
from portal.core.instants import Instant as Instant

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
GROUP = 256  # pieces of work in one commit, so that the first of them does not wait for ever
TRIES = 3  # of a piece of work that PostgreSQL breaks off because two of them crossed
#: serialization_failure, deadlock_detected
_CROSSED = frozenset({"40001", "40P01"})

T = TypeVar("T")
AnyRow: TypeAlias = Row[*tuple[Any, ...]]  # a row of columns that are named where it is read


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=NAMING)
    if TYPE_CHECKING:
        __table__: ClassVar[Table]


#: A JSON document; binary and indexable on PostgreSQL.
Document = JSON().with_variant(JSONB(), "postgresql")
#: Identities: 64 bit; SQLite only numbers rows of type INTEGER by itself.
Identity = BigInteger().with_variant(Integer(), "sqlite")

db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

#: The thread that writes here; greenlets copy the context of whoever spawned them.
_writing: ContextVar[int] = ContextVar("writing", default=0)
_turn = threading.RLock()
_waiting: deque["Ticket[Any]"] = deque()
#: Called after every commit made here: the relay's wake-up.
after_commit: list[Callable[[], None]] = []


def init_app(app: Flask) -> None:
    """Open the database of ``app`` and set how it begins, waits and guards."""
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", opening.options(app))
    db.init_app(app)
    with app.app_context():
        engine = db.engine
    scope.guard(engine)
    event.listen(engine, "begin", _begin_with_nothing)
    event.listen(engine, "engine_disposed", _let_go)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "do_connect", opening.make_folder)
        event.listen(engine, "connect", opening.set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


def _begin_with_nothing(connection: Connection) -> None:
    """Forget what was gathered by a transaction of this connection that failed."""
    connection.info.pop(_GATHERED, None)


def _begin_sqlite(connection: Connection) -> None:
    _driver(connection).execute("BEGIN IMMEDIATE" if _is_writing() else "BEGIN")


def checkpoint() -> int:
    """Copy SQLite's log into its file, in a thread of its own, so that no writer has to.

    Returns 0: there is nothing left to do.
    """
    if is_sqlite(db.engine) and (path := db.engine.url.database):
        aside(opening.checkpoint, path)
    return 0


def is_sqlite(connection: Connection | Engine) -> bool:
    """Return whether this is SQLite: one writer at a time."""
    return connection.dialect.name == "sqlite"


class Gathered:
    """What the works of one transaction add up, to be written once at its end."""

    def __init__(self) -> None:
        self.items: list[Any] = []

    def write(self, on: Connection) -> None:
        """Write the items."""
        raise NotImplementedError


G = TypeVar("G", bound=Gathered)
_GATHERED = "gathered"  # key in the info of a connection


def gathered(kind: type[G], on: Connection) -> G:
    """Return what the transaction of ``on`` has gathered of ``kind`` so far.

    It is written before the commit; ``on`` must be the connection of ``write`` or
    ``transaction``.
    """
    kinds: dict[type[Gathered], Gathered] = on.info.setdefault(_GATHERED, {})
    if kind not in kinds:
        kinds[kind] = kind()
    return cast("G", kinds[kind])


def _finish(on: Connection) -> None:
    """Write what was gathered; writing it may gather more."""
    _check_begun(on)
    while kinds := on.info.pop(_GATHERED, None):
        for each in kinds.values():
            each.write(on)


_readers: dict[Engine, Connection] = {}
#: Held for ``write``, whose groups take turns.
_writers: dict[Engine, Connection] = {}


def _let_go(disposed: Engine) -> None:
    _readers.pop(disposed, None)
    _writers.pop(disposed, None)


def reading() -> Connection:
    """Return a connection on which prepared statements read what is committed now.

    Within ``transaction`` it is that of the session, so one's own changes are seen. On SQLite
    it is held for as long as the process lives: statements on it begin no transaction.
    """
    engine = db.engine
    if not is_sqlite(engine) or _is_writing():
        return db.session.connection()
    held = _readers.get(engine)
    if held is None:
        held = _readers[engine] = engine.connect()
    return held


@contextmanager
def apart(on: Connection) -> Iterator[None]:
    """Undo what the block did, and that alone, if it raises."""
    _check_begun(on)
    kinds: dict[type[Gathered], Gathered] = on.info.get(_GATHERED, {})
    marks = {kind: len(each.items) for kind, each in kinds.items()}
    run = _driver(on).execute if is_sqlite(on) else on.exec_driver_sql
    run("SAVEPOINT apart")
    try:
        yield
    except BaseException:
        run("ROLLBACK TO SAVEPOINT apart")
        run("RELEASE SAVEPOINT apart")
        for kind, each in on.info.get(_GATHERED, {}).items():
            del each.items[marks.get(kind, 0) :]
        raise
    run("RELEASE SAVEPOINT apart")


def _check_begun(on: Connection) -> None:
    """Raise RuntimeError where SQLite has undone the whole transaction, as it does of a full disk.

    What came after would be committed bit by bit.
    """
    if is_sqlite(on) and not _driver(on).in_transaction:
        raise RuntimeError("The database has ended the transaction.")


def _driver(on: Connection) -> Any:
    return on.connection.dbapi_connection


@contextmanager
def transaction() -> Iterator[None]:
    """Commit what the block did, or undo all of it.

    Opened by entry points only: views, socket handlers, workers, commands. On SQLite writers
    of this process take turns here instead of in SQLite's unfair busy handler.
    """
    with _writer():
        try:
            yield
            db.session.flush()
            _finish(db.session.connection())
            _make_durable(db.session.connection())
            db.session.commit()
        except BaseException:
            db.session.rollback()
            raise
    _announce()


@contextmanager
def _writer() -> Iterator[None]:
    if not is_sqlite(db.engine):
        yield
        return
    _check_alone()
    with _turn, _as_writer():
        db.session.commit()  # ends a read that was open: its snapshot could not become a write
        yield


def _check_alone() -> None:
    """Raise RuntimeError inside another transaction: it would be committed half done."""
    if _is_writing():
        raise RuntimeError("There is a transaction already; use its connection.")


def _is_writing() -> bool:
    return _writing.get() == threading.get_ident()


@contextmanager
def _as_writer() -> Iterator[None]:
    token = _writing.set(threading.get_ident())
    try:
        yield
    finally:
        _writing.reset(token)


def _make_durable(on: Connection) -> None:
    """Commit on SQLite; where greenlets run, let them run on while the disk works."""
    if is_sqlite(on):
        aside(_driver(on).execute, "COMMIT")


def changed(statement: Executable) -> int:
    """Run a change in the current transaction; return how many rows it touched."""
    return int(cast("CursorResult[Any]", db.session.execute(statement)).rowcount)


def _announce() -> None:
    for wake in after_commit:
        wake()


class Ticket(Generic[T]):
    """One piece of work in the queue of ``write`` and, later, what became of it."""

    def __init__(self, work: Callable[[Connection], T]) -> None:
        self.work = work
        self.done = False
        self.result: T
        self.error: BaseException | None = None

    def attempt(self, on: Connection) -> None:
        """Do the work apart from the others'; keep what it returned or raised."""
        try:
            with apart(on):
                self.result = self.work(on)
        except Exception as error:
            self.error = error


def write(work: Callable[[Connection], T]) -> T:
    """Run ``work(connection)`` in a durable transaction and return its result.

    On SQLite whoever gets the turn first runs the work of all who wait, each in its own
    savepoint, and commits once; it must use nothing but the connection it is given.
    Where PostgreSQL breaks the work off because it and another wait for each other, it is run
    again from the start, TRIES times at the most: ``work`` must bear that, so it keeps nothing
    outside the database. Raises what ``work`` raised; then nothing of it remains.
    """
    if not is_sqlite(db.engine):
        return _write_again(work)
    _check_alone()
    end_reading()
    ticket = Ticket(work)
    _waiting.append(ticket)
    with _turn:
        while not ticket.done:  # where very many wait, others fill the first group
            _write_group()
    if ticket.error is not None:
        raise ticket.error
    return ticket.result


def _write_again(work: Callable[[Connection], T]) -> T:
    for _ in range(TRIES - 1):
        try:
            return _write_alone(work)
        except DBAPIError as error:
            if getattr(error.orig, "sqlstate", None) not in _CROSSED:
                raise
    return _write_alone(work)


def _write_alone(work: Callable[[Connection], T]) -> T:
    with transaction():
        return work(db.session.connection())


def end_reading() -> None:
    """End the session's read, if there is one: what is read from now on shows the present."""
    if db.session.registry.has():
        db.session.commit()


def _write_group() -> None:
    group = [_waiting.popleft() for _ in range(min(len(_waiting), GROUP))]
    try:
        on = _writers.get(db.engine)
        if on is None:
            on = _writers[db.engine] = db.engine.connect()
        with _as_writer(), on.begin():
            for ticket in group:
                ticket.attempt(on)
            _finish(on)
            _make_durable(on)
    except BaseException as error:
        for ticket in group:
            ticket.error = ticket.error or error
        raise
    finally:
        for ticket in group:
            ticket.done = True
    _announce()
