"""Lots over HTTP: the owner's page, the desk, broken goods on the floor."""

import pytest
from sqlalchemy import select

from portal.core import scope
from portal.core.db import db
from portal.warehousing.ledger.models import LotHold
from portal.warehousing.sites.models import Warehouse
from tests.factories import make_colleague, make_company, make_person
from tests.warehousing.making import (
    balances,
    make_location,
    make_lot,
    make_sku,
    make_stock,
    make_warehouse,
)
from tests.warehousing.test_counting_pages import say

OWN, DESK, FLOOR = "/portal/stock/lots", "/desk/warehouse/lots", "/desk/warehouse/floor/damage"


class Stock:
    """Twelve pieces of one lot at one location, and who has to do with them."""

    def __init__(self, as_user):
        self.place = make_location(make_warehouse())
        self.company = make_company()
        self.sku = make_sku(self.company, lot_policy="lot", gtin="06901234567892")
        self.lot = make_lot(self.sku, "B1")
        make_stock(self.sku, self.place, 12, lot=self.lot)
        self.owner = as_user(make_colleague(self.company, "owner"))
        self.worker = as_user(make_person(staff_role="warehouse"))
        self.own, self.desk = f"{OWN}/{self.lot.id}", f"{DESK}/{self.lot.id}"

    @property
    def hold(self):
        db.session.rollback()
        wanted = select(LotHold.__table__).execution_options(**scope.CENTRE)
        return db.session.execute(wanted.order_by(LotHold.__table__.c.id.desc())).first()

    @property
    def statuses(self):
        db.session.rollback()
        rows = balances(lot_id=self.lot.id)
        return {row.status: row.on_hand for row in rows if row.on_hand > 0}


@pytest.fixture
def stock(app, as_user):
    return Stock(as_user)


def test_the_owner_holds_and_frees_his_own_lot(stock):
    assert "B1" in stock.owner.get(OWN).text
    stock.owner.post(f"{stock.own}/hold", {"reason": "Wrong label"})
    assert stock.statuses == {"on_hold": 12}
    page = stock.owner.get(stock.own).text
    assert "Wrong label" in page
    stock.owner.post(f"{stock.own}/holds/{stock.hold.ref}/end")
    assert stock.statuses == {"approved": 12}


def test_a_hold_wants_a_reason_and_is_set_once(stock):
    stock.owner.post(f"{stock.own}/hold", {"reason": " "})
    assert stock.hold is None
    for _ in range(2):
        stock.owner.post(f"{stock.own}/hold", {"reason": "Wrong label", "key": "once-only"})
    assert stock.statuses == {"on_hold": 12}


def test_the_owner_sets_no_hold_of_quality_and_lifts_none(stock):
    stock.owner.post(f"{stock.own}/hold", {"reason": "x", "status": "recalled"})
    assert stock.hold is None
    stock.worker.post(f"{stock.desk}/hold", {"reason": "Sample", "status": "quarantined"})
    stock.owner.post(f"{stock.own}/holds/{stock.hold.ref}/end")
    assert stock.statuses == {"quarantined": 12}
    assert "Lift the hold" not in stock.owner.get(stock.own).text
    assert "Lift the hold" in stock.worker.get(stock.desk).text


def test_lists_show_what_is_held_and_what_is_looked_for(stock):
    assert "B1" not in stock.owner.get(f"{OWN}?tab=held").text
    stock.worker.post(f"{stock.desk}/hold", {"reason": "Sample", "status": "quarantined"})
    assert "B1" in stock.owner.get(f"{OWN}?tab=held").text
    assert "B1" in stock.worker.get(f"{DESK}/list?q=b1&status=quarantined").text
    assert "No lot fits" in stock.worker.get(f"{DESK}?q=nothing").text


def test_single_pieces_are_set_apart_at_the_desk(stock):
    row = balances(lot_id=stock.lot.id)[0]
    sent = {"balance": str(row.id), "quantity": "2", "status": "damaged"}
    stock.worker.post(f"{stock.desk}/pieces", sent)
    assert stock.statuses == {"approved": 10, "damaged": 2}
    gone = stock.worker.post(f"{stock.desk}/pieces", {**sent, "balance": "999"})
    assert gone.status_code == 404


def test_something_broken_is_set_apart_by_scan_and_taken_back(stock):
    at = say(stock.worker, f"{FLOOR}/at", scan=stock.place.barcode)
    assert stock.worker.get(at.json["next"]).status_code == 200
    scan = "]C1010690123456789210B1"
    goods = say(stock.worker, f"{FLOOR}/goods", scan=scan, location_id=stock.place.id)
    assert "B1" in stock.worker.get(goods.json["next"]).text
    sent = {
        "location_id": stock.place.id,
        "sku_id": stock.sku.id,
        "company_id": stock.company.id,
        "lot": "B1",
        "quantity": "3",
        "key": "broken-key-1",
    }
    assert say(stock.worker, f"{FLOOR}/broken", **sent).json["cue"] == "good"
    assert stock.statuses == {"approved": 9, "damaged": 3}
    say(stock.worker, "/desk/warehouse/floor/undo", of="broken-key-1")
    assert stock.statuses == {"approved": 12}


def test_a_place_of_another_warehouse_says_nothing_about_its_goods(stock):
    other = make_location(make_warehouse())
    make_stock(stock.sku, other, 1, lot=stock.lot)
    own = db.session.get(Warehouse, stock.place.warehouse_id)
    say(stock.worker, "/desk/warehouse/floor/warehouse", warehouse=own.code)
    scan = "]C1010690123456789210B1"
    answer = say(stock.worker, f"{FLOOR}/goods", scan=scan, location_id=other.id)
    assert (answer.status_code, answer.json["say"]) == (
        404,
        "This location is not in your warehouse.",
    )


@pytest.mark.parametrize("change", [{"quantity": "13"}, {"lot": ""}, {"lot": "B9"}])
def test_broken_goods_that_cannot_be_are_refused_with_a_sentence(stock, change):
    sent = {
        "location_id": stock.place.id,
        "sku_id": stock.sku.id,
        "company_id": stock.company.id,
        "lot": "B1",
        "quantity": "3",
    }
    answer = say(stock.worker, f"{FLOOR}/broken", **{**sent, **change})
    assert (answer.status_code, answer.json["cue"]) == (409, "bad")
    assert stock.statuses == {"approved": 12}


def test_a_strangers_lot_is_not_there(stock, as_user):
    stranger = as_user(make_colleague(make_company(), "owner"))
    assert stranger.get(stock.own).status_code == 404
    assert stranger.post(f"{stock.own}/hold", {"reason": "x"}).status_code == 404
    assert "B1" not in stranger.get(OWN).text
    assert stranger.get(DESK).status_code in (403, 404)


def test_who_only_looks_cannot_hold(stock, as_user):
    viewer = as_user(make_colleague(stock.company, "viewer"))
    assert "Hold the lot" not in viewer.get(stock.own).text
    assert viewer.post(f"{stock.own}/hold", {"reason": "x"}).status_code == 403
