"""Whose rows of the ledger somebody may see."""

from typing import Any

from sqlalchemy import Select, Table

from portal.accounts.access import User
from portal.core import scope
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l

NOTHING_THERE = _l("There is nothing here that you may see.")


def sees_all(user: User) -> bool:
    """Return whether ``user`` is of the centre and may see the stock of every owner."""
    return user.company_id is None and user.is_staff and user.may("warehouse.see")


def own(user: User, query: Select[Any], *tables: Table) -> Select[Any]:
    """Limit a query to rows of ``tables`` that ``user`` may see; raises NotFound for none."""
    if sees_all(user):
        return query.execution_options(**scope.CENTRE)
    if user.company_id is None or not user.may("stock.see"):
        raise NotFound(NOTHING_THERE)
    mine = [table.c.company_id == user.company_id for table in tables]
    return query.where(*mine).execution_options(**scope.of(user.company_id))
