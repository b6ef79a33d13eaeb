"""Whether the rows that people see say what the log of events says.

Events of the log are looked at in order; HistoryAltered is raised at the first whose row is
missing or says something else. Fields that an old record does not hold are not compared.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, select

from portal.consignments import sealing
from portal.consignments.events import (
    ConsignmentAmended,
    ConsignmentCreated,
    HistorySealed,
    PhotoAttached,
    TrackingEventRecorded,
)
from portal.consignments.models import Attachment, Consignment, TrackingEvent
from portal.consignments.rules import ordered
from portal.core import scope
from portal.core.db import AnyRow
from portal.core.events import EventRecord

_T = TrackingEvent.__table__
_C = Consignment.__table__
_A = Attachment.__table__
_E = EventRecord.__table__
_ORDERING = (ConsignmentCreated.name, ConsignmentAmended.name)
_ROWS = select(_T, _C.c.no).join(_C, _C.c.id == _T.c.consignment_id)
_PAPERS = select(_A, _C.c.no).join(_C, _C.c.id == _A.c.consignment_id)
#: Field of the record → column of ``tracking_event``, where they are called differently.
_COLUMNS = {"event_id": "id", "status": "status_after", "retracts": "retracts_id"}
_TRACKING = (
    "no",
    "company_id",
    "actor_id",
    "event_id",
    "seq",
    "code",
    "classifier",
    "status",
    "occurred_at",
    "place",
    "reason",
    "note",
    "source",
    "published",
    "retracts",
    "piece_id",
    "offset_min",
    "division_code",
    "lat",
    "lon",
    "source_event_id",
    "recorded_at",
)
_FIRST = ("company_id", "actor_id", "status", "occurred_at", "place", "source", "recorded_at")
_PHOTO = ("no", "company_id", "ref", "event_id", "media_type", "size", "sha256")

Note = Callable[[int], bool]


class HistoryAltered(Exception):
    """History is not what was chained; says where and what, for the centre's own people."""

    def __init__(self, position: int | None, what: str) -> None:
        super().__init__(what)
        self.position = position
        self.what = what


def agree(events: Sequence[AnyRow], *, told: Note, sealed: Note, on: Connection) -> None:
    """Raise HistoryAltered at the first of ``events`` whose row does not say the same.

    ``told(id)`` and ``sealed(id)`` note the tracking events that the log tells one by one and
    together; False: it was noted before.
    """
    rows = _rows_of(events, on)
    firsts = _firsts_of(events, on)
    papers = _papers_of(events, on)
    _orders_agree(events, on)
    for event in events:
        payload = event.payload
        if event.name == TrackingEventRecorded.name:
            _agrees(event, _tracking(payload), rows.get(payload["event_id"]), _TRACKING)
            if not told(payload["event_id"]):
                raise HistoryAltered(
                    event.position, f"tells tracking event {payload['event_id']} again"
                )
        elif event.name == ConsignmentCreated.name:
            first = firsts.get(payload["no"])
            _agrees(event, {**_tracking(payload), "code": payload["status"]}, first, _FIRST)
            told(first.id if first is not None else 0)
        elif event.name == PhotoAttached.name:
            columns = {"event_id": "tracking_event_id"}
            _agrees(event, payload, papers.get(payload["ref"]), _PHOTO, columns)
        elif event.name == HistorySealed.name:
            _is_sealed(event, sealed, on)


def _orders_agree(events: Sequence[AnyRow], on: Connection) -> None:
    """Hold orders to the fingerprint that was told last, where that is among ``events``."""
    told = {e.about: e for e in events if e.name in _ORDERING and e.payload.get("order")}
    if not told:
        return
    # The rows are read first: who amends meanwhile has told it when the log is read.
    held = {f"consignment:{row.no}": row for row in _orders_of(told, on)}
    for about, last in _last_told(told, on).items():
        event = told[about]
        if last.id != event.id:
            continue
        if (row := held.get(about)) is None:
            raise HistoryAltered(event.position, f"tells of the order {about} that is not there")
        if ordered.digest(row._asdict()) != event.payload["order"]:
            what = f"tells of the order {row.no}: its columns hold something else now"
            raise HistoryAltered(event.position, what)


def _orders_of(told: Iterable[str], on: Connection) -> Sequence[AnyRow]:
    numbers = [about.removeprefix("consignment:") for about in told]
    query = select(_C.c.no, *(_C.c[name] for name in ordered.COLUMNS))
    return _found(query.where(_C.c.no.in_(numbers)), numbers, on)


def _last_told(told: Iterable[str], on: Connection) -> dict[str, AnyRow]:
    """Return about → the latest event that holds a fingerprint of the order."""
    query = select(_E.c.id, _E.c.about, _E.c.payload).where(
        _E.c.about.in_(list(told)), _E.c.name.in_(_ORDERING)
    )
    rows = on.execute(query.order_by(_E.c.id)).all()
    return {row.about: row for row in rows if row.payload.get("order")}


def _tracking(payload: Mapping[str, Any]) -> dict[str, Any]:
    """Return the record with its instants as instants."""
    said = dict(payload)
    for name in ("occurred_at", "recorded_at"):
        if said.get(name) is None:
            said.pop(name, None)
        else:
            said[name] = datetime.fromisoformat(said[name])
    return said


def _agrees(
    event: AnyRow,
    said: Mapping[str, Any],
    row: AnyRow | None,
    fields: Iterable[str],
    columns: Mapping[str, str] = _COLUMNS,
) -> None:
    thing = "photo" if event.name == PhotoAttached.name else "tracking event"
    if row is None:
        raise HistoryAltered(
            event.position, f"tells of a {thing} of {said['no']} that is not there"
        )
    held = row._mapping
    for field in fields:
        if field in said and said[field] != _as_said(field, held[columns.get(field, field)]):
            what = f"tells of {thing} {row.id} of {said['no']}: its {field} is another one now"
            raise HistoryAltered(event.position, what)


def _as_said(field: str, value: Any) -> Any:
    return repr(value) if field in ("lat", "lon") and value is not None else value


def _is_sealed(event: AnyRow, sealed: Note, on: Connection) -> None:
    said = event.payload
    histories = list(sealing.histories(said["group"], said["upto"], on=on))
    now = sealing.seal(histories, group=said["group"], upto=said["upto"])
    if (now.sha256, now.rows) != (said["sha256"], said["rows"]):
        first = said["group"] * sealing.GROUP + 1
        raise HistoryAltered(
            event.position,
            f"seals {said['rows']} tracking events of the consignments {first} to "
            f"{first + sealing.GROUP - 1} up to event {said['upto']}: "
            f"{_of_seal(now.rows, said['rows'])}",
        )
    for history in histories:
        for event_id in history.ids:
            sealed(event_id)


def _of_seal(now: int, then: int) -> str:
    return "one of them was changed" if now == then else f"there are {now} now"


def _rows_of(events: Sequence[AnyRow], on: Connection) -> dict[int, AnyRow]:
    ids = [e.payload["event_id"] for e in events if e.name == TrackingEventRecorded.name]
    return {row.id: row for row in _found(_ROWS.where(_T.c.id.in_(ids)), ids, on)}


def _firsts_of(events: Sequence[AnyRow], on: Connection) -> dict[str, AnyRow]:
    numbers = [e.payload["no"] for e in events if e.name == ConsignmentCreated.name]
    query = _ROWS.where(_C.c.no.in_(numbers), _T.c.seq == 1)
    return {row.no: row for row in _found(query, numbers, on)}


def _papers_of(events: Sequence[AnyRow], on: Connection) -> dict[str, AnyRow]:
    refs = [e.payload["ref"] for e in events if e.name == PhotoAttached.name]
    return {row.ref: row for row in _found(_PAPERS.where(_A.c.ref.in_(refs)), refs, on)}


def _found(query: Select[Any], asked: Sequence[Any], on: Connection) -> Sequence[AnyRow]:
    return on.execute(query.execution_options(**scope.CENTRE)).all() if asked else ()
