"""Whose notices somebody may see: a company its own, the centre’s people those of their house."""

from typing import Any

from sqlalchemy import Select, or_, select

from portal.accounts.access import User
from portal.accounts.models import Company
from portal.core import scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.warehousing.inbound.models import InboundNotice
from portal.warehousing.inbound.rules.states import NOT_FOUND
from portal.warehousing.sites.models import Dock, Warehouse, WarehouseWorker

_NOTICE, _WAREHOUSE, _WORKER, _COMPANY, _DOCK = (
    model.__table__ for model in (InboundNotice, Warehouse, WarehouseWorker, Company, Dock)
)
#: What a page shows of a notice beside its columns.
NAMED = (
    _WAREHOUSE.c.code.label("warehouse"),
    _WAREHOUSE.c.names.label("warehouse_names"),
    _COMPANY.c.name.label("company"),
    _COMPANY.c.ref.label("company_ref"),
    _DOCK.c.code.label("dock"),
)


def sees_all(user: User) -> bool:
    """Return whether ``user`` is of the centre and may see every owner’s notices."""
    return user.company_id is None and user.is_staff and user.may("warehouse.see")


def joined() -> Select[Any]:
    """Return the select of notices with the names that pages show."""
    return (
        select(_NOTICE, *NAMED)
        .join_from(_NOTICE, _WAREHOUSE, _WAREHOUSE.c.id == _NOTICE.c.warehouse_id)
        .join(_COMPANY, _COMPANY.c.id == _NOTICE.c.company_id)
        .outerjoin(_DOCK, _DOCK.c.id == _NOTICE.c.dock_id)
    )


def visible_to(user: User, query: Select[Any]) -> Select[Any]:
    """Limit a query on notices to what ``user`` may see; raises NotFound for who may see none."""
    if sees_all(user):
        own = select(_WORKER.c.warehouse_id).where(_WORKER.c.person_id == user.person_id)
        here = or_(_NOTICE.c.warehouse_id.in_(own), ~own.exists())
        return query.where(here).execution_options(**scope.CENTRE)
    if user.company_id is None or not user.may("stock.see"):
        raise NotFound(NOT_FOUND)
    mine = query.where(_NOTICE.c.company_id == user.company_id)
    return mine.execution_options(**scope.of(user.company_id))


def notice_for(user: User, ref: str) -> AnyRow:
    """Return a notice (its columns, ``warehouse, warehouse_names, company, company_ref, dock``).

    Raises NotFound for one that ``user`` may not see.
    """
    found = db.session.execute(visible_to(user, joined().where(_NOTICE.c.ref == ref))).first()
    if found is None:
        raise NotFound(NOT_FOUND)
    return found
