"""Copies of the database while it runs, and the way back.

For SQLite only: PostgreSQL has pg_dump and pg_restore.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from portal.core.db import db


class BadCopy(Exception):
    """A copy cannot be made or used; the text says why."""


def copy_to(file: Path) -> int:
    """Write a consistent copy of the database to ``file``, for its owner alone.

    Returns its size in bytes. Raises BadCopy if ``file`` exists or the database is not SQLite.
    """
    if file.exists():
        raise BadCopy(f"{file} is there already. Choose another name.")
    draft = file.with_name(f"{file.name}.draft")
    draft.unlink(missing_ok=True)
    with _database() as live:
        draft.touch(mode=0o600)
        with closing(sqlite3.connect(draft)) as copy:
            live.backup(copy)
            copy.execute("PRAGMA journal_mode = DELETE")  # one file, without a log beside it
    draft.rename(file)
    return file.stat().st_size


def copy_from(file: Path) -> None:
    """Replace everything in the database by the copy in ``file``, all or nothing.

    Raises BadCopy if ``file`` is not a whole copy of a portal, or the database is not SQLite.
    """
    with _database() as live, closing(_opened(file)) as copy:
        copy.backup(live)


def _opened(file: Path) -> sqlite3.Connection:
    try:
        copy = sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)
        whole = copy.execute("PRAGMA quick_check").fetchone()[0] == "ok"
        copy.execute("SELECT version_num FROM alembic_version")
    except sqlite3.Error as fault:
        raise BadCopy(f"{file} is not a copy of a portal's database: {fault}.") from fault
    if not whole:
        raise BadCopy(f"{file} is damaged. Nothing was changed.")
    return copy


@contextmanager
def _database() -> Iterator[Any]:
    """Lend a bare connection to the database of this portal."""
    if db.engine.dialect.name != "sqlite":
        raise BadCopy("This is for SQLite. With PostgreSQL use pg_dump and pg_restore.")
    db.session.remove()
    lent = db.engine.raw_connection()
    try:
        yield lent.driver_connection
    finally:
        lent.close()
        db.engine.dispose()  # no connection keeps what it knew before
