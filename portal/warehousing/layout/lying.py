"""Reads of what lies where, of every owner: for the desk, the floor and their rules.

Weights in grams, volumes in cubic millimetres; goods that were never weighed or measured count
nothing. Each function is one statement, however many locations it is about.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import BigInteger, Connection, and_, distinct, func, select, type_coerce

from portal.accounts.models import Company
from portal.core import scope
from portal.core.db import AnyRow, db
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import Balance, HandlingUnit, Lot
from portal.warehousing.sites.models import Location
from portal.warehousing.sites.rules import Load, load_of

_BALANCE, _SKU, _LOT, _UNIT, _LOCATION, _COMPANY = (
    model.__table__ for model in (Balance, Sku, Lot, HandlingUnit, Location, Company)
)
_B, _S = _BALANCE.c, _SKU.c
_THOUSANDTHS = 1000
_MEASURES = (_S.weight_g, _S.length_mm, _S.width_mm, _S.height_mm, _S.storage_class)


def loads_of(location_ids: Iterable[int], on: Connection | None = None) -> dict[int, Load]:
    """Return location → what lies in it (``sites.rules.Load``); EMPTY ones too."""
    ids = list(location_ids)
    wanted = select(_B.location_id, _B.sku_id, _B.lot_id, _B.on_hand, *_MEASURES)
    wanted = wanted.join_from(_BALANCE, _SKU, _S.id == _B.sku_id)
    wanted = wanted.where(_B.location_id.in_(ids), _B.on_hand > 0)
    found: dict[int, list[Load]] = defaultdict(list)
    for row in _run(wanted, on):
        found[row.location_id].append(load_of(row, row.on_hand, row.sku_id, row.lot_id))
    return {id_: sum(found[id_], start=Load()) for id_ in ids}


def _run(statement: Any, on: Connection | None) -> Any:
    return (on or db.session).execute(statement.execution_options(**scope.CENTRE))


def _sums() -> tuple[Any, Any]:
    """Return the weight and the volume of balances, in thousandths of what they are."""
    pieces = type_coerce(_B.on_hand, BigInteger)
    volume = pieces * _S.length_mm * _S.width_mm * _S.height_mm
    return func.sum(pieces * _S.weight_g), func.sum(volume)


def filled(locations: Any, *group: Any) -> Any:
    """Return the select of occupancy grouped by columns of ``location``.

    Rows: the columns, ``count`` of locations, ``used`` (how many hold something), ``weight_g``,
    ``volume_mm3``, ``skus``. ``locations`` is the condition on them.
    """
    lying = and_(_B.location_id == _LOCATION.c.id, _B.on_hand > 0)
    weight, volume = _sums()
    joined = _LOCATION.outerjoin(_BALANCE, lying).outerjoin(_SKU, _S.id == _B.sku_id)
    return (
        select(
            *group,
            func.count(distinct(_LOCATION.c.id)).label("count"),
            func.count(distinct(_B.location_id)).label("used"),
            (func.coalesce(weight, 0) / _THOUSANDTHS).label("weight_g"),
            (func.coalesce(volume, 0) / _THOUSANDTHS).label("volume_mm3"),
            func.count(distinct(_B.sku_id)).label("skus"),
        )
        .select_from(joined)
        .where(locations)
        .group_by(*group)
    )


def occupancy_of_zones(warehouse_id: int) -> dict[int, AnyRow]:
    """Return zone → its active locations and what is used of them (rows of ``filled``)."""
    c = _LOCATION.c
    rows = _run(filled(and_(c.warehouse_id == warehouse_id, c.active), c.zone_id), None)
    return {row.zone_id: row for row in rows}


def occupancy_of(location_ids: Iterable[int], on: Connection | None = None) -> dict[int, AnyRow]:
    """Return location → what lies in it, added up (rows of ``filled``)."""
    wanted = filled(_LOCATION.c.id.in_(list(location_ids)), _LOCATION.c.id)
    return {row.id: row for row in _run(wanted, on)}


def contents_of(location_ids: Iterable[int]) -> Sequence[AnyRow]:
    """Return what lies in locations, whose it is, and how much of it is promised.

    ``location_id, company, sku, name, unit, lot, expires_on, sscc, status, on_hand, allocated``,
    and the ids ``id`` (of the balance), ``company_id, sku_id, lot_id, handling_unit_id``.
    """
    columns = (_B.id, _B.location_id, _B.company_id, _B.sku_id, _B.lot_id, _B.handling_unit_id)
    named = (
        _COMPANY.c.name.label("company"),
        _S.code.label("sku"),
        _S.name,
        _S.unit,
        _LOT.c.code.label("lot"),
        _LOT.c.expires_on,
        _UNIT.c.sscc,
    )
    joined = (
        _BALANCE.join(_SKU, _S.id == _B.sku_id)
        .join(_LOT, _LOT.c.id == _B.lot_id)
        .join(_COMPANY, _COMPANY.c.id == _B.company_id)
        .outerjoin(_UNIT, _UNIT.c.id == _B.handling_unit_id)
    )
    wanted = select(*columns, *named, _B.status, _B.on_hand, _B.allocated).select_from(joined)
    wanted = wanted.where(_B.location_id.in_(list(location_ids)), _B.on_hand > 0)
    rows: Sequence[AnyRow] = _run(wanted.order_by(_S.code, _LOT.c.expires_on, _B.id), None).all()
    return rows
