"""Waves, what is ready for one, and the list by which one is picked."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, case, func, select

from portal.accounts.access import User
from portal.accounts.models import Company, Person
from portal.core import pagination, scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import Page
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import Allocation, Balance, Lot
from portal.warehousing.outbound.models import OutboundLine, OutboundOrder, Wave
from portal.warehousing.outbound.queries.visible import heads, visible_to, works_in
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.rules.orders import PURPOSE
from portal.warehousing.outbound.rules.waves import Ready
from portal.warehousing.sites.models import Location, Warehouse, Zone

_ORDER, _LINE, _WAVE, _ALLOCATION, _BALANCE, _LOCATION, _ZONE = (
    m.__table__ for m in (OutboundOrder, OutboundLine, Wave, Allocation, Balance, Location, Zone)
)
_SKU, _LOT, _COMPANY, _PERSON, _WAREHOUSE = (
    m.__table__ for m in (Sku, Lot, Company, Person, Warehouse)
)
MOST_READY = 2000  # orders looked at for proposals, the most pressing first
_ON_THE_WAY = (rules.PICKED, rules.CHECKED, rules.PACKED, rules.STAGED, *rules.ENDED)


def ready_in(user: User, warehouse_id: int) -> list[Ready]:
    """Return the orders of a warehouse that are allocated and in no wave, with their zones.

    ``row`` of each holds what a list shows of it.
    """
    query = visible_to(user, heads()).where(
        _ORDER.c.warehouse_id == warehouse_id,
        _ORDER.c.status == rules.ALLOCATED,
        _ORDER.c.wave_id.is_(None),
    )
    query = query.order_by(_ORDER.c.ship_by, _ORDER.c.id).limit(MOST_READY)
    orders = db.session.execute(query).all()
    lying = _lying([order.id for order in orders])
    return [_ready(order, lying.get(order.id, (None, 0))) for order in orders]


def _ready(order: Any, lying: tuple[str | None, int]) -> Ready:
    return Ready(
        id=order.id,
        ref=order.ref,
        service=order.service,
        ship_by=order.ship_by,
        priority=order.priority,
        zone=lying[0],
        places=lying[1],
        row=order,
    )


def _lying(orders: Sequence[int]) -> dict[int, tuple[str | None, int]]:
    """Return order → the zone of its goods (None: several), and in how many places they lie."""
    a, b = _ALLOCATION.c, _BALANCE.c
    one = case((func.count(_ZONE.c.id.distinct()) == 1, func.min(_ZONE.c.code)), else_=None)
    found: dict[int, tuple[str | None, int]] = {}
    for start in range(0, len(orders), 500):
        wanted = (
            select(_LINE.c.order_id, one.label("zone"))
            .add_columns(func.count(b.location_id.distinct()).label("places"))
            .join_from(_LINE, _ALLOCATION, (a.purpose_id == _LINE.c.id) & (a.purpose == PURPOSE))
            .join(_BALANCE, b.id == a.balance_id)
            .join(_LOCATION, _LOCATION.c.id == b.location_id)
            .join(_ZONE, _ZONE.c.id == _LOCATION.c.zone_id)
            .where(a.quantity > 0, _LINE.c.order_id.in_(orders[start : start + 500]))
            .group_by(_LINE.c.order_id)
        )
        for row in db.session.execute(wanted.execution_options(**scope.CENTRE)):
            found[row.order_id] = (row.zone, row.places)
    return found


def _waves(user: User) -> Select[Any]:
    """Return the select of the waves that somebody may see, with names and how far they are.

    All columns, ``warehouse, warehouse_names, made_by, zone``, ``orders`` in it and ``on_the_way``.
    """
    mine = _ORDER.c.wave_id == _WAVE.c.id
    orders = select(func.count()).select_from(_ORDER).where(mine)
    begun = orders.where(_ORDER.c.status.in_(_ON_THE_WAY))
    query = (
        select(_WAVE, _WAREHOUSE.c.code.label("warehouse"))
        .add_columns(_WAREHOUSE.c.names.label("warehouse_names"), _PERSON.c.name.label("made_by"))
        .add_columns(_ZONE.c.code.label("zone"))
        .add_columns(orders.scalar_subquery().label("orders"))
        .add_columns(begun.scalar_subquery().label("on_the_way"))
        .join_from(_WAVE, _WAREHOUSE, _WAREHOUSE.c.id == _WAVE.c.warehouse_id)
        .outerjoin(_PERSON, _PERSON.c.id == _WAVE.c.made_by_id)
        .outerjoin(_ZONE, _ZONE.c.id == _WAVE.c.zone_id)
        .where(works_in(user, _WAVE.c.warehouse_id))
    )
    if user.company_id is not None or not user.may("warehouse.see"):
        raise NotFound(_l("There is no wave with that reference."))
    return query.execution_options(**scope.CENTRE)


def waves_for(
    user: User,
    *,
    statuses: Sequence[str] = (),
    warehouse_id: int | None = None,
    after: str | None = None,
    limit: int = pagination.DEFAULT_LIMIT,
) -> Page[AnyRow]:
    """Return a page of waves, the newest first; raises Invalid for a cursor that is not ours."""
    query = _waves(user)
    if statuses:
        query = query.where(_WAVE.c.status.in_(statuses))
    if warehouse_id is not None:
        query = query.where(_WAVE.c.warehouse_id == warehouse_id)
    if (place := pagination.decode_number(after)) is not None:
        query = query.where(_WAVE.c.id < place)
    rows = db.session.execute(query.order_by(_WAVE.c.id.desc()).limit(limit + 1)).all()
    return pagination.cut(rows, limit, lambda row: (row.id,))


def wave_for(user: User, ref: str) -> AnyRow:
    """Return a wave by its reference; raises NotFound for one that ``user`` may not see."""
    found = db.session.execute(_waves(user).where(_WAVE.c.ref == ref[:40])).first()
    if found is None:
        raise NotFound(_l("There is no wave with that reference."))
    return found


def orders_of(user: User, wave_id: int) -> Sequence[AnyRow]:
    """Return the orders of a wave (``heads``) by when they leave."""
    query = visible_to(user, heads()).where(_ORDER.c.wave_id == wave_id)
    return db.session.execute(query.order_by(_ORDER.c.ship_by, _ORDER.c.id)).all()


def stops_of(wave_id: int) -> Sequence[AnyRow]:
    """Return what is still to be taken for a wave, in walking order.

    ``location, walk, zone, sku, name, names, unit, lot, expires_on, quantity, order_id, ref,
    company, balance_id, sscc_id``.
    """
    a, b = _ALLOCATION.c, _BALANCE.c
    wanted = (
        select(a.id, a.quantity, a.balance_id, b.handling_unit_id, _LINE.c.order_id, _ORDER.c.ref)
        .add_columns(_LOCATION.c.code.label("location"), _LOCATION.c.walk)
        .add_columns(_ZONE.c.code.label("zone"), _COMPANY.c.name.label("company"))
        .add_columns(_SKU.c.code.label("sku"), _SKU.c.name, _SKU.c.names, _SKU.c.unit, _SKU.c.gtin)
        .add_columns(_LOT.c.code.label("lot"), _LOT.c.expires_on)
        .join_from(_ORDER, _LINE, _LINE.c.order_id == _ORDER.c.id)
        .join(_ALLOCATION, (a.purpose_id == _LINE.c.id) & (a.purpose == PURPOSE))
        .join(_BALANCE, b.id == a.balance_id)
        .join(_LOCATION, _LOCATION.c.id == b.location_id)
        .join(_ZONE, _ZONE.c.id == _LOCATION.c.zone_id)
        .join(_SKU, _SKU.c.id == b.sku_id)
        .join(_LOT, _LOT.c.id == b.lot_id)
        .join(_COMPANY, _COMPANY.c.id == _ORDER.c.company_id)
        .where(_ORDER.c.wave_id == wave_id, a.quantity > 0, a.picked.is_(False))
        .order_by(_LOCATION.c.walk, _LOCATION.c.code, _SKU.c.code, _LOT.c.code, _ORDER.c.id)
    )
    return db.session.execute(wanted.execution_options(**scope.CENTRE)).all()


def zones_named(warehouse_id: int) -> dict[str, int]:
    """Return code → id of the zones of a warehouse."""
    wanted = select(_ZONE.c.code, _ZONE.c.id).where(_ZONE.c.warehouse_id == warehouse_id)
    return {row.code: row.id for row in db.session.execute(wanted)}


def summed(stops: Sequence[Any]) -> dict[int, list[Any]]:
    """Return balance → its stops, in walking order: what a batch takes there at once."""
    found: dict[int, list[Any]] = defaultdict(list)
    for stop in stops:
        found[stop.balance_id].append(stop)
    return found
