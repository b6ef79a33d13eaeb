"""Keyset pages: the cost of page 4 000 is the cost of page 1."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import orjson

from portal.core.errors import Invalid
from portal.core.i18n import lazy as _l

T = TypeVar("T")
DEFAULT_LIMIT = 50
MAX_LIMIT = 200
LARGEST_ID = 2**63 - 1


@dataclass(frozen=True)
class Page(Generic[T]):
    """Some rows, and the opaque cursor of the rows behind them (None: these are the last)."""

    items: Sequence[T]
    next: str | None


def encode(values: Sequence[Any]) -> str:
    """Return an opaque cursor that holds ``values``."""
    return urlsafe_b64encode(orjson.dumps(list(values))).decode().rstrip("=")


def decode(cursor: str | None, *kinds: type) -> list[Any] | None:
    """Return the values of a cursor, one of each of ``kinds``; None where there is no cursor.

    Whole numbers fit an id. Raises Invalid for anything that we did not hand out.
    """
    if not cursor:
        return None
    try:
        values = orjson.loads(urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except ValueError:
        values = None
    if not isinstance(values, list) or not _fit(values, kinds):
        raise not_ours()
    return values


def not_ours() -> Invalid:
    """Return the answer to a cursor that we did not hand out."""
    return Invalid(_l("That page marker is not one of ours. Start again from the first page."))


def decode_number(cursor: str | None) -> int | None:
    """Return the number in the cursor of a list by id; raises Invalid as ``decode`` does."""
    values = decode(cursor, int)
    return None if values is None else int(values[0])


def _fit(values: list[Any], kinds: Sequence[type]) -> bool:
    return len(values) == len(kinds) and all(
        isinstance(value, kind) and _is_ours(value)
        for value, kind in zip(values, kinds, strict=True)
    )


def _is_ours(value: Any) -> bool:
    """Return whether a column of ours can hold ``value``: no database is asked otherwise."""
    if isinstance(value, str):
        return "\0" not in value
    return value is None or (type(value) is int and 0 <= value <= LARGEST_ID)


def limit(asked: str | None) -> int:
    """Return how many rows to show: what was asked for, within 1 to MAX_LIMIT."""
    if asked is None or not asked.isascii() or not asked.isdigit():
        return DEFAULT_LIMIT
    return max(1, min(int(asked[:6]), MAX_LIMIT))


def cut(rows: Sequence[T], size: int, key: Callable[[T], Sequence[Any]]) -> Page[T]:
    """Make a page of ``rows``, of which one more than ``size`` was asked for."""
    more = len(rows) > size
    shown = rows[:size]
    return Page(shown, encode(key(shown[-1])) if more else None)
