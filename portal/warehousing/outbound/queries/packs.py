"""Reads of the floor for checking, packing and shipping, and of goods that go back.

They are for staff: whoever asks says in which warehouse he works.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from portal.accounts.models import Company
from portal.core import scope
from portal.core.db import AnyRow
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import Allocation, Balance, HandlingUnit, Lot
from portal.warehousing.outbound.models import (
    Carton,
    CartonContent,
    CartonType,
    OutboundLine,
    OutboundOrder,
    RestockTask,
)
from portal.warehousing.outbound.rules import cartons as rules
from portal.warehousing.outbound.rules.orders import RESTOCK
from portal.warehousing.sites.models import Location

MOST = 500
_LINE, _SKU, _CARTON, _CONTENT, _TYPE, _LOT, _L, _ORDER, _TASK, _COMPANY, _A, _B, _UNIT = (
    model.__table__
    for model in (
        OutboundLine,
        Sku,
        Carton,
        CartonContent,
        CartonType,
        Lot,
        Location,
        OutboundOrder,
        RestockTask,
        Company,
        Allocation,
        Balance,
        HandlingUnit,
    )
)
_GOODS = (
    _SKU.c.code.label("sku"),
    _SKU.c.names,
    _SKU.c.unit,
    _SKU.c.gtin,
    _SKU.c.weight_g,
    _SKU.c.length_mm,
    _SKU.c.width_mm,
    _SKU.c.height_mm,
)


def lines_of(order: Any, *, on: Connection) -> Sequence[AnyRow]:
    """Return the lines of an order with what their goods are called, weigh and measure."""
    wanted = select(_LINE, *_GOODS).join_from(_LINE, _SKU, _SKU.c.id == _LINE.c.sku_id)
    wanted = wanted.where(_LINE.c.company_id == order.company_id, _LINE.c.order_id == order.id)
    ordered = wanted.order_by(_LINE.c.position)
    return on.execute(ordered.execution_options(**scope.of(order.company_id))).all()


@dataclass(frozen=True)
class Box:
    """A carton of an order: its row (with ``type, location``), and what is in it."""

    row: AnyRow
    contents: Sequence[AnyRow]

    @property
    def pieces(self) -> Decimal:
        """How many base units are in it."""
        return sum((each.quantity for each in self.contents), NOTHING)


def boxes_of(order: Any, *, on: Connection, emptied: bool = False) -> list[Box]:
    """Return the cartons of an order by number, with their contents (``sku, names, lot …``)."""
    c = _CARTON.c
    named = (_TYPE.c.code.label("type"), _TYPE.c.tare_g, _L.c.code.label("location"))
    wanted = (
        select(_CARTON, *named)
        .join_from(_CARTON, _TYPE, _TYPE.c.id == c.type_id, isouter=True)
        .outerjoin(_L, _L.c.id == c.location_id)
        .where(c.company_id == order.company_id, c.order_id == order.id)
        .order_by(c.number)
    )
    if not emptied:
        wanted = wanted.where(c.status != "emptied")
    own = scope.of(order.company_id)
    rows = on.execute(wanted.execution_options(**own)).all()
    contents = _contents([row.id for row in rows], order.company_id, on)
    return [Box(row, [each for each in contents if each.carton_id == row.id]) for row in rows]


def _contents(cartons: Sequence[int], company_id: int, on: Connection) -> Sequence[AnyRow]:
    c = _CONTENT.c
    wanted = (
        select(_CONTENT, *_GOODS, _LOT.c.code.label("lot"), _LOT.c.expires_on)
        .join_from(_CONTENT, _SKU, _SKU.c.id == c.sku_id)
        .join(_LOT, _LOT.c.id == c.lot_id)
        .where(c.company_id == company_id, c.carton_id.in_(list(cartons)))
        .order_by(c.carton_id, c.id)
    )
    return on.execute(wanted.execution_options(**scope.of(company_id))).all()


def kinds(*, on: Connection) -> Sequence[AnyRow]:
    """Return the kinds of cartons that are used, the smallest first."""
    c = _TYPE.c
    ordered = select(_TYPE).where(c.active)
    return on.execute(ordered.order_by(c.length_mm * c.width_mm * c.height_mm, c.code)).all()


def carton_at(warehouse_id: int, sscc: str, *, on: Connection) -> AnyRow:
    """Return a carton that stands in a warehouse, with ``order`` and ``order_status``.

    Raises NotFound for a code that is on none of them; the label of an emptied one is void.
    """
    c = _CARTON.c
    named = (_ORDER.c.ref.label("order"), _ORDER.c.status.label("order_status"))
    wanted = select(_CARTON, *named).join_from(_CARTON, _ORDER, _ORDER.c.id == c.order_id)
    wanted = wanted.where(c.warehouse_id == warehouse_id, c.sscc == sscc, c.status != "emptied")
    found = on.execute(wanted.execution_options(**scope.CENTRE)).first()
    if found is None:
        raise NotFound(_l("No carton here has this label. Scan the SSCC on its label."))
    return found


def cartons_at(warehouse_id: int, *statuses: str, on: Connection) -> Sequence[AnyRow]:
    """Return the cartons of a warehouse in ``statuses``, with ``order`` and ``location``."""
    c = _CARTON.c
    wanted = (
        select(_CARTON, _ORDER.c.ref.label("order"), _L.c.code.label("location"))
        .join_from(_CARTON, _ORDER, _ORDER.c.id == c.order_id)
        .outerjoin(_L, _L.c.id == c.location_id)
        .where(c.warehouse_id == warehouse_id, c.status.in_(list(statuses)))
        .order_by(c.order_id, c.number)
        .limit(MOST)
    )
    return on.execute(wanted.execution_options(**scope.CENTRE)).all()


def loaded_by_order(orders: Sequence[int], *, on: Connection) -> dict[int, tuple[int, int]]:
    """Return order → (cartons on the vehicle, all of its cartons)."""
    c = _CARTON.c
    wanted = select(c.order_id, c.status).where(c.order_id.in_(list(orders)))
    wanted = wanted.where(c.status.in_(rules.FILLED))
    found: dict[int, tuple[int, int]] = {}
    for row in on.execute(wanted.execution_options(**scope.CENTRE)):
        loaded, all_ = found.get(row.order_id, (0, 0))
        found[row.order_id] = (loaded + (row.status == "loaded"), all_ + 1)
    return found


def back_at(warehouse_id: int, *, on: Connection) -> Sequence[AnyRow]:
    """Return the tasks of a warehouse to put goods back, oldest first (see ``back_task``)."""
    open_ = _back(warehouse_id).where(_TASK.c.done_at.is_(None))
    return on.execute(open_.order_by(_TASK.c.id).limit(MOST)).all()


def back_task(warehouse_id: int, ref: str, *, on: Connection) -> AnyRow:
    """Return a task with ``sku, names, lot, owner, order, home, home_barcode``.

    Raises NotFound for one of another warehouse.
    """
    found = on.execute(_back(warehouse_id).where(_TASK.c.ref == ref)).first()
    if found is None:
        raise NotFound(_l("There is no such task in this warehouse."))
    return found


def _back(warehouse_id: int) -> Any:
    t = _TASK.c
    named = (
        *_GOODS,
        _LOT.c.code.label("lot"),
        _COMPANY.c.name.label("owner"),
        _ORDER.c.ref.label("order"),
        _L.c.code.label("home"),
        _L.c.walk,
    )
    return (
        select(_TASK, *named)
        .join_from(_TASK, _SKU, _SKU.c.id == t.sku_id)
        .join(_LOT, _LOT.c.id == t.lot_id)
        .join(_COMPANY, _COMPANY.c.id == t.company_id)
        .join(_ORDER, _ORDER.c.id == t.order_id)
        .outerjoin(_L, _L.c.id == t.home_id)
        .where(t.warehouse_id == warehouse_id)
        .execution_options(**scope.CENTRE)
    )


def lies_at(task: Any, *, on: Connection) -> Sequence[AnyRow]:
    """Return where the goods of a task to put back lie now: ``location, sscc, quantity``."""
    wanted = (
        select(_L.c.code.label("location"), _UNIT.c.sscc, _A.c.quantity)
        .join_from(_A, _B, _B.c.id == _A.c.balance_id)
        .join(_L, _L.c.id == _B.c.location_id)
        .outerjoin(_UNIT, _UNIT.c.id == _B.c.handling_unit_id)
        .where(_A.c.company_id == task.company_id, _A.c.purpose == RESTOCK)
        .where(_A.c.purpose_id == task.id, _A.c.quantity > 0)
    )
    return on.execute(wanted.execution_options(**scope.of(task.company_id))).all()
