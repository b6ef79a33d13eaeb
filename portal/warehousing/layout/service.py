"""What may be done with places only when it is known what lies in them."""

from collections.abc import Iterable

from sqlalchemy import Connection, delete, exists, insert, select, update

from portal.core import events, scope
from portal.core.db import AnyRow
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.layout.lying import loads_of
from portal.warehousing.ledger.models import Balance
from portal.warehousing.sites import queries as sites
from portal.warehousing.sites.events import WarehouseChanged
from portal.warehousing.sites.models import Dock, Location, WarehouseWorker
from portal.warehousing.sites.rules import Load, check_fits

_LOCATION, _BALANCE, _DOCK, _WORKER = (
    model.__table__ for model in (Location, Balance, Dock, WarehouseWorker)
)


def put_out_of_use(warehouse: AnyRow, location: AnyRow, *, by: int | None, on: Connection) -> None:
    """Put a location out of use; it can be put to use again.

    Raises Refused while something lies in it, and while a dock is there. Records
    WarehouseChanged.
    """
    d = _DOCK.c
    if on.scalar(select(d.id).where(d.location_id == location.id, d.active)) is not None:
        raise Refused(_l("A dock is here. Close the dock first."))
    lying = exists().where(_BALANCE.c.location_id == location.id, _BALANCE.c.on_hand > 0)
    closing = update(_LOCATION).where(_LOCATION.c.id == location.id, ~lying).values(active=False)
    if on.execute(closing.execution_options(**scope.CENTRE)).rowcount == 0:
        raise Refused(_l("Something lies in this location. Move it elsewhere first."))
    _say(warehouse, location, by, on)


def put_to_use(warehouse: AnyRow, location: AnyRow, *, by: int | None, on: Connection) -> None:
    """Put a location to use again. Records WarehouseChanged."""
    on.execute(update(_LOCATION).where(_LOCATION.c.id == location.id).values(active=True))
    _say(warehouse, location, by, on)


def _say(warehouse: AnyRow, location: AnyRow, by: int | None, on: Connection) -> None:
    what, fields = f"location:{location.code}", ["active"]
    _changed(warehouse, what, fields, by, on)


def _changed(
    warehouse: AnyRow, what: str, fields: list[str], by: int | None, on: Connection
) -> None:
    events.record(
        WarehouseChanged(
            actor_id=by, company_id=None, warehouse=warehouse.code, what=what, fields=fields
        ),
        on=on,
    )


def bind_workers(
    warehouse: AnyRow, people: Iterable[int], *, by: int | None, on: Connection
) -> None:
    """Let these people work in this warehouse; who is bound to none works in all.

    Records WarehouseChanged.
    """
    on.execute(delete(_WORKER).where(_WORKER.c.warehouse_id == warehouse.id))
    rows = [{"person_id": id_, "warehouse_id": warehouse.id} for id_ in sorted(set(people))]
    if rows:
        on.execute(insert(_WORKER), rows)
    _changed(warehouse, "people", [str(len(rows))], by, on)


def check_room(location_id: int, adding: Load, *, on: Connection) -> AnyRow:
    """Return a location, held until the transaction ends, into which ``adding`` fits.

    Whoever puts goods somewhere asks this first, on the connection by which he posts: of two who
    would fill the last room one is refused. Raises Refused (``sites.rules.fits``) or NotFound.
    """
    c = _LOCATION.c
    on.execute(select(c.id).where(c.id == location_id).with_for_update()).all()
    location = sites.locations_of([location_id], on).get(location_id)
    if location is None:
        raise NotFound(_l("There is no such location."))
    check_fits(location, loads_of([location_id], on)[location_id], adding)
    return location
