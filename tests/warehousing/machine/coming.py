"""Goods in: announced, received, told apart, put away; and what comes back."""

from decimal import Decimal

import pytest
from hypothesis import strategies as st

from portal.core.db import write
from portal.core.errors import PortalError
from portal.warehousing.inbound.models import (
    Difference,
    InboundNotice,
    NoticeLine,
    PutAwayTask,
    ReceiptLine,
)
from portal.warehousing.inbound.rules import differences
from portal.warehousing.inbound.rules.announcing import SaidLine
from portal.warehousing.inbound.service import again, finishing, notices, putting, receiving
from portal.warehousing.inbound.service.putting import Put
from portal.warehousing.inbound.service.receiving import Scanned
from portal.warehousing.ledger.service import holding
from portal.warehousing.returns.models import GoodsReturn, ReturnPart
from portal.warehousing.returns.service import (
    inspecting,
    requesting,
    settling,
)
from portal.warehousing.returns.service import (
    receiving as returning,
)
from portal.warehousing.returns.service.inspecting import Finding
from portal.warehousing.returns.service.receiving import Came
from portal.warehousing.returns.service.requesting import Wish
from portal.warehousing.sites.queries import locations_of
from tests.warehousing.inbound_making import arrive, make_notice, said_line
from tests.warehousing.machine.world import (
    World,
    amounts,
    houses,
    may,
    numbers,
    one,
    owners,
)

KEPT_APART = {"damaged": "damaged", "doubtful": "quarantined"}
conditions = st.sampled_from(["good", "good", "good", "damaged", "doubtful"])


def arriving(lot_id, company_id):
    """Return what goods of a lot are that come in now."""
    return write(lambda on: holding.arriving_status(lot_id, company_id, on=on))


class Coming(World):
    """Rules of goods in."""

    @may(4, owner=owners, house=houses, n=numbers, quantity=amounts, waits=st.booleans())
    def announce(self, owner, house, n, quantity, waits):
        who, where = self.owners[owner], self.houses[house]
        sku = one(list(who.skus.values()), n)
        ref = make_notice(where, who.company, said_line(sku, quantity + 4))
        self.done("announce")
        if waits and n % 3 == 0:
            write(lambda on: notices.cancel(ref, reason="no", by=None, on=on))
            self.done("cancel a notice")
        else:
            arrive(ref)

    def notices_in(self, *statuses):
        return self.all(InboundNotice, InboundNotice.status.in_(statuses))

    @may(n=numbers, m=numbers, quantity=amounts, condition=conditions, sure=st.booleans())
    def receive(self, n, m, quantity, condition, sure):
        notice = one(self.notices_in("arrived", "receiving"), n)
        if notice is None:
            return
        owner, house = self.owner_of(notice), self.house_of(notice)
        lines = self.all(NoticeLine, NoticeLine.notice_id == notice.id)
        sku = one(list(owner.skus.values()), m) if sure else owner.skus[lines[0].sku_id]
        lot = owner.lot(sku, m)
        said = Scanned(
            sku_id=sku.id,
            quantity=quantity,
            lot=lot.code,
            condition=condition,
            confirmed={"over", "unannounced", "lot", "days"} if sure else (),
            reason="The driver waits" if sure else None,
        )
        status = KEPT_APART.get(condition) or arriving(lot.id, owner.id)
        change = ((sku.id, lot.id, house.lane.id, status), quantity)
        by = self.people[0]
        came = self.do(lambda on: receiving.receive(notice.ref, said, by=by, on=on), change)
        if came:
            self.done("receive")
        if not sure:
            expected = sum(line.announced for line in lines if line.sku_id == sku.id)
            before = sum(line.received for line in lines if line.sku_id == sku.id)
            assert bool(came) == (before + quantity <= expected)

    @may(n=numbers)
    def receive_what_is_somebody_elses(self, n):
        notice = one(self.notices_in("arrived", "receiving"), n)
        if notice is None:
            return
        other = next(owner for owner in self.owners if owner.id != notice.company_id)
        said = Scanned(sku_id=other.plain.id, quantity=Decimal(1), confirmed={"unannounced"})
        with pytest.raises(PortalError):
            write(lambda on: receiving.receive(notice.ref, said, by=None, on=on))

    @may(n=numbers)
    def take_a_scan_back(self, n):
        notice = one(self.notices_in("receiving"), n)
        if notice is None:
            return
        scan = self.all(ReceiptLine, ReceiptLine.undone_at.is_(None))
        lines = {line.id for line in self.all(NoticeLine, NoticeLine.notice_id == notice.id)}
        scan = one([each for each in scan if each.notice_line_id in lines], n)
        if scan is None:
            return
        sku = scan.sku_id
        same = [e for e in self.all(ReceiptLine) if e.movement_id == scan.movement_id]
        back = -sum(each.quantity for each in same)
        number = scan.movement_id
        if self.do(
            lambda on: receiving.undo(number, notice.ref, by=None, on=on), totals={sku: back}
        ):
            self.done("take a scan back")

    @may(2, n=numbers)
    def finish_receiving(self, n):
        notice = one(self.notices_in("arrived", "receiving"), n)
        if notice is not None and n % 2:
            assert self.do(lambda on: finishing.finish(notice.ref, by=None, on=on)) is not None
            self.done("finish receiving")

    @may(3, n=numbers, accept=st.booleans())
    def answer_a_difference(self, n, accept):
        row = one(self.all(Difference, Difference.status == "open"), n)
        if row is None:
            return
        said = {"accept": accept, "note": "No", "company_id": row.company_id, "by": None}
        ref = self.notice_of(row).ref
        assert self.do(lambda on: finishing.answer(ref, row.id, **said, on=on))
        self.done("answer a difference")

    def notice_of(self, row):
        return self.all(InboundNotice, InboundNotice.id == row.notice_id)[0]

    @may(3, n=numbers, found=amounts, back=st.booleans())
    def settle_a_difference(self, n, found, back):
        row = one(self.all(Difference, Difference.status == "declined"), n)
        if row is None:
            return
        notice = self.notice_of(row)
        sku = self.all(NoticeLine, NoticeLine.id == row.notice_line_id)[0].sku_id
        by = {"note": "Counted", "by": self.people[1]}
        if back:
            changes = {sku: -row.quantity}
            work = lambda on: again.send_back(notice.ref, row.id, **by, on=on)  # noqa: E731
        else:
            changes = {sku: differences.changed_by(row.kind, row.quantity, found - 1)}
            work = lambda on: again.recount(notice.ref, row.id, found - 1, **by, on=on)  # noqa: E731
        if self.do(work, totals=changes):
            self.done("settle a difference")

    @may(n=numbers, m=numbers, part=st.booleans())
    def put_away(self, n, m, part):
        task = one(self.all(PutAwayTask, PutAwayTask.done_at.is_(None)), n)
        if task is None:
            return
        place = one(self.house_of(task).shelves, m)
        left = task.quantity - task.done
        quantity = min(left, Decimal(1)) if part else left
        put = Put(location=place.code, quantity=quantity, reason="other")
        goods = (task.sku_id, task.lot_id)
        changes = [
            ((*goods, task.location_id, task.status), -quantity),
            ((*goods, place.id, task.status), quantity),
        ]
        if self.do(lambda on: putting.put_away(task.id, put, by=None, on=on), *changes):
            self.done("put away")

    @may()
    def close_what_is_gone(self):
        write(putting.settle)

    # What comes back.

    @may(owner=owners, house=houses, quantity=amounts)
    def ask_for_a_return(self, owner, house, quantity):
        who, where = self.owners[owner], self.houses[house]
        lines = [SaidLine(sku=who.plain.code, quantity=quantity)]
        wish = Wish(warehouse_id=where.id, reason="not_needed", lines=lines)
        made = write(lambda on: requesting.request(wish, who.id, by_id=None, on=on))
        row = self.all(GoodsReturn, GoodsReturn.ref == made.ref)[0]
        write(lambda on: requesting.authorise(row.id, who.id, None, by_id=None, on=on))
        self.done("ask for a return")

    @may(2, n=numbers, quantity=amounts, ends=st.booleans())
    def receive_a_return(self, n, quantity, ends):
        coming = GoodsReturn.status.in_(("authorised", "in_transit"))
        row = one(self.all(GoodsReturn, coming), n)
        if row is None:
            return
        owner, back = self.owner_of(row), self.house_of(row).back
        lot = owner.lots[owner.plain.id][0]
        came = Came(lot=lot, location=locations_of([back.id])[back.id], quantity=quantity)
        by = {"by_id": self.people[0]}
        change = ((lot.sku_id, lot.id, back.id, "quarantined"), quantity)
        assert self.do(lambda on: returning.receive(row.id, owner.id, came, **by, on=on), change)
        assert not ends or self.do(lambda on: returning.finish(row.id, owner.id, **by, on=on))
        self.done("receive a return")

    @may(2, n=numbers, condition=st.sampled_from(["as_new", "damaged"]), take=amounts)
    def inspect(self, n, condition, take):
        part = one(self.all(ReturnPart, ReturnPart.status == "received"), n)
        if part is None:
            return
        finding = Finding(condition=condition, quantity=min(take, part.quantity))
        what = "restock" if condition == "as_new" else "scrap"
        mine, by = (part.return_id, part.company_id), {"by_id": self.people[1]}
        made = self.do(lambda on: inspecting.inspect(part.id, *mine, finding, **by, on=on))
        if made:
            decide = lambda on: inspecting.decide(made, *mine, what, whose="owner", **by, on=on)  # noqa: E731
            assert self.do(decide)
            self.done("inspect a return")

    @may(2, n=numbers, m=numbers)
    def settle_a_return(self, n, m):
        part = one(self.all(ReturnPart, ReturnPart.status == "decided"), n)
        if part is None:
            return
        row = self.all(GoodsReturn, GoodsReturn.id == part.return_id)[0]
        place = one(self.house_of(row).shelves, m)
        mine, by = (part.return_id, part.company_id), {"by_id": self.people[1]}
        goods = (part.sku_id, part.lot_id)
        gone = ((*goods, part.location_id, "quarantined"), -part.quantity)
        if part.disposition == "scrap":
            if self.do(lambda on: settling.scrap(part.id, *mine, **by, on=on), gone):
                self.done("scrap")
            return
        to = locations_of([place.id])[place.id]
        back = ((*goods, place.id, arriving(part.lot_id, part.company_id)), part.quantity)
        if self.do(lambda on: settling.restock(part.id, *mine, to, **by, on=on), gone, back):
            self.done("restock a return")
