"""Pieces that go their own way: each has a fold of its own."""

from typing import Any

from sqlalchemy import Connection, select, update

from portal.consignments.models import Piece
from portal.consignments.rules import moves
from portal.consignments.rules.moves import Step
from portal.consignments.rules.vocabulary import Status
from portal.consignments.service import history
from portal.core import scope
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l

_PIECE = Piece.__table__


def id_of(head: Any, sscc: str, on: Connection) -> int:
    """Return the piece of the consignment ``head`` that carries ``sscc``.

    Raises NotFound if it has none.
    """
    found = on.scalar(
        select(_PIECE.c.id)
        .where(_PIECE.c.consignment_id == head.id, _PIECE.c.sscc == sscc)
        .execution_options(**scope.of(head.company_id))
    )
    if found is None:
        raise NotFound(_l("This consignment has no piece with that code."))
    return int(found)


def settle(
    head: Any,
    on: Connection,
    *,
    step: Step | None = None,
    piece_id: int | None = None,
    without: int | None = None,
) -> Status:
    """Give each piece its own state and return that of the least advanced one.

    ``step`` is about to be recorded, for one piece or (``piece_id`` None) for all; the event
    ``without`` is about to be withdrawn.
    """
    ids = on.scalars(
        select(_PIECE.c.id)
        .where(_PIECE.c.consignment_id == head.id)
        .execution_options(**scope.of(head.company_id))
    ).all()
    states = {}
    for each in ids:
        steps = [s for s in history.steps(head, on, each) if s.id != without]
        if step is not None and piece_id in (None, each):
            steps.append(step)
        states[each] = moves.fold(steps) or Status(head.status)
    _keep(head, states, on)
    return moves.least_advanced(states.values())


def _keep(head: Any, states: dict[int, Status], on: Connection) -> None:
    change = update(_PIECE).execution_options(**scope.of(head.company_id))
    for piece_id, state in states.items():
        on.execute(change.where(_PIECE.c.id == piece_id).values(status=str(state)))
