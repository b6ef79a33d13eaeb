"""Receiving what comes back: by scan, announced or not, into a location for returns."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, delete, select

from portal.core import clock, scope
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING
from portal.warehousing.ledger.rules import Leg, Posting
from portal.warehousing.ledger.service.posting import post, reverse
from portal.warehousing.returns import rules
from portal.warehousing.returns.models import ReturnLine, ReturnPart
from portal.warehousing.returns.service import requesting
from portal.warehousing.returns.service.held import add_part, change, held, move, part, tell_part
from portal.warehousing.returns.service.requesting import Wish

_LINE, _PART = ReturnLine.__table__, ReturnPart.__table__
WAITS_AS = "quarantined"  # stock status of what was not inspected yet


@dataclass(frozen=True, kw_only=True)
class Came:
    """So much of a lot (row of ``lot``) that came, and the location (row) where it was laid."""

    lot: Any
    location: Any
    quantity: Decimal
    said_at: datetime | None = None


def found(company_id: int, warehouse_id: int, *, by_id: int, on: Connection) -> Any:
    """Begin a return for goods that came without word; return its columns. Records ReturnMoved."""
    wish = Wish(warehouse_id=warehouse_id, reason="other", lines=(), source="floor")
    return requesting.begin(wish, company_id, "authorised", by_id=by_id, on=on)


def receive(
    return_id: int, company_id: int, came: Came, *, by_id: int, on: Connection
) -> tuple[int, Decimal]:
    """Take goods in, quarantined until they are inspected.

    Returns the part's id and how much more came of it than was announced (0: not more). Raises
    Refused for a location that is not for returns and for a return that is not expected. Records
    StockMoved and ReturnPartChanged.
    """
    row = held(return_id, company_id, on)
    if row.status not in rules.COMING:
        raise Refused(_l("This return is not expected any more. Look it up at the desk."))
    if came.location.kind != "return" or came.location.warehouse_id != row.warehouse_id:
        raise Refused(_l("Lay what comes back into a location for returns."))
    line, over = _line(row, came, on)
    posted = post(_posting(row, came, by_id), on=on)
    values = {
        "company_id": company_id,
        "return_id": row.id,
        "line_id": line,
        "sku_id": came.lot.sku_id,
        "lot_id": came.lot.id,
        "location_id": came.location.id,
        "quantity": came.quantity,
        "status": "received",
        "received_by_id": by_id,
        "received_at": posted.at,
        "movement_id": posted.id,
    }
    part_id = add_part(values, on)
    change(row, on)
    tell_part(row, part_id, by_id, on)
    return part_id, over


def _posting(row: Any, came: Came, by_id: int) -> Posting:
    leg = Leg(
        sku_id=came.lot.sku_id,
        lot_id=came.lot.id,
        location_id=came.location.id,
        quantity=came.quantity,
        status=WAITS_AS,
    )
    return Posting(
        kind="receive",
        company_id=row.company_id,
        warehouse_id=row.warehouse_id,
        legs=[leg],
        actor_id=by_id,
        document=row.ref,
        reason="return",
        said_at=came.said_at,
    )


def _line(row: Any, came: Came, on: Connection) -> tuple[int | None, Decimal]:
    """Return the line that goods belong to (None: they were not announced), and what is over."""
    mine = select(_LINE).where(
        _LINE.c.company_id == row.company_id,
        _LINE.c.return_id == row.id,
        _LINE.c.sku_id == came.lot.sku_id,
    )
    lines = on.execute(mine.order_by(_LINE.c.number).execution_options(**scope.of(row.company_id)))
    fitting = [each for each in lines if each.lot_code in (None, came.lot.code)]
    if not fitting:
        return None, came.quantity
    wanted = sum((each.quantity for each in fitting), NOTHING)
    over = _came(row, came.lot.sku_id, on) + came.quantity - wanted
    return fitting[0].id, max(over, NOTHING)


def _came(row: Any, sku_id: int, on: Connection) -> Decimal:
    c = _PART.c
    mine = select(c.quantity).where(
        c.company_id == row.company_id, c.return_id == row.id, c.sku_id == sku_id
    )
    rows = on.execute(mine.execution_options(**scope.of(row.company_id))).scalars()
    return sum(rows, NOTHING)


def undo(part_id: int, return_id: int, company_id: int, *, by_id: int, on: Connection) -> None:
    """Take a scan back by its counter-entry, while the return is being received.

    Records StockMoved and ReturnMoved.
    """
    row = held(return_id, company_id, on)
    each = part(part_id, row, on)
    if row.status not in rules.COMING or each.status != "received":
        raise Refused(_l("It has been inspected already. Ask the supervisor to correct it."))
    reverse(each.movement_id, company_id, by=by_id, note=row.ref, on=on)
    gone = delete(_PART).where(_PART.c.company_id == company_id, _PART.c.id == part_id)
    on.execute(gone.execution_options(**scope.of(company_id)))


def finish(return_id: int, company_id: int, *, by_id: int, on: Connection) -> None:
    """End receiving; raises Refused where nothing came. Records ReturnMoved."""
    row = held(return_id, company_id, on)
    mine = select(_PART.c.id).where(_PART.c.company_id == company_id, _PART.c.return_id == row.id)
    if on.scalar(mine.limit(1).execution_options(**scope.of(company_id))) is None:
        raise Refused(_l("Nothing of it was scanned yet. Scan the goods first."))
    move(row, "received", by_id=by_id, on=on, received_at=clock.now())
