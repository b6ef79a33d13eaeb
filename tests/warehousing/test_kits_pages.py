"""Pages of sets: the owner's, the desk's, the floor's; what strangers get."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from portal.core import scope
from portal.core.db import db, write
from portal.warehousing.kits.models import KitOrder, KitRun
from portal.warehousing.kits.rules import Part
from portal.warehousing.kits.service import recipes
from portal.warehousing.ledger.models import Lot
from tests.factories import make_colleague, make_company, make_person
from tests.warehousing.making import (
    balances,
    make_location,
    make_sku,
    make_stock,
    make_warehouse,
)


class Story:
    """A gift box of two cups, with cups for five boxes."""

    def __init__(self, **kit):
        self.company = make_company()
        self.house = make_warehouse()
        self.shelf = make_location(self.house)
        self.bench = make_location(self.house, "stage")
        self.box = make_sku(self.company, code="BOX", **kit)
        self.cup = make_sku(self.company, code="CUP")
        make_stock(self.cup, self.shelf, 10)
        parts = [Part(self.cup.id, Decimal(2))]
        write(lambda on: recipes.write(self.box, parts, "", by=None, on=on))

    def ordered(self, member, sets=5, **values):
        sent = {"kind": "make", "warehouse": self.house.code, "quantity": str(sets), **values}
        return member.post("/portal/goods/BOX/kit/order", data=sent)


@pytest.fixture
def story(app):
    return Story()


@pytest.fixture
def member(story, as_user):
    return as_user(make_colleague(story.company, "operations"))


def on_hand(sku):
    return sum(row.on_hand for row in balances(sku_id=sku.id))


def orders():
    return db.session.execute(select(KitOrder.__table__).execution_options(**scope.CENTRE)).all()


def test_a_member_says_what_a_set_is_made_of_and_orders_it(story, member):
    make_sku(story.company, code="TEA")
    sent = {"parts-0-code": "cup", "parts-0-quantity": "3", "parts-1-code": "TEA"}
    wrong = member.post("/portal/goods/BOX/kit/edit", data=sent)
    assert wrong.status_code == 422
    assert "quantity above 0" in wrong.text
    right = member.post("/portal/goods/BOX/kit/edit", data={**sent, "parts-1-quantity": "1"})
    assert right.status_code == 302
    page = member.get("/portal/goods/BOX/kit").text
    assert "Version 2" in page
    assert "TEA" in page
    assert "BOX" in member.get("/portal/goods/CUP/kit").text


def test_a_member_orders_watches_and_cancels_sets(story, member):
    answer = story.ordered(member, once="one-key-of-a-form")
    assert answer.status_code == 302
    again = story.ordered(member, once="one-key-of-a-form")
    assert again.location == answer.location
    assert len(orders()) == 1
    page = member.get(answer.location).text
    assert "Ready to be done" in page
    assert story.shelf.code in page
    assert orders()[0].ref in member.get("/portal/goods/kits").text
    member.post(f"{answer.location}/cancel")
    assert orders()[0].status == "cancelled"
    assert balances(sku_id=story.cup.id)[0].allocated == 0
    assert orders()[0].ref in member.get("/portal/goods/kits?status=cancelled").text


@pytest.mark.parametrize("quantity", ["", "0", "1.5", "many"])
def test_a_wrong_number_of_sets_is_refused_with_a_sentence(story, member, quantity):
    answer = story.ordered(member, quantity)
    assert answer.status_code == 422
    assert orders() == []


def test_the_desk_books_what_was_done_and_takes_it_back(story, member, as_user):
    story.ordered(member)
    ref = orders()[0].ref
    desk = as_user(make_person(staff_role="manager"))
    assert ref in desk.get("/desk/warehouse/kits").text
    assert "goods for 5 sets are promised" in desk.get(f"/desk/warehouse/kits/{ref}").text
    where = f"/desk/warehouse/kits/{ref}/do"
    missing = desk.post(where, data={"quantity": "2", "location": "NOWHERE"})
    assert missing.status_code == 422
    assert "no location NOWHERE" in missing.text
    done = desk.post(where, data={"quantity": "2", "location": story.bench.barcode})
    assert done.status_code == 302
    assert (on_hand(story.box), on_hand(story.cup)) == (2, 6)
    query = select(KitRun.id).execution_options(**scope.CENTRE)
    desk.post(f"/desk/warehouse/kits/{ref}/undo/{db.session.scalar(query)}")
    assert (on_hand(story.box), on_hand(story.cup)) == (0, 10)
    assert "taken back" in desk.get(f"/desk/warehouse/kits/{ref}").text


def test_the_desk_orders_for_a_company(story, as_user):
    desk = as_user(make_person(staff_role="manager"))
    page = f"/desk/warehouse/kits/of/{story.company.ref}/BOX"
    assert desk.get(page).status_code == 200
    sent = {"kind": "make", "warehouse": story.house.code, "quantity": "1"}
    assert desk.post(f"{page}/order", data=sent).status_code == 302
    assert orders()[0].company_id == story.company.id
    bad = desk.post(page, data={"parts-0-code": "NONE", "parts-0-quantity": "1"})
    assert bad.status_code == 422
    assert "no goods with that code" in bad.text


FLOOR = "/desk/warehouse/floor"


def say(browser, path, key="k" * 12, **values):
    headers = {"Accept": "application/json", "X-CSRFToken": browser._token()["csrf_token"]}
    return browser.post(f"{FLOOR}/{path}", json={"key": key, **values}, headers=headers)


def test_the_floor_makes_sets_by_scans_and_takes_the_last_back(story, member, as_user):
    story.ordered(member)
    ref = orders()[0].ref
    worker = as_user(make_person(staff_role="warehouse"))
    assert ref in worker.get(f"{FLOOR}/kit").text
    assert say(worker, "kit/begin", scan=ref).json["next"].endswith(ref)
    page = worker.get(f"{FLOOR}/kit/{ref}?sets=3").text
    assert story.shelf.code in page
    assert "6 pcs" in page
    sent = {"key": "a" * 12, "sets": "3", "scan": story.bench.barcode}
    done = say(worker, f"kit/{ref}/do", **sent)
    assert (done.status_code, done.json["cue"]) == (200, "good"), done.json
    assert (on_hand(story.box), on_hand(story.cup)) == (3, 4)
    assert say(worker, f"kit/{ref}/do", **sent).status_code == 200
    assert on_hand(story.box) == 3
    assert say(worker, "undo", key="b" * 12, of="a" * 12).status_code == 200
    assert on_hand(story.box) == 0


@pytest.mark.parametrize(
    ("sets", "scan", "words"),
    [
        ("3", "L-NOWHERE-1", "Nothing here"),
        ("9", "bench", "more than the 5"),
        ("half", "bench", "no quantity"),
        ("0.5", "bench", "counted whole"),
    ],
)
def test_the_floor_is_told_in_a_sentence_what_cannot_be(story, member, as_user, sets, scan, words):
    story.ordered(member)
    worker = as_user(make_person(staff_role="warehouse"))
    scan = story.bench.barcode if scan == "bench" else scan
    answer = say(worker, f"kit/{orders()[0].ref}/do", sets=sets, scan=scan)
    assert answer.json["cue"] == "bad"
    assert words in answer.json["say"]
    assert on_hand(story.box) == 0


def test_the_floor_says_the_lot_of_a_set(app, as_user):
    story = Story(lot_policy="lot", has_expiry=True)
    story.ordered(as_user(make_colleague(story.company, "operations")))
    ref = orders()[0].ref
    worker = as_user(make_person(staff_role="warehouse"))
    assert f"lot_{story.box.id}" in worker.get(f"{FLOOR}/kit/{ref}").text
    day = f"expires_{story.box.id}"
    sent = {"sets": "1", "scan": story.bench.barcode, f"lot_{story.box.id}": "B7"}
    bad = say(worker, f"kit/{ref}/do", **sent, **{day: "soon"})
    assert bad.json["cue"] == "bad"
    good = say(worker, f"kit/{ref}/do", key="c" * 12, **sent, **{day: "2030-01-31"})
    assert good.status_code == 200, good.json
    query = select(Lot.code, Lot.expires_on).where(Lot.sku_id == story.box.id)
    lot = db.session.execute(query.execution_options(**scope.CENTRE)).one()
    assert (lot.code, lot.expires_on.isoformat()) == ("B7", "2030-01-31")


def test_orders_wait_on_the_floor_as_tasks(story, member, as_user):
    story.ordered(member)
    worker = as_user(make_person(staff_role="warehouse"))
    assert orders()[0].ref in worker.get("/desk/warehouse/floor/tasks/kit").text


def test_a_stranger_finds_nothing(story, member, as_user):
    location = story.ordered(member).location
    stranger = as_user(make_colleague(None, "owner"))
    assert stranger.get(location).status_code == 404
    assert stranger.post(f"{location}/cancel").status_code == 404
    for path in ("kit", "kit/edit"):
        assert stranger.get(f"/portal/goods/BOX/{path}").status_code == 404
    assert story.ordered(stranger).status_code == 404
    assert stranger.get("/desk/warehouse/kits").status_code == 403
    viewer = as_user(make_colleague(story.company, "viewer"))
    assert viewer.get(location).status_code == 200
    assert story.ordered(viewer).status_code == 403
