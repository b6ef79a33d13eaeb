"""A return and its parts while they are changed: locked, moved on, told of."""

from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.core import clock, events, scope
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.quantities import written
from portal.warehousing.goods.models import Sku
from portal.warehousing.returns import rules
from portal.warehousing.returns.events import ReturnMoved, ReturnPartChanged
from portal.warehousing.returns.models import GoodsReturn, ReturnPart

_RETURN, _PART, _SKU = (model.__table__ for model in (GoodsReturn, ReturnPart, Sku))


def held(return_id: int, company_id: int, on: Connection) -> Any:
    """Return a return's columns; nobody else changes it until the transaction ends."""
    mine = select(_RETURN).where(_RETURN.c.company_id == company_id, _RETURN.c.id == return_id)
    found = on.execute(mine.with_for_update().execution_options(**scope.of(company_id))).first()
    if found is None:
        raise rules.missing()
    return found


def move(row: Any, status: str, *, by_id: int | None, on: Connection, **values: Any) -> None:
    """Bring a return to another status. Raises Refused out of turn. Records ReturnMoved."""
    rules.advance(row.status, status)
    change(row, on, status=status, **values)
    tell(row, status, row.status, by_id=by_id, on=on)


def change(row: Any, on: Connection, **values: Any) -> None:
    """Change columns of a return."""
    mine = update(_RETURN).where(_RETURN.c.id == row.id, _RETURN.c.company_id == row.company_id)
    changed = mine.values(changed_at=clock.now(), **values)
    on.execute(changed.execution_options(**scope.of(row.company_id)))


def tell(row: Any, status: str, before: str | None, *, by_id: int | None, on: Connection) -> None:
    """Record ReturnMoved."""
    events.record(
        ReturnMoved(
            actor_id=by_id,
            company_id=row.company_id,
            ref=row.ref,
            warehouse_id=row.warehouse_id,
            status=status,
            before=before,
        ),
        on=on,
    )


def part(part_id: int, row: Any, on: Connection) -> Any:
    """Return a part of a return that is held, with the code and unit of its goods."""
    wanted = (
        select(_PART, _SKU.c.code.label("sku"), _SKU.c.name, _SKU.c.unit)
        .join_from(_PART, _SKU, _SKU.c.id == _PART.c.sku_id)
        .where(_PART.c.company_id == row.company_id, _PART.c.id == part_id)
        .where(_PART.c.return_id == row.id)
    )
    found = on.execute(wanted.execution_options(**scope.of(row.company_id))).first()
    if found is None:
        raise NotFound(_l("There are no such goods in this return."))
    return found


def statuses(row: Any, on: Connection) -> list[str]:
    """Return the statuses of the parts of a return."""
    wanted = select(_PART.c.status).where(
        _PART.c.company_id == row.company_id, _PART.c.return_id == row.id
    )
    return list(on.execute(wanted.execution_options(**scope.of(row.company_id))).scalars())


def add_part(values: dict[str, Any], on: Connection) -> int:
    """Write a part down; return its id."""
    return int(on.scalar(insert(_PART).values(**values).returning(_PART.c.id)) or 0)


def set_part(each: Any, on: Connection, **values: Any) -> None:
    """Change columns of a part."""
    mine = update(_PART).where(_PART.c.id == each.id, _PART.c.company_id == each.company_id)
    on.execute(mine.values(**values).execution_options(**scope.of(each.company_id)))


def tell_part(row: Any, part_id: int, by_id: int | None, on: Connection) -> None:
    """Record ReturnPartChanged of a part as it is now."""
    now = part(part_id, row, on)
    events.record(
        ReturnPartChanged(
            actor_id=by_id,
            company_id=row.company_id,
            ref=row.ref,
            warehouse_id=row.warehouse_id,
            sku=now.sku,
            quantity=written(now.quantity),
            status=now.status,
            condition=now.condition,
            disposition=now.disposition,
        ),
        on=on,
    )
