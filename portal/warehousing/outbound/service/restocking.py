"""Goods that were taken for an order and are not sent: each has to be put back by a task."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.core import clock, events, scope
from portal.core.db import AnyRow
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING
from portal.warehousing.goods.models import Sku
from portal.warehousing.layout import queries as layout
from portal.warehousing.ledger.models import Movement, StockEntry
from portal.warehousing.ledger.rules import Leg, Posting
from portal.warehousing.ledger.service import reserving
from portal.warehousing.ledger.service.holding import arriving_status
from portal.warehousing.ledger.service.posting import Posted, post
from portal.warehousing.ledger.service.reserving import For
from portal.warehousing.outbound.events import CartonMoved, RestockOwed
from portal.warehousing.outbound.models import Carton, RestockTask
from portal.warehousing.outbound.rules import cartons as carton_rules
from portal.warehousing.outbound.rules.orders import RESTOCK
from portal.warehousing.outbound.rules.picking import check_quantity
from portal.warehousing.outbound.service import handling, states
from portal.warehousing.outbound.service.handling import Hand
from portal.warehousing.sites import queries as sites
from portal.warehousing.sites.rules import STORED, check_fits, load_of

_TASK, _CARTON, _ENTRY, _MOVEMENT, _SKU = (
    model.__table__ for model in (RestockTask, Carton, StockEntry, Movement, Sku)
)
_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def put_back(order: Any, hand: Hand, *, reason: str, on: Connection) -> list[str]:
    """Let all that was picked for an order (a locked row) go back; return the tasks' references.

    Its cartons are emptied, its lines begin anew. ``reason``: of ``rules.picking.BACK``. Whoever
    cancels or changes an order calls it, and takes back himself what was not picked yet.
    Records RestockOwed, CartonMoved.
    """
    lines = states.lines_of(order, on=on)
    picked = [each for each in handling.promises(order, lines, on=on) if each.picked]
    homes = _homes(order, on)
    tasks = [_task(order, each, homes, reason, hand, on) for each in picked]
    for line in lines:
        if line.picked:
            back = {name: -getattr(line, name) for name in ("picked", "checked", "packed")}
            handling.add(line, allocated=-line.picked, on=on, **back)
    _empty_cartons(order, hand, on)
    return tasks


def _homes(order: Any, on: Connection) -> Mapping[tuple[int, int], int]:
    """Return (SKU, lot) → where it was last picked for the order."""
    e, m = _ENTRY.c, _MOVEMENT.c
    taken = (
        select(e.sku_id, e.lot_id, e.location_id)
        .join_from(_ENTRY, _MOVEMENT, m.id == e.movement_id)
        .where(m.document == order.ref, m.kind == "pick", e.quantity < 0)
        .order_by(e.id)
    )
    rows = on.execute(taken.execution_options(**scope.of(order.company_id)))
    return {(row.sku_id, row.lot_id): row.location_id for row in rows}


def _task(
    order: Any,
    promise: Any,
    homes: Mapping[tuple[int, int], int],
    reason: str,
    hand: Hand,
    on: Connection,
) -> str:
    ref = "RS" + "".join(secrets.choice(_LETTERS) for _ in range(8))
    row = {
        "company_id": order.company_id,
        "ref": ref,
        "order_id": order.id,
        "warehouse_id": order.warehouse_id,
        "sku_id": promise.sku_id,
        "lot_id": promise.lot_id,
        "home_id": homes.get((promise.sku_id, promise.lot_id)),
        "quantity": promise.quantity,
        "done": NOTHING,
        "reason": reason,
        "created_at": clock.now(),
    }
    id_ = int(on.scalar(insert(_TASK).values(row).returning(_TASK.c.id)) or 0)
    reserving.release(promise.id, promise.quantity, order.company_id, on=on)
    mine = For(order.company_id, RESTOCK, id_)
    reserving.reserve(promise.balance_id, promise.quantity, mine, picked=True, on=on)
    _tell(order, ref, hand, False, on)
    return ref


def _tell(order: Any, ref: str, hand: Hand, done: bool, on: Connection) -> None:
    told = RestockOwed(
        actor_id=hand.person_id,
        company_id=order.company_id,
        ref=order.ref,
        warehouse_id=order.warehouse_id,
        task=ref,
        done=done,
    )
    events.record(told, on=on)


def _empty_cartons(order: Any, hand: Hand, on: Connection) -> None:
    """Void the cartons of an order: what is in them goes back, their labels count no more."""
    c = _CARTON.c
    emptied = (
        update(_CARTON)
        .where(c.company_id == order.company_id, c.order_id == order.id)
        .where(c.status.in_(carton_rules.FILLED))
        .values(status="emptied")
        .returning(c.sscc, c.number)
    )
    for carton in on.execute(emptied.execution_options(**scope.of(order.company_id))):
        told = CartonMoved(
            actor_id=hand.person_id,
            company_id=order.company_id,
            ref=order.ref,
            warehouse_id=order.warehouse_id,
            sscc=carton.sscc,
            number=carton.number,
            status="emptied",
        )
        events.record(told, on=on)


@dataclass(frozen=True)
class Restocked:
    """What was put where: the task as it is now, and the movement."""

    task: AnyRow
    posted: Posted


def restock(
    task_id: int, quantity: Decimal, location_id: int, hand: Hand, *, on: Connection
) -> Restocked:
    """Put so much of a task into a location; it is free stock from then on, or held as its lot is.

    The caller has found the task in a warehouse of the asker's. Raises Refused for more than is
    left, for a location that is none for goods or does not take them, and for goods that are held
    by now. Records StockMoved, RestockOwed at the end.
    """
    task = _locked(task_id, on)
    check_quantity(quantity, task.quantity - task.done)
    _check_place(task, quantity, location_id, on)
    mine = For(task.company_id, RESTOCK, task.id)
    legs = list(_legs(task, reserving.promised(mine, on=on), quantity, location_id, on))
    posted = post(_posting(task, legs, hand, on), on=on)
    return Restocked(_noted(task, quantity, hand, on), posted)


def _locked(task_id: int, on: Connection) -> AnyRow:
    wanted = select(_TASK).where(_TASK.c.id == task_id).with_for_update()
    found = on.execute(wanted.execution_options(**scope.CENTRE)).first()
    if found is None:
        raise NotFound(_l("There is no such task."))
    if found.done_at is not None:
        raise Refused(_l("These goods have been put back already."))
    return found


def _check_place(task: AnyRow, quantity: Decimal, location_id: int, on: Connection) -> None:
    location = sites.locations_of([location_id], on).get(location_id)
    is_ours = location is not None and location.warehouse_id == task.warehouse_id
    if location is None or not is_ours or location.kind not in STORED:
        raise Refused(_l("Goods are put back where goods are stored. Scan such a place."))
    sku = select(_SKU).where(_SKU.c.company_id == task.company_id, _SKU.c.id == task.sku_id)
    goods = on.execute(sku.execution_options(**scope.of(task.company_id))).one()
    used = layout.loads_of([location_id], on)[location_id]
    check_fits(location, used, load_of(goods, quantity, task.sku_id, task.lot_id))


def _legs(
    task: AnyRow, promises: Sequence[Any], quantity: Decimal, to: int, on: Connection
) -> list[Leg]:
    """Return the entries; the promises that they end are taken back."""
    legs: list[Leg] = []
    left = quantity
    status = arriving_status(task.lot_id, task.company_id, on=on)
    for each in promises:
        now = min(left, each.quantity)
        if now <= 0:
            break
        reserving.release(each.id, now, task.company_id, on=on)
        goods = {"sku_id": each.sku_id, "lot_id": each.lot_id}
        from_ = {"location_id": each.location_id, "unit_id": each.handling_unit_id}
        legs += [
            Leg(**goods, **from_, quantity=-now),
            Leg(**goods, location_id=to, quantity=now, status=status),
        ]
        left -= now
    if left > 0:
        raise Refused(_l("These goods are on hold by now. Ask the supervisor to move them."))
    return legs


def _posting(task: AnyRow, legs: list[Leg], hand: Hand, on: Connection) -> Posting:
    order = states.locked(task.order_id, task.company_id, on=on)
    return Posting(
        kind="restock",
        company_id=task.company_id,
        warehouse_id=task.warehouse_id,
        legs=legs,
        actor_id=hand.person_id,
        document=order.ref,
        reason="owner",
        said_at=hand.said_at,
    )


def _noted(task: AnyRow, quantity: Decimal, hand: Hand, on: Connection) -> AnyRow:
    is_done = task.done + quantity == task.quantity
    values: dict[str, Any] = {"done": task.done + quantity}
    if is_done:
        values |= {"done_at": clock.now(), "done_by_id": hand.person_id}
        order = states.locked(task.order_id, task.company_id, on=on)
        _tell(order, task.ref, hand, True, on)
    noted = update(_TASK).where(_TASK.c.company_id == task.company_id, _TASK.c.id == task.id)
    noted = noted.values(values).returning(*_TASK.c)
    return on.execute(noted.execution_options(**scope.of(task.company_id))).one()
