"""How kits take part in what concerns all goods and promises."""

from portal.warehousing.goods import stored
from portal.warehousing.kits.rules import PURPOSE
from portal.warehousing.kits.service import promising
from portal.warehousing.kits.stored import totals_of
from portal.warehousing.ledger.service import losing


def join() -> None:
    """Tell the pages of goods what there is, and be told of goods that cannot be used."""
    stored.provide(totals_of)
    losing.provide(PURPOSE, promising.lost)
    losing.provide_names(PURPOSE, promising.names)
