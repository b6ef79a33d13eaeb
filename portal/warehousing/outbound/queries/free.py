"""How much of goods is free: what an order that comes in now would be promised."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select

from portal.core import clock, scope
from portal.core.quantities import NOTHING
from portal.warehousing.goods.models import Sku
from portal.warehousing.goods.rows import parts
from portal.warehousing.ledger.models import Balance, Lot, StockTotal
from portal.warehousing.outbound.promisable import PROMISABLE
from portal.warehousing.outbound.rules.choosing import is_fit
from portal.warehousing.sites.models import Location

_BALANCE, _LOT, _LOCATION, _SKU = (m.__table__ for m in (Balance, Lot, Location, Sku))


@dataclass(frozen=True)
class FreeLot:
    """So much of a lot is free. ``code`` is "" for goods without lots."""

    id: int
    code: str
    expires_on: date | None
    quantity: Decimal


@dataclass
class Free:
    """What is free of a SKU in a warehouse, lot by lot: the first to go first."""

    total: Decimal = NOTHING
    lots: list[FreeLot] = field(default_factory=list)

    def of_lot(self, lot_id: int | None) -> Decimal:
        """Return what is free of one lot; None: of all."""
        if lot_id is None:
            return self.total
        return sum((lot.quantity for lot in self.lots if lot.id == lot_id), NOTHING)


def free_of(
    skus: Iterable[int], company_id: int, warehouse_id: int, *, on: Connection
) -> dict[int, Free]:
    """Return SKU id → what is free of it, for each of ``skus``.

    The same as may be promised: approved, in a place that is open, with the days that the goods
    must have left.
    """
    wanted = sorted(set(skus))
    found: dict[int, Free] = defaultdict(Free)
    today = clock.now().astimezone(clock.zone()).date()
    for some in parts(wanted):
        for row in on.execute(_read(some, company_id, warehouse_id)):
            if is_fit(row.expires_on, row.least_days_out, today):
                free = found[row.sku_id]
                free.total += row.quantity
                free.lots.append(FreeLot(row.lot_id, row.code, row.expires_on, row.quantity))
    return {sku: found[sku] for sku in wanted}


def best_warehouse(skus: Iterable[int], company_id: int, *, on: Connection) -> int | None:
    """Return the warehouse that has most kinds of these goods in stock; None: none has any."""
    t = StockTotal.__table__.c
    wanted = (
        select(t.warehouse_id)
        .where(t.company_id == company_id, t.sku_id.in_(list(skus)))
        .where(t.on_hand > t.allocated + t.on_hold)
        .group_by(t.warehouse_id)
        .order_by(func.count().desc(), t.warehouse_id)
        .limit(1)
    )
    found: int | None = on.scalar(wanted.execution_options(**scope.of(company_id)))
    return found


def _read(skus: Iterable[int], company_id: int, warehouse_id: int) -> Any:
    b = _BALANCE.c
    quantity = func.sum(b.on_hand - b.allocated, type_=b.on_hand.type).label("quantity")
    grouped = (b.sku_id, b.lot_id, _LOT.c.code, _LOT.c.expires_on, _SKU.c.least_days_out)
    wanted = (
        select(*grouped, quantity)
        .join_from(_BALANCE, _LOT, _LOT.c.id == b.lot_id)
        .join(_LOCATION, _LOCATION.c.id == b.location_id)
        .join(_SKU, _SKU.c.id == b.sku_id)
        .where(b.company_id == company_id, b.warehouse_id == warehouse_id)
        .where(b.sku_id.in_(list(skus)), *PROMISABLE)
        .group_by(*grouped)
        .order_by(_LOT.c.expires_on.is_(None), _LOT.c.expires_on, func.min(b.since))
    )
    return wanted.execution_options(**scope.of(company_id))
