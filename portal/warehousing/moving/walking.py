"""What scans on the floor mean for a move: the right place, the right goods, the rest of it."""

from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from portal.accounts.access import User
from portal.core import scope
from portal.core.db import AnyRow
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING, written
from portal.warehousing.floor import scans
from portal.warehousing.floor.scans import Scan
from portal.warehousing.floor.service import reading
from portal.warehousing.goods.rules import unit_text
from portal.warehousing.ledger.models import Balance, HandlingUnit, Lot
from portal.warehousing.moving.service import goods, tasks
from portal.warehousing.sites import queries as sites

_B, _LOT, _UNIT = Balance.__table__, Lot.__table__, HandlingUnit.__table__


def balances_at(location_id: int, on: Connection) -> list[AnyRow]:
    """Return what of a location may be moved: balances with ``lot_code``, in their order."""
    wanted = select(_B, _LOT.c.code.label("lot_code"))
    wanted = wanted.join_from(_B, _LOT, _LOT.c.id == _B.c.lot_id)
    wanted = wanted.where(_B.c.location_id == location_id, _B.c.on_hand > _B.c.allocated)
    wanted = wanted.order_by(_B.c.sku_id, _LOT.c.expires_on, _B.c.id)
    return list(on.execute(wanted.execution_options(**scope.CENTRE)))


def unit_by_sscc(sscc: str, on: Connection) -> AnyRow:
    """Return the handling unit with an SSCC; raises Refused where nobody knows it."""
    wanted = select(_UNIT).where(_UNIT.c.sscc == sscc)
    found = on.execute(wanted.execution_options(**scope.CENTRE)).first()
    if found is None:
        raise scans.unknown(Scan(kind="sscc", text=sscc, sscc=sscc))
    return found


def chosen_at(location_id: int, text: str, on: Connection) -> AnyRow:
    """Return the balance at a location that was scanned as goods.

    Raises Refused where such goods do not lie there, and where several lots do and the label
    says none.
    """
    scan = scans.parse(text)
    lying = balances_at(location_id, on)
    found = reading.goods_of(scan, {row.company_id for row in lying}, on)
    mine = [row for row in lying if row.sku_id == found.sku.id]
    mine = [row for row in mine if not scan.lot or row.lot_code == scan.lot] or mine
    if not mine:
        raise Refused(_l("These goods do not lie here, or all of them are promised."))
    if len(mine) > 1:
        raise Refused(_l("Several lots of them lie here. Choose one from the list."))
    return mine[0]


def balance_here(id_: int, by: User, on: Connection) -> AnyRow:
    """Return a balance in the warehouse in which ``by`` works; raises NotFound for others."""
    balance = goods.balance_of(id_, None, on)
    if balance.warehouse_id != reading.warehouse_of(by, on):
        raise NotFound(_l("These goods do not lie there any more. Look it up again."))
    return balance


def unit_here(id_: int, by: User, on: Connection) -> tuple[AnyRow, list[AnyRow]]:
    """Return a handling unit and what lies in it, in the warehouse in which ``by`` works."""
    wanted = select(_UNIT).where(_UNIT.c.id == id_).execution_options(**scope.CENTRE)
    unit = on.execute(wanted).first()
    lines = list(goods.lying_in(unit.id, unit.company_id, on)) if unit is not None else []
    house = reading.warehouse_of(by, on)
    if unit is None or any(line.warehouse_id != house for line in lines):
        raise NotFound(_l("These goods do not lie there any more. Look it up again."))
    return unit, lines


def check_source(task: AnyRow, location: Any, on: Connection) -> None:
    """Raise Refused unless the location is the one from which a task takes its goods."""
    if location.id != task.from_id:
        right = sites.locations_of([task.from_id], on)[task.from_id]
        raise Refused(
            _l(
                "This is %(here)s. Go to %(there)s and scan it.",
                here=location.code,
                there=right.code,
            )
        )


def check_goods(task: AnyRow, text: str, on: Connection) -> None:
    """Raise Refused unless what was scanned is what a task moves: goods, lot, handling unit."""
    scan = scans.need(scans.parse(text), "goods", "sscc")
    if scan.kind == "sscc":
        if unit_by_sscc(scan.sscc or "", on).id != task.handling_unit_id:
            raise Refused(_l("That is another pallet or carton than the task says."))
        return
    found = reading.goods_of(scan, {task.company_id}, on)
    if found.sku.id != task.sku_id:
        raise Refused(_l("Those are other goods: %(name)s. Put them back.", name=found.sku.name))
    wanted = select(_LOT.c.code).where(_LOT.c.id == task.lot_id)
    lot = on.scalar(wanted.execution_options(**scope.of(task.company_id)))
    if scan.lot and lot and scan.lot != lot:
        raise Refused(_l("That is lot %(here)s; take lot %(there)s.", here=scan.lot, there=lot))


def task_here(ref: str, by: User, on: Connection) -> AnyRow:
    """Return a task in the warehouse in which ``by`` works, held; raises NotFound for others."""
    task = tasks.held(ref, on=on)
    if task.warehouse_id != reading.warehouse_of(by, on):
        raise NotFound(_l("There is no such task."))
    return task


def amount(text: str, balance: AnyRow, most: Decimal) -> Decimal:
    """Return how much was typed, ``most`` where nothing was; raises Refused for more than that."""
    quantity = reading.quantity_of(text, balance) if text.strip() else most
    if not NOTHING < quantity <= most:
        raise Refused(
            _l(
                "At most %(most)s %(unit)s can be moved.",
                most=written(max(most, NOTHING)),
                unit=unit_text(balance.unit),
            )
        )
    return quantity
