"""Taking back what one push has recorded, within the minute in which slips are noticed."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select

from portal.consignments.models import TrackingEvent
from portal.consignments.service import retractions
from portal.consignments.service.batch import Heads, Outcome, attempt
from portal.consignments.service.tracking import UNDO_WITHIN
from portal.core import clock, scope
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l

_EVENT = TrackingEvent.__table__


def event_key(key: str, no: str) -> str:
    """Return the source_event_id of the event that the push ``key`` records for ``no``."""
    return f"{key}:{no}"


def undo(
    read: Heads, key: str, numbers: Sequence[str], *, by: int, on: Connection
) -> list[Outcome]:
    """Withdraw the events that the person ``by`` recorded with the push ``key``.

    ``read`` is ``queries.heads.heads_for`` on his behalf. Each number answers for itself: its
    error is NotFound where the push recorded nothing, Refused after UNDO_WITHIN or where the
    event is already withdrawn. Records TrackingEventRecorded for each withdrawal.
    """
    heads = read(numbers)
    mine = _recorded(heads, key, by, on)
    return [_undo_one(no, heads.get(no), mine, by=by, on=on) for no in dict.fromkeys(numbers)]


def _recorded(heads: Mapping[str, Any], key: str, by: int, on: Connection) -> dict[int, Row[Any]]:
    """Return consignment id → its event of the push."""
    query = select(_EVENT.c.id, _EVENT.c.consignment_id, _EVENT.c.recorded_at).where(
        _EVENT.c.consignment_id.in_([head.id for head in heads.values()]),
        _EVENT.c.source == "manual",
        _EVENT.c.source_event_id.in_([event_key(key, no) for no in heads]),
        _EVENT.c.actor_id == by,
    )
    rows: Any = on.execute(query.execution_options(**scope.CENTRE))
    return {row.consignment_id: row for row in rows}


def _undo_one(
    no: str,
    head: Any,
    mine: Mapping[int, Row[Any]],
    *,
    by: int,
    on: Connection,
) -> Outcome:
    event = mine.get(head.id) if head is not None else None
    if event is None:
        return Outcome(no, error=NotFound(_l("This push recorded nothing for that number.")))
    if clock.now() - event.recorded_at > UNDO_WITHIN:
        return Outcome(no, error=too_late())
    return attempt(
        no,
        lambda: retractions.retract(head, event.id, reason=None, by=by, source="manual", on=on),
        on,
    )


def too_late() -> Refused:
    """Return the answer to whoever comes after the minute."""
    return Refused(
        _l(
            "More than a minute has passed, others may have acted on it. "
            "Open the consignment and withdraw the event with a reason."
        )
    )
