"""Words that the pages say about the time of a consignment: late, early, expected."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import ngettext

from portal.consignments.queries.many import ACTIVE
from portal.consignments.rules import expected
from portal.consignments.rules.promise import minutes_late
from portal.consignments.shown.promised import basis_text, range_text
from portal.core import clock

HOUR, DAY = 60, 24 * 60  # minutes
EARLY_FROM = 10  # minutes; less than that is on time
#: Whether these have set out is yet to come: nothing is late that was not ordered.
_WAITING = frozenset({"draft"})


@dataclass(frozen=True)
class Difference:
    """How far the expected time lies from the planned one, in words."""

    text: str
    is_late: bool


@dataclass(frozen=True)
class Expected:
    """When delivery is planned and when it happened or is expected."""

    planned: datetime | None
    at: datetime | None
    is_actual: bool
    is_overdue: bool  # planned for a time that has passed, and nothing newer is known
    difference: Difference | None
    early: datetime | None = None  # the range of the estimate, while it is one
    late: datetime | None = None
    basis: str | None = None  # what it was made from, see rules.estimates

    @property
    def range(self) -> str:
        """From when to when it is expected, in words; empty where no range was named."""
        return range_text(self.early, self.late)

    @property
    def source(self) -> str:
        """What the estimate was made from, in words."""
        return basis_text(self.basis)


def difference(planned: datetime | None, at: datetime | None) -> Difference | None:
    """Return the difference in words; None where it is not worth a word."""
    minutes = minutes_late(planned, at)
    if minutes is None or -EARLY_FROM < minutes < 1:
        return None
    return Difference(_late(minutes) if minutes > 0 else _early(-minutes), minutes > 0)


def _late(minutes: int) -> str:
    if minutes < HOUR:
        return ngettext("%(num)d min late", "%(num)d min late", minutes)
    if minutes < DAY:
        return ngettext("%(num)d h late", "%(num)d h late", round(minutes / HOUR))
    return ngettext("%(num)d day late", "%(num)d days late", round(minutes / DAY))


def _early(minutes: int) -> str:
    if minutes < HOUR:
        return ngettext("%(num)d min early", "%(num)d min early", minutes)
    if minutes < DAY:
        return ngettext("%(num)d h early", "%(num)d h early", round(minutes / HOUR))
    return ngettext("%(num)d day early", "%(num)d days early", round(minutes / DAY))


def delivery_of(row: Any) -> Expected:
    """Return what is known about the delivery of a consignment."""
    done, now = row.delivery_actual, clock.now()
    early, at, late = (None, done, None) if done else expected.delivery(row, now)
    overdue = _is_overdue(row)
    measured = at if done or (at and at >= now) else None  # nobody is early who has not come
    if overdue:
        measured = measured or now
    return Expected(
        planned=row.delivery_planned,
        at=at,
        is_actual=done is not None,
        is_overdue=overdue,
        difference=difference(row.delivery_planned, measured) if _counts(row) else None,
        early=early,
        late=late,
        basis=None if done or at is None else row.estimate_basis,
    )


def pickup_of(row: Any) -> Expected:
    """Return what is known about the pick-up of a consignment."""
    done = row.pickup_actual
    early, at, late = (None, done, None) if done else expected.pickup(row, clock.now())
    return Expected(
        planned=row.pickup_planned,
        at=at,
        is_actual=done is not None,
        is_overdue=False,
        difference=difference(row.pickup_planned, at) if _counts(row) else None,
        early=early,
        late=late,
    )


def _counts(row: Any) -> bool:
    return row.delivery_actual is not None or (row.status in ACTIVE and row.status not in _WAITING)


def _is_overdue(row: Any) -> bool:
    """Whether the planned time, and the estimated one if any, have passed without delivery."""
    if row.delivery_actual is not None or not _counts(row) or row.delivery_planned is None:
        return False
    return max(row.delivery_planned, row.delivery_estimated or row.delivery_planned) < clock.now()
