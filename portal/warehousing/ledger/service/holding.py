"""Holding lots: the owner his own, quality any; a lot is free when no hold is left.

The lot's row is taken before its balances, those in the order (SKU, lot, location). What was
picked stays with its order, except of lots that are recalled: those come back from the stage.
What lies in a location for returns, and damaged goods, are freed place by place, not by the lot.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from portal.accounts.service.companies import new_ref
from portal.core import clock, events, scope
from portal.core.db import AnyRow
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.core.quantities import NOTHING, written
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger import holds
from portal.warehousing.ledger.events import LotStatusChanged
from portal.warehousing.ledger.models import Balance, Lot, LotHold
from portal.warehousing.ledger.rules import APPROVED, Leg, Posting
from portal.warehousing.ledger.service import losing
from portal.warehousing.ledger.service.losing import Lost
from portal.warehousing.ledger.service.posting import post
from portal.warehousing.sites.models import Location

PREFIX = "LH"
_LOT, _HOLD, _BALANCE, _SKU, _LOCATION = (
    model.__table__ for model in (Lot, LotHold, Balance, Sku, Location)
)
#: Told in the same transaction: (lot, its status before, its status now, connection).
Following = Callable[[Any, str, str, Connection], None]
_following: list[Following] = []
_ARRIVING = Prepared(
    select(_LOT.c.status, _LOT.c.expires_on)
    .where(_LOT.c.company_id == bindparam("company"), _LOT.c.id == bindparam("lot"))
    .with_for_update(read=True)
    .execution_options(**scope.BOUND)
)


@dataclass(frozen=True, kw_only=True)
class Hold:
    """What somebody wants held, and why. ``until_on``: its last day; None: until it is lifted."""

    kind: str
    status: str
    reason: str
    until_on: date | None = None


@dataclass(frozen=True, kw_only=True)
class Held:
    """What became of it: the hold, the lot's status now, what changed, which promises ended.

    ``picked``: how much of the lot stays with orders for which it was picked already.
    """

    ref: str
    status: str
    changed: Decimal
    lost: Sequence[Lost]
    picked: Decimal


def provide(follow: Following) -> None:
    """Let ``follow`` know of each lot that gets another status, with what lies of it."""
    if follow not in _following:
        _following.append(follow)


def set_hold(
    lot_id: int, company_id: int, hold: Hold, *, by_id: int | None, on: Connection
) -> Held:
    """Hold a lot; what lies of it changes its status, and what was promised of it is free of that.

    Raises NotFound for another owner's lot, Refused for a hold that ``kind`` may not set, and
    where the same hold lasts already. Records StockMoved and LotStatusChanged.
    """
    holds.check(hold.kind, hold.status, hold.reason)
    if hold.until_on is not None and hold.until_on < today():
        raise Invalid(_l("The last day of the hold lies in the past."))
    lot = _locked(lot_id, company_id, on)
    lasting = lasting_on(lot_id, company_id, on)
    if any((each.kind, each.status) == (hold.kind, hold.status) for each in lasting):
        raise Refused(_l("This lot is held like this already."))
    ref = new_ref(PREFIX)
    row = {
        "ref": ref,
        "company_id": company_id,
        "lot_id": lot_id,
        "kind": hold.kind,
        "status": hold.status,
        "reason": hold.reason.strip(),
        "set_by_id": by_id,
        "set_at": clock.now(),
        "until_on": hold.until_on,
    }
    on.execute(insert(_HOLD).values(**row))
    status = holds.status_of({hold.status, *(each.status for each in lasting)})
    return _become(lot, status, _Why(ref, hold.kind, hold.reason.strip(), by_id), on)


def lift(
    ref: str, company_id: int, kind: str, *, by_id: int | None, note: str | None, on: Connection
) -> Held:
    """End a hold of ``kind``; the lot becomes what its other holds make of it, or free.

    Raises NotFound for another owner's, Refused for one that others set and one that has ended.
    Records StockMoved and LotStatusChanged.
    """
    found = _hold(ref, company_id, on)
    lot = _locked(found.lot_id, company_id, on)
    found = _hold(ref, company_id, on)  # as it is now that nobody else can change it
    if found.kind != kind:
        raise Refused(
            _l("Quality holds this lot. Ask the centre to free it.")
            if found.kind == "quality"
            else _l("The owner holds this lot. Only he can free it.")
        )
    if found.ended_at is not None:
        raise Refused(_l("This hold has ended already."))
    if found.status == "expired" and lot.expires_on is not None and lot.expires_on < today():
        raise Refused(_l("The lot is past its date. Correct the date of the lot first."))
    ended = {"ended_at": clock.now(), "ended_by_id": by_id, "ended_note": note}
    mine = update(_HOLD).where(_HOLD.c.id == found.id, _HOLD.c.company_id == company_id)
    on.execute(mine.values(**ended).execution_options(**scope.of(company_id)))
    lasting = lasting_on(lot.id, company_id, on)
    status = holds.status_of(each.status for each in lasting)
    return _become(lot, status, _Why(ref, kind, note or found.reason, by_id), on)


def arriving_status(lot_id: int, company_id: int, *, wanted: str = APPROVED, on: Connection) -> str:
    """Return the stock status of goods of a lot that come in now as ``wanted``.

    The lot cannot be held or freed until the transaction ends.
    """
    lot = _ARRIVING.first(on, {"company": company_id, "lot": lot_id})
    if lot is None:
        raise NotFound(_l("There is no such lot."))
    return holds.arriving(lot.status, lot.expires_on, today(), wanted)


def lasting_on(lot_id: int, company_id: int, on: Connection) -> Sequence[AnyRow]:
    """Return the holds of a lot that last, the oldest first."""
    wanted = select(_HOLD).where(
        _HOLD.c.company_id == company_id, _HOLD.c.lot_id == lot_id, _HOLD.c.ended_at.is_(None)
    )
    wanted = wanted.order_by(_HOLD.c.id)
    return on.execute(wanted.execution_options(**scope.of(company_id))).all()


@dataclass(frozen=True)
class _Why:
    """The document, the kind, the words and the person of a change."""

    ref: str
    kind: str
    note: str
    by_id: int | None


def _become(lot: Any, status: str, why: _Why, on: Connection) -> Held:
    """Give a lot its status, and what lies of it too; record it."""
    lost: list[Lost] = []
    changed = picked = NOTHING
    if status != lot.status:
        mine = update(_LOT).where(_LOT.c.id == lot.id, _LOT.c.company_id == lot.company_id)
        on.execute(mine.values(status=status).execution_options(**scope.of(lot.company_id)))
        rows = _lying(lot, lot.status, on)
        lost = _promises_ended(rows, lot.company_id, status, on)
        changed, picked = _change(lot, _now(rows, lot.company_id, on), status, why, on)
        for follow in _following:
            follow(lot, lot.status, status, on)
        losing.tell(lost, lot.company_id, why.by_id, on=on)
    events.record(
        LotStatusChanged(
            actor_id=why.by_id,
            company_id=lot.company_id,
            sku=lot.sku,
            lot=lot.code,
            before=lot.status,
            status=status,
            kind=why.kind,
            hold=why.ref,
            lines=[[e.purpose, e.purpose_id, written(e.quantity), e.picked] for e in lost],
        ),
        on=on,
    )
    return Held(ref=why.ref, status=status, changed=changed, lost=lost, picked=picked)


def _lying(lot: Any, status: str, on: Connection) -> Sequence[AnyRow]:
    """Return what lies of a lot in a status and changes with it, in lock order, locked."""
    b = _BALANCE.c
    wanted = (
        select(_BALANCE)
        .join_from(_BALANCE, _LOCATION, _LOCATION.c.id == b.location_id)
        .where(b.company_id == lot.company_id, b.lot_id == lot.id, b.on_hand > 0)
        .where(b.status == status)
        .order_by(b.sku_id, b.lot_id, b.location_id, b.id)
        .with_for_update(of=_BALANCE)
    )
    if status != APPROVED:
        wanted = wanted.where(_LOCATION.c.kind != "return")
    if status == "damaged":
        return []
    return on.execute(wanted.execution_options(**scope.of(lot.company_id))).all()


def _promises_ended(
    rows: Iterable[AnyRow], company_id: int, status: str, on: Connection
) -> list[Lost]:
    promised = [row.id for row in rows if row.allocated > NOTHING]
    if not promised:
        return []
    found = losing.promises_on(promised, company_id, on)
    ending = [
        row
        for balance in promised
        for row in found[balance]
        if status == "recalled" or not row.picked
    ]
    return losing.take_back(ending, company_id, on=on)


def _now(rows: Sequence[AnyRow], company_id: int, on: Connection) -> Sequence[AnyRow]:
    """Return balances as they stand since their promises ended."""
    ids = [row.id for row in rows]
    wanted = select(_BALANCE).where(_BALANCE.c.company_id == company_id, _BALANCE.c.id.in_(ids))
    return on.execute(wanted.execution_options(**scope.of(company_id))).all()


def _change(
    lot: Any, rows: Sequence[AnyRow], status: str, why: _Why, on: Connection
) -> tuple[Decimal, Decimal]:
    """Post what is free of each balance into ``status``; return how much, and what is not."""
    by_warehouse: dict[int, list[Leg]] = defaultdict(list)
    changed = left = NOTHING
    for row in rows:
        free = row.on_hand - row.allocated
        left += row.allocated
        changed += free
        if free > NOTHING:
            by_warehouse[row.warehouse_id] += into(row, free, status)
    for warehouse_id, legs in sorted(by_warehouse.items()):
        posting = Posting(
            kind="status",
            company_id=lot.company_id,
            warehouse_id=warehouse_id,
            legs=legs,
            actor_id=why.by_id,
            document=why.ref,
            reason="expired" if status == "expired" else why.kind,
            note=why.note,
        )
        post(posting, on=on)
    return changed, left


def into(balance: Any, quantity: Decimal, status: str) -> list[Leg]:
    """Return the two legs by which so much of a balance changes its status where it lies."""
    goods = {
        "sku_id": balance.sku_id,
        "lot_id": balance.lot_id,
        "location_id": balance.location_id,
        "unit_id": balance.handling_unit_id,
    }
    return [
        Leg(**goods, quantity=-quantity, status=balance.status),
        Leg(**goods, quantity=quantity, status=status),
    ]


def _locked(lot_id: int, company_id: int, on: Connection) -> Any:
    """Return a lot's columns and the code of its SKU; nobody else changes it until the end."""
    wanted = (
        select(_LOT, _SKU.c.code.label("sku"))
        .join_from(_LOT, _SKU, _SKU.c.id == _LOT.c.sku_id)
        .where(_LOT.c.company_id == company_id, _LOT.c.id == lot_id)
        .with_for_update(of=_LOT)
    )
    found = on.execute(wanted.execution_options(**scope.of(company_id))).first()
    if found is None:
        raise NotFound(_l("There is no such lot."))
    return found


def _hold(ref: str, company_id: int, on: Connection) -> Any:
    wanted = select(_HOLD).where(_HOLD.c.company_id == company_id, _HOLD.c.ref == ref)
    found = on.execute(wanted.execution_options(**scope.of(company_id))).first()
    if found is None:
        raise NotFound(_l("There is no such hold."))
    return found


def today() -> date:
    """Return the centre's day."""
    return clock.now().astimezone(clock.zone()).date()
