"""How goods in take part in what concerns all goods."""

from portal.warehousing.inbound.service import tasks
from portal.warehousing.ledger.service import apart, holding


def join() -> None:
    """Be told of lots and pieces that became something else: so does what waits to be put away."""
    holding.provide(tasks.follow)
    apart.provide(tasks.follow_pieces)
