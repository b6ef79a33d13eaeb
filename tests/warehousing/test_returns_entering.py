"""Returns that the desk enters for a company, and those that begin at a shipped order."""

import pytest
from sqlalchemy import update

from portal.core import scope
from portal.core.db import db, transaction
from portal.warehousing.outbound.models import OutboundLine, OutboundOrder
from portal.warehousing.returns.models import GoodsReturn
from tests.factories import make_colleague, make_company, make_person
from tests.warehousing.making import make_location, make_sku, make_stock, make_warehouse
from tests.warehousing.outbound_making import make_order, rows

#: Of four pieces three were sent.
WAY = dict.fromkeys(("allocated", "picked", "checked", "packed", "shipped"), 3) | {"short": 1}
OWN, DESK = "/portal/returns/new", "/desk/warehouse/returns/new"


class Trade:
    """A company of which an order was shipped, its owner, and the desk."""

    def __init__(self, as_user):
        self.house, self.company = make_warehouse(), make_company()
        self.sku = make_sku(self.company)
        make_stock(self.sku, make_location(self.house), 10)
        self.order = make_order(self.company, self.house, (self.sku, 4))
        self.owner = as_user(make_colleague(self.company, "owner"))
        self.boss = as_user(make_person(staff_role="manager"))

    def ship(self, status="shipped"):
        order, line = OutboundOrder.__table__, OutboundLine.__table__
        gone = update(order).where(order.c.id == self.order.id).values(status=status)
        sent = update(line).where(line.c.order_id == self.order.id).values(WAY)
        with transaction():
            for each in (gone, sent):
                db.session.execute(each.execution_options(**scope.CENTRE))

    def enter(self, by, url, **form):
        usual = {"warehouse": self.house.code, "reason": "not_needed", "do": "send", "key": "k1"}
        goods = {"sku": [self.sku.code], "quantity": ["2"], "lot": [""]}
        return by.post(url, usual | goods | form)


@pytest.fixture
def trade(as_user):
    return Trade(as_user)


def test_a_shipped_order_has_a_way_to_its_return_that_fills_in_its_lines(trade):
    page = f"/portal/outbound/{trade.order.ref}"
    assert "Return goods" not in trade.owner.get(page).text
    trade.ship()
    assert f"{OWN}?order={trade.order.ref}" in trade.owner.get(page).text
    form = trade.owner.get(f"{OWN}?order={trade.order.ref}").text
    assert f'value="{trade.sku.code}"' in form
    assert 'value="3"' in form
    assert f'value="{trade.order.ref}"' in form


def test_who_may_not_ask_for_returns_sees_no_way_to_it(trade, as_user):
    trade.ship("closed")
    viewer = as_user(make_colleague(trade.company, "viewer"))
    assert "Return goods" not in viewer.get(f"/portal/outbound/{trade.order.ref}").text


def test_the_desk_enters_a_return_for_a_company_that_telephones(trade):
    assert trade.company.name in trade.boss.get(DESK).text
    url = f"{DESK}?company={trade.company.ref}"
    assert trade.company.name in trade.boss.get(url).text
    assert trade.enter(trade.boss, url).status_code == 303
    (row,) = rows(GoodsReturn)
    assert (row.company_id, row.status, row.source) == (trade.company.id, "requested", "desk")
    assert row.ref in trade.owner.get("/portal/returns").text


def test_the_desk_enters_and_authorises_it_at_once_and_once_only(trade):
    url = f"{DESK}?company={trade.company.ref}"
    for _ in range(2):
        assert trade.enter(trade.boss, url, do="authorise").status_code == 303
    (row,) = rows(GoodsReturn)
    assert row.status == "authorised"


def test_the_desk_begins_at_a_shipped_order_of_that_company_only(trade):
    trade.ship()
    page = trade.boss.get(f"/desk/warehouse/outbound/{trade.order.ref}").text
    assert f"{DESK}?company={trade.company.ref}&amp;order={trade.order.ref}" in page
    form = trade.boss.get(f"{DESK}?company={trade.company.ref}&order={trade.order.ref}").text
    assert f'value="{trade.sku.code}"' in form
    other = make_company()
    wrong = trade.boss.get(f"{DESK}?company={other.ref}&order={trade.order.ref}")
    assert wrong.status_code == 404


def test_what_is_wrong_is_said_and_the_company_stays_chosen(trade):
    url = f"{DESK}?company={trade.company.ref}"
    reply = trade.enter(trade.boss, url, reason="", sku=["NONE"])
    assert reply.status_code == 422
    assert trade.company.name in reply.text
    assert trade.enter(trade.boss, f"{DESK}?company=NONE").status_code == 404
    assert rows(GoodsReturn) == []


def test_only_those_who_take_orders_enter_returns(trade, as_user):
    worker = as_user(make_person(staff_role="warehouse"))
    assert worker.get(DESK).status_code == 403
    assert trade.owner.get(DESK).status_code == 403
    stranger = as_user(make_colleague(make_company(), "owner"))
    trade.ship()
    assert stranger.get(f"{OWN}?order={trade.order.ref}").status_code == 404
    assert "New return" not in worker.get("/desk/warehouse/returns").text
