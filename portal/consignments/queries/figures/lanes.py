"""The lanes with the most goods, out of the counters: for charts and for the map."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select

from portal.accounts.access import User
from portal.consignments.models import DeliveryFigure
from portal.consignments.queries.figures.cube import (
    AMOUNTS,
    SUMS,
    Figure,
    Wanted,
    conditions,
    visible,
)
from portal.consignments.rules import lanes
from portal.core import scope
from portal.core.db import db

_F = DeliveryFigure.__table__
MOST = 20  # lanes
PUBLIC_LEAST = 20  # consignments of a lane that everybody may see


@dataclass(frozen=True)
class Lane:
    """Goods from one place to another; cities in one spelling, "" where not known."""

    key: str  # as rules.lanes writes it, and addresses carry it
    from_country: str
    from_city: str
    to_country: str
    to_city: str
    figure: Figure

    @property
    def is_known(self) -> bool:
        """Return whether both ends have a city."""
        return bool(self.from_city and self.to_city)


def lanes_for(user: User, wanted: Wanted | None = None, *, limit: int = MOST) -> list[Lane]:
    """Return the lanes on which most was ordered, of those that ``user`` may see and that fit.

    Raises NotFound for somebody who may see no figures.
    """
    wanted = wanted or Wanted()
    query = _most(limit).where(*conditions(_F, wanted, ("country", "service", "lane")))
    if wanted.first:
        query = query.where(_F.c.month >= wanted.first)
    if wanted.last:
        query = query.where(_F.c.month <= wanted.last)
    return _lanes(db.session.execute(visible(user, _F, query, wanted)))


def lanes_public(since: str, *, limit: int = MOST) -> list[Lane]:
    """Return the lanes of all companies since a month, as far as everybody may see them.

    A lane that few used, or whose cities are not known, is left out: it could tell on somebody.
    """
    query = _most(limit).where(_F.c.month >= since).having(_ORDERED >= PUBLIC_LEAST)
    found = _lanes(db.session.execute(query.execution_options(**scope.CENTRE)))
    return [lane for lane in found if lane.is_known]


_ORDERED = func.sum(_F.c.ordered)


def _most(limit: int) -> Any:
    query = select(_F.c.lane, *SUMS).where(_F.c.lane > lanes.ALL).group_by(_F.c.lane)
    volume = _ORDERED + func.sum(_F.c.delivered)
    return query.having(volume > 0).order_by(volume.desc(), _F.c.lane).limit(limit)


def _lanes(rows: Any) -> list[Lane]:
    return [_lane(row) for row in rows]


def _lane(row: Any) -> Lane:
    amounts: Sequence[int] = [int(getattr(row, name)) for name in AMOUNTS]
    return Lane(row.lane, *lanes.ends_of(row.lane), Figure(row.lane, *amounts))
