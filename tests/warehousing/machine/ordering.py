"""Goods out: ordered, promised, put into waves, changed and given up at every stage."""

from decimal import Decimal

from hypothesis import strategies as st

from portal.core import working
from portal.core.db import write
from portal.core.errors import PortalError
from portal.warehousing.ledger.models import Allocation, Balance
from portal.warehousing.outbound.models import (
    OutboundLine,
    OutboundOrder,
    RestockTask,
    Wave,
)
from portal.warehousing.outbound.rules.asked import NewLine
from portal.warehousing.outbound.rules.orders import CANCELLABLE, POLICIES
from portal.warehousing.outbound.service import (
    changing,
    restocking,
    rests,
    waiting,
    waves,
)
from portal.warehousing.outbound.service.waves import NewWave
from tests.warehousing.machine.coming import arriving
from tests.warehousing.machine.world import (
    World,
    amounts,
    houses,
    may,
    numbers,
    one,
    owners,
)
from tests.warehousing.outbound_making import make_order

policies = st.sampled_from(sorted(POLICIES))


class Orders(World):
    """Rules of orders."""

    def orders(self, *statuses):
        return self.all(OutboundOrder, OutboundOrder.status.in_(statuses))

    def lines(self, order):
        return self.all(OutboundLine, OutboundLine.order_id == order.id)

    def promises(self, order, *conditions, purpose="outbound", lines=None):
        """Return what is promised to an order, each with its balance."""
        ids = lines or [line.id for line in self.lines(order)]
        mine = (Allocation.purpose == purpose, Allocation.purpose_id.in_(ids))
        found = self.all(Allocation, Allocation.quantity > 0, *mine, *conditions)
        there = {row.id: row for row in self.all(Balance)}
        return [(each, there[each.balance_id]) for each in found]

    @may(
        6, owner=owners, house=houses, n=numbers, many=amounts, policy=policies, both=st.booleans()
    )
    def order(self, owner, house, n, many, policy, both):
        who = self.owners[owner]
        wanted = [(who.plain, many)]
        if both:
            named = who.lot(who.by_lot, n) if n % 3 == 0 else None
            wanted.append((who.by_lot, Decimal(1), named))
        try:
            make_order(who.company, self.houses[house].row, *wanted, policy=policy)
        except PortalError:
            assert policy != "backorder"
        else:
            self.is_new = True
            self.done("order")

    @may(house=houses, n=numbers)
    def make_a_wave(self, house, n):
        ready = [o for o in self.orders("allocated") if o.wave_id is None]
        mine = [(o.id, o.company_id) for o in ready if o.warehouse_id == self.houses[house].id]
        if mine:
            method = "batch" if n % 2 else "order"
            new = NewWave(warehouse_id=self.houses[house].id, orders=mine, method=method)
            assert self.do(lambda on: waves.make(new, by=None, on=on))
            self.done("make a wave")

    @may(n=numbers)
    def release_a_wave(self, n):
        wave = one(self.all(Wave, Wave.status == "planned"), n)
        if wave and self.do(lambda on: waves.release(wave.id, by=None, on=on)):
            self.done("release a wave")

    @may(n=numbers)
    def give_a_wave_up(self, n):
        wave = one(self.all(Wave, Wave.status.in_(("planned", "released"))), n)
        if wave and n % 4 == 0 and self.do(lambda on: waves.give_up(wave.id, by=None, on=on)):
            self.done("give a wave up")

    # What else may happen to an order.

    @may(2, n=numbers)
    def cancel(self, n):
        order = one(self.orders(*CANCELLABLE), n)
        if order and n % 3 == 0:
            assert self.do(lambda on: changing.cancel(order, by=None, on=on))
            self.done(f"cancel, {order.status}")

    @may(3, n=numbers, m=numbers, part=st.booleans())
    def put_back_what_was_picked(self, n, m, part):
        task = one(self.all(RestockTask, RestockTask.done_at.is_(None)), n)
        if task is None:
            return
        found = self.promises(None, purpose="restock", lines=[task.id])
        place = one(self.house_of(task).shelves, m)
        left = task.quantity - task.done
        left = quantity = Decimal(1) if part else left
        status, goods, changes = arriving(task.lot_id, task.company_id), None, []
        for promise, lying in found:
            now = min(left, promise.quantity)
            goods = (lying.sku_id, lying.lot_id)
            changes += [
                ((*goods, lying.location_id, "approved"), -now),
                ((*goods, place.id, status), now),
            ]
            left -= now
        back = lambda on: restocking.restock(task.id, quantity, place.id, self.hand, on=on)  # noqa: E731
        if self.do(back, *changes):
            self.done("put back what was picked")

    @may(n=numbers, many=amounts)
    def change_the_lines(self, n, many):
        order = one(self.orders("allocated", "backordered", "on_hold", "released"), n)
        if order is None or n % 2:
            return
        lines = [NewLine(sku_id=self.owner_of(order).plain.id, quantity=many, lot_id=None)]
        seen = order.version
        if self.do(lambda on: changing.change_lines(order, lines, seen=seen, by=None, on=on)):
            self.done("change the lines")

    @may(n=numbers)
    def hold_an_order(self, n):
        order = one(self.orders("allocated", "released", "backordered"), n)
        if order and n % 3 == 0:
            held = {"by": None, "note": None}
            assert self.do(lambda on: changing.hold(order, "owner", **held, on=on))
            self.done("hold an order")

    @may(n=numbers)
    def let_an_order_go_on(self, n):
        order = one(self.orders("on_hold"), n)
        if order and self.do(lambda on: changing.resume(order, by=None, on=on)):
            self.done("let an order go on")

    @may(n=numbers, parts=st.booleans())
    def send_what_is_there(self, n, parts):
        order = one(self.orders("backordered"), n)
        verb = rests.send_now if parts else changing.send_short
        if order is None or n % 2:
            return
        if parts:
            work = lambda on: verb(waves._locked((order.id, order.company_id), on), by=None, on=on)  # noqa: E731
        else:
            work = lambda on: verb(order, by=None, on=on)  # noqa: E731
        if self.do(work):
            self.done("send what is there")

    @may(n=numbers)
    def serve_who_waits(self, n):
        order = one(self.orders("backordered"), n)
        if order:
            hours = working.hours()
            mine = (order.id, order.company_id)
            if write(lambda on: waiting.serve(*mine, hours=hours, on=on)):
                self.done("serve who waits")
