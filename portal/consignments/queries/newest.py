"""The newest of a list, by states and words: what lists are asked for most.

Each such list is one statement, made once (docs/decisions/0010). Other orders and filters are
those of ``queries.many``.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, bindparam

from portal.accounts.access import User
from portal.consignments import fulltext
from portal.consignments.models import Consignment
from portal.consignments.queries.one import missing, sees_all
from portal.core import scope
from portal.core.db import is_sqlite, reading
from portal.core.fulltext import MOST
from portal.core.pagination import LARGEST_ID
from portal.core.prepared import Prepared

_C = Consignment.__table__


class Newest:
    """Lists of the same columns: ``query`` selects them of consignments."""

    def __init__(self, query: Select[Any]) -> None:
        self.query = query
        self._made: dict[tuple[bool, bool, int, bool], Prepared] = {}

    def rows(
        self, user: User, status: Sequence[str], text: str, *, before: int | None, size: int
    ) -> Sequence[Any]:
        """Return up to ``size`` rows that ``user`` may see, of smaller ids than ``before``.

        None, or empty: of any status, with any words, from the newest on. Raises NotFound for
        somebody who may see none.
        """
        on, owner = reading(), _owner(user)
        values: dict[str, Any] = {"before": before or LARGEST_ID, "size": size}
        if owner is not None:
            values["company"] = owner
        if text:
            values["words"] = fulltext.INDEX.expression(text, owner=owner, on=on)
            values["hits"] = MOST if status else size
            if values["words"] is None:
                return []
        values |= {f"status{i}": each for i, each in enumerate(status)}
        return self._statement(on, owner, len(status), bool(text)).all(on, values)

    def _statement(self, on: Connection, owner: int | None, states: int, words: bool) -> Prepared:
        shape = (is_sqlite(on), owner is None, states, words)
        if shape not in self._made:
            self._made[shape] = self._prepared(on, *shape[1:])
        return self._made[shape]

    def _prepared(self, on: Connection, everybody: bool, states: int, words: bool) -> Prepared:
        query = self.query.where(_C.c.id < bindparam("before"))
        if states:
            query = query.where(_C.c.status.in_([bindparam(f"status{i}") for i in range(states)]))
        if words:
            query = query.where(_C.c.id.in_(fulltext.INDEX.hits(on)))
        if not everybody:
            query = query.where(_C.c.company_id == bindparam("company"))
        whose = scope.CENTRE if everybody else scope.BOUND
        newest = query.order_by(_C.c.id.desc()).limit(bindparam("size"))
        return Prepared(newest.execution_options(**whose))


def _owner(user: User) -> int | None:
    """Return the company whose rows ``user`` may see; None: every company's."""
    if sees_all(user):
        return None
    if user.company_id is None or not user.may("consignments.see"):
        raise missing()
    return user.company_id
