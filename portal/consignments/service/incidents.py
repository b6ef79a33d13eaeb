"""Incidents: something wrong with a consignment, beside its state."""

import secrets
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert, update

from portal.consignments.models import Consignment, Incident
from portal.consignments.rules.vocabulary import INCIDENT, INCIDENT_RESOLVED
from portal.core import clock, scope

_CONSIGNMENT = Consignment.__table__


def note(head: Any, new: Any, event_id: int, on: Connection) -> None:
    """Open an incident, or resolve the open ones, where the event ``new`` says so."""
    if new.code == INCIDENT:
        _open_incident(head, new, event_id, on)
    elif new.code == INCIDENT_RESOLVED:
        _close_incidents(head, on)


def withdraw(head: Any, event_id: int, on: Connection) -> None:
    """Write off the incident that an event opened, since the event was wrong."""
    table = Incident.__table__
    was_open = on.execute(
        update(table)
        .where(table.c.opened_by_event_id == event_id, table.c.closed_at.is_(None))
        .values(state="written_off", closed_at=clock.now())
        .returning(table.c.owner_visible)
        .execution_options(**scope.of(head.company_id))
    ).first()
    if was_open is not None:
        _add(head, -1, on, owners=was_open.owner_visible)


def _open_incident(head: Any, new: Any, event_id: int, on: Connection) -> None:
    on.execute(
        insert(Incident.__table__).values(
            ref=f"I{secrets.token_hex(5)}",
            due_at=new.occurred_at + timedelta(hours=24),
            company_id=head.company_id,
            consignment_id=head.id,
            kind=new.reason or "unknown",
            reason=new.reason,
            state="open",
            owner_visible=new.published,
            opened_by_event_id=event_id,
            opened_at=new.occurred_at,
        )
    )
    _add(head, 1, on, owners=new.published)


def _close_incidents(head: Any, on: Connection) -> None:
    table = Incident.__table__
    on.execute(
        update(table)
        .where(table.c.consignment_id == head.id, table.c.closed_at.is_(None))
        .values(state="resolved", closed_at=clock.now())
        .execution_options(**scope.of(head.company_id))
    )
    _count(head, {"open_incidents": 0, "owner_incidents": 0}, on)


def _add(head: Any, number: int, on: Connection, *, owners: bool) -> None:
    counts = _CONSIGNMENT.c.open_incidents, _CONSIGNMENT.c.owner_incidents
    _count(head, {c.name: c + number for c in (counts if owners else counts[:1])}, on)


def _count(head: Any, counts: dict[str, Any], on: Connection) -> None:
    on.execute(
        update(_CONSIGNMENT)
        .where(_CONSIGNMENT.c.id == head.id)
        .values(**counts)
        .execution_options(**scope.of(head.company_id))
    )
