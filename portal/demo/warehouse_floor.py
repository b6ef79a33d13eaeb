"""Orders of the demo on the floor and on their way: some of each status up to delivered."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from random import Random
from typing import Any

from flask import current_app
from sqlalchemy import Connection, select

from portal.accounts.models import Company, Person
from portal.consignments.models import Address, Consignment
from portal.consignments.queries.one import HEAD
from portal.consignments.service import tracking
from portal.consignments.service.tracking import NewEvent
from portal.core import scope, working
from portal.core.db import apart
from portal.core.errors import PortalError
from portal.demo import warehouse_hands as hands_of
from portal.demo.warehouse_goods import OWNERS
from portal.demo.warehouse_hands import Hands
from portal.demo.warehouse_inbound import WORKER
from portal.demo.warehouse_sites import Houses
from portal.fulfilment import following
from portal.fulfilment.models import Shipment
from portal.warehousing.ledger.models import StockTotal
from portal.warehousing.outbound.rules.asked import NewLine
from portal.warehousing.outbound.service import changing, kinds, orders
from portal.warehousing.outbound.service.orders import NewOrder

#: (hours ago that it was ordered, what it reaches), for each owner.
PLAN = (
    (52, "delivered"),
    (27, "out_for_delivery"),
    (9, "shipped"),
    (4, "staged"),
    (3, "packed"),
    (3, "checked"),
    (2, "picked"),
    (2, "picking"),
    (1, "released"),
    (30, "given_back"),
)
#: What happens to a consignment, in hours after it left.
WAY = (
    ("hub_arrived", 2, True),
    ("hub_departed", 4, True),
    ("in_transit", 5, True),
    ("dest_city", 18, False),
    ("out_for_delivery", 21, False),
    ("delivered", 25, False),
)
_STEP = timedelta(minutes=11)  # from one hand to the next
_TOTAL, _SHIPMENT, _CONSIGNMENT, _COMPANY, _PERSON = (
    model.__table__ for model in (StockTotal, Shipment, Consignment, Company, Person)
)


def fill(houses: Houses, now: datetime, on: Connection) -> None:
    """Tell the story of orders on the floor and on their way; stock lies there already.

    Each owner gets an order of every entry of PLAN, as far as his stock in the main house goes.
    """
    kinds.make_usual(on=on)
    worker = on.scalar(select(_PERSON.c.id).where(_PERSON.c.email == WORKER))
    hands = Hands(houses.main.id, int(worker or 0), str(current_app.config["GS1_COMPANY_PREFIX"]))
    rng = Random(len(PLAN))  # noqa: S311 - content to look at
    with hands_of.numbered(rng):
        _tell_all(houses, hands, rng, now, on)


def _tell_all(houses: Houses, hands: Hands, rng: Random, now: datetime, on: Connection) -> None:
    for company_id in _owners(on):
        for number, (hours, status) in enumerate(PLAN):
            begun = now - timedelta(hours=hours, minutes=rng.randrange(45))
            story = _Story(houses.main, company_id, hands, rng, begun, now, on)
            try:
                with apart(on):
                    story.tell(status, number)
            except PortalError:  # the owner has too little of what was chosen
                continue


def _owners(on: Connection) -> Sequence[int]:
    """Return the demo's owners of goods, in their order."""
    named = select(_COMPANY.c.id, _COMPANY.c.name).where(_COMPANY.c.name.in_(OWNERS))
    found = {row.name: row.id for row in on.execute(named)}
    return [found[name] for name in OWNERS if name in found]


class _Story:
    """One order, from its lines to where it is now."""

    def __init__(
        self,
        house: Any,
        company_id: int,
        hands: Hands,
        rng: Random,
        begun: datetime,
        now: datetime,
        on: Connection,
    ) -> None:
        self.house, self.company_id, self.hands, self.rng = house, company_id, hands, rng
        self.clock, self.now, self.on = begun, now, on

    def tell(self, status: str, number: int) -> None:
        """Order and bring it to ``status``: of an order, of its consignment, or given back."""
        with hands_of.at(self.clock):
            order = self._order(number)
        if order is None or order.status != "allocated":
            return
        if status == "given_back":
            self._bring(order, "picked")
            with hands_of.at(self._later()):
                changing.cancel(order, by=None, note="客户改了主意", on=self.on)
            return
        is_on_its_way = status in ("shipped", "out_for_delivery", "delivered")
        self._bring(order, "shipped" if is_on_its_way else status)
        if status in ("out_for_delivery", "delivered"):
            self._carry(order, status)

    def _later(self) -> datetime:
        self.clock = min(self.clock + _STEP, self.now)
        return self.clock

    def _order(self, number: int) -> Any:
        t = _TOTAL.c
        mine = select(t.sku_id, t.on_hand, t.allocated, t.on_hold).where(
            t.company_id == self.company_id, t.warehouse_id == self.house.id
        )
        rows = self.on.execute(
            mine.order_by(t.sku_id).execution_options(**scope.of(self.company_id))
        ).all()
        there = [row for row in rows if row.on_hand - row.allocated - row.on_hold >= 12]
        if not there:
            return None
        chosen = self.rng.sample(there, min(len(there), 1 + number % 3))
        lines = [
            NewLine(sku_id=row.sku_id, quantity=Decimal(self.rng.randint(1, 4)), lot_id=None)
            for row in chosen
        ]
        new = NewOrder(
            company_id=self.company_id, warehouse=self.house, columns=self._to(number), lines=lines
        )
        return orders.place(new, hours=working.hours(), by=None, on=self.on).order

    def _to(self, number: int) -> dict[str, Any]:
        book = Address.__table__
        mine = select(book).where(book.c.company_id == self.company_id).order_by(book.c.id)
        found = self.on.execute(mine.execution_options(**scope.of(self.company_id))).all()
        columns: dict[str, Any] = {
            "policy": "partial",
            "service": "express" if number % 4 == 1 else "standard",
            "priority": int(number % 5 == 3),
            "order_ref": f"SO-{self.clock:%m%d}-{self.company_id:02d}{number:02d}",
        }
        if len(found) > 1:
            to = found[1 + number % (len(found) - 1)]
            names = ("name", "phone", "address", "city", "country", "postcode")
            columns |= {f"consignee_{name}": getattr(to, name) for name in names}
            columns["consignee_division"] = to.division_code
        return columns

    def _bring(self, order: Any, status: str) -> Any:
        while order.status != status and order.status in hands_of.STEPS:
            with hands_of.at(self._later()):
                if status == "picking" and order.status == "released":
                    hands_of.pick_some(order, self.hands, self.on)
                    return order
                order = hands_of.step(order, self.hands, self.on)
        return order

    def _carry(self, order: Any, status: str) -> None:
        """Bring the consignment of an order to ``status``."""
        left_at, s = self.clock, _SHIPMENT.c
        for code, hours, is_near in WAY:
            at = left_at + timedelta(hours=hours, minutes=self.rng.randrange(50))
            if at > self.now:
                return
            with hands_of.at(at):
                head = self._head(order)
                city = head.consignor_city if is_near else head.consignee_city
                place = f"{city}分拨中心" if code.startswith("hub") else city
                new = NewEvent(code=code, occurred_at=at, place=place, source="scan")
                tracking.push(head, new, by=None, on=self.on)
            if code == status:
                break
        if status == "delivered":
            mine = select(s.id, s.order_id, s.company_id).where(s.order_id == order.id)
            mine = mine.where(s.company_id == self.company_id)
            shipment = self.on.execute(mine.execution_options(**scope.of(self.company_id))).one()
            with hands_of.at(at):
                following.end(shipment, "delivered", on=self.on)

    def _head(self, order: Any) -> Any:
        heads = (
            select(*HEAD, _COMPANY.c.attempt_limit)
            .join(_COMPANY, _COMPANY.c.id == _CONSIGNMENT.c.company_id)
            .join(_SHIPMENT, _SHIPMENT.c.consignment_id == _CONSIGNMENT.c.id)
            .where(_SHIPMENT.c.order_id == order.id, _CONSIGNMENT.c.company_id == self.company_id)
        )
        return self.on.execute(heads.execution_options(**scope.of(self.company_id))).one()
