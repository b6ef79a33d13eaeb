"""What happenings of the demo's warehouse share: what they return, whose they are."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, func, select

from portal.accounts.models import Membership
from portal.core import scope
from portal.core.db import db
from portal.warehousing.goods.models import Sku

_SKU = Sku.__table__
#: Goods that are counted by a scan and a number; serial numbers are scanned one by one.
COUNTED = _SKU.c.lot_policy != "serial"


@dataclass(frozen=True)
class Happened:
    """What happened: to whose goods, and in words for whoever watches the demo."""

    company_id: int
    kind: str
    ref: str

    @property
    def status(self) -> str:
        """Say it in a line."""
        return f"{self.kind} {self.ref}"


Work = Callable[[Connection], Happened]


def member(company_id: int) -> int | None:
    """Return the first colleague of a company."""
    mine = select(func.min(Membership.person_id)).where(Membership.company_id == company_id)
    found = db.session.scalar(mine.execution_options(**scope.of(company_id)))
    return None if found is None else int(found)


def first(wanted: Select[Any], company_id: int) -> Any:
    """Return the first row of a select on a company's rows, or None."""
    return db.session.execute(wanted.limit(1).execution_options(**scope.of(company_id))).first()
