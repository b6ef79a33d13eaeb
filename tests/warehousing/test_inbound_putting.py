"""Putting away: which place is proposed, and what becomes of the goods."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select

from portal.core import scope
from portal.core.db import db, write
from portal.core.errors import NotFound, Refused
from portal.warehousing.inbound.models import InboundNotice, NoticeLine, PutAwayTask
from portal.warehousing.inbound.rules import putting as rules
from portal.warehousing.inbound.rules.putting import Goods, Place
from portal.warehousing.inbound.service import placing, putting
from portal.warehousing.inbound.service.putting import Elsewhere, Put
from portal.warehousing.ledger.models import Movement
from portal.warehousing.ledger.rules import Posting
from portal.warehousing.ledger.service import apart, holding, reserving
from portal.warehousing.ledger.service.apart import Pieces
from portal.warehousing.ledger.service.holding import Hold
from portal.warehousing.ledger.service.posting import reverse
from portal.warehousing.ledger.service.reserving import For
from portal.warehousing.sites.rules import Load
from tests.factories import make_company
from tests.warehousing.inbound_making import House, finish, make_arrived, receive, said_line
from tests.warehousing.making import balances, make_location, make_lot, make_sku, make_stock


@dataclass(frozen=True)
class At:
    id: int
    kind: str = "pick"
    walk: int = 10
    code: str = "A"
    active: bool = True
    blocked: str | None = None
    storage_class: str = "ambient"
    single_sku: bool = False
    single_lot: bool = False
    most_weight_g: int | None = None
    most_volume_mm3: int | None = None


@dataclass(frozen=True)
class Kind:
    id: int = 1
    unit: str = "C62"
    storage_class: str = "ambient"
    weight_g: int | None = 1000
    length_mm: int | None = 100
    width_mm: int | None = 100
    height_mm: int | None = 100


SAME_LOT = Load(skus=frozenset({1}), lots=frozenset({7}))
SAME_SKU = Load(skus=frozenset({1}), lots=frozenset({8}))
OTHERS = Load(skus=frozenset({2}), lots=frozenset({9}))
EMPTY = Load()
TABLE = [
    ("beside the same lot before the same goods", {}, [(At(1), SAME_SKU), (At(2), SAME_LOT)], [2]),
    ("beside the same goods before an empty one", {}, [(At(1), EMPTY), (At(2), SAME_SKU)], [2]),
    ("an empty one before one with others", {}, [(At(1), OTHERS), (At(2), EMPTY)], [2]),
    ("the nearest", {}, [(At(1, walk=90), EMPTY), (At(2, walk=12), EMPTY)], [2]),
    ("the first of those that are equally near", {}, [(At(2), EMPTY), (At(1), EMPTY)], [1]),
    ("picking before reserve", {}, [(At(1, "reserve"), EMPTY), (At(2), EMPTY)], [2]),
    ("pallets into reserve", {"is_pallet": True}, [(At(1), EMPTY), (At(2, "reserve"), EMPTY)], [2]),
    (
        "the same lot in reserve before an empty face",
        {},
        [(At(1), EMPTY), (At(2, "reserve"), SAME_LOT)],
        [2],
    ),
    (
        "damaged goods apart",
        {"status": "damaged"},
        [(At(1, "reserve"), SAME_LOT), (At(2, "hold"), EMPTY)],
        [2],
    ),
    ("never into a lane", {}, [(At(1, "stage"), EMPTY)], []),
    ("only its storage class", {}, [(At(1, storage_class="frozen"), EMPTY)], []),
    ("not where it is blocked", {}, [(At(1, blocked="Leak"), EMPTY)], []),
    ("not beside others where one kind lies alone", {}, [(At(1, single_sku=True), OTHERS)], []),
    (
        "one that takes all of it before a nearer one",
        {},
        [(At(1, walk=11, most_weight_g=4000), EMPTY), (At(2, walk=80), EMPTY)],
        [2],
    ),
    (
        "a part here and the rest there",
        {},
        [(At(1, most_weight_g=4000), EMPTY), (At(2, most_weight_g=7000), EMPTY)],
        [1, 2],
    ),
    (
        "a pallet is not split",
        {"is_pallet": True},
        [(At(1, "reserve", most_weight_g=4000), EMPTY)],
        [],
    ),
    ("not into a full one", {}, [(At(1, most_volume_mm3=10**6), Load(volume_mm3=10**6))], []),
]


@pytest.mark.parametrize(
    ("says", "goods", "places", "wanted"), TABLE, ids=[row[0] for row in TABLE]
)
def test_the_proposed_place_is(says, goods, places, wanted):
    what = Goods(sku=Kind(), lot_id=7, quantity=Decimal(10), **goods)
    found = rules.propose(what, [Place(*each) for each in places], from_walk=10)
    assert [each.location.id for each in found] == wanted


def test_what_has_no_room_stays_without_a_place():
    what = Goods(sku=Kind(), lot_id=7, quantity=Decimal(10))
    found = rules.propose(what, [Place(At(1, most_weight_g=4500), EMPTY)], from_walk=10)
    assert [(each.quantity, each.why) for each in found] == [(4, "empty")]
    assert rules.total(found) == 4


def test_weighed_goods_are_split_to_the_gram():
    what = Goods(sku=Kind(unit="KGM"), lot_id=7, quantity=Decimal(10))
    found = rules.propose(what, [Place(At(1, most_weight_g=4500), EMPTY)], from_walk=10)
    assert found[0].quantity == Decimal("4.5")


# ---- the service ----


@pytest.fixture
def house(app):
    return House()


@pytest.fixture
def company(app):
    return make_company()


def rows(model, **values):
    table = model.__table__
    wanted = select(table).where(*(table.c[name] == value for name, value in values.items()))
    return list(db.session.execute(wanted.order_by(table.c.id).execution_options(**scope.CENTRE)))


def put(task, location, quantity=10, **values: Any):
    done = Put(location=location, quantity=Decimal(quantity), **values)
    return write(lambda on: putting.put_away(task.id, done, by=None, on=on))


def came(house, company, sku, quantity=10, **values):
    """Receive goods; return the notice's reference and the task."""
    ref = make_arrived(house, company, said_line(sku, quantity))
    receive(ref, sku, quantity, **values)
    return ref, rows(PutAwayTask)[-1]


pytestmark = pytest.mark.both_databases


def test_goods_go_into_storage_and_the_notice_with_them(house, company):
    sku = make_sku(company)
    ref, task = came(house, company, sku)
    put(task, house.picks[0].barcode, 4)
    assert rows(InboundNotice, ref=ref)[0].status == "receiving"
    finish(ref)
    assert rows(InboundNotice, ref=ref)[0].status == "putting_away"
    done = put(task, house.picks[0].code, 6)
    assert done.is_complete
    assert rows(InboundNotice, ref=ref)[0].status == "completed"
    assert [b.on_hand for b in balances(location_id=house.picks[0].id)] == [10]
    assert rows(NoticeLine)[0].put_away == 10
    assert set(rows(InboundNotice)[0].reached) >= {"received", "putting_away", "completed"}


def test_the_proposal_joins_the_same_lot(house, company):
    sku = make_sku(company)
    make_stock(sku, house.picks[1], 3)
    _, task = came(house, company, sku)
    first = write(lambda on: placing.propose(task, Decimal(10), on))[0]
    assert (first.location.id, first.why) == (house.picks[1].id, "lot")


def test_another_place_wants_a_reason_that_stays_with_the_movement(house, company):
    sku = make_sku(company)
    far = make_location(house.row, "reserve", single_lot=True)
    make_stock(sku, far, 1, lot=make_lot(sku))
    hold = house.hold
    _, task = came(house, company, sku)
    with pytest.raises(Elsewhere):
        put(task, hold.code)
    put(task, hold.code, reason="full", note="Rack is bent")
    (movement,) = rows(Movement, kind="put_away")
    assert (movement.reason, movement.note) == ("full", "Rack is bent")


def test_what_was_shown_may_be_followed_without_a_reason(house, company):
    _, task = came(house, company, make_sku(company))
    put(task, house.hold.code, proposed=house.hold.id)
    assert rows(Movement, kind="put_away")[0].reason is None


def test_a_full_location_is_refused_and_nothing_moves(house, company):
    sku = make_sku(company, weight_g=1000)
    small = make_location(house.row, "pick", most_weight_g=5000)
    _, task = came(house, company, sku)
    with pytest.raises(Refused, match="full"):
        put(task, small.code, reason="other")
    assert balances(location_id=small.id) == []
    assert rows(PutAwayTask)[0].done == 0


def test_unknown_places_and_lanes_are_refused(house, company):
    _, task = came(house, company, make_sku(company))
    with pytest.raises(NotFound):
        put(task, "L-NOWHERE")
    with pytest.raises(Refused, match="storage"):
        put(task, house.lane.code)


def test_no_more_is_put_away_than_waits(house, company):
    _, task = came(house, company, make_sku(company))
    with pytest.raises(Refused):
        put(task, house.picks[0].code, 11)
    put(task, house.picks[0].code, 10)
    with pytest.raises(Refused, match="already"):
        put(task, house.picks[0].code, 1)


def test_promised_goods_wait_where_they_are_and_their_task_ends_when_they_have_left(house, company):
    sku = make_sku(company)
    ref, task = came(house, company, sku)
    balance = balances(location_id=house.lane.id)[0]
    line = For(company.id, "outbound", 1)
    write(lambda on: reserving.reserve(balance.id, Decimal(10), line, on=on))
    finish(ref)
    with pytest.raises(Refused, match="promised"):
        put(task, house.picks[0].code)

    def leave(on):
        posting = Posting(
            kind="issue",
            company_id=company.id,
            warehouse_id=house.id,
            legs=[],
            actor_id=None,
        )
        reserving.consume(reserving.promised(line, on=on), posting, on=on)

    write(leave)
    assert write(putting.settle) == 1
    assert rows(InboundNotice, ref=ref)[0].status == "completed"


def test_a_whole_pallet_keeps_its_code_and_what_is_taken_off_lies_loose(house, company):
    sku = make_sku(company)
    _, task = came(house, company, sku, sscc="106141412345678908")
    put(task, house.picks[0].code, 4, reason="other")
    put(task, house.reserve.code, 6, reason="other")
    loose, pallet = (
        balances(location_id=house.picks[0].id)[0],
        balances(location_id=house.reserve.id)[0],
    )
    assert loose.handling_unit_id is None
    assert pallet.handling_unit_id == task.handling_unit_id


def test_a_wrong_place_is_taken_back(house, company):
    sku = make_sku(company)
    _, task = came(house, company, sku)
    done = put(task, house.picks[0].code)
    write(lambda on: putting.undo(task.id, done.movement_id, Decimal(10), by=None, on=on))
    assert [b.on_hand for b in balances(location_id=house.lane.id)] == [10]
    waiting = [t for t in rows(PutAwayTask) if t.done_at is None]
    assert [(t.quantity, t.done) for t in waiting] == [(10, 0)]
    assert rows(NoticeLine)[0].put_away == 0


@pytest.mark.both_databases
def test_what_waits_is_put_away_as_it_is_after_its_lot_was_held_and_freed(app):
    house, company = House(), make_company()
    sku = make_sku(company, lot_policy="lot")
    ref = make_arrived(house, company, said_line(sku, 10))
    receive(ref, sku, 4, lot="A")
    lot = make_lot(sku, "A")
    hold = Hold(kind="owner", status="on_hold", reason="Label is wrong")
    held = write(lambda on: holding.set_hold(lot.id, lot.company_id, hold, by_id=None, on=on))
    receive(ref, sku, 2, lot="A")
    finish(ref)
    (task,) = tasks_of(sku)
    assert (task.status, task.quantity) == ("on_hold", 6)
    put = Put(location=house.hold.code, quantity=Decimal(1), reason="other")
    write(lambda on: putting.put_away(task.id, put, by=None, on=on))
    free = {"by_id": None, "note": None}
    write(lambda on: holding.lift(held.ref, lot.company_id, "owner", **free, on=on))
    (task,) = tasks_of(sku)
    assert (task.status, task.quantity - task.done) == ("approved", 5)
    put = Put(location=house.picks[0].code, quantity=Decimal(5), reason="other")
    assert write(lambda on: putting.put_away(task.id, put, by=None, on=on)).is_complete


def test_pieces_that_break_while_they_wait_are_put_away_as_broken(app):
    house, company = House(), make_company()
    sku = make_sku(company, lot_policy="lot")
    ref = make_arrived(house, company, said_line(sku, 10))
    receive(ref, sku, 10, lot="A")
    finish(ref)
    goods = {"company_id": company.id, "sku_id": sku.id, "lot_id": make_lot(sku, "A").id}

    def breaks(quantity):
        (task, *_) = tasks_of(sku)
        told = {"status": "damaged", "reason": "damage", "location_id": task.location_id}
        pieces = Pieces(**goods, **told, quantity=Decimal(quantity))
        posted, _lost = write(lambda on: apart.set_apart(pieces, by_id=None, on=on))
        return posted.id

    def undone(movement):
        made = reverse(movement, company.id, by=None, note="", on=db.session.connection())
        apart.follow(made.id, company.id, on=db.session.connection())
        db.session.commit()

    breaks(2)
    undone(breaks(1))
    waiting = {t.status: t for t in tasks_of(sku) if t.done_at is None}
    assert {s: t.quantity - t.done for s, t in waiting.items()} == {"approved": 8, "damaged": 2}
    put = Put(location=house.picks[0].code, quantity=Decimal(8), reason="other")
    write(lambda on: putting.put_away(waiting["approved"].id, put, by=None, on=on))
    put = Put(location=house.hold.code, quantity=Decimal(2), reason="other")
    assert write(
        lambda on: putting.put_away(waiting["damaged"].id, put, by=None, on=on)
    ).is_complete


def tasks_of(sku):
    wanted = select(PutAwayTask.__table__).where(PutAwayTask.sku_id == sku.id)
    found = db.session.execute(wanted.execution_options(**scope.CENTRE)).all()
    db.session.rollback()
    return found
