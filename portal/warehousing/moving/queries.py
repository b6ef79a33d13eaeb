"""Reads of moves and pick locations, of every owner: for the desk and the floor."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Select, func, select

from portal.accounts.access import User
from portal.accounts.models import Company, Person
from portal.core import pagination, scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import Page
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import HandlingUnit, Lot
from portal.warehousing.moving.models import MoveTask, PickFace
from portal.warehousing.sites import queries as sites
from portal.warehousing.sites.models import Location, Warehouse

_T, _F, _S, _LOT, _UNIT, _COMPANY, _PERSON, _HOUSE = (
    model.__table__
    for model in (MoveTask, PickFace, Sku, Lot, HandlingUnit, Company, Person, Warehouse)
)
_FROM, _TO = Location.__table__.alias("from_place"), Location.__table__.alias("to_place")
_L = Location.__table__
_MAKER = Person.__table__.alias("maker")


def _tasks() -> Select[Any]:
    """Return the select of tasks with everything that is said of them."""
    named = (
        _S.c.code.label("sku"),
        _S.c.name,
        _S.c.names,
        _S.c.unit,
        _LOT.c.code.label("lot"),
        _LOT.c.expires_on,
        _UNIT.c.sscc,
        _COMPANY.c.name.label("company"),
        _FROM.c.code.label("from_code"),
        _FROM.c.walk,
        _TO.c.code.label("to_code"),
        _PERSON.c.name.label("closed_by"),
        _MAKER.c.name.label("made_by"),
        _HOUSE.c.code.label("warehouse"),
    )
    joined = (
        _T.join(_S, _S.c.id == _T.c.sku_id)
        .join(_LOT, _LOT.c.id == _T.c.lot_id)
        .join(_COMPANY, _COMPANY.c.id == _T.c.company_id)
        .join(_FROM, _FROM.c.id == _T.c.from_id)
        .join(_TO, _TO.c.id == _T.c.to_id)
        .join(_HOUSE, _HOUSE.c.id == _T.c.warehouse_id)
        .outerjoin(_UNIT, _UNIT.c.id == _T.c.handling_unit_id)
        .outerjoin(_PERSON, _PERSON.c.id == _T.c.closed_by_id)
        .outerjoin(_MAKER, _MAKER.c.id == _T.c.made_by_id)
    )
    return select(_T, *named).select_from(joined)


def tasks_for(
    user: User, warehouse: AnyRow, state: str, *, after: str | None, limit: int
) -> Page[AnyRow]:
    """Return a page of tasks, the newest first; ``state``: of rules.STATES, "" for all."""
    sites.warehouse_for(user, warehouse.code)
    query = _tasks().where(_T.c.warehouse_id == warehouse.id)
    if state:
        query = query.where(_T.c.state == state)
    before = pagination.decode_number(after)
    if before is not None:
        query = query.where(_T.c.id < before)
    query = query.order_by(_T.c.id.desc()).limit(limit + 1)
    rows = db.session.execute(query.execution_options(**scope.CENTRE)).all()
    return pagination.cut(rows, limit, lambda row: [row.id])


def count_open_for(user: User, warehouse: AnyRow) -> int:
    """Return how many tasks are open in a warehouse."""
    sites.warehouse_for(user, warehouse.code)
    query = select(func.count()).select_from(_T).where(_T.c.warehouse_id == warehouse.id)
    query = query.where(_T.c.closed_at.is_(None)).execution_options(**scope.CENTRE)
    return int(db.session.scalar(query) or 0)


def task_for(user: User, ref: str) -> AnyRow:
    """Return a task by its reference; raises NotFound outside of the user's warehouses."""
    here = [row.id for row in sites.warehouses_for(user)] if user.is_staff else []
    query = _tasks().where(_T.c.ref == ref, _T.c.warehouse_id.in_(here))
    found = db.session.execute(query.execution_options(**scope.CENTRE)).first()
    if found is None:
        raise NotFound(_l("There is no such task."))
    return found


def open_tasks(warehouse_id: int, kind: str, *, most: int) -> Sequence[AnyRow]:
    """Return the open tasks of a kind, the most urgent first, then by the walk."""
    query = _tasks().where(_T.c.warehouse_id == warehouse_id, _T.c.closed_at.is_(None))
    query = query.where(_T.c.kind == kind).order_by(_T.c.priority, _FROM.c.walk, _T.c.id)
    return db.session.execute(query.limit(most).execution_options(**scope.CENTRE)).all()


def _faces() -> Select[Any]:
    named = (
        _L.c.code.label("location"),
        _L.c.walk,
        _S.c.code.label("sku"),
        _S.c.name,
        _S.c.unit,
        _COMPANY.c.name.label("company"),
        _COMPANY.c.ref.label("company_ref"),
    )
    joined = (
        _F.join(_L, _L.c.id == _F.c.location_id)
        .join(_S, _S.c.id == _F.c.sku_id)
        .join(_COMPANY, _COMPANY.c.id == _F.c.company_id)
    )
    return select(_F, *named).select_from(joined)


def faces_for(user: User, warehouse: AnyRow, *, after: str | None, limit: int) -> Page[AnyRow]:
    """Return a page of pick locations with their least and most, in walking order."""
    sites.warehouse_for(user, warehouse.code)
    query = _faces().where(_F.c.warehouse_id == warehouse.id)
    place = pagination.decode(after, int, int, int)
    if place is not None:
        walk, location, sku = place
        query = query.where(
            (_L.c.walk > walk)
            | ((_L.c.walk == walk) & (_F.c.location_id > location))
            | ((_L.c.walk == walk) & (_F.c.location_id == location) & (_F.c.sku_id > sku))
        )
    query = query.order_by(_L.c.walk, _F.c.location_id, _F.c.sku_id).limit(limit + 1)
    rows = db.session.execute(query.execution_options(**scope.CENTRE)).all()
    return pagination.cut(rows, limit, lambda row: [row.walk, row.location_id, row.sku_id])


def goods_by_code(code: str) -> Sequence[AnyRow]:
    """Return the goods of any owner with this code or GTIN: SKU columns, ``company`` name."""
    typed = code.strip().upper()
    query = select(_S, _COMPANY.c.name.label("company"), _COMPANY.c.ref.label("company_ref"))
    query = query.join_from(_S, _COMPANY, _COMPANY.c.id == _S.c.company_id)
    query = query.where((_S.c.code == typed) | (_S.c.gtin == typed), _S.c.active).limit(20)
    return db.session.execute(query.execution_options(**scope.CENTRE)).all()


def sku_of(id_: int) -> AnyRow:
    """Return the goods of any owner by their id; raises NotFound."""
    return sku_on(id_, db.session.connection())


def sku_on(id_: int, on: Connection) -> AnyRow:
    """Return them by a connection."""
    query = select(_S).where(_S.c.id == id_)
    found = on.execute(query.execution_options(**scope.CENTRE)).first()
    if found is None:
        raise NotFound(_l("There are no goods with that code."))
    return found
