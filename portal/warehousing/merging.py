"""Why a company with goods at the centre cannot become a part of another one as it is.

The ledger says whose goods were where at every minute, and an entry is never changed. Goods go to
another owner by leaving the one and coming to the other, with papers for both; after that nothing
stands in the way.
"""

from collections.abc import Iterable

from sqlalchemy import Connection, select

from portal.accounts import merging
from portal.accounts.merging import Clash
from portal.core import scope
from portal.core.i18n import lazy as _l
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import Balance

NAMED = 20  # SKUs that are named one by one
_SKU, _BALANCE = Sku.__table__, Balance.__table__


def join() -> None:
    """Let companies with stock be kept apart until it has been handed over."""
    merging.provide_clashes("stock", clashes)


def clashes(gone: int, _kept: int, on: Connection) -> Iterable[Clash]:
    """Return one clash that stops, with the codes of the goods, where there are any."""
    mine = (
        select(_SKU.c.code)
        .join_from(_SKU, _BALANCE, _BALANCE.c.sku_id == _SKU.c.id)
        .where(_SKU.c.company_id == gone, _BALANCE.c.on_hand > 0)
        .distinct()
        .order_by(_SKU.c.code)
        .limit(NAMED)
    )
    codes = tuple(on.execute(mine.execution_options(**scope.CENTRE)).scalars())
    if codes:
        yield Clash(
            _l("It has goods at the centre. Hand them over to the other company first."),
            stops=True,
            names=codes,
        )
