"""The slot of a notice at a dock: chosen, changed, given back; and the vehicle that comes."""

from typing import Any

from sqlalchemy import Connection, func, select

from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.inbound.rules import states
from portal.warehousing.inbound.service import held
from portal.warehousing.sites.models import Dock, Location
from portal.warehousing.sites.queries import bookings_of
from portal.warehousing.sites.service import docks

_DOCK, _LOCATION = Dock.__table__, Location.__table__


def schedule(
    ref: str, slot: str, *, by: int | None, on: Connection, company_id: int | None = None
) -> Any:
    """Book the slot (``Slot.value``) for a notice, instead of the one it has.

    Returns the booking. Raises Refused where the slot is taken, or the notice has arrived or is a
    draft: then it keeps what it has. Records DockBooked or DockMoved, NoticeMoved.
    """
    row = held.notice(ref, on, company_id=company_id)
    if row.status not in states.EXPECTED:
        raise Refused(_l("A slot can be chosen once a notice is announced, until it arrives."))
    old = _coming(row, on)
    if old is None:
        booking = docks.take(
            slot,
            row.ref,
            row.company_id,
            warehouse_id=row.warehouse_id,
            kind="in",
            by=by,
            on=on,
        )
    else:
        booking = docks.retake(old.id, "in", slot, row.company_id, by=by, on=on)
    values = {"expected_at": booking.starts_at, "dock_id": booking.dock_id}
    if row.status == "announced":
        held.move(row, "scheduled", by=by, on=on, **values)
    else:
        held.change(row, on, **values)
        held.tell_amended(row, "slot", by=by, on=on)
    return booking


def give_up(ref: str, *, by: int | None, on: Connection, company_id: int | None = None) -> None:
    """Give the slot of a notice back. Records DockCancelled, NoticeMoved."""
    row = held.notice(ref, on, company_id=company_id)
    if row.status != "scheduled":
        raise Refused(_l("This notice has no slot that could be given back."))
    docks.cancel_all(row.ref, row.company_id, by=by, on=on)
    held.move(row, "announced", by=by, on=on, dock_id=None)


def _coming(row: Any, on: Connection) -> Any:
    found = bookings_of([row.ref], row.company_id, on).get(row.ref, [])
    return found[-1] if found else None


def arrive(ref: str, *, by: int | None, on: Connection, dock_id: int | None = None) -> None:
    """Note that the vehicle of a notice is here, at a dock (None: that of its slot, or any).

    Its goods are put down at the dock's own location, else at the first one for receiving.
    Raises Refused where there is no such place. Records NoticeMoved.
    """
    row = held.notice(ref, on)
    dock_id = dock_id or row.dock_id
    held.move(
        row,
        "arrived",
        by=by,
        on=on,
        dock_id=dock_id,
        location_id=_put_down(row.warehouse_id, dock_id, on),
    )


def _put_down(warehouse_id: int, dock_id: int | None, on: Connection) -> int:
    """Return where goods are received: the nearest such location by the walk from the dock."""
    at = select(_LOCATION).where(_LOCATION.c.id == _DOCK.c.location_id, _DOCK.c.id == dock_id)
    dock = on.execute(at).first()
    lane = _LOCATION.c.kind == "receive", _LOCATION.c.active, _LOCATION.c.blocked.is_(None)
    near = func.abs(_LOCATION.c.walk - (dock.walk if dock else 0))
    wanted = select(_LOCATION.c.id).where(_LOCATION.c.warehouse_id == warehouse_id, *lane)
    found = on.scalar(wanted.order_by(near, _LOCATION.c.id).limit(1))
    if found is not None:
        return int(found)
    if dock is None:
        raise Refused(
            _l("This warehouse has no location for receiving. A manager adds one under places.")
        )
    return int(dock.id)
