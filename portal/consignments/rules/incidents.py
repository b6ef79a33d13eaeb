"""Incidents by rule: from the facts of a consignment to what is wrong, and when to look next.

Pure: no clock, no database. Hours stand in one table; docs/incidents.md says where they come from.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from portal.consignments.rules.promise import Service, is_abroad
from portal.consignments.rules.vocabulary import INCIDENT, Status

_S = Status
HOUR = timedelta(hours=1)
#: Rule → column → how long it waits.
Hours = Mapping[str, Mapping[str, timedelta]]


class Kind(StrEnum):
    """The classes of incidents; the value is the code used everywhere."""

    NO_FIRST_SCAN = "no_first_scan"
    NO_SCAN = "no_scan_for_hours"
    LATE_PICKUP = "late_pickup"
    LATE_DELIVERY = "late_delivery"
    STUCK_AT_HUB = "stuck_at_hub"
    FAILED_ATTEMPT = "failed_attempt"
    WRONG_ADDRESS = "wrong_address"
    DAMAGE = "damage"
    SHORTAGE = "shortage"
    TEMPERATURE = "temperature"
    CUSTOMS_HOLD = "customs_hold"
    MISSING_PAPER = "missing_paper"
    DELAY = "delay"
    OTHER = "other"


class State(StrEnum):
    """Where an incident stands."""

    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    WORKING = "working"
    RESOLVED = "resolved"
    WRITTEN_OFF = "written_off"


UNSETTLED = (State.OPEN, State.ACKNOWLEDGED, State.WORKING)
_ENDS = frozenset({State.RESOLVED, State.WRITTEN_OFF})
#: State → those that may follow it. Handing over changes the person and not the state.
MOVES: Mapping[State, frozenset[State]] = {
    State.OPEN: frozenset({State.ACKNOWLEDGED, State.WORKING}) | _ENDS,
    State.ACKNOWLEDGED: frozenset({State.WORKING}) | _ENDS,
    State.WORKING: _ENDS,
    State.RESOLVED: frozenset(),
    State.WRITTEN_OFF: frozenset(),
}
#: Hours of silence or lateness after which a rule opens an incident, by service; ``abroad`` for
#: whatever leaves the country.
_THRESHOLDS = """
rule               express  cold  standard  abroad
late_pickup           1       1       2        4
no_first_scan         6       4      12       24
no_scan_for_hours    12       8      36      120
stuck_at_hub          8       6      24       72
late_delivery         0.5     0.5     1        6
late_foreseen         1       1       4       24
"""
#: Hours in which somebody must have closed an incident of a class: its clock.
CLOCK_H: Mapping[Kind, int] = {
    Kind.NO_FIRST_SCAN: 8,
    Kind.NO_SCAN: 12,
    Kind.LATE_PICKUP: 4,
    Kind.LATE_DELIVERY: 24,
    Kind.STUCK_AT_HUB: 12,
    Kind.FAILED_ATTEMPT: 24,
    Kind.WRONG_ADDRESS: 8,
    Kind.DAMAGE: 24,
    Kind.SHORTAGE: 24,
    Kind.TEMPERATURE: 2,
    Kind.CUSTOMS_HOLD: 48,
    Kind.MISSING_PAPER: 24,
    Kind.DELAY: 24,
    Kind.OTHER: 24,
}
#: The reason that an event gives → the class of the incident it opens.
_BY_REASON = {
    "damaged": Kind.DAMAGE,
    "packing": Kind.DAMAGE,
    "wrong_address": Kind.WRONG_ADDRESS,
    "wrong_label": Kind.WRONG_ADDRESS,
    "temperature": Kind.TEMPERATURE,
    "shortage": Kind.SHORTAGE,
    "customs": Kind.CUSTOMS_HOLD,
    "missing_paper": Kind.MISSING_PAPER,
    **dict.fromkeys(("absent", "closed", "asked_later", "no_cash", "refused"), Kind.FAILED_ATTEMPT),
    **dict.fromkeys(("late_arrival", "missorted", "vehicle_breakdown", "capacity"), Kind.DELAY),
    **dict.fromkeys(("delay", "weather", "force_majeure", "not_ready"), Kind.DELAY),
}
#: Events that open an incident by themselves, whatever their reason.
_FAILED = frozenset({str(_S.DELIVERY_FAILED), str(_S.PICKUP_FAILED)})
OPENING = frozenset({INCIDENT, *_FAILED})

_TO_PICK_UP = frozenset({_S.ORDERED, _S.PICKUP_ASSIGNED, _S.PICKUP_FAILED})
_ON_THE_WAY = frozenset(
    {_S.HUB_DEPARTED, _S.IN_TRANSIT, _S.REDIRECTED, _S.DEST_CITY, _S.OUT_FOR_DELIVERY}
)
_ENDED = frozenset({_S.DELIVERED, _S.CLOSED, _S.CANCELLED, _S.RETURNED})
#: Statuses in which the promise of delivery no longer counts.
_NOT_PROMISED = _ENDED | {_S.DRAFT, _S.RETURNING, _S.LOST, _S.REFUSED, _S.AT_PICKUP_POINT}
#: Class that an event opened → statuses that show that its cause is gone.
_CURED: Mapping[Kind, frozenset[Status]] = {
    Kind.FAILED_ATTEMPT: _ENDED
    | {_S.OUT_FOR_DELIVERY, _S.AT_PICKUP_POINT, _S.RETURNING, _S.PICKUP_ASSIGNED, _S.PICKED_UP},
    Kind.WRONG_ADDRESS: _ENDED | {_S.REDIRECTED, _S.RETURNING},
    Kind.DELAY: _ENDED,
    Kind.CUSTOMS_HOLD: _ENDED | {_S.DEST_CITY, _S.OUT_FOR_DELIVERY, _S.AT_PICKUP_POINT},
    Kind.MISSING_PAPER: _ENDED,
}
BY_RULE = frozenset(
    {Kind.NO_FIRST_SCAN, Kind.NO_SCAN, Kind.LATE_PICKUP, Kind.LATE_DELIVERY, Kind.STUCK_AT_HUB}
)


def _parse(table: str) -> Hours:
    head, *rows = [line.split() for line in table.strip().splitlines()]
    return {
        rule: {column: float(hours) * HOUR for column, hours in zip(head[1:], values, strict=True)}
        for rule, *values in rows
    }


THRESHOLDS = _parse(_THRESHOLDS)


def thresholds(changes: Mapping[str, float]) -> Hours:
    """Return the table with some cells changed: ``rule`` or ``rule.column`` → hours.

    Raises KeyError for a rule or column that there is not.
    """
    table = {rule: dict(row) for rule, row in THRESHOLDS.items()}
    for name, hours in changes.items():
        rule, _, column = name.partition(".")
        if column and column not in table[rule]:
            raise KeyError(name)
        for each in [column] if column else list(table[rule]):
            table[rule][each] = hours * HOUR
    return table


@dataclass(frozen=True)
class Finding:
    """Something that is wrong now; ``since`` is when the rule began to hold."""

    kind: Kind
    since: datetime
    predicted: bool = False


@dataclass(frozen=True)
class Look:
    """What the rules say of a consignment, and when they may say more by time alone."""

    findings: tuple[Finding, ...]
    next_at: datetime | None


def look(row: Any, now: datetime, hours: Hours = THRESHOLDS) -> Look:
    """Judge one consignment: ``row`` has its status, service, planned and estimated times."""
    if row.history or row.status in (_S.DRAFT, *_ENDED):
        return Look((), None)
    column = _column(row)
    found = [
        finding
        for rule in (_late_pickup, _no_first_scan, _no_scan, _stuck, _late, _foreseen)
        if (finding := rule(row, {name: line[column] for name, line in hours.items()}))
    ]
    due = {f.kind: f for f in reversed(found) if f.since <= now}  # real before foreseen
    later = [f.since for f in found if f.since > now]
    return Look(tuple(due.values()), min(later, default=None))


def _column(row: Any) -> str:
    if is_abroad(row.consignee_country) or is_abroad(row.consignor_country):
        return "abroad"
    return str(row.service) if row.service in list(Service) else "standard"


def _scanned(row: Any) -> datetime:
    """Return when its state was last reported; notes and incidents are no scans."""
    scanned: datetime = row.head_at or row.last_at
    return scanned


def _late_pickup(row: Any, hours: Mapping[str, timedelta]) -> Finding | None:
    if row.status not in _TO_PICK_UP or row.pickup_planned is None:
        return None
    return Finding(Kind.LATE_PICKUP, row.pickup_planned + hours["late_pickup"])


def _no_first_scan(row: Any, hours: Mapping[str, timedelta]) -> Finding | None:
    if row.status != _S.PICKED_UP:
        return None
    return Finding(Kind.NO_FIRST_SCAN, _scanned(row) + hours["no_first_scan"])


def _no_scan(row: Any, hours: Mapping[str, timedelta]) -> Finding | None:
    if row.status not in _ON_THE_WAY:
        return None
    return Finding(Kind.NO_SCAN, _scanned(row) + hours["no_scan_for_hours"])


def _stuck(row: Any, hours: Mapping[str, timedelta]) -> Finding | None:
    if row.status != _S.HUB_ARRIVED:
        return None
    return Finding(Kind.STUCK_AT_HUB, _scanned(row) + hours["stuck_at_hub"])


def _late(row: Any, hours: Mapping[str, timedelta]) -> Finding | None:
    if row.status in _NOT_PROMISED or row.delivery_planned is None:
        return None
    return Finding(Kind.LATE_DELIVERY, row.delivery_planned + hours["late_delivery"])


def _foreseen(row: Any, hours: Mapping[str, timedelta]) -> Finding | None:
    """Foreseen late: by more than the threshold, or so that even the earliest time is too late."""
    planned, expected = row.delivery_planned, row.delivery_estimated
    if row.status in _NOT_PROMISED or planned is None or expected is None:
        return None
    earliest = getattr(row, "delivery_estimated_from", None) or planned
    if expected - planned <= hours["late_foreseen"] and earliest <= planned:
        return None
    return Finding(Kind.LATE_DELIVERY, row.ordered_at, predicted=True)


def is_cured(kind: str, opened_by_rule: bool, status: str, findings: Iterable[Finding]) -> bool:
    """Return whether the cause of an open incident is gone."""
    if opened_by_rule:
        return all(finding.kind != kind for finding in findings)
    return status in _CURED.get(Kind(kind), ())


def kind_of(code: str, reason: str | None) -> Kind:
    """Return the class of the incident that an event with this code and reason opens."""
    if code in _FAILED:
        is_address = _BY_REASON.get(reason or "") is Kind.WRONG_ADDRESS
        return Kind.WRONG_ADDRESS if is_address else Kind.FAILED_ATTEMPT
    return _BY_REASON.get(reason or "", Kind.OTHER)


def due(kind: str, opened_at: datetime) -> datetime:
    """Return until when an incident of a class must be closed."""
    return opened_at + CLOCK_H[Kind(kind)] * HOUR


def may_move(state: str, to: str) -> bool:
    """Return whether an incident may go from one state to another."""
    return State(to) in MOVES[State(state)]
