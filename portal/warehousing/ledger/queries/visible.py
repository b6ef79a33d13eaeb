"""Whose rows of the ledger somebody may see."""

from typing import Any

from sqlalchemy import ColumnElement, Select, Table, or_, select, true

from portal.accounts.access import User
from portal.core import scope
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.warehousing.sites.models import WarehouseWorker

_WORKER = WarehouseWorker.__table__

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


def works_in(user: User, warehouse_id: ColumnElement[int]) -> ColumnElement[bool]:
    """Return whether a row's warehouse is one in which ``user`` works; a member's may be any."""
    if user.company_id is not None:
        return true()
    return or_(warehouse_id.in_(_bound_to(user)), ~_bound_to(user).exists())


def works_with(
    user: User, lies: Select[Any], warehouse_id: ColumnElement[int]
) -> ColumnElement[bool]:
    """Return whether any row of ``lies`` is in a warehouse in which ``user`` works.

    For things that are in no warehouse by themselves, such as lots.
    """
    if user.company_id is not None:
        return true()
    here = lies.where(warehouse_id.in_(_bound_to(user))).exists()
    return or_(~_bound_to(user).exists(), here)


def _bound_to(user: User) -> Select[Any]:
    return select(_WORKER.c.warehouse_id).where(_WORKER.c.person_id == user.person_id)
