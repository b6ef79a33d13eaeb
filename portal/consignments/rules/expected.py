"""What is expected of a consignment: every door asks here, be it page, program, file, map or mail.

A consignment keeps what was estimated last. A worker makes that anew once its time has passed
(``service.renewing``); until it has done so nothing is expected, rather than something untrue.
"""

from datetime import datetime
from typing import Any, NamedTuple


class Expectation(NamedTuple):
    """When it is expected: most likely ``at``, from ``early`` to ``late`` where that is known."""

    early: datetime | None
    at: datetime | None
    late: datetime | None


NOTHING = Expectation(None, None, None)


def delivery(row: Any, now: datetime) -> Expectation:
    """Return when delivery is expected; once delivered, what was said last."""
    said = Expectation(
        row.delivery_estimated_from, row.delivery_estimated, row.delivery_estimated_to
    )
    return said if row.delivery_actual is not None else holding(said, now)


def pickup(row: Any, now: datetime) -> Expectation:
    """Return when pick-up is expected; once picked up, what was said last."""
    said = Expectation(row.pickup_estimated_from, row.pickup_estimated, row.pickup_estimated_to)
    return said if row.pickup_actual is not None else holding(said, now)


def due(row: Any, now: datetime) -> datetime | None:
    """Return when delivery is expected, else planned; None where neither is known."""
    planned: datetime | None = row.delivery_planned
    return delivery(row, now).at or planned


def holding(said: Expectation, now: datetime) -> Expectation:
    """Return what was said while it can come true; nothing once its last instant has passed."""
    last = said.late or said.at
    return NOTHING if last is None or last < now else said
