"""Reads of locations for the desk: lists, one of them, the bays of the floor plan."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, case, distinct, exists, func, or_, select, tuple_

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.core import pagination, scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import Page
from portal.warehousing.layout.lying import filled
from portal.warehousing.ledger.models import Balance
from portal.warehousing.sites import queries as sites
from portal.warehousing.sites.models import Location, WarehouseWorker, Zone
from portal.warehousing.sites.rules import as_code

_LOCATION, _ZONE, _BALANCE, _WORKER, _PERSON = (
    model.__table__ for model in (Location, Zone, Balance, WarehouseWorker, Person)
)
_C = _LOCATION.c
#: States that a list may be narrowed to.
STATES = ("free", "used", "blocked", "inactive")


@dataclass(frozen=True, kw_only=True)
class Filter:
    """What a list of locations is narrowed to; empty: not. ``bay``: x and y on the plan."""

    zone: str = ""
    kind: str = ""
    state: str = ""
    text: str = ""
    bay: tuple[int, int] | None = None


def _wanted(warehouse_id: int, asked: Filter) -> Select[Any]:
    query = sites.locations().where(_C.warehouse_id == warehouse_id)
    if asked.zone:
        query = query.where(_ZONE.c.code == asked.zone)
    if asked.kind:
        query = query.where(_C.kind == asked.kind)
    if asked.text:
        query = query.where(_begins_with(asked.text))
    if asked.bay is not None:
        query = query.where(_C.x_dm == asked.bay[0], _C.y_dm == asked.bay[1])
    return query if not asked.state else query.where(_in_state(asked.state))


def _begins_with(text: str) -> Any:
    code = as_code(text)
    return or_(_C.code.startswith(code, autoescape=True), _C.barcode == code)


def _in_state(state: str) -> Any:
    if state == "blocked":
        return and_(_C.active, _C.blocked.is_not(None))
    if state == "inactive":
        return ~_C.active
    lying = exists().where(_BALANCE.c.location_id == _C.id, _BALANCE.c.on_hand > 0)
    return and_(_C.active, lying if state == "used" else ~lying)


def locations_for(
    user: User, warehouse: AnyRow, asked: Filter, *, after: str | None, limit: int
) -> Page[AnyRow]:
    """Return a page of locations in walking order; raises NotFound for a stranger's warehouse."""
    sites.warehouse_for(user, warehouse.code)
    query = _wanted(warehouse.id, asked)
    place = pagination.decode(after, int, int)
    if place is not None:
        query = query.where(tuple_(_C.walk, _C.id) > tuple_(*place))
    query = query.order_by(_C.walk, _C.id).limit(limit + 1)
    rows = db.session.execute(query.execution_options(**scope.CENTRE)).all()
    return pagination.cut(rows, limit, lambda row: [row.walk, row.id])


def all_locations_for(
    user: User, warehouse: AnyRow, asked: Filter, *, most: int
) -> Sequence[AnyRow]:
    """Return the locations that are asked for in walking order, at most ``most``."""
    sites.warehouse_for(user, warehouse.code)
    query = _wanted(warehouse.id, asked).order_by(_C.walk, _C.id).limit(most)
    return db.session.execute(query.execution_options(**scope.CENTRE)).all()


def count_for(user: User, warehouse: AnyRow, asked: Filter) -> int:
    """Return how many locations are asked for."""
    sites.warehouse_for(user, warehouse.code)
    query = select(func.count()).select_from(_wanted(warehouse.id, asked).subquery())
    return int(db.session.scalar(query.execution_options(**scope.CENTRE)) or 0)


def location_for(user: User, warehouse: AnyRow, code: str) -> AnyRow:
    """Return a location by its code; raises NotFound where there is none."""
    sites.warehouse_for(user, warehouse.code)
    query = sites.locations().where(_C.warehouse_id == warehouse.id, _C.code == code)
    found = db.session.execute(query).first()
    if found is None:
        raise NotFound(_l("There is no location with that code."))
    return found


def totals_for(user: User) -> dict[int, AnyRow]:
    """Return warehouse → its active locations and how many of them are used."""
    ids = [row.id for row in sites.warehouses_for(user)]
    query = filled(and_(_C.warehouse_id.in_(ids), _C.active), _C.warehouse_id)
    rows = db.session.execute(query.execution_options(**scope.CENTRE))
    return {row.warehouse_id: row for row in rows}


def bays_for(user: User, warehouse: AnyRow) -> Sequence[AnyRow]:
    """Return the bays of the floor plan: locations above each other, added up by one statement.

    Columns of ``filled``, with ``zone_id, x_dm, y_dm, width_dm, depth_dm``, ``first`` and
    ``last`` code, one ``kind`` of theirs, and ``blocked``: how many are.
    """
    sites.warehouse_for(user, warehouse.code)
    place = (_C.zone_id, _C.x_dm, _C.y_dm, _C.width_dm, _C.depth_dm)
    here = and_(_C.warehouse_id == warehouse.id, _C.active, _C.width_dm > 0, _C.depth_dm > 0)
    query = filled(here, *place).add_columns(
        func.min(_C.code).label("first"),
        func.max(_C.code).label("last"),
        func.min(_C.kind).label("kind"),
        func.count(distinct(case((_C.blocked.is_not(None), _C.id)))).label("blocked"),
        func.min(_C.walk).label("walk"),
    )
    rows = db.session.execute(query.order_by("walk").execution_options(**scope.CENTRE))
    return rows.all()


def workers_for(user: User, warehouse: AnyRow) -> Sequence[AnyRow]:
    """Return the people of the floor: ``id, name, email, here`` (bound to this warehouse) and
    ``elsewhere`` (to how many others).
    """
    sites.warehouse_for(user, warehouse.code)
    w = _WORKER.c
    bound = select(func.count()).where(w.person_id == _PERSON.c.id)
    query = select(
        _PERSON.c.id,
        _PERSON.c.name,
        _PERSON.c.email,
        bound.where(w.warehouse_id == warehouse.id).scalar_subquery().label("here"),
        bound.where(w.warehouse_id != warehouse.id).scalar_subquery().label("elsewhere"),
    )
    query = query.where(_PERSON.c.staff_role == "warehouse").order_by(_PERSON.c.name, _PERSON.c.id)
    return db.session.execute(query).all()
