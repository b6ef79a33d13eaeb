"""Rows of kits for use cases and pages that know the order or the set."""

from collections import defaultdict
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from portal.core import scope
from portal.warehousing.kits import rules
from portal.warehousing.kits.models import KitComponent, KitLine, KitRecipe
from portal.warehousing.kits.rules import PURPOSE, Part
from portal.warehousing.ledger.service import reserving

_RECIPE, _COMPONENT, _LINE = KitRecipe.__table__, KitComponent.__table__, KitLine.__table__


def latest_of(sku_id: int, company_id: int, on: Connection) -> Any:
    """Return the latest recipe of a set, perhaps no longer active; None: it never had one."""
    mine = select(_RECIPE).where(_RECIPE.c.company_id == company_id, _RECIPE.c.sku_id == sku_id)
    newest = mine.order_by(_RECIPE.c.version.desc()).limit(1)
    return on.execute(newest.execution_options(**scope.of(company_id))).first()


def parts_of(recipe_id: int, company_id: int, on: Connection) -> list[Part]:
    """Return what one set of a recipe is made of."""
    c = _COMPONENT.c
    mine = select(c.sku_id, c.quantity).where(c.company_id == company_id, c.recipe_id == recipe_id)
    rows = on.execute(mine.order_by(c.id).execution_options(**scope.of(company_id)))
    return [Part(row.sku_id, row.quantity) for row in rows]


def lines_of(order_: Any, on: Connection) -> Sequence[Any]:
    """Return what an order uses up, line by line."""
    mine = select(_LINE).where(
        _LINE.c.company_id == order_.company_id, _LINE.c.order_id == order_.id
    )
    rows = on.execute(mine.order_by(_LINE.c.id).execution_options(**scope.of(order_.company_id)))
    return rows.all()


def promised_by_line(order: Any, lines: Sequence[Any], on: Connection) -> dict[int, list[Any]]:
    """Return line id → what is promised to it (rows of ``reserving.promised_to``)."""
    found: dict[int, list[Any]] = defaultdict(list)
    ids = [line.id for line in lines]
    for row in reserving.promised_to(ids, PURPOSE, order.company_id, on=on):
        found[row.purpose_id].append(row)
    return found


def outputs(order: Any, on: Connection) -> list[Part]:
    """Return what comes out of one set of an order: the set, or what it was made of."""
    if order.kind == rules.MAKE:
        return [Part(order.sku_id, Decimal(1))]
    return parts_of(order.recipe_id, order.company_id, on)
