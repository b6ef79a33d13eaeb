"""What somebody has himself."""

from sqlalchemy import bindparam, func, select

from portal.accounts.access import User
from portal.club.points.models import PointLot
from portal.core import clock
from portal.core.db import reading
from portal.core.prepared import Prepared

_LOT = PointLot.__table__
_BALANCE = Prepared(
    select(func.coalesce(func.sum(_LOT.c.points), 0)).where(
        _LOT.c.person_id == bindparam("person"), _LOT.c.expires_at > bindparam("now")
    )
)


def balance_for(user: User) -> int:
    """Return how many points somebody may spend now."""
    row = _BALANCE.first(reading(), {"person": user.person_id, "now": clock.now()})
    return int(row[0])
