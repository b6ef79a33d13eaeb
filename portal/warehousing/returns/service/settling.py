"""Doing what was decided: back into stock, scrapped, handed to a carrier; then the end."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from portal.core import clock
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.goods.queries import sku_row
from portal.warehousing.layout.service import check_room
from portal.warehousing.ledger.rules import Leg, Posting
from portal.warehousing.ledger.service.holding import arriving_status
from portal.warehousing.ledger.service.posting import post
from portal.warehousing.returns import rules
from portal.warehousing.returns.service.held import (
    held,
    move,
    part,
    set_part,
    statuses,
    tell_part,
)
from portal.warehousing.returns.service.receiving import WAITS_AS
from portal.warehousing.sites.rules import load_of

#: Kinds of locations into which goods are put back.
STORAGE = ("pick", "reserve", "hold")


def restock(
    part_id: int,
    return_id: int,
    company_id: int,
    location: Any,
    *,
    by_id: int,
    on: Connection,
    said_at: datetime | None = None,
) -> str:
    """Put goods back to a location; they become what their lot is. Returns that status.

    Raises Refused where it was decided otherwise, and where they do not fit. Records StockMoved,
    ReturnPartChanged, and ReturnMoved with the last part.
    """
    row = held(return_id, company_id, on)
    each = _decided(part(part_id, row, on), "restock")
    if location.kind not in STORAGE or location.warehouse_id != row.warehouse_id:
        raise Refused(_l("Goods are not stored at %(code)s. Take another.", code=location.code))
    sku = sku_row(each.sku_id, company_id, on)
    check_room(location.id, load_of(sku, each.quantity, sku.id, each.lot_id), on=on)
    status = arriving_status(each.lot_id, company_id, on=on)
    goods = {"sku_id": each.sku_id, "lot_id": each.lot_id}
    legs = [
        Leg(**goods, location_id=each.location_id, quantity=-each.quantity, status=WAITS_AS),
        Leg(**goods, location_id=location.id, quantity=each.quantity, status=status),
    ]
    posting = _posting(row, each, "restock", "return", by_id=by_id)
    _done(row, each, replace(posting, legs=legs, said_at=said_at), by_id=by_id, on=on)
    return status


def scrap(part_id: int, return_id: int, company_id: int, *, by_id: int, on: Connection) -> None:
    """Take goods out of stock as scrap. Raises and records as ``restock``."""
    row = held(return_id, company_id, on)
    each = _decided(part(part_id, row, on), "scrap")
    _done(row, each, _issue(row, each, "scrap", by_id), by_id=by_id, on=on)


def send_back(
    part_id: int,
    return_id: int,
    company_id: int,
    *,
    carrier: str,
    tracking_no: str,
    by_id: int,
    on: Connection,
) -> None:
    """Hand goods to a carrier for their owner. Raises and records as ``restock``."""
    if not carrier.strip():
        raise Refused(_l("Say who takes the goods to their owner."))
    row = held(return_id, company_id, on)
    each = _decided(part(part_id, row, on), "send_back")
    set_part(each, on, carrier=carrier.strip(), tracking_no=tracking_no.strip() or None)
    _done(row, each, _issue(row, each, "return", by_id), by_id=by_id, on=on)


def _decided(each: Any, disposition: str) -> Any:
    if (each.status, each.disposition) != ("decided", disposition):
        raise Refused(_l("Something else was decided about these goods, or it is done already."))
    return each


def _issue(row: Any, each: Any, reason: str, by_id: int) -> Posting:
    leg = Leg(
        sku_id=each.sku_id,
        lot_id=each.lot_id,
        location_id=each.location_id,
        quantity=-each.quantity,
        status=WAITS_AS,
    )
    return replace(_posting(row, each, "issue", reason, by_id=by_id), legs=[leg])


def _posting(row: Any, each: Any, kind: str, reason: str, *, by_id: int) -> Posting:
    """Return the movement of a part, its legs still to be made."""
    return Posting(
        kind=kind,
        company_id=row.company_id,
        warehouse_id=row.warehouse_id,
        legs=(),
        actor_id=by_id,
        document=row.ref,
        reason=reason,
        note=each.note,
    )


def _done(row: Any, each: Any, posting: Posting, *, by_id: int, on: Connection) -> None:
    """Post it, and bring the return on where it was the last part."""
    posted = post(posting, on=on)
    status = rules.DONE[each.disposition]
    set_part(each, on, status=status, done_at=posted.at, movement_id=posted.id)
    tell_part(row, each.id, by_id, on)
    every = statuses(row, on)
    if row.status == "inspected" and set(every) <= set(rules.SETTLED):
        move(row, rules.outcome(every), by_id=by_id, on=on)


def close(return_id: int, company_id: int, *, by_id: int | None, on: Connection) -> None:
    """Close a return whose goods are all dealt with. Records ReturnMoved."""
    row = held(return_id, company_id, on)
    move(row, "closed", by_id=by_id, on=on, closed_at=clock.now())
