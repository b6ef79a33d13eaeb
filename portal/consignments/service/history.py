"""Reading a consignment's history for its fold: only where the latest event is not enough."""

from typing import Any

from sqlalchemy import Connection, or_, select

from portal.consignments.models import TrackingEvent
from portal.consignments.rules import moves
from portal.consignments.rules.moves import Step
from portal.consignments.rules.vocabulary import BESIDE, Status
from portal.core import scope

_EVENT = TrackingEvent.__table__
LAST = 2**62  # stands for the id of an event that is not recorded yet


def steps(head: Any, on: Connection, piece_id: int | None = None) -> list[Step]:
    """Return the actual, not withdrawn events of the whole consignment (and of one piece)."""
    mine = or_(_EVENT.c.piece_id.is_(None), _EVENT.c.piece_id == piece_id)
    rows = on.execute(
        select(_EVENT.c.id, _EVENT.c.occurred_at, _EVENT.c.code, _EVENT.c.retracts_id)
        .where(_EVENT.c.consignment_id == head.id, _EVENT.c.classifier == "actual", mine)
        .execution_options(**scope.of(head.company_id))
    ).all()
    withdrawn = {row.retracts_id for row in rows}
    return [
        Step.of(row.occurred_at, row.id, row.code)
        for row in rows
        if row.code not in BESIDE and row.id not in withdrawn
    ]


def folded(head: Any, steps: list[Step]) -> dict[str, Any]:
    """Return the columns of the consignment that follow from all its steps."""
    status = moves.fold(steps) or Status(head.status)
    last = max(steps, default=None)
    delivered = [s.occurred_at for s in steps if s.code == Status.DELIVERED]
    picked_up = [s.occurred_at for s in steps if s.code == Status.PICKED_UP]
    arrived = status in (Status.DELIVERED, Status.CLOSED) and delivered
    return {
        "status": str(status),
        "head_at": last.occurred_at if last else None,
        "head_rank": last.rank if last else 0,
        "attempts": sum(s.code == Status.DELIVERY_FAILED for s in steps),
        "pickup_actual": min(picked_up, default=None),
        "delivery_actual": min(delivered) if arrived else None,
    }
