"""What people do about incidents: take note, take over, work, close, say, and take it back."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, select

from portal.accounts.models import Person
from portal.accounts.roles import STAFF_ROLES
from portal.consignments.models import IncidentStep
from portal.consignments.rules import incidents as rules
from portal.consignments.rules.incident_words import RESOLVED, STATE_TEXT, WRITTEN_OFF
from portal.consignments.rules.incidents import State
from portal.consignments.service.incidents import locking
from portal.consignments.service.incidents.book import Book
from portal.consignments.service.incidents.noting import close as close_one
from portal.core import clock, scope
from portal.core.db import AnyRow
from portal.core.errors import FieldError, Invalid, NotFound, Refused
from portal.core.i18n import lazy as _l

UNDO_WITHIN = timedelta(minutes=1)
MOST = 200  # incidents in one go
_STEP = IncidentStep.__table__
_REASONS = {State.RESOLVED: RESOLVED, State.WRITTEN_OFF: WRITTEN_OFF}
#: Steps that can be taken back within the minute.
_UNDOABLE = frozenset({"acknowledged", "assigned", "working", "resolved", "written_off"})


def advance(refs: Sequence[str], to: str, *, by: int, on: Connection) -> int:
    """Acknowledge incidents or begin work on them; return how many changed.

    Those that are past that state stay as they are. Whoever begins work on one that nobody
    has takes it. Raises NotFound for an unknown reference. Records IncidentChanged.
    """
    book = Book(by=by)
    for incident in _held(refs, on):
        if not rules.may_move(incident.state, to):
            continue
        values: dict[str, Any] = {"state": to}
        if incident.acknowledged_at is None:
            values["acknowledged_at"] = book.at
        if to == State.WORKING and incident.assigned_to_id is None:
            values["assigned_to_id"] = by
        book.change(incident, to, **values)
    book.post(on)
    return len(book.changes)


def assign(refs: Sequence[str], person_id: int, *, by: int, on: Connection) -> int:
    """Hand incidents over to a colleague; return how many changed hands.

    Raises NotFound for an unknown reference, Invalid for somebody who may not handle
    incidents. Records IncidentChanged.
    """
    if person_id not in handlers(on):
        problem = _l("Choose a colleague who handles incidents.")
        raise Invalid(problem, [FieldError("person", problem)])
    book = Book(by=by)
    for incident in _held(refs, on):
        if incident.closed_at is None and incident.assigned_to_id != person_id:
            book.change(incident, "assigned", assigned_to_id=person_id)
    book.post(on)
    return len(book.changes)


def close(
    refs: Sequence[str],
    to: str,
    *,
    reason: str,
    note: str | None,
    note_visible: bool,
    by: int,
    on: Connection,
) -> int:
    """Resolve incidents or write them off, with a reason; return how many were open.

    Raises NotFound for an unknown reference, Invalid for a reason that does not fit, Refused
    where all are closed already. Records IncidentChanged.
    """
    if reason not in _REASONS[State(to)]:
        problem = _l("Choose a reason.")
        raise Invalid(problem, [FieldError("reason", problem)])
    book = Book(by=by)
    for incident in _held(refs, on):
        if incident.closed_at is None:
            close_one(book, incident, State(to), reason, note=note, visible=note_visible)
    if not book.changes:
        raise Refused(_l("Somebody else has closed it already."))
    book.post(on)
    return len(book.changes)


def say(ref: str, note: str, *, owner_visible: bool, by: int, on: Connection) -> None:
    """Add a note: for colleagues, or for the owner too. Records IncidentChanged."""
    book = Book(by=by)
    for incident in _held([ref], on):
        visible = owner_visible and incident.owner_visible
        book.change(incident, "noted", note=note, note_visible=visible)
    book.post(on)


def undo(refs: Sequence[str], *, by: int, on: Connection) -> int:
    """Take back the last step of each incident, within a minute and by who made it.

    Returns how many steps were taken back; raises Refused where none could be.
    Records IncidentChanged.
    """
    book = Book(by=by)
    for incident in _held(refs, on):
        step = _last_step(incident, on)
        if step is not None and _may_undo(step, by) and not _is_replaced(incident, on):
            book.change(incident, "undone", **_before(incident, step))
    if not book.changes:
        raise Refused(
            _l("More than a minute has passed, or others have acted on it: nothing was undone.")
        )
    book.post(on)
    return len(book.changes)


def _last_step(incident: Any, on: Connection) -> Any:
    query = select(_STEP).where(_STEP.c.incident_id == incident.id).order_by(_STEP.c.id.desc())
    return on.execute(query.limit(1).execution_options(**scope.CENTRE)).first()


def _may_undo(step: Any, by: int) -> bool:
    fresh = clock.now() - step.at <= UNDO_WITHIN
    return fresh and step.actor_id == by and step.action in _UNDOABLE


def _is_replaced(incident: Any, on: Connection) -> bool:
    """Return whether another of its class was opened since it was closed."""
    if incident.closed_at is None:
        return False
    held = locking.of_consignments([incident.consignment_id], on)
    return any(each.kind == incident.kind and each.closed_at is None for each in held)


def _before(incident: Any, step: Any) -> dict[str, Any]:
    first = step.state_before == State.OPEN
    return {
        "state": step.state_before,
        "assigned_to_id": step.assigned_before_id,
        "acknowledged_at": None if first else incident.acknowledged_at,
        "closed_at": None,
        "closed_reason": None,
    }


def _held(refs: Sequence[str], on: Connection) -> Sequence[AnyRow]:
    found = locking.by_ref(refs[:MOST], on)
    if not found or len(found) < len(set(refs[:MOST])):
        raise NotFound(_l("There is no such incident."))
    return found


def handlers(on: Connection) -> dict[int, str]:
    """Return id → name of the staff who handle incidents, by name."""
    roles = [role for role, rights in STAFF_ROLES.items() if "incidents.handle" in rights]
    query = select(Person.id, Person.name).where(Person.staff_role.in_(roles))
    return {row.id: row.name for row in on.execute(query.order_by(Person.name, Person.id))}


def state_text(state: str) -> str:
    """Return the localized name of a state."""
    return str(STATE_TEXT.get(state, state))
