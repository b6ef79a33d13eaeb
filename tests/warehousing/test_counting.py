"""Counts: planned, blind, counted again by another, decided by who counted none of it."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from portal.core import scope
from portal.core.db import db, write
from portal.core.errors import Refused
from portal.warehousing.counting import rules
from portal.warehousing.counting.models import CountLine, CountPlace, StockCount
from portal.warehousing.counting.service import deciding, planning, tallying
from portal.warehousing.counting.service.deciding import Decision
from portal.warehousing.counting.service.planning import Plan
from portal.warehousing.counting.service.tallying import Found
from portal.warehousing.ledger.models import Movement, StockDoubt
from portal.warehousing.ledger.rules import Leg, Posting
from portal.warehousing.ledger.service import doubting, reserving
from portal.warehousing.ledger.service.doubting import Doubt
from portal.warehousing.ledger.service.posting import post
from portal.warehousing.ledger.service.reserving import For
from portal.warehousing.sites.models import Warehouse
from tests.factories import make_company, make_person
from tests.warehousing.making import (
    balances,
    make_location,
    make_lot,
    make_sku,
    make_stock,
    make_warehouse,
)

pytestmark = pytest.mark.both_databases


class Story:
    """One location with ten pieces, and people who count it."""

    def __init__(self, quantity=10):
        self.place = make_location(make_warehouse())
        self.sku = make_sku(make_company())
        self.lot = make_lot(self.sku)
        self.posted = make_stock(self.sku, self.place, quantity)
        self.ann, self.ben, self.cho, self.dan = (
            make_person(staff_role="warehouse").id for _ in range(4)
        )
        self.plan()

    def plan(self):
        wanted = Plan(
            warehouse_id=self.place.warehouse_id,
            kind="location",
            about=self.place.code,
            locations=[self.place.id],
        )
        self.ref = write(lambda on: planning.plan(wanted, by_id=None, on=on))

    def row(self, model):
        wanted = select(model.__table__).order_by(model.__table__.c.id.desc())
        return db.session.execute(wanted.execution_options(**scope.CENTRE)).first()

    @property
    def status(self):
        db.session.rollback()
        return self.row(StockCount).status, self.row(CountPlace).status

    @property
    def line(self):
        db.session.rollback()
        return self.row(CountLine)

    def begin(self, by):
        place = self.row(CountPlace).id
        write(lambda on: tallying.begin(place, by_id=by, on=on))
        return place

    def tally(self, by, quantity, lot=None):
        place, found = self.row(CountPlace).id, Found(lot=lot or self.lot, quantity=quantity)
        return write(lambda on: tallying.tally(place, found, by_id=by, on=on))

    def finish(self, by):
        place = self.row(CountPlace).id
        return write(lambda on: tallying.finish(place, by_id=by, on=on))

    def count(self, by, *quantities):
        self.begin(by)
        for quantity in quantities:
            self.tally(by, Decimal(quantity))
        return self.finish(by)

    def decide(self, by, what="adjust", **values):
        line, decision = self.line.id, Decision(what=what, **values)
        write(lambda on: deciding.decide(line, decision, by_id=by, on=on))

    def take(self, quantity):
        other = make_location(db.session.get(Warehouse, self.place.warehouse_id))
        goods = {"sku_id": self.sku.id, "lot_id": self.lot.id}
        legs = [
            Leg(**goods, location_id=self.place.id, quantity=Decimal(-quantity)),
            Leg(**goods, location_id=other.id, quantity=Decimal(quantity)),
        ]
        posting = Posting(
            kind="move",
            company_id=self.sku.company_id,
            warehouse_id=self.place.warehouse_id,
            legs=legs,
            actor_id=None,
        )
        write(lambda on: post(posting, on=on))

    @property
    def on_hand(self):
        db.session.rollback()
        found = balances(sku_id=self.sku.id, location_id=self.place.id)
        return sum(row.on_hand for row in found)


@pytest.fixture
def story(app):
    return Story()


@pytest.mark.parametrize(
    ("expected", "unit", "allowed"),
    [("10", "C62", 0), ("999", "C62", 0), ("2500", "C62", 2), ("100", "KGM", "0.5")],
)
def test_what_may_be_off_without_a_second_count(expected, unit, allowed):
    assert rules.tolerance(Decimal(expected), unit) == Decimal(allowed)


@pytest.mark.parametrize(
    ("place", "grade"), [(0, "A"), (19, "A"), (20, "B"), (49, "B"), (50, "C"), (99, "C")]
)
def test_what_moves_most_is_counted_most_often(place, grade):
    assert rules.grade(place, 100) == grade


@pytest.mark.parametrize(
    ("places", "status"),
    [
        (["open", "open"], "planned"),
        (["open", "done"], "counting"),
        (["deciding", "recount"], "counting"),
        (["deciding", "done"], "deciding"),
        (["done", "dropped"], "closed"),
    ],
)
def test_a_count_is_where_its_places_are(places, status):
    assert rules.count_status(places) == status


def test_a_right_count_is_done_at_once(story):
    assert story.count(story.ann, 4, 6) == "done"
    assert story.status == ("closed", "done")
    assert (story.line.first_right, story.line.counted) == (True, 10)


def test_a_difference_is_counted_again_by_somebody_else(story):
    assert story.count(story.ann, 9) == "recount"
    with pytest.raises(Refused):
        story.begin(story.ann)
    assert story.count(story.ben, 10) == "done"
    assert (story.line.status, story.line.first_right) == ("right", False)


def test_what_nobody_counts_was_counted_as_nothing(story):
    assert story.count(story.ann) == "recount"
    assert (story.line.counted, story.line.expected) == (0, 10)


def test_nobody_decides_about_a_count_in_which_he_counted(story):
    story.count(story.ann, 9)
    story.count(story.ben, 9)
    assert story.status == ("deciding", "deciding")
    for counter in (story.ann, story.ben):
        with pytest.raises(Refused):
            story.decide(counter)
    story.decide(story.cho)
    assert (story.on_hand, story.status) == (9, ("closed", "done"))


def test_an_adjustment_says_that_it_was_counted_and_by_whom_decided(story):
    story.count(story.ann, 12)
    story.count(story.ben, 12)
    story.decide(story.cho, note="Box behind the beam")
    move = story.row(Movement)
    assert (move.kind, move.reason, move.document) == ("adjust", "count", story.ref)
    assert (move.actor_id, move.note, story.on_hand) == (story.cho, "Box behind the beam", 12)


def test_the_ledger_may_stay_with_a_reason(story):
    story.count(story.ann, 9)
    story.count(story.ben, 9)
    with pytest.raises(Refused):
        story.decide(story.cho, "keep")
    story.decide(story.cho, "keep", note="Found at the packing table")
    assert (story.on_hand, story.line.status, story.status[0]) == (10, "kept", "closed")


def test_it_may_be_counted_once_more_by_a_third_person(story):
    story.count(story.ann, 9)
    story.count(story.ben, 8)
    story.decide(story.cho, "recount")
    assert story.status == ("counting", "recount")
    with pytest.raises(Refused):
        story.begin(story.ben)
    assert story.count(story.dan, 10) == "done"


def test_goods_that_leave_before_the_counter_comes_are_not_missed(story):
    story.begin(story.ann)
    story.take(3)
    story.tally(story.ann, Decimal(7))
    assert story.finish(story.ann) == "done"


def test_goods_that_leave_behind_the_counter_are_not_missed(story):
    story.begin(story.ann)
    story.tally(story.ann, Decimal(10))
    story.take(3)
    assert story.finish(story.ann) == "done"


def test_what_moved_and_does_not_compare_is_counted_again_and_never_adjusted(story):
    story.count(story.ann, 9)
    story.begin(story.ben)
    story.tally(story.ben, Decimal(9))
    story.take(3)
    assert story.finish(story.ben) == "recount"


def test_an_adjustment_stays_true_whatever_moved_since(story):
    story.count(story.ann, 9)
    story.count(story.ben, 9)
    story.take(5)
    story.decide(story.cho)
    assert story.on_hand == 4


def test_what_is_promised_is_not_adjusted_away(story):
    for_ = For(story.sku.company_id, "outbound", 5)
    balance = story.posted.balances[0]
    write(lambda on: reserving.reserve(balance, Decimal(10), for_, on=on))
    story.count(story.ann, 8)
    story.count(story.ben, 8)
    with pytest.raises(Refused, match="2 of it are promised"):
        story.decide(story.cho)
    assert story.on_hand == 10
    story.decide(story.cho, release=True)
    assert story.on_hand == 8
    assert balances(sku_id=story.sku.id)[0].allocated == 8


def test_goods_that_the_ledger_does_not_know_there_are_found(story):
    other = make_sku(make_company())
    lot = make_lot(other)
    story.begin(story.ann)
    story.tally(story.ann, Decimal(10))
    story.tally(story.ann, Decimal(3), lot)
    assert story.finish(story.ann) == "recount"
    story.begin(story.ben)
    story.tally(story.ben, Decimal(3), lot)
    assert story.finish(story.ben) == "deciding"
    story.decide(story.cho)
    assert [row.on_hand for row in balances(sku_id=other.id)] == [3]


def test_a_scan_can_be_taken_back_while_the_round_lasts(story):
    story.begin(story.ann)
    story.tally(story.ann, Decimal(10))
    wrong = story.tally(story.ann, Decimal(10))
    write(lambda on: tallying.void(wrong, by_id=story.ann, on=on))
    assert story.finish(story.ann) == "done"


def test_two_people_do_not_count_one_place_at_once(story):
    story.begin(story.ann)
    with pytest.raises(Refused):
        story.begin(story.ben)
    with pytest.raises(Refused):
        story.tally(story.ben, Decimal(1))


def test_a_round_that_was_given_up_counts_for_nothing(story):
    place = story.begin(story.ann)
    story.tally(story.ann, Decimal(3))
    write(lambda on: tallying.give_up(place, by_id=story.cho, on=on))
    assert story.status == ("planned", "open")
    assert story.count(story.ben, 10) == "done"


def test_a_place_is_in_one_open_count_only(story):
    with pytest.raises(Refused):
        story.plan()


def test_a_count_is_given_up_before_anything_was_counted_only(story):
    count = story.row(StockCount).id
    story.begin(story.ann)
    with pytest.raises(Refused):
        write(lambda on: planning.cancel(count, by_id=story.cho, on=on))


def test_counting_settles_what_was_in_doubt(story):
    about = Doubt(
        company_id=story.sku.company_id,
        warehouse_id=story.place.warehouse_id,
        location_id=story.place.id,
        sku_id=story.sku.id,
    )
    write(lambda on: doubting.doubt(about, by_id=None, on=on))
    story.count(story.ann, 10)
    assert story.row(StockDoubt).settled_at is not None


def test_a_serial_number_that_lies_elsewhere_is_not_found_once_more(story):
    sku = make_sku(make_company(), lot_policy="serial")
    lot = make_lot(sku, "S1")
    elsewhere = make_location(db.session.get(Warehouse, story.place.warehouse_id))
    make_stock(sku, elsewhere, 1, lot=lot)
    for person in (story.ann, story.ben):
        story.begin(person)
        story.tally(person, Decimal(10))
        story.tally(person, Decimal(1), lot)
        story.finish(person)
    with pytest.raises(Refused, match="S1"):
        story.decide(story.cho)
    assert [(row.location_id, row.on_hand) for row in balances(sku_id=sku.id)] == [
        (elsewhere.id, 1)
    ]
