"""Returns: from request to restock, in turn, with what the owner decided."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from portal.core import scope
from portal.core.db import db, write
from portal.core.errors import Invalid, NotFound, Refused
from portal.warehousing.inbound.rules.announcing import SaidLine
from portal.warehousing.ledger.models import Movement
from portal.warehousing.ledger.service import holding
from portal.warehousing.ledger.service.holding import Hold
from portal.warehousing.returns import rules
from portal.warehousing.returns.models import GoodsReturn, ReturnPart
from portal.warehousing.returns.service import inspecting, receiving, requesting, settling
from portal.warehousing.returns.service.inspecting import Finding
from portal.warehousing.returns.service.receiving import Came
from portal.warehousing.returns.service.requesting import Wish
from portal.warehousing.sites.queries import locations_of
from tests.factories import make_company, make_person
from tests.warehousing.making import balances, make_location, make_lot, make_sku, make_warehouse

pytestmark = pytest.mark.both_databases


class Story:
    """An owner who wants five pieces back, and the places they pass."""

    def __init__(self):
        self.house = make_warehouse()
        self.back, self.shelf = make_location(self.house, "return"), make_location(self.house)
        self.company = make_company()
        self.sku = make_sku(self.company)
        self.lot = make_lot(self.sku)
        self.by = make_person(staff_role="warehouse").id

    def wish(self, **values):
        usual = {
            "warehouse_id": self.house.id,
            "reason": "not_needed",
            "lines": [SaidLine(sku=self.sku.code, quantity=Decimal(5))],
        }
        return Wish(**(usual | values))

    def request(self, **values):
        wish, company = self.wish(**values), self.company.id
        return write(lambda on: requesting.request(wish, company, by_id=None, on=on))

    def do(self, verb, *args, **values):
        row, company, by = self.row, self.company.id, self.by
        values = {"by_id": by, **values}
        return write(lambda on: verb(row.id, company, *args, **values, on=on))

    def do_part(self, verb, *args, part=None, **values):
        part, row, company = part or self.parts[-1].id, self.row, self.company.id
        values = {"by_id": self.by, **values}
        return write(lambda on: verb(part, row.id, company, *args, **values, on=on))

    @property
    def row(self):
        return self.read(GoodsReturn)[-1]

    @property
    def parts(self):
        return self.read(ReturnPart)

    def read(self, model):
        db.session.rollback()
        wanted = select(model.__table__).order_by(model.__table__.c.id)
        return db.session.execute(wanted.execution_options(**scope.CENTRE)).all()

    def authorised(self):
        self.request()
        self.do(requesting.authorise, None)

    def came(self, quantity=5, **values):
        place = values.pop("location", None) or self.back
        location = locations_of([place.id])[place.id]
        came = Came(lot=values.pop("lot", self.lot), location=location, quantity=Decimal(quantity))
        return self.do(receiving.receive, came)

    def received(self, quantity=5):
        self.authorised()
        self.came(quantity)
        self.do(receiving.finish)

    def inspect(self, condition="as_new", quantity=5, **values):
        finding = Finding(condition=condition, quantity=Decimal(quantity))
        return self.do_part(inspecting.inspect, finding, **values)

    def decide(self, disposition, **values):
        return self.do_part(inspecting.decide, disposition, whose="owner", **values)

    def put_back(self, place=None, **values):
        location = locations_of([(place or self.shelf).id])[(place or self.shelf).id]
        return self.do_part(settling.restock, location, **values)

    @property
    def stock(self):
        db.session.rollback()
        rows = balances(sku_id=self.sku.id)
        return {(row.location_id, row.status): row.on_hand for row in rows if row.on_hand}


@pytest.fixture
def story(app):
    return Story()


@pytest.mark.parametrize("wanted", ["received", "closed", "restocked", "inspected"])
def test_a_return_that_was_only_asked_for_goes_no_further_by_itself(wanted):
    with pytest.raises(Refused):
        rules.advance("requested", wanted)


@pytest.mark.parametrize(
    ("done", "outcome"),
    [
        (["scrapped"], "scrapped"),
        (["sent_back", "scrapped"], "sent_back"),
        (["sent_back", "restocked", "scrapped"], "restocked"),
    ],
)
def test_a_return_is_named_by_the_best_that_became_of_its_goods(done, outcome):
    assert rules.outcome(done) == outcome


def test_from_request_to_restock(story):
    story.authorised()
    story.do(requesting.send_off, "SF", "sf123")
    assert (story.row.status, story.row.tracking_no) == ("in_transit", "SF123")
    story.came(3)
    story.came(2)
    assert story.stock == {(story.back.id, "quarantined"): 5}
    story.do(receiving.finish)
    for part in story.parts:
        story.inspect("as_new", part.quantity, part=part.id)
    assert story.row.status == "inspected"
    for part in story.parts:
        story.decide("restock", part=part.id)
        assert story.put_back(part=part.id) == "approved"
    assert (story.row.status, story.stock) == ("restocked", {(story.shelf.id, "approved"): 5})
    story.do(settling.close)
    assert story.row.status == "closed"
    kinds = [(m.kind, m.reason, m.document) for m in story.read(Movement)]
    ref = story.row.ref
    assert kinds == [("receive", "return", ref)] * 2 + [("restock", "return", ref)] * 2


def test_the_same_request_sent_again_is_the_same_return(story):
    first = story.request(begun_with="RMA-1")
    again = story.request(begun_with="RMA-1")
    assert (again.ref, first.is_new, again.is_new) == (first.ref, True, False)


@pytest.mark.parametrize(
    "wrong",
    [
        {"reason": "?"},
        {"lines": ()},
        {"order_ref": "OUT12345678"},
        {"lines": [SaidLine(sku="NOBODYS", quantity=Decimal(1))]},
        {"lines": [SaidLine(sku="", quantity=Decimal(-1))]},
    ],
)
def test_a_request_that_makes_no_sense_is_refused_by_field(story, wrong):
    with pytest.raises(Invalid) as raised:
        story.request(**wrong)
    assert raised.value.errors
    assert story.read(GoodsReturn) == []


def test_another_owners_goods_cannot_be_asked_back(story):
    theirs = make_sku(make_company())
    with pytest.raises(Invalid):
        story.request(lines=[SaidLine(sku=theirs.code, quantity=Decimal(1))])


def test_the_centre_refuses_with_a_reason(story):
    story.request()
    with pytest.raises(Refused):
        story.do(requesting.refuse, " ")
    story.do(requesting.refuse, "Dangerous goods come back by the maker only.")
    assert story.row.status == "refused"
    with pytest.raises(Refused):
        story.do(requesting.authorise, None)


def test_a_return_is_given_up_before_anything_came(story):
    story.received()
    with pytest.raises(Refused):
        story.do(requesting.cancel)


def test_goods_come_into_locations_for_returns_only(story):
    story.authorised()
    with pytest.raises(Refused):
        story.came(location=story.shelf)
    with pytest.raises(Refused):
        story.came(location=make_location(make_warehouse(), "return"))
    assert story.stock == {}


def test_what_was_not_announced_and_what_is_too_much_is_told(story):
    story.authorised()
    assert story.came(7)[1] == 2
    other = make_lot(make_sku(story.company))
    assert story.came(1, lot=other)[1] == 1
    assert story.parts[-1].line_id is None


def test_goods_that_came_without_word_begin_a_return(story):
    company, house, by = story.company.id, story.house.id, story.by
    write(lambda on: receiving.found(company, house, by_id=by, on=on))
    story.came(1)
    story.do(receiving.finish)
    assert (story.row.source, story.row.status) == ("floor", "received")


def test_a_scan_is_taken_back_by_its_counter_entry(story):
    story.authorised()
    part = story.came(5)[0]
    row, by = story.row, story.by
    write(lambda on: receiving.undo(part, row.id, row.company_id, by_id=by, on=on))
    assert (story.parts, story.stock) == ([], {})


def test_nothing_is_finished_of_which_nothing_came(story):
    story.authorised()
    with pytest.raises(Refused):
        story.do(receiving.finish)


def test_one_line_may_be_in_several_conditions(story):
    story.received()
    story.inspect("damaged", 2)
    assert story.row.status == "received"
    story.inspect("as_new", 3, part=story.parts[0].id)
    assert [(p.condition, p.quantity) for p in story.parts] == [("as_new", 3), ("damaged", 2)]
    assert story.row.status == "inspected"


def test_the_owners_standing_rule_decides_by_itself(story):
    company = story.company.id
    write(lambda on: inspecting.set_rules(company, {"as_new": "restock"}, on=on))
    story.received()
    story.inspect("as_new")
    part = story.parts[0]
    assert (part.status, part.disposition, part.decided_by) == ("decided", "restock", "rule")


def test_damaged_goods_never_go_back_into_stock(story):
    with pytest.raises(Refused):
        write(lambda on: inspecting.set_rules(1, {"damaged": "restock"}, on=on))
    story.received()
    story.inspect("damaged")
    with pytest.raises(Refused):
        story.decide("restock")


def test_what_is_not_decided_is_not_done(story):
    story.received()
    story.inspect("as_new")
    with pytest.raises(Refused):
        story.put_back()
    story.decide("scrap")
    with pytest.raises(Refused):
        story.put_back()


def test_scrap_and_sending_back_take_the_goods_out(story):
    story.received()
    story.inspect("damaged", 2)
    story.inspect("opened", 3, part=story.parts[0].id)
    opened, damaged = story.parts
    story.decide("scrap", part=damaged.id)
    story.do_part(settling.scrap, part=damaged.id)
    story.decide("send_back", part=opened.id)
    with pytest.raises(Refused):
        story.do_part(settling.send_back, carrier=" ", tracking_no="", part=opened.id)
    story.do_part(settling.send_back, carrier="SF", tracking_no="SF99", part=opened.id)
    assert (story.stock, story.row.status) == ({}, "sent_back")
    reasons = [m.reason for m in story.read(Movement) if m.kind == "issue"]
    assert reasons == ["scrap", "return"]


def test_goods_of_a_held_lot_come_back_held(story):
    lot, company = story.lot.id, story.company.id
    hold = Hold(kind="quality", status="recalled", reason="Maker calls it back")
    write(lambda on: holding.set_hold(lot, company, hold, by_id=None, on=on))
    story.received()
    story.inspect()
    story.decide("restock")
    assert story.put_back() == "recalled"


def test_goods_go_back_where_they_fit_only(story):
    story.received()
    story.inspect()
    story.decide("restock")
    full = make_location(story.house, most_weight_g=100)
    for place in (full, story.back, make_location(make_warehouse())):
        with pytest.raises(Refused):
            story.put_back(place)
    assert story.stock == {(story.back.id, "quarantined"): 5}


def test_another_owners_return_is_not_there(story):
    story.request()
    row, other = story.row, make_company().id
    with pytest.raises(NotFound):
        write(lambda on: requesting.cancel(row.id, other, by_id=None, on=on))
