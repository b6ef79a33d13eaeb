"""Recording what happens to consignments: one event, or many. The hot path of the portal.

Statements per event: one read of the head (by the caller), one insert, one update, one insert
into the log, and the totals where the state changes; a batch shares them. Nothing here reads
the history, but for late events, retractions, finds and pieces that go their own way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, func, insert, select, update

from portal.consignments.events import TrackingEventRecorded
from portal.consignments.models import Consignment, TrackingEvent
from portal.consignments.rules import moves
from portal.consignments.rules.incidents import OPENING
from portal.consignments.rules.moves import Step
from portal.consignments.rules.vocabulary import (
    BESIDE,
    INCIDENT_RESOLVED,
    RANK,
    RETRACTION,
    Status,
)
from portal.consignments.service import (
    estimates,
    history,
    incidents,
    learning,
    pieces,
    together,
    totals,
)
from portal.core import clock, scope, tokens
from portal.core.db import is_sqlite
from portal.core.errors import FieldError, Invalid, Refused
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared

#: Sources whose word is a claim that may be refused; a scan is a fact and is always kept.
CLAIMS = frozenset({"manual", "api"})
UNDO_WITHIN = timedelta(minutes=1)
FUTURE_TOLERANCE = timedelta(minutes=5)  # clocks of scanners differ
FORESEEABLE = timedelta(days=3 * 366)
EARLIEST_YEAR = 2000
#: Codes that open or close incidents.
_NOTED = OPENING | {INCIDENT_RESOLVED}
_EVENT = TrackingEvent.__table__
_CONSIGNMENT = Consignment.__table__


@dataclass(frozen=True, kw_only=True)
class NewEvent:
    """An event as it came in, checked in shape."""

    code: str
    occurred_at: datetime
    offset_min: int | None = None
    place: str | None = None
    division_code: str | None = None
    lat: float | None = None
    lon: float | None = None
    reason: str | None = None
    note: str | None = None
    classifier: str = "actual"
    source: str = "manual"
    source_event_id: str | None = None
    published: bool = True
    sscc: str | None = None
    retracts_id: int | None = None


@dataclass(frozen=True)
class Pushed:
    """What the sender is answered: the event, and the consignment's state after it."""

    id: int
    seq: int
    status: str
    duplicate: bool = False


class Posting(NamedTuple):
    """An event that may be written, as it will be, and what follows from it."""

    head: Any
    new: NewEvent
    piece_id: int | None
    by: int | None
    at: datetime
    after: dict[str, Any]  # columns of the consignment that it changes
    row: dict[str, Any]  # of the event

    def pushed(self, event_id: int) -> Pushed:
        """Return what its sender is answered."""
        return Pushed(event_id, self.head.status_seq + 1, self.after["status"])


def push(head: Any, new: NewEvent, *, by: int | None, on: Connection) -> Pushed:
    """Append ``new`` to the consignment ``head`` (a locked row of ``queries.head_for``).

    The same source and source_event_id again is the same event and is answered the same.
    Raises Invalid for impossible times, NotFound for an unknown piece, Refused for a claim
    that the state machine does not allow. Records TrackingEventRecorded.
    """
    planned = plan(head, new, by=by, on=on)
    return planned if isinstance(planned, Pushed) else _write(planned, on)


def plan(
    head: Any, new: NewEvent, *, by: int | None, on: Connection, at: datetime | None = None
) -> Posting | Pushed:
    """Return ``new`` ready to be written, or the answer to an event that is known already.

    ``at`` is when it is recorded (default: now).
    Writes nothing but states of pieces, where ``is_plain`` does not hold. Raises as ``push``.
    """
    if (known := _known(head, new, on)) is not None:
        return known
    check_time(new)
    piece_id = None if new.sscc is None else pieces.id_of(head, new.sscc, on)
    after = _after(head, new, piece_id, on)
    return _posting(head, new, piece_id, after, by, at)


def is_plain(head: Any, new: NewEvent) -> bool:
    """Return whether an event changes nothing but its consignment: no pieces, no incidents."""
    return not (head.split or new.sscc is not None or new.code in _NOTED)


def record(
    head: Any,
    new: NewEvent,
    piece_id: int | None,
    after: dict[str, Any],
    *,
    by: int | None,
    on: Connection,
) -> Pushed:
    """Write the event and the columns ``after`` that it changes; have totals and log told.

    Records TrackingEventRecorded.
    """
    return _write(_posting(head, new, piece_id, after, by), on)


def _posting(
    head: Any,
    new: NewEvent,
    piece_id: int | None,
    after: dict[str, Any],
    by: int | None,
    at: datetime | None = None,
) -> Posting:
    at = at or clock.now()
    expected = estimates.columns_for(head, new, after)
    after = {**after, **expected.columns}
    row = _row(head, new, piece_id, {**after, **expected.event}, by, at)
    return Posting(head, new, piece_id, by, at, after, row)


def _write(posting: Posting, on: Connection) -> Pushed:
    head, new = posting.head, posting.new
    event_id = int(_APPEND.first(on, posting.row).id)
    _CHANGE.run(on, _change(posting))
    incidents.note(head, new, event_id, on, by=posting.by)
    _tell(posting, event_id, on)
    return posting.pushed(event_id)


def write_all(postings: Sequence[Posting], on: Connection) -> list[Pushed]:
    """Write plain events of as many consignments, in order; have totals and log told.

    Records TrackingEventRecorded for each.
    """
    ids = _append_all([posting.row for posting in postings], on)
    changes: dict[tuple[str, ...], list[dict[str, Any]]] = {}
    for posting in postings:
        change = _change(posting)
        changes.setdefault(tuple(change), []).append(change)
    for alike in changes.values():
        _CHANGE.run_many(on, alike)
    for posting, event_id in zip(postings, ids, strict=True):
        _tell(posting, event_id, on)
    return [posting.pushed(event_id) for posting, event_id in zip(postings, ids, strict=True)]


def _append_all(rows: list[dict[str, Any]], on: Connection) -> Sequence[int]:
    """Insert events; return their ids, which SQLite's one writer knows beforehand."""
    if not rows:
        return []
    if not is_sqlite(on):
        return list(on.scalars(_APPEND_ALL, rows))
    first = (_NEWEST.first(on, {}).id or 0) + 1
    ids = range(first, first + len(rows))
    _INSERT.run_many(on, [{"id": event_id, **row} for event_id, row in zip(ids, rows, strict=True)])
    return ids


def check_time(new: NewEvent) -> None:
    """Refuse instants that cannot be meant. Raises Invalid."""
    at, now = new.occurred_at, clock.now()
    if at.year < EARLIEST_YEAR:
        problem = _l("That time lies too far in the past.")
    elif new.classifier == "actual" and at > now + FUTURE_TOLERANCE:
        problem = _l("What happened cannot lie in the future.")
    elif at > now + FORESEEABLE:
        problem = _l("That time lies too far in the future.")
    else:
        return
    raise Invalid(problem, [FieldError("occurred_at", problem)])


def _known(head: Any, new: NewEvent, on: Connection) -> Pushed | None:
    if new.source_event_id is None:
        return None
    told = {"source": new.source, "source_event_id": new.source_event_id}
    row = _KNOWN.first(on, {"consignment": head.id} | told)
    return None if row is None else Pushed(row.id, row.seq, row.status_after, duplicate=True)


#: Its head was authorised; what was told of it while it was another company's counts too.
_KNOWN = Prepared(
    select(_EVENT.c.id, _EVENT.c.seq, _EVENT.c.status_after)
    .where(
        _EVENT.c.consignment_id == bindparam("consignment"),
        _EVENT.c.source == bindparam("source"),
        _EVENT.c.source_event_id == bindparam("source_event_id"),
    )
    .execution_options(**scope.CENTRE)
)


def _after(head: Any, new: NewEvent, piece_id: int | None, on: Connection) -> dict[str, Any]:
    """Return the columns of the consignment that the event changes."""
    if new.classifier != "actual":
        return {"status": head.status, **promised(new)}
    if new.code in BESIDE:
        return {"status": head.status}
    if piece_id is not None or head.split:
        step = Step.of(new.occurred_at, history.LAST, new.code)
        claims = new.source in CLAIMS
        return pieces.settle(head, on, step=step, piece_id=piece_id, is_claim=claims)
    place = (new.occurred_at, RANK[new.code])
    if head.head_at is not None and place < (head.head_at, head.head_rank):
        return _late(head, new, on)
    return _next(head, new, on)


def promised(new: Any) -> dict[str, Any]:
    """Return the column of the promise that a planned or estimated event sets; empty: none."""
    leg = {Status.PICKED_UP: "pickup", Status.DELIVERED: "delivery"}.get(new.code)
    return {f"{leg}_{new.classifier}": new.occurred_at} if leg else {}


def _next(head: Any, new: NewEvent, on: Connection) -> dict[str, Any]:
    """Return what changes when the event is the latest one."""
    if new.source in CLAIMS:
        moves.check_move(head.status, new.code, attempts=head.attempts, limit=head.attempt_limit)
    status: str | None
    if new.code == Status.FOUND or not moves.may_move(head.status, new.code):
        status = moves.fold(
            [*history.steps(head, on), Step.of(new.occurred_at, history.LAST, new.code)]
        )
    else:
        status = new.code
    failed = int(new.code == Status.DELIVERY_FAILED)
    return {
        "status": str(status or head.status),
        "head_at": new.occurred_at,
        "head_rank": RANK[new.code],
        "attempts": head.attempts + failed,
        **_actual(head, new, status),
    }


def _actual(head: Any, new: NewEvent, status: str | None) -> dict[str, Any]:
    if new.code == Status.PICKED_UP and head.pickup_actual is None:
        return {"pickup_actual": new.occurred_at}
    if new.code == Status.DELIVERED and status == Status.DELIVERED and not head.delivery_actual:
        return {"delivery_actual": new.occurred_at}
    return {}


def _late(head: Any, new: NewEvent, on: Connection) -> dict[str, Any]:
    """Return what changes when later events are already known: the fold decides, not we.

    Only a decision (cancelling) cannot be made in the past.
    """
    if new.code == Status.CANCELLED:
        raise Refused(_l("Something later has happened; the consignment cannot be cancelled."))
    steps = history.steps(head, on)
    late = Step.of(new.occurred_at, history.LAST, new.code)
    if new.source in CLAIMS:
        moves.check_claim(steps, late, limit=head.attempt_limit)
    return history.folded(head, [*steps, late])


def _row(
    head: Any,
    new: NewEvent,
    piece_id: int | None,
    after: dict[str, Any],
    by: int | None,
    at: datetime,
) -> dict[str, Any]:
    return {
        "company_id": head.company_id,
        "consignment_id": head.id,
        "seq": head.status_seq + 1,
        "piece_id": piece_id,
        "classifier": new.classifier,
        "code": new.code,
        "reason": new.reason,
        "occurred_at": new.occurred_at,
        "offset_min": new.offset_min,
        "recorded_at": at,
        "place": new.place,
        "division_code": new.division_code,
        "lat": new.lat,
        "lon": new.lon,
        "source": new.source,
        "source_event_id": new.source_event_id,
        "actor_id": by,
        "published": new.published,
        "note": new.note,
        "retracts_id": new.retracts_id,
        "status_after": after["status"],
        "estimated_from": after["estimated_from"],
        "estimated_at": after["estimated_at"],
        "estimated_to": after["estimated_to"],
    }


_INSERT = Prepared(insert(_EVENT))
_APPEND = Prepared(insert(_EVENT).returning(_EVENT.c.id))
_APPEND_ALL = insert(_EVENT).returning(_EVENT.c.id, sort_by_parameter_order=True)
_NEWEST = Prepared(select(func.max(_EVENT.c.id).label("id")).execution_options(**scope.CENTRE))


def _change(posting: Posting) -> dict[str, Any]:
    """Return the columns of the consignment to set, and whose they are."""
    head, new = posting.head, posting.new
    shown = new.published and new.classifier == "actual" and new.code != RETRACTION
    newest = shown and new.occurred_at >= head.last_at
    latest = {"last_code": new.code, "last_at": new.occurred_at, "last_place": new.place}
    return {
        "row": head.id,
        "company": head.company_id,
        **posting.after,
        **(latest if newest else {}),
        "status_seq": head.status_seq + 1,
        "changed_at": posting.at,
    }


#: Sets the columns that it is given.
_CHANGE = Prepared(
    update(_CONSIGNMENT)
    .where(_CONSIGNMENT.c.id == bindparam("row"), _CONSIGNMENT.c.company_id == bindparam("company"))
    .execution_options(**scope.BOUND)
)


def _tell(posting: Posting, event_id: int, on: Connection) -> None:
    head, after = posting.head, posting.after
    told = _recorded(posting, event_id)
    together.tell(totals.changed(head, after), learning.changed(head, after), told, on=on)


def _recorded(posting: Posting, event_id: int) -> TrackingEventRecorded:
    head, new = posting.head, posting.new
    return TrackingEventRecorded(
        actor_id=posting.by,
        company_id=head.company_id,
        no=head.no,
        event_id=event_id,
        seq=head.status_seq + 1,
        code=new.code,
        classifier=new.classifier,
        status=posting.after["status"],
        status_before=head.status,
        occurred_at=new.occurred_at.isoformat(),
        place=new.place,
        reason=new.reason,
        note=new.note,
        source=new.source,
        published=new.published,
        retracts=new.retracts_id,
        piece_id=posting.piece_id,
        offset_min=new.offset_min,
        division_code=new.division_code,
        lat=None if new.lat is None else repr(new.lat),
        lon=None if new.lon is None else repr(new.lon),
        source_event_id=new.source_event_id,
        recorded_at=posting.at.isoformat(),
        salt=None if new.published else tokens.new(),
    )
