"""What there is of goods, for the pages of goods, which lie below the ledger."""

from collections.abc import Collection, Mapping

from sqlalchemy import Connection, func, select

from portal.core import scope
from portal.warehousing.goods.stored import Stored
from portal.warehousing.ledger.models import StockTotal

_TOTAL = StockTotal.__table__


def totals_of(ids: Collection[int], on: Connection) -> Mapping[int, Stored]:
    """Return SKU id → what there is of it in all warehouses; whose it is the caller knows."""
    c = _TOTAL.c
    query = select(
        c.sku_id, *(func.sum(each).label(each.name) for each in (c.on_hand, c.allocated, c.on_hold))
    ).where(c.sku_id.in_(list(ids)))
    rows = on.execute(query.group_by(c.sku_id).execution_options(**scope.CENTRE))
    return {row.sku_id: Stored(row.on_hand, row.allocated, row.on_hold) for row in rows}
