"""Counting anew what whoever changes something keeps counted, and putting it right.

Reads every consignment and incident once, in batches; only the sums are held in memory.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, delete, insert, select, text

from portal.consignments.models import (
    Consignment,
    DeliveryFigure,
    DurationFigure,
    EstimateFigure,
    Incident,
    IncidentCount,
    IncidentFigure,
    OpenCount,
    StatusCount,
)
from portal.consignments.rules.lessons import NEEDED, Lesson
from portal.consignments.service import learning, totals
from portal.consignments.service.totals import Standing, Tally
from portal.core import clock, scope
from portal.core.db import is_sqlite

BATCH = 10_000  # rows read at once
#: In the order in which a push takes them.
TABLES: tuple[Table, ...] = (
    IncidentCount.__table__,
    IncidentFigure.__table__,
    StatusCount.__table__,
    DeliveryFigure.__table__,
    OpenCount.__table__,
    DurationFigure.__table__,
    EstimateFigure.__table__,
)
_C = Consignment.__table__
_I = Incident.__table__

Key = tuple[Any, ...]
Rows = dict[Key, tuple[int, ...]]


@dataclass(frozen=True)
class Difference:
    """A row whose kept amounts are not what a recount gives; zeros: there is no such row."""

    table: str
    key: Key
    kept: tuple[int, ...]
    counted: tuple[int, ...]

    def __str__(self) -> str:
        key = ", ".join(map(repr, self.key))
        return f"{self.table} ({key}): kept {self.kept}, counted {self.counted}"


def differences(on: Connection) -> Iterator[Difference]:
    """Yield what is kept otherwise than a recount gives, table by table, in order of keys.

    ``on`` must see one moment of the database throughout: a snapshot, or locked tables.
    """
    counted = recount(on)
    for table in TABLES:
        kept, right = _kept(table, on), counted[table]
        for key in sorted(kept.keys() | right.keys(), key=repr):
            none = (0,) * _width(table)
            if kept.get(key, none) != right.get(key, none):
                yield Difference(table.name, key, kept.get(key, none), right.get(key, none))


def repair(on: Connection) -> list[Difference]:
    """Put right what is kept otherwise than a recount gives; return what that was.

    Whoever wants to change a total waits meanwhile. Commits nothing.
    """
    if not is_sqlite(on):  # SQLite lets in one writer at a time as it is
        names = ", ".join(table.name for table in TABLES)
        on.execute(text(f"LOCK TABLE {names} IN SHARE ROW EXCLUSIVE MODE"))
    found = list(differences(on))
    for table in TABLES:
        mine = [each for each in found if each.table == table.name]
        _put_right(table, mine, on)
    return found


def _put_right(table: Table, found: list[Difference], on: Connection) -> None:
    keys = list(table.primary_key)
    for each in found:
        same = [column == value for column, value in zip(keys, each.key, strict=True)]
        on.execute(delete(table).where(*same).execution_options(**scope.CENTRE))
    names = table.columns.keys()
    right = [dict(zip(names, (*d.key, *d.counted), strict=True)) for d in found if any(d.counted)]
    if right:
        on.execute(insert(table), right)


def recount(on: Connection) -> dict[Table, Rows]:
    """Return table → key → amounts, counted from consignments and incidents."""
    tally = Tally()
    for row in _all(_C, ("id", *Standing._fields), on):
        standing = Standing.of(row)
        tally.statuses[standing.company_id, standing.status] += 1
        tally.weigh(standing, 1)
    counted = {table: _rows(table, rows) for table, rows in tally.rows().items()}
    return {**counted, **_relearnt(on), **_recounted_incidents(on)}


def _relearnt(on: Connection) -> dict[Table, Rows]:
    """Return what deliveries teach, each from its own consignment."""
    tally = learning.Tally()
    for row in _all(_C, ("id", *NEEDED), on):
        tally.weigh(Lesson.of(row._asdict()), 1)
    return {table: _rows(table, rows) for table, rows in tally.rows().items()}


def _recounted_incidents(on: Connection) -> dict[Table, Rows]:
    by_state: Counter[Key] = Counter()
    by_month: Counter[Key] = Counter()
    owners: Counter[tuple[str, Key]] = Counter()
    names = ("id", "company_id", "kind", "state", "opened_at", "owner_visible")
    for row in _all(_I, names, on):
        state = (row.company_id, row.kind, row.state)
        month = (row.company_id, totals.day_of(row.opened_at)[:7], row.kind)
        by_state[state] += 1
        by_month[month] += 1
        owners["state", state] += row.owner_visible
        owners["month", month] += row.owner_visible
    return {
        IncidentCount.__table__: {k: (n, owners["state", k]) for k, n in by_state.items()},
        IncidentFigure.__table__: {k: (n, owners["month", k]) for k, n in by_month.items()},
    }


def _all(table: Table, names: tuple[str, ...], on: Connection) -> Iterator[Any]:
    """Yield every row in order of its id, batch by batch; others may work in between."""
    columns = [table.c[name] for name in names]
    query = select(*columns).order_by(table.c.id).limit(BATCH).execution_options(**scope.CENTRE)
    last = 0
    while batch := on.execute(query.where(table.c.id > last)).all():
        yield from batch
        last = batch[-1].id
        clock.breathe()


def _kept(table: Table, on: Connection) -> Rows:
    rows = on.execute(select(table).execution_options(**scope.CENTRE))
    return _rows(table, [dict(row._mapping) for row in rows])


def _rows(table: Table, rows: list[dict[str, Any]]) -> Rows:
    keys = [column.name for column in table.primary_key]
    amounts = [column.name for column in table.columns if not column.primary_key]
    found = {tuple(r[n] for n in keys): tuple(int(r[n]) for n in amounts) for r in rows}
    return {key: values for key, values in found.items() if any(values)}


def _width(table: Table) -> int:
    return len(table.columns) - len(table.primary_key)
