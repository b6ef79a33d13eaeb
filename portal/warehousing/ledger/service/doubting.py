"""Noting that less was found somewhere than the ledger says, so that it is counted soon."""

from collections.abc import Iterable
from dataclasses import dataclass

from sqlalchemy import Connection, insert, update

from portal.core import clock, scope
from portal.warehousing.ledger.models import StockDoubt

_DOUBT = StockDoubt.__table__


@dataclass(frozen=True, kw_only=True)
class Doubt:
    """Where, of what, and in which document it was noticed."""

    company_id: int
    warehouse_id: int
    location_id: int
    sku_id: int
    lot_id: int | None = None
    document: str | None = None


def doubt(about: Doubt, *, by_id: int | None, on: Connection) -> None:
    """Note a doubt: a pick came out short, a label is not what the ledger says."""
    row = {**about.__dict__, "said_by_id": by_id, "at": clock.now()}
    on.execute(insert(_DOUBT).values(**row))


def settle(locations: Iterable[int], *, on: Connection) -> None:
    """Note that these locations were counted: nothing there is in doubt any more."""
    c = _DOUBT.c
    open_ = update(_DOUBT).where(c.location_id.in_(list(locations)), c.settled_at.is_(None))
    on.execute(open_.values(settled_at=clock.now()).execution_options(**scope.CENTRE))
