"""The entries of the ledger, newest first: what happened, by whom, on what document, and why."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select

from portal.accounts.access import User
from portal.accounts.models import Company, Person
from portal.core import pagination
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import Page
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import HandlingUnit, Lot, Movement, StockEntry
from portal.warehousing.ledger.queries.visible import own, works_in
from portal.warehousing.sites.models import Location, Warehouse

_E, _M, _SKU, _LOT = (model.__table__ for model in (StockEntry, Movement, Sku, Lot))
_PLACE, _WAREHOUSE, _UNIT = Location.__table__, Warehouse.__table__, HandlingUnit.__table__
_PERSON, _COMPANY = Person.__table__, Company.__table__
_UNDONE = _M.alias("undone")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which entries; None or empty: all."""

    sku_id: int | None = None
    company_id: int | None = None
    warehouse_id: int | None = None
    kind: str = ""
    document: str = ""
    lot: str = ""
    since: datetime | None = None
    until: datetime | None = None  # before it
    #: Of people of the staff who work in some warehouses alone: those; None: all.
    within: tuple[int, ...] | None = None


COLUMNS = (
    _E.c.id,
    _E.c.at,
    _E.c.quantity,
    _E.c.status,
    _E.c.movement_id,
    _E.c.company_id,
    _E.c.sku_id,
    _SKU.c.code.label("sku"),
    _SKU.c.name,
    _SKU.c.unit,
    _LOT.c.code.label("lot"),
    _LOT.c.expires_on,
    _PLACE.c.code.label("location"),
    _WAREHOUSE.c.code.label("warehouse"),
    _UNIT.c.sscc,
    _M.c.kind,
    _M.c.document,
    _M.c.reason,
    _M.c.note,
    _M.c.picture_key,
    _M.c.said_at,
    _M.c.reverses_id,
    _UNDONE.c.id.label("undone_id"),
    _PERSON.c.name.label("person"),
    _COMPANY.c.name.label("company"),
)


def entries_for(
    user: User,
    wanted: Wanted,
    *,
    after: str | None = None,
    limit: int = pagination.DEFAULT_LIMIT,
) -> Page[AnyRow]:
    """Return a page of entries that ``user`` may see, the newest first.

    Raises Invalid for a cursor that is not of this list.
    """
    place = pagination.decode_number(after)
    query = _fitting(wanted, own(user, selected(), _E))
    if place is not None:
        query = query.where(_E.c.id < place)
    rows = db.session.execute(query.order_by(_E.c.id.desc()).limit(limit + 1)).all()
    return pagination.cut(rows, limit, lambda row: (row.id,))


def selected() -> Select[Any]:
    """Select entries with the names of all that they concern."""
    return (
        select(*COLUMNS)
        .join_from(_E, _M, _M.c.id == _E.c.movement_id)
        .join(_SKU, _SKU.c.id == _E.c.sku_id)
        .join(_LOT, _LOT.c.id == _E.c.lot_id)
        .join(_PLACE, _PLACE.c.id == _E.c.location_id)
        .join(_WAREHOUSE, _WAREHOUSE.c.id == _E.c.warehouse_id)
        .join(_COMPANY, _COMPANY.c.id == _E.c.company_id)
        .outerjoin(_UNIT, _UNIT.c.id == _E.c.handling_unit_id)
        .outerjoin(_PERSON, _PERSON.c.id == _M.c.actor_id)
        .outerjoin(_UNDONE, _UNDONE.c.reverses_id == _M.c.id)
    )


def _fitting(wanted: Wanted, query: Select[Any]) -> Select[Any]:
    exact = (
        (_E.c.sku_id, wanted.sku_id),
        (_E.c.company_id, wanted.company_id),
        (_E.c.warehouse_id, wanted.warehouse_id),
        (_M.c.kind, wanted.kind or None),
        (_M.c.document, wanted.document or None),
        (_LOT.c.code, wanted.lot or None),
    )
    query = query.where(*(column == value for column, value in exact if value is not None))
    if wanted.within is not None:
        query = query.where(_E.c.warehouse_id.in_(wanted.within))
    if wanted.since is not None:
        query = query.where(_E.c.at >= wanted.since)
    if wanted.until is not None:
        query = query.where(_E.c.at < wanted.until)
    return query


def movement_for(user: User, movement_id: int) -> tuple[AnyRow, list[AnyRow]]:
    """Return a movement (all columns, with its person and counter-movement) and its entries.

    Raises NotFound where ``user`` may not see it.
    """
    query = (
        select(_M, _PERSON.c.name.label("person"), _UNDONE.c.id.label("undone_id"))
        .outerjoin(_PERSON, _PERSON.c.id == _M.c.actor_id)
        .outerjoin(_UNDONE, _UNDONE.c.reverses_id == _M.c.id)
        .where(_M.c.id == movement_id, works_in(user, _M.c.warehouse_id))
    )
    found = db.session.execute(own(user, query, _M)).first()
    if found is None:
        raise NotFound(_l("There is no such movement."))
    entries = own(user, selected().where(_E.c.movement_id == movement_id), _E)
    return found, list(db.session.execute(entries.order_by(_E.c.id)).all())
