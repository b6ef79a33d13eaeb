"""How connections to the database are opened, and how SQLite is set up."""

import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import orjson
from flask import Flask

#: Pages of SQLite's log after which a writer must copy them into the file himself; in a serving
#: process ``checkpoint`` has done so long before.
CHECKPOINT_PAGES = 20_000
BUSY_TIMEOUT_MS = 10_000  # another process holds SQLite's write lock
_SQLITE = {"pool_size": 16, "max_overflow": 48}
#: A server takes a hundred connections for all processes: who finds none waits for one. One that
#: was restarted costs new connections, not errors.
_SERVER = {"pool_size": 8, "max_overflow": 8, "pool_pre_ping": True}


def options(app: Flask) -> dict[str, Any]:
    """Return how the engine of ``app`` is made."""
    return {
        "json_serializer": lambda value: orjson.dumps(value).decode(),
        "json_deserializer": orjson.loads,
        "hide_parameters": True,  # errors must not quote what people have entered
        **(_SQLITE if app.config["SQLALCHEMY_DATABASE_URI"].startswith("sqlite") else _SERVER),
    }


def make_folder(_dialect: Any, _record: Any, words: list[Any], _more: Any) -> None:
    """Make the folder of the database's file: the first command of a new centre finds none."""
    Path(words[0]).parent.mkdir(mode=0o700, parents=True, exist_ok=True)


def set_up_sqlite(connection: Any, _record: Any) -> None:
    """Make commits durable, and readers and one writer work beside each other."""
    connection.isolation_level = None
    for pragma in (
        "journal_mode = WAL",
        "synchronous = FULL",
        "foreign_keys = ON",
        f"busy_timeout = {BUSY_TIMEOUT_MS}",
        "cache_size = -65536",
        "mmap_size = 268435456",
        f"wal_autocheckpoint = {CHECKPOINT_PAGES}",
    ):
        connection.execute(f"PRAGMA {pragma}")


def checkpoint(path: str) -> None:
    """Copy the log of the database at ``path`` into its file."""
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
