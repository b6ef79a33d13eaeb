"""Slots at docks: which are free, who gets one, and giving it back.

A slot is given once: the database has one row for a dock and an instant, and whoever comes second
is refused. The dock's row is held meanwhile, so that slots of different lengths (after the
warehouse has changed theirs) cannot overlap either.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.core import clock, events, scope, working
from portal.core.db import AnyRow, is_sqlite
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.sites.events import DockBooked, DockCancelled, DockMoved
from portal.warehousing.sites.models import Dock, DockBooking, Warehouse
from portal.warehousing.sites.service.slots import (
    FIELD,
    MOST_AHEAD,
    Slot,
    free_slots,
    read,
    slots_of,
    slots_on,
)

_DOCK, _BOOKING, _WAREHOUSE = Dock.__table__, DockBooking.__table__, Warehouse.__table__
__all__ = [
    "FIELD",
    "MOST_AHEAD",
    "Slot",
    "book",
    "cancel",
    "cancel_all",
    "free_slots",
    "keeper_of",
    "move",
    "provide",
    "read",
    "retake",
    "slots_on",
    "take",
]


@dataclass(frozen=True)
class Keeper:
    """Who looks after the slots of a kind of documents, whose status hangs on them.

    ``move(ref, slot value, by=, on=)`` and ``cancel(ref, by=, on=)`` do what the calendar asks.
    """

    move: Callable[..., Any]
    cancel: Callable[..., Any]


_keepers: dict[str, Keeper] = {}


def provide(prefix: str, *, move: Callable[..., Any], cancel: Callable[..., Any]) -> None:
    """Let the documents whose references begin with ``prefix`` keep their slots themselves."""
    _keepers[prefix] = Keeper(move, cancel)


def keeper_of(about: str) -> Keeper | None:
    """Return who looks after the slots of a document; None: nobody but this module."""
    return next((k for prefix, k in _keepers.items() if about.startswith(prefix)), None)


def book(
    dock_id: int,
    starts_at: datetime,
    about: str,
    company_id: int,
    *,
    by: int | None,
    on: Connection,
) -> AnyRow:
    """Give the slot that begins at ``starts_at`` to the document ``about`` of a company.

    Returns the booking's columns. Raises Refused where it is taken or over, where the dock is
    closed or has no slot at that instant, where it is further ahead than MOST_AHEAD. Records
    DockBooked.
    """
    dock, slot = _held(dock_id, starts_at, on)
    row = _insert(slot, about, company_id, by, on)
    events.record(
        DockBooked(
            actor_id=by,
            company_id=company_id,
            document=about,
            warehouse_id=dock.warehouse_id,
            dock=slot.dock,
            starts_at=slot.starts_at.isoformat(),
        ),
        on=on,
    )
    return row


def take(
    value: str,
    about: str,
    company_id: int,
    *,
    warehouse_id: int,
    kind: str,
    by: int | None,
    on: Connection,
) -> AnyRow:
    """Book what the form field ``slot`` says (``Slot.value``), as ``book`` does.

    Where the named dock was taken meanwhile, another one that is free at the same time is given.
    Raises Invalid for what is no slot of this warehouse; Refused where no dock is free then.
    """
    wanted = read(warehouse_id, kind, value, on)
    _hold_all(warehouse_id, on)
    day = wanted.starts_at.astimezone(clock.zone()).date()
    free = [s for s in free_slots(warehouse_id, kind, day, on) if s.starts_at == wanted.starts_at]
    best = next((s for s in free if s.dock_id == wanted.dock_id), free[0] if free else wanted)
    return book(best.dock_id, best.starts_at, about, company_id, by=by, on=on)


def _held(dock_id: int, starts_at: datetime, on: Connection) -> tuple[AnyRow, Slot]:
    """Return a dock, held until the transaction ends, and its slot at an instant.

    Raises Refused where there is no such slot, or it is over, or too far ahead.
    """
    d = _DOCK.c
    wanted = select(_DOCK, _WAREHOUSE.c.slot_minutes)
    wanted = wanted.join_from(_DOCK, _WAREHOUSE, _WAREHOUSE.c.id == d.warehouse_id)
    dock = on.execute(wanted.where(d.id == dock_id, d.active).with_for_update(of=_DOCK)).first()
    if dock is None:
        raise Refused(_l("This dock is closed. Choose another slot."))
    day = starts_at.astimezone(clock.zone()).date()
    slot = next(
        (s for s in slots_of([dock], day, working.hours(on)) if s.starts_at == starts_at), None
    )
    if slot is None:
        raise Refused(_l("The dock has no slot at that time. Choose one from the calendar."))
    if slot.ends_at <= clock.now():
        raise Refused(_l("This slot is over. Choose a later one."))
    if slot.starts_at > clock.now() + MOST_AHEAD:
        raise Refused(_l("Slots can be booked 60 days ahead. Choose an earlier one."))
    return dock, slot


def _insert(
    slot: Slot, about: str, company_id: int, by: int | None, on: Connection, *, moving: int = 0
) -> AnyRow:
    """Take the slot, unless another booking than ``moving`` overlaps it."""
    b = _BOOKING.c
    overlapping = select(b.id).where(b.dock_id == slot.dock_id, b.id != moving)
    overlapping = overlapping.where(b.starts_at < slot.ends_at, b.ends_at > slot.starts_at)
    if on.execute(overlapping.execution_options(**scope.CENTRE)).first() is not None:
        raise _taken()
    new = sqlite_insert if is_sqlite(on) else postgresql_insert
    adding = new(_BOOKING).values(
        company_id=company_id,
        dock_id=slot.dock_id,
        starts_at=slot.starts_at,
        ends_at=slot.ends_at,
        about=about,
        booked_by_id=by,
        created_at=clock.now(),
    )
    row = on.execute(adding.on_conflict_do_nothing().returning(*_BOOKING.c)).first()
    if row is None:
        raise _taken()
    return row


def _taken() -> Refused:
    return Refused(_l("This slot has just been taken. Choose another one."))


def move(
    booking_id: int,
    dock_id: int,
    starts_at: datetime,
    company_id: int,
    *,
    by: int | None,
    on: Connection,
) -> AnyRow:
    """Give the booking another slot; return its columns, under a new id.

    Raises NotFound for another company's booking, Refused as ``book``: then it keeps its slot.
    Records DockMoved.
    """
    old = _booking(booking_id, company_id, on)
    dock, slot = _held(dock_id, starts_at, on)
    if dock.warehouse_id != old.warehouse_id:
        raise Refused(_l("This dock is at another warehouse. Cancel the slot and book there."))
    if (old.dock_id, old.starts_at) == (slot.dock_id, slot.starts_at):
        return old
    row = _insert(slot, old.about, company_id, by, on, moving=old.id)
    _delete(old, company_id, on)
    events.record(
        DockMoved(
            actor_id=by,
            company_id=company_id,
            document=old.about,
            warehouse_id=dock.warehouse_id,
            dock=slot.dock,
            starts_at=slot.starts_at.isoformat(),
            was_dock=old.dock,
            was_at=old.starts_at.isoformat(),
        ),
        on=on,
    )
    return row


def _hold_all(warehouse_id: int, on: Connection) -> None:
    """Hold the docks of a warehouse, in one order for all, until the transaction ends."""
    d = _DOCK.c
    held = select(d.id).where(d.warehouse_id == warehouse_id).order_by(d.id)
    on.execute(held.with_for_update()).all()


def retake(
    booking_id: int, kind: str, value: str, company_id: int, *, by: int | None, on: Connection
) -> AnyRow:
    """Give the booking the slot that the form field ``slot`` says, as ``move`` does.

    Raises Invalid for what is no slot for ``kind`` (in or out) of its warehouse.
    """
    old = _booking(booking_id, company_id, on)
    slot = read(old.warehouse_id, kind, value, on)
    return move(old.id, slot.dock_id, slot.starts_at, company_id, by=by, on=on)


def cancel(booking_id: int, company_id: int, *, by: int | None, on: Connection) -> None:
    """Give a slot back; raises NotFound for another company's. Records DockCancelled."""
    old = _booking(booking_id, company_id, on)
    _delete(old, company_id, on)
    events.record(
        DockCancelled(
            actor_id=by,
            company_id=company_id,
            document=old.about,
            warehouse_id=old.warehouse_id,
            dock=old.dock,
            starts_at=old.starts_at.isoformat(),
        ),
        on=on,
    )


def cancel_all(about: str, company_id: int, *, by: int | None, on: Connection) -> int:
    """Give back every slot of a document that is not over; return how many."""
    b = _BOOKING.c
    coming = select(b.id).where(b.company_id == company_id, b.about == about)
    coming = coming.where(b.ends_at > clock.now()).execution_options(**scope.of(company_id))
    ids = on.execute(coming).scalars().all()
    for each in ids:
        cancel(each, company_id, by=by, on=on)
    return len(ids)


def _booking(id_: int, company_id: int, on: Connection) -> AnyRow:
    """Return a booking with its dock, held until the transaction ends."""
    b = _BOOKING.c
    dock = (_DOCK.c.code.label("dock"), _DOCK.c.warehouse_id)
    wanted = select(_BOOKING, *dock).join_from(_BOOKING, _DOCK, _DOCK.c.id == b.dock_id)
    wanted = wanted.where(b.id == id_, b.company_id == company_id).with_for_update(of=_BOOKING)
    found = on.execute(wanted.execution_options(**scope.of(company_id))).first()
    if found is None:
        raise NotFound(_l("There is no such booking."))
    return found


def _delete(booking: AnyRow, company_id: int, on: Connection) -> None:
    gone = delete(_BOOKING).where(_BOOKING.c.id == booking.id)
    on.execute(gone.execution_options(**scope.of(company_id)))
