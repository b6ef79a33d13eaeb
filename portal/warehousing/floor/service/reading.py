"""What a scan means for the person who made it: a location of his warehouse, goods, their lot."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from portal.accounts.access import User
from portal.core import quantities, scope
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING
from portal.warehousing.floor import scans
from portal.warehousing.floor.scans import Scan
from portal.warehousing.floor.service import presence
from portal.warehousing.goods import scanning
from portal.warehousing.goods.rules import counted
from portal.warehousing.goods.scanning import Scanned
from portal.warehousing.ledger.models import Lot
from portal.warehousing.ledger.service.lots import NO_LOT, lot_for
from portal.warehousing.sites.models import Warehouse, WarehouseWorker
from portal.warehousing.sites.queries import location_by_barcode

_HOUSE, _WORKER, _LOT = Warehouse.__table__, WarehouseWorker.__table__, Lot.__table__


@dataclass(frozen=True, kw_only=True)
class Labelled:
    """What a label says of goods: lot or serial number, dates, or what was typed of them."""

    lot: str = ""
    expires_on: date | None = None
    #: Whether a lot that nobody knows yet may be taken down: the person has looked twice.
    is_new: bool = False


def warehouse_of(by: User, on: Connection) -> int:
    """Return the warehouse in which ``by`` works: the one he chose, or his only one.

    Raises Refused where he has to choose first.
    """
    row = presence.of(by.person_id, on)
    if row is not None and row.warehouse_id is not None:
        return int(row.warehouse_id)
    own = select(_WORKER.c.warehouse_id).where(_WORKER.c.person_id == by.person_id)
    wanted = select(_HOUSE.c.id).where(_HOUSE.c.active).where(_HOUSE.c.id.in_(own) | ~own.exists())
    houses = on.execute(wanted).scalars().all()
    if len(houses) != 1:
        raise Refused(_l("Choose the warehouse in which you work first."))
    return int(houses[0])


def location_of(text: str, by: User, on: Connection) -> Any:
    """Return the location of his warehouse that was scanned or typed.

    Raises Refused for a scan of something else, and for one that is not in this warehouse.
    """
    scan = scans.need(scans.parse(text), "location")
    found = location_by_barcode(scan.text, warehouse_of(by, on), on)
    if found is None:
        raise scans.unknown(scan)
    return found


def goods_of(scan: Scan, owners: Collection[int] | None, on: Connection) -> Scanned:
    """Return the goods that were scanned: of ``owners`` (ids of companies), else anybody's.

    Raises Refused for what no goods bear, and where several owners have goods with this code.
    """
    scans.need(scan, "goods")
    code = scan.gtin or scan.text
    found = scanning.by_code(code, owners, on) if owners else None
    found = found or scanning.by_code(code, None, on)
    if found is None:
        raise scans.unknown(scan)
    return found


def quantity_of(text: str, sku: Any, holds: Decimal = Decimal(1)) -> Decimal:
    """Return how many base units were typed; raises Refused for what is no quantity of them."""
    try:
        quantity = quantities.read(text) * holds
    except ValueError:
        raise Refused(_l("That is no quantity. Type a number such as 12.")) from None
    if quantity <= NOTHING or quantity > quantities.MOST:
        raise Refused(_l("That is no quantity. Type a number such as 12."))
    return counted(quantity, sku.unit)


def needs_lot(sku: Any) -> bool:
    """Return whether goods are told apart, by lot, serial number or date."""
    return sku.lot_policy != "none" or sku.has_expiry


def lot_of(sku: Any, label: Labelled, on: Connection) -> Any:
    """Return the lot of goods that a label names; goods that are not told apart have one.

    Goods with dates but without lots are told apart by the date. Raises Refused where it is not
    said, and for a lot that nobody knows unless ``is_new``.
    """
    code = lot_code(sku, label)
    if not needs_lot(sku):
        return lot_for(sku, NO_LOT, on=on)
    if not code:
        raise Refused(_missing(sku))
    known = select(_LOT).where(_LOT.c.sku_id == sku.id, _LOT.c.code == code)
    found = on.execute(known.execution_options(**scope.of(sku.company_id))).first()
    if found is None and not label.is_new:
        raise Refused(
            _l("Lot %(lot)s of these goods is not known. Read the label once more.", lot=code)
        )
    return lot_for(sku, code, expires_on=label.expires_on, on=on)


def lot_code(sku: Any, label: Labelled) -> str:
    """Return the code of the lot that a label names, "" where it does not."""
    if sku.lot_policy == "none":
        return label.expires_on.isoformat() if sku.has_expiry and label.expires_on else ""
    return label.lot.strip()[:60]


def _missing(sku: Any) -> Any:
    if sku.lot_policy == "serial":
        return _l("Scan or type the serial number.")
    if sku.lot_policy == "lot":
        return _l("Scan or type the lot.")
    return _l("Say by which date it is to be used.")
