"""What today brought so far, over all companies."""

from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import Select, case, func, select

from portal.accounts.access import User
from portal.consignments.models import Consignment
from portal.consignments.queries.one import missing, sees_all
from portal.consignments.rules.vocabulary import Status
from portal.core import clock, scope
from portal.core.db import db

_C = Consignment.__table__


@dataclass(frozen=True)
class Today:
    """Deliveries of today (in the centre's days), those promised and kept, and failures."""

    delivered: int
    promised: int
    on_time: int
    failed: int

    @property
    def share(self) -> float | None:
        """Share of those promised that came on time; None where none was promised."""
        return self.on_time / self.promised if self.promised else None


def figures_for(user: User) -> Today:
    """Return today's figures, read along the index of statuses and their last changes.

    Raises NotFound for somebody who may not see every company's consignments.
    """
    if not sees_all(user):
        raise missing()
    since = _midnight()
    row = db.session.execute(_delivered(since)).one()
    failed = db.session.scalar(_failed(since)) or 0
    return Today(row.delivered, int(row.promised or 0), int(row.kept or 0), int(failed))


def _delivered(since: datetime) -> Select[Any, Any, Any]:
    return (
        select(
            func.count().label("delivered"),
            func.sum(case((_C.c.delivery_planned.is_not(None), 1), else_=0)).label("promised"),
            func.sum(case((_C.c.delivery_actual <= _C.c.delivery_planned, 1), else_=0)).label(
                "kept"
            ),
        )
        .where(
            _C.c.status.in_((str(Status.DELIVERED), str(Status.CLOSED))),
            _C.c.changed_at >= since,
            _C.c.delivery_actual >= since,
        )
        .execution_options(**scope.CENTRE)
    )


def _failed(since: datetime) -> Select[Any]:
    return (
        select(func.count())
        .where(
            _C.c.status.in_((str(Status.DELIVERY_FAILED), str(Status.REFUSED))),
            _C.c.changed_at >= since,
            _C.c.head_at >= since,
        )
        .execution_options(**scope.CENTRE)
    )


def _midnight() -> datetime:
    zone = clock.zone()
    return datetime.combine(clock.now().astimezone(zone).date(), time.min, zone)
