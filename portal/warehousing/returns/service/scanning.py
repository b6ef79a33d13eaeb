"""From scans on the floor to returns: which one it is, what came of it, where it is laid."""

from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from portal.accounts.access import User
from portal.core import scope
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.floor import scans
from portal.warehousing.floor.service import reading
from portal.warehousing.floor.service.reading import Labelled
from portal.warehousing.goods.queries import sku_row
from portal.warehousing.goods.scanning import Scanned
from portal.warehousing.ledger.models import Balance
from portal.warehousing.ledger.service.lots import check_serial
from portal.warehousing.returns import rules
from portal.warehousing.returns.models import GoodsReturn, ReturnLine
from portal.warehousing.returns.service import receiving
from portal.warehousing.returns.service.receiving import Came
from portal.warehousing.sites.queries import first_location, locations_of

_RETURN, _LINE, _BALANCE = (m.__table__ for m in (GoodsReturn, ReturnLine, Balance))


def here(return_id: int, by: User, on: Connection) -> Any:
    """Return a return in the warehouse of ``by``; raises NotFound for another's."""
    c = _RETURN.c
    wanted = select(_RETURN).where(
        c.id == return_id, c.warehouse_id == reading.warehouse_of(by, on)
    )
    found = on.execute(wanted.execution_options(**scope.CENTRE)).first()
    if found is None:
        raise NotFound(_l("There is no such return in this warehouse."))
    return found


def named(text: str, by: User, on: Connection) -> Any:
    """Return the return that was scanned: its reference, order or tracking number; None: none."""
    c = _RETURN.c
    code = text.strip().upper()[:100]
    names = (c.ref == code) | (c.tracking_no == code) | (c.order_ref == code)
    wanted = select(_RETURN).where(names, c.warehouse_id == reading.warehouse_of(by, on))
    wanted = wanted.order_by(c.status.in_(rules.COMING).desc(), c.id.desc())
    return on.execute(wanted.execution_options(**scope.CENTRE)).first()


def expected_with(sku: Any, by: User, on: Connection) -> list[Any]:
    """Return the expected returns of his warehouse in which these goods were announced."""
    c = _RETURN.c
    wanted = (
        select(_RETURN)
        .join_from(_RETURN, _LINE, _LINE.c.return_id == c.id)
        .where(c.company_id == sku.company_id, c.status.in_(rules.COMING))
        .where(c.warehouse_id == reading.warehouse_of(by, on), _LINE.c.sku_id == sku.id)
        .order_by(c.id)
        .distinct()
    )
    return list(on.execute(wanted.execution_options(**scope.of(sku.company_id))))


def goods_at(row: Any, text: str, on: Connection) -> tuple[Scanned, scans.Scan]:
    """Return the goods of a return's owner that were scanned.

    Raises Refused for an unknown code and for goods of another owner.
    """
    scan = scans.parse(text)
    found = reading.goods_of(scan, [row.company_id], on)
    if found.sku.company_id != row.company_id:
        raise Refused(_l("These goods are another owner’s. Put them aside and ask at the desk."))
    return found, scan


def came(
    row: Any, said: Any, location_id: int | None, *, by: User, on: Connection
) -> tuple[Any, Decimal, int, Decimal]:
    """Take goods of a return in, laid into a location for returns (the first one if not said).

    Returns the row of the goods, the quantity, the part's id and how much is over. Raises as
    ``receiving.receive``.
    """
    sku = sku_row(said.sku_id, row.company_id, on)
    quantity = reading.quantity_of(said.quantity, sku, reading.quantity_of(said.holds, sku))
    if sku.lot_policy == "serial" and quantity != 1:
        raise Refused(_l("Of each serial number there is one. Scan them one by one."))
    label = Labelled(lot=said.lot, expires_on=said.expires_on, is_new=bool(said.new_lot))
    lot = reading.lot_of(sku, label, on)
    if sku.lot_policy == "serial":
        check_serial(sku, lot.code, on)
    given = Came(
        lot=lot,
        location=laid(row, location_id, on),
        quantity=quantity,
        said_at=said.said_at,
    )
    part_id, over = receiving.receive(row.id, row.company_id, given, by_id=by.person_id or 0, on=on)
    return sku, quantity, part_id, over


def laid(row: Any, location_id: int | None, on: Connection) -> Any:
    """Return the location into which what comes back is laid; raises Refused without one."""
    if location_id is not None:
        found = locations_of([location_id], on).get(location_id)
    else:
        found = first_location(row.warehouse_id, "return", on)
    if found is None:
        raise Refused(_l("This warehouse has no location for returns. Have one made first."))
    return found
