"""Sets: recipes, orders, goods promised to them, made and taken apart in one transaction."""

from decimal import Decimal

import pytest
from sqlalchemy import select

from portal.core import scope
from portal.core.db import db, write
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.events import EventRecord
from portal.warehousing.floor.service.reading import Labelled
from portal.warehousing.kits import rows
from portal.warehousing.kits.rules import Part
from portal.warehousing.kits.service import doing, ordering, recipes
from portal.warehousing.kits.service.doing import Doing
from portal.warehousing.kits.service.ordering import Wish
from portal.warehousing.ledger.models import Lot, Movement
from portal.warehousing.ledger.service import losing
from portal.warehousing.sites.models import Warehouse
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

pytestmark = pytest.mark.both_databases


class Story:
    """A gift box of two cups and one tea, in one warehouse."""

    def __init__(self, **kit):
        self.company = make_company()
        self.house = make_warehouse()
        self.shelf = make_location(self.house)
        self.bench = make_location(self.house, "stage")
        self.box = make_sku(self.company, code="BOX", **kit)
        self.cup = make_sku(self.company, code="CUP")
        self.tea = make_sku(self.company, code="TEA")
        self.recipe()

    def recipe(self, parts=None, kit=None, note=""):
        usual = [Part(self.cup.id, Decimal(2)), Part(self.tea.id, Decimal(1))]
        return write(
            lambda on: recipes.write(kit or self.box, parts or usual, note, by=None, on=on)
        )

    def stock(self, cups=0, teas=0):
        for sku, many in ((self.cup, cups), (self.tea, teas)):
            if many:
                make_stock(sku, self.shelf, many)

    def order(self, sets=5, kind="make", **values):
        wish = Wish(
            kit=self.box, warehouse_id=self.house.id, quantity=Decimal(sets), kind=kind, **values
        )
        return write(lambda on: ordering.order(wish, by=None, on=on))

    def do(self, order, sets, at=None, **labels):
        what = Doing(
            quantity=Decimal(sets),
            location_id=(at or self.bench).id,
            labels=labels.get("labels", {}),
        )
        return write(lambda on: doing.do(ordering.held(order.ref, on), what, by=None, on=on))

    def now(self, order):
        return write(lambda on: ordering.held(order.ref, on))


def lies(sku, location=None):
    where = {} if location is None else {"location_id": location.id}
    found = balances(sku_id=sku.id, **where)
    return sum(r.on_hand for r in found), sum(r.allocated for r in found)


@pytest.fixture
def story(app):
    return Story()


def test_a_change_of_a_recipe_is_its_next_version(story):
    assert story.recipe() == 1
    assert story.recipe(note="Fold the lid first.") == 2
    assert story.recipe([Part(story.tea.id, Decimal(3))]) == 3
    latest = write(lambda on: rows.latest_of(story.box.id, story.company.id, on))
    assert (latest.version, latest.active) == (3, True)


@pytest.mark.parametrize(
    ("parts", "field"),
    [
        ([], "parts"),
        ([("cup", 0)], "parts.0"),
        ([("cup", "1.5")], "parts.0"),
        ([("cup", 1), ("cup", 2)], "parts.1"),
        ([("box", 1)], "parts.0"),
    ],
)
def test_a_recipe_that_cannot_be_is_refused_at_its_line(story, parts, field):
    wanted = [Part(getattr(story, name).id, Decimal(many)) for name, many in parts]
    with pytest.raises(Invalid) as caught:
        write(lambda on: recipes.write(story.box, wanted, "", by=None, on=on))
    assert caught.value.errors[0].field == field


def test_goods_of_another_owner_are_no_part(story):
    foreign = make_sku(make_company())
    with pytest.raises(Invalid, match="check"):
        story.recipe([Part(foreign.id, Decimal(1))])


def test_a_set_is_never_a_part_of_itself_by_any_way(story):
    outer = make_sku(story.company, code="OUTER")
    story.recipe([Part(story.box.id, Decimal(1))], kit=outer)
    with pytest.raises(Invalid, match="itself made of this set"):
        story.recipe([Part(outer.id, Decimal(1))])


def test_goods_are_promised_to_an_order_as_far_as_they_are_free(story):
    story.stock(cups=10, teas=3)
    order = story.order(5)
    assert order.status == "waiting"
    assert (lies(story.cup), lies(story.tea)) == ((10, 10), (3, 3))
    story.stock(teas=9)
    status = write(lambda on: ordering.reserve(ordering.held(order.ref, on), by=None, on=on))
    assert (status, lies(story.tea)) == ("ready", (12, 5))


def test_sets_are_made_in_one_go_goods_out_and_sets_in(story):
    story.stock(cups=10, teas=5)
    order = story.order(5)
    story.do(order, 5)
    assert (lies(story.cup), lies(story.tea), lies(story.box)) == ((0, 0), (0, 0), (5, 0))
    query = select(Movement.kind, Movement.reason).where(Movement.document == order.ref)
    moved = db.session.execute(query.order_by(Movement.id).execution_options(**scope.CENTRE))
    assert [tuple(row) for row in moved] == [("issue", "kit"), ("receive", "kit")]
    assert story.now(order).status == "done"
    told = db.session.query(EventRecord).filter_by(name="kit.done").one().payload
    assert (told["quantity"], told["done"], told["status"]) == ("5", "5", "done")


def test_some_are_made_and_the_rest_later(story):
    story.stock(cups=10, teas=5)
    order = story.order(5)
    story.do(order, 2)
    now = story.now(order)
    assert (now.status, now.done, lies(story.cup)) == ("started", 2, (6, 6))
    with pytest.raises(Refused, match="more than the 3"):
        story.do(order, 4)
    story.do(order, 3)
    assert story.now(order).status == "done"
    with pytest.raises(Refused, match="done already"):
        story.do(order, 1)


def test_with_goods_missing_nothing_is_half_done(story):
    story.stock(cups=10, teas=1)
    order = story.order(5)
    with pytest.raises(Refused, match="TEA is missing"):
        story.do(order, 2)
    assert (lies(story.cup), lies(story.box), story.now(order).done) == ((10, 10), (0, 0), 0)
    story.do(order, 1)
    assert lies(story.box) == (1, 0)


def test_sets_are_taken_apart_into_what_they_were_made_of(story):
    make_stock(story.box, story.shelf, 4)
    order = story.order(3, "take_apart")
    assert lies(story.box) == (4, 3)
    story.do(order, 3)
    assert (lies(story.box), lies(story.cup), lies(story.tea)) == ((1, 0), (6, 0), (3, 0))


def test_what_expires_first_is_used_first_and_gives_the_set_its_date(app):
    story = Story(has_expiry=True)
    tea = make_sku(story.company, code="GREEN", has_expiry=True, lot_policy="lot")
    late, soon = in_days(90), in_days(20)
    for code, day in (("L", late), ("S", soon), ("OLD", in_days(-1))):
        make_stock(tea, story.shelf, 2, lot=make_lot(tea, code, expires_on=day))
    story.recipe([Part(tea.id, Decimal(1))])
    order = story.order(3)
    assert order.status == "ready"
    story.do(order, 2)
    lot = db.session.execute(
        select(Lot.code, Lot.expires_on)
        .where(Lot.sku_id == story.box.id)
        .execution_options(**scope.CENTRE)
    ).one()
    assert tuple(lot) == (soon.isoformat(), soon)
    assert story.order(5).status == "waiting"


def test_a_set_with_lots_asks_for_its_lot(app):
    story = Story(lot_policy="lot")
    story.stock(cups=2, teas=1)
    order = story.order(1)
    with pytest.raises(Refused, match="lot"):
        story.do(order, 1)
    story.do(order, 1, labels={story.box.id: Labelled(lot="B1")})
    assert lies(story.box) == (1, 0)


def test_sets_with_serial_numbers_come_one_at_a_time(app):
    story = Story(lot_policy="serial")
    story.stock(cups=4, teas=2)
    order = story.order(2)
    with pytest.raises(Refused, match="one at a time"):
        story.do(order, 2, labels={story.box.id: Labelled(lot="SN1")})
    story.do(order, 1, labels={story.box.id: Labelled(lot="SN1")})


def test_what_was_promised_is_free_again_once_an_order_is_cancelled(story):
    story.stock(cups=10, teas=5)
    order = story.order(5)
    story.do(order, 1)
    write(lambda on: ordering.cancel(ordering.held(order.ref, on), by=None, on=on))
    assert (lies(story.cup), story.now(order).status) == ((8, 0), "cancelled")
    with pytest.raises(Refused, match="cancelled"):
        story.do(order, 1)


def test_a_run_is_taken_back_once_by_counter_entries(story):
    story.stock(cups=10, teas=5)
    order = story.order(5)
    run = story.do(order, 2)

    def undo(on):
        doing.undo(run, ordering.held(order.ref, on), by=None, on=on)

    write(undo)
    now = story.now(order)
    assert (now.done, now.status, lies(story.cup), lies(story.box)) == (
        0,
        "ready",
        (10, 10),
        (0, 0),
    )
    with pytest.raises(Refused, match="taken back already"):
        write(undo)


def test_a_run_whose_sets_have_gone_elsewhere_cannot_be_taken_back(story):
    story.stock(cups=10, teas=5)
    order = story.order(5)
    run = story.do(order, 2, at=story.shelf)
    other = Story.order(story, 1, "take_apart")
    assert other.status == "ready"
    with pytest.raises(Refused):
        write(lambda on: doing.undo(run, ordering.held(order.ref, on), by=None, on=on))
    assert story.now(order).done == 2


def test_a_full_location_takes_no_sets(story):
    story.stock(cups=2, teas=1)
    order = story.order(1)
    small = make_location(db.session.get(Warehouse, story.house.id), "stage", most_weight_g=10)
    with pytest.raises(Refused, match="full"):
        story.do(order, 1, at=small)
    assert lies(story.cup) == (2, 2)


def test_an_order_waits_again_when_its_goods_cannot_be_used(story):
    story.stock(cups=2, teas=1)
    order = story.order(1)
    (balance,) = balances(sku_id=story.cup.id)

    def lose(on):
        promises = losing.promises_on([balance.id], story.company.id, on)[balance.id]
        lost = losing.take_back(promises, story.company.id, on=on)
        losing.tell(lost, story.company.id, None, on=on)
        return losing.names_of(promises, story.company.id, on)

    assert write(lose) == [order.ref]
    assert story.now(order).status == "waiting"


def test_an_order_of_another_company_is_not_there(story):
    story.stock(cups=2, teas=1)
    order, other = story.order(1), make_company().id
    with pytest.raises(NotFound):
        write(lambda on: ordering.held(order.ref, on, company_id=other))


def test_a_set_that_is_no_longer_made_cannot_be_ordered(story):
    write(lambda on: recipes.stop(story.box, by=None, on=on))
    with pytest.raises(Refused, match="made of"):
        story.order(1)


def test_a_piece_is_promised_to_one_order_alone(story):
    story.stock(cups=4, teas=9)
    first, second = story.order(2), story.order(2)
    assert (first.status, second.status) == ("ready", "waiting")
    lines = write(lambda on: rows.lines_of(second, on))
    held = write(lambda on: rows.promised_by_line(second, lines, on))
    assert sum(row.quantity for row in held[lines[0].id]) == 0
