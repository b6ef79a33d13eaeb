"""Many rows at once, past what makes single statements comfortable: the demo has millions.

Instants come as seconds since 1970 and are written as ``core.db.Instant`` would write them.
"""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import lru_cache
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection

from portal.core.db import Instant, db, is_sqlite

DAY = 86400


def instant(at: int) -> datetime:
    """Return the instant that lies ``at`` seconds after 1970."""
    return datetime.fromtimestamp(at, UTC)


@lru_cache(maxsize=2000)
def _date(day: int) -> str:
    return f"{instant(day * DAY):%Y-%m-%d }"


@lru_cache(maxsize=DAY)
def _time(second: int) -> str:
    return f"{second // 3600:02d}:{second // 60 % 60:02d}:{second % 60:02d}.000000"


def _as_text(at: int) -> str:
    return _date(at // DAY) + _time(at % DAY)


def add(model: Any, rows: list[dict[str, Any]], *, on: Connection) -> None:
    """Insert rows that all have the same keys; columns they do not name stay empty."""
    if not rows:
        return
    names = tuple(rows[0])
    table = model.__table__
    marks = ", ".join(["?" if is_sqlite(on) else "%s"] * len(names))
    sql = f"INSERT INTO {table.name} ({', '.join(names)}) VALUES ({marks})"  # noqa: S608
    on.exec_driver_sql(sql, _parameters(table, names, rows, _as_text if is_sqlite(on) else instant))


def _parameters(
    table: Any, names: tuple[str, ...], rows: list[dict[str, Any]], written: Callable[[int], Any]
) -> list[tuple[Any, ...]]:
    instants = [name for name in names if isinstance(table.c[name].type, Instant)]
    for row in rows:
        for name in instants:
            if row[name] is not None:
                row[name] = written(row[name])
    return list(map(itemgetter(*names), rows))


@contextmanager
def hurried() -> Iterator[None]:
    """Let nothing be waited for that a load does not need.

    SQLite does not wait for the disk: who is cut short begins with an empty file anyway. The
    file is not mapped, since mapped pages would count as memory of this process. Rows make no
    cycles, so none are looked for.
    """
    gc.disable()
    try:
        _set_up_for_bulk()
        yield
    finally:
        gc.enable()
        db.session.remove()
        db.engine.dispose()  # the next connection is set up as ever


def _set_up_for_bulk() -> None:
    if not is_sqlite(db.engine):
        return
    db.session.remove()
    connection = db.engine.raw_connection()
    for pragma in ("synchronous = OFF", "mmap_size = 0", "cache_size = -131072"):
        connection.cursor().execute(f"PRAGMA {pragma}")
    connection.close()
