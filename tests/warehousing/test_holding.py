"""Holding lots: owner and quality, what lies, what is promised, what comes later."""

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select

from portal.core import clock, scope
from portal.core.db import db, write
from portal.core.errors import NotFound, Refused
from portal.warehousing.ledger import holds
from portal.warehousing.ledger.models import Allocation, Lot, Movement
from portal.warehousing.ledger.service import apart, expiring, holding, losing, reserving
from portal.warehousing.ledger.service.apart import Pieces
from portal.warehousing.ledger.service.holding import Hold
from portal.warehousing.ledger.service.reserving import For
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
OWNER = Hold(kind="owner", status="on_hold", reason="Label is wrong")
RECALL = Hold(kind="quality", status="recalled", reason="Maker calls it back")


@pytest.fixture
def place(app):
    return make_location(make_warehouse())


@pytest.fixture
def told(monkeypatch):
    heard = []
    monkeypatch.setitem(losing._told, "outbound", lambda _c, lines, _by, _on: heard.extend(lines))
    return heard


def set_hold(lot, hold=OWNER):
    return write(lambda on: holding.set_hold(lot.id, lot.company_id, hold, by_id=None, on=on))


def lift(held, lot, kind="owner"):
    return write(
        lambda on: holding.lift(held.ref, lot.company_id, kind, by_id=None, note=None, on=on)
    )


def statuses(lot):
    return {
        row.status: (row.on_hand, row.allocated)
        for row in balances(lot_id=lot.id)
        if row.on_hand > 0
    }


def lot_status(lot):
    found = select(Lot.status).where(Lot.id == lot.id).execution_options(**scope.CENTRE)
    return db.session.scalar(found)


def reserve(posted, lot, quantity, line=7):
    for_ = For(lot.company_id, "outbound", line)
    return write(lambda on: reserving.reserve(posted.balances[0], Decimal(quantity), for_, on=on))


@pytest.mark.parametrize(
    ("held", "status"),
    [
        ([], "approved"),
        (["on_hold"], "on_hold"),
        (["on_hold", "quarantined"], "quarantined"),
        (["expired", "recalled", "damaged"], "recalled"),
    ],
)
def test_the_gravest_hold_says_what_a_lot_is(held, status):
    assert holds.status_of(held) == status


def test_what_comes_of_a_lot_past_its_date_is_expired():
    today = in_days(0)
    assert holds.arriving("approved", in_days(-1), today) == "expired"
    assert holds.arriving("approved", today, today) == "approved"
    assert holds.arriving("on_hold", None, today, "quarantined") == "quarantined"


def test_a_held_lot_changes_everywhere_and_says_why(place):
    sku = make_sku(make_company())
    lot = make_lot(sku, "A1")
    make_stock(sku, place, 10, lot=lot)
    other = make_location(make_warehouse())
    make_stock(sku, other, 4, lot=lot)
    held = set_hold(lot)
    assert (held.status, held.changed) == ("on_hold", 14)
    assert statuses(lot) == {"on_hold": (10, 0)} or statuses(lot) == {"on_hold": (4, 0)}
    assert {row.status for row in balances(lot_id=lot.id) if row.on_hand} == {"on_hold"}
    table = Movement.__table__
    wanted = select(table).where(table.c.document == held.ref).execution_options(**scope.CENTRE)
    moves = db.session.execute(wanted).all()
    assert [(m.kind, m.reason, m.note) for m in moves] == [("status", "owner", OWNER.reason)] * 2


def test_what_comes_later_of_a_held_lot_gets_its_status(place):
    lot = make_lot(make_sku(make_company()), "A1")
    set_hold(lot)
    status = write(lambda on: holding.arriving_status(lot.id, lot.company_id, on=on))
    assert status == "on_hold"


def test_the_lot_is_free_only_when_no_hold_is_left(place):
    sku = make_sku(make_company())
    lot = make_lot(sku, "A1")
    make_stock(sku, place, 10, lot=lot)
    mine = set_hold(lot)
    theirs = set_hold(lot, Hold(kind="quality", status="quarantined", reason="Sample taken"))
    assert statuses(lot) == {"quarantined": (10, 0)}
    assert lift(theirs, lot, "quality").status == "on_hold"
    assert lift(mine, lot).status == "approved"
    assert (lot_status(lot), statuses(lot)) == ("approved", {"approved": (10, 0)})


def test_the_owner_cannot_lift_a_hold_of_quality(place):
    lot = make_lot(make_sku(make_company()), "A1")
    held = set_hold(lot, RECALL)
    with pytest.raises(Refused):
        lift(held, lot, "owner")
    with pytest.raises(Refused):
        set_hold(lot, Hold(kind="owner", status="recalled", reason="x"))
    other = make_company().id
    with pytest.raises(NotFound):
        write(lambda on: holding.lift(held.ref, other, "quality", by_id=None, note=None, on=on))


def test_a_hold_ends_promises_on_what_is_not_picked_and_tells_who_promised(place, told):
    sku = make_sku(make_company())
    lot = make_lot(sku, "A1")
    posted = make_stock(sku, place, 10, lot=lot)
    reserve(posted, lot, 6)
    held = set_hold(lot)
    assert statuses(lot) == {"on_hold": (10, 0)}
    assert [(e.purpose_id, e.quantity, e.picked) for e in told] == [(7, 6, False)]
    assert held.lost == told


def picked(place, sku, lot):
    posted = make_stock(sku, place, 10, lot=lot)
    reserve(posted, lot, 4)
    table = Allocation.__table__
    change = table.update().values(picked=True).execution_options(**scope.CENTRE)
    write(lambda on: on.execute(change))


def test_what_was_picked_stays_with_its_order(place, told):
    sku = make_sku(make_company())
    lot = make_lot(sku, "A1")
    picked(place, sku, lot)
    held = set_hold(lot)
    assert (held.changed, held.picked, told) == (6, 4, [])
    assert statuses(lot) == {"approved": (4, 4), "on_hold": (6, 0)}


def test_a_recall_takes_back_even_what_was_picked(place, told):
    sku = make_sku(make_company())
    lot = make_lot(sku, "A1")
    picked(place, sku, lot)
    set_hold(lot, RECALL)
    assert statuses(lot) == {"recalled": (10, 0)}
    assert [each.picked for each in told] == [True]


def test_lots_past_their_date_expire_by_themselves(place):
    sku = make_sku(make_company(), lot_policy="lot", has_expiry=True)
    old = make_lot(sku, "OLD", expires_on=in_days(-2))
    good = make_lot(sku, "GOOD", expires_on=in_days(2))
    for lot in (old, good):
        make_stock(sku, place, 3, lot=lot)
    assert write(lambda on: expiring.expire(on=on)) == 1
    assert (lot_status(old), lot_status(good)) == ("expired", "approved")
    assert write(lambda on: expiring.expire(on=on)) == 0


def test_holds_end_after_their_last_day(place, monkeypatch):
    lot = make_lot(make_sku(make_company()), "A1")
    set_hold(lot, Hold(kind="owner", status="on_hold", reason="Until Friday", until_on=in_days(1)))
    assert write(lambda on: expiring.end_those_past(on=on)) == 0
    later = clock.now() + timedelta(days=3)
    monkeypatch.setattr(clock, "now", lambda: later)
    assert write(lambda on: expiring.end_those_past(on=on)) == 1
    assert lot_status(lot) == "approved"


def pieces(sku, lot, place, quantity, **values):
    usual = {"status": "damaged", "reason": "damage"}
    return Pieces(
        company_id=sku.company_id,
        sku_id=sku.id,
        lot_id=lot.id,
        location_id=place.id,
        quantity=Decimal(quantity),
        **(usual | values),
    )


def set_apart(*args, **values):
    wanted = pieces(*args, **values)
    return write(lambda on: apart.set_apart(wanted, by_id=None, on=on))


def test_broken_pieces_are_set_apart_and_stay_so_when_the_lot_is_freed(place):
    sku = make_sku(make_company())
    lot = make_lot(sku, "A1")
    make_stock(sku, place, 10, lot=lot)
    set_apart(sku, lot, place, 3)
    lift(set_hold(lot), lot)
    assert statuses(lot) == {"approved": (7, 0), "damaged": (3, 0)}


def test_pieces_that_broke_are_promised_to_nobody(place, told):
    sku = make_sku(make_company())
    lot = make_lot(sku, "A1")
    reserve(make_stock(sku, place, 10, lot=lot), lot, 9)
    set_apart(sku, lot, place, 3)
    assert statuses(lot) == {"approved": (7, 7), "damaged": (3, 0)}
    assert [each.quantity for each in told] == [2]


def test_more_than_lies_there_is_not_set_apart(place):
    sku = make_sku(make_company())
    lot = make_lot(sku, "A1")
    make_stock(sku, place, 2, lot=lot)
    with pytest.raises(Refused):
        set_apart(sku, lot, place, 3)


def test_pieces_that_were_good_after_all_become_what_their_lot_is(place):
    sku = make_sku(make_company())
    lot = make_lot(sku, "A1")
    make_stock(sku, place, 5, lot=lot)
    set_apart(sku, lot, place, 2)
    set_hold(lot)
    broken = next(row for row in balances(lot_id=lot.id) if row.status == "damaged")
    set_apart(sku, lot, place, 2, status="approved", reason="quality", balance_id=broken.id)
    assert statuses(lot) == {"on_hold": (5, 0)}
