"""What moves when one company turns out to be another: each part of the portal says how.

A part calls ``provide`` once. Its ``move`` is asked again and again for the next few rows, so that
a large company moves in many small transactions; what it returns is kept, and given to ``back``
when the merge is undone. Rows that cannot stand at the other company stay where they are: none is
ever lost. What history keeps (the log, tracking events, photos) is not moved: it says for whom
something was done at the time.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Table, and_, exists, func, select, update

from portal.core import scope

#: (gone, kept, most, on) → what was moved, at most ``most`` of it; nothing: there is no more.
Move = Callable[[int, int, int, Connection], list[Any]]
#: (gone, kept, moved, on): puts back what ``move`` returned.
Back = Callable[[int, int, list[Any], Connection], None]
Count = Callable[[int, Connection], int]


@dataclass(frozen=True)
class Clash:
    """Why two companies cannot just be one; ``stops``: it must be put right first."""

    text: Any
    stops: bool = False
    #: Whether somebody must say that he has read it.
    needs_consent: bool = False
    #: What it is about, one by one: references, numbers, names.
    names: tuple[str, ...] = ()


Clashes = Callable[[int, int, Connection], Iterable[Clash]]


@dataclass(frozen=True)
class Part:
    """One kind of rows that moves."""

    name: str
    label: Any
    move: Move
    back: Back
    count: Count
    clashes: Clashes


_parts: dict[str, Part] = {}
#: Of parts whose rows stay where they are.
_clashes: dict[str, Clashes] = {}


def _none(_gone: int, _kept: int, _on: Connection) -> Iterable[Clash]:
    return ()


def provide(
    name: str,
    move: Move,
    back: Back,
    *,
    label: Any,
    count: Count,
    clashes: Clashes = _none,
) -> None:
    """Let rows of a part move; parts move in the order in which they were given.

    The same name again replaces what was provided.
    """
    _parts[name] = Part(name, label, move, back, count, clashes)


def provide_rows(rows: "Rows", *, label: Any, clashes: Clashes = _none) -> None:
    """Let the rows of a table move that do nothing but name their company."""
    provide(rows.table.name, rows.move, rows.back, label=label, count=rows.count, clashes=clashes)


def provide_clashes(name: str, clashes: Clashes) -> None:
    """Let a part say what stands in the way though none of its rows move."""
    _clashes[name] = clashes


def parts() -> list[Part]:
    """Return all parts in the order in which they move."""
    return list(_parts.values())


def part(name: str) -> Part:
    """Return a part by its name."""
    return _parts[name]


def clashes_between(gone: int, kept: int, on: Connection) -> list[Clash]:
    """Return what stands in the way of making ``gone`` a part of ``kept``, the worst first."""
    sources = [*(each.clashes for each in parts()), *_clashes.values()]
    found = [clash for source in sources for clash in source(gone, kept, on)]
    return sorted(found, key=lambda clash: (not clash.stops, not clash.needs_consent))


def rows_of(company_id: int, on: Connection) -> list[tuple[Any, int]]:
    """Return (label, how many rows would move), of the parts that have any."""
    counted = [(each.label, each.count(company_id, on)) for each in parts()]
    return [(label, number) for label, number in counted if number]


class Rows:
    """The rows of a table that name their company, and of tables that belong to them.

    ``children`` are (table, column): rows of ``table`` whose ``column`` is the id of a row.
    ``unique`` are the columns that must differ within a company: a row stays where it is if the
    other company has one with the same. ``key`` tells rows of a company apart.
    """

    def __init__(
        self,
        table: Table,
        *,
        children: Sequence[tuple[Table, str]] = (),
        unique: Sequence[str] = (),
        key: str = "id",
    ) -> None:
        self.table = table
        self.children = children
        self.unique = unique
        self.key = table.c[key]

    def count(self, company_id: int, on: Connection) -> int:
        """Return how many rows a company has."""
        counted = select(func.count()).select_from(self.table)
        mine = counted.where(self.table.c.company_id == company_id)
        return int(on.execute(mine.execution_options(**scope.CENTRE)).scalar_one())

    def move(self, gone: int, kept: int, most: int, on: Connection) -> list[Any]:
        """Move the next rows of ``gone`` to ``kept``; return their keys."""
        wanted = (
            select(self.key)
            .where(self.table.c.company_id == gone, *self._free(kept))
            .order_by(self.key)
            .limit(most)
        )
        keys = list(on.execute(wanted.execution_options(**scope.CENTRE)).scalars())
        if keys:
            self._take(keys, gone, kept, on)
        return keys

    def back(self, gone: int, kept: int, moved: list[Any], on: Connection) -> None:
        """Move rows back from ``kept`` to ``gone``; those that are there no more are left out."""
        self._take(moved, kept, gone, on)

    def _free(self, kept: int) -> list[Any]:
        if not self.unique:
            return []
        other = self.table.alias()
        same = [other.c[name] == self.table.c[name] for name in self.unique]
        return [~exists().where(and_(other.c.company_id == kept, *same))]

    def _take(self, keys: list[Any], from_: int, to: int, on: Connection) -> None:
        mine = (self.table.c.company_id == from_, self.key.in_(keys))
        for table, column in self.children:
            parents = select(self.table.c.id).where(*mine)
            change = update(table).where(table.c[column].in_(parents)).values(company_id=to)
            on.execute(change.execution_options(**scope.CENTRE))
        change = update(self.table).where(*mine).values(company_id=to)
        on.execute(change.execution_options(**scope.CENTRE))
