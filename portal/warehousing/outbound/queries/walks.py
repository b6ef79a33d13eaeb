"""Reads of the floor for picking: orders that wait for it, walks, and the stops of a walk.

They are for staff: whoever asks says in which warehouse he works.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, select

from portal.accounts.models import Company, Person
from portal.core import scope
from portal.core.db import AnyRow
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import Allocation, Balance, HandlingUnit, Lot
from portal.warehousing.outbound.models import OutboundLine, OutboundOrder, PickTask, Wave
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.rules.orders import PURPOSE
from portal.warehousing.outbound.rules.picking import Stop, stops
from portal.warehousing.sites.models import Location

MOST = 200  # orders of a list
_TASK, _ORDER, _LINE, _A, _B, _SKU, _LOT, _L, _UNIT, _COMPANY, _WAVE, _PERSON = (
    model.__table__
    for model in (
        PickTask,
        OutboundOrder,
        OutboundLine,
        Allocation,
        Balance,
        Sku,
        Lot,
        Location,
        HandlingUnit,
        Company,
        Wave,
        Person,
    )
)


def _orders(warehouse_id: int, statuses: Sequence[str]) -> Select[Any]:
    """Return the select of orders of a warehouse with owner and wave, the most urgent first."""
    o = _ORDER.c
    named = (_COMPANY.c.name.label("owner"), _WAVE.c.ref.label("wave"), _WAVE.c.method)
    return (
        select(_ORDER, *named)
        .join_from(_ORDER, _COMPANY, _COMPANY.c.id == o.company_id)
        .outerjoin(_WAVE, _WAVE.c.id == o.wave_id)
        .where(o.warehouse_id == warehouse_id, o.status.in_(list(statuses)))
        .order_by(o.priority.desc(), o.ship_by, o.id)
        .limit(MOST)
        .execution_options(**scope.CENTRE)
    )


def orders_at(warehouse_id: int, *statuses: str, on: Connection) -> Sequence[AnyRow]:
    """Return the orders of a warehouse in ``statuses``: all columns, ``owner, wave, method``."""
    return on.execute(_orders(warehouse_id, statuses)).all()


def order_at(warehouse_id: int, ref: str, *, on: Connection) -> AnyRow:
    """Return an order of a warehouse by its reference; raises NotFound for any other."""
    found = on.execute(_orders(warehouse_id, list(rules.STATUSES)).where(_ORDER.c.ref == ref))
    row = found.first()
    if row is None:
        raise NotFound(_l("There is no such order in this warehouse."))
    return row


def wave_orders(warehouse_id: int, wave: str, *, on: Connection) -> Sequence[AnyRow]:
    """Return the orders of a wave that are released and not begun."""
    wanted = _orders(warehouse_id, [rules.RELEASED]).where(_WAVE.c.ref == wave)
    return on.execute(wanted).all()


@dataclass(frozen=True)
class Walk:
    """A walk that somebody is on: its tasks (with ``ref`` of their orders), and its stops."""

    ref: str
    tasks: Sequence[AnyRow]
    stops: Sequence[Stop]
    #: Promises that were picked already, of all its orders.
    done: int

    @property
    def picker_id(self) -> int:
        """Who walks it."""
        return int(self.tasks[0].picker_id)

    def stop(self, balance_id: int | None) -> Stop | None:
        """Return the stop that was asked for, else the next one; None: there is none left."""
        asked = (stop for stop in self.stops if stop.first.balance_id == balance_id)
        return next(asked, None) or next(iter(self.stops), None)


def walk_at(warehouse_id: int, ref: str, *, on: Connection) -> Walk:
    """Return a walk in a warehouse that goes on; raises NotFound where there is none."""
    tasks = _tasks(warehouse_id, ref, on)
    if not tasks:
        raise NotFound(_l("There is no such walk in this warehouse."))
    promises = _promises([task.order_id for task in tasks], on)
    open_ = [each for each in promises if not each.picked]
    return Walk(ref, tasks, stops(open_), len(promises) - len(open_))


def _tasks(warehouse_id: int, ref: str, on: Connection) -> Sequence[AnyRow]:
    t = _TASK.c
    named = (
        _ORDER.c.ref,
        _ORDER.c.order_ref,
        _ORDER.c.status,
        _COMPANY.c.name.label("owner"),
        _L.c.code.label("stage"),
    )
    wanted = (
        select(_TASK, *named)
        .join_from(_TASK, _ORDER, _ORDER.c.id == t.order_id)
        .join(_COMPANY, _COMPANY.c.id == t.company_id)
        .join(_L, _L.c.id == t.stage_id)
        .where(t.warehouse_id == warehouse_id, t.walk == ref)
        .order_by(t.order_id)
    )
    return on.execute(wanted.execution_options(**scope.CENTRE)).all()


def _promises(orders: Sequence[int], on: Connection) -> Sequence[AnyRow]:
    """Return what is promised to orders: where it lies, what it is, for which order."""
    promised = (_A.c.id, _A.c.quantity, _A.c.picked, _A.c.balance_id, _B.c.on_hand)
    goods = (_SKU.c.code.label("sku"), _SKU.c.names, _SKU.c.gtin, _SKU.c.unit, _SKU.c.lot_policy)
    wanted = (
        select(*promised, *goods, _SKU.c.company_id, _SKU.c.picture_key)
        .add_columns(_B.c.sku_id, _B.c.lot_id, _B.c.location_id, _B.c.handling_unit_id)
        .add_columns(_LOT.c.code.label("lot"), _LOT.c.expires_on, _UNIT.c.sscc)
        .add_columns(_L.c.code.label("location"), _L.c.barcode, _L.c.walk)
        .add_columns(_LINE.c.order_id, _ORDER.c.ref.label("order"))
        .join_from(_LINE, _A, (_A.c.purpose == PURPOSE) & (_A.c.purpose_id == _LINE.c.id))
        .join(_ORDER, _ORDER.c.id == _LINE.c.order_id)
        .join(_B, _B.c.id == _A.c.balance_id)
        .join(_SKU, _SKU.c.id == _B.c.sku_id)
        .join(_LOT, _LOT.c.id == _B.c.lot_id)
        .join(_L, _L.c.id == _B.c.location_id)
        .outerjoin(_UNIT, _UNIT.c.id == _B.c.handling_unit_id)
        .where(_LINE.c.order_id.in_(list(orders)), _A.c.quantity > 0)
        .order_by(_LINE.c.order_id, _A.c.id)
    )
    return on.execute(wanted.execution_options(**scope.CENTRE)).all()


def walks_of(orders: Sequence[Any], *, on: Connection) -> Sequence[str]:
    """Return the walks on which some of ``orders`` are being picked now."""
    t = _TASK.c
    going = select(t.walk).where(t.order_id.in_([order.id for order in orders]))
    going = going.where(t.done_at.is_(None)).distinct()
    return list(on.scalars(going.execution_options(**scope.CENTRE)))


def open_walks(warehouse_id: int, *, on: Connection) -> Sequence[AnyRow]:
    """Return the walks of a warehouse that go on: walk, picker, since when, first order."""
    t = _TASK.c
    wanted = (
        select(t.walk, t.picker_id, t.started_at, _ORDER.c.ref, _ORDER.c.ship_by)
        .add_columns(_ORDER.c.priority, _PERSON.c.name.label("picker"))
        .join_from(_TASK, _ORDER, _ORDER.c.id == t.order_id)
        .join(_PERSON, _PERSON.c.id == t.picker_id)
        .where(t.warehouse_id == warehouse_id, t.done_at.is_(None))
        .order_by(t.started_at, t.order_id)
        .limit(MOST)
    )
    rows = on.execute(wanted.execution_options(**scope.CENTRE)).all()
    return list({row.walk: row for row in reversed(rows)}.values())[::-1]


def staged_at(
    warehouse_id: int, location_id: int, status: str, *, on: Connection
) -> Sequence[AnyRow]:
    """Return the orders in a status whose goods were laid down at a staging place."""
    mine = select(_TASK.c.order_id).where(_TASK.c.stage_id == location_id)
    mine = mine.where(_TASK.c.warehouse_id == warehouse_id)
    wanted = _orders(warehouse_id, [status]).where(_ORDER.c.id.in_(mine))
    return on.execute(wanted).all()
