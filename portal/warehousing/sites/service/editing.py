"""Making and changing warehouses, zones, docks and single locations.

``values`` are columns; codes are given in the form in which they are kept. Everything records
WarehouseChanged.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, Table, delete, func, insert, select, update

from portal.core import clock, events
from portal.core.db import AnyRow
from portal.core.errors import FieldError, Invalid, NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.sites.events import LocationBlocked, WarehouseChanged
from portal.warehousing.sites.models import Dock, Location, Warehouse, Zone
from portal.warehousing.sites.rules import barcode

_WAREHOUSE, _ZONE, _LOCATION, _DOCK = (
    model.__table__ for model in (Warehouse, Zone, Location, Dock)
)
Values = Mapping[str, Any]


def make_warehouse(values: Values, *, by: int | None, on: Connection) -> AnyRow:
    """Make a warehouse; raises Invalid where its code is taken."""
    _refuse_taken(_WAREHOUSE, (_WAREHOUSE.c.code == values["code"],), on)
    made = insert(_WAREHOUSE).values(**values, created_at=clock.now())
    row = on.execute(made.returning(*_WAREHOUSE.c)).one()
    _say(row, "warehouse", values, by, on)
    return row


def change_warehouse(warehouse: AnyRow, values: Values, *, by: int | None, on: Connection) -> None:
    """Change a warehouse; its code stays, since the barcodes of its locations hold it."""
    changed = _changed(warehouse, values, but=("code",))
    if changed:
        on.execute(update(_WAREHOUSE).where(_WAREHOUSE.c.id == warehouse.id).values(**changed))
        _say(warehouse, "warehouse", changed, by, on)


def _refuse_taken(table: Table, where: tuple[Any, ...], on: Connection) -> None:
    if on.execute(select(table.c.id).where(*where)).first() is not None:
        message = _l("This code is taken.")
        raise Invalid(message, [FieldError("code", message)])


def _changed(row: AnyRow, values: Values, *, but: tuple[str, ...] = ()) -> dict[str, Any]:
    old = row._mapping
    return {name: new for name, new in values.items() if name not in but and old[name] != new}


def _say(
    warehouse: AnyRow, what: str, fields: Values, by: int | None, on: Connection, count: int = 1
) -> None:
    events.record(
        WarehouseChanged(
            actor_id=by,
            company_id=None,
            warehouse=warehouse.code,
            what=what,
            fields=sorted(fields),
            count=count,
        ),
        on=on,
    )


def save_zone(
    warehouse: AnyRow, zone: AnyRow | None, values: Values, *, by: int | None, on: Connection
) -> int:
    """Make a zone (``zone`` is None) or change one; return its id.

    Raises Invalid where the code is taken.
    """
    z = _ZONE.c
    if zone is None or zone.code != values["code"]:
        _refuse_taken(_ZONE, (z.warehouse_id == warehouse.id, z.code == values["code"]), on)
    if zone is None:
        made = insert(_ZONE).values(**values, warehouse_id=warehouse.id).returning(z.id)
        id_, fields = int(on.execute(made).scalar_one()), dict(values)
    else:
        id_, fields = zone.id, _changed(zone, values)
        if fields:
            on.execute(update(_ZONE).where(z.id == zone.id).values(**fields))
    if fields:
        _say(warehouse, f"zone:{values['code']}", fields, by, on)
    return id_


def remove_zone(warehouse: AnyRow, zone: AnyRow, *, by: int | None, on: Connection) -> None:
    """Remove a zone; raises Refused while it has locations, in use or not."""
    if on.scalar(select(_LOCATION.c.id).where(_LOCATION.c.zone_id == zone.id).limit(1)):
        raise Refused(_l("This zone has locations. Move them to another zone first."))
    on.execute(delete(_ZONE).where(_ZONE.c.id == zone.id))
    _say(warehouse, f"zone:{zone.code}", {"removed": True}, by, on)


def save_dock(
    warehouse: AnyRow, dock: AnyRow | None, values: Values, *, by: int | None, on: Connection
) -> None:
    """Make a dock (``dock`` is None) or change one; raises Invalid where the code is taken.

    ``values["location_id"]`` is the location at which goods stand there.
    """
    d = _DOCK.c
    if dock is None or dock.code != values["code"]:
        _refuse_taken(_DOCK, (d.warehouse_id == warehouse.id, d.code == values["code"]), on)
    if dock is None:
        on.execute(insert(_DOCK).values(**values, warehouse_id=warehouse.id))
        fields = dict(values)
    else:
        fields = _changed(dock, values)
        if fields:
            on.execute(update(_DOCK).where(d.id == dock.id).values(**fields))
    if fields:
        _say(warehouse, f"dock:{values['code']}", fields, by, on)


def make_location(warehouse: AnyRow, values: Values, *, by: int | None, on: Connection) -> AnyRow:
    """Make one location, at the end of the walk unless ``walk`` says where.

    Raises Invalid where its code is taken.
    """
    c = _LOCATION.c
    code = values["code"]
    _refuse_taken(_LOCATION, (c.warehouse_id == warehouse.id, c.code == code), on)
    row = dict(values, warehouse_id=warehouse.id, barcode=barcode(warehouse.code, code))
    if row.get("walk") is None:
        row["walk"] = next_walk(warehouse.id, on)
    made = on.execute(insert(_LOCATION).values(**row).returning(*c)).one()
    _say(warehouse, f"location:{code}", values, by, on)
    return made


def next_walk(warehouse_id: int, on: Connection) -> int:
    """Return the place behind the last location of the walk."""
    last = select(func.max(_LOCATION.c.walk)).where(_LOCATION.c.warehouse_id == warehouse_id)
    return (on.scalar(last) or 0) + 1


def change_location(
    warehouse: AnyRow, location: AnyRow, values: Values, *, by: int | None, on: Connection
) -> None:
    """Change a location; its code and barcode stay: they hang on the rack.

    Whether it may be put out of use is for ``layout.service`` to say.
    """
    changed = _changed(location, values, but=("code", "barcode", "active"))
    if changed:
        on.execute(update(_LOCATION).where(_LOCATION.c.id == location.id).values(**changed))
        _say(warehouse, f"location:{location.code}", changed, by, on)


def block(location: AnyRow, reason: str, *, by: int | None, on: Connection) -> None:
    """Let nothing be put into a location, or taken from it, for a reason that is shown.

    Records LocationBlocked.
    """
    _set_blocked(location, reason, by, on)


def unblock(location: AnyRow, *, by: int | None, on: Connection) -> None:
    """Open a location again. Records LocationBlocked without a reason."""
    _set_blocked(location, None, by, on)


def _set_blocked(location: AnyRow, reason: str | None, by: int | None, on: Connection) -> None:
    changing = update(_LOCATION).where(_LOCATION.c.id == location.id)
    if on.execute(changing.values(blocked=reason)).rowcount == 0:
        raise NotFound(_l("There is no such location."))
    events.record(
        LocationBlocked(
            actor_id=by,
            company_id=None,
            warehouse_id=location.warehouse_id,
            location=location.code,
            reason=reason,
        ),
        on=on,
    )
