"""The database handle, the column types, and the only two places that commit.

``transaction()`` is for ordinary requests; ``write(work)`` for hot paths: on SQLite the work of
all requests that wait at the same moment shares one durable commit. Nobody is answered before
the commit that holds his own work.
"""

import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeAlias, TypeVar, cast

import orjson
from flask import Flask
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import (
    JSON,
    BigInteger,
    CursorResult,
    DateTime,
    Engine,
    Executable,
    Integer,
    MetaData,
    Row,
    Table,
    event,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.engine import Connection, Dialect
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

from portal.core import scope
from portal.core.aside import aside

NAMING = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
    "pk": "pk_%(table_name)s",
}
GROUP = 256  # pieces of work in one commit, so that the first of them does not wait for ever
BUSY_TIMEOUT_MS = 10_000  # another process holds SQLite's write lock

T = TypeVar("T")
AnyRow: TypeAlias = Row[*tuple[Any, ...]]  # a row of columns that are named where it is read


class Base(DeclarativeBase):
    """Base of all tables."""

    metadata = MetaData(naming_convention=NAMING)
    if TYPE_CHECKING:
        __table__: ClassVar[Table]


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant on both databases (SQLite keeps it naive)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants; store UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("An instant must be aware.")
        value = value.astimezone(UTC)
        return value.replace(tzinfo=None) if dialect.name == "sqlite" else value

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware UTC instant."""
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


#: A JSON document; binary and indexable on PostgreSQL.
Document = JSON().with_variant(JSONB(), "postgresql")
#: Identities: 64 bit; SQLite only numbers rows of type INTEGER by itself.
Identity = BigInteger().with_variant(Integer(), "sqlite")

db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})

_writing: ContextVar[bool] = ContextVar("writing", default=False)
_turn = threading.RLock()
_waiting: deque["Ticket[Any]"] = deque()
#: Called after every commit made here: the relay's wake-up.
after_commit: list[Callable[[], None]] = []


def init_app(app: Flask) -> None:
    """Open the database of ``app`` and set how it begins, waits and guards."""
    app.config.setdefault("SQLALCHEMY_ENGINE_OPTIONS", _engine_options(app))
    db.init_app(app)
    with app.app_context():
        engine = db.engine
    scope.guard(engine)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "do_connect", _make_folder)
        event.listen(engine, "connect", _set_up_sqlite)
        event.listen(engine, "begin", _begin_sqlite)


def _engine_options(app: Flask) -> dict[str, Any]:
    return {
        "json_serializer": lambda value: orjson.dumps(value).decode(),
        "json_deserializer": orjson.loads,
        "hide_parameters": True,  # errors must not quote what people have entered
        "pool_size": 16,
        "max_overflow": 48,
    }


def _make_folder(_dialect: Any, _record: Any, words: list[Any], _more: Any) -> None:
    """Make the folder of the database's file: the first command of a new centre finds none."""
    Path(words[0]).parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def _set_up_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "cache_size = -65536",
        "mmap_size = 268435456",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE" if _writing.get() else "BEGIN")


def is_sqlite(connection: Connection | Engine) -> bool:
    """Return whether this is SQLite: one writer at a time."""
    return connection.dialect.name == "sqlite"


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
            _commit()
        except BaseException:
            db.session.rollback()
            raise
    _announce()


@contextmanager
def _writer() -> Iterator[None]:
    if not is_sqlite(db.engine):
        yield
        return
    with _turn:
        db.session.commit()  # ends a read that was open: its snapshot could not become a write
        token = _writing.set(True)
        try:
            yield
        finally:
            _writing.reset(token)


def _commit() -> None:
    """Commit; where greenlets run, let them run on while the disk makes it durable."""
    if is_sqlite(db.engine):
        raw: Any = db.session.connection().connection.driver_connection
        aside(raw.execute, "COMMIT")
    db.session.commit()


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

    def attempt(self, connection: Connection) -> None:
        """Do the work in a savepoint of its own; keep what it returned or raised."""
        savepoint = connection.begin_nested()
        try:
            self.result = self.work(connection)
            savepoint.commit()
        except Exception as error:
            savepoint.rollback()
            self.error = error


def write(work: Callable[[Connection], T]) -> T:
    """Run ``work(connection)`` in a durable transaction and return its result.

    On SQLite whoever gets the turn first runs the work of all who wait, each in its own
    savepoint, and commits once; it must use nothing but the connection it is given.
    Raises what ``work`` raised; then nothing of it remains.
    """
    if not is_sqlite(db.engine):
        with transaction():
            return work(db.session.connection())
    db.session.commit()  # ends a read: what is read after the work must show it
    ticket = Ticket(work)
    _waiting.append(ticket)
    with _turn:
        if not ticket.done:
            _write_group()
    if ticket.error is not None:
        raise ticket.error
    return ticket.result


def _write_group() -> None:
    group = [_waiting.popleft() for _ in range(min(len(_waiting), GROUP))]
    try:
        with transaction():
            connection = db.session.connection()
            for ticket in group:
                ticket.attempt(connection)
    except BaseException as error:
        for ticket in group:
            ticket.error = ticket.error or error
        raise
    finally:
        for ticket in group:
            ticket.done = True
