"""Which orders somebody may see."""

from typing import Any

from sqlalchemy import Select, func, select

from portal.accounts.access import User
from portal.accounts.models import Company
from portal.core import scope
from portal.core.db import db
from portal.core.errors import NotFound
from portal.warehousing.ledger.queries.visible import sees_all
from portal.warehousing.outbound.models import OutboundOrder, Wave
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.rules.orders import missing
from portal.warehousing.sites.models import Warehouse, WarehouseWorker

_ORDER, _WAREHOUSE, _COMPANY, _WAVE, _WORKER = (
    m.__table__ for m in (OutboundOrder, Warehouse, Company, Wave, WarehouseWorker)
)


def visible_to(user: User, query: Select[Any]) -> Select[Any]:
    """Limit a query on ``outbound_order`` to the orders that ``user`` may see.

    People of the staff who work in some warehouses alone see those. Raises NotFound for who may
    see none.
    """
    if sees_all(user):
        return query.where(works_in(user, _ORDER.c.warehouse_id)).execution_options(**scope.CENTRE)
    if user.company_id is None or not user.may("stock.see"):
        raise missing()
    own = query.where(_ORDER.c.company_id == user.company_id)
    return own.execution_options(**scope.of(user.company_id))


def works_in(user: User, warehouse: Any) -> Any:
    """Return the condition that somebody works in a warehouse; who has no rows, in all."""
    mine = select(_WORKER.c.warehouse_id).where(_WORKER.c.person_id == user.person_id)
    return warehouse.in_(mine) | ~mine.exists()


def heads() -> Select[Any]:
    """Return the select of orders with the names that belong to them.

    All columns, ``warehouse, warehouse_names, cut_off, company, company_ref, wave``.
    """
    return (
        select(
            _ORDER,
            _WAREHOUSE.c.code.label("warehouse"),
            _WAREHOUSE.c.names.label("warehouse_names"),
            _WAREHOUSE.c.cut_off,
            _COMPANY.c.name.label("company"),
            _COMPANY.c.ref.label("company_ref"),
            _WAVE.c.ref.label("wave"),
        )
        .join_from(_ORDER, _WAREHOUSE, _WAREHOUSE.c.id == _ORDER.c.warehouse_id)
        .join(_COMPANY, _COMPANY.c.id == _ORDER.c.company_id)
        .outerjoin(_WAVE, _WAVE.c.id == _ORDER.c.wave_id)
    )


def order_for(user: User, ref: str) -> Any:
    """Return the order ``ref`` if ``user`` may see it: ``heads``, and ``warehouse_party``.

    Raises NotFound alike for what is not there and what is another's.
    """
    here = heads().add_columns(_WAREHOUSE.c.party.label("warehouse_party"))
    query = visible_to(user, here.where(_ORDER.c.ref == ref[:40]))
    found = db.session.execute(query).first()
    if found is None:
        raise missing()
    return found


def order_by_ref_for(user: User, order_ref: str) -> Any | None:
    """Return the order of the user's own company with its own number; None: there is none."""
    if user.company_id is None:
        raise NotFound(missing().message)
    query = visible_to(user, heads().where(_ORDER.c.order_ref == order_ref))
    return db.session.execute(query).first()


def counts_for(user: User, *, warehouse_id: int | None = None) -> dict[str, int]:
    """Return status → how many orders ``user`` may see are in it, of those that have not ended.

    What has ended is only ever more: lists of it are read page by page.
    """
    live = [status for status in rules.STATUSES if status not in rules.ENDED]
    query = select(_ORDER.c.status, func.count()).where(_ORDER.c.status.in_(live))
    query = query.group_by(_ORDER.c.status)
    if warehouse_id is not None:
        query = query.where(_ORDER.c.warehouse_id == warehouse_id)
    rows = db.session.execute(visible_to(user, query))
    return {status: int(count) for status, count in rows}
