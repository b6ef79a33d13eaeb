"""Statements of the hot paths: made once by SQLAlchemy, then run on the driver's own cursor.

What SQLAlchemy does around each execution costs SQLite more than the statement itself (60 to
100 µs against 10). A hot statement is the same every time, so its text, its parameters' order
and the ways its values are written and read are kept. On PostgreSQL, where the way to the server
counts, the same statement runs through SQLAlchemy.
"""

from collections import namedtuple
from collections.abc import Callable, Iterable, Mapping, Sequence
from operator import itemgetter
from typing import Any

from sqlalchemy import Connection, Executable
from sqlalchemy.engine import Dialect

from portal.core import scope

Values = Mapping[str, Any]
#: Sets of names for which one statement keeps a plan; who makes more of them pays for new ones.
MOST_PLANS = 64
#: Told (connection, SQL, parameters) of each statement; tests count with it.
heard: list[Callable[[Connection, str, Any], None]] = []


class Prepared:
    """A statement that may be run as often as one likes, with other values each time.

    It says on whose behalf it runs when it is made (``core.scope``), takes no lists for ``IN``,
    and its tables must not need values that Python makes up. Rows have their columns as names.
    """

    def __init__(self, statement: Executable) -> None:
        scope.check(statement)
        self._statement: Any = statement
        self._plans: dict[tuple[str, ...], _Plan] = {}

    def all(self, on: Connection, values: Values) -> Sequence[Any]:
        """Return every row."""
        if on.dialect.name != "sqlite":
            return on.execute(self._statement, values).all()
        plan = self._plan(on, values)
        return plan.rows(plan.run(on, values).fetchall())

    def first(self, on: Connection, values: Values) -> Any:
        """Return the first row; None where there is none."""
        if on.dialect.name != "sqlite":
            return on.execute(self._statement, values).first()
        plan = self._plan(on, values)
        found = plan.run(on, values).fetchall()
        return plan.rows(found[:1])[0] if found else None

    def run(self, on: Connection, values: Values) -> None:
        """Change something."""
        if on.dialect.name != "sqlite":
            on.execute(self._statement, values)
        else:
            self._plan(on, values).run(on, values)

    def run_many(
        self, on: Connection, rows: Sequence[Values], *, names: tuple[str, ...] | None = None
    ) -> None:
        """Change something for each of ``rows``, which all have the same names.

        Of rows that have more than is to be written ``names`` says what is.
        """
        if not rows:
            return
        if on.dialect.name == "sqlite":
            self._plan(on, names or rows[0]).run_many(on, rows)
        elif names is None:
            on.execute(self._statement, rows)
        else:
            on.execute(self._statement, [{name: row[name] for name in names} for row in rows])

    def _plan(self, on: Connection, values: Iterable[str]) -> "_Plan":
        names = tuple(values)
        plan = self._plans.get(names)
        if plan is None:
            if len(self._plans) >= MOST_PLANS:
                self._plans.clear()
            plan = self._plans[names] = _Plan(self._statement, on.dialect, names)
        return plan


class _Plan:
    """One statement for one set of names: its text, and how values go in and come out."""

    def __init__(self, statement: Any, dialect: Dialect, names: tuple[str, ...]) -> None:
        changes = statement.is_dml
        columns = [name for name in names if name in statement.table.c] if changes else None
        compiled: Any = statement.compile(dialect=dialect, column_keys=columns)
        if changes and (compiled.insert_prefetch or compiled.update_prefetch):
            raise TypeError("A prepared statement must be given every value.")
        self.text = str(compiled)
        self._fixed = compiled.params
        self._names = [*(compiled.positiontup or ())]
        self._take = _taking(self._names) if set(self._names) <= set(names) else None
        self._writers = [
            (place, write)
            for place, name in enumerate(self._names)
            if (write := _writer(compiled.binds[name].type, dialect)) is not None
        ]
        self._set_up_reading(statement, dialect)

    def _set_up_reading(self, statement: Any, dialect: Dialect) -> None:
        columns = list(statement.exported_columns)
        row: Any = namedtuple("Row", [c.key for c in columns], rename=True)  # type: ignore[misc]
        self._make = row._make
        self._readers = [
            (place, read)
            for place, column in enumerate(columns)
            if (read := _reader(column.type, dialect)) is not None
        ]

    def run(self, on: Connection, values: Values) -> Any:
        """Run it on the driver's connection; return the driver's cursor."""
        given = self._given(values)
        for tell in heard:
            tell(on, self.text, given)
        return _driver(on).execute(self.text, given)

    def run_many(self, on: Connection, rows: Sequence[Values]) -> None:
        """Run it for each of ``rows``."""
        given = [self._taken(row) for row in rows]
        for place, write in self._writers:
            _write_column(given, place, write)
        for tell in heard:
            tell(on, self.text, given[0])
        _driver(on).executemany(self.text, given)

    def _given(self, values: Values) -> list[Any]:
        given = self._taken(values)
        for place, write in self._writers:
            given[place] = write(given[place])
        return given

    def _taken(self, values: Values) -> list[Any]:
        if self._take is not None:
            return list(self._take(values))
        fixed = self._fixed
        return [values[name] if name in values else fixed[name] for name in self._names]

    def rows(self, found: Iterable[Any]) -> list[Any]:
        """Return what the driver found as rows with names."""
        make, readers = self._make, self._readers
        if not readers:
            return [make(row) for row in found]
        rows = []
        for row in found:
            values = list(row)
            for place, read in readers:
                if values[place] is not None:
                    values[place] = read(values[place])
            rows.append(make(values))
        return rows


def _write_column(rows: list[list[Any]], place: int, write: Callable[[Any], Any]) -> None:
    """Write one value of each row; what stands in many rows one after another, once."""
    last, written = None, write(None)
    for row in rows:
        value = row[place]
        if value is not last:
            last, written = value, write(value)
        row[place] = written


def _taking(names: Sequence[str]) -> Callable[[Values], tuple[Any, ...]] | None:
    """Return what takes the values of ``names``; None for less than two."""
    return itemgetter(*names) if len(names) > 1 else None


def _driver(on: Connection) -> Any:
    return on.connection.dbapi_connection


def _writer(type_: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    return type_.dialect_impl(dialect).bind_processor(dialect)


def _reader(type_: Any, dialect: Dialect) -> Callable[[Any], Any] | None:
    return type_.dialect_impl(dialect).result_processor(dialect, None)
