"""How kits take part in what concerns all goods."""

from portal.warehousing.goods import stored
from portal.warehousing.kits.models import KitOrder
from portal.warehousing.kits.stored import totals_of

#: Known to the portal from the start: its tables belong to the database.
TABLES = (KitOrder.__table__,)


def join() -> None:
    """Tell the pages of goods what there is of them."""
    stored.provide(totals_of)
