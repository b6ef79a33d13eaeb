"""Putting away: goods go from where they were received to where they are stored."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select

from portal.core import events, scope
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING, written
from portal.warehousing.inbound.events import GoodsPutAway
from portal.warehousing.inbound.models import InboundNotice, PutAwayTask
from portal.warehousing.inbound.rules import states
from portal.warehousing.inbound.service import finishing, held, placing, tasks, writing
from portal.warehousing.layout.queries import loads_of
from portal.warehousing.ledger.holds import APART
from portal.warehousing.ledger.models import Balance
from portal.warehousing.ledger.rules import REASONS, Leg, Posting
from portal.warehousing.ledger.service.posting import post, reverse
from portal.warehousing.sites import rules as sites
from portal.warehousing.sites.queries import location_by_barcode

_NOTICE, _TASK, _BALANCE = InboundNotice.__table__, PutAwayTask.__table__, Balance.__table__
#: Kinds of locations where goods are in storage.
STORAGE = frozenset({"pick", "reserve", "hold"})
#: Why goods are put elsewhere than proposed: of ledger.rules.REASONS.
OVERRIDES = ("full", "unsuitable", "other")


@dataclass(frozen=True, kw_only=True)
class Put:
    """What somebody did: so much of a task is at the location with this barcode or code.

    ``proposed``: the location that he was shown. ``reason``: why it is another one.
    """

    location: str
    quantity: Decimal
    proposed: int | None = None
    reason: str | None = None
    note: str | None = None
    said_at: datetime | None = None


@dataclass(frozen=True)
class Stored:
    """What came of it: where it is, what is left of the task, whether the notice is complete."""

    movement_id: int
    location: Any
    sku: Any
    left: Decimal
    is_complete: bool


class Elsewhere(Refused):
    """The goods were to be put elsewhere: a reason is wanted."""


def put_away(
    task_id: int, put: Put, *, by: int | None, on: Connection, company_id: int | None = None
) -> Stored:
    """Bring goods of a task to a location.

    Raises NotFound for a task or location that is not there, Refused where it is done, does not
    fit or is promised, Elsewhere where it is not the proposed place and no reason is given.
    Records StockMoved, GoodsPutAway, and NoticeMoved where the notice goes on.
    """
    notice, task = _held(task_id, on, company_id)
    free = waiting(task, on)
    if not NOTHING < put.quantity <= task.quantity - task.done:
        raise Refused(_l("So much of it does not wait here. Look at the task again."))
    if put.quantity > free:
        raise Refused(_l("A part of it is promised to orders: it is picked from here."))
    place = _place(task, put.location, on)
    goods = placing.goods_of(task, put.quantity, on)
    load = sites.load_of(goods.sku, put.quantity, task.sku_id, task.lot_id)
    sites.check_fits(place, loads_of([place.id], on)[place.id], load)
    against = _is_against(task, put, place, on)
    movement = _post(notice, task, put, place, against, by, on)
    tasks.did(task, put.quantity, on)
    position = writing.stored(notice, task.notice_line_id, put.quantity, on)
    _tell(notice, (position, goods.sku.code), put, place, against, by, on)
    done = finishing.complete(notice.ref, by=by, on=on)
    left = task.quantity - task.done - put.quantity
    return Stored(movement, place, goods.sku, left, done)


def _held(task_id: int, on: Connection, company_id: int | None) -> tuple[Any, Any]:
    """Return the notice, held, and the task of it as it is now."""
    task = tasks.task(task_id, on, company_id=company_id)
    if task is None:
        raise NotFound(_l("There is no such task."))
    mine = select(_NOTICE.c.ref).where(_NOTICE.c.id == task.notice_id)
    ref = on.scalar(mine.execution_options(**scope.of(task.company_id)))
    notice = held.notice(str(ref), on)
    task = tasks.task(task_id, on)
    if notice.status not in states.PUTTABLE or task.done_at is not None:
        raise Refused(_l("This has been put away already. Take the next task."))
    return notice, task


def waiting(task: Any, on: Connection) -> Decimal:
    """Return how much of a task’s goods lies there and is not promised."""
    b = _BALANCE.c
    wanted = select(func.sum(b.on_hand - b.allocated)).where(*_same(task))
    return on.scalar(wanted.execution_options(**scope.of(task.company_id))) or NOTHING


def _same(task: Any) -> tuple[Any, ...]:
    b = _BALANCE.c
    return (
        b.company_id == task.company_id,
        b.sku_id == task.sku_id,
        b.lot_id == task.lot_id,
        b.location_id == task.location_id,
        b.status == task.status,
        func.coalesce(b.handling_unit_id, 0) == (task.handling_unit_id or 0),
    )


def _place(task: Any, code: str, on: Connection) -> Any:
    place = location_by_barcode(code, task.warehouse_id, on)
    if place is None:
        raise NotFound(
            _l("This warehouse has no location %(code)s. Scan its label again.", code=code[:40])
        )
    if place.kind not in STORAGE:
        raise Refused(
            _l("%(code)s is no place for storage. Choose another location.", code=place.code)
        )
    return place


def _is_against(task: Any, put: Put, place: Any, on: Connection) -> bool:
    """Return whether the place is another than proposed; raises Elsewhere without a reason."""
    if place.id == put.proposed:
        return False
    proposed = placing.propose(task, task.quantity - task.done, on)
    if any(each.location.id == place.id for each in proposed):
        return False
    if put.reason not in OVERRIDES:
        raise Elsewhere(
            _l("%(code)s was not proposed. Say why you put it there.", code=place.code)
            if proposed
            else _l("Nothing was proposed. Say why you put it there.")
        )
    return True


def _post(
    notice: Any, task: Any, put: Put, place: Any, against: bool, by: int | None, on: Connection
) -> int:
    goods = {"sku_id": task.sku_id, "lot_id": task.lot_id, "status": task.status}
    unit = task.handling_unit_id
    # What is taken off a pallet lies loose; a whole pallet keeps its code.
    is_whole = put.quantity == task.quantity - task.done and not _is_part_of_pallet(task, on)
    legs = [
        Leg(**goods, location_id=task.location_id, quantity=-put.quantity, unit_id=unit),
        Leg(
            **goods,
            location_id=place.id,
            quantity=put.quantity,
            unit_id=unit if is_whole else None,
        ),
    ]
    posting = Posting(
        kind="put_away",
        company_id=notice.company_id,
        warehouse_id=notice.warehouse_id,
        legs=legs,
        actor_id=by,
        document=notice.ref,
        reason=put.reason if against and put.reason in REASONS else None,
        note=put.note,
        said_at=put.said_at,
    )
    return post(posting, on=on).id


def _is_part_of_pallet(task: Any, on: Connection) -> bool:
    """Return whether pieces that were set apart leave others behind on their pallet."""
    if task.handling_unit_id is None or task.status not in APART:
        return False
    b = _BALANCE.c
    others = select(b.id).where(
        b.company_id == task.company_id,
        b.handling_unit_id == task.handling_unit_id,
        b.status != task.status,
        b.on_hand > 0,
    )
    own = scope.of(task.company_id)
    return on.execute(others.limit(1).execution_options(**own)).first() is not None


def undo(
    task_id: int, movement_id: int, quantity: Decimal, *, by: int | None, on: Connection
) -> None:
    """Bring goods back to where they were received: somebody scanned the wrong place.

    Raises Refused once the notice is complete, or when the goods have gone on. Records
    StockMoved, NoticeAmended.
    """
    task = tasks.task(task_id, on)
    if task is None:
        raise NotFound(_l("There is no such task."))
    mine = select(_NOTICE.c.ref).where(_NOTICE.c.id == task.notice_id)
    notice = held.notice(str(on.scalar(mine.execution_options(**scope.of(task.company_id)))), on)
    if notice.status == "completed":
        raise Refused(_l("Everything of this notice is in storage. Move the goods instead."))
    reverse(movement_id, notice.company_id, by=by, note=notice.ref, on=on)
    tasks.undo(notice, tasks.task(task_id, on), quantity, on)
    writing.stored(notice, task.notice_line_id, -quantity, on)
    held.tell_amended(notice, "lines", by=by, on=on)


def settle(on: Connection, *, most: int = 200) -> int:
    """Close tasks whose goods left from where they were received; return how many.

    Orders may be picked straight from receiving; nobody has to put those goods away.
    """
    b = _BALANCE.c
    lying = select(b.id).where(
        b.company_id == _TASK.c.company_id,
        b.sku_id == _TASK.c.sku_id,
        b.lot_id == _TASK.c.lot_id,
        b.location_id == _TASK.c.location_id,
        b.status == _TASK.c.status,
        func.coalesce(b.handling_unit_id, 0) == func.coalesce(_TASK.c.handling_unit_id, 0),
        b.on_hand > 0,
    )
    gone = select(_TASK, _NOTICE.c.ref).join_from(_TASK, _NOTICE, _NOTICE.c.id == _TASK.c.notice_id)
    gone = gone.where(_TASK.c.done_at.is_(None), ~lying.exists()).limit(most)
    rows = on.execute(gone.execution_options(**scope.CENTRE)).all()
    for row in rows:
        held.notice(row.ref, on)
        tasks.cut(row, row.quantity - row.done, on)
        finishing.complete(row.ref, by=None, on=on)
    return len(rows)


def _tell(
    notice: Any,
    line: tuple[int, str],
    put: Put,
    place: Any,
    against: bool,
    by: int | None,
    on: Connection,
) -> None:
    events.record(
        GoodsPutAway(
            actor_id=by,
            company_id=notice.company_id,
            ref=notice.ref,
            warehouse_id=notice.warehouse_id,
            line=line[0],
            sku=line[1],
            quantity=written(put.quantity),
            location=place.code,
            against=against,
        ),
        on=on,
    )
