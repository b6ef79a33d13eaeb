"""What went wrong, out of the counters of incidents: by class, and month by month."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, select

from portal.accounts.access import User
from portal.consignments.models import IncidentCount, IncidentFigure
from portal.consignments.queries.figures.cube import Wanted, visible
from portal.consignments.queries.one import sees_all
from portal.core.db import db

_N = IncidentCount.__table__
_M = IncidentFigure.__table__
_CLOSED = ("resolved", "written_off")


@dataclass(frozen=True)
class Trouble:
    """Incidents of one class: how many are open, and how many there were."""

    kind: str
    open: int
    ever: int


def incidents_for(user: User, wanted: Wanted) -> list[Trouble]:
    """Return incidents by class, most open first. Owners count those that they may know of.

    Raises NotFound for somebody who may see no figures.
    """
    number = _number(user, _N)
    still = func.sum(case((_N.c.state.in_(_CLOSED), 0), else_=number))
    query = select(_N.c.kind, still.label("open"), func.sum(number).label("ever"))
    rows = db.session.execute(visible(user, _N, query.group_by(_N.c.kind), wanted))
    found = [Trouble(row.kind, int(row.open), int(row.ever)) for row in rows if row.ever]
    return sorted(found, key=lambda trouble: (-trouble.open, -trouble.ever, trouble.kind))


def incidents_by_month_for(user: User, wanted: Wanted) -> list[tuple[str, int]]:
    """Return month and number of the incidents opened in it, in order of time."""
    number = func.sum(_number(user, _M)).label("number")
    query = select(_M.c.month, number).group_by(_M.c.month).order_by(_M.c.month)
    rows = db.session.execute(visible(user, _M, query, wanted))
    return [(row.month, int(row.number)) for row in rows if row.number and wanted.spans(row.month)]


def _number(user: User, table: Any) -> Any:
    return table.c.count if sees_all(user) else table.c.owners
