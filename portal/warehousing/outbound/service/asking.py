"""Looking up what an order names, for one order or for a whole sheet of them."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, select

from portal.core import scope
from portal.warehousing.goods.queries import skus_by_code, units_of
from portal.warehousing.goods.rows import parts
from portal.warehousing.ledger.models import Lot
from portal.warehousing.outbound.rules.asked import AskedLine, Goods

_LOT = Lot.__table__


def goods_of(lines: Iterable[AskedLine], company_id: int, *, on: Connection) -> Goods:
    """Return what of the owner's goods these lines name: a few reads, however many they are."""
    asked = list(lines)
    skus = skus_by_code({line.sku for line in asked}, company_id, on)
    packed = {line.sku.strip().upper() for line in asked if line.level != "each"}
    units = units_of([skus[code].id for code in packed if code in skus], company_id, on)
    named = {code for line in asked if (code := line.lot.strip())}
    return Goods(skus, units, _lots(sorted(named), company_id, on))


def _lots(codes: list[str], company_id: int, on: Connection) -> dict[tuple[int, str], Any]:
    found: dict[tuple[int, str], Any] = {}
    for some in parts(codes):
        wanted = select(_LOT).where(_LOT.c.company_id == company_id, _LOT.c.code.in_(some))
        for row in on.execute(wanted.execution_options(**scope.of(company_id))):
            found[row.sku_id, row.code] = row
    return found
