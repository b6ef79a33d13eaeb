"""Which places come into question for goods, read for the rules of putting away."""

from collections.abc import Collection, Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, func, select

from portal.core import scope
from portal.warehousing.goods.queries import sku_row
from portal.warehousing.inbound.rules import putting
from portal.warehousing.inbound.rules.putting import Goods, Place, Proposal
from portal.warehousing.layout.queries import loads_of
from portal.warehousing.ledger.models import Balance
from portal.warehousing.sites.models import Location, Zone
from portal.warehousing.sites.queries import locations, locations_of

_BALANCE, _LOCATION, _ZONE = Balance.__table__, Location.__table__, Zone.__table__
_SAME, _NEAR = 40, 40  # places looked at: beside the same goods, and the nearest other ones


def goods_of(task: Any, quantity: Decimal, on: Connection) -> Goods:
    """Return what a task is about, as the rules know it; ``quantity``: how much of it."""
    return Goods(
        sku=sku_row(task.sku_id, task.company_id, on),
        lot_id=task.lot_id,
        quantity=quantity,
        status=task.status,
        is_pallet=task.handling_unit_id is not None,
    )


def propose(
    task: Any, quantity: Decimal, on: Connection, *, without: Collection[int] = ()
) -> Sequence[Proposal]:
    """Return where to put what is left of a task, the best place first; empty where nothing fits.

    ``without``: locations that somebody has found unfit.

    A few statements, however large the warehouse: the places of the same goods and the nearest.
    """
    goods = goods_of(task, quantity, on)
    at = locations_of([task.location_id], on)[task.location_id]
    found = {row.id: row for row in _candidates(task, goods, at.walk, on)}
    loads = loads_of(found, on)
    places = [Place(row, loads[row.id]) for row in found.values() if row.id not in without]
    return putting.propose(goods, places, at.walk)


def _candidates(task: Any, goods: Goods, walk: int, on: Connection) -> Sequence[Any]:
    kinds = putting.kinds_for(goods.status, is_pallet=goods.is_pallet)
    open_ = _open(task.warehouse_id, kinds, goods.sku.storage_class)
    distance = func.abs(_LOCATION.c.walk - walk)
    lying = select(_BALANCE.c.location_id).where(_BALANCE.c.on_hand > 0)
    own = lying.where(_BALANCE.c.company_id == task.company_id, _BALANCE.c.sku_id == task.sku_id)
    same = open_.where(_LOCATION.c.id.in_(own)).order_by(distance).limit(_SAME)
    anything = lying.where(_BALANCE.c.location_id == _LOCATION.c.id).exists()
    rows = [*_run(same, on)]
    for kind in kinds:
        of_kind = open_.where(_LOCATION.c.kind == kind)
        empty = _run(of_kind.where(~anything).order_by(distance).limit(_NEAR), on)
        rows += empty or _run(of_kind.where(anything).order_by(distance).limit(_NEAR), on)
    return rows


def _open(warehouse_id: int, kinds: Sequence[str], storage_class: str) -> Select[Any]:
    return locations().where(
        _LOCATION.c.warehouse_id == warehouse_id,
        _LOCATION.c.kind.in_(kinds),
        _LOCATION.c.active,
        _LOCATION.c.blocked.is_(None),
        (_ZONE.c.storage_class == storage_class) | (_LOCATION.c.kind == "hold"),
    )


def _run(wanted: Select[Any], on: Connection) -> Sequence[Any]:
    return on.execute(wanted.execution_options(**scope.CENTRE)).all()
