"""Reading a consignment's history for its fold: only where the latest event is not enough."""

from typing import Any

from sqlalchemy import Connection, select

from portal.consignments.models import TrackingEvent
from portal.consignments.rules import moves
from portal.consignments.rules.moves import Step
from portal.consignments.rules.vocabulary import BESIDE, Status
from portal.core import scope

_EVENT = TrackingEvent.__table__
LAST = 2**62  # stands for the id of an event that is not recorded yet


def steps(head: Any, on: Connection) -> list[Step]:
    """Return the actual, not withdrawn events that concern the whole consignment."""
    return [step for piece_id, step in steps_of_pieces(head, on) if piece_id is None]


def steps_of_pieces(head: Any, on: Connection) -> list[tuple[int | None, Step]]:
    """Return all actual, not withdrawn events, each with its piece (None: all of them)."""
    rows = on.execute(
        select(
            _EVENT.c.id,
            _EVENT.c.occurred_at,
            _EVENT.c.code,
            _EVENT.c.retracts_id,
            _EVENT.c.piece_id,
        )
        .where(_EVENT.c.consignment_id == head.id, _EVENT.c.classifier == "actual")
        .execution_options(**scope.of(head.company_id))
    ).all()
    withdrawn = {row.retracts_id for row in rows}
    return [
        (row.piece_id, Step.of(row.occurred_at, row.id, row.code))
        for row in rows
        if row.code not in BESIDE and row.id not in withdrawn
    ]


def folded(head: Any, steps: list[Step]) -> dict[str, Any]:
    """Return the columns of the consignment that follow from its whole history."""
    last = max(steps, default=None)
    return {
        **outcome(head, steps),
        "head_at": last.occurred_at if last else None,
        "head_rank": last.rank if last else 0,
    }


def outcome(head: Any, steps: list[Step]) -> dict[str, Any]:
    """Return state, attempts and actual times that a history amounts to."""
    way = moves.path(steps)
    picked_up = [step.occurred_at for step in steps if step.code == Status.PICKED_UP]
    delivered = [step.occurred_at for step in way if step.code == Status.DELIVERED]
    arrived = [step.occurred_at for step in way if step.code == Status.DEST_CITY]
    out = [step.occurred_at for step in way if step.code == Status.OUT_FOR_DELIVERY]
    return {
        "status": way[-1].code if way else head.status,
        "attempts": sum(step.code == Status.DELIVERY_FAILED for step in steps),
        "pickup_actual": min(picked_up, default=None),
        "arrived_at": arrived[-1] if arrived else None,
        "out_at": out[-1] if out else None,
        "delivery_actual": delivered[-1] if delivered else None,
    }
