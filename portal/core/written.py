"""Instants that are read only to be written out again: they stay text from database to answer.

SQLite keeps an instant as ``2026-11-20 15:42:00.000000``, in UTC. Making a ``datetime`` of it, and
text of that, costs more than the rest of a list's row.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Column, Label, type_coerce
from sqlalchemy.engine import Dialect
from sqlalchemy.types import UserDefinedType

KEPT = 4096  # texts remembered: what was promised and the latest of all come again and again


class WrittenInstant(UserDefinedType[str]):
    """A column of ``core.db.Instant``, read as ISO 8601: what ``core.api.as_json`` writes of it."""

    cache_ok = True

    def result_processor(self, dialect: Dialect, coltype: object) -> Callable[[Any], Any]:
        """Return what makes the text of what the driver hands out."""
        return from_text if dialect.name == "sqlite" else from_datetime


@lru_cache(maxsize=KEPT)
def from_text(kept: str | None) -> str | None:
    """Return the ISO 8601 of an instant as SQLite keeps it."""
    if kept is None:
        return None
    return kept.replace(" ", "T", 1).removesuffix(".000000") + "+00:00"


def from_datetime(kept: datetime | None) -> str | None:
    """Return the ISO 8601 of an aware instant, in UTC."""
    return None if kept is None else kept.astimezone(UTC).isoformat()


def written(column: Column[datetime] | Column[datetime | None]) -> Label[Any]:
    """Return a column of instants, to be read as text."""
    return type_coerce(column, WrittenInstant()).label(column.name)
