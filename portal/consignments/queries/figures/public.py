"""Figures over all companies that everybody may see: sums, and none that are small."""

from sqlalchemy import func, select

from portal.consignments.models import DeliveryFigure
from portal.consignments.queries.figures.cube import SUMS, Cell, Cube
from portal.consignments.rules import lanes
from portal.core import scope
from portal.core.db import db

_F = DeliveryFigure.__table__
#: Below so many deliveries, or with fewer companies, a sum could tell on somebody.
LEAST_DELIVERIES = 50
LEAST_COMPANIES = 3


def cube_public(since: str) -> Cube:
    """Return the cells of all companies since a month; none where they are too few."""
    keys = (_F.c.month, _F.c.country)
    query = (
        select(*keys, *SUMS, func.count(_F.c.company_id.distinct()).label("companies"))
        .where(_F.c.lane == lanes.ALL, _F.c.month >= since)
        .group_by(*keys)
    )
    rows = db.session.execute(query.execution_options(**scope.CENTRE)).all()
    cells = tuple(Cell(r.month, "", r.country, tuple(map(int, r[2:7]))) for r in rows)
    enough = Cube(cells).total().delivered >= LEAST_DELIVERIES
    companies = max((row.companies for row in rows), default=0)
    return Cube(cells if enough and companies >= LEAST_COMPANIES else ())
