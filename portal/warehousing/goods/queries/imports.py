"""Sheets of goods that were read in, for the people of their company."""

from typing import Any

from sqlalchemy import select

from portal.accounts.access import User
from portal.core import pagination, scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import Page
from portal.warehousing.goods.models import GoodsImport

_TABLE = GoodsImport.__table__
PAGE = 20
#: What a list shows; the problems of a long sheet are a long document.
_LISTED = tuple(each for each in _TABLE.c if each.name != "problems")


def imports_for(user: User, *, after: str | None = None) -> Page[AnyRow]:
    """Return the company's sheets, the latest first, without their problems."""
    before = pagination.decode_number(after) or pagination.LARGEST_ID
    query = _mine(user, select(*_LISTED).where(_TABLE.c.id < before))
    rows = db.session.execute(query.order_by(_TABLE.c.id.desc()).limit(PAGE + 1)).all()
    return pagination.cut(rows, PAGE, lambda row: [row.id])


def import_for(user: User, ref: str) -> AnyRow:
    """Return one sheet with its problems; raises NotFound where it is not the company's."""
    query = _mine(user, select(_TABLE).where(_TABLE.c.ref == ref.strip().upper()[:20]))
    found = db.session.execute(query).first()
    if found is None:
        raise _missing()
    return found


def _mine(user: User, query: Any) -> Any:
    if user.company_id is None or not user.may("goods.edit"):
        raise _missing()
    own = query.where(_TABLE.c.company_id == user.company_id)
    return own.execution_options(**scope.of(user.company_id))


def _missing() -> NotFound:
    return NotFound(_l("There is no sheet with that reference."))
