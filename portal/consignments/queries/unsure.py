"""Consignments under way with a place that somebody should put right."""

from typing import Any

from sqlalchemy import Row, func, select, text

from portal.accounts.models import Company
from portal.consignments.models import Consignment
from portal.consignments.rules.moves import SETTLED
from portal.consignments.rules.vocabulary import Status
from portal.core import pagination, scope
from portal.core.db import db
from portal.core.pagination import Page

_C = Consignment.__table__
#: Words, not a parameter: only so do both databases see that the index of these rows fits.
_IS_UNSURE = text("consignment.unsure_places > 0")
_OPEN = tuple(s for s in Status if s not in SETTLED and s is not Status.DRAFT)


def unsure_places(*, after: str | None, limit: int) -> Page[Row[Any]]:
    """Return a page of them for the staff, the newest first, with ``company_name``.

    Raises Invalid for a cursor that is not of this list.
    """
    query = (
        select(_C, Company.name.label("company_name"))
        .join(Company, Company.id == _C.c.company_id)
        .where(_IS_UNSURE, _C.c.status.in_(_OPEN))
        .order_by(_C.c.id.desc())
    )
    last = pagination.decode_number(after)
    if last is not None:
        query = query.where(_C.c.id < last)
    rows = db.session.execute(query.limit(limit + 1).execution_options(**scope.CENTRE)).all()
    return pagination.cut(rows, limit, lambda row: (row.id,))


def count_unsure() -> int:
    """Return how many there are."""
    query = select(func.count()).select_from(_C).where(_IS_UNSURE, _C.c.status.in_(_OPEN))
    return int(db.session.scalar(query.execution_options(**scope.CENTRE)) or 0)
