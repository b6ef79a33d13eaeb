"""Moving goods: a quantity of a balance, or a whole handling unit, to a location that takes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, or_, select

from portal.core import scope
from portal.core.db import AnyRow
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING
from portal.warehousing.goods.models import Sku
from portal.warehousing.goods.rules import counted
from portal.warehousing.layout.service import check_room
from portal.warehousing.ledger.models import Balance, HandlingUnit
from portal.warehousing.ledger.rules import Leg, Posting
from portal.warehousing.ledger.service.posting import Posted, post
from portal.warehousing.moving import rules
from portal.warehousing.sites import queries as sites
from portal.warehousing.sites.rules import EMPTY, load_of

_B, _S, _U = Balance.__table__, Sku.__table__, HandlingUnit.__table__
_MEASURES = (_S.c.weight_g, _S.c.length_mm, _S.c.width_mm, _S.c.height_mm, _S.c.storage_class)


@dataclass(frozen=True, kw_only=True)
class Doing:
    """Who moves goods, and what is kept of it: as in ``ledger.rules.Posting``."""

    actor_id: int | None
    kind: str = "move"
    document: str | None = None
    reason: str | None = None
    note: str | None = None
    said_at: datetime | None = None


def balance_of(id_: int, company_id: int | None, on: Connection) -> AnyRow:
    """Return a balance with its goods (``sku, name, unit`` and their measures).

    ``company_id``: None for whoever works for the centre. Raises NotFound.
    """
    named = (_S.c.code.label("sku"), _S.c.name, _S.c.unit, _S.c.lot_policy, *_MEASURES)
    wanted = select(_B, *named).join_from(_B, _S, _S.c.id == _B.c.sku_id).where(_B.c.id == id_)
    of = scope.CENTRE
    if company_id is not None:
        wanted, of = wanted.where(_B.c.company_id == company_id), scope.of(company_id)
    found = on.execute(wanted.execution_options(**of)).first()
    if found is None:
        raise NotFound(_l("These goods do not lie there any more. Look it up again."))
    return found


def move(balance: AnyRow, quantity: Decimal, to_id: int, doing: Doing, *, on: Connection) -> Posted:
    """Move ``quantity`` of a balance (a row of ``balance_of``) to another location.

    What is taken from a handling unit leaves it, unless all of it goes. Raises Refused where not
    so much is free, where the location is blocked, full or not for such goods. Records StockMoved.
    """
    _check_way(balance.location_id, to_id, balance.warehouse_id, on)
    counted(quantity, balance.unit)
    adding = load_of(balance, quantity, balance.sku_id, balance.lot_id)
    check_room(to_id, adding, on=on)
    whole = balance.handling_unit_id is not None and quantity == balance.on_hand
    is_last = whole and _is_alone(balance, on)
    legs = _legs(balance, quantity, to_id, balance.handling_unit_id if is_last else None)
    return post(_posting(balance, legs, doing), on=on)


def _check_way(from_id: int, to_id: int, warehouse_id: int, on: Connection) -> None:
    """Raise Refused unless goods may leave the one location for the other, in one warehouse."""
    rules.check_different(from_id, to_id)
    found = sites.locations_of([from_id, to_id], on)
    if to_id not in found or found[to_id].warehouse_id != warehouse_id:
        raise Refused(_l("That location is in another warehouse."))
    rules.check_source(found[from_id])


def _is_alone(balance: AnyRow, on: Connection) -> bool:
    """Return whether nothing else lies in the handling unit of a balance."""
    other = select(_B.c.id).where(_B.c.handling_unit_id == balance.handling_unit_id)
    other = other.where(_B.c.id != balance.id, _B.c.on_hand > 0).limit(1)
    return on.scalar(other.execution_options(**scope.of(balance.company_id))) is None


def _legs(balance: AnyRow, quantity: Decimal, to_id: int, unit_id: int | None) -> list[Leg]:
    goods = {"sku_id": balance.sku_id, "lot_id": balance.lot_id, "status": balance.status}
    return [
        Leg(
            **goods,
            location_id=balance.location_id,
            unit_id=balance.handling_unit_id,
            quantity=-quantity,
        ),
        Leg(**goods, location_id=to_id, unit_id=unit_id, quantity=quantity),
    ]


def _posting(balance: AnyRow, legs: Sequence[Leg], doing: Doing) -> Posting:
    return Posting(
        kind=doing.kind,
        company_id=balance.company_id,
        warehouse_id=balance.warehouse_id,
        legs=legs,
        actor_id=doing.actor_id,
        document=doing.document,
        reason=doing.reason,
        note=doing.note,
        said_at=doing.said_at,
    )


def lying_in(unit_id: int, company_id: int, on: Connection) -> Sequence[AnyRow]:
    """Return what lies in a handling unit and in those within it (as ``balance_of``)."""
    inner = select(_U.c.id).where(_U.c.parent_id == unit_id, _U.c.company_id == company_id)
    named = (_S.c.code.label("sku"), _S.c.name, _S.c.unit, *_MEASURES)
    wanted = select(_B, *named).join_from(_B, _S, _S.c.id == _B.c.sku_id)
    is_in = or_(_B.c.handling_unit_id == unit_id, _B.c.handling_unit_id.in_(inner))
    wanted = wanted.where(is_in, _B.c.on_hand > 0, _B.c.company_id == company_id)
    wanted = wanted.order_by(_B.c.sku_id, _B.c.lot_id, _B.c.location_id, _B.c.id)
    return on.execute(wanted.execution_options(**scope.of(company_id))).all()


def move_unit(unit_id: int, company_id: int, to_id: int, doing: Doing, *, on: Connection) -> Posted:
    """Move a pallet, carton or tote with everything in it.

    Raises Refused where nothing lies in it, where some of it is promised to an order, and as
    ``move``. Records StockMoved.
    """
    lines = lying_in(unit_id, company_id, on)
    if not lines:
        raise Refused(_l("Nothing lies in this unit."))
    if any(line.allocated for line in lines):
        raise Refused(_l("Some of this unit is promised to an order. Move the rest in parts."))
    for from_id in sorted({line.location_id for line in lines}):
        _check_way(from_id, to_id, lines[0].warehouse_id, on)
    adding = sum(
        (load_of(line, line.on_hand, line.sku_id, line.lot_id) for line in lines), start=EMPTY
    )
    check_room(to_id, adding, on=on)
    legs = [
        leg for line in lines for leg in _legs(line, line.on_hand, to_id, line.handling_unit_id)
    ]
    return post(_posting(lines[0], legs, doing), on=on)


def free_of(balance: Any) -> Decimal:
    """Return how much of a balance may be moved."""
    free: Decimal = balance.on_hand - balance.allocated
    return max(free, NOTHING)
