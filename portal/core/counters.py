"""Totals kept by whoever changes a row, so that no page has to count."""

from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

from sqlalchemy import Connection, Table
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.core.db import is_sqlite
from portal.core.prepared import Prepared


def add(table: Table, changes: Iterable[Mapping[str, Any]], *, on: Connection) -> None:
    """Add each change to the row of its primary key, making the row where there is none.

    Rows are taken in the order of their keys, so that two writers never wait for each other.
    """
    keys = [column.name for column in table.primary_key]
    rows = sorted(changes, key=lambda row: [str(row[key]) for key in keys])
    _adding(table, is_sqlite(on)).run_many(on, rows)


@cache
def _adding(table: Table, on_sqlite: bool) -> Prepared:
    """Return the statement that adds rows to ``table``; made once for each."""
    insert = sqlite_insert(table) if on_sqlite else postgresql_insert(table)
    keys = [column.name for column in table.primary_key]
    summed = {
        column.name: column + insert.excluded[column.name]
        for column in table.columns
        if column.name not in keys
    }
    return Prepared(insert.on_conflict_do_update(index_elements=keys, set_=summed))
