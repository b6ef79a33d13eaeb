"""What may be promised at all: conditions on balances joined with their lots and locations.

Dates are looked at by ``rules.choosing``.
"""

from sqlalchemy import or_

from portal.warehousing.ledger.models import Balance, Lot
from portal.warehousing.ledger.rules import APPROVED
from portal.warehousing.sites.models import Location
from portal.warehousing.sites.rules import ALLOCATABLE

_BALANCE, _LOT, _LOCATION = (m.__table__ for m in (Balance, Lot, Location))
PROMISABLE = (
    _BALANCE.c.status == APPROVED,
    _BALANCE.c.on_hand > _BALANCE.c.allocated,
    _LOT.c.status == APPROVED,
    _LOCATION.c.active,
    _LOCATION.c.blocked.is_(None),
    or_(*(_LOCATION.c.kind == kind for kind in ALLOCATABLE)),
)
