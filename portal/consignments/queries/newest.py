"""The newest of a list, by states and words: what lists are asked for most.

Each such list is one statement, made once (docs/decisions/0010). Other orders and filters are
those of ``queries.many``.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import Connection, Select, String, bindparam, func, select

from portal.accounts.access import User
from portal.consignments import fulltext
from portal.consignments.models import Consignment, StatusCount
from portal.consignments.queries.one import missing, sees_all
from portal.core import scope
from portal.core.db import is_sqlite, reading
from portal.core.fulltext import MOST
from portal.core.pagination import LARGEST_ID
from portal.core.prepared import Prepared

_C = Consignment.__table__
#: In so few of all companies together a state is rare.
FEW = 500


class _Shape(NamedTuple):
    """What makes one statement another."""

    is_sqlite: bool
    is_centre: bool
    states: int
    has_words: bool
    is_rare: bool


class Newest:
    """Lists of the same columns: ``query`` selects them of consignments."""

    def __init__(self, query: Select[Any]) -> None:
        self.query = query
        self._made: dict[_Shape, Prepared] = {}

    def rows(
        self, user: User, status: Iterable[str], text: str, *, before: int | None, size: int
    ) -> Sequence[Any]:
        """Return up to ``size`` rows that ``user`` may see, of smaller ids than ``before``.

        None, or empty: of any status, with any words, from the newest on. Raises NotFound for
        somebody who may see none.
        """
        on, owner, states = reading(), _owner(user), dict.fromkeys(status)
        values: dict[str, Any] = {"before": LARGEST_ID if before is None else before, "size": size}
        values |= {f"status{i}": each for i, each in enumerate(states)}
        if owner is not None:
            values["company"] = owner
        if text:
            values["hits"] = MOST if states else size
            values["words"] = fulltext.INDEX.expression(text, owner=owner, on=on)
            if values["words"] is None:
                return []
        is_rare = owner is None and bool(states) and not text and _are_rare(states, on)
        shape = _Shape(is_sqlite(on), owner is None, len(states), bool(text), is_rare)
        return self._statement(shape, on).all(on, values)

    def _statement(self, shape: _Shape, on: Connection) -> Prepared:
        if shape not in self._made:
            self._made[shape] = Prepared(self._select(shape, on))
        return self._made[shape]

    def _select(self, shape: _Shape, on: Connection) -> Select[Any]:
        query = self.query.where(_C.c.id < bindparam("before"))
        if shape.is_rare:
            query = query.where(_C.c.id.in_(_newest_of_few(shape.states)))
        elif shape.states:
            query = query.where(_C.c.status.in_(_named(shape.states)))
        if shape.has_words:
            query = query.where(_C.c.id.in_(fulltext.INDEX.hits(on)))
        newest = query.order_by(_C.c.id.desc()).limit(bindparam("size"))
        if shape.is_centre:
            return newest.execution_options(**scope.CENTRE)
        own = newest.where(_C.c.company_id == bindparam("company"))
        return own.execution_options(**scope.BOUND)


def _named(states: int) -> list[Any]:
    return [bindparam(f"status{i}", type_=String) for i in range(states)]


def _newest_of_few(states: int) -> Select[Any]:
    """Return a select of the newest ids of states in which few are.

    All of these are found before they are put in order; going down by the id, one would pass
    nearly everything that ever was.
    """
    every = select(_C.c.id).where(_C.c.status.in_(_named(states)))
    few = every.cte("few").prefix_with("MATERIALIZED")
    newest = select(few.c.id).where(few.c.id < bindparam("before"))
    return newest.order_by(few.c.id.desc()).limit(bindparam("size"))


def _are_rare(states: Mapping[str, Any], on: Connection) -> bool:
    """Return whether no more than FEW consignments are in some states; the totals know."""
    named = {f"status{i}": each for i, each in enumerate(states)}
    return int(_counted(len(states)).first(on, named).number or 0) <= FEW


@cache
def _counted(states: int) -> Prepared:
    table = StatusCount.__table__
    number = select(func.sum(table.c.count).label("number"))
    named = table.c.status.in_(_named(states))
    return Prepared(number.where(named).execution_options(**scope.CENTRE))


def _owner(user: User) -> int | None:
    """Return the company whose rows ``user`` may see; None: every company's."""
    if sees_all(user):
        return None
    if user.company_id is None or not user.may("consignments.see"):
        raise missing()
    return user.company_id
