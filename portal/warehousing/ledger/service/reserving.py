"""Promising goods: an allocation holds so much of a balance for one line of a document.

Two orders can never be promised the same piece: a balance is promised by one statement that
succeeds only while enough of it is free, and the database refuses any other.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, Select, bindparam, insert, select, update

from portal.core import clock, scope
from portal.core.db import is_sqlite
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.core.quantities import Quantity
from portal.warehousing.ledger.models import Allocation, Balance
from portal.warehousing.ledger.rules import APPROVED, Leg, Posting
from portal.warehousing.ledger.service import totals
from portal.warehousing.ledger.service.posting import Posted, post

_BALANCE, _ALLOCATION = Balance.__table__, Allocation.__table__
_WANTED = bindparam("wanted", type_=Quantity())
_PROMISE = Prepared(
    update(_BALANCE)
    .where(
        _BALANCE.c.company_id == bindparam("company"),
        _BALANCE.c.id == bindparam("balance"),
        _BALANCE.c.status == APPROVED,
        _BALANCE.c.on_hand - _BALANCE.c.allocated >= _WANTED,
    )
    .values(allocated=_BALANCE.c.allocated + _WANTED)
    .returning(_BALANCE.c.sku_id, _BALANCE.c.warehouse_id)
    .execution_options(**scope.BOUND)
)
_NOTE = Prepared(insert(_ALLOCATION).returning(_ALLOCATION.c.id))
_FREE = Prepared(
    update(_BALANCE)
    .where(_BALANCE.c.company_id == bindparam("company"), _BALANCE.c.id == bindparam("balance"))
    .values(allocated=_BALANCE.c.allocated - _WANTED)
    .returning(_BALANCE.c.sku_id, _BALANCE.c.warehouse_id)
    .execution_options(**scope.BOUND)
)
_LESS = Prepared(
    update(_ALLOCATION)
    .where(
        _ALLOCATION.c.company_id == bindparam("company"),
        _ALLOCATION.c.id == bindparam("allocation"),
        _ALLOCATION.c.quantity >= _WANTED,
    )
    .values(quantity=_ALLOCATION.c.quantity - _WANTED)
    .returning(_ALLOCATION.c.balance_id, _ALLOCATION.c.purpose, _ALLOCATION.c.purpose_id)
    .execution_options(**scope.BOUND)
)


def _promises() -> Select[Any]:
    a, b = _ALLOCATION.c, _BALANCE.c
    return (
        select(a.id, a.quantity, a.picked, a.purpose_id, a.balance_id)
        .add_columns(b.sku_id, b.lot_id, b.location_id, b.warehouse_id, b.handling_unit_id)
        .join_from(_ALLOCATION, _BALANCE, b.id == a.balance_id)
        .where(a.quantity > 0)
    )


_PROMISED = Prepared(
    _promises()
    .where(
        _ALLOCATION.c.company_id == bindparam("company"),
        _ALLOCATION.c.purpose == bindparam("kind"),
        _ALLOCATION.c.purpose_id == bindparam("line"),
    )
    .execution_options(**scope.BOUND)
)
ONE_BY_ONE = 40  # lines whose promises are read one by one rather than by a list


@dataclass(frozen=True)
class For:
    """What goods are promised to: one line of a document of a company."""

    company_id: int
    purpose: str
    purpose_id: int


def reserve(
    balance_id: int, quantity: Decimal, for_: For, *, picked: bool = False, on: Connection
) -> int | None:
    """Promise ``quantity`` of a balance; return the allocation, None where not so much is free.

    Whoever tries many balances takes them in the order (SKU, lot, location).
    """
    _check(quantity)
    wanted = {"company": for_.company_id, "balance": balance_id, "wanted": quantity}
    found = _PROMISE.first(on, wanted)
    if found is None:
        return None
    totals.reserved((for_.company_id, found.sku_id, found.warehouse_id), quantity, on=on)
    return _note(balance_id, quantity, for_, picked, on)


def _check(quantity: Decimal) -> None:
    """Raise ValueError for what is no quantity to promise: less than nothing would give more."""
    if quantity <= 0:
        raise ValueError("A promise is of something.")


def _note(balance_id: int, quantity: Decimal, for_: For, picked: bool, on: Connection) -> int:
    row = {
        "company_id": for_.company_id,
        "balance_id": balance_id,
        "purpose": for_.purpose,
        "purpose_id": for_.purpose_id,
        "quantity": quantity,
        "picked": picked,
        "created_at": clock.now(),
    }
    return int(_NOTE.first(on, row).id)


def release(allocation_id: int, quantity: Decimal, company_id: int, *, on: Connection) -> None:
    """Take a promise back, in whole or in part; raises Refused where it is not so much any more."""
    lessened = _lessen(allocation_id, quantity, company_id, on)
    values = {"company": company_id, "balance": lessened.balance_id, "wanted": quantity}
    found = _FREE.first(on, values)
    totals.reserved((company_id, found.sku_id, found.warehouse_id), -quantity, on=on)


def _lessen(allocation_id: int, quantity: Decimal, company_id: int, on: Connection) -> Any:
    _check(quantity)
    values = {"company": company_id, "allocation": allocation_id, "wanted": quantity}
    found = _LESS.first(on, values)
    if found is None:
        raise Refused(_l("This is no longer promised. Look the task up again."))
    return found


def promised(for_: For, *, on: Connection) -> Sequence[Any]:
    """Return what is still promised to a line: allocation columns with those of its balance.

    ``id, quantity, picked, balance_id, sku_id, lot_id, location_id, warehouse_id,
    handling_unit_id``, in the order (SKU, lot, location).
    """
    return promised_to([for_.purpose_id], for_.purpose, for_.company_id, on=on)


def promised_to(
    lines: Iterable[int], purpose: str, company_id: int, *, on: Connection
) -> Sequence[Any]:
    """Return what is still promised to any of these lines, as ``promised``, with ``purpose_id``."""
    ids = list(lines)
    if is_sqlite(on) and len(ids) <= ONE_BY_ONE:
        one = {"company": company_id, "kind": purpose}
        rows = [row for each in ids for row in _PROMISED.all(on, {**one, "line": each})]
        return sorted(rows, key=_in_turn)
    a, b = _ALLOCATION.c, _BALANCE.c
    wanted = (
        _promises()
        .where(a.company_id == company_id, a.purpose == purpose, a.purpose_id.in_(ids))
        .order_by(b.sku_id, b.lot_id, b.location_id, a.id)
    )
    return on.execute(wanted.execution_options(**scope.of(company_id))).all()


def _in_turn(row: Any) -> tuple[int, int, int, int]:
    return row.sku_id, row.lot_id, row.location_id, row.id


def carry(
    allocation: Any,
    quantity: Decimal,
    posting: Posting,
    *,
    to: int,
    unit_id: int | None = None,
    picked: bool = True,
    on: Connection,
) -> tuple[int, Posted]:
    """Move promised goods to the location ``to`` (picked, staged); the promise goes along.

    ``picked``: whether they are taken for it then; False where that is undone.

    ``allocation`` is a row of ``promised``; ``posting`` says kind, document and who, its legs are
    made here. ``unit_id`` is the handling unit into which they go. Returns the allocation of the
    goods where they are now, and the movement. Raises Refused where the promise is less by now.
    Records StockMoved.
    """
    company = posting.company_id
    lessened = _lessen(allocation.id, quantity, company, on)
    goods = {"sku_id": allocation.sku_id, "lot_id": allocation.lot_id}
    legs = (
        Leg(
            **goods,
            location_id=allocation.location_id,
            unit_id=allocation.handling_unit_id,
            quantity=-quantity,
            allocated=-quantity,
        ),
        Leg(**goods, location_id=to, unit_id=unit_id, quantity=quantity, allocated=quantity),
    )
    posted = post(replace(posting, legs=legs), on=on)
    for_ = For(company, lessened.purpose, lessened.purpose_id)
    return _note(posted.balances[1], quantity, for_, picked, on), posted


def consume(allocations: Sequence[Any], posting: Posting, *, on: Connection) -> Posted:
    """Issue promised goods (shipped, used up): the rows of ``promised`` as they stand.

    Raises Refused where a promise is less by now. Records StockMoved.
    """
    for each in allocations:
        _lessen(each.id, each.quantity, posting.company_id, on)
    legs = [
        Leg(
            sku_id=each.sku_id,
            lot_id=each.lot_id,
            location_id=each.location_id,
            unit_id=each.handling_unit_id,
            quantity=-each.quantity,
            allocated=-each.quantity,
        )
        for each in allocations
    ]
    return post(replace(posting, legs=legs), on=on)


__all__ = ["For", "carry", "consume", "promised", "promised_to", "release", "reserve"]
