"""Recording many events at once: each row answers for itself, one commit holds them all."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection

from portal.consignments.rules import numbers
from portal.consignments.service import tracking
from portal.consignments.service.tracking import NewEvent, Pushed
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
    the sender: one statement for all, and one more for each number that comes again.
    Commits nothing. Records TrackingEventRecorded for each accepted row.
    """
    asked = [(numbers.normalise(no), new) for no, new in rows]
    heads = dict(read([no for no, _ in asked]))
    waiting = Counter(no for no, _ in asked)
    outcomes = []
    for count, (no, new) in enumerate(asked, 1):
        outcomes.append(_push_one(heads.get(no), no, new, by, on))
        waiting[no] -= 1
        if waiting[no] and no in heads:
            heads.update(read([no]))  # as this row left it
        if count % BREATHE_EVERY == 0:
            clock.breathe()
    return outcomes


def _push_one(head: Any, no: str, new: NewEvent, by: int | None, on: Connection) -> Outcome:
    if head is None:
        return Outcome(no, error=NotFound(_l("There is no consignment with that number.")))
    return attempt(no, lambda: tracking.push(head, new, by=by, on=on), on)


def attempt(no: str, act: Callable[[], Pushed], on: Connection) -> Outcome:
    """Return what became of one row: an expected failure undoes that row alone."""
    try:
        with apart(on):
            return Outcome(no, act())
    except PortalError as error:
        return Outcome(no, error=error)
