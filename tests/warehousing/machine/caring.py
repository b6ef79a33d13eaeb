"""Goods that lie: held, counted, moved, made into sets."""

from decimal import Decimal

from hypothesis import strategies as st

from portal.core.db import write
from portal.core.errors import PortalError
from portal.warehousing.counting.models import CountLine, CountPlace, CountRound, StockCount
from portal.warehousing.counting.service import deciding, planning, tallying
from portal.warehousing.counting.service.deciding import Decision
from portal.warehousing.counting.service.planning import Plan
from portal.warehousing.counting.service.tallying import Found
from portal.warehousing.kits.models import KitOrder, KitRun
from portal.warehousing.kits.service import doing as kits
from portal.warehousing.kits.service import ordering
from portal.warehousing.kits.service.doing import Doing as Making
from portal.warehousing.kits.service.ordering import Wish as KitWish
from portal.warehousing.ledger.models import Balance, LotHold
from portal.warehousing.ledger.service import apart, holding
from portal.warehousing.ledger.service.apart import Pieces
from portal.warehousing.ledger.service.holding import Hold
from portal.warehousing.moving.models import MoveTask
from portal.warehousing.moving.service import faces, goods, tasks
from portal.warehousing.moving.service.goods import Doing
from portal.warehousing.moving.service.tasks import Wish
from portal.warehousing.sites.queries import locations_of
from tests.warehousing.machine.world import (
    TWICE,
    World,
    amounts,
    houses,
    may,
    numbers,
    one,
    owners,
)

NOBODY = Doing(actor_id=None)
HOLDS = [("owner", "on_hold"), ("quality", "quarantined"), ("quality", "recalled")]
offs = st.integers(-1, 1).map(Decimal)


class Caring(World):
    """Rules of goods that lie."""

    @may(4, owner=owners, n=numbers, how=st.sampled_from(HOLDS))
    def hold_a_lot(self, owner, n, how):
        who = self.owners[owner]
        lot = who.lot(who.by_lot, n) if n % 4 else who.lot(who.plain, n)
        hold = Hold(kind=how[0], status=how[1], reason="Looked at")
        if n % 3 == 0 and self.do(
            lambda on: holding.set_hold(lot.id, who.id, hold, by_id=None, on=on), totals={}
        ):
            self.done("hold a lot")

    @may(2, n=numbers)
    def lift_a_hold(self, n):
        hold = one(self.all(LotHold, LotHold.ended_at.is_(None)), n)
        if hold:
            by = {"by_id": None, "note": None}
            mine = (hold.ref, hold.company_id, hold.kind)
            assert self.do(lambda on: holding.lift(*mine, **by, on=on), totals={})
            self.done("lift a hold")

    @may(n=numbers, quantity=amounts, bad=st.booleans())
    def set_pieces_apart(self, n, quantity, bad):
        wanted = ("approved",) if bad else ("damaged", "quarantined")
        rows = [row for row in self.all(Balance, Balance.on_hand > 0) if row.status in wanted]
        row = one(rows, n)
        if row is None or n % 3:
            return
        pieces = Pieces(
            company_id=row.company_id,
            sku_id=row.sku_id,
            lot_id=row.lot_id,
            location_id=row.location_id,
            quantity=quantity,
            status="damaged" if bad else "approved",
            reason="damage" if bad else "quality",
            balance_id=row.id,
        )

        if self.do(lambda on: apart.set_apart(pieces, by_id=None, on=on)[0], totals={}):
            self.done("set pieces apart")

    # Counts.

    @may(house=houses, n=numbers)
    def plan_a_count(self, house, n):
        where = self.houses[house]
        place = one([*where.shelves, where.lane], n)
        plan = Plan(warehouse_id=where.id, kind="location", about=place.code, locations=[place.id])
        if self.do(lambda on: planning.plan(plan, by_id=None, on=on)):
            self.done("plan a count")

    def places(self, *statuses):
        counts = {count.id for count in self.all(StockCount)}
        found = self.all(CountPlace, CountPlace.status.in_(statuses))
        return [place for place in found if place.count_id in counts]

    @may(3, n=numbers, off=offs)
    def count(self, n, off):
        place = one(self.places("open", "recount"), n)
        if place is None:
            return
        before = {each.person_id for each in self.all(CountRound, CountRound.place_id == place.id)}
        by = next((each for each in self.people[:3] if each not in before), None)
        if by is None or not self.do(lambda on: tallying.begin(place.id, by_id=by, on=on)):
            return
        for key in [key for key, quantity in self.held.items() if quantity]:
            if key[2] == place.location_id:
                self.tally(place, key, off, by)
        assert self.do(lambda on: tallying.finish(place.id, by_id=by, on=on))
        self.done("count")

    def tally(self, place, key, off, by):
        lots = [lot for who in self.owners for some in who.lots.values() for lot in some]
        lot = next(lot for lot in lots if lot.id == key[1])
        found = Found(lot=lot, quantity=max(self.held[key] + off, Decimal(0)))
        self.do(lambda on: tallying.tally(place.id, found, by_id=by, on=on))

    @may(4, n=numbers, what=st.sampled_from(["adjust", "adjust", "keep", "recount"]))
    def decide(self, n, what):
        line = one(self.all(CountLine, CountLine.status == "deciding"), n)
        if line is None:
            return
        decision = Decision(what=what, note="Seen", release=bool(n % 2))
        by = self.people[3]
        difference = line.counted - line.expected if what == "adjust" else Decimal(0)
        work = lambda on: deciding.decide(line.id, decision, by_id=by, on=on)  # noqa: E731
        if self.do(work, totals={line.sku_id: difference}):
            self.done(f"decide to {what}")

    # Moves and filling up.

    def shelf(self, row, n):
        return one(self.house_of(row).shelves, n)

    @may(n=numbers, m=numbers, quantity=amounts)
    def move(self, n, m, quantity):
        row = one(self.free(), n)
        if row is None:
            return
        to, key = self.shelf(row, m).id, (row.sku_id, row.lot_id)
        changes = [
            ((*key, row.location_id, row.status), -quantity),
            ((*key, to, row.status), quantity),
        ]
        enough = quantity <= row.on_hand - row.allocated
        moved = self.do(
            lambda on: goods.move(goods.balance_of(row.id, None, on), quantity, to, NOBODY, on=on),
            *changes,
        )
        assert enough or not moved
        if moved:
            self.done("move")

    @may(n=numbers, m=numbers, quantity=amounts)
    def ask_for_a_move(self, n, m, quantity):
        row = one(self.free(), n)
        if row and n % 2:
            to = self.shelf(row, m).id
            work = lambda on: tasks.make(  # noqa: E731
                Wish(balance=goods.balance_of(row.id, None, on), quantity=quantity, to_id=to),
                by=None,
                on=on,
            )
            if self.do(work):
                self.done("ask for a move")

    @may(n=numbers)
    def do_a_task(self, n):
        task = one(self.all(MoveTask, MoveTask.state == "open"), n)
        if task is None:
            return
        left = task.quantity - task.done
        if self.do(lambda on: tasks.do(task.ref, left, task.to_id, by=None, on=on), totals={}):
            self.done(f"do a task, {task.kind}")
        else:
            assert self.do(lambda on: tasks.cancel(task.ref, by=None, on=on))
            self.done("call a task off")

    @may(owner=owners, house=houses)
    def fill_up(self, owner, house):
        where, sku = self.houses[house], self.owners[owner].plain
        limits, place = (Decimal(2), Decimal(6)), where.shelves[0].id
        face = locations_of([place])[place]
        assert self.do(lambda on: faces.set_face(face, sku, *limits, by=None, on=on))
        if self.do(lambda on: list(faces.make_tasks(where.id, None, by=None, on=on))):
            self.done("fill up")

    # Sets.

    @may(owner=owners, house=houses, quantity=amounts, make=st.booleans())
    def order_sets(self, owner, house, quantity, make):
        wish = KitWish(
            kit=self.owners[owner].kit,
            warehouse_id=self.houses[house].id,
            quantity=quantity,
            kind="make" if make else "take_apart",
        )
        if self.do(lambda on: ordering.order(wish, by=None, on=on)):
            self.done(f"order sets, {wish.kind}")

    def kit_orders(self):
        return self.all(KitOrder, KitOrder.status.in_(("ready", "waiting")))

    @may(3, n=numbers, m=numbers)
    def do_sets(self, n, m):
        order = one(self.kit_orders(), n)
        if order is None:
            return
        try:
            write(lambda on: ordering.reserve(ordering.held(order.ref, on), by=None, on=on))
        except PortalError:
            return
        who, to = self.owner_of(order), self.shelf(order, m).id
        sign = Decimal(1) if order.kind == "make" else Decimal(-1)
        changes = {who.kit.id: sign, who.plain.id: -TWICE * sign, who.by_lot.id: -sign}
        making = Making(quantity=Decimal(1), location_id=to)
        work = lambda on: kits.do(ordering.held(order.ref, on), making, by=None, on=on)  # noqa: E731
        if self.do(work, totals=changes):
            self.done("do sets")

    @may(2, n=numbers)
    def take_sets_back(self, n):
        run = one(self.all(KitRun), n)
        if run is None or n % 2:
            return
        order = self.all(KitOrder, KitOrder.id == run.order_id)[0]
        who = self.owner_of(order)
        sign = Decimal(-1) if order.kind == "make" else Decimal(1)
        changes = {who.kit.id: sign, who.plain.id: -TWICE * sign, who.by_lot.id: -sign}
        work = lambda on: kits.undo(run.id, ordering.held(order.ref, on), by=None, on=on)  # noqa: E731
        if self.do(work, totals=changes):
            self.done("take sets back")

    @may(n=numbers)
    def order_sets_no_longer(self, n):
        order = one(self.kit_orders(), n)
        if order and n % 4 == 0:
            work = lambda on: ordering.cancel(ordering.held(order.ref, on), by=None, on=on)  # noqa: E731
            assert self.do(work)
            self.done("order sets no longer")
