"""How well the centre works, over all companies: damages and the way to the first scan."""

from collections import Counter

from sqlalchemy import func, select

from portal.consignments.models import DurationFigure, IncidentFigure
from portal.consignments.rules.durations import Histogram, Spread, Stage
from portal.core import scope
from portal.core.db import db

_D = DurationFigure.__table__
_I = IncidentFigure.__table__


def damages_public(since: str) -> int:
    """Return how many damages were recorded since a month (``YYYY-MM``), of all companies."""
    query = select(func.coalesce(func.sum(_I.c.count), 0)).where(
        _I.c.kind == "damage", _I.c.month >= since
    )
    return int(db.session.scalar(query.execution_options(**scope.CENTRE)) or 0)


def first_scan_public(since: str) -> Spread | None:
    """Return how long orders waited for their pick-up, in seconds; None: too few to say.

    Of the consignments that were delivered since a month, whose order and pick-up are both known.
    """
    query = (
        select(_D.c.bucket, func.sum(_D.c.count))
        .where(_D.c.stage == str(Stage.PICKUP), _D.c.month >= since)
        .group_by(_D.c.bucket)
    )
    counts = Counter({bucket: int(count) for bucket, count in db.session.execute(query)})
    return Histogram(counts).spread(0) if counts else None
