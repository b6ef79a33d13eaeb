"""Incidents that events open and close. ``note`` lies on the hot path."""

from typing import Any

from sqlalchemy import Connection, select

from portal.consignments.models import Consignment
from portal.consignments.rules import incidents as rules
from portal.consignments.rules.incidents import State
from portal.consignments.rules.vocabulary import INCIDENT_RESOLVED
from portal.consignments.service.incidents import locking
from portal.consignments.service.incidents.book import Book
from portal.core import scope

_C = Consignment.__table__
_NOTED = rules.OPENING | {INCIDENT_RESOLVED}


def note(head: Any, new: Any, event_id: int, on: Connection, *, by: int | None = None) -> None:
    """Open an incident, or resolve the open ones, where the event ``new`` says so.

    ``head`` is a held row of the consignment. An ordinary event costs no statement.
    Records IncidentOpened, IncidentChanged.
    """
    if new.code not in _NOTED or new.classifier != "actual":
        return
    book = Book(by=by)
    if new.code == INCIDENT_RESOLVED:
        for incident in locking.of_consignment(head, on):
            close(book, incident, State.RESOLVED, "event", note=new.note, visible=new.published)
    elif not _is_history(head, on):
        _open(book, head, new, event_id, on)
    book.post(on)


def withdraw(head: Any, event_id: int, on: Connection, *, by: int | None = None) -> None:
    """Write off the incident that an event opened, since the event was wrong.

    Records IncidentChanged.
    """
    book = Book(by=by)
    for incident in locking.of_consignment(head, on):
        if incident.opened_by_event_id == event_id:
            close(book, incident, State.WRITTEN_OFF, "withdrawn")
    book.post(on)


def close(
    book: Book,
    incident: Any,
    state: State,
    reason: str,
    *,
    note: str | None = None,
    visible: bool = False,
) -> None:
    """Let ``book`` close an incident for a reason of rules.incident_words."""
    book.change(
        incident,
        str(state),
        state=str(state),
        closed_at=book.at,
        closed_reason=reason,
        reason=reason,
        note=note,
        note_visible=visible,
    )


def _open(book: Book, head: Any, new: Any, event_id: int, on: Connection) -> None:
    kind = rules.kind_of(new.code, new.reason)
    for incident in locking.of_consignment(head, on):
        if incident.kind == kind:
            said = {"reason": new.reason, "note": new.note, "note_visible": new.published}
            book.change(incident, "again", **said)
            return
    book.open(
        head,
        kind,
        opened_by="person" if new.source == "manual" else "event",
        reason=new.reason,
        owner_visible=new.published,
        event_id=event_id,
        note=new.note,
    )


def _is_history(head: Any, on: Connection) -> bool:
    """Return whether the consignment was brought in as past: nobody works on its troubles."""
    query = select(_C.c.history).where(_C.c.id == head.id)
    return bool(on.scalar(query.execution_options(**scope.of(head.company_id))))
