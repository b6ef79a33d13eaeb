"""What pages of lots, counts and returns cost: as many statements for many rows as for few."""

from decimal import Decimal

import pytest

from portal.core.db import write
from portal.warehousing.counting.service import planning
from portal.warehousing.counting.service.planning import Plan
from portal.warehousing.inbound.rules.announcing import SaidLine
from portal.warehousing.ledger.service import holding
from portal.warehousing.ledger.service.holding import Hold
from portal.warehousing.returns.service import requesting
from portal.warehousing.returns.service.requesting import Wish
from tests.consignments.conftest import statements
from tests.factories import make_colleague, make_company, make_person
from tests.warehousing.making import make_location, make_lot, make_sku, make_stock, make_warehouse

__all__ = ["statements"]
#: Most statements of a page, those of the frame (who asks, ways and their counts) included.
OWN = {"/portal/stock/lots": 14, "/portal/returns": 13, "/portal/returns/new": 10}
DESK = {
    "/desk/warehouse/lots": 24,
    "/desk/warehouse/returns": 24,
    "/desk/warehouse/counts": 26,
    "/desk/warehouse/counts/new": 24,
    "/desk/warehouse/floor/count": 12,
    "/desk/warehouse/floor/returns": 14,
}


class Busy:
    """A company with lots, counts and returns; ``more()`` makes one more of each."""

    def __init__(self):
        self.house, self.company = make_warehouse(), make_company()
        make_location(self.house, "return")
        self.more()

    def more(self):
        sku, place = make_sku(self.company, lot_policy="lot"), make_location(self.house)
        lot = make_lot(sku, "B1")
        make_stock(sku, place, 5, lot=lot)
        make_stock(sku, make_location(self.house), 5, lot=lot)
        hold = Hold(kind="owner", status="on_hold", reason="Label")
        write(lambda on: holding.set_hold(lot.id, sku.company_id, hold, by_id=None, on=on))
        plan = Plan(
            warehouse_id=self.house.id, kind="location", about=place.code, locations=[place.id]
        )
        write(lambda on: planning.plan(plan, by_id=None, on=on))
        line = SaidLine(sku=sku.code, quantity=Decimal(2))
        wish = Wish(warehouse_id=self.house.id, reason="wrong", lines=[line])
        write(lambda on: requesting.request(wish, sku.company_id, by_id=None, on=on))


@pytest.fixture
def busy(app):
    return Busy()


def reads(statements, visit):
    visit()
    with statements() as seen:
        assert visit().status_code == 200
    return [each for each in seen if each != "COMMIT"]


def check(busy, statements, visit, most):
    few = reads(statements, visit)
    assert len(few) <= most, few
    for _ in range(4):
        busy.more()
    assert len(reads(statements, visit)) == len(few)


@pytest.mark.parametrize("path", OWN)
def test_pages_of_owners(busy, as_user, statements, path):
    owner = as_user(make_colleague(busy.company, "owner"))
    check(busy, statements, lambda: owner.get(path), OWN[path])


@pytest.mark.parametrize("path", DESK)
def test_pages_of_the_desk_and_the_floor(busy, as_user, statements, path):
    boss = as_user(make_person(staff_role="manager"))
    check(busy, statements, lambda: boss.get(path), DESK[path])
