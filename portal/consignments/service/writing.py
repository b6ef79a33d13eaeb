"""Writing the rows of new consignments: few statements, prepared, however many rows."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert

from portal.consignments.models import Consignment, Piece, TrackingEvent
from portal.core import sequences
from portal.core.prepared import Prepared

Row = dict[str, Any]
_CONSIGNMENT = Consignment.__table__
_CONSIGNMENTS = Prepared(insert(_CONSIGNMENT))
_PIECES = Prepared(insert(Piece.__table__))
_EVENTS = Prepared(insert(TrackingEvent.__table__))


def consignments(rows: Sequence[Row], *, on: Connection) -> list[int]:
    """Insert consignments, whose rows have the same columns; return their ids, in order."""
    if len(rows) == 1:
        statement = insert(_CONSIGNMENT).returning(_CONSIGNMENT.c.id)
        return [int(on.scalar(statement, rows[0]) or 0)]
    # INSERT … RETURNING would cost SQLite a statement a row.
    ids = list(sequences.take_ids(_CONSIGNMENT, len(rows), on=on))
    numbered = [{"id": id_, **row} for id_, row in zip(ids, rows, strict=True)]
    _CONSIGNMENTS.run_many(on, numbered, names=_said(numbered))
    return ids


def _said(rows: Sequence[Row]) -> tuple[str, ...]:
    """Return the columns that any row fills: an empty one would cost each its share."""
    return tuple(name for name in rows[0] if any(row[name] is not None for row in rows))


def pieces(rows: Sequence[Row], *, on: Connection) -> None:
    """Insert pieces, whose rows have the same columns."""
    _PIECES.run_many(on, rows)


def first_events(rows: Sequence[Row], *, on: Connection) -> None:
    """Insert tracking events, whose rows have the same columns."""
    _EVENTS.run_many(on, rows)
