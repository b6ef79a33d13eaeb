"""Lines of many orders at once."""

from collections import defaultdict
from collections.abc import Sequence

from sqlalchemy import select

from portal.core import scope
from portal.core.db import AnyRow, db
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import Lot
from portal.warehousing.outbound.models import OutboundLine

_LINE, _SKU, _LOT = (m.__table__ for m in (OutboundLine, Sku, Lot))


def lines_of_many(orders: Sequence[int], company_id: int | None) -> dict[int, list[AnyRow]]:
    """Return order id → its lines (as ``one.lines_of``), of orders found for who asks."""
    wanted = (
        select(_LINE, _SKU.c.code.label("sku"), _SKU.c.name, _SKU.c.names, _SKU.c.unit)
        .add_columns(_SKU.c.code, _LOT.c.code.label("lot"))
        .join_from(_LINE, _SKU, _SKU.c.id == _LINE.c.sku_id)
        .outerjoin(_LOT, _LOT.c.id == _LINE.c.lot_id)
        .where(_LINE.c.order_id.in_(list(orders)))
        .order_by(_LINE.c.order_id, _LINE.c.position)
    )
    whose = scope.CENTRE if company_id is None else scope.of(company_id)
    if company_id is not None:
        wanted = wanted.where(_LINE.c.company_id == company_id)
    found: dict[int, list[AnyRow]] = defaultdict(list)
    for row in db.session.execute(wanted.execution_options(**whose)):
        found[row.order_id].append(row)
    return found
