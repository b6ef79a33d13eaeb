"""What waits on the floor: returns to receive, goods to inspect and to put back."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Company
from portal.core import scope
from portal.core.db import AnyRow, db
from portal.warehousing.floor.tasks import MOST
from portal.warehousing.returns import rules
from portal.warehousing.returns.models import GoodsReturn, ReturnPart
from portal.warehousing.returns.queries.one import parts
from portal.warehousing.sites.models import Location

_RETURN, _PART, _COMPANY, _PLACE = (
    model.__table__ for model in (GoodsReturn, ReturnPart, Company, Location)
)


def coming_in(warehouse_id: int) -> Sequence[AnyRow]:
    """Return the returns that a warehouse expects, with ``owner``, the earliest expected first."""
    c = _RETURN.c
    wanted = (
        select(_RETURN, _COMPANY.c.name.label("owner"))
        .join_from(_RETURN, _COMPANY, _COMPANY.c.id == c.company_id)
        .where(c.warehouse_id == warehouse_id, c.status.in_(rules.COMING))
        .order_by(c.status.desc(), c.expected_on, c.id)
        .limit(MOST)
    )
    return db.session.execute(wanted.execution_options(**scope.CENTRE)).all()


def parts_in(warehouse_id: int, status: str, disposition: str | None = None) -> Sequence[AnyRow]:
    """Return parts in a warehouse that wait (``parts``), with ``ref, walk``, the oldest first."""
    wanted = (
        parts()
        .add_columns(_RETURN.c.ref, _PLACE.c.walk)
        .join(_RETURN, _RETURN.c.id == _PART.c.return_id)
        .where(_RETURN.c.warehouse_id == warehouse_id, _PART.c.status == status)
        .order_by(_PART.c.id)
        .limit(MOST)
    )
    if disposition is not None:
        wanted = wanted.where(_PART.c.disposition == disposition)
    if status == "received":
        wanted = wanted.where(_RETURN.c.status == "received")
    return db.session.execute(wanted.execution_options(**scope.CENTRE)).all()


def return_in(warehouse_ids: Sequence[int], code: str) -> Any:
    """Return the return in these warehouses that a reference, order or tracking number names."""
    c = _RETURN.c
    text = code.strip().upper()[:100]
    names = (c.ref == text) | (c.tracking_no == text) | (c.order_ref == text)
    wanted = select(_RETURN, _COMPANY.c.name.label("owner"))
    wanted = wanted.join_from(_RETURN, _COMPANY, _COMPANY.c.id == c.company_id)
    wanted = wanted.where(c.warehouse_id.in_(list(warehouse_ids)), names).order_by(c.id.desc())
    return db.session.execute(wanted.execution_options(**scope.CENTRE)).first()
