"""Deciding about differences: adjust the ledger, leave it, or have it counted once more."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select, update

from portal.core import clock, events, scope
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING, written
from portal.warehousing.counting import rules
from portal.warehousing.counting.events import CountDecided
from portal.warehousing.counting.models import CountLine, CountPlace, StockCount
from portal.warehousing.counting.service import standing
from portal.warehousing.goods.models import Sku
from portal.warehousing.goods.queries import sku_row
from portal.warehousing.ledger.models import Balance, Lot
from portal.warehousing.ledger.rules import APPROVED, Leg, Posting
from portal.warehousing.ledger.service import losing
from portal.warehousing.ledger.service.holding import arriving_status
from portal.warehousing.ledger.service.losing import Lost
from portal.warehousing.ledger.service.lots import check_serial
from portal.warehousing.ledger.service.posting import post

_COUNT, _PLACE, _LINE, _BALANCE, _SKU, _LOT = (
    model.__table__ for model in (StockCount, CountPlace, CountLine, Balance, Sku, Lot)
)
DECISIONS = ("adjust", "keep", "recount")


@dataclass(frozen=True, kw_only=True)
class Decision:
    """What somebody decided about a line. ``release``: end promises that stand in the way."""

    what: str
    note: str | None = None
    release: bool = False


def decide(line_id: int, decision: Decision, *, by_id: int, on: Connection) -> None:
    """Carry a decision out.

    Raises Refused for who counted anything of the count, for lines that are not to be decided,
    and where the ledger cannot be adjusted because goods are promised. Records CountDecided,
    StockMoved where something was adjusted, CountChanged where the count is at its end.
    """
    line = _line(line_id, on)
    standing.locked(line.count_id, on)
    line = _line(line_id, on)
    rules.check_may_decide(by_id, standing.counters(line.count_id, on))
    if line.status != "deciding":
        raise Refused(_l("This line is decided already, or still being counted."))
    values = _DO[decision.what](line, decision, by_id, on)
    values |= {"decided_by_id": by_id, "decided_at": clock.now(), "note": decision.note}
    change = update(_LINE).where(_LINE.c.id == line_id).values(**values)
    on.execute(change.execution_options(**scope.of(line.company_id)))
    place = standing.place(line.place_id, on)
    if place.status in ("deciding", "done"):
        standing.settle_place(place, on)
    standing.settle(line.count_id, by_id=by_id, on=on)
    events.record(
        CountDecided(
            actor_id=by_id,
            company_id=line.company_id,
            ref=line.ref,
            warehouse_id=line.warehouse_id,
            sku=line.sku,
            decision=decision.what,
        ),
        on=on,
    )


def _line(line_id: int, on: Connection) -> Any:
    """Return a line with its place, count and goods."""
    wanted = (
        select(_LINE, _PLACE.c.count_id, _PLACE.c.location_id, _PLACE.c.round)
        .add_columns(_PLACE.c.status.label("place_status"))
        .add_columns(_COUNT.c.ref, _COUNT.c.warehouse_id, _SKU.c.code.label("sku"))
        .join_from(_LINE, _PLACE, _PLACE.c.id == _LINE.c.place_id)
        .join(_COUNT, _COUNT.c.id == _PLACE.c.count_id)
        .join(_SKU, _SKU.c.id == _LINE.c.sku_id)
        .where(_LINE.c.id == line_id)
    )
    found = on.execute(wanted.execution_options(**scope.CENTRE)).first()
    if found is None:
        raise NotFound(_l("There is no such line in a count."))
    return found


def _keep(_line: Any, decision: Decision, _by_id: int, _on: Connection) -> dict[str, Any]:
    if not (decision.note or "").strip():
        raise Refused(_l("Say in a few words why the ledger stays as it is."))
    return {"status": "kept"}


def _again(line: Any, _decision: Decision, _by_id: int, _on: Connection) -> dict[str, Any]:
    if line.place_status == "counting":
        raise Refused(_l("Somebody is counting this place now. Wait until he is done."))
    if line.round >= rules.MOST_ROUNDS:
        raise Refused(_l("It has been counted %(most)s times. Decide now.", most=line.round))
    return {"status": "recount"}


def _adjust(line: Any, decision: Decision, by_id: int, on: Connection) -> dict[str, Any]:
    """Post the difference; it stays true whatever moved since, for it is a difference."""
    if line.moved:
        raise Refused(_l("Goods came or went while it was counted. Have it counted once more."))
    difference = line.counted - line.expected
    lost: list[Lost] = []
    if difference > NOTHING:
        legs = _more(line, difference, on)
    else:
        legs, lost = _less(line, -difference, decision, on)
    posting = Posting(
        kind="adjust",
        company_id=line.company_id,
        warehouse_id=line.warehouse_id,
        legs=legs,
        actor_id=by_id,
        document=line.ref,
        reason="count",
        note=decision.note,
    )
    posted = post(posting, on=on)
    losing.tell(lost, line.company_id, by_id, on=on)
    return {"status": "adjusted", "movement_id": posted.id}


def _more(line: Any, quantity: Decimal, on: Connection) -> list[Leg]:
    """Return the leg of goods that were found: loose, in the status of their lot."""
    sku = sku_row(line.sku_id, line.company_id, on)
    if sku.lot_policy == "serial":
        lot = _LOT.c.id == line.lot_id
        code = select(_LOT.c.code).where(lot, _LOT.c.company_id == line.company_id)
        check_serial(sku, str(on.scalar(code.execution_options(**scope.of(line.company_id)))), on)
    status = arriving_status(line.lot_id, line.company_id, on=on)
    return [_leg(line, quantity, status, None)]


def _less(
    line: Any, quantity: Decimal, decision: Decision, on: Connection
) -> tuple[list[Leg], list[Lost]]:
    """Return the legs of goods that are missing: free ones, the loose and approved first."""
    rows = _lying(line, on)
    missing = quantity - _free(rows)
    lost: list[Lost] = []
    if missing > NOTHING and decision.release:
        lost = _released(line, rows, missing, on)
        rows = _lying(line, on)
    if _free(rows) < quantity:
        raise _promised(line, rows, quantity - _free(rows), on)
    legs = []
    for row in rows:
        taken = min(quantity, row.on_hand - row.allocated)
        if taken > NOTHING:
            legs.append(_leg(line, -taken, row.status, row.handling_unit_id))
            quantity -= taken
    return legs, lost


def _leg(line: Any, quantity: Decimal, status: str, unit_id: int | None) -> Leg:
    return Leg(
        sku_id=line.sku_id,
        lot_id=line.lot_id,
        location_id=line.location_id,
        quantity=quantity,
        status=status,
        unit_id=unit_id,
    )


def _lying(line: Any, on: Connection) -> Sequence[Any]:
    b = _BALANCE.c
    wanted = select(_BALANCE).where(
        b.company_id == line.company_id,
        b.sku_id == line.sku_id,
        b.lot_id == line.lot_id,
        b.location_id == line.location_id,
        b.on_hand > 0,
    )
    wanted = wanted.order_by(b.id).with_for_update()
    found = on.execute(wanted.execution_options(**scope.of(line.company_id))).all()
    return sorted(found, key=_first_taken)


def _first_taken(row: Any) -> tuple[bool, bool, int]:
    return (row.handling_unit_id is not None, row.status != APPROVED, row.id)


def _free(rows: Sequence[Any]) -> Decimal:
    return sum((row.on_hand - row.allocated for row in rows), NOTHING)


def _open_promises(line: Any, rows: Sequence[Any], on: Connection) -> list[Any]:
    found = losing.promises_on([row.id for row in rows], line.company_id, on)
    return [each for row in rows for each in found[row.id]]


def _released(line: Any, rows: Sequence[Any], missing: Decimal, on: Connection) -> list[Lost]:
    unpicked = [each for each in _open_promises(line, rows, on) if not each.picked]
    return losing.take_back(unpicked, line.company_id, most=missing, on=on)


def _promised(line: Any, rows: Sequence[Any], missing: Decimal, on: Connection) -> Refused:
    """Return the refusal that names what to release."""
    open_ = _open_promises(line, rows, on)
    if not open_:
        return Refused(_l("Meanwhile less lies there than is to be taken off. Count it once more."))
    named = losing.names_of(open_, line.company_id, on)
    return Refused(
        _l(
            "%(missing)s of it are promised to %(orders)s. Release them there, or tick that "
            "their promises end.",
            missing=written(missing),
            orders=", ".join(named),
        )
    )


_DO = {"adjust": _adjust, "keep": _keep, "recount": _again}
