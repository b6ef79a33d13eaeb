"""The slots of a day at the docks of a warehouse, and which of them are free."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from sqlalchemy import Connection, select

from portal.core import clock, scope, working
from portal.core.db import AnyRow
from portal.core.errors import FieldError, Invalid
from portal.core.i18n import lazy as _l
from portal.warehousing.sites.models import Dock, DockBooking, Warehouse

FIELD = "slot"  # name of the field in forms
SEPARATOR = "|"
MOST_AHEAD = timedelta(days=60)  # nobody books further ahead
_DOCK, _BOOKING, _WAREHOUSE = Dock.__table__, DockBooking.__table__, Warehouse.__table__


@dataclass(frozen=True, order=True)
class Slot:
    """A span of time at a dock; sorted by time, then by dock."""

    starts_at: datetime
    dock: str
    ends_at: datetime
    dock_id: int

    @property
    def value(self) -> str:
        """What the form field ``slot`` carries: ``<dock code>|<ISO start>``, in UTC."""
        return f"{self.dock}{SEPARATOR}{self.starts_at.astimezone(UTC).isoformat()}"


def slots_on(warehouse_id: int, kind: str, day: date, on: Connection) -> list[Slot]:
    """Return every slot of a day of the centre's zone, taken or not, at docks for ``kind``.

    ``kind``: in or out. Days on which the centre is closed have none.
    """
    return sorted(slots_of(_docks(warehouse_id, kind, on), day, working.hours(on)))


def free_slots(warehouse_id: int, kind: str, day: date, on: Connection) -> list[Slot]:
    """Return the slots of a day that can still be booked, in the order of time and dock.

    ``kind``: in or out. None of the past, none further ahead than MOST_AHEAD.
    """
    return free_in(warehouse_id, kind, [day], on)[day]


def free_in(
    warehouse_id: int, kind: str, days: Sequence[date], on: Connection
) -> dict[date, list[Slot]]:
    """Return day → its slots that can still be booked, as ``free_slots``, by three statements."""
    present, docks, hours = clock.now(), _docks(warehouse_id, kind, on), working.hours(on)
    until = present + MOST_AHEAD
    found = {
        day: [s for s in slots_of(docks, day, hours) if present < s.starts_at <= until]
        for day in days
    }
    every = [slot for slots in found.values() for slot in slots]
    taken = _taken_meanwhile(every, on) if every else {}
    return {
        day: sorted(
            s for s in slots if not any(_overlap(s, row) for row in taken.get(s.dock_id, ()))
        )
        for day, slots in found.items()
    }


def _taken_meanwhile(slots: Sequence[Slot], on: Connection) -> dict[int, list[AnyRow]]:
    """Return dock → what is booked there while these slots last."""
    b = _BOOKING.c
    wanted = select(b.dock_id, b.starts_at, b.ends_at)
    wanted = wanted.where(b.dock_id.in_({slot.dock_id for slot in slots}))
    wanted = wanted.where(b.starts_at < max(s.ends_at for s in slots))
    wanted = wanted.where(b.ends_at > min(s.starts_at for s in slots))
    found: dict[int, list[AnyRow]] = {}
    for row in on.execute(wanted.execution_options(**scope.CENTRE)):
        found.setdefault(row.dock_id, []).append(row)
    return found


def _docks(warehouse_id: int, kind: str, on: Connection) -> Sequence[AnyRow]:
    d = _DOCK.c
    wanted = select(d.id, d.code, _WAREHOUSE.c.slot_minutes)
    wanted = wanted.join_from(_DOCK, _WAREHOUSE, _WAREHOUSE.c.id == d.warehouse_id)
    wanted = wanted.where(d.warehouse_id == warehouse_id, d.active, d.kind.in_((kind, "both")))
    return on.execute(wanted).all()


def slots_of(docks: Iterable[Any], day: date, hours: working.Hours) -> Iterator[Slot]:
    """Yield the slots of a day at each dock (``id``, ``code``, ``slot_minutes``)."""
    spans = hours.spans(day)
    for dock in docks:
        step = timedelta(minutes=dock.slot_minutes)
        for begin, end in spans:
            while begin + step <= end:
                yield Slot(begin, dock.code, begin + step, dock.id)
                begin += step


def _overlap(slot: Slot, booked: Any) -> bool:
    return bool(booked.starts_at < slot.ends_at and booked.ends_at > slot.starts_at)


def read(warehouse_id: int, kind: str, value: str, on: Connection) -> Slot:
    """Return the slot that ``value`` names; raises Invalid for what is no slot here."""
    code, _, said = value.partition(SEPARATOR)
    try:
        starts_at = datetime.fromisoformat(said)
    except ValueError:
        raise _no_slot() from None
    if starts_at.tzinfo is None or not 2000 <= starts_at.year <= 9000:
        raise _no_slot()
    day = starts_at.astimezone(clock.zone()).date()
    slots = slots_on(warehouse_id, kind, day, on)
    found = next((s for s in slots if s.dock == code and s.starts_at == starts_at), None)
    if found is None:
        raise _no_slot()
    return found


def _no_slot() -> Invalid:
    message = _l("This is no slot of this warehouse. Choose one from the calendar.")
    return Invalid(message, [FieldError(FIELD, message)])
