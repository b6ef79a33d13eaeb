"""What is still to be put away: kept beside what was received, changed with it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, func, insert, select, update

from portal.core import clock, scope
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.core.quantities import NOTHING, Quantity
from portal.warehousing.inbound.models import PutAwayTask
from portal.warehousing.ledger.models import Balance
from portal.warehousing.ledger.service.apart import Became

_TASK, _BALANCE = PutAwayTask.__table__, Balance.__table__
_MORE = bindparam("more", type_=Quantity())
_SAME = (
    _TASK.c.company_id == bindparam("company"),
    _TASK.c.notice_line_id == bindparam("line"),
    _TASK.c.lot_id == bindparam("lot"),
    _TASK.c.status == bindparam("stock_status"),
    _TASK.c.location_id == bindparam("location"),
    func.coalesce(_TASK.c.handling_unit_id, 0) == bindparam("unit_key"),
    _TASK.c.done_at.is_(None),
)
_ADD_TO = Prepared(
    update(_TASK)
    .where(*_SAME)
    .values(quantity=_TASK.c.quantity + _MORE)
    .returning(_TASK.c.id)
    .execution_options(**scope.BOUND)
)
_FIND = Prepared(select(_TASK).where(*_SAME).execution_options(**scope.BOUND))
_ADD = Prepared(insert(_TASK))


@dataclass(frozen=True)
class Goods:
    """What lies at the place of receiving: SKU, lot, pallet and stock status."""

    sku_id: int
    lot_id: int
    unit_id: int | None
    status: str


def add(notice: Any, line_id: int, goods: Goods, quantity: Decimal, *, on: Connection) -> None:
    """Let so much more of the goods wait to be put away."""
    key = _key(notice, line_id, goods)
    if _ADD_TO.first(on, {**key, "more": quantity}) is not None:
        return
    row = {
        "company_id": notice.company_id,
        "warehouse_id": notice.warehouse_id,
        "notice_id": notice.id,
        "notice_line_id": line_id,
        "sku_id": goods.sku_id,
        "lot_id": goods.lot_id,
        "handling_unit_id": goods.unit_id,
        "status": goods.status,
        "location_id": notice.location_id,
        "quantity": quantity,
        "done": NOTHING,
        "assigned_to_id": None,
        "created_at": clock.now(),
        "done_at": None,
    }
    _ADD.run(on, row)


def _key(notice: Any, line_id: int, goods: Goods) -> dict[str, Any]:
    return {
        "company": notice.company_id,
        "line": line_id,
        "lot": goods.lot_id,
        "stock_status": goods.status,
        "location": notice.location_id,
        "unit_key": goods.unit_id or 0,
    }


def lessen(notice: Any, line_id: int, goods: Goods, quantity: Decimal, *, on: Connection) -> None:
    """Take back what was to be put away; raises Refused once it has been."""
    task = _FIND.first(on, _key(notice, line_id, goods))
    if task is None or task.quantity - task.done < quantity:
        raise Refused(_l("These goods have been put away. Bring them back first, or count them."))
    cut(task, quantity, on)


def cut(task: Any, quantity: Decimal, on: Connection) -> None:
    """Let so much less of a task (its row) wait; what nothing is left of is done with."""
    rest = task.quantity - quantity
    values: dict[str, Any] = {"quantity": rest}
    if rest == task.done:
        values["done_at"] = clock.now()
    _change(task, values, on)


def did(task: Any, quantity: Decimal, on: Connection) -> None:
    """Note that so much of a task (its row) was put away."""
    done = task.done + quantity
    values: dict[str, Any] = {"done": done}
    if done == task.quantity:
        values["done_at"] = clock.now()
    _change(task, values, on)


def undo(notice: Any, task: Any, quantity: Decimal, on: Connection) -> None:
    """Let so much of a task wait again."""
    if task.done_at is None:
        _change(task, {"done": task.done - quantity}, on)
        return
    _change(task, {"done": task.done - quantity, "quantity": task.quantity - quantity}, on)
    goods = Goods(task.sku_id, task.lot_id, task.handling_unit_id, task.status)
    add(notice, task.notice_line_id, goods, quantity, on=on)


def _change(task: Any, values: dict[str, Any], on: Connection) -> None:
    mine = update(_TASK).where(_TASK.c.id == task.id, _TASK.c.company_id == task.company_id)
    on.execute(mine.values(**values).execution_options(**scope.of(task.company_id)))


def task(id_: int, on: Connection, *, company_id: int | None = None) -> Any:
    """Return the row of a task; None: there is none."""
    wanted = select(_TASK).where(_TASK.c.id == id_)
    if company_id is not None:
        wanted = wanted.where(_TASK.c.company_id == company_id)
    return on.execute(wanted.execution_options(**scope.CENTRE)).first()


def are_left(notice: Any, on: Connection) -> bool:
    """Return whether anything of a notice still waits to be put away."""
    wanted = select(_TASK.c.id).where(_TASK.c.notice_id == notice.id, _TASK.c.done_at.is_(None))
    left = on.execute(wanted.limit(1).execution_options(**scope.of(notice.company_id)))
    return left.first() is not None


def is_begun(notice: Any, on: Connection) -> bool:
    """Return whether anything of a notice has been put away."""
    wanted = select(_TASK.c.id).where(_TASK.c.notice_id == notice.id, _TASK.c.done > 0)
    found = on.execute(wanted.limit(1).execution_options(**scope.of(notice.company_id)))
    return found.first() is not None


def of_goods(notice: Any, line_id: int, on: Connection) -> list[Any]:
    """Return the open tasks of a line, those with the most left first."""
    wanted = select(_TASK).where(
        _TASK.c.notice_id == notice.id,
        _TASK.c.notice_line_id == line_id,
        _TASK.c.done_at.is_(None),
    )
    rows = on.execute(wanted.execution_options(**scope.of(notice.company_id)))
    return sorted(rows, key=lambda row: row.done - row.quantity)


def follow(lot: Any, before: str, status: str, on: Connection) -> None:
    """Let open tasks be about goods of a lot as they are since it was held, or freed.

    Damaged pieces stay what they are; so do their tasks.
    """
    if before == "damaged":
        return
    t = _TASK.c
    mine = select(_TASK).where(t.company_id == lot.company_id, t.lot_id == lot.id)
    mine = mine.where(t.status == before, t.done_at.is_(None)).order_by(t.id).with_for_update()
    for task in on.execute(mine.execution_options(**scope.of(lot.company_id))).all():
        if not _joined(task, status, task.quantity - task.done, on):
            _change(task, {"status": status}, on)


def follow_pieces(became: Became, on: Connection) -> None:
    """Let pieces that were set apart, or are good again, wait as what they are now.

    Only as many as are missing for what waits: others that lie there are nobody's task.
    """
    t, unit = _TASK.c, became.unit_id or 0
    mine = select(_TASK).where(
        *(t[name] == getattr(became, name) for name in _PIECES),
        t.status == became.before,
        func.coalesce(t.handling_unit_id, 0) == unit,
        t.done_at.is_(None),
    )
    own = scope.of(became.company_id)
    open_ = on.execute(mine.order_by(t.id.desc()).with_for_update().execution_options(**own)).all()
    if not open_:
        return
    waits = sum((task.quantity - task.done for task in open_), NOTHING)
    missing = min(became.quantity, waits - _lying(became, on))
    for task in open_:
        part = min(missing, task.quantity - task.done)
        if part <= NOTHING:
            return
        if not _joined(task, became.status, part, on):
            _parted(task, became.status, part, on)
        missing -= part


_PIECES = ("company_id", "sku_id", "lot_id", "location_id")


def _lying(became: Became, on: Connection) -> Decimal:
    """Return how much still lies there of what the pieces were."""
    b = _BALANCE.c
    wanted = select(func.sum(b.on_hand)).where(
        *(b[name] == getattr(became, name) for name in _PIECES),
        b.status == became.before,
        func.coalesce(b.handling_unit_id, 0) == (became.unit_id or 0),
    )
    return on.scalar(wanted.execution_options(**scope.of(became.company_id))) or NOTHING


def _parted(task: Any, status: str, part: Decimal, on: Connection) -> None:
    """Let a part of a task wait as a task of its own, in ``status``."""
    row = {**task._mapping, "status": status, "quantity": part, "done": NOTHING}
    row.pop("id")
    _ADD.run(on, row)
    cut(task, part, on)


def _joined(task: Any, status: str, part: Decimal, on: Connection) -> bool:
    """Add a part of a task to the one about the same goods in ``status``; False: none is."""
    key = {
        "company": task.company_id,
        "line": task.notice_line_id,
        "lot": task.lot_id,
        "stock_status": status,
        "location": task.location_id,
        "unit_key": task.handling_unit_id or 0,
    }
    if _ADD_TO.first(on, {**key, "more": part}) is None:
        return False
    cut(task, part, on)
    return True
