"""Returns over HTTP: asked for, authorised, taken in by scan, inspected, decided, put back."""

from io import BytesIO

import pytest
from PIL import Image
from sqlalchemy import select

from portal.core import scope
from portal.core.db import db
from portal.warehousing.returns.models import GoodsReturn, ReturnPart
from tests.factories import make_colleague, make_company, make_key, make_person
from tests.warehousing.making import (
    balances,
    make_location,
    make_lot,
    make_sku,
    make_stock,
    make_warehouse,
)
from tests.warehousing.test_counting_pages import say

OWN, DESK, FLOOR = "/portal/returns", "/desk/warehouse/returns", "/desk/warehouse/floor/returns"
API = "/api/v1/returns"


class Trade:
    """An owner with goods, a warehouse with a shelf and a place for returns."""

    def __init__(self, as_user):
        self.as_user = as_user
        self.house = make_warehouse()
        self.back, self.shelf = make_location(self.house, "return"), make_location(self.house)
        self.company = make_company()
        self.person = make_colleague(self.company, "owner")
        self.sku = make_sku(self.company, gtin="06901234567892")
        self.owner = as_user(self.person)
        self.worker = as_user(make_person(staff_role="warehouse"))
        self.boss = as_user(make_person(staff_role="manager"))

    def ask(self, **form):
        usual = {
            "warehouse": self.house.code,
            "reason": "not_needed",
            "sku": [self.sku.code, "", ""],
            "quantity": ["5", "", ""],
            "lot": ["", "", ""],
            "do": "send",
        }
        return self.owner.post(f"{OWN}/new", usual | form)

    def read(self, model):
        db.session.rollback()
        wanted = select(model.__table__).order_by(model.__table__.c.id)
        return db.session.execute(wanted.execution_options(**scope.CENTRE)).all()

    @property
    def row(self):
        return self.read(GoodsReturn)[-1]

    @property
    def part(self):
        return self.read(ReturnPart)[-1]

    def authorised(self):
        self.ask()
        self.boss.post(f"{DESK}/{self.row.ref}/answer", {"what": "authorise"})
        return self.row.ref

    def receive(self, quantity="5", **said):
        url = f"{FLOOR}/{self.row.id}/receive"
        return say(self.worker, url, sku_id=self.sku.id, quantity=quantity, **said)

    def received(self):
        ref = self.authorised()
        self.receive()
        say(self.worker, f"{FLOOR}/{self.row.id}/finish")
        return ref

    def inspect(self, condition="as_new", **form):
        sent = {"quantity": "5", "condition": condition, **form}
        url = f"{DESK}/{self.row.ref}/parts/{self.part.id}/inspect"
        return self.worker.post(url, sent)


@pytest.fixture
def trade(app, as_user):
    return Trade(as_user)


def test_from_the_owners_wish_to_goods_back_on_the_shelf(trade):
    assert trade.ask().status_code == 303
    ref = trade.row.ref
    assert ref in trade.owner.get(OWN).text
    assert ref in trade.boss.get(DESK).text
    trade.boss.post(f"{DESK}/{ref}/answer", {"what": "authorise", "note": "Dock 3"})
    assert "Dock 3" in trade.owner.get(f"{OWN}/{ref}").text
    trade.owner.post(f"{OWN}/{ref}/on-its-way", {"carrier": "SF", "tracking_no": "sf778"})
    opened = say(trade.worker, f"{FLOOR}/open", scan="SF778")
    assert opened.json["next"] == f"{FLOOR}/{ref}"
    looked = say(trade.worker, f"{FLOOR}/{trade.row.id}/look", scan=trade.sku.gtin)
    assert trade.worker.get(looked.json["next"]).status_code == 200
    assert trade.receive().json["cue"] == "good"
    finished = say(trade.worker, f"{FLOOR}/{trade.row.id}/finish")
    assert trade.worker.get(finished.json["next"]).status_code == 200
    trade.inspect(back="floor")
    assert "Your decision is wanted" in trade.owner.get(f"{OWN}/{ref}").text
    trade.owner.post(f"{OWN}/{ref}/parts/{trade.part.id}", {"disposition": "restock"})
    page = f"{FLOOR}/{ref}/put-back/{trade.part.id}"
    assert trade.shelf.code in trade.worker.get(page).text
    put = f"{FLOOR}/{trade.row.id}/put-back/{trade.part.id}"
    assert say(trade.worker, put, scan=trade.shelf.barcode).json["cue"] == "good"
    assert balances(location_id=trade.shelf.id)[0].on_hand == 5
    trade.worker.post(f"{DESK}/{ref}/close")
    assert trade.row.status == "closed"
    assert trade.owner.get(f"{OWN}/{ref}/record.pdf").data.startswith(b"%PDF")
    assert trade.worker.get(f"{DESK}/{ref}/record.pdf").status_code == 200


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_lost(trade):
    answer = trade.ask(sku=["NOBODYS", "", ""], your_ref="RMA-7")
    assert answer.status_code == 422
    assert "lines-0-sku-e" in answer.text
    assert "RMA-7" in answer.text
    assert trade.ask(quantity=["many", "", ""]).status_code == 422
    assert trade.ask(reason="").status_code == 422
    assert trade.ask(warehouse="?").status_code == 422
    assert trade.ask(order_ref="OUT00000000").status_code == 422
    assert trade.read(GoodsReturn) == []


def test_more_lines_keep_what_was_typed(trade):
    page = trade.ask(do="add")
    assert page.status_code == 200
    assert page.text.count('name="sku"') == 6
    assert trade.sku.code in page.text


def test_a_form_sent_twice_asks_once(trade):
    for _ in range(2):
        trade.ask(key="this-very-form")
    assert len(trade.read(GoodsReturn)) == 1


def test_the_centre_refuses_with_words(trade):
    trade.ask()
    trade.boss.post(f"{DESK}/{trade.row.ref}/answer", {"what": "refuse"})
    assert trade.row.status == "requested"
    sent = {"what": "refuse", "note": "Not our goods"}
    trade.boss.post(f"{DESK}/{trade.row.ref}/answer", sent)
    assert "Not our goods" in trade.owner.get(f"{OWN}/{trade.row.ref}").text


def test_goods_open_the_return_that_expects_them(trade):
    ref = trade.authorised()
    assert say(trade.worker, f"{FLOOR}/open", scan=trade.sku.gtin).json["next"] == f"{FLOOR}/{ref}"
    assert ref in trade.worker.get(FLOOR).text


def test_goods_that_came_without_word_are_taken_in_too(trade):
    answer = say(trade.worker, f"{FLOOR}/open", scan=trade.sku.gtin)
    assert answer.json["cue"] == "warn"
    assert "Came without word" in trade.worker.get(answer.json["next"]).text
    goods = {"sku_id": trade.sku.id, "company_id": trade.company.id}
    found = say(trade.worker, f"{FLOOR}/found", **goods)
    assert trade.worker.get(found.json["next"]).status_code == 200
    assert trade.receive().json["cue"] == "warn"
    assert trade.row.ref in trade.owner.get(OWN).text


@pytest.mark.parametrize("scan", ["", "4006381333931", "L-NOWHERE-1", "RT99999999"])
def test_a_scan_that_says_nothing_here_is_refused_with_a_sentence(trade, scan):
    answer = say(trade.worker, f"{FLOOR}/open", scan=scan)
    assert answer.status_code in (409, 422)
    assert answer.json["say"]


def test_another_owners_goods_are_not_taken_into_a_return(trade):
    make_sku(make_company(), gtin="04006381333931")
    trade.authorised()
    answer = say(trade.worker, f"{FLOOR}/{trade.row.id}/look", scan="4006381333931")
    assert (answer.status_code, answer.json["cue"]) == (409, "bad")


def test_a_lot_is_asked_for_where_goods_have_lots(trade):
    trade.sku = make_sku(trade.company, lot_policy="lot")
    make_lot(trade.sku, "B1")
    trade.authorised()
    assert trade.receive().status_code == 409
    assert trade.receive(lot="B2").status_code == 409
    assert trade.receive(lot="B1").json["cue"] == "good"


def test_too_much_is_taken_with_a_warning_and_taken_back(trade):
    trade.authorised()
    answer = trade.receive("7", key="too-much-1")
    assert answer.json["cue"] == "warn"
    say(trade.worker, "/desk/warehouse/floor/undo", of="too-much-1")
    assert trade.read(ReturnPart) == []


def test_a_picture_is_kept_and_shown_to_the_owner(trade):
    trade.received()
    data = BytesIO()
    Image.new("RGB", (40, 30), "red").save(data, "PNG")
    data.seek(0)
    trade.inspect("damaged", note="Crushed", picture=(data, "a.png"))
    url = f"{OWN}/{trade.row.ref}/pictures/{trade.part.id}.jpg"
    assert trade.owner.get(url).mimetype == "image/jpeg"
    assert "Crushed" in trade.owner.get(f"{OWN}/{trade.row.ref}").text


def test_a_picture_that_is_none_is_refused_and_nothing_is_kept(trade):
    trade.received()
    trade.inspect("damaged", picture=(BytesIO(b"MZ virus"), "a.png"))
    assert trade.part.status == "received"


def test_standing_rules_are_kept_and_used(trade):
    trade.owner.post(f"{OWN}/rules", {"damaged": "scrap", "as_new": "restock"})
    assert 'value="scrap" selected' in trade.owner.get(f"{OWN}/rules").text
    trade.received()
    trade.inspect("damaged")
    trade.worker.post(f"{DESK}/{trade.row.ref}/parts/{trade.part.id}/settle")
    assert trade.part.status == "scrapped"
    trade.owner.post(f"{OWN}/rules", {"damaged": "restock"})
    assert 'value="scrap" selected' in trade.owner.get(f"{OWN}/rules").text


def test_the_centre_decides_for_an_owner_who_called(trade):
    trade.received()
    trade.inspect("opened")
    url = f"{DESK}/{trade.row.ref}/parts/{trade.part.id}"
    trade.boss.post(f"{url}/decide", {"disposition": "send_back"})
    trade.worker.post(f"{url}/settle", {"carrier": "SF", "tracking_no": "SF1"})
    assert (trade.part.status, trade.part.decided_by) == ("sent_back", "centre")


def test_by_program_it_is_the_same(trade, with_key):
    program = with_key(make_key(trade.person, trade.company))
    body = {
        "return_ref": "RMA-1",
        "reason": "damaged",
        "lines": [{"sku": trade.sku.code, "quantity": "2"}],
    }
    made = program.post(API, body)
    assert (made.status_code, made.json["lines"][0]["quantity"]) == (201, "2")
    assert program.post(API, body).status_code == 200
    assert program.get(f"{API}/{made.json['ref']}").json["status"] == "requested"
    assert [each["ref"] for each in program.get(API).json["items"]] == [made.json["ref"]]
    wrong = {**body, "return_ref": "RMA-2", "lines": [{"sku": "X", "quantity": "x"}]}
    answer = program.post(API, wrong)
    assert answer.json["errors"][0]["field"] == "lines.0.quantity"
    assert program.post(API, {**body, "lines": []}).status_code == 422


def test_a_strangers_return_is_not_there(trade, as_user):
    ref = trade.received()
    stranger = as_user(make_colleague(make_company(), "owner"))
    for path in ("", "/now", "/record.pdf", f"/pictures/{trade.part.id}.jpg"):
        assert stranger.get(f"{OWN}/{ref}{path}").status_code == 404
    for path in ("/cancel", "/on-its-way", f"/parts/{trade.part.id}"):
        assert stranger.post(f"{OWN}/{ref}{path}").status_code == 404
    assert stranger.get(f"{API}/{ref}").status_code == 404
    assert stranger.get(f"{DESK}/{ref}").status_code in (403, 404)


def test_who_only_looks_asks_for_nothing(trade, as_user):
    viewer = as_user(make_colleague(trade.company, "viewer"))
    assert viewer.get(OWN).status_code == 200
    assert viewer.get(f"{OWN}/new").status_code == 403


def test_a_serial_number_that_lies_here_does_not_come_back_once_more(trade):
    trade.sku = make_sku(trade.company, lot_policy="serial")
    make_stock(trade.sku, trade.shelf, 1, lot=make_lot(trade.sku, "S1"))
    make_lot(trade.sku, "S2")
    trade.authorised()
    refused = trade.receive("1", lot="S1")
    assert (refused.status_code, refused.json["cue"]) == (409, "bad")
    assert "S1" in refused.json["say"]
    assert trade.read(ReturnPart) == []
    assert trade.receive("1", lot="S2").json["cue"] == "good"
    assert trade.receive("1", lot="S2").status_code == 409
