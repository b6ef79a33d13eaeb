"""Reading a company's address book."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, Select, or_, select

from portal.accounts.access import User
from portal.consignments.models import Address
from portal.core import pagination, scope
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import Page

_A = Address.__table__
MOST = 500  # offered in a form; a longer book is searched on its own page


def missing() -> NotFound:
    """Return the one answer to a missing and to another company's address."""
    return NotFound(_l("There is no such address in your book."))


def _own(user: User, query: Select[Any]) -> Select[Any]:
    if user.company_id is None or not user.may("addresses.see"):
        raise missing()
    own = query.where(_A.c.company_id == user.company_id)
    return own.execution_options(**scope.of(user.company_id))


def addresses_for(
    user: User, *, text: str = "", after: str | None = None, limit: int = 50
) -> Page[Row[Any]]:
    """Return a page of the address book by name; ``text`` must occur in an entry.

    Raises NotFound for somebody without a book, Invalid for a cursor that is not of this list.
    """
    query = _own(user, select(_A)).order_by(_A.c.name, _A.c.id)
    if text:
        fits = (c.icontains(text, autoescape=True) for c in _SEARCHED)
        query = query.where(or_(*fits))
    cursor = pagination.decode(after, str, int)
    if cursor is not None:
        name, row_id = cursor
        query = query.where(or_(_A.c.name > name, (_A.c.name == name) & (_A.c.id > row_id)))
    rows = db.session.execute(query.limit(limit + 1)).all()
    return pagination.cut(rows, limit, lambda row: (row.name, row.id))


_SEARCHED = (_A.c.name, _A.c.address, _A.c.city, _A.c.phone, _A.c.postcode)


def book_for(user: User) -> Sequence[Row[Any]]:
    """Return the entries to choose from in a form; none for somebody who may not see them."""
    if user.company_id is None or not user.may("addresses.see"):
        return []
    return db.session.execute(_own(user, select(_A)).order_by(_A.c.name).limit(MOST)).all()


def cities_for(user: User) -> list[str]:
    """Return the cities of the address book; none for somebody who may not see it."""
    if user.company_id is None or not user.may("addresses.see"):
        return []
    return list(db.session.scalars(_own(user, select(_A.c.city).distinct()).limit(MOST)))


def address_for(user: User, ref: str) -> Row[Any]:
    """Return one entry. Raises NotFound alike for missing ones and another company's."""
    found = db.session.execute(_own(user, select(_A).where(_A.c.ref == ref))).first()
    if found is None:
        raise missing()
    return found
