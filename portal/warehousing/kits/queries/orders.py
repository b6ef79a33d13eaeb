"""Orders of kits for those who may see them: lists, and one with all that belongs to it."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Select, select

from portal.accounts.access import User
from portal.accounts.models import Company, Person
from portal.core import pagination, scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.pagination import Page
from portal.core.quantities import NOTHING
from portal.warehousing.goods.models import Sku
from portal.warehousing.goods.queries import sku_rows
from portal.warehousing.kits import rows, rules
from portal.warehousing.kits.models import KitOrder, KitRun
from portal.warehousing.kits.rules import NOT_FOUND
from portal.warehousing.ledger.models import Lot
from portal.warehousing.sites.models import Location, Warehouse
from portal.warehousing.sites.queries import warehouses_for

_O, _SKU, _RUN, _LOT = (model.__table__ for model in (KitOrder, Sku, KitRun, Lot))
_PLACE, _HOUSE, _COMPANY, _PERSON = (
    model.__table__ for model in (Location, Warehouse, Company, Person)
)
PAGE = 50
#: Kinds that a list can be of beside single statuses.
GROUPS = {"open": rules.OPEN, **{status: (status,) for status in rules.STATUSES}}


@dataclass(frozen=True)
class Use:
    """One line of an order: its goods, what is promised where, and what is missing."""

    line: Any
    sku: Any
    promised: Sequence[Any]
    needed: Decimal

    @property
    def held(self) -> Decimal:
        """How much is promised."""
        return sum((row.quantity for row in self.promised), NOTHING)

    @property
    def missing(self) -> Decimal:
        """How much is still to be promised."""
        return max(self.needed - self.held, NOTHING)


def orders_for(
    user: User,
    *,
    group: str = "open",
    sku_id: int | None = None,
    after: str | None = None,
    limit: int = PAGE,
) -> Page[AnyRow]:
    """Return a page of orders with the names of their goods, the newest first."""
    before = pagination.decode_number(after) or pagination.LARGEST_ID
    query = visible_to(user, _named()).where(_O.c.id < before)
    if group in GROUPS:
        query = query.where(_O.c.status.in_(GROUPS[group]))
    if sku_id is not None:
        query = query.where(_O.c.sku_id == sku_id)
    rows = db.session.execute(query.order_by(_O.c.id.desc()).limit(limit + 1)).all()
    return pagination.cut(rows, limit, lambda row: [row.id])


def order_for(user: User, ref: str) -> AnyRow:
    """Return an order with the names of its goods; raises NotFound for who may not see it."""
    query = visible_to(user, _named()).where(_O.c.ref == ref.strip().upper()[:20])
    found = db.session.execute(query).first()
    if found is None:
        raise NotFound(NOT_FOUND)
    return found


def waiting_for(user: User, warehouse_id: int, limit: int = 200) -> Sequence[AnyRow]:
    """Return the orders of a warehouse that can be gone on with, the most urgent first."""
    query = visible_to(user, _named()).where(_O.c.warehouse_id == warehouse_id)
    query = query.where(_O.c.status.in_(("ready", "started")))
    order = (_O.c.wanted_on.is_(None), _O.c.wanted_on, _O.c.id)
    return db.session.execute(query.order_by(*order).limit(limit)).all()


def _named() -> Select[Any]:
    return (
        select(_O, _SKU.c.code, _SKU.c.names, _SKU.c.name, _SKU.c.unit)
        .add_columns(_HOUSE.c.code.label("warehouse"))
        .add_columns(_COMPANY.c.name.label("company"), _COMPANY.c.ref.label("owner"))
        .join_from(_O, _SKU, _SKU.c.id == _O.c.sku_id)
        .join(_HOUSE, _HOUSE.c.id == _O.c.warehouse_id)
        .join(_COMPANY, _COMPANY.c.id == _O.c.company_id)
    )


def visible_to(user: User, query: Select[Any]) -> Select[Any]:
    """Limit a query on orders to what ``user`` may see; raises NotFound for who may see none."""
    if user.company_id is not None and user.may("stock.see"):
        own = query.where(_O.c.company_id == user.company_id)
        return own.execution_options(**scope.of(user.company_id))
    if user.company_id is None and user.may("warehouse.see"):
        houses = [house.id for house in warehouses_for(user)]
        return query.where(_O.c.warehouse_id.in_(houses)).execution_options(**scope.CENTRE)
    raise NotFound(NOT_FOUND)


def uses_of(order: Any) -> list[Use]:
    """Return what an order uses up for the sets that are still to be done, line by line."""
    on = db.session.connection()
    lines = rows.lines_of(order, on)
    held = rows.promised_by_line(order, lines, on)
    skus = sku_rows([line.sku_id for line in lines], order.company_id, on)
    left = order.quantity - order.done if order.status in rules.OPEN else NOTHING
    return [
        Use(line, skus[line.sku_id], _placed(order, held[line.id]), line.per_kit * left)
        for line in lines
    ]


def _placed(order: Any, rows: Sequence[Any]) -> Sequence[Any]:
    """Return promises with the codes of their places and lots."""
    ids = [row.id for row in rows]
    if not ids:
        return []
    places = {
        row.id: row
        for row in db.session.execute(
            select(_PLACE.c.id, _PLACE.c.code, _PLACE.c.walk).where(
                _PLACE.c.id.in_({row.location_id for row in rows})
            )
        )
    }
    lots = select(_LOT.c.id, _LOT.c.code, _LOT.c.expires_on).where(
        _LOT.c.company_id == order.company_id, _LOT.c.id.in_({row.lot_id for row in rows})
    )
    named = {
        row.id: row
        for row in db.session.execute(lots.execution_options(**scope.of(order.company_id)))
    }
    return [Taken(row, places[row.location_id], named[row.lot_id]) for row in rows]


@dataclass(frozen=True)
class Taken:
    """So much of a lot that is promised at a place."""

    row: Any
    place: Any
    lot: Any

    @property
    def quantity(self) -> Decimal:
        """How much is promised."""
        quantity: Decimal = self.row.quantity
        return quantity


def outputs_of(order: Any) -> list[tuple[Any, Decimal]]:
    """Return what comes out of one set of an order: rows of ``sku``, each with how many."""
    on = db.session.connection()
    parts = rows.outputs(order, on)
    skus = sku_rows([part.sku_id for part in parts], order.company_id, on)
    return [(skus[part.sku_id], part.quantity) for part in parts]


def runs_of(order: Any) -> Sequence[AnyRow]:
    """Return what was done of an order, the latest first, with place and person."""
    query = (
        select(_RUN, _PLACE.c.code.label("location"), _PERSON.c.name.label("person"))
        .join_from(_RUN, _PLACE, _PLACE.c.id == _RUN.c.location_id)
        .outerjoin(_PERSON, _PERSON.c.id == _RUN.c.done_by_id)
        .where(_RUN.c.company_id == order.company_id, _RUN.c.order_id == order.id)
        .order_by(_RUN.c.id.desc())
    )
    return db.session.execute(query.execution_options(**scope.of(order.company_id))).all()


def doable(uses: Sequence[Use]) -> Decimal:
    """Return for how many whole sets the promises last."""
    return rules.doable((use.line.per_kit, use.held) for use in uses)
