"""Incidents of the bulk load: rows, steps and counts as the service would have left them."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, update

from portal.consignments.models import (
    Incident,
    IncidentCount,
    IncidentFigure,
    IncidentStep,
    IncidentWatch,
)
from portal.consignments.rules import incidents as rules
from portal.consignments.rules.incident_words import closed_by_itself
from portal.consignments.rules.vocabulary import INCIDENT_RESOLVED
from portal.consignments.service.incidents.book import month_of
from portal.core import counters
from portal.demo import bulk
from portal.demo.bulk import instant
from portal.demo.happenings import HOUR, MINUTE, Happening
from portal.live import log

_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
ACKNOWLEDGED_AFTER = 20 * MINUTE


def note(incidents: list[dict[str, Any]], told: Happening, event: int, ids: dict[str, Any]) -> None:
    """Open or resolve what an event opens or resolves."""
    if told.code == INCIDENT_RESOLVED:
        for incident in _open(incidents):
            _close(incident, told.at, "event")
    elif told.code in rules.OPENING:
        kind = str(rules.kind_of(told.code, told.reason))
        if all(incident["kind"] != kind for incident in _open(incidents)):
            incidents.append(_incident(ids, told, event, kind))


def cure(incidents: list[dict[str, Any]], status: str, at: int) -> None:
    """Resolve those whose cause is gone now that the consignment is in ``status``."""
    for incident in _open(incidents):
        if rules.is_cured(incident["kind"], False, status, ()):
            _close(incident, at, closed_by_itself(status))


def withdraw(incidents: list[dict[str, Any]], event: int, at: int) -> None:
    """Write off what a withdrawn event has opened."""
    for incident in _open(incidents):
        if incident["opened_by_event_id"] == event:
            _close(incident, at, "withdrawn", "written_off")


def _open(incidents: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [incident for incident in incidents if incident["closed_at"] is None]


def _close(incident: dict[str, Any], at: int, reason: str, state: str = "resolved") -> None:
    incident.update(state=state, closed_at=at, closed_reason=reason)


def _incident(ids: dict[str, Any], told: Happening, event: int, kind: str) -> dict[str, Any]:
    state = ("open", "acknowledged", "open", "working")[event % 4]
    return {
        **ids,
        "id": event,
        "ref": _ref(event),
        "kind": kind,
        "reason": told.reason,
        "state": state,
        "owner_visible": told.published,
        "opened_by": "event",
        "opened_by_event_id": event,
        "opened_at": told.at,
        "due_at": told.at + rules.CLOCK_H[rules.Kind(kind)] * HOUR,
        "acknowledged_at": None if state == "open" else told.at + ACKNOWLEDGED_AFTER,
        "closed_at": None,
        "closed_reason": None,
        "told_at": told.at + 2 * MINUTE if told.published else None,
    }


def _ref(event: int) -> str:
    """Return a reference that looks like a random one and is always the same for an event."""
    mixed, letters = event * 2_654_435_761 % 30**9, ""
    for _ in range(9):
        mixed, place = divmod(mixed, len(_LETTERS))
        letters += _LETTERS[place]
    return f"I{letters}"


def write(incidents: list[dict[str, Any]], actor: int, *, on: Connection) -> None:
    """Add the incidents with their steps and counts; ``actor`` has dealt with them."""
    for incident in incidents:
        incident["assigned_to_id"] = actor if incident["state"] == "working" else None
    _count(incidents, on)
    steps = [step for incident in incidents for step in _steps(incident, actor)]
    bulk.add(Incident, incidents, on=on)
    bulk.add(IncidentStep, steps, on=on)


def _steps(incident: dict[str, Any], actor: int) -> Iterable[dict[str, Any]]:
    first = {
        "company_id": incident["company_id"],
        "incident_id": incident["id"],
        "at": incident["opened_at"],
        "action": "opened",
        "actor_id": None,
        "state_before": None,
        "state": "open",
        "reason": incident["reason"],
        "owner_visible": incident["owner_visible"],
    }
    yield first
    by = {**first, "actor_id": actor, "reason": None, "owner_visible": False}
    before = "open"
    if incident["acknowledged_at"] and incident["closed_at"] is None:
        state = incident["state"]
        now = {"action": state, "state": state, "state_before": before}
        yield {**by, **now, "at": incident["acknowledged_at"]}
        before = state
    if incident["closed_at"]:
        state, reason = incident["state"], incident["closed_reason"]
        closed = {"action": state, "state": state, "state_before": before, "reason": reason}
        yield {**first, **closed, "at": incident["closed_at"], "owner_visible": False}


def _count(incidents: list[dict[str, Any]], on: Connection) -> None:
    states: Counter[tuple[Any, ...]] = Counter()
    months: Counter[tuple[Any, ...]] = Counter()
    seen: Counter[tuple[Any, ...]] = Counter()
    for each in incidents:
        state = each["company_id"], each["kind"], each["state"]
        month = each["company_id"], month_of(instant(each["opened_at"])), each["kind"]
        states[state] += 1
        months[month] += 1
        seen.update([state, month] if each["owner_visible"] else [])
    for table, keys, counted in (
        (IncidentCount.__table__, ("company_id", "kind", "state"), states),
        (IncidentFigure.__table__, ("company_id", "month", "kind"), months),
    ):
        rows = [
            {**dict(zip(keys, key, strict=True)), "count": count, "owners": seen[key]}
            for key, count in counted.items()
        ]
        counters.add(table, rows, on=on)


def begin_watching(on: Connection) -> None:
    """Let the rules read the log from its present end; what stands in it is dealt with."""
    on.execute(update(IncidentWatch.__table__).values(position=log.head().position))
