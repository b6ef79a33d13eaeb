"""Orders of kits: entered, with goods promised to them, cancelled."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.accounts.service.companies import new_ref
from portal.core import clock, events, scope
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING, written
from portal.warehousing.goods.models import Sku
from portal.warehousing.kits import rows, rules
from portal.warehousing.kits.events import KitCancelled, KitOrdered, KitReserved
from portal.warehousing.kits.models import KitLine, KitOrder
from portal.warehousing.kits.service import promising

_ORDER, _LINE, _SKU = KitOrder.__table__, KitLine.__table__, Sku.__table__


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What is ordered: so many of a set (a row of ``sku``) in a warehouse, made or taken apart."""

    kit: Any
    warehouse_id: int
    quantity: Decimal
    kind: str = rules.MAKE
    wanted_on: date | None = None
    note: str = ""


def order(wish: Wish, *, by: int | None, on: Connection) -> Any:
    """Order sets and promise goods to it, as many as are free; return the row of the order.

    Raises Refused where the set has no recipe, is out of use, or is not counted whole. Records
    KitOrdered.
    """
    recipe = _recipe(wish, on)
    rules.check_quantity(wish.quantity)
    at = clock.now()
    row = {
        "ref": new_ref("KT"),
        "company_id": wish.kit.company_id,
        "warehouse_id": wish.warehouse_id,
        "sku_id": wish.kit.id,
        "recipe_id": recipe.id,
        "kind": wish.kind,
        "quantity": wish.quantity,
        "done": NOTHING,
        "status": "waiting",
        "wanted_on": wish.wanted_on,
        "note": wish.note or None,
        "ordered_by_id": by,
        "created_at": at,
        "changed_at": at,
    }
    made = on.execute(insert(_ORDER).values(**row).returning(_ORDER)).one()
    _put_lines(made, on)
    status = _settle(made, on)
    told = KitOrdered(
        **named(made, wish.kit.code, status, by), kind=wish.kind, quantity=written(wish.quantity)
    )
    events.record(told, on=on)
    return held(made.ref, on)


def _recipe(wish: Wish, on: Connection) -> Any:
    found = rows.latest_of(wish.kit.id, wish.kit.company_id, on)
    if wish.kind not in rules.KINDS:
        raise Refused(_l("Sets are made or taken apart."))
    if found is None or (wish.kind == rules.MAKE and not found.active):
        raise Refused(_l("Say first what this set is made of."))
    if not wish.kit.active:
        raise Refused(_l("These goods are out of use. Use them again first."))
    return found


def _put_lines(order_: Any, on: Connection) -> None:
    if order_.kind == rules.MAKE:
        parts = rows.parts_of(order_.recipe_id, order_.company_id, on)
    else:
        parts = [rules.Part(order_.sku_id, Decimal(1))]
    usual = {"company_id": order_.company_id, "order_id": order_.id, "used": NOTHING}
    on.execute(
        insert(_LINE),
        [{**usual, "sku_id": part.sku_id, "per_kit": part.quantity} for part in parts],
    )


def held(ref: str, on: Connection, *, company_id: int | None = None) -> Any:
    """Return an order, held until the transaction ends; raises NotFound where there is none.

    ``company_id``: whose it must be; None: anybody's, for the centre's people.
    """
    wanted = select(_ORDER).where(_ORDER.c.ref == ref.strip().upper()[:20]).with_for_update()
    if company_id is not None:
        wanted = wanted.where(_ORDER.c.company_id == company_id)
    found = on.execute(wanted.execution_options(**scope.CENTRE)).first()
    if found is None:
        raise NotFound(rules.NOT_FOUND)
    return found


def reserve(order_: Any, *, by: int | None, on: Connection) -> str:
    """Look for goods again for what is not promised yet; return how the order stands then.

    ``order_`` is held. Raises Refused where nothing of it is to be done. Records KitReserved.
    """
    rules.check_open(order_.status)
    status = _settle(order_, on)
    events.record(KitReserved(**named(order_, code_of(order_, on), status, by)), on=on)
    return status


def _settle(order_: Any, on: Connection) -> str:
    """Promise what is free and keep how the order stands."""
    missing = promising.promise(order_, rows.lines_of(order_, on), on)
    status = rules.status_of(order_.quantity, order_.done, bool(missing))
    keep(order_, on, status=status)
    return status


def cancel(order_: Any, *, by: int | None, on: Connection) -> None:
    """Do the rest of an order no longer: what was promised to it is free again.

    ``order_`` is held. Raises Refused where it is over. Records KitCancelled.
    """
    rules.check_open(order_.status)
    promising.release_all(order_, rows.lines_of(order_, on), on)
    keep(order_, on, status="cancelled", ended_at=clock.now())
    events.record(KitCancelled(**named(order_, code_of(order_, on), "cancelled", by)), on=on)


def keep(order_: Any, on: Connection, **values: Any) -> None:
    """Change columns of an order."""
    mine = update(_ORDER).where(_ORDER.c.company_id == order_.company_id, _ORDER.c.id == order_.id)
    values = {**values, "changed_at": clock.now()}
    on.execute(mine.values(**values).execution_options(**scope.of(order_.company_id)))


def code_of(order_: Any, on: Connection) -> str:
    """Return the code of the set of an order."""
    mine = select(_SKU.c.code).where(
        _SKU.c.company_id == order_.company_id, _SKU.c.id == order_.sku_id
    )
    return str(on.scalar(mine.execution_options(**scope.of(order_.company_id))))


def named(order_: Any, code: str, status: str, by: int | None) -> dict[str, Any]:
    """Return the fields that every event of an order has."""
    return {
        "actor_id": by,
        "company_id": order_.company_id,
        "ref": order_.ref,
        "code": code,
        "status": status,
        "warehouse_id": order_.warehouse_id,
    }
