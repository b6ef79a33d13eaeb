"""What sets are made of; a change makes the next version."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.core import clock, events, scope
from portal.core.errors import Invalid
from portal.core.i18n import lazy as _l
from portal.warehousing.goods.queries import sku_rows
from portal.warehousing.kits import rows, rules
from portal.warehousing.kits.events import RecipeChanged
from portal.warehousing.kits.models import KitComponent, KitRecipe
from portal.warehousing.kits.rules import Part

_RECIPE, _COMPONENT = KitRecipe.__table__, KitComponent.__table__


def write(kit: Any, parts: Sequence[Part], note: str, *, by: int | None, on: Connection) -> int:
    """Say what one of ``kit`` (a row of ``sku``) is made of; return the version.

    The same parts again are the version that there is. Raises Invalid for what
    ``rules.check_recipe`` refuses and for a set that would be a part of itself. Records
    RecipeChanged.
    """
    rules.check_recipe(kit, parts, sku_rows([p.sku_id for p in parts], kit.company_id, on))
    _refuse_circles(kit, parts, on)
    latest = rows.latest_of(kit.id, kit.company_id, on)
    if latest is not None and _same(latest, parts, note, on):
        return int(latest.version)
    version = 1 if latest is None else latest.version + 1
    _close(kit, on)
    _insert(kit, version, parts, note, by, on)
    told = RecipeChanged(actor_id=by, company_id=kit.company_id, code=kit.code, version=version)
    events.record(told, on=on)
    return version


def stop(kit: Any, *, by: int | None, on: Connection) -> None:
    """Make these sets no longer; orders that are open go on. Records RecipeChanged."""
    _close(kit, on)
    told = RecipeChanged(actor_id=by, company_id=kit.company_id, code=kit.code, version=0)
    events.record(told, on=on)


def _same(latest: Any, parts: Sequence[Part], note: str, on: Connection) -> bool:
    known = rows.parts_of(latest.id, latest.company_id, on)
    return latest.active and (latest.note or "") == note and set(known) == set(parts)


def _close(kit: Any, on: Connection) -> None:
    mine = update(_RECIPE).where(
        _RECIPE.c.company_id == kit.company_id, _RECIPE.c.sku_id == kit.id, _RECIPE.c.active
    )
    on.execute(mine.values(active=False).execution_options(**scope.of(kit.company_id)))


def _insert(
    kit: Any, version: int, parts: Sequence[Part], note: str, by: int | None, on: Connection
) -> None:
    row = {
        "company_id": kit.company_id,
        "sku_id": kit.id,
        "version": version,
        "note": note or None,
        "active": True,
        "made_by_id": by,
        "created_at": clock.now(),
    }
    recipe = on.scalar(insert(_RECIPE).values(**row).returning(_RECIPE.c.id))
    on.execute(
        insert(_COMPONENT),
        [
            {
                "company_id": kit.company_id,
                "recipe_id": recipe,
                "sku_id": part.sku_id,
                "quantity": part.quantity,
            }
            for part in parts
        ],
    )


def _refuse_circles(kit: Any, parts: Sequence[Part], on: Connection) -> None:
    """Raise Invalid where a part is made, in some steps, of the set itself."""
    c, seen = _COMPONENT.c, set[int]()
    asked = {part.sku_id for part in parts}
    while asked:
        if kit.id in asked:
            raise Invalid(_l("One of these goods is itself made of this set."))
        seen |= asked
        below = (
            select(c.sku_id)
            .join_from(_COMPONENT, _RECIPE, _RECIPE.c.id == c.recipe_id)
            .where(c.company_id == kit.company_id, _RECIPE.c.active, _RECIPE.c.sku_id.in_(asked))
        )
        found = on.scalars(below.execution_options(**scope.of(kit.company_id)))
        asked = set(found) - seen
