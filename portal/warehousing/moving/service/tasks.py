"""Tasks of moving: made at the desk, done by scan, skipped with a reason, called off."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.accounts.service.companies import new_ref
from portal.core import clock, events, scope
from portal.core.db import AnyRow
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING
from portal.warehousing.ledger.models import Balance
from portal.warehousing.ledger.service.posting import Posted, reverse
from portal.warehousing.moving import rules
from portal.warehousing.moving.events import MoveTaskChanged
from portal.warehousing.moving.models import MoveTask
from portal.warehousing.moving.service import goods
from portal.warehousing.moving.service.goods import Doing

_TASK, _B = MoveTask.__table__, Balance.__table__


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What a task is to be: so much of a balance (a row) to a location."""

    balance: Any
    quantity: Decimal
    to_id: int
    kind: str = "move"
    priority: int = rules.USUAL
    reason: str | None = None
    note: str | None = None


def make(wish: Wish, *, by: int | None, on: Connection) -> AnyRow:
    """Make a task; return its columns.

    Raises Refused for no quantity, for more than is free, and where source and target are the
    same. Whether it fits is asked when it is done. Records MoveTaskChanged.
    """
    b = wish.balance
    rules.check_different(b.location_id, wish.to_id)
    if not NOTHING < wish.quantity <= goods.free_of(b):
        raise Refused(_l("Not so much of it is free there. Look it up again."))
    row = {
        "ref": new_ref(rules.REF),
        "kind": wish.kind,
        "company_id": b.company_id,
        "warehouse_id": b.warehouse_id,
        "sku_id": b.sku_id,
        "lot_id": b.lot_id,
        "handling_unit_id": b.handling_unit_id,
        "status": b.status,
        "from_id": b.location_id,
        "to_id": wish.to_id,
        "quantity": wish.quantity,
        "done": NOTHING,
        "priority": wish.priority,
        "reason": wish.reason,
        "note": wish.note,
        "state": "open",
        "made_by_id": by,
        "created_at": clock.now(),
    }
    made = on.execute(insert(_TASK).values(**row).returning(*_TASK.c)).one()
    _say(made, "open", by, on)
    return made


def _say(task: AnyRow, state: str, by: int | None, on: Connection) -> None:
    events.record(
        MoveTaskChanged(
            actor_id=by,
            company_id=task.company_id,
            ref=task.ref,
            kind=task.kind,
            state=state,
            warehouse_id=task.warehouse_id,
        ),
        on=on,
    )


def held(ref: str, *, on: Connection) -> AnyRow:
    """Return a task, held until the transaction ends; raises NotFound."""
    wanted = select(_TASK).where(_TASK.c.ref == ref).with_for_update()
    found = on.execute(wanted.execution_options(**scope.CENTRE)).first()
    if found is None:
        raise NotFound(_l("There is no such task."))
    return found


@dataclass(frozen=True)
class Done:
    """A task that was done, in whole or in part: the movement, and what is left to do."""

    posted: Posted
    left: Decimal


def do(
    ref: str,
    quantity: Decimal,
    to_id: int,
    *,
    by: int | None,
    said_at: datetime | None = None,
    reason: str | None = None,
    on: Connection,
) -> Done:
    """Move ``quantity`` of a task to ``to_id``; what is left stays open.

    To another location than the task says only with a ``reason`` (ledger.rules.REASONS). Raises
    Refused where the task is closed, for more than it asks for, and as ``goods.move``. Records
    MoveTaskChanged and StockMoved.
    """
    task = held(ref, on=on)
    rules.check_open(task)
    left = task.quantity - task.done
    if quantity > left:
        raise Refused(_l("The task asks for %(left)s only.", left=f"{left:f}"))
    if to_id != task.to_id and reason is None:
        raise Refused(_l("That is another location. Say why it is put there."))
    posted = _moved(task, quantity, to_id, _doing(task, by, said_at, reason), on)
    is_over = quantity == left
    changes: dict[str, Any] = {"done": task.done + quantity}
    if is_over:
        changes |= {"state": "done", "closed_by_id": by, "closed_at": clock.now()}
    _change(task, changes, on)
    _say(task, "done" if is_over else "open", by, on)
    return Done(posted, left - quantity)


def _doing(task: AnyRow, by: int | None, said_at: datetime | None, reason: str | None) -> Doing:
    return Doing(
        actor_id=by,
        kind=task.kind,
        document=task.ref,
        reason=reason or task.reason,
        note=task.note,
        said_at=said_at,
    )


def _moved(task: AnyRow, quantity: Decimal, to_id: int, doing: Doing, on: Connection) -> Posted:
    b = _B.c
    wanted = select(b.id).where(b.sku_id == task.sku_id, b.lot_id == task.lot_id)
    wanted = wanted.where(b.location_id == task.from_id, b.status == task.status)
    wanted = wanted.where(b.handling_unit_id.is_not_distinct_from(task.handling_unit_id))
    found = on.scalar(wanted.execution_options(**scope.of(task.company_id)))
    if found is None:
        raise Refused(_l("The goods are not there any more. Skip the task and say so."))
    balance = goods.balance_of(found, task.company_id, on)
    return goods.move(balance, quantity, to_id, doing, on=on)


def _change(task: AnyRow, changes: dict[str, Any], on: Connection) -> None:
    changing = update(_TASK).where(_TASK.c.id == task.id).values(**changes)
    on.execute(changing.execution_options(**scope.of(task.company_id)))


def take_back(
    ref: str, movement_id: int, quantity: Decimal, *, by: int | None, on: Connection
) -> None:
    """Undo what ``do`` did: a counter-entry, and the task is open for it again.

    Raises Refused where the goods have gone on since. Records StockMoved and MoveTaskChanged.
    """
    task = held(ref, on=on)
    reverse(movement_id, task.company_id, by=by, note="", on=on)
    opened = {"done": task.done - quantity, "state": "open", "closed_by_id": None}
    _change(task, opened | {"closed_at": None}, on)
    _say(task, "open", by, on)


def skip(ref: str, why: str, *, by: int | None, on: Connection) -> None:
    """Close a task that cannot be done, for one of ``rules.SKIPPED``.

    Raises Invalid for no reason, Refused where it is closed. Records MoveTaskChanged.
    """
    if why not in rules.SKIPPED:
        raise Invalid(_l("Say why the task is skipped."))
    _close(ref, "skipped", why, by, on)


def cancel(ref: str, *, by: int | None, on: Connection) -> None:
    """Call a task off; raises Refused where it is closed. Records MoveTaskChanged."""
    _close(ref, "cancelled", None, by, on)


def _close(ref: str, state: str, why: str | None, by: int | None, on: Connection) -> None:
    task = held(ref, on=on)
    rules.check_open(task)
    closing = {"state": state, "skipped": why, "closed_by_id": by, "closed_at": clock.now()}
    _change(task, closing, on)
    _say(task, state, by, on)
