"""Reads of places. What lies in them is read by ``warehousing.layout.queries``.

Rows of locations carry their columns, and ``zone``, ``storage_class`` of their zone.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Select, false, or_, select

from portal.accounts.access import User
from portal.accounts.models import Company
from portal.core import i18n, scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import TAGS
from portal.core.i18n import lazy as _l
from portal.warehousing.sites import rules
from portal.warehousing.sites.models import (
    Dock,
    DockBooking,
    Location,
    Warehouse,
    WarehouseWorker,
    Zone,
)

_WAREHOUSE, _ZONE, _LOCATION, _DOCK, _BOOKING, _WORKER, _COMPANY = (
    model.__table__
    for model in (Warehouse, Zone, Location, Dock, DockBooking, WarehouseWorker, Company)
)


def name_in(names: Mapping[str, str], tag: str | None = None) -> str:
    """Return a name in a language (None: the reader's), else in the first that it has."""
    return names.get(tag or i18n.tag()) or next((names[t] for t in TAGS if names.get(t)), "")


def _visible_to(user: User) -> Select[Any]:
    """Return the warehouses of which ``user`` may know: members the active ones.

    People of the staff with rows in ``warehouse_worker`` have those alone; the inactive ones are
    shown to those who edit places.
    """
    query = select(_WAREHOUSE).order_by(_WAREHOUSE.c.id)
    if not user.may("warehouse.places"):
        query = query.where(_WAREHOUSE.c.active)
    if user.company_id is not None:
        return query
    if not user.may("warehouse.see"):
        return query.where(false())
    own = select(_WORKER.c.warehouse_id).where(_WORKER.c.person_id == user.person_id)
    return query.where(or_(_WAREHOUSE.c.id.in_(own), ~own.exists()))


def warehouses_for(user: User) -> Sequence[AnyRow]:
    """Return the warehouses that ``user`` may choose from, the oldest first."""
    return db.session.execute(_visible_to(user)).all()


def warehouse_for(user: User, code: str) -> AnyRow:
    """Return a warehouse by its code; raises NotFound for one of which ``user`` may not know."""
    found = db.session.execute(_visible_to(user).where(_WAREHOUSE.c.code == code)).first()
    if found is None:
        raise NotFound(_l("There is no warehouse with that code."))
    return found


def in_use() -> Sequence[AnyRow]:
    """Return the warehouses in use, for whoever works on them by himself; the oldest first."""
    return db.session.execute(
        select(_WAREHOUSE).where(_WAREHOUSE.c.active).order_by(_WAREHOUSE.c.id)
    ).all()


def warehouse_of(id_: int, *, on: Connection | None = None) -> AnyRow:
    """Return a warehouse by its id, for whoever was led to it by something of his own."""
    return _run(select(_WAREHOUSE).where(_WAREHOUSE.c.id == id_), on).one()


def _run(statement: Any, on: Connection | None) -> Any:
    return (on or db.session).execute(statement)


def locations() -> Select[Any]:
    """Return the select of locations as this module gives them, to be narrowed further."""
    zone = (_ZONE.c.code.label("zone"), _ZONE.c.storage_class)
    return select(_LOCATION, *zone).join_from(_LOCATION, _ZONE, _ZONE.c.id == _LOCATION.c.zone_id)


def location_by_barcode(
    code: str, warehouse_id: int, on: Connection | None = None
) -> AnyRow | None:
    """Return the location that was scanned (its barcode) or typed (its code); None: none is.

    Inactive and blocked ones too: ``rules.fits`` says so of them.
    """
    typed = rules.as_code(code)
    here = _LOCATION.c.warehouse_id == warehouse_id
    is_it = or_(_LOCATION.c.barcode == typed, _LOCATION.c.code == typed)
    found: AnyRow | None = _run(locations().where(here, is_it), on).first()
    return found


def locations_of(ids: Iterable[int], on: Connection | None = None) -> dict[int, AnyRow]:
    """Return id → location."""
    wanted = locations().where(_LOCATION.c.id.in_(list(ids)))
    return {row.id: row for row in _run(wanted, on)}


def first_location(warehouse_id: int, kind: str, on: Connection | None = None) -> AnyRow | None:
    """Return the first open location of a kind in walking order; None: there is none."""
    c = _LOCATION.c
    wanted = locations().where(c.warehouse_id == warehouse_id, c.kind == kind)
    wanted = wanted.where(c.active, c.blocked.is_(None)).order_by(c.walk, c.id).limit(1)
    found: AnyRow | None = _run(wanted, on).first()
    return found


def zones_of(warehouse_id: int, on: Connection | None = None) -> Sequence[AnyRow]:
    """Return the zones of a warehouse by their codes."""
    wanted = select(_ZONE).where(_ZONE.c.warehouse_id == warehouse_id).order_by(_ZONE.c.code)
    rows: Sequence[AnyRow] = _run(wanted, on).all()
    return rows


def docks_of(warehouse_id: int, on: Connection | None = None) -> Sequence[AnyRow]:
    """Return the docks of a warehouse by their codes, inactive ones too."""
    wanted = select(_DOCK).where(_DOCK.c.warehouse_id == warehouse_id).order_by(_DOCK.c.code)
    rows: Sequence[AnyRow] = _run(wanted, on).all()
    return rows


def _bookings() -> Select[Any]:
    """Return the select of slots: their columns, ``dock``, ``warehouse_id`` and ``company``."""
    named = (_DOCK.c.code.label("dock"), _DOCK.c.warehouse_id, _COMPANY.c.name.label("company"))
    joined = _BOOKING.join(_DOCK, _DOCK.c.id == _BOOKING.c.dock_id)
    joined = joined.join(_COMPANY, _COMPANY.c.id == _BOOKING.c.company_id)
    query = select(_BOOKING, *named).select_from(joined)
    return query.order_by(_BOOKING.c.starts_at, _DOCK.c.code)


def booking_for(user: User, id_: int) -> AnyRow:
    """Return a slot that was given: to the user's company, or in a warehouse that he may see.

    Raises NotFound otherwise.
    """
    here = [row.id for row in warehouses_for(user)]
    wanted = _bookings().where(_BOOKING.c.id == id_, _DOCK.c.warehouse_id.in_(here))
    of = scope.CENTRE
    if user.company_id is not None:
        wanted, of = (
            wanted.where(_BOOKING.c.company_id == user.company_id),
            scope.of(user.company_id),
        )
    found = db.session.execute(wanted.execution_options(**of)).first()
    if found is None:
        raise NotFound(_l("There is no such booking."))
    return found


def bookings_of(
    about: Iterable[str], company_id: int, on: Connection | None = None
) -> dict[str, list[AnyRow]]:
    """Return reference of a document → its slots (columns, ``dock``, ``warehouse_id``)."""
    b = _BOOKING.c
    wanted = _bookings().where(b.company_id == company_id, b.about.in_(list(about)))
    found: dict[str, list[AnyRow]] = {}
    for row in _run(wanted.execution_options(**scope.of(company_id)), on):
        found.setdefault(row.about, []).append(row)
    return found


def booked_between(
    warehouse_id: int, since: datetime, until: datetime, on: Connection | None = None
) -> Sequence[AnyRow]:
    """Return the slots given in a warehouse that overlap a span, of every company, in order."""
    b = _BOOKING.c
    wanted = _bookings().where(_DOCK.c.warehouse_id == warehouse_id)
    wanted = wanted.where(b.starts_at < until, b.ends_at > since)
    rows: Sequence[AnyRow] = _run(wanted.execution_options(**scope.CENTRE), on).all()
    return rows
