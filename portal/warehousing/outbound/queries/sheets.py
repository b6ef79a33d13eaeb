"""Sheets of orders that a company handed in."""

from typing import Any

from sqlalchemy import select

from portal.accounts.access import User
from portal.core import pagination, scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import Page
from portal.warehousing.outbound.models import OutboundSheet

_SHEET = OutboundSheet.__table__


def _own(user: User) -> Any:
    if user.company_id is None or not user.may("outbound.manage"):
        raise NotFound(_l("There is no sheet with that reference."))
    query = select(_SHEET).where(_SHEET.c.company_id == user.company_id)
    return query.execution_options(**scope.of(user.company_id))


def sheets_for(user: User, *, after: str | None = None, limit: int = 20) -> Page[AnyRow]:
    """Return a page of the company's sheets, the newest first."""
    query, place = _own(user), pagination.decode_number(after)
    if place is not None:
        query = query.where(_SHEET.c.id < place)
    rows = db.session.execute(query.order_by(_SHEET.c.id.desc()).limit(limit + 1)).all()
    return pagination.cut(rows, limit, lambda row: (row.id,))


def sheet_for(user: User, ref: str) -> AnyRow:
    """Return a sheet by its reference; raises NotFound for another company's."""
    found: AnyRow | None = db.session.execute(_own(user).where(_SHEET.c.ref == ref[:40])).first()
    if found is None:
        raise NotFound(_l("There is no sheet with that reference."))
    return found
