"""Moving goods and filling pick locations: rules and services."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from types import SimpleNamespace

import pytest
from sqlalchemy import insert, select

from portal.core import scope
from portal.core.db import db, write
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.quantities import NOTHING
from portal.warehousing.goods.models import SkuUnit
from portal.warehousing.ledger.models import Movement
from portal.warehousing.ledger.service import reserving
from portal.warehousing.ledger.service.lots import new_unit
from portal.warehousing.ledger.service.reserving import For
from portal.warehousing.moving import proposing, rules
from portal.warehousing.moving.rules import Source
from portal.warehousing.moving.service import faces, goods, tasks
from portal.warehousing.moving.service.goods import Doing
from portal.warehousing.moving.service.tasks import Wish
from portal.warehousing.sites import queries as sites
from portal.warehousing.sites.service import editing
from tests.counting.conftest import statements
from tests.factories import make_company
from tests.warehousing.making import (
    balances,
    in_days,
    make_location,
    make_lot,
    make_sku,
    make_stock,
    make_warehouse,
)

__all__ = ["statements"]
NOBODY = Doing(actor_id=None)


def source(id_, free, expires_on=None, day=1):
    since = datetime(2026, 1, day, tzinfo=UTC)
    return Source(SimpleNamespace(id=id_), Decimal(free), expires_on, since)


@pytest.mark.parametrize(
    ("least", "most", "have", "coming", "wanted"),
    [(10, 40, 9, 0, 31), (10, 40, 10, 0, 0), (10, 40, 0, 9, 31), (10, 40, 0, 10, 0), (0, 5, 0, 0, 0)],
)  # fmt: skip
def test_a_pick_location_is_filled_up_once_it_is_below_its_least(least, most, have, coming, wanted):
    assert rules.wanted(*map(Decimal, (least, most, have, coming))) == wanted


def test_what_expires_first_goes_first_and_without_dates_what_came_first():
    early, late, none = (
        source(1, 5, date(2027, 1, 1), 9),
        source(2, 5, date(2027, 2, 1), 1),
        source(3, 5, None, 2),
    )
    ids = lambda found: [each.balance.id for each in found]  # noqa: E731
    assert ids(rules.in_turn([none, late, early], by_expiry=True)) == [1, 2, 3]
    assert ids(rules.in_turn([none, late, early], by_expiry=False)) == [2, 3, 1]
    small, large = source(4, 2), source(5, 9)
    assert ids(rules.in_turn([large, small], by_expiry=False)) == [4, 5]


def test_cases_stay_whole_where_it_goes():
    one, two = source(1, 30), source(2, 100)
    drawn = rules.drawn(Decimal(50), [one, two], pack=Decimal(12))
    assert [(s.balance.id, q) for s, q in drawn] == [(1, 30), (2, 12)]
    assert rules.drawn(Decimal(5), [two], pack=Decimal(12)) == [(two, 5)]
    assert rules.drawn(Decimal(500), [one], pack=Decimal(12)) == [(one, 30)]


class House:
    """A warehouse with a reserve and a pick location, and goods in the reserve."""

    def __init__(self, quantity=20, **sku):
        self.company = make_company()
        self.warehouse = make_warehouse()
        self.pick = make_location(self.warehouse, "pick", most_weight_g=20_000)
        self.reserve = make_location(self.warehouse, "reserve")
        self.sku = make_sku(self.company, **sku)
        self.posted = make_stock(self.sku, self.reserve, quantity) if quantity else None

    def balance(self, location=None):
        row = balances(location_id=(location or self.reserve).id)[0]
        return write(lambda on: goods.balance_of(row.id, self.company.id, on))

    def move(self, quantity, to=None, doing=NOBODY):
        balance = self.balance()
        to_id = (to or self.pick).id
        return write(lambda on: goods.move(balance, Decimal(quantity), to_id, doing, on=on))

    def task(self, quantity=8, to=None, **values):
        wish = Wish(
            balance=self.balance(), quantity=Decimal(quantity), to_id=(to or self.pick).id, **values
        )
        return write(lambda on: tasks.make(wish, by=None, on=on))

    def here(self, location):
        return sum((row.on_hand for row in balances(location_id=location.id)), start=NOTHING)


@pytest.mark.both_databases
def test_goods_move_and_the_ledger_says_why(app):
    house = House()
    posted = house.move(7, doing=replace(NOBODY, reason="owner", note="for the fair"))
    assert (house.here(house.pick), house.here(house.reserve)) == (7, 13)
    table = Movement.__table__
    row = db.session.execute(
        select(table).where(table.c.id == posted.id).execution_options(**scope.CENTRE)
    ).one()
    assert (row.kind, row.reason) == ("move", "owner")


@pytest.mark.both_databases
def test_a_location_that_is_full_takes_nothing_and_says_so(app):
    house = House(quantity=60)
    with pytest.raises(Refused, match="is full: it bears 20 kg more"):
        house.move(41)
    house.move(40)
    with pytest.raises(Refused, match="is full: it bears 0 kg more"):
        house.move(1)
    assert (house.here(house.pick), house.here(house.reserve)) == (40, 20)


def test_what_may_not_be_moved(app):
    house = House()
    other = make_location(make_warehouse(), "pick")
    chilled = make_location(house.warehouse, "pick", blocked="beam bent")
    for to, words in (
        (other, "another warehouse"),
        (chilled, "blocked"),
        (house.reserve, "already"),
    ):
        with pytest.raises(Refused, match=words):
            house.move(1, to=to)
    with pytest.raises(Refused, match="whole"):
        house.move("1.5")
    with pytest.raises(Refused):
        house.move(21)
    place = sites.locations_of([house.reserve.id])[house.reserve.id]
    write(lambda on: editing.block(place, "flood", by=None, on=on))
    with pytest.raises(Refused, match="flood"):
        house.move(1)
    assert house.here(house.reserve) == 20


def test_goods_of_another_class_do_not_go_where_others_are_stored(app):
    house = House(storage_class="chilled")
    with pytest.raises(Refused, match="storage class"):
        house.move(1)
    house.move(1, to=make_location(house.warehouse, "stage"))


@pytest.mark.both_databases
def test_what_is_promised_stays_where_it_is(app):
    house = House()
    balance = house.posted.balances[0]
    line = For(house.company.id, "outbound", 1)
    write(lambda on: reserving.reserve(balance, Decimal(15), line, on=on))
    with pytest.raises(Refused):
        house.move(6)
    house.move(5)
    assert house.here(house.reserve) == 15


def in_unit(house, location=None):
    """Put five pieces into a new pallet at a location."""
    unit = write(lambda on: new_unit(house.company.id, "pallet", prefix="6901234", on=on))
    make_stock(house.sku, location or house.reserve, 5, unit_id=unit["id"])
    return unit["id"]


@pytest.mark.both_databases
def test_a_pallet_moves_with_all_that_is_in_it(app):
    house = House(quantity=0)
    unit = in_unit(house)
    other = make_sku(house.company)
    make_stock(other, house.reserve, 2, unit_id=unit)
    write(lambda on: goods.move_unit(unit, house.company.id, house.pick.id, NOBODY, on=on))
    rows = balances(location_id=house.pick.id)
    assert [(row.handling_unit_id, row.on_hand) for row in rows] == [(unit, 5), (unit, 2)]
    with pytest.raises(Refused, match="already"):
        write(lambda on: goods.move_unit(unit, house.company.id, house.pick.id, NOBODY, on=on))
    stranger = make_company().id
    with pytest.raises(Refused, match="Nothing lies"):
        write(lambda on: goods.move_unit(unit, stranger, house.pick.id, NOBODY, on=on))


def test_a_part_leaves_its_pallet_and_all_of_it_takes_the_pallet_along(app):
    house = House(quantity=0)
    unit = in_unit(house)
    house.move(2)
    assert [row.handling_unit_id for row in balances(location_id=house.pick.id)] == [None]
    house.move(3, to=make_location(house.warehouse, "reserve"))
    left = [row for row in balances(sku_id=house.sku.id) if row.on_hand]
    assert {row.on_hand: row.handling_unit_id for row in left} == {2: None, 3: unit}


def test_a_pallet_of_which_some_is_promised_stays(app):
    house = House(quantity=0)
    unit = in_unit(house)
    balance = balances(handling_unit_id=unit)[0].id
    line = For(house.company.id, "outbound", 1)
    write(lambda on: reserving.reserve(balance, Decimal(1), line, on=on))
    with pytest.raises(Refused, match="promised"):
        write(lambda on: goods.move_unit(unit, house.company.id, house.pick.id, NOBODY, on=on))


@pytest.mark.both_databases
def test_a_task_is_done_in_parts_and_taken_back(app):
    house = House()
    task = house.task(8)
    do = lambda many: write(  # noqa: E731
        lambda on: tasks.do(task.ref, Decimal(many), house.pick.id, by=None, on=on)
    )
    assert do(5).left == 3
    done = do(3)
    assert done.left == 0
    with pytest.raises(Refused, match="closed"):
        do(1)
    write(lambda on: tasks.take_back(task.ref, done.posted.id, Decimal(3), by=None, on=on))
    assert (house.here(house.pick), house.here(house.reserve)) == (5, 15)
    assert do(3).left == 0


@pytest.mark.both_databases
def test_a_task_that_is_skipped_says_why_and_is_over(app):
    house = House()
    task = house.task()
    with pytest.raises(Invalid):
        write(lambda on: tasks.skip(task.ref, "lazy", by=None, on=on))
    write(lambda on: tasks.skip(task.ref, "not_there", by=None, on=on))
    row = write(lambda on: tasks.held(task.ref, on=on))
    assert (row.state, row.skipped) == ("skipped", "not_there")
    with pytest.raises(Refused):
        write(lambda on: tasks.cancel(task.ref, by=None, on=on))
    with pytest.raises(NotFound):
        write(lambda on: tasks.cancel("MVNOTHERE", by=None, on=on))


def test_a_task_goes_elsewhere_only_with_a_reason(app):
    house = House()
    task, other = house.task(), make_location(house.warehouse, "pick")
    do = lambda **more: write(  # noqa: E731
        lambda on: tasks.do(task.ref, Decimal(8), other.id, by=None, on=on, **more)
    )
    with pytest.raises(Refused, match="another location"):
        do()
    do(reason="full")
    assert house.here(other) == 8


def test_a_task_asks_for_no_more_than_is_free(app):
    house = House()
    for many in (0, 21):
        with pytest.raises(Refused):
            house.task(many)
    with pytest.raises(Refused):
        house.task(1, to=house.reserve)
    task = house.task(8)
    with pytest.raises(Refused, match="8 only"):
        write(lambda on: tasks.do(task.ref, Decimal(9), house.pick.id, by=None, on=on))


def place_of(location):
    return sites.locations_of([location.id])[location.id]


def face(house, least=10, most=30, location=None, sku=None):
    place = place_of(location or house.pick)
    amounts = (Decimal(least), Decimal(most))
    write(lambda on: faces.set_face(place, sku or house.sku, *amounts, by=None, on=on))


def proposed(house):
    return proposing.proposals(house.warehouse.id, db.session.connection())


@pytest.mark.both_databases
def test_a_pick_location_below_its_least_is_filled_from_reserve(app):
    house = House(quantity=20)
    face(house)
    (proposal,) = proposed(house)
    assert (proposal.wanted, proposal.found, proposal.priority) == (30, 20, rules.EMPTY)
    made = write(lambda on: faces.make_tasks(house.warehouse.id, None, by=None, on=on))
    assert [(row.kind, row.quantity) for row in made] == [("replenish", 20)]
    assert proposed(house) == []
    write(lambda on: tasks.do(made[0].ref, Decimal(20), house.pick.id, by=None, on=on))
    assert house.here(house.pick) == 20
    rows = select(Movement.__table__.c.kind, Movement.__table__.c.document)
    rows = rows.where(Movement.__table__.c.id > house.posted.id).execution_options(**scope.CENTRE)
    assert db.session.execute(rows).all() == [("replenish", made[0].ref)]


@pytest.mark.both_databases
def test_what_lies_there_and_what_is_on_its_way_counts(app):
    house = House(quantity=20)
    make_stock(house.sku, house.pick, 9)
    face(house)
    (proposal,) = proposed(house)
    assert (proposal.have, proposal.wanted, proposal.found) == (9, 21, 20)
    assert proposal.priority == rules.LOW
    task = house.task(1)
    assert proposed(house) == []
    write(lambda on: tasks.cancel(task.ref, by=None, on=on))
    house.task(4, to=make_location(house.warehouse, "pick"))
    (proposal,) = proposed(house)
    assert (proposal.coming, proposal.found) == (0, 16)


@pytest.mark.both_databases
def test_what_expires_first_is_brought_first_and_nothing_twice(app):
    house = House(quantity=0, has_expiry=True, lot_policy="lot")
    for code, days in (("L1", 90), ("L2", 30), ("L3", 60)):
        place = make_location(house.warehouse, "reserve")
        lot = make_lot(house.sku, code, expires_on=in_days(days))
        make_stock(house.sku, place, 10, lot=lot)
    second = make_location(house.warehouse, "pick")
    face(house, 10, 15)
    face(house, 10, 15, location=second)
    first, other = proposed(house)
    named = [[(s.balance.lot, q) for s, q in each.sources] for each in (first, other)]
    assert named == [[("L2", 10), ("L3", 5)], [("L3", 5), ("L1", 10)]]


def test_what_lies_blocked_promised_or_on_hold_is_not_brought(app):
    house = House(quantity=20)
    line = For(house.company.id, "outbound", 1)
    write(lambda on: reserving.reserve(house.posted.balances[0], Decimal(18), line, on=on))
    make_stock(house.sku, make_location(house.warehouse, "reserve", blocked="x"), 50)
    make_stock(house.sku, make_location(house.warehouse, "reserve"), 50, status="on_hold")
    make_stock(house.sku, make_location(house.warehouse, "hold"), 50)
    face(house)
    assert [each.found for each in proposed(house)] == [2]


def test_goods_come_in_whole_cases(app):
    house = House(quantity=100)
    row = {"company_id": house.company.id, "sku_id": house.sku.id, "level": "case", "holds": 12}
    write(lambda on: on.execute(insert(SkuUnit.__table__).values(**row)))
    face(house, 10, 30)
    assert [each.found for each in proposed(house)] == [24]


def test_only_what_was_chosen_becomes_a_task(app):
    house = House(quantity=100)
    second = make_location(house.warehouse, "pick")
    face(house)
    face(house, location=second)
    chosen = {f"{second.id}-{house.sku.id}"}
    made = write(lambda on: faces.make_tasks(house.warehouse.id, chosen, by=None, on=on))
    assert [row.to_id for row in made] == [second.id]


def test_a_pick_face_is_one_only_where_its_goods_fit(app):
    house = House()
    with pytest.raises(Refused, match="no pick location"):
        face(house, location=house.reserve)
    with pytest.raises(Invalid):
        face(house, 10, 10)
    with pytest.raises(Invalid, match="full"):
        face(house, 10, 41)
    with pytest.raises(Invalid, match="storage class"):
        face(house, sku=make_sku(house.company, storage_class="frozen"))
    face(house)
    place = place_of(house.pick)
    write(lambda on: faces.remove_face(place, house.sku, by=None, on=on))
    assert proposed(house) == []


def test_proposals_take_as_many_statements_for_many_as_for_few(app, statements):
    house = House(quantity=100)
    face(house)
    counts = []
    for _ in range(2):
        db.session.rollback()
        with statements() as seen:
            proposed(house)
        counts.append(len(seen))
        for _n in range(10):
            face(house, location=make_location(house.warehouse, "pick"))
    assert counts[0] == counts[1] <= 7
