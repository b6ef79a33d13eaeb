"""How right the ledger was: lines that were right at their first count, of all counted."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import case, func, select

from portal.accounts.access import User
from portal.accounts.models import Company
from portal.core import clock, scope
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.warehousing.counting import rules
from portal.warehousing.counting.models import CountLine, CountPlace, StockCount
from portal.warehousing.sites.queries import warehouses_for

PERIOD = timedelta(days=90)
OWNERS = 8  # that are named at the desk
_LINE, _PLACE, _COUNT, _COMPANY = (
    model.__table__ for model in (CountLine, CountPlace, StockCount, Company)
)
_RIGHT = func.coalesce(func.sum(case((_LINE.c.first_right, 1), else_=0)), 0)


@dataclass(frozen=True)
class Accuracy:
    """So many lines were counted in ``days``, so many of them were right at first."""

    right: int
    counted: int
    days: int = PERIOD.days

    @property
    def share(self) -> Decimal | None:
        """The share that was right; None: nothing was counted."""
        return rules.share_right(self.right, self.counted)

    @property
    def percent(self) -> Decimal | None:
        """The same in per cent, rounded down to tenths: not all is right is not 100."""
        if self.share is None:
            return None
        return Decimal(int(self.share * 1000)) / 10


def accuracy_for(user: User) -> Accuracy:
    """Return how right the ledger was of the goods of ``user``'s company; staff: of all goods.

    Raises NotFound for who may not see stock.
    """
    if user.company_id is None and user.may("warehouse.see"):
        return _accuracy(select(func.count(), _RIGHT), scope.CENTRE)
    if user.company_id is None or not user.may("stock.see"):
        raise NotFound(_l("There is no stock to be seen."))
    mine = select(func.count(), _RIGHT).where(_LINE.c.company_id == user.company_id)
    return _accuracy(mine, scope.of(user.company_id))


def _accuracy(wanted: Any, options: Mapping[str, Any]) -> Accuracy:
    recent = wanted.select_from(_LINE).where(_LINE.c.first_at >= clock.now() - PERIOD)
    counted, right = db.session.execute(recent.execution_options(**options)).one()
    return Accuracy(int(right), int(counted))


def accuracy_by_owner(user: User) -> list[tuple[str, Accuracy]]:
    """Return the accuracy of each owner's goods in the warehouses of ``user``, the worst first.

    Empty for whoever may not see all stock.
    """
    if user.company_id is not None or not user.may("warehouse.see"):
        return []
    houses = [row.id for row in warehouses_for(user)]
    wanted = (
        select(_COMPANY.c.name, func.count().label("counted"), _RIGHT.label("right"))
        .join_from(_LINE, _COMPANY, _COMPANY.c.id == _LINE.c.company_id)
        .join(_PLACE, _PLACE.c.id == _LINE.c.place_id)
        .join(_COUNT, _COUNT.c.id == _PLACE.c.count_id)
        .where(_COUNT.c.warehouse_id.in_(houses), _LINE.c.first_at >= clock.now() - PERIOD)
        .group_by(_COMPANY.c.id, _COMPANY.c.name)
    )
    rows = db.session.execute(wanted.execution_options(**scope.CENTRE))
    found = [(row.name, Accuracy(int(row.right), int(row.counted))) for row in rows]
    return sorted(found, key=lambda each: (each[1].share or Decimal(1), each[0]))[:OWNERS]
