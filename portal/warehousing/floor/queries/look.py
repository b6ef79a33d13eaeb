"""What something is that was scanned, what lies there, and what of it is promised."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import ColumnElement, Connection, or_, select

from portal.accounts.models import Company
from portal.core import scope
from portal.core.db import AnyRow
from portal.warehousing.floor.scans import Scan
from portal.warehousing.goods.models import Sku
from portal.warehousing.goods.scanning import Scanned, all_by_code
from portal.warehousing.ledger.models import Allocation, Balance, HandlingUnit, Lot
from portal.warehousing.sites.models import Location
from portal.warehousing.sites.queries import location_by_barcode

MOST = 50  # lines of stock that are shown
_B, _SKU, _LOT, _UNIT, _L, _COMPANY, _A = (
    model.__table__ for model in (Balance, Sku, Lot, HandlingUnit, Location, Company, Allocation)
)


@dataclass(frozen=True)
class Found:
    """What a code stands for: a location, handling units, goods of one or several owners.

    ``lines``: what lies there, or where it lies (columns of the balance; ``sku``, ``name``,
    ``unit``, ``owner``, ``lot``, ``expires_on``, ``place``, ``sscc``).
    """

    location: AnyRow | None = None
    unit: AnyRow | None = None
    goods: Sequence[Scanned] = ()
    lines: Sequence[AnyRow] = field(default=())

    @property
    def is_nothing(self) -> bool:
        """Whether nothing here bears the code."""
        return self.location is None and self.unit is None and not self.goods


def look(scan: Scan, warehouse_id: int, on: Connection) -> Found:
    """Return what ``scan`` is and what lies there, in one warehouse."""
    if scan.sscc:
        return _of_unit(scan.sscc, warehouse_id, on)
    if scan.kind in ("location", "text"):
        location = location_by_barcode(scan.text, warehouse_id, on)
        if location is not None:
            return Found(location=location, lines=_lines(_B.c.location_id == location.id, on))
    if scan.kind in ("goods", "text"):
        return _of_goods(scan, warehouse_id, on)
    return Found()


def _of_unit(sscc: str, warehouse_id: int, on: Connection) -> Found:
    wanted = select(_UNIT, _COMPANY.c.name.label("owner")).join_from(
        _UNIT, _COMPANY, _COMPANY.c.id == _UNIT.c.company_id
    )
    unit = on.execute(wanted.where(_UNIT.c.sscc == sscc).execution_options(**scope.CENTRE)).first()
    if unit is None:
        return Found()
    inner = select(_UNIT.c.id).where(_UNIT.c.parent_id == unit.id)
    is_in = or_(_B.c.handling_unit_id == unit.id, _B.c.handling_unit_id.in_(inner))
    return Found(unit=unit, lines=_lines(is_in & (_B.c.warehouse_id == warehouse_id), on))


def _of_goods(scan: Scan, warehouse_id: int, on: Connection) -> Found:
    goods = all_by_code(scan.gtin or scan.text, None, on)
    if not goods:
        return Found()
    is_it: ColumnElement[bool] = _B.c.sku_id.in_([each.sku.id for each in goods])
    if scan.lot:
        is_it &= _LOT.c.code == scan.lot
    return Found(goods=goods, lines=_lines(is_it & (_B.c.warehouse_id == warehouse_id), on))


def _lines(condition: ColumnElement[bool], on: Connection) -> Sequence[AnyRow]:
    columns: tuple[Any, ...] = (
        _SKU.c.code.label("sku"),
        _SKU.c.names,
        _SKU.c.name,
        _COMPANY.c.name.label("owner"),
        _LOT.c.code.label("lot"),
        _LOT.c.expires_on,
        _L.c.code.label("place"),
        _UNIT.c.sscc,
    )
    wanted = (
        select(_B, *columns)
        .join_from(_B, _SKU, _SKU.c.id == _B.c.sku_id)
        .join(_COMPANY, _COMPANY.c.id == _B.c.company_id)
        .join(_LOT, _LOT.c.id == _B.c.lot_id)
        .join(_L, _L.c.id == _B.c.location_id)
        .outerjoin(_UNIT, _UNIT.c.id == _B.c.handling_unit_id)
        .where(_B.c.on_hand > 0, condition)
        .order_by(_L.c.walk, _L.c.id, _SKU.c.id, _LOT.c.expires_on, _B.c.id)
        .limit(MOST)
    )
    return on.execute(wanted.execution_options(**scope.CENTRE)).all()
