"""What sets are made of, with the names of the goods."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.core import scope
from portal.core.db import AnyRow, db
from portal.warehousing.goods.models import Sku
from portal.warehousing.goods.queries import sku_rows
from portal.warehousing.goods.stored import stored
from portal.warehousing.kits import rows
from portal.warehousing.kits.models import KitComponent, KitRecipe

_SKU, _RECIPE, _COMPONENT = Sku.__table__, KitRecipe.__table__, KitComponent.__table__


@dataclass(frozen=True)
class Recipe:
    """What one set is made of: the row of the recipe, and (row of the goods, how many, free)."""

    row: Any
    parts: Sequence[tuple[Any, Decimal, Decimal]]


def recipe_of(sku: Any) -> Recipe | None:
    """Return the recipe of goods that are made as sets, as it is now; None: they are not."""
    on = db.session.connection()
    latest = rows.latest_of(sku.id, sku.company_id, on)
    if latest is None or not latest.active:
        return None
    parts = rows.parts_of(latest.id, sku.company_id, on)
    skus = sku_rows([part.sku_id for part in parts], sku.company_id, on)
    there = stored([part.sku_id for part in parts], on)
    free = {id_: figures.free for id_, figures in there.items()}
    shown = [(skus[p.sku_id], p.quantity, free.get(p.sku_id, Decimal(0))) for p in parts]
    return Recipe(latest, shown)


def sets_with(sku: Any) -> Sequence[AnyRow]:
    """Return the sets into which goods go now: code, name and how many."""
    kit = _SKU.alias("kit")
    query = (
        select(kit.c.code, kit.c.name, kit.c.names, _COMPONENT.c.quantity)
        .join_from(_COMPONENT, _RECIPE, _RECIPE.c.id == _COMPONENT.c.recipe_id)
        .join(kit, kit.c.id == _RECIPE.c.sku_id)
        .where(_COMPONENT.c.company_id == sku.company_id, _COMPONENT.c.sku_id == sku.id)
        .where(_RECIPE.c.active)
        .order_by(kit.c.code)
        .limit(50)
    )
    return db.session.execute(query.execution_options(**scope.of(sku.company_id))).all()
