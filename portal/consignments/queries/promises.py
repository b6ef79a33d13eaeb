"""How good our estimates are, and the history that they are made from."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, func, select

from portal.accounts.access import User
from portal.consignments.models import (
    DurationFigure,
    EstimateFigure,
    TrackingEvent,
)
from portal.consignments.queries.one import missing
from portal.consignments.rules import lessons
from portal.consignments.rules.durations import ENOUGH, History, Kind, Stage
from portal.consignments.rules.estimates import STAGES
from portal.core import clock, scope
from portal.core.db import db

_E = TrackingEvent.__table__
_D = DurationFigure.__table__
_F = EstimateFigure.__table__
DAYS = 90  # over which the accuracy is published
MONTHS = 12  # of history that estimates are made from
MOST_LANES = 20_000  # kept in memory, those with most deliveries; the others know their countries
PUBLISHED_FROM = 20  # deliveries; of fewer a share says nothing


@dataclass(frozen=True)
class Kept:
    """How many of the deliveries that were estimated came within the range."""

    estimated: int
    within: int
    error_s: int  # summed

    @property
    def share(self) -> float | None:
        """Share that came within the range; None where there are too few to say."""
        return self.within / self.estimated if self.estimated >= PUBLISHED_FROM else None

    @property
    def error_hours(self) -> float | None:
        """Return the mean distance from the estimate in hours; None where there are too few."""
        return self.error_s / self.estimated / 3600 if self.estimated >= PUBLISHED_FROM else None


@dataclass(frozen=True)
class Accuracy:
    """Of the deliveries of the last DAYS: the first estimate once picked up, and the last."""

    delivered: int
    first: Kept
    last: Kept


def published() -> Accuracy:
    """Return the accuracy of the whole centre, which anybody may know."""
    return _accuracy(_sums().execution_options(**scope.CENTRE))


def accuracy_for(user: User) -> Accuracy:
    """Return the accuracy for the deliveries that ``user`` may see.

    Raises NotFound for somebody who may see none.
    """
    if user.may("consignments.see_all"):
        return published()
    if user.company_id is None or not user.may("consignments.see"):
        raise missing()
    own = _sums().where(_F.c.company_id == user.company_id)
    return _accuracy(own.execution_options(**scope.of(user.company_id)))


def _sums() -> Any:
    since = (clock.now() - timedelta(days=DAYS)).timestamp()
    sums = (func.coalesce(func.sum(_F.c[name]), 0).label(name) for name in lessons.AMOUNTS)
    return select(*sums).where(_F.c.day > lessons.day_of(since, clock.zone()))


def _accuracy(query: Any) -> Accuracy:
    delivered, *amounts = (int(amount) for amount in db.session.execute(query).one())
    return Accuracy(delivered, Kept(*amounts[:3]), Kept(*amounts[3:]))


def history(on: Connection) -> History:
    """Return what the last MONTHS teach, as large as there are lanes, however many deliveries.

    Two statements. Lanes with fewer deliveries than make a history are known by their countries.
    """
    found = History()
    kinds = (_D.c.lane, _D.c.service, _D.c.mode)
    recent = _D.c.month >= _first_month()
    common = (
        select(*kinds)
        .where(recent, _D.c.stage == str(Stage.PLAN))
        .group_by(*kinds)
        .having(func.sum(_D.c.count) >= ENOUGH)
        .order_by(func.sum(_D.c.count).desc(), *kinds)
        .limit(MOST_LANES)
    )
    kept = {Kind(*row) for row in on.execute(common)}
    columns = (*kinds, _D.c.stage, _D.c.bucket)
    counted = select(*columns, func.sum(_D.c.count)).where(recent).group_by(*columns)
    for lane, service, mode, stage, bucket, count in on.execute(counted):
        kind = Kind(lane, service, mode)
        wide = {kind.countries(), kind.everywhere()}
        found.put({kind, *wide} if kind in kept else wide, stage, bucket, int(count))
    return found


def _first_month() -> str:
    now = clock.now().astimezone(clock.zone())
    return f"{now.year - 1}-{now.month:02d}"


def predictions(consignment_id: int, *, on: Connection) -> tuple[Any, Any]:
    """Return the first and the last estimate as its events keep them, each from, at, to.

    The first is the one made when the goods were first with us; None where there is none.
    """
    said = (_E.c.estimated_from, _E.c.estimated_at, _E.c.estimated_to)
    query = (
        select(_E.c.status_after, *said)
        .where(_E.c.consignment_id == consignment_id, _E.c.estimated_at.is_not(None))
        .order_by(_E.c.seq)
        .execution_options(**scope.CENTRE)
    )
    rows = on.execute(query).all()
    ours = [row for row in rows if row.estimated_to is not None]
    with_us = (row for row in ours if STAGES.get(row.status_after) is Stage.PICKED_UP)
    first = next(with_us, None)
    last = rows[-1] if rows and rows[-1].estimated_to is not None else None
    return tuple(first[1:]) if first else None, tuple(last[1:]) if last else None
