"""Planning counts: which places, chosen by zone, location, goods, or because they are due."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Select, insert, select, update

from portal.accounts.service.companies import new_ref
from portal.core import clock, scope
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.counting import rules
from portal.warehousing.counting.models import CountPlace, StockCount
from portal.warehousing.counting.service import standing
from portal.warehousing.ledger.models import Balance
from portal.warehousing.sites.models import Location

_COUNT, _PLACE, _LOCATION, _BALANCE = (
    model.__table__ for model in (StockCount, CountPlace, Location, Balance)
)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What shall be counted. ``about``: what was chosen, as people say it.

    ``zone_id`` for a zone, ``sku_id`` for goods, else ``locations`` (ids).
    """

    warehouse_id: int
    kind: str
    about: str
    zone_id: int | None = None
    sku_id: int | None = None
    locations: Sequence[int] = ()
    due_on: date | None = None


def plan(wanted: Plan, *, by_id: int | None, on: Connection) -> str:
    """Plan a count; return its reference. Places that another open count has are left out.

    Raises Refused where nothing is left to be counted, or too much at once. Records CountChanged.
    """
    places = _free(_places(wanted, on), wanted.warehouse_id, on)
    if not places:
        raise Refused(
            _l("Nothing is left to be counted there: it is empty, or in an open count already.")
        )
    if len(places) > rules.MOST_PLACES:
        raise Refused(
            _l(
                "That is %(many)s places. Plan at most %(most)s in one count.",
                many=len(places),
                most=rules.MOST_PLACES,
            )
        )
    row = {
        "ref": new_ref("CT"),
        "warehouse_id": wanted.warehouse_id,
        "kind": wanted.kind,
        "about": wanted.about[:200],
        "status": "planned",
        "due_on": wanted.due_on,
        "created_by_id": by_id,
        "created_at": clock.now(),
    }
    made = on.execute(insert(_COUNT).values(**row).returning(*_COUNT.c)).one()
    only = None if wanted.sku_id is None else [wanted.sku_id]
    on.execute(
        insert(_PLACE),
        [
            {"count_id": made.id, "location_id": each, "only_skus": only, "status": "open"}
            for each in places
        ],
    )
    standing.tell(made, "planned", by_id=by_id, on=on)
    return str(made.ref)


def cancel(count_id: int, *, by_id: int, on: Connection) -> None:
    """Give a count up; raises Refused once something was counted. Records CountChanged."""
    row = standing.locked(count_id, on)
    if row.status != "planned":
        raise Refused(
            _l("Something of it was counted already. Leave out the places you can do without.")
        )
    on.execute(
        update(_COUNT)
        .where(_COUNT.c.id == count_id)
        .values(status="cancelled", closed_at=clock.now())
    )
    on.execute(update(_PLACE).where(_PLACE.c.count_id == count_id).values(status="dropped"))
    standing.tell(row, "cancelled", by_id=by_id, on=on)


def drop(place_id: int, *, by_id: int, on: Connection) -> None:
    """Leave a place out that nobody counted yet; raises Refused for others."""
    row = standing.place(place_id, on)
    if row.status != "open":
        raise Refused(_l("This place was counted already, or is being counted."))
    standing.set_place(place_id, on, status="dropped")
    standing.settle(row.count_id, by_id=by_id, on=on)


def _places(wanted: Plan, on: Connection) -> list[int]:
    """Return the ids of the locations that were chosen, in walking order."""
    c = _LOCATION.c
    chosen: Select[Any] = select(c.id).where(c.warehouse_id == wanted.warehouse_id, c.active)
    if wanted.zone_id is not None:
        chosen = chosen.where(c.zone_id == wanted.zone_id, c.kind.in_(rules.COUNTED_KINDS))
    elif wanted.sku_id is not None:
        lies = select(_BALANCE.c.location_id).where(
            _BALANCE.c.sku_id == wanted.sku_id, _BALANCE.c.on_hand > 0
        )
        chosen = chosen.where(c.id.in_(lies), c.kind.in_(rules.COUNTED_KINDS))
    else:
        chosen = chosen.where(c.id.in_(list(wanted.locations)), c.kind.in_(rules.COUNTED_KINDS))
    chosen = chosen.order_by(c.walk, c.id).limit(rules.MOST_PLACES + 1)
    return list(on.execute(chosen.execution_options(**scope.CENTRE)).scalars())


def _free(places: Sequence[int], warehouse_id: int, on: Connection) -> list[int]:
    """Return those that no open count has."""
    taken = (
        select(_PLACE.c.location_id)
        .join_from(_PLACE, _COUNT, _COUNT.c.id == _PLACE.c.count_id)
        .where(_COUNT.c.warehouse_id == warehouse_id, _COUNT.c.status.in_(rules.OPEN))
        .where(_PLACE.c.status.not_in(("done", "dropped")))
    )
    busy = set(on.execute(taken).scalars())
    return [each for each in places if each not in busy]
