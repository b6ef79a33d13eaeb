"""Goods out, as they happen by themselves in the demo's warehouse: ordered, and moved on."""

from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import Connection, func, select

from portal.consignments.models import Address
from portal.core import clock, scope, working
from portal.core.db import db
from portal.demo import warehouse_hands as hands_of
from portal.demo.warehouse_hands import Hands
from portal.demo.warehouse_happening import COUNTED, Happened, Work, member
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import StockTotal
from portal.warehousing.outbound.models import OutboundOrder
from portal.warehousing.outbound.rules.asked import NewLine
from portal.warehousing.outbound.service import orders
from portal.warehousing.outbound.service.orders import NewOrder

AT_ONCE = 12  # orders of an owner on the floor, of which one moves on
MOST_OPEN = 10  # orders of an owner under way, before he orders more
_ORDER, _SKU, _TOTAL = (model.__table__ for model in (OutboundOrder, Sku, StockTotal))


def order(rng: Random, house: Any, company_id: int, hands: Hands) -> Work | None:
    """Let the owner order some of what is free, while not too much of his is under way."""
    if _open_orders(house, company_id) >= MOST_OPEN:
        return None
    t = _TOTAL.c
    free = (
        select(t.sku_id, t.on_hand, t.allocated, t.on_hold)
        .join_from(_TOTAL, _SKU, _SKU.c.id == t.sku_id)
        .where(t.company_id == company_id, t.warehouse_id == house.id, _SKU.c.active, COUNTED)
    )
    rows = db.session.execute(free.execution_options(**scope.of(company_id))).all()
    there = [row for row in rows if row.on_hand - row.allocated - row.on_hold >= 12]
    if not there:
        return None
    chosen = rng.sample(there, min(len(there), rng.randint(1, 3)))
    lines = [
        NewLine(sku_id=row.sku_id, quantity=Decimal(rng.randint(1, 6)), lot_id=None)
        for row in chosen
    ]
    new = NewOrder(
        company_id=company_id, warehouse=house, columns=_to(rng, company_id), lines=lines
    )
    hours, by = working.hours(), member(company_id)

    def work(on: Connection) -> Happened:
        placed = orders.place(new, hours=hours, by=by, on=on)
        return Happened(company_id, "ordered", placed.order.ref)

    return work


def _open_orders(house: Any, company_id: int) -> int:
    c = _ORDER.c
    under_way = select(func.count()).where(c.company_id == company_id, c.warehouse_id == house.id)
    under_way = under_way.where(c.status.in_(list(hands_of.STEPS)))
    return int(db.session.scalar(under_way.execution_options(**scope.of(company_id))) or 0)


def _to(rng: Random, company_id: int) -> dict[str, Any]:
    """Return the columns of an order to somebody in the company's address book."""
    book = select(Address).where(Address.company_id == company_id).order_by(Address.id)
    found = db.session.scalars(book.execution_options(**scope.of(company_id))).all()
    columns: dict[str, Any] = {
        "policy": "partial",
        "service": rng.choice(("standard", "express")),
        "order_ref": f"SO-{clock.now():%m%d%H%M%S}-{rng.randrange(10000):04d}",
    }
    if len(found) > 1:
        to = rng.choice(found[1:])
        columns |= {
            "consignee_name": to.name,
            "consignee_phone": to.phone,
            "consignee_address": to.address,
            "consignee_city": to.city,
            "consignee_country": to.country,
            "consignee_postcode": to.postcode,
            "consignee_division": to.division_code,
        }
    return columns


def on_the_floor(rng: Random, house: Any, company_id: int, hands: Hands) -> Work | None:
    """Do with one order on the floor what comes next."""
    c = _ORDER.c
    ready = select(_ORDER).where(c.company_id == company_id, c.warehouse_id == house.id)
    ready = ready.where(c.status.in_(list(hands_of.STEPS)))
    longest = ready.order_by(c.status_at, c.id).limit(AT_ONCE)
    waiting = db.session.execute(longest.execution_options(**scope.of(company_id))).all()
    if not waiting:
        return None
    found = rng.choice(waiting)  # one that cannot go on must not hold up the others

    def work(on: Connection) -> Happened:
        after = hands_of.step(found, hands, on)
        return Happened(company_id, after.status, after.ref)

    return work
