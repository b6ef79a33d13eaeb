"""From scans at a place to what is counted there."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from portal.accounts.access import User
from portal.core import scope
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.counting import rules
from portal.warehousing.counting.models import CountPlace, StockCount
from portal.warehousing.counting.service import standing, tallying
from portal.warehousing.counting.service.tallying import Found
from portal.warehousing.floor import scans
from portal.warehousing.floor.scans import Scan
from portal.warehousing.floor.service import reading
from portal.warehousing.floor.service.reading import Labelled
from portal.warehousing.ledger.models import Balance

_COUNT, _PLACE, _BALANCE = (model.__table__ for model in (StockCount, CountPlace, Balance))


@dataclass(frozen=True)
class Seen:
    """Goods that were scanned at a place: the row of ``sku``, what one scan holds, the scan."""

    sku: Any
    holds: Decimal
    scan: Scan


def begin_at(text: str, by: User, on: Connection) -> tuple[Any, Any]:
    """Begin counting the location that was scanned; return its place and the location.

    Raises Refused where no count wants it, and as ``tallying.begin`` does.
    """
    location = reading.location_of(text, by, on)
    wanted = (
        select(_PLACE.c.id)
        .join_from(_PLACE, _COUNT, _COUNT.c.id == _PLACE.c.count_id)
        .where(_PLACE.c.location_id == location.id, _COUNT.c.status.in_(rules.OPEN))
        .where(_PLACE.c.status.in_(rules.WAITING))
        .order_by(_PLACE.c.id)
    )
    found = on.scalar(wanted)
    if found is None:
        raise Refused(
            _l("Nothing is to be counted at %(code)s. Take another one.", code=location.code)
        )
    return tallying.begin(found, by_id=by.person_id or 0, on=on), location


def seen_at(place_id: int, text: str, on: Connection) -> Seen:
    """Return the goods that were scanned at a place; those of who has goods there come first.

    Raises Refused for a pallet: what is on it is counted, not its label.
    """
    scan = scans.parse(text)
    if scan.kind == "sscc":
        raise Refused(_l("Count what is on the pallet: scan the goods, not its label."))
    place = standing.place(place_id, on)
    owners = select(_BALANCE.c.company_id).where(
        _BALANCE.c.location_id == place.location_id, _BALANCE.c.on_hand > 0
    )
    here = on.execute(owners.distinct().execution_options(**scope.CENTRE)).scalars().all()
    found = reading.goods_of(scan, list(here), on)
    return Seen(found.sku, found.holds, scan)


def label_of(seen: Seen) -> Labelled:
    """Return what the label said, as far as a scan can say it."""
    scan = seen.scan
    serial = scan.serial if seen.sku.lot_policy == "serial" else None
    return Labelled(lot=serial or scan.lot or "", expires_on=scan.expires_on)


def is_complete(seen: Seen) -> bool:
    """Return whether the scan alone says what is counted: goods, lot and how many."""
    if seen.sku.lot_policy == "serial":
        return bool(reading.lot_code(seen.sku, label_of(seen)))
    has_lot = bool(reading.lot_code(seen.sku, label_of(seen)))
    return seen.scan.quantity is not None and (has_lot or not reading.needs_lot(seen.sku))


def count(
    place_id: int, sku: Any, label: Labelled, quantity: Decimal, *, by: User, on: Connection
) -> int:
    """Add so much of goods to the round of ``by``; return the tally's id.

    Raises Refused for a lot that is not said or not known, and as ``tallying.tally`` does.
    """
    if sku.lot_policy == "serial" and quantity != 1:
        raise Refused(_l("Of each serial number there is one. Scan them one by one."))
    lot = reading.lot_of(sku, label, on)
    found = Found(lot=lot, quantity=quantity)
    return tallying.tally(place_id, found, by_id=by.person_id or 0, on=on)
