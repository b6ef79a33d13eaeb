"""What waits on the floor of goods out, as the floor's home and the supervisor's board show it."""

from collections.abc import Iterable
from typing import Any

from portal.accounts.access import User
from portal.core.db import db
from portal.core.i18n import lazy as _l
from portal.core.i18n import lazy_pgettext
from portal.core.quantities import written
from portal.warehousing.floor import tasks
from portal.warehousing.floor.commands import HOME
from portal.warehousing.floor.tasks import USUAL, Task
from portal.warehousing.outbound.queries import packs, walks
from portal.warehousing.outbound.rules import orders as rules

_STEP = 20  # in priority, between usual and urgent


def join() -> None:
    """Let the floor know the kinds of tasks of goods out."""
    tasks.provide("pick", _l("Pick"), to_pick)
    tasks.provide("check", lazy_pgettext("goods out", "Check"), to_check)
    tasks.provide("pack", _l("Pack"), to_pack)
    tasks.provide("ship", _l("Ship"), to_ship)
    tasks.provide("back", lazy_pgettext("restock", "Put back"), to_put_back)


def _urgency(row: Any) -> int:
    return max(USUAL - _STEP * int(row.priority), 0)


def _of(order: Any, kind: str, url: str, ref: str | None = None) -> Task:
    return Task(
        ref=ref or order.ref,
        kind=kind,
        title=f"{order.ref} {order.owner}",
        url=url,
        priority=_urgency(order),
        due_at=order.ship_by,
        since=order.status_at,
    )


def to_pick(_user: User, warehouse_id: int) -> Iterable[Task]:
    """Return orders and waves that nobody has begun to pick, and walks that go on."""
    on = db.session.connection()
    found = [_going_on(walk) for walk in walks.open_walks(warehouse_id, on=on)]
    waves: set[str] = set()
    for order in walks.orders_at(warehouse_id, rules.RELEASED, on=on):
        if order.method != "batch":
            found.append(_of(order, "pick", f"{HOME}/pick/begin?order={order.ref}"))
        elif order.wave not in waves:
            waves.add(order.wave)
            url = f"{HOME}/pick/begin?wave={order.wave}"
            found.append(_of(order, "pick", url, order.wave))
    return found


def _going_on(walk: Any) -> Task:
    return Task(
        ref=walk.walk,
        kind="pick",
        title=f"{walk.ref} {walk.picker}",
        url=f"{HOME}/pick/{walk.walk}",
        priority=_urgency(walk),
        due_at=walk.ship_by,
        since=walk.started_at,
    )


def to_check(_user: User, warehouse_id: int) -> Iterable[Task]:
    """Return orders that were picked."""
    orders = walks.orders_at(warehouse_id, rules.PICKED, on=db.session.connection())
    return [_of(order, "check", f"{HOME}/check/{order.ref}") for order in orders]


def to_pack(_user: User, warehouse_id: int) -> Iterable[Task]:
    """Return orders that are checked, and those whose cartons are not staged yet."""
    on = db.session.connection()
    orders = walks.orders_at(warehouse_id, rules.CHECKED, rules.PACKED, on=on)
    return [_of(order, "pack", f"{HOME}/pack/{order.ref}") for order in orders]


def to_ship(_user: User, warehouse_id: int) -> Iterable[Task]:
    """Return orders that are staged."""
    orders = walks.orders_at(warehouse_id, rules.STAGED, on=db.session.connection())
    return [_of(order, "ship", f"{HOME}/ship") for order in orders]


def to_put_back(_user: User, warehouse_id: int) -> Iterable[Task]:
    """Return goods that have to go back to a place."""
    found = packs.back_at(warehouse_id, on=db.session.connection())
    return [
        Task(
            ref=task.ref,
            kind="back",
            title=f"{task.sku} × {written(task.quantity - task.done)}",
            url=f"{HOME}/back/{task.ref}",
            where=task.home or "",
            walk=task.walk,
            since=task.created_at,
        )
        for task in found
    ]
