"""What belongs to one return: its lines, its goods, its owner's rules, its order."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.core import scope
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import Lot
from portal.warehousing.outbound.queries.one import lines_of as lines_of_order
from portal.warehousing.outbound.queries.visible import order_for
from portal.warehousing.returns.models import GoodsReturn, ReturnLine, ReturnPart, ReturnRule
from portal.warehousing.sites.models import Location

_RETURN, _LINE, _PART, _RULE, _SKU, _LOT, _PLACE, _PERSON = (
    model.__table__
    for model in (GoodsReturn, ReturnLine, ReturnPart, ReturnRule, Sku, Lot, Location, Person)
)
_DECIDER = _PERSON.alias("decider")


def lines_of(row: Any) -> Sequence[AnyRow]:
    """Return the announced lines of a return with ``sku, name, unit`` and ``came`` of each."""
    wanted = (
        select(_LINE, _SKU.c.code.label("sku"), _SKU.c.name, _SKU.c.unit)
        .join_from(_LINE, _SKU, _SKU.c.id == _LINE.c.sku_id)
        .where(_LINE.c.company_id == row.company_id, _LINE.c.return_id == row.id)
        .order_by(_LINE.c.number)
    )
    return db.session.execute(wanted.execution_options(**scope.of(row.company_id))).all()


def parts() -> Select[Any]:
    """Return the select of parts with goods, lot, place and who decided."""
    return (
        select(_PART, _SKU.c.code.label("sku"), _SKU.c.name, _SKU.c.unit)
        .add_columns(_LOT.c.code.label("lot"), _LOT.c.expires_on)
        .add_columns(_PLACE.c.code.label("location"), _DECIDER.c.name.label("decider"))
        .join_from(_PART, _SKU, _SKU.c.id == _PART.c.sku_id)
        .join(_LOT, _LOT.c.id == _PART.c.lot_id)
        .join(_PLACE, _PLACE.c.id == _PART.c.location_id)
        .join(_DECIDER, _DECIDER.c.id == _PART.c.decided_by_id, isouter=True)
    )


def parts_of(row: Any) -> Sequence[AnyRow]:
    """Return what came of a return (``parts``), in the order in which it came."""
    wanted = parts().where(_PART.c.company_id == row.company_id, _PART.c.return_id == row.id)
    wanted = wanted.order_by(_PART.c.received_at, _PART.c.id)
    return db.session.execute(wanted.execution_options(**scope.of(row.company_id))).all()


def part_of(row: Any, part_id: int) -> AnyRow:
    """Return one of the parts of a return; raises NotFound for another's."""
    found = next((each for each in parts_of(row) if each.id == part_id), None)
    if found is None:
        raise NotFound(_l("There are no such goods in this return."))
    return found


def came_by_line(parts: Sequence[Any]) -> dict[int | None, Any]:
    """Return line id → how much came of it; under None what was not announced."""
    found: dict[int | None, Any] = {}
    for each in parts:
        found[each.line_id] = found.get(each.line_id, NOTHING) + each.quantity
    return found


def rules_of(company_id: int) -> dict[str, str]:
    """Return the owner's standing rules: condition → disposition."""
    wanted = select(_RULE.c.condition, _RULE.c.disposition).where(_RULE.c.company_id == company_id)
    rows = db.session.execute(wanted.execution_options(**scope.of(company_id)))
    return {row.condition: row.disposition for row in rows}


def shipped_for(user: User, ref: str, company_id: int) -> tuple[AnyRow, Sequence[AnyRow]]:
    """Return an order that a company shipped, and its lines.

    Raises NotFound for another's, for one that is not shipped, and where ``user`` may not see it.
    """
    order = order_for(user, ref)
    if order.status not in ("shipped", "closed") or order.company_id != company_id:
        raise NotFound(_l("You have no shipped order with this reference."))
    return order, [line for line in lines_of_order(order) if line.shipped > NOTHING]
