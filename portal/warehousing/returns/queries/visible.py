"""Who sees which returns: owners their own, the staff those of its warehouses."""

from typing import Any

from sqlalchemy import Select, select

from portal.accounts.access import User
from portal.accounts.models import Company
from portal.core import scope
from portal.core.db import AnyRow, db
from portal.warehousing.returns.models import GoodsReturn
from portal.warehousing.returns.rules import missing
from portal.warehousing.sites.models import Warehouse, WarehouseWorker

_RETURN, _HOUSE, _COMPANY, _WORKER = (
    model.__table__ for model in (GoodsReturn, Warehouse, Company, WarehouseWorker)
)


def heads() -> Select[Any]:
    """Return the select of returns: all columns, ``warehouse, warehouse_names, company``."""
    return (
        select(_RETURN, _HOUSE.c.code.label("warehouse"), _HOUSE.c.names.label("warehouse_names"))
        .add_columns(_COMPANY.c.name.label("company"), _COMPANY.c.ref.label("company_ref"))
        .join_from(_RETURN, _HOUSE, _HOUSE.c.id == _RETURN.c.warehouse_id)
        .join(_COMPANY, _COMPANY.c.id == _RETURN.c.company_id)
    )


def visible_to(user: User, query: Select[Any]) -> Select[Any]:
    """Limit a query on ``goods_return`` to what ``user`` may see; NotFound for who sees none."""
    if user.company_id is not None:
        if not user.may("stock.see"):
            raise missing()
        own = query.where(_RETURN.c.company_id == user.company_id)
        return own.execution_options(**scope.of(user.company_id))
    if not user.may("warehouse.see"):
        raise missing()
    mine = select(_WORKER.c.warehouse_id).where(_WORKER.c.person_id == user.person_id)
    here = _RETURN.c.warehouse_id.in_(mine) | ~mine.exists()
    return query.where(here).execution_options(**scope.CENTRE)


def return_for(user: User, ref: str) -> AnyRow:
    """Return the return ``ref`` (``heads``) if ``user`` may see it; raises NotFound alike."""
    wanted = heads().where(_RETURN.c.ref == ref.strip().upper()[:40])
    found = db.session.execute(visible_to(user, wanted)).first()
    if found is None:
        raise missing()
    return found
