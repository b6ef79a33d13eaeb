"""Making sets and taking them apart: goods go out and others come in, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.core import clock, events, scope
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING, written
from portal.warehousing.floor.service import reading
from portal.warehousing.floor.service.reading import Labelled
from portal.warehousing.goods.queries import sku_rows
from portal.warehousing.kits import rows, rules
from portal.warehousing.kits.events import KitDone
from portal.warehousing.kits.models import KitLine, KitRun
from portal.warehousing.kits.rules import REASON
from portal.warehousing.kits.service import ordering
from portal.warehousing.layout.service import check_room
from portal.warehousing.ledger.models import Lot
from portal.warehousing.ledger.rules import Leg, Posting
from portal.warehousing.ledger.service import reserving
from portal.warehousing.ledger.service.holding import arriving_status
from portal.warehousing.ledger.service.posting import post, reverse
from portal.warehousing.sites.rules import EMPTY, load_of

_LINE, _RUN, _LOT = KitLine.__table__, KitRun.__table__, Lot.__table__


@dataclass(frozen=True, kw_only=True)
class Doing:
    """So many sets are done now and put to a location.

    ``labels``: SKU id → lot and date of what comes out, for goods that are told apart; those
    that need none, and sets whose date follows from their parts, are not in it.
    """

    quantity: Decimal
    location_id: int
    labels: Mapping[int, Labelled] = field(default_factory=dict)


def do(order: Any, doing: Doing, *, by: int | None, on: Connection) -> int:
    """Make so many sets of an order, or take so many apart; return the id of the run.

    ``order`` is held (``ordering.held``). Raises Refused where it is over, where not so many are
    left or promised, where the location does not take it, and where a lot is not said. Records
    StockMoved twice, and KitDone.
    """
    rules.check_open(order.status)
    rules.check_quantity(doing.quantity, order.quantity - order.done)
    lines = rows.lines_of(order, on)
    taken = _taken(order, lines, doing.quantity, on)
    usual = _posting(order, by)
    issued = reserving.consume(taken, replace(usual, kind="issue"), on=on)
    legs = _legs(order, doing, taken, on)
    received = post(replace(usual, kind="receive", legs=legs), on=on)
    run = _note(order, doing, (issued.id, received.id), by, on)
    _use(order, lines, doing.quantity, on)
    _told(order, doing.quantity, order.done + doing.quantity, by, on)
    return run


def _posting(order: Any, by: int | None) -> Posting:
    return Posting(
        kind="issue",
        company_id=order.company_id,
        warehouse_id=order.warehouse_id,
        legs=(),
        actor_id=by,
        document=order.ref,
        reason=REASON,
    )


def _taken(order: Any, lines: Sequence[Any], sets: Decimal, on: Connection) -> list[Any]:
    """Return the promises that are used up, with how much of each, in the order of locks."""
    held = rows.promised_by_line(order, lines, on)
    found: list[Any] = []
    for line in lines:
        parts, missing = rules.parted(held[line.id], line.per_kit * sets)
        if missing > NOTHING:
            raise _too_few(order, line, missing, on)
        found += [SimpleNamespace(**{**row._asdict(), "quantity": many}) for row, many in parts]
    return sorted(found, key=lambda row: (row.sku_id, row.lot_id, row.location_id, row.id))


def _too_few(order: Any, line: Any, missing: Decimal, on: Connection) -> Refused:
    sku = sku_rows([line.sku_id], order.company_id, on)[line.sku_id]
    return Refused(
        _l(
            "%(code)s is missing for so many sets: %(quantity)s more must be promised. "
            "Do fewer, or look for goods again.",
            code=sku.code,
            quantity=written(missing),
        )
    )


def _legs(order: Any, doing: Doing, taken: Sequence[Any], on: Connection) -> list[Leg]:
    """Return what comes in; raises Refused where it does not fit or its lot is not said."""
    parts = rows.outputs(order, on)
    skus = sku_rows([part.sku_id for part in parts], order.company_id, on)
    label = _inherited(order, taken, on) if order.kind == rules.MAKE else Labelled(is_new=True)
    legs, adding = [], EMPTY
    for part in parts:
        sku, many = skus[part.sku_id], part.quantity * doing.quantity
        lot = reading.lot_of(sku, _label(sku, doing, label), on)
        if sku.lot_policy == "serial" and many != 1:
            raise Refused(_l("Goods with serial numbers come one at a time: do one set."))
        legs.append(_leg(sku, lot, many, doing.location_id, on))
        adding += load_of(sku, many, sku.id, lot.id)
    check_room(doing.location_id, adding, on=on)
    return legs


def _label(sku: Any, doing: Doing, inherited: Labelled) -> Labelled:
    given = doing.labels.get(sku.id, Labelled())
    expires = given.expires_on or (inherited.expires_on if sku.has_expiry else None)
    return Labelled(lot=given.lot, expires_on=expires, is_new=True)


def _leg(sku: Any, lot: Any, many: Decimal, location_id: int, on: Connection) -> Leg:
    status = arriving_status(lot.id, sku.company_id, on=on)
    return Leg(sku_id=sku.id, lot_id=lot.id, location_id=location_id, quantity=many, status=status)


def _inherited(order: Any, taken: Sequence[Any], on: Connection) -> Labelled:
    """Return the label that a set has from its parts: it lasts as long as the first of them."""
    ids = {row.lot_id for row in taken}
    mine = select(_LOT.c.expires_on).where(
        _LOT.c.company_id == order.company_id, _LOT.c.id.in_(ids), _LOT.c.expires_on.is_not(None)
    )
    dates = list(on.scalars(mine.execution_options(**scope.of(order.company_id))))
    return Labelled(expires_on=min(dates, default=None), is_new=True)


def _note(
    order: Any, doing: Doing, movements: tuple[int, int], by: int | None, on: Connection
) -> int:
    row = {
        "company_id": order.company_id,
        "order_id": order.id,
        "quantity": doing.quantity,
        "issue_id": movements[0],
        "receive_id": movements[1],
        "location_id": doing.location_id,
        "done_by_id": by,
        "at": clock.now(),
    }
    return int(on.scalar(insert(_RUN).values(**row).returning(_RUN.c.id)) or 0)


def _use(order: Any, lines: Sequence[Any], sets: Decimal, on: Connection) -> None:
    """Count so many sets as done, below zero: as not done after all."""
    for line in lines:
        mine = update(_LINE).where(_LINE.c.company_id == order.company_id, _LINE.c.id == line.id)
        values = mine.values(used=line.used + line.per_kit * sets)
        on.execute(values.execution_options(**scope.of(order.company_id)))
    done = order.done + sets
    status = rules.status_of(order.quantity, done, missing=False)
    ended = clock.now() if status == "done" else None
    ordering.keep(order, on, done=done, status=status, ended_at=ended)


def _told(
    order: Any,
    sets: Decimal,
    done: Decimal,
    by: int | None,
    on: Connection,
    *,
    undone: bool = False,
) -> None:
    status = rules.status_of(order.quantity, done, missing=False)
    named = ordering.named(order, ordering.code_of(order, on), status, by)
    told = KitDone(**named, quantity=written(sets), done=written(done), undone=undone)
    events.record(told, on=on)


def undo(run_id: int, order: Any, *, by: int | None, on: Connection) -> None:
    """Take a run back by counter-entries: what came out goes, what was used comes back.

    ``order`` is held. Raises Refused where it was taken back before, or where what came out has
    gone elsewhere since. Records StockMoved twice, and KitDone.
    """
    run = _run(run_id, order, on)
    note = f"{order.ref}"
    reverse(run.receive_id, order.company_id, by=by, note=note, on=on)
    reverse(run.issue_id, order.company_id, by=by, note=note, on=on)
    mine = update(_RUN).where(_RUN.c.company_id == order.company_id, _RUN.c.id == run_id)
    values = mine.values(undone_at=clock.now())
    on.execute(values.execution_options(**scope.of(order.company_id)))
    _use(order, rows.lines_of(order, on), -run.quantity, on)
    _told(order, run.quantity, order.done - run.quantity, by, on, undone=True)
    if order.status != "cancelled":
        ordering.reserve(ordering.held(order.ref, on), by=by, on=on)
    else:
        ordering.keep(order, on, status="cancelled", ended_at=order.ended_at)


def _run(run_id: int, order: Any, on: Connection) -> Any:
    mine = select(_RUN).where(
        _RUN.c.company_id == order.company_id, _RUN.c.order_id == order.id, _RUN.c.id == run_id
    )
    found = on.execute(mine.execution_options(**scope.of(order.company_id))).first()
    if found is None:
        raise NotFound(_l("There is no such run of this order."))
    if found.undone_at is not None:
        raise Refused(_l("This has been taken back already."))
    return found
