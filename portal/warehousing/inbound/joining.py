"""How goods in take part in what concerns all goods."""

from portal.warehousing.inbound.service import tasks
from portal.warehousing.ledger.service import holding


def join() -> None:
    """Be told of lots that are held or freed: what waits to be put away is what it is then."""
    holding.provide(tasks.follow)
