"""Goods out on the floor: picked, checked, packed, staged, shipped, and each of it undone."""

from collections import defaultdict
from decimal import Decimal

from hypothesis import strategies as st

from portal.warehousing.ledger.models import Allocation
from portal.warehousing.outbound.models import (
    Carton,
    CartonContent,
    OutboundLine,
    OutboundOrder,
    PickTask,
)
from portal.warehousing.outbound.service import (
    checking,
    closing,
    loading,
    packing,
    picking,
    shorts,
)
from portal.warehousing.outbound.service.closing import Scales
from portal.warehousing.outbound.service.shorts import Missing
from tests.warehousing.machine.ordering import Orders
from tests.warehousing.machine.world import (
    NOTHING,
    amounts,
    houses,
    may,
    numbers,
    one,
)

PREFIX = "6901234"
SET_APART = {"short": "quarantined", "damaged": "damaged", "other_lot": "quarantined"}
reasons = st.sampled_from(sorted(SET_APART))
#: Statuses in which each line is promised, short or waits, to its last piece.
SETTLED = ("allocated", "released", "picking", "picked", "checked", "packed", "staged")


class Going(Orders):
    """Rules of goods out."""

    @may(house=houses)
    def begin_a_walk(self, house):
        where = self.houses[house]
        mine = [o for o in self.orders("released") if o.warehouse_id == where.id]
        if mine:
            assert self.do(lambda on: picking.begin(mine, where.stage.id, self.hand, on=on))
            self.done("begin a walk")

    def to_pick(self, n):
        """Return (order, walk, promise, balance) of something that is to be picked."""
        order = one(self.orders("picking"), n)
        if order is None:
            return None
        tasks = self.all(PickTask, PickTask.order_id == order.id, PickTask.done_at.is_(None))
        stop = one(self.promises(order, ~Allocation.picked), n)
        return (order, tasks[-1].walk, *stop) if stop else None

    @may(n=numbers, part=st.booleans())
    def pick(self, n, part):
        stop = self.to_pick(n)
        if stop is None:
            return
        order, walk, promise, lying = stop
        quantity = Decimal(1) if part else promise.quantity
        goods, stage = (lying.sku_id, lying.lot_id), self.house_of(order).stage.id
        changes = [
            ((*goods, lying.location_id, "approved"), -quantity),
            ((*goods, stage, "approved"), quantity),
        ]
        assert self.do(
            lambda on: picking.take(walk, lying.id, quantity, self.hand, on=on), *changes
        )
        self.done("pick")

    @may(n=numbers, quantity=amounts, why=reasons)
    def pick_short(self, n, quantity, why):
        stop = self.to_pick(n)
        if stop is None:
            return
        _order, walk, promise, lying = stop
        missing = Missing(quantity=min(quantity, promise.quantity), reason=why)
        here = (lying.sku_id, lying.lot_id, lying.location_id)
        changes = [
            ((*here, "approved"), -missing.quantity),
            ((*here, SET_APART[why]), missing.quantity),
        ]
        assert self.do(
            lambda on: shorts.report(walk, lying.id, missing, self.hand, on=on), *changes
        )
        self.done("pick short")

    @may(n=numbers, m=numbers)
    def undo_a_pick(self, n, m):
        order = one(self.orders("picking", "picked"), n)
        found = order and one(self.promises(order, Allocation.picked), n)
        if not found:
            return
        promise, lying = found
        home = one(self.house_of(order).shelves[:2], m).id
        goods, quantity = (lying.sku_id, lying.lot_id), promise.quantity
        changes = [
            ((*goods, lying.location_id, "approved"), -quantity),
            ((*goods, home, "approved"), quantity),
        ]
        back = lambda on: picking.put_back(  # noqa: E731
            order, promise.id, home, quantity, hand=self.hand, on=on
        )
        if self.do(back, *changes):
            self.done("undo a pick")

    @may(n=numbers, whole=st.booleans())
    def check(self, n, whole):
        order = one(self.orders("picked"), n)
        for line in self.lines(order) if order else ():
            open_ = line.picked - line.checked
            quantity = open_ if whole else Decimal(1)
            if open_:
                assert self.do(
                    lambda on, s=line.sku_id, q=quantity: checking.count(
                        order, s, q, self.hand, on=on
                    )
                )
                self.done("check")
                if not whole:
                    return

    @may(n=numbers, why=reasons)
    def miss_at_the_check(self, n, why):
        order = one(self.orders("picked"), n)
        lines = [line for line in self.lines(order) if line.picked > line.checked] if order else []
        line = one(lines, n)
        if line is None or n % 3:
            return
        missing = Missing(quantity=Decimal(1), reason=why, noted_at="check")
        lying = self.promises(order, Allocation.picked, lines=[line.id])[-1][1]
        last = max(
            (b for _, b in self.promises(order, Allocation.picked, lines=[line.id])),
            key=lambda b: (b.sku_id, b.lot_id, b.location_id),
        )
        here = (lying.sku_id, last.lot_id, last.location_id)
        changes = [((*here, "approved"), Decimal(-1)), ((*here, SET_APART[why]), Decimal(1))]
        if self.do(lambda on: checking.miss(order, line.id, missing, self.hand, on=on), *changes):
            self.done("miss at the check")

    def cartons(self, order, *statuses):
        if order is None:
            return []
        return self.all(Carton, Carton.order_id == order.id, Carton.status.in_(statuses))

    @may(n=numbers, whole=st.booleans())
    def pack(self, n, whole):
        order = one(self.orders("checked"), n)
        if order is None:
            return
        if not self.cartons(order, "open"):
            begun = lambda on: packing.begin(order, self.box, self.hand, prefix=PREFIX, on=on)  # noqa: E731
            assert self.do(begun)
        carton = self.cartons(order, "open")[0]
        for line in self.lines(order):
            quantity = line.picked - line.packed if whole else Decimal(1)
            if line.picked > line.packed:
                put = (carton.id, line.sku_id, quantity)
                assert self.do(
                    lambda on, put=put: packing.put_in(order, *put, hand=self.hand, on=on)
                )
                self.done("pack")

    @may(n=numbers)
    def unpack(self, n):
        order = one(self.orders("checked"), n)
        carton = one(self.cartons(order, "open"), n)
        content = carton and one(self.all(CartonContent, CartonContent.carton_id == carton.id), n)
        if content and n % 3 == 0:
            out = (carton.id, content.sku_id, Decimal(1))
            if self.do(lambda on: packing.take_out(order, *out, hand=self.hand, on=on)):
                self.done("unpack")

    @may(n=numbers)
    def close_a_carton(self, n):
        order = one(self.orders("checked"), n)
        carton = one(self.cartons(order, "open"), n)
        if carton:
            scales = Scales(weight_g=900, note="Weighed twice", may_accept=True)
            if self.do(lambda on: closing.close(order, carton.id, scales, self.hand, on=on)):
                self.done("close a carton")
            elif n % 2:
                self.do(lambda on: packing.give_up(order, carton.id, self.hand, on=on))

    @may(n=numbers)
    def reopen_a_carton(self, n):
        order = one(self.orders("checked", "packed", "staged"), n)
        carton = one(self.cartons(order, "packed", "staged"), n)
        if carton and n % 3 == 0:
            assert self.do(lambda on: closing.reopen(order, carton.id, self.hand, on=on))
            self.done("reopen a carton")

    @may(n=numbers)
    def stage(self, n):
        order = one(self.orders("packed"), n)
        carton = one(self.cartons(order, "packed"), n)
        if carton is None:
            return
        gate = self.house_of(order).gate.id
        changes = []
        for promise, lying in self.promises(order):
            if lying.handling_unit_id == carton.handling_unit_id and lying.location_id != gate:
                goods = (lying.sku_id, lying.lot_id)
                changes += [
                    ((*goods, lying.location_id, "approved"), -promise.quantity),
                    ((*goods, gate, "approved"), promise.quantity),
                ]
        assert self.do(lambda on: closing.stage(order, carton.id, gate, self.hand, on=on), *changes)
        self.done("stage")

    @may(n=numbers)
    def load(self, n):
        order = one(self.orders("staged"), n)
        for carton in self.cartons(order, "staged"):
            assert self.do(lambda on, id_=carton.id: loading.load(order, id_, self.hand, on=on))
            self.done("load")

    @may(n=numbers)
    def ship(self, n):
        order = one(self.orders("staged"), n)
        if order is None:
            return
        packed = {line.id: line.packed for line in self.lines(order)}
        gate, changes = self.house_of(order).gate.id, []
        for promise, lying in self.promises(order, Allocation.picked):
            changes.append(((lying.sku_id, lying.lot_id, gate, "approved"), -promise.quantity))
        left = self.do(lambda on: loading.ship(order, self.hand, prefix=PREFIX, on=on), *changes)
        if left:
            assert left.consignment_no
            assert {line.id: line.shipped for line in self.lines(order)} == packed
            assert self.do(lambda on: loading.ship(order, self.hand, prefix=PREFIX, on=on)) is None
            self.done("ship")

    def check_promises(self):
        """Figures of lines are those of the promises."""
        super().check_promises()
        orders = {order.id: order for order in self.all(OutboundOrder)}
        held, packed = defaultdict(Decimal), defaultdict(Decimal)
        for row in self.all(Allocation, Allocation.quantity > 0, Allocation.purpose == "outbound"):
            held[row.purpose_id, row.picked] += row.quantity
        filled = {carton.id for carton in self.all(Carton, Carton.status != "emptied")}
        for row in self.all(CartonContent):
            packed[row.line_id] += row.quantity if row.carton_id in filled else NOTHING
        for line in self.all(OutboundLine):
            status = orders[line.order_id].status
            if status == "shipped":
                assert (line.shipped, held[line.id, True]) == (line.packed, NOTHING)
            else:
                assert held[line.id, True] == line.picked
                assert sum(held[line.id, each] for each in (True, False)) == line.allocated
                assert NOTHING <= line.packed <= line.checked <= line.picked
            if status in SETTLED:
                assert line.quantity == line.allocated + line.short + line.backordered
            if status == "cancelled":
                assert (line.allocated, packed[line.id]) == (NOTHING, NOTHING)
