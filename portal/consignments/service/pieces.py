"""Pieces that go their own way: each has a fold of its own."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import Connection, select, update

from portal.consignments.models import Piece
from portal.consignments.rules import moves
from portal.consignments.rules.moves import Step
from portal.consignments.rules.vocabulary import Status
from portal.consignments.service import history
from portal.core import scope
from portal.core.errors import NotFound, Refused
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
    is_claim: bool = False,
    without: int | None = None,
) -> dict[str, Any]:
    """Give each piece its own state and return what of the consignment follows from them.

    ``step`` is about to be recorded, for one piece or (``piece_id`` None) for all; the event
    ``without`` is about to be withdrawn. Raises Refused for a claim that no piece can follow.
    """
    before = {row.id: row.status for row in _pieces(head, on)}
    known = _histories(head, list(before), without, on)
    if step is not None:
        concerned = [piece_id] if piece_id is not None else list(known)
        if is_claim:
            _check([known[each] for each in concerned], step, head.attempt_limit)
        for each in concerned:
            known[each].append(step)
    outcomes = {each: history.outcome(head, steps) for each, steps in known.items()}
    states = {each: outcome["status"] for each, outcome in outcomes.items()}
    _keep(head, {each: s for each, s in states.items() if s != before[each]}, on)
    return _together(list(outcomes.values())) | {"split": True}


def _pieces(head: Any, on: Connection) -> Sequence[Any]:
    return on.execute(
        select(_PIECE.c.id, _PIECE.c.status)
        .where(_PIECE.c.consignment_id == head.id)
        .order_by(_PIECE.c.id)
        .execution_options(**scope.of(head.company_id))
    ).all()


def _histories(
    head: Any, ids: Sequence[int], without: int | None, on: Connection
) -> dict[int, list[Step]]:
    """Return piece → the events that concern it: its own, and those of the whole consignment."""
    found: dict[int, list[Step]] = {each: [] for each in ids}
    for piece_id, step in history.steps_of_pieces(head, on):
        if step.id != without:
            for each in ids if piece_id is None else (piece_id,):
                found[each].append(step)
    return found


def _check(histories: Iterable[list[Step]], step: Step, limit: int) -> None:
    """Refuse a claim unless at least one of the pieces that it is about can follow it."""
    refused: Refused | None = None
    for steps in histories:
        try:
            moves.check_claim(steps, step, limit=limit)
        except Refused as error:
            refused = refused or error
        else:
            return
    if refused is not None:
        raise refused


def _together(outcomes: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return what the consignment amounts to: it is where its least advanced piece is."""
    state = moves.least_advanced(Status(each["status"]) for each in outcomes)
    picked_up = [each["pickup_actual"] for each in outcomes if each["pickup_actual"]]
    delivered = [each["delivery_actual"] for each in outcomes if each["delivery_actual"]]
    in_city = [each["arrived_at"] for each in outcomes if each["arrived_at"]]
    out = [each["out_at"] for each in outcomes if each["out_at"]]
    arrived = state in (Status.DELIVERED, Status.CLOSED)
    return {
        "status": str(state),
        "attempts": max(each["attempts"] for each in outcomes),
        "pickup_actual": min(picked_up, default=None),
        "arrived_at": max(in_city, default=None),
        "out_at": max(out, default=None),
        "delivery_actual": max(delivered, default=None) if arrived else None,
    }


def _keep(head: Any, states: dict[int, str], on: Connection) -> None:
    change = update(_PIECE).execution_options(**scope.of(head.company_id))
    for piece_id, state in states.items():
        on.execute(change.where(_PIECE.c.id == piece_id).values(status=state))
