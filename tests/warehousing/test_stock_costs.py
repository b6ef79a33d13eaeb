"""What pages of stock, of one lot and of what was released cost: no more for more rows."""

from decimal import Decimal

import pytest
from sqlalchemy import insert, select, update

from portal.core import clock, scope
from portal.core.db import db, transaction, write
from portal.warehousing.ledger.models import Lot, LotHold, Movement
from portal.warehousing.ledger.service import holding
from portal.warehousing.ledger.service.holding import Hold
from portal.warehousing.ledger.service.lots import new_unit
from portal.warehousing.outbound.models import Carton, CartonContent, OutboundOrder
from portal.warehousing.stock.service import alerting, certifying
from tests.consignments.conftest import statements
from tests.factories import make_colleague, make_company, make_person
from tests.warehousing.making import (
    in_days,
    make_location,
    make_lot,
    make_sku,
    make_stock,
    make_warehouse,
)
from tests.warehousing.outbound_making import lines_of, make_order

__all__ = ["statements"]
STOCK, DESK = "/portal/stock", "/desk/warehouse/stock"
#: Page → most statements, those of the frame included.
OWN = {
    STOCK: 16,
    f"{STOCK}?q=B&lot=L&days=30": 16,
    f"{STOCK}/movements": 12,
    f"{STOCK}/alerts": 12,
    f"{STOCK}/certificates": 10,
    f"{STOCK}/{{sku}}": 20,
    f"{STOCK}/movements/{{movement}}": 12,
    f"{STOCK}/lots/{{lot}}": 12,
}
CENTRE = {
    DESK: 26,
    f"{DESK}/movements": 24,
    f"{DESK}/of/{{company}}/{{sku}}": 28,
    f"{DESK}/movements/{{movement}}": 22,
    f"{DESK}/find?code={{place}}": 24,
    "/desk/warehouse/lots/{lot}": 22,
}


class Shelf:
    """A company with one lot of goods; ``more()`` adds a place, a hold and other goods."""

    def __init__(self):
        self.house, self.company = make_warehouse(), make_company()
        self.sku = make_sku(self.company, lot_policy="lot", has_expiry=True, low_stock=10**6)
        self.lot = make_lot(self.sku, "L0", expires_on=in_days(10))
        self.place = make_location(self.house)
        make_stock(self.sku, self.place, 5, lot=self.lot)
        self.more()
        movement = select(Movement.__table__.c.id).order_by(Movement.__table__.c.id).limit(1)
        self.movement = db.session.scalar(movement.execution_options(**scope.CENTRE))

    def more(self):
        company, lot = self.company.id, self.lot.id
        make_stock(self.sku, make_location(self.house), 5, lot=self.lot)
        other = make_lot(self.sku, f"L{lot}-{clock.now().timestamp()}", expires_on=in_days(20))
        make_stock(self.sku, self.place, 2, lot=other)
        goods = make_sku(self.company, low_stock=50)
        make_stock(goods, make_location(self.house), 5)
        self.hold()
        write(lambda on: alerting.refresh(company, on))
        write(lambda on: certifying.certify(company, clock.now(), by=None, on=on))

    def hold(self):
        """End the hold of the first lot, if there is one, and set another."""
        lot, company, h = self.lot.id, self.company.id, LotHold.__table__.c
        lasting = select(h.ref).where(h.lot_id == lot, h.ended_at.is_(None))
        ref = db.session.scalar(lasting.execution_options(**scope.CENTRE))
        if ref:
            write(lambda on: holding.lift(ref, company, "owner", by_id=None, note=None, on=on))
        hold = Hold(kind="owner", status="on_hold", reason="Label")
        write(lambda on: holding.set_hold(lot, company, hold, by_id=None, on=on))

    def path(self, path):
        return path.format(
            sku=self.sku.code,
            lot=self.lot.id,
            movement=self.movement,
            company=self.company.ref,
            place=self.place.code,
        )


@pytest.fixture
def shelf(app):
    return Shelf()


def reads(statements, browser, path):
    browser.get(path)
    with statements() as seen:
        assert browser.get(path).status_code == 200, path
    return [each for each in seen if each != "COMMIT"]


def check(shelf, statements, browser, pages):
    """Hold each page to its most, then to as many with more rows."""
    few = {path: reads(statements, browser, shelf.path(path)) for path in pages}
    over = {path: len(seen) for path, seen in few.items() if len(seen) > pages[path]}
    assert over == {}
    for _ in range(4):
        shelf.more()
    many = {path: len(reads(statements, browser, shelf.path(path))) for path in pages}
    assert many == {path: len(seen) for path, seen in few.items()}


def test_pages_of_the_owner(shelf, as_user, statements):
    check(shelf, statements, as_user(make_colleague(shelf.company, "owner")), OWN)


def test_pages_of_the_centre(shelf, as_user, statements):
    check(shelf, statements, as_user(make_person(staff_role="manager")), CENTRE)


def pack(order, sku, lot_id):
    """Write down one more carton of an order with one piece in it."""
    line = lines_of(order)[0]

    def work(on):
        unit = new_unit(order.company_id, "carton", prefix="6901234", on=on)
        known = {"company_id": order.company_id, "order_id": order.id, "status": "packed"}
        number = on.scalar(_count(order))
        values = {"warehouse_id": order.warehouse_id, "number": number + 1, "sscc": unit["sscc"]}
        values |= {"handling_unit_id": unit["id"], "opened_at": clock.now(), "weight_g": 500}
        made = insert(Carton.__table__).values(**known, **values).returning(Carton.__table__.c.id)
        inside = {"company_id": order.company_id, "carton_id": on.scalar(made), "line_id": line.id}
        inside |= {"sku_id": sku.id, "lot_id": lot_id, "quantity": Decimal(1)}
        on.execute(insert(CartonContent.__table__).values(**inside))

    write(work)


def _count(order):
    c = Carton.__table__.c
    return select(db.func.count()).where(c.order_id == order.id).execution_options(**scope.CENTRE)


def test_papers_and_the_page_of_what_was_released(shelf, as_user, statements):
    goods = make_sku(shelf.company)
    make_stock(goods, make_location(shelf.house), 20)
    order = make_order(shelf.company, shelf.house, (goods, 9))
    lot = db.session.scalar(
        select(Lot.id).where(Lot.sku_id == goods.id).execution_options(**scope.CENTRE)
    )
    pack(order, goods, lot)
    c = OutboundOrder.__table__.c
    moved = update(OutboundOrder.__table__).where(c.id == order.id).values(status="packed")
    with transaction():
        db.session.execute(moved.execution_options(**scope.CENTRE))
    owner = as_user(make_colleague(shelf.company, "owner"))
    boss = as_user(make_person(staff_role="manager"))
    own, desk = f"/portal/outbound/{order.ref}", f"/desk/warehouse/leaving/{order.ref}"
    pages = [
        *((owner, own + path) for path in ("", "/carriage", "/packing-list.pdf")),
        *((boss, desk + path) for path in ("/carriage", "/packing-list.pdf", "/cartons.pdf")),
    ]
    few = [len(reads(statements, *page)) for page in pages]
    for _ in range(6):
        pack(order, goods, lot)
    assert [len(reads(statements, *page)) for page in pages] == few
    assert max(few) <= 24, few
