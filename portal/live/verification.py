"""Walking the log from one end to the other, to find the first place where it was altered.

Memory does not grow with the log: events are read in batches, and of each tracking event that
the log tells one bit is kept.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from portal.consignments.events import ConsignmentCreated, TrackingEventRecorded
from portal.consignments.models import Consignment, TrackingEvent
from portal.core import chain, clock, scope
from portal.core.db import AnyRow, db, transaction
from portal.core.events import EventRecord
from portal.live import log
from portal.live.agreement import HistoryAltered, agree
from portal.live.log import Head
from portal.live.models import LogCheck, LogHead

BATCH = 1000
_E = EventRecord.__table__
_T = TrackingEvent.__table__
_C = Consignment.__table__
_NEXT = (
    select(_E)
    .where(_E.c.position > bindparam("after"), _E.c.position <= bindparam("upto"))
    .order_by(_E.c.position)
    .limit(BATCH)
)
_HASH = select(_E.c.hash).where(_E.c.position == bindparam("position"))
_BEYOND = select(func.min(_E.c.position)).where(
    _E.c.position > select(LogHead.position).scalar_subquery()
)
_ROWS = (
    select(_T.c.id)
    .where(_T.c.id > bindparam("after"), _T.c.id <= bindparam("upto"))
    .order_by(_T.c.id)
    .limit(10 * BATCH)
    .execution_options(**scope.CENTRE)
)
_LAST_ROW = select(func.max(_T.c.id)).execution_options(**scope.CENTRE)

Progress = Callable[[int], None]


@dataclass(frozen=True)
class Outcome:
    """What a walk came to."""

    head: Head
    events: int  # looked at
    tracking_id: int  # of the last tracking event looked at
    broken: HistoryAltered | None


class Bits:
    """A set of whole numbers from 0, one bit each."""

    def __init__(self) -> None:
        self._bytes = bytearray()

    def add(self, number: int) -> bool:
        """Add ``number``; return whether it is new."""
        at, bit = number >> 3, 1 << (number & 7)
        if at >= len(self._bytes):
            self._bytes.extend(bytes(at + 1024 - len(self._bytes)))
        new = not self._bytes[at] & bit
        self._bytes[at] |= bit
        return new

    def __contains__(self, number: int) -> bool:
        at = number >> 3
        return at < len(self._bytes) and bool(self._bytes[at] & 1 << (number & 7))


def verify(
    start: int = 1,
    *,
    expect: tuple[int, str] | None = None,
    rows_after: int = 0,
    progress: Progress | None = None,
) -> Outcome:
    """Check the log from position ``start`` on, and the tracking events behind ``rows_after``.

    ``expect`` is a position and the hash that was noted of it. What is chained while we walk is
    left for the next time.
    """
    head = log.head()
    tracking_id = db.session.scalar(_LAST_ROW) or 0
    db.session.commit()
    walk = _Walk(head, start, progress or (lambda _: None))
    try:
        walk.events()
        _is_the_end(head, walk)
        _is_as_noted(expect)
        walk.rows(rows_after, tracking_id)
    except HistoryAltered as broken:
        return Outcome(head, walk.done, tracking_id, broken)
    return Outcome(head, walk.done, tracking_id, None)


class _Walk:
    def __init__(self, head: Head, start: int, progress: Progress) -> None:
        self.head, self.position, self.progress = head, start - 1, progress
        self.hash, self.done = _hash_at(start - 1), 0
        self.told, self.sealed = Bits(), Bits()

    def events(self) -> None:
        """Walk the log up to its head."""
        for batch in self._batches():
            sound, broken = self._chain(batch)
            with db.engine.connect() as on:
                agree(batch[:sound], told=self.told.add, sealed=self.sealed.add, on=on)
            self.done += sound
            if broken is not None:
                raise broken
            self.progress(self.done)

    def _batches(self) -> Iterator[Sequence[AnyRow]]:
        upto = self.head.position
        while True:
            with db.engine.connect() as on:
                batch = on.execute(_NEXT, {"after": self.position, "upto": upto}).all()
            if not batch:
                return
            yield batch

    def _chain(self, batch: Sequence[AnyRow]) -> tuple[int, HistoryAltered | None]:
        """Return how many links of ``batch`` are sound, and what is wrong with the next."""
        for sound, event in enumerate(batch):
            expected = self.position + 1
            if event.position != expected:
                return sound, _gap(expected, event.position - 1)
            digest = chain.digest_of(chain.record_of(event, expected))
            after = chain.link(self.hash, digest)
            if event.digest != digest:
                return sound, HistoryAltered(
                    expected, "is not what was chained: its content was changed"
                )
            if event.hash != after:
                return sound, HistoryAltered(expected, "does not follow from what stands before it")
            self.position, self.hash = expected, after
        return len(batch), None

    def rows(self, after: int, upto: int) -> None:
        """Find tracking events that the log does not tell."""
        while True:
            with db.engine.connect() as on:
                ids = on.scalars(_ROWS, {"after": after, "upto": upto}).all()
                if not ids:
                    return
                _are_told([id_ for id_ in ids if not self._knows(id_)], on)
            after = ids[-1]

    def _knows(self, tracking_id: int) -> bool:
        return tracking_id in self.told or tracking_id in self.sealed


def _gap(first: int, last: int) -> HistoryAltered:
    if first == last:
        return HistoryAltered(first, "is missing: the log has no event there")
    return HistoryAltered(first, f"is missing, and all up to {last}: the log has no events there")


def _hash_at(position: int) -> str:
    if position == 0:
        return chain.GENESIS
    return db.session.scalar(_HASH, {"position": position}) or ""


def _is_the_end(head: Head, walk: _Walk) -> None:
    if walk.position != head.position:
        raise _gap(walk.position + 1, head.position)
    if head.position and head.hash != walk.hash:
        raise HistoryAltered(
            head.position, "is the last, but the head of the log names another hash"
        )
    with db.engine.connect() as on:
        beyond = on.scalar(_BEYOND)
    if beyond is not None:
        raise HistoryAltered(beyond, "lies beyond the head of the log")


def _is_as_noted(expect: tuple[int, str] | None) -> None:
    if expect is None:
        return
    position, noted = expect
    held = db.session.scalar(_HASH, {"position": position})
    db.session.commit()
    if held is None:
        raise HistoryAltered(position, "was noted earlier, but the log has no event there")
    if held != noted:
        raise HistoryAltered(
            position, "has another hash than was noted: it, or one before it, was changed"
        )


def _are_told(ids: Sequence[int], on: Connection) -> None:
    """Ask the log itself for tracking events that the walk has not met, such as the newest."""
    for first in range(0, len(ids), BATCH):
        _are_told_at_once(ids[first : first + BATCH], on)


def _are_told_at_once(ids: Sequence[int], on: Connection) -> None:
    found = select(_T.c.id, _T.c.seq, _C.c.no).join(_C, _C.c.id == _T.c.consignment_id)
    query = found.where(_T.c.id.in_(ids)).order_by(_T.c.id).execution_options(**scope.CENTRE)
    rows = on.execute(query).all()
    logged = select(_E.c.name, _E.c.payload).where(
        _E.c.about.in_({f"consignment:{row.no}" for row in rows}),
        _E.c.name.in_((ConsignmentCreated.name, TrackingEventRecorded.name)),
    )
    told = {
        e.payload["no"] if e.name == ConsignmentCreated.name else e.payload["event_id"]
        for e in on.execute(logged)
    }
    for row in rows:
        if row.id not in told and not (row.seq == 1 and row.no in told):
            raise HistoryAltered(
                None, f"Tracking event {row.id} of {row.no} is there, but the log does not tell it"
            )


def check_what_is_new(progress: Progress | None = None) -> Outcome:
    """Check what was chained since the last time, and keep how far and what was found."""
    last = db.session.execute(select(LogCheck.__table__)).first()
    db.session.commit()
    if last is None or not last.position:
        outcome = verify(progress=progress)
    else:
        noted = (last.position, last.hash)
        outcome = verify(
            last.position + 1, expect=noted, rows_after=last.tracking_id, progress=progress
        )
    with transaction():
        _keep(last, outcome)
    return outcome


def _keep(last: AnyRow | None, outcome: Outcome) -> None:
    values: dict[str, Any] = {"checked_at": clock.now(), "finding": None}
    if outcome.broken is None:
        head = outcome.head
        values |= {
            "position": head.position,
            "hash": head.hash or "",
            "tracking_id": outcome.tracking_id,
        }
    else:
        values["finding"] = sentence(outcome.broken)
    if last is not None:
        db.session.execute(update(LogCheck.__table__).values(**values))
        return
    first = {"id": 1, "position": 0, "hash": "", "tracking_id": 0}
    db.session.execute(insert(LogCheck.__table__).values({**first, **values}))


def sentence(broken: HistoryAltered) -> str:
    """Return what was found as a sentence."""
    if broken.position is None:
        return f"{broken.what}."
    return f"Position {broken.position} {broken.what}."
