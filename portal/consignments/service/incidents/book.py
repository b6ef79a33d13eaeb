"""What becomes of incidents in one transaction: rows, steps, counts and log, written at once."""

import secrets
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, bindparam, insert, text, update

from portal.consignments.events import IncidentChanged, IncidentOpened
from portal.consignments.models import (
    Consignment,
    Incident,
    IncidentCount,
    IncidentFigure,
    IncidentStep,
)
from portal.consignments.rules import incidents as rules
from portal.consignments.rules.incidents import State
from portal.core import clock, counters, events, scope
from portal.core.db import is_sqlite

_I = Incident.__table__
_C = Consignment.__table__
#: Letters of a reference: none that is taken for another when read out.
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
#: What belongs together is told together: so long the owner's mail waits for more.
GATHER = timedelta(minutes=2)
#: Key of the lock under which PostgreSQL writes counts; any number that nobody else uses.
COUNTING = 7_390_142
#: Columns of an incident that a change may set.
_CHANGING = (
    "state",
    "predicted",
    "acknowledged_at",
    "assigned_to_id",
    "closed_at",
    "closed_reason",
    "tell",
    "tell_at",
    "told_at",
)
_OPEN = insert(_I).returning(_I.c.id, sort_by_parameter_order=True)
_CHANGE = update(_I).where(_I.c.id == bindparam("row"))
_RECKON = (
    update(_C)
    .where(_C.c.id == bindparam("row"))
    .values(
        open_incidents=_C.c.open_incidents + bindparam("more"),
        owner_incidents=_C.c.owner_incidents + bindparam("owners"),
    )
)


@dataclass
class Book:
    """Gathers what becomes of incidents; ``post`` writes it. ``by``: a person, or None: a rule."""

    by: int | None = None
    at: datetime = field(default_factory=clock.now)
    opened: list[dict[str, Any]] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    said: list[events.Event] = field(default_factory=list)
    counts: Counter[tuple[int, str, str, bool]] = field(default_factory=Counter)
    reckoned: Counter[tuple[int, bool]] = field(default_factory=Counter)
    _opening: list[tuple[dict[str, Any], str]] = field(default_factory=list)

    def open(
        self,
        consignment: Any,
        kind: str,
        *,
        opened_by: str,
        reason: str | None = None,
        predicted: bool = False,
        owner_visible: bool = True,
        event_id: int | None = None,
        note: str | None = None,
    ) -> None:
        """Open an incident of a class of which the consignment has no open one."""
        row = {
            "ref": new_ref(),
            "company_id": consignment.company_id,
            "consignment_id": consignment.id,
            "kind": str(kind),
            "reason": reason,
            "state": str(State.OPEN),
            "predicted": predicted,
            "owner_visible": owner_visible,
            "opened_by": opened_by,
            "opened_by_event_id": event_id,
            "opened_at": self.at,
            "due_at": rules.due(kind, self.at),
            "tell": "opened" if owner_visible else None,
            "tell_at": self.at + GATHER if owner_visible else None,
        }
        self.opened.append(row)
        self._opening.append((row, consignment.no))
        self.counts[row["company_id"], row["kind"], row["state"], owner_visible] += 1
        self.reckoned[consignment.id, owner_visible] += 1
        self.steps.append(
            self._step(row, "opened", None, row["state"], reason=reason, note=note)
            | {"owner_visible": owner_visible, "incident_id": row["ref"]}
        )

    def change(
        self,
        incident: Any,
        action: str,
        *,
        note: str | None = None,
        reason: str | None = None,
        note_visible: bool = False,
        **values: Any,
    ) -> None:
        """Do ``action`` to an incident (a locked row of ``locking``), setting columns of it.

        Records IncidentChanged.
        """
        values = {**values, **self._telling(incident, action, values)}
        state = str(values.get("state", incident.state))
        now = {name: values.get(name, getattr(incident, name)) for name in _CHANGING}
        self.changes.append({**now, "state": state, "row": incident.id})
        step = self._step(
            incident._mapping, action, incident.state, state, reason=reason, note=note
        )
        before = incident.assigned_to_id
        people = {"assigned_before_id": before, "assigned_to_id": now["assigned_to_id"]}
        self.steps.append(
            {**step, **people, "owner_visible": note_visible, "incident_id": incident.id}
        )
        self._recount(incident, state, now["closed_at"])
        self.said.append(self._changed(incident, action, state, bool(now["predicted"])))

    def _telling(self, incident: Any, action: str, values: dict[str, Any]) -> dict[str, Any]:
        """Return what the owner must be told after it; only news, and never the same twice."""
        if not incident.owner_visible:
            return {}
        if values.get("closed_at"):
            news = "resolved" if incident.told_at else None
        elif action == "came_true" and incident.told_at:
            news = "changed"
        elif action == "undone" and incident.closed_at:
            news = None if incident.tell == "resolved" else "opened"
        else:
            return {}
        return {"tell": news, "tell_at": self.at + GATHER if news else None}

    def _recount(self, incident: Any, state: str, closed_at: datetime | None) -> None:
        key = incident.company_id, incident.kind
        seen = incident.owner_visible
        self.counts[(*key, incident.state, seen)] -= 1
        self.counts[(*key, state, seen)] += 1
        was, is_now = incident.closed_at is None, closed_at is None
        self.reckoned[incident.consignment_id, seen] += int(is_now) - int(was)

    def _step(
        self, row: Any, action: str, before: str | None, state: str, **said: Any
    ) -> dict[str, Any]:
        return {
            "company_id": row["company_id"],
            "at": self.at,
            "action": action,
            "actor_id": self.by,
            "state_before": before,
            "state": state,
            "assigned_before_id": None,
            "assigned_to_id": None,
            **said,
        }

    def _changed(self, incident: Any, action: str, state: str, predicted: bool) -> IncidentChanged:
        return IncidentChanged(
            actor_id=self.by,
            company_id=incident.company_id,
            no=incident.no,
            ref=incident.ref,
            kind=incident.kind,
            action=action,
            state=state,
            predicted=predicted,
            owner_visible=incident.owner_visible,
        )

    def post(self, on: Connection) -> None:
        """Write all of it. Records IncidentOpened and IncidentChanged."""
        if not (self.opened or self.changes):
            return
        self._write_rows(on)
        self._write_consignments(on)
        self._write_counts(on)
        news = [_opened(row, no, self.by) for row, no in self._opening]
        events.record_all([*news, *self.said], on=on)

    def _write_rows(self, on: Connection) -> None:
        ids: dict[str, int] = {}
        if self.opened:
            made = on.execute(_OPEN, self.opened).scalars()
            ids = dict(zip((row["ref"] for row in self.opened), made, strict=True))
        if self.changes:
            on.execute(_CHANGE, self.changes, execution_options=scope.CENTRE)
        for step in self.steps:
            step["incident_id"] = ids.get(step["incident_id"], step["incident_id"])
        on.execute(insert(IncidentStep.__table__), self.steps)

    def _write_consignments(self, on: Connection) -> None:
        more: dict[int, list[int]] = {}
        for (row, seen), number in self.reckoned.items():
            added = more.setdefault(row, [0, 0])
            added[0] += number
            added[1] += number if seen else 0
        changed = [{"row": r, "more": m, "owners": o} for r, (m, o) in more.items() if m or o]
        if changed:
            on.execute(_RECKON, changed, execution_options=scope.CENTRE)

    def _write_counts(self, on: Connection) -> None:
        if not is_sqlite(on):  # counts of several classes: writers take turns, whatever the order
            on.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": COUNTING})
        states = _summed(self.counts, ("company_id", "kind", "state"))
        counters.add(IncidentCount.__table__, states, on=on)
        months: Counter[tuple[int, str, str, bool]] = Counter(
            (row["company_id"], month_of(row["opened_at"]), row["kind"], row["owner_visible"])
            for row in self.opened
        )
        figures = _summed(months, ("company_id", "month", "kind"))
        counters.add(IncidentFigure.__table__, figures, on=on)


def _summed(counts: Counter[Any], names: tuple[str, ...]) -> Iterable[dict[str, Any]]:
    """Return the rows to add: keys, all of them, and those that the owner may know of."""
    sums: dict[tuple[Any, ...], list[int]] = {}
    for (*key, seen), number in counts.items():
        total = sums.setdefault(tuple(key), [0, 0])
        total[0] += number
        total[1] += number if seen else 0
    return [
        {**dict(zip(names, key, strict=True)), "count": count, "owners": owners}
        for key, (count, owners) in sums.items()
        if count or owners
    ]


def _opened(row: dict[str, Any], no: str, by: int | None) -> IncidentOpened:
    names = ("company_id", "ref", "kind", "reason", "predicted", "owner_visible")
    return IncidentOpened(actor_id=by, no=no, **{name: row[name] for name in names})


def month_of(at: datetime) -> str:
    """Return the month in which an incident counts: YYYY-MM in the centre's zone."""
    return f"{at.astimezone(clock.zone()):%Y-%m}"


def new_ref() -> str:
    """Return a new public reference; random, so that it tells nothing."""
    return "I" + "".join(secrets.choice(_LETTERS) for _ in range(9))
