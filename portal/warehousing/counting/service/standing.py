"""How far a count is: its places and its own status follow from what was done."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, select, update

from portal.core import clock, events, scope
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.warehousing.counting import rules
from portal.warehousing.counting.events import CountChanged
from portal.warehousing.counting.models import CountLine, CountPlace, CountRound, StockCount
from portal.warehousing.ledger.service import doubting

_COUNT, _PLACE, _ROUND, _LINE = (
    model.__table__ for model in (StockCount, CountPlace, CountRound, CountLine)
)


def locked(count_id: int, on: Connection) -> Any:
    """Return a count's columns; nobody else changes it until the transaction ends."""
    found = on.execute(select(_COUNT).where(_COUNT.c.id == count_id).with_for_update()).first()
    if found is None:
        raise NotFound(_l("There is no such count."))
    return found


def place(place_id: int, on: Connection) -> Any:
    """Return a place's columns, its count being locked; raises NotFound."""
    wanted = select(_PLACE).where(_PLACE.c.id == place_id)
    found = on.execute(wanted).first()
    if found is None:
        raise NotFound(_l("There is no such place in a count."))
    locked(found.count_id, on)
    return on.execute(wanted).one()


def counters(count_id: int, on: Connection) -> Collection[int]:
    """Return the ids of all who counted any place of a count."""
    wanted = (
        select(_ROUND.c.person_id)
        .join_from(_ROUND, _PLACE, _PLACE.c.id == _ROUND.c.place_id)
        .where(_PLACE.c.count_id == count_id)
    )
    return set(on.execute(wanted).scalars())


def settle_place(row: Any, on: Connection) -> str:
    """Give a place the status that its lines make, once its round has ended; return it.

    One that is to be counted again gets its next round.
    """
    wanted = select(_LINE.c.status).where(_LINE.c.place_id == row.id)
    lines = on.execute(wanted.execution_options(**scope.CENTRE)).scalars().all()
    status = rules.place_status(lines)
    values: dict[str, Any] = {"status": status}
    if status == "recount":
        values["round"] = row.round + 1
    if status == "done":
        values["done_at"] = clock.now()
        doubting.settle([row.location_id], on=on)
    set_place(row.id, on, **values)
    return status


def set_place(place_id: int, on: Connection, **values: Any) -> None:
    """Change columns of a place."""
    on.execute(update(_PLACE).where(_PLACE.c.id == place_id).values(**values))


def settle(count_id: int, *, by_id: int | None, on: Connection) -> None:
    """Give a count the status that its places make. Records CountChanged if it is another."""
    row = locked(count_id, on)
    wanted = select(_PLACE.c.status).where(_PLACE.c.count_id == count_id)
    status = rules.count_status(on.execute(wanted).scalars().all())
    if status == row.status:
        return
    closed_at = clock.now() if status == "closed" else None
    on.execute(
        update(_COUNT).where(_COUNT.c.id == count_id).values(status=status, closed_at=closed_at)
    )
    tell(row, status, by_id=by_id, on=on)


def tell(row: Any, status: str, *, by_id: int | None, on: Connection) -> None:
    """Record CountChanged."""
    events.record(
        CountChanged(
            actor_id=by_id,
            company_id=None,
            ref=row.ref,
            warehouse_id=row.warehouse_id,
            status=status,
        ),
        on=on,
    )
