"""Recording many events at once: each row answers for itself, one commit holds them all."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from portal.consignments.rules import numbers
from portal.consignments.service import tracking
from portal.consignments.service.tracking import NewEvent, Posting, Pushed
from portal.core import clock
from portal.core.db import apart
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import lazy as _l

BREATHE_EVERY = 100  # rows; others of this process run in between
#: Reads and locks the heads of those numbers that the sender may see: number → head.
Heads = Callable[[Iterable[str]], Mapping[str, Any]]


@dataclass(frozen=True)
class Outcome:
    """What became of one row: ``pushed``, or the ``error`` for which nothing of it remains."""

    no: str
    pushed: Pushed | None = None
    error: PortalError | None = None

    @property
    def status(self) -> int:
        """Return the HTTP status of the row: 201, 200 for a duplicate, or the error's."""
        if self.error is not None:
            return self.error.status
        return 200 if self.pushed and self.pushed.duplicate else 201


def push_many(
    read: Heads, rows: Sequence[tuple[str, NewEvent]], *, by: int | None, on: Connection
) -> list[Outcome]:
    """Append events to consignments; outcomes come in the order of ``rows`` (number, event).

    One bad row does not stop the others. ``read`` is ``queries.heads.heads_for`` on behalf of
    the sender: once for all, and once more for each number that comes again.
    Commits nothing. Records TrackingEventRecorded for each accepted row.
    """
    asked = [(numbers.normalise(no), new) for no, new in rows]
    heads = dict(read([no for no, _ in asked]))
    waiting = Counter(no for no, _ in asked)
    batch = _Batch(by, on)
    for count, (no, new) in enumerate(asked, 1):
        batch.push(heads.get(no), no, new)
        waiting[no] -= 1
        if waiting[no] and no in heads:
            batch.write()
            heads.update(read([no]))  # as this row left it
        if count % BREATHE_EVERY == 0:
            clock.breathe()
    return batch.ended()


class _Batch:
    """Rows in order: those that change nothing but their consignment are written together."""

    def __init__(self, by: int | None, on: Connection) -> None:
        self._by = by
        self._on = on
        self._at = clock.now()
        self._outcomes: list[Outcome] = []
        self._planned: dict[int, Posting] = {}  # by place in the outcomes

    def push(self, head: Any, no: str, new: NewEvent) -> None:
        """Take in a row."""
        if head is None:
            missing = NotFound(_l("There is no consignment with that number."))
            self._outcomes.append(Outcome(no, error=missing))
        elif tracking.is_plain(head, new):
            self._outcomes.append(self._plan(head, no, new))
        else:
            self.write()  # so that events keep the order of the rows
            done = attempt(no, lambda: self._push(head, new), self._on)
            self._outcomes.append(done)

    def _push(self, head: Any, new: NewEvent) -> Pushed:
        return tracking.push(head, new, by=self._by, on=self._on)

    def _plan(self, head: Any, no: str, new: NewEvent) -> Outcome:
        """Plan a row, which writes nothing: there is nothing to undo if it is refused."""
        try:
            planned = tracking.plan(head, new, by=self._by, on=self._on, at=self._at)
        except PortalError as error:
            return Outcome(no, error=error)
        if isinstance(planned, Pushed):
            return Outcome(no, planned)
        self._planned[len(self._outcomes)] = planned
        return Outcome(no)

    def write(self) -> None:
        """Write what was planned."""
        pushed = tracking.write_all(list(self._planned.values()), self._on)
        for place, each in zip(self._planned, pushed, strict=True):
            self._outcomes[place] = Outcome(self._outcomes[place].no, each)
        self._planned.clear()

    def ended(self) -> list[Outcome]:
        """Write what is left; return what became of each row."""
        self.write()
        return self._outcomes


def attempt(no: str, act: Callable[[], Pushed], on: Connection) -> Outcome:
    """Return what became of one row: an expected failure undoes that row alone."""
    try:
        with apart(on):
            return Outcome(no, act())
    except PortalError as error:
        return Outcome(no, error=error)
