"""Places in lists that are ordered by an instant and an id."""

from datetime import UTC, datetime, timedelta
from typing import Any

from portal.core import pagination

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def of(moment: datetime, id_: int) -> tuple[int, int]:
    """Return what a cursor keeps of a row."""
    return (moment - _EPOCH) // timedelta(microseconds=1), id_


def read(cursor: str | None) -> tuple[datetime, int] | None:
    """Return the instant and the id of a cursor, None where there is none. Raises Invalid."""
    values: list[Any] | None = pagination.decode(cursor, int, int)
    if values is None:
        return None
    try:
        return _EPOCH + timedelta(microseconds=values[0]), values[1]
    except OverflowError:
        raise pagination.not_ours() from None
