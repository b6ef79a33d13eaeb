"""Histories under seal: tracking events that came in bulk are digested together in the log.

What is pushed one by one stands in the log of events one by one (``core.chain``). What was there
before the chain began, and what a bulk load brings, is *sealed*: consignments are taken in groups
of GROUP by their ids; for each group the log holds one event with the digest of all their
tracking events. Version 1:

- *row*: the values of COLUMNS, in that order, as a JSON array; instants in UTC as
  ``2026-11-22 03:04:05.000000``, degrees as text, no blanks.
- *history* of a consignment: a JSON array of its rows by seq; in the place of a row that is not
  published stands its SHA-256, so that who may not read it can check the others.
- *seal* of a group: SHA-256 of the lines that the SHA-256 of each history make, in the order of
  the consignments' ids, each line with its line feed.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import orjson
from sqlalchemy import Connection, Select, String, func, literal_column, select, type_coerce

from portal.consignments.events import HistorySealed
from portal.consignments.models import TrackingEvent
from portal.core import scope
from portal.core.db import is_sqlite

GROUP = 100  # consignments under one seal: a pack of one brings the digests of the others
COLUMNS = (
    "id",
    "company_id",
    "consignment_id",
    "seq",
    "piece_id",
    "classifier",
    "code",
    "reason",
    "occurred_at",
    "offset_min",
    "recorded_at",
    "place",
    "division_code",
    "lat",
    "lon",
    "source",
    "source_event_id",
    "actor_id",
    "published",
    "note",
    "retracts_id",
    "status_after",
)
_PUBLISHED = COLUMNS.index("published")
_CONSIGNMENT = COLUMNS.index("consignment_id")
_LAT, _LON = COLUMNS.index("lat"), COLUMNS.index("lon")
_E = TrackingEvent.__table__
_UTC: Any = literal_column("'UTC'")
_FORM: Any = literal_column("'YYYY-MM-DD HH24:MI:SS.US'")

Values = Sequence[Any]


class Sealed(NamedTuple):
    """The history of one consignment as it is sealed."""

    consignment_id: int
    text: bytes
    digest: str
    ids: tuple[int, ...]  # of its tracking events


def group_of(consignment_id: int) -> int:
    """Return the group in which a consignment is sealed, counted from 0."""
    return (consignment_id - 1) // GROUP


def row_text(values: Values) -> bytes:
    """Return a row (values of COLUMNS, instants as text) as the text that is hashed."""
    return orjson.dumps(values)


def history(consignment_id: int, rows: Sequence[Values]) -> Sealed:
    """Seal the rows of one consignment, which come by seq."""
    shown = [row if row[_PUBLISHED] else hashlib.sha256(row_text(row)).hexdigest() for row in rows]
    text = orjson.dumps(shown)
    ids = tuple(row[0] for row in rows)
    return Sealed(consignment_id, text, hashlib.sha256(text).hexdigest(), ids)


def seal(histories: Iterable[Sealed], *, group: int, upto: int) -> HistorySealed:
    """Return the event that puts the histories of ``group`` under the chain."""
    lines, rows, count = hashlib.sha256(), 0, 0
    for each in histories:
        lines.update(f"{each.digest}\n".encode())
        rows += len(each.ids)
        count += 1
    return HistorySealed(
        actor_id=None,
        company_id=None,
        group=group,
        consignments=count,
        rows=rows,
        upto=upto,
        sha256=lines.hexdigest(),
    )


def histories(group: int, upto: int, *, on: Connection) -> Iterator[Sealed]:
    """Yield the histories of a group as the database holds them, up to the tracking event."""
    query = _select(on).where(
        _E.c.consignment_id > group * GROUP,
        _E.c.consignment_id <= (group + 1) * GROUP,
        _E.c.id <= upto,
    )
    ordered = query.order_by(_E.c.consignment_id, _E.c.seq).execution_options(**scope.CENTRE)
    for consignment, rows in groupby(_values(on, ordered), itemgetter(_CONSIGNMENT)):
        yield history(consignment, list(rows))


def history_of(consignment_id: int, count: int, *, on: Connection) -> Sealed:
    """Return the history of a consignment as it would be sealed: its first ``count`` rows."""
    query = _select(on).where(_E.c.consignment_id == consignment_id, _E.c.seq <= count)
    ordered = query.order_by(_E.c.seq).execution_options(**scope.CENTRE)
    return history(consignment_id, list(_values(on, ordered)))


def _values(on: Connection, query: Select[Any]) -> Iterator[Values]:
    for row in on.execute(query):
        if row[_LAT] is None and row[_LON] is None:
            yield tuple(row)
        else:
            degrees = {at: None if row[at] is None else repr(row[at]) for at in (_LAT, _LON)}
            yield tuple(degrees.get(at, value) for at, value in enumerate(row))


def _select(on: Connection) -> Select[Any]:
    return select(*(_as_text(_E.c[name], on) for name in COLUMNS))


def _as_text(column: Any, on: Connection) -> Any:
    """Select instants as the text that is hashed, everything else as it is."""
    if column.name not in ("occurred_at", "recorded_at"):
        return column
    if is_sqlite(on):
        return type_coerce(column, String)  # it is kept as that text
    return func.to_char(func.timezone(_UTC, column), _FORM)
