"""Counting by scan on the floor, planning and deciding at the desk, over HTTP."""

import re
from decimal import Decimal

import pytest
from sqlalchemy import select

from portal.core import scope
from portal.core.db import db, write
from portal.warehousing.counting.models import CountLine, CountPlace, StockCount
from portal.warehousing.counting.queries import accuracy_for
from portal.warehousing.counting.service import grading
from tests.factories import make_colleague, make_company, make_person, user_of
from tests.warehousing.making import (
    balances,
    make_location,
    make_lot,
    make_sku,
    make_stock,
    make_warehouse,
)

FLOOR, DESK = "/desk/warehouse/floor/count", "/desk/warehouse/counts"


class House:
    """A warehouse with one location, ten pieces in it, and people."""

    def __init__(self, as_user):
        self.as_user = as_user
        self.house = make_warehouse()
        self.place = make_location(self.house)
        self.company = make_company()
        self.sku = make_sku(self.company, gtin="06901234567892")
        make_stock(self.sku, self.place, 10)
        self.boss = make_person(staff_role="manager")

    def worker(self):
        return self.as_user(make_person(staff_role="warehouse"))

    def plan(self, **form):
        sent = {"warehouse": self.house.code, "kind": "location", "codes": self.place.code} | form
        return self.as_user(self.boss).post(f"{DESK}/new", data=sent)

    def rows(self, model):
        db.session.rollback()
        wanted = select(model.__table__).execution_options(**scope.CENTRE)
        return db.session.execute(wanted.order_by(model.__table__.c.id)).all()

    @property
    def ref(self):
        return self.rows(StockCount)[-1].ref

    def count(self, quantity, browser=None):
        browser = browser or self.worker()
        began = say(browser, f"{FLOOR}/begin", scan=self.place.barcode)
        page = began.json["next"]
        looked = say(browser, f"{page}/look", scan=self.sku.gtin)
        assert f"goods={self.sku.id}" in looked.json["next"]
        sent = {"sku_id": self.sku.id, "company_id": self.company.id, "quantity": str(quantity)}
        assert say(browser, f"{page}/tally", **sent).json["cue"] == "good"
        return say(browser, f"{page}/finish")


keys = iter(range(10**6))


def say(browser, url, **said):
    body = {"key": f"key-{next(keys):08}", **said}
    headers = {"Accept": "application/json", "X-CSRFToken": browser._token()["csrf_token"]}
    return browser.post(url, json=body, headers=headers)


@pytest.fixture
def house(app, as_user):
    return House(as_user)


def test_a_planned_count_stands_on_the_floor_and_is_counted_by_scan(house):
    assert house.plan().status_code == 303
    browser = house.worker()
    assert house.place.code in browser.get(FLOOR).text
    answer = house.count(10, browser)
    assert (answer.status_code, answer.json["next"]) == (200, FLOOR)
    assert house.rows(CountPlace)[0].status == "done"


def test_what_is_expected_never_reaches_the_browser_of_who_counts(house):
    make_stock(house.sku, house.place, "7777")
    house.plan()
    browser = house.worker()
    began = say(browser, f"{FLOOR}/begin", scan=house.place.barcode)
    looked = say(browser, f"{began.json['next']}/look", scan=house.sku.gtin)
    pages = [browser.get(FLOOR), browser.get(began.json["next"]), browser.get(looked.json["next"])]
    ended = say(browser, f"{began.json['next']}/finish")
    for answer in (began, looked, ended, *pages):
        assert "7787" not in answer.text


def test_a_difference_goes_to_another_and_then_to_the_desk(house):
    house.plan()
    first = house.worker()
    house.count(9, first)
    assert house.place.code not in re.sub(r"<li>.*?</li>", "", first.get(FLOOR).text)
    house.count(9)
    page = house.as_user(house.boss).get(f"{DESK}/{house.ref}")
    assert "Adjust the ledger" in page.text
    line = house.rows(CountLine)[0].id
    sent = {"what": "adjust", "note": "One was lost"}
    house.as_user(house.boss).post(f"{DESK}/{house.ref}/lines/{line}", data=sent)
    assert balances(sku_id=house.sku.id)[0].on_hand == 9


def test_a_count_is_decided_once_however_often_the_form_is_sent(house):
    house.plan()
    house.count(8)
    house.count(8)
    line, browser = house.rows(CountLine)[0].id, house.as_user(house.boss)
    for _ in range(2):
        sent = {"what": "adjust", "key": "the-same-key"}
        answer = browser.post(f"{DESK}/{house.ref}/lines/{line}", data=sent)
        assert answer.status_code == 303
    assert balances(sku_id=house.sku.id)[0].on_hand == 8


def test_who_counted_is_told_that_somebody_else_decides(house):
    house.plan()
    house.count(9, house.as_user(house.boss))
    house.count(9)
    page = house.as_user(house.boss).get(f"{DESK}/{house.ref}")
    assert "You counted here yourself" in page.text
    assert "Adjust the ledger" not in page.text


@pytest.mark.parametrize("scan", ["", "L-NOWHERE-1", "12345", "QS000000000000"])
def test_a_scan_that_is_no_location_to_count_is_refused_with_a_sentence(house, scan):
    house.plan()
    answer = say(house.worker(), f"{FLOOR}/begin", scan=scan)
    assert answer.status_code in (409, 422)
    assert answer.json["cue"] == "bad"


def test_unknown_goods_and_wrong_quantities_are_refused(house):
    house.plan()
    browser = house.worker()
    page = say(browser, f"{FLOOR}/begin", scan=house.place.barcode).json["next"]
    assert say(browser, f"{page}/look", scan="4006381333931").status_code == 409
    for quantity in ("0", "-1", "x", "1.5", "1e99"):
        sent = {"sku_id": house.sku.id, "company_id": house.company.id, "quantity": quantity}
        assert say(browser, f"{page}/tally", **sent).status_code == 409


def test_goods_with_lots_want_their_lot(house):
    sku = make_sku(house.company, lot_policy="lot", gtin="04006381333931")
    make_stock(sku, house.place, 5, lot=make_lot(sku, "B1"))
    house.plan()
    browser = house.worker()
    page = say(browser, f"{FLOOR}/begin", scan=house.place.barcode).json["next"]
    sent = {"sku_id": sku.id, "company_id": house.company.id, "quantity": "5"}
    assert say(browser, f"{page}/tally", **sent).status_code == 409
    assert say(browser, f"{page}/tally", **sent, lot="B9").status_code == 409
    assert say(browser, f"{page}/tally", **sent, lot="B1").status_code == 200
    scanned = "]C1010400638133393110B1\x1d375"
    assert say(browser, f"{page}/look", scan=scanned).json["next"] == page


def test_the_last_scan_is_taken_back_on_the_floor(house):
    house.plan()
    browser = house.worker()
    page = say(browser, f"{FLOOR}/begin", scan=house.place.barcode).json["next"]
    sent = {"sku_id": house.sku.id, "company_id": house.company.id, "quantity": "9"}
    key = f"key-{next(keys):08}"
    say(browser, f"{page}/tally", **sent, key=key)
    undone = say(browser, "/desk/warehouse/floor/undo", of=key)
    assert undone.status_code == 200
    assert "Counted by you" not in browser.get(page).text


def test_plans_by_zone_goods_and_what_is_due(house):
    browser = house.as_user(house.boss)
    assert house.place.code in browser.get(f"{DESK}/new").text
    for form in (
        {"kind": "zone", "zone": "A"},
        {"kind": "sku", "sku": house.sku.gtin},
        {"kind": "due", "location": str(house.place.id)},
    ):
        house.plan(**form)
        assert house.rows(StockCount)[-1].kind == form["kind"]
        browser.post(f"{DESK}/{house.ref}/cancel")
        assert house.rows(StockCount)[-1].status == "cancelled"


@pytest.mark.parametrize(
    "form",
    [
        {"codes": "NOWHERE"},
        {"kind": "zone", "zone": "?"},
        {"kind": "sku", "sku": ""},
        {"kind": "due"},
        {"kind": "??"},
    ],
)
def test_a_plan_of_nothing_is_refused(house, form):
    assert "/new" in house.plan(**form).headers["Location"]
    assert house.rows(StockCount) == []


def test_what_moves_most_is_graded_first(house):
    still = make_sku(house.company)
    make_stock(still, make_location(house.house), 5)
    for _ in range(5):
        make_stock(house.sku, house.place, 1)
    rows = grading.graded(on=db.session.connection())
    assert [(r["sku_id"], r["grade"]) for r in rows] == [(house.sku.id, "A"), (still.id, "C")]
    write(lambda on: grading.keep(rows, on=on))
    assert not grading.is_old(on=db.session.connection())


def test_the_owner_is_shown_how_right_his_stock_was(house):
    house.plan()
    house.count(10)
    owner = make_colleague(house.company, "owner")
    found = accuracy_for(user_of(owner, house.company))
    assert (found.right, found.counted, found.percent) == (1, 1, Decimal(100))
    other = make_company()
    stranger = make_colleague(other, "owner")
    assert accuracy_for(user_of(stranger, other)).counted == 0


def test_a_count_is_nobodys_but_the_centres(house, as_user):
    house.plan()
    stranger = as_user(make_colleague(house.company, "owner"))
    for url in (DESK, f"{DESK}/{house.ref}", FLOOR):
        assert stranger.get(url).status_code in (403, 404)
    assert house.as_user(house.boss).get(f"{DESK}/CT00000000").status_code == 404
    assert house.worker().post(f"{DESK}/{house.ref}/cancel").status_code == 403
