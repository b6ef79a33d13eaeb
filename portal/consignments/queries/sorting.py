"""Sorted lists in keyset pages, read both ways.

Every list goes down by its sort column and is made total by the id; rows without a value of
the column come last. Each of the two stretches is read along the same index.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, or_, select, true, union_all

from portal.consignments.models import Consignment
from portal.core import pagination
from portal.core.db import AnyRow, db

_C = Consignment.__table__


@dataclass(frozen=True)
class Place:
    """Where a row stands: its value of the sort column (None: it has none), and its id."""

    value: datetime | None
    row_id: int


def place_in(cursor: str | None, key: Any) -> Place | None:
    """Return the place that a cursor of the list by ``key`` holds; None where there is none.

    Raises Invalid for a cursor that is not of this list.
    """
    values = pagination.decode(cursor, object, int)
    if values is None:
        return None
    value, row_id = values
    if key is _C.c.id or (value is None and key.nullable):
        return Place(None, row_id)
    return Place(instant_in(value), row_id)


def instant_in(value: Any) -> datetime:
    """Return the instant that a cursor holds; raises Invalid for anything else."""
    try:
        moment = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise pagination.not_ours() from None
    if moment.tzinfo is not UTC:
        raise pagination.not_ours()
    return moment


def values_of(row: AnyRow, key: Any) -> tuple[Any, int]:
    """Return what a cursor that stands at ``row`` holds."""
    value = getattr(row, key.name)
    return (value.isoformat() if isinstance(value, datetime) else value, row.id)


def older(query: Select[Any], key: Any, after: Place | None, size: int) -> Sequence[AnyRow]:
    """Return up to ``size`` rows behind the place (None: the first ones), going down."""
    if key is _C.c.id:
        behind = true() if after is None else _C.c.id < after.row_id
        return _read(query.where(behind).order_by(_C.c.id.desc()), size)
    rows: list[AnyRow] = []
    if after is None or after.value is not None:
        valued = query.where(_is_valued(key), _behind(key, after))
        rows = _read(valued.order_by(key.desc(), _C.c.id.desc()), size)
    if key.nullable and len(rows) < size:
        inside = after is not None and after.value is None
        behind = _C.c.id < after.row_id if after and inside else true()
        rest = query.where(key.is_(None), behind)
        rows += _read(rest.order_by(_C.c.id.desc()), size - len(rows))
    return rows


def older_of_states(
    query: Select[Any], states: Iterable[str], after: Place | None, size: int
) -> Sequence[AnyRow]:
    """Return up to ``size`` rows of some states behind the place, what changed last first.

    For lists over all companies: each state is read along its own index, then the newest of all.
    """
    newest = union_all(*(_newest(state, after, size) for state in states)).subquery()
    order = (newest.c.changed_at.desc(), newest.c.id.desc())
    chosen = query.where(_C.c.id.in_(select(newest.c.id).order_by(*order).limit(size)))
    return _read(chosen.order_by(_C.c.changed_at.desc(), _C.c.id.desc()), size)


def _newest(state: str, after: Place | None, size: int) -> Select[Any]:
    rows = (
        select(_C.c.id, _C.c.changed_at)
        .where(_C.c.status == str(state), _behind(_C.c.changed_at, after))
        .order_by(_C.c.changed_at.desc(), _C.c.id.desc())
        .limit(size)
    ).subquery()
    return select(rows.c.id, rows.c.changed_at)


def newer(query: Select[Any], key: Any, before: Place, size: int) -> Sequence[AnyRow]:
    """Return up to ``size`` rows in front of the place, the nearest first: going up."""
    if key is _C.c.id:
        return _read(query.where(_C.c.id > before.row_id).order_by(_C.c.id), size)
    rows: list[AnyRow] = []
    if before.value is None:
        rest = query.where(key.is_(None), _C.c.id > before.row_id)
        rows = _read(rest.order_by(_C.c.id), size)
    if len(rows) < size:
        valued = query.where(_is_valued(key), _ahead(key, before))
        rows += _read(valued.order_by(key, _C.c.id), size - len(rows))
    return rows


def _read(query: Select[Any], size: int) -> list[AnyRow]:
    return list(db.session.execute(query.limit(size)).all())


def _is_valued(key: Any) -> ColumnElement[bool]:
    return key.is_not(None) if key.nullable else true()


def _behind(key: Any, place: Place | None) -> ColumnElement[bool]:
    if place is None:
        return true()
    return and_(key <= place.value, or_(key < place.value, _C.c.id < place.row_id))


def _ahead(key: Any, place: Place) -> ColumnElement[bool]:
    if place.value is None:
        return true()
    return and_(key >= place.value, or_(key > place.value, _C.c.id > place.row_id))
