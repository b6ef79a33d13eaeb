"""Certifying what an owner had: counted from the ledger, kept as it was certified."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from portal.accounts.models import Company
from portal.core import clock, events, scope
from portal.core.errors import FieldError, Invalid
from portal.core.i18n import lazy as _l
from portal.core.quantities import written
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger import history
from portal.warehousing.ledger.models import Lot, StockEntry
from portal.warehousing.sites.models import Warehouse
from portal.warehousing.stock import rules
from portal.warehousing.stock.events import StockCertified
from portal.warehousing.stock.models import StockCertificate

MOST = 5000  # lines: more of them is an export, not a paper
_SKU, _LOT, _WAREHOUSE, _COMPANY = (each.__table__ for each in (Sku, Lot, Warehouse, Company))
_ENTRY = StockEntry.__table__


def certify(
    company_id: int,
    as_of: datetime,
    *,
    by: int,
    warehouse: Any = None,
    on: Connection,
) -> str:
    """Certify what a company had at ``as_of``, in one warehouse (a row) or all; return its ref.

    Raises Invalid for a moment that has not come, where there was nothing, and for more than
    MOST lines. Records StockCertified.
    """
    now = clock.now()
    if as_of > now:
        raise _wrong(_l("This moment has not come yet."))
    lines = list(_lines(company_id, as_of, warehouse, on))
    if not lines:
        raise _wrong(_l("There was no stock at that moment."))
    if len(lines) > MOST:
        raise _wrong(_l("These are more lines than a paper holds. Choose one warehouse."))
    owner = on.scalar(select(_COMPANY.c.name).where(_COMPANY.c.id == company_id))
    content = {
        "owner": owner,
        "warehouse": None if warehouse is None else warehouse.code,
        "as_of": as_of.isoformat(),
        "issued_at": now.isoformat(),
        "lines": lines,
    }
    ref = rules.new_ref()
    row = {"ref": ref, "company_id": company_id, "as_of": as_of, "issued_at": now}
    proof = {"issued_by_id": by, "content": content, "digest": rules.digest(content)}
    on.execute(insert(StockCertificate.__table__).values(**row, **proof))
    events.record(StockCertified(actor_id=by, company_id=company_id, ref=ref), on=on)
    return ref


def _wrong(message: Any) -> Invalid:
    return Invalid(_l("Please check what you entered."), [FieldError("as_of", message)])


def _lines(
    company_id: int, as_of: datetime, warehouse: Any, on: Connection
) -> Iterator[dict[str, Any]]:
    """Yield SKU, name, lot, expiry, warehouse, status, quantity and unit of what there was."""
    mine = scope.of(company_id)
    moved = select(_ENTRY.c.sku_id).where(_ENTRY.c.sku_id == _SKU.c.id).exists()
    wanted = select(_SKU).where(_SKU.c.company_id == company_id, moved).order_by(_SKU.c.code)
    goods = {row.id: row for row in on.execute(wanted.execution_options(**mine))}
    then = history.as_of_many(goods, company_id, as_of, on)
    codes = {row.id: row.code for row in on.execute(select(_WAREHOUSE.c.id, _WAREHOUSE.c.code))}
    for sku_id, sku in goods.items():
        yield from _of_sku(sku, then[sku_id], codes, warehouse, on)


def _of_sku(
    sku: Any, held: list[history.Held], codes: dict[int, str], warehouse: Any, on: Connection
) -> Iterator[dict[str, Any]]:
    summed: dict[tuple[int, int, str], Any] = {}
    for each in held:
        if warehouse is None or each.warehouse_id == warehouse.id:
            key = (each.warehouse_id, each.lot_id, each.status)
            summed[key] = summed.get(key, 0) + each.quantity
    if not summed:
        return
    wanted = select(_LOT).where(_LOT.c.sku_id == sku.id, _LOT.c.id.in_({key[1] for key in summed}))
    lots = {row.id: row for row in on.execute(wanted.execution_options(**scope.of(sku.company_id)))}
    for (warehouse_id, lot_id, status), quantity in sorted(summed.items()):
        lot = lots[lot_id]
        yield {
            "sku": sku.code,
            "name": sku.name,
            "lot": lot.code,
            "expires_on": lot.expires_on.isoformat() if lot.expires_on else None,
            "warehouse": codes[warehouse_id],
            "status": status,
            "quantity": written(quantity),
            "unit": sku.unit,
        }
