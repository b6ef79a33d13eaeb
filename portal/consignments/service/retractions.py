"""Withdrawing an event: by a new event that names it, never by deleting it."""

from typing import Any

from sqlalchemy import Connection, select

from portal.consignments.models import TrackingEvent
from portal.consignments.rules.incidents import OPENING
from portal.consignments.rules.vocabulary import BESIDE, INCIDENT_RESOLVED, RETRACTION
from portal.consignments.service import history, incidents, pieces
from portal.consignments.service.tracking import NewEvent, Pushed, promised, record
from portal.core import clock, scope
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l

_EVENT = TrackingEvent.__table__


def retract(
    head: Any,
    event_id: int,
    *,
    reason: str | None,
    by: int,
    source: str,
    on: Connection,
) -> Pushed:
    """Withdraw an event by a new event that names it; the state is folded anew.

    Raises NotFound for an event of another consignment, Refused for one already withdrawn
    and for the first event. Records TrackingEventRecorded.
    """
    wrong = _to_withdraw(head, event_id, on)
    new = NewEvent(
        code=RETRACTION,
        occurred_at=clock.now(),
        note=reason,
        source=source,
        published=wrong.published,
        retracts_id=wrong.id,
    )
    after = {**_without(head, wrong, on), **_last_said(head, wrong, on)}
    if wrong.code in OPENING:
        incidents.withdraw(head, wrong.id, on, by=by)
    return record(head, new, wrong.piece_id, after, by=by, on=on)


def _to_withdraw(head: Any, event_id: int, on: Connection) -> Any:
    wrong = on.execute(
        select(_EVENT)
        .where(_EVENT.c.consignment_id == head.id, _EVENT.c.id == event_id)
        .execution_options(**scope.of(head.company_id))
    ).first()
    if wrong is None:
        raise NotFound(_l("This consignment has no such event."))
    if wrong.code in (RETRACTION, INCIDENT_RESOLVED) or wrong.seq == 1:
        raise Refused(_l("This event cannot be withdrawn."))
    if _is_withdrawn(head, event_id, on):
        raise Refused(_l("This event is already withdrawn."))
    return wrong


def _is_withdrawn(head: Any, event_id: int, on: Connection) -> bool:
    return (
        on.scalar(
            select(_EVENT.c.id)
            .where(_EVENT.c.consignment_id == head.id, _EVENT.c.retracts_id == event_id)
            .execution_options(**scope.of(head.company_id))
        )
        is not None
    )


def _without(head: Any, wrong: Any, on: Connection) -> dict[str, Any]:
    """Return the columns of the consignment as they are once ``wrong`` does not count."""
    if wrong.classifier != "actual":
        return {"status": head.status, **_promise_without(head, wrong, on)}
    if wrong.code in BESIDE:
        return {"status": head.status}
    if head.split:
        return pieces.settle(head, on, without=wrong.id)
    return history.folded(head, [s for s in history.steps(head, on) if s.id != wrong.id])


def _promise_without(head: Any, wrong: Any, on: Connection) -> dict[str, Any]:
    """Return what was said before; the promise made with the order has no event to go back to."""
    said = promised(wrong)
    before = on.scalar(
        select(_EVENT.c.occurred_at)
        .where(
            _EVENT.c.consignment_id == head.id,
            _EVENT.c.id != wrong.id,
            _EVENT.c.classifier == wrong.classifier,
            _EVENT.c.code == wrong.code,
            ~_EVENT.c.id.in_(_withdrawn(head)),
        )
        .order_by(_EVENT.c.id.desc())
        .limit(1)
        .execution_options(**scope.of(head.company_id))
    )
    if before is None and wrong.classifier == "planned":
        return {}
    return dict.fromkeys(said, before)


def _withdrawn(head: Any) -> Any:
    return select(_EVENT.c.retracts_id).where(
        _EVENT.c.consignment_id == head.id, _EVENT.c.retracts_id.is_not(None)
    )


def _last_said(head: Any, wrong: Any, on: Connection) -> dict[str, Any]:
    """Return what lists say of the consignment once ``wrong`` is withdrawn."""
    retractions = _EVENT.alias("retraction")
    row = on.execute(
        select(_EVENT.c.code, _EVENT.c.occurred_at, _EVENT.c.place)
        .outerjoin(retractions, retractions.c.retracts_id == _EVENT.c.id)
        .where(
            _EVENT.c.consignment_id == head.id,
            _EVENT.c.id != wrong.id,
            _EVENT.c.published,
            _EVENT.c.classifier == "actual",
            _EVENT.c.code != RETRACTION,
            retractions.c.id.is_(None),
        )
        .order_by(_EVENT.c.occurred_at.desc(), _EVENT.c.id.desc())
        .limit(1)
        .execution_options(**scope.of(head.company_id))
    ).first()
    if row is None:
        return {}
    return {"last_code": row.code, "last_at": row.occurred_at, "last_place": row.place}
