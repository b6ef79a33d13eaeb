"""What is to be counted next: never counted or long ago, moved most, found short."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Subquery, func, select

from portal.core import clock, scope
from portal.core.db import AnyRow, db
from portal.warehousing.counting import rules
from portal.warehousing.counting.models import CountPlace, CountRhythm, StockCount
from portal.warehousing.ledger.models import Balance, StockDoubt
from portal.warehousing.sites.models import Location

_COUNT, _PLACE, _RHYTHM, _BALANCE, _DOUBT, _LOCATION = (
    model.__table__
    for model in (StockCount, CountPlace, CountRhythm, Balance, StockDoubt, Location)
)
MOST = 100  # locations in one proposal


@dataclass(frozen=True, kw_only=True)
class Due:
    """A location that is due: the grade of its liveliest goods, how much they moved."""

    location: Any
    grade: str
    entries: int
    last_at: datetime | None
    doubts: int

    @property
    def why(self) -> tuple[Any, ...]:
        """What puts it in front: doubts first, then the grade, then how long ago."""
        never = self.last_at is None
        at = self.last_at.timestamp() if self.last_at else 0.0
        return (-self.doubts, self.grade, not never, at, -self.entries, self.location.walk)


def due_in(warehouse_id: int) -> Sequence[Due]:
    """Return the locations of a warehouse that are due, the most urgent first, at most MOST.

    Those that an open count has are not among them.
    """
    now = clock.now()
    every = [_due(row) for row in _rows(warehouse_id)]
    due = [each for each in every if each.doubts or rules.is_due(each.grade, each.last_at, now)]
    return sorted(due, key=lambda each: each.why)[:MOST]


def _due(row: AnyRow) -> Due:
    return Due(
        location=row,
        grade=row.grade or "C",
        entries=int(row.entries or 0),
        last_at=row.last_at,
        doubts=int(row.doubts or 0),
    )


def _rows(warehouse_id: int) -> Sequence[AnyRow]:
    lying, last, doubts = _lying(warehouse_id), _last(), _doubts()
    taken = (
        select(_PLACE.c.location_id)
        .join_from(_PLACE, _COUNT, _COUNT.c.id == _PLACE.c.count_id)
        .where(_COUNT.c.warehouse_id == warehouse_id, _COUNT.c.status.in_(rules.OPEN))
        .where(_PLACE.c.status.not_in(("done", "dropped")))
    )
    c = _LOCATION.c
    wanted = (
        select(c.id, c.code, c.kind, c.walk, lying.c.grade, lying.c.entries, lying.c.goods)
        .add_columns(last.c.last_at, doubts.c.doubts)
        .join_from(_LOCATION, lying, lying.c.location_id == c.id)
        .join(last, last.c.location_id == c.id, isouter=True)
        .join(doubts, doubts.c.location_id == c.id, isouter=True)
        .where(c.warehouse_id == warehouse_id, c.active, c.kind.in_(rules.COUNTED_KINDS))
        .where(c.id.not_in(taken))
    )
    return db.session.execute(wanted.execution_options(**scope.CENTRE)).all()


def _lying(warehouse_id: int) -> Subquery:
    """Return location → the best grade of what lies there, its entries, how many goods."""
    is_its = (_RHYTHM.c.sku_id == _BALANCE.c.sku_id) & (
        _RHYTHM.c.warehouse_id == _BALANCE.c.warehouse_id
    )
    return (
        select(_BALANCE.c.location_id)
        .add_columns(func.min(_RHYTHM.c.grade).label("grade"))
        .add_columns(func.sum(_RHYTHM.c.entries).label("entries"))
        .add_columns(func.count(_BALANCE.c.sku_id.distinct()).label("goods"))
        .join_from(_BALANCE, _RHYTHM, is_its, isouter=True)
        .where(_BALANCE.c.warehouse_id == warehouse_id, _BALANCE.c.on_hand > 0)
        .group_by(_BALANCE.c.location_id)
        .subquery()
    )


def _last() -> Subquery:
    done = func.max(_PLACE.c.done_at).label("last_at")
    return select(_PLACE.c.location_id, done).group_by(_PLACE.c.location_id).subquery()


def _doubts() -> Subquery:
    open_ = select(_DOUBT.c.location_id, func.count().label("doubts"))
    return open_.where(_DOUBT.c.settled_at.is_(None)).group_by(_DOUBT.c.location_id).subquery()
