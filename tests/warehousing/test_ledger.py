"""The ledger's own verbs: movements, balances, totals, promises, commands."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError

from portal.core import clock, scope
from portal.core.db import db, transaction, write
from portal.core.errors import Invalid, NotFound, Refused
from portal.warehousing.ledger.models import Balance, Movement, StockEntry, StockTotal
from portal.warehousing.ledger.rules import Leg, Posting
from portal.warehousing.ledger.service import commands, reserving
from portal.warehousing.ledger.service.commands import Command, once
from portal.warehousing.ledger.service.posting import post, reverse
from portal.warehousing.ledger.service.reserving import For
from portal.warehousing.sites.models import Warehouse
from tests.factories import make_company, make_person, user_of
from tests.warehousing.making import (
    balances,
    make_location,
    make_lot,
    make_sku,
    make_stock,
    make_warehouse,
)

pytestmark = pytest.mark.both_databases


@pytest.fixture
def place(app):
    return make_location(make_warehouse())


def posting(place, sku, legs, kind="move"):
    return Posting(
        kind=kind,
        company_id=sku.company_id,
        warehouse_id=place.warehouse_id,
        legs=legs,
        actor_id=None,
        document="D1",
    )


def total(sku):
    table = StockTotal.__table__
    found = select(table).where(table.c.sku_id == sku.id).execution_options(**scope.CENTRE)
    row = db.session.execute(found).one()
    return row.on_hand, row.allocated, row.on_hold


def test_goods_that_come_are_a_balance_an_entry_and_a_total(place):
    sku = make_sku(make_company())
    posted = make_stock(sku, place, "2.5")
    make_stock(sku, place, 10)
    only = balances(sku_id=sku.id)[0]
    assert (only.on_hand, only.allocated) == (Decimal("12.5"), 0)
    assert total(sku) == (Decimal("12.5"), 0, 0)
    entries = db.session.execute(select(StockEntry.__table__).execution_options(**scope.CENTRE))
    assert [row.quantity for row in entries] == [Decimal("2.5"), 10]
    assert posted.balances == [only.id]


def test_the_oldest_day_of_arrival_is_kept_and_goes_along(place):
    sku = make_sku(make_company())
    make_stock(sku, place, 5, days_ago=3)
    make_stock(sku, place, 5, days_ago=9)
    other = make_location(db.session.get(Warehouse, place.warehouse_id))
    lot = make_lot(sku)
    goods = {"sku_id": sku.id, "lot_id": lot.id}
    legs = [
        Leg(**goods, location_id=place.id, quantity=Decimal(-4)),
        Leg(**goods, location_id=other.id, quantity=Decimal(4)),
    ]
    write(lambda on: post(posting(place, sku, legs), on=on))
    moved = balances(location_id=other.id)[0]
    assert clock.now() - moved.since > timedelta(days=8)


def test_more_than_lies_there_cannot_be_taken(place):
    sku = make_sku(make_company())
    make_stock(sku, place, 5)
    leg = Leg(
        sku_id=sku.id, lot_id=make_lot(sku).id, location_id=place.id, quantity=Decimal("-5.001")
    )
    with pytest.raises(Refused):
        write(lambda on: post(posting(place, sku, [leg], "issue"), on=on))
    assert balances(sku_id=sku.id)[0].on_hand == 5


def test_what_is_promised_cannot_be_taken_for_anything_else(place):
    company = make_company()
    sku = make_sku(company)
    balance = make_stock(sku, place, 5).balances[0]
    write(lambda on: reserving.reserve(balance, Decimal(3), For(company.id, "outbound", 1), on=on))
    leg = Leg(sku_id=sku.id, lot_id=make_lot(sku).id, location_id=place.id, quantity=Decimal(-3))
    with pytest.raises(Refused):
        write(lambda on: post(posting(place, sku, [leg], "issue"), on=on))


@pytest.mark.parametrize(
    "change", [{"on_hand": -1, "allocated": 0}, {"allocated": 6}, {"allocated": -1}]
)
def test_the_database_itself_refuses_what_cannot_be(place, change):
    make_stock(make_sku(make_company()), place, 5)
    statement = update(Balance.__table__).values(**change).execution_options(**scope.CENTRE)
    with pytest.raises(IntegrityError), transaction():
        db.session.execute(statement)


def test_no_more_is_promised_than_is_free(place):
    company = make_company()
    sku = make_sku(company)
    balance = make_stock(sku, place, 10).balances[0]
    one, two = For(company.id, "outbound", 1), For(company.id, "outbound", 2)
    assert write(lambda on: reserving.reserve(balance, Decimal(7), one, on=on))
    assert write(lambda on: reserving.reserve(balance, Decimal(4), two, on=on)) is None
    assert write(lambda on: reserving.reserve(balance, Decimal(3), two, on=on))
    assert total(sku) == (10, 10, 0)


def test_a_promise_goes_along_to_where_goods_are_staged_and_ends_when_they_leave(place):
    company = make_company()
    sku = make_sku(company)
    balance = make_stock(sku, place, 10).balances[0]
    stage = make_location(db.session.get(Warehouse, place.warehouse_id), "stage")
    line = For(company.id, "outbound", 1)
    write(lambda on: reserving.reserve(balance, Decimal(6), line, on=on))

    def pick(on):
        (row,) = reserving.promised(line, on=on)
        return reserving.carry(row, Decimal(4), posting(place, sku, [], "pick"), to=stage.id, on=on)

    write(pick)
    rows = write(lambda on: reserving.promised(line, on=on))
    assert [(row.quantity, row.picked) for row in rows] == [(2, False), (4, True)]
    assert balances(location_id=stage.id)[0].allocated == 4
    picked = [row for row in rows if row.picked]
    write(lambda on: reserving.consume(picked, posting(place, sku, [], "issue"), on=on))
    assert total(sku) == (6, 2, 0)
    write(lambda on: reserving.release(rows[0].id, Decimal(2), company.id, on=on))
    assert total(sku) == (6, 0, 0)
    with pytest.raises(Refused):
        write(lambda on: reserving.release(rows[0].id, Decimal(1), company.id, on=on))


def test_goods_of_another_owner_are_not_there(place):
    sku = make_sku(make_company())
    make_stock(sku, place, 5)
    leg = Leg(sku_id=sku.id, lot_id=make_lot(sku).id, location_id=place.id, quantity=Decimal(-1))
    theirs = replace(posting(place, sku, [leg], "issue"), company_id=make_company().id)
    with pytest.raises(NotFound):
        write(lambda on: post(theirs, on=on))


def test_entries_of_a_move_that_do_not_sum_to_zero_are_a_fault(place):
    sku = make_sku(make_company())
    make_stock(sku, place, 5)
    leg = Leg(sku_id=sku.id, lot_id=make_lot(sku).id, location_id=place.id, quantity=Decimal(-1))
    with pytest.raises(ValueError, match="sum to zero"):
        write(lambda on: post(posting(place, sku, [leg], "move"), on=on))


def test_a_mistake_is_undone_by_its_counter_entry_once(place):
    company = make_company()
    sku = make_sku(company)
    posted = make_stock(sku, place, 5)
    undone = write(lambda on: reverse(posted.id, company.id, by=None, note="typed twice", on=on))
    assert balances(sku_id=sku.id)[0].on_hand == 0
    with pytest.raises(Refused):
        write(lambda on: reverse(posted.id, company.id, by=None, note="again", on=on))
    table = Movement.__table__
    row = select(table).where(table.c.id == undone.id).execution_options(**scope.CENTRE)
    assert db.session.execute(row).one().reverses_id == posted.id


def test_goods_on_hold_are_counted_apart(place):
    sku = make_sku(make_company())
    make_stock(sku, place, 5)
    make_stock(sku, place, 2, status="damaged")
    assert total(sku) == (7, 0, 2)


def test_a_lot_with_another_date_of_expiry_is_refused(app):
    sku = make_sku(make_company(), lot_policy="lot", has_expiry=True)
    make_lot(sku, "2610A", expires_on=clock.now().date())
    with pytest.raises(Refused):
        make_lot(sku, "2610A", expires_on=clock.now().date() + timedelta(days=1))


def test_a_lot_of_which_no_date_was_known_gets_the_first_that_is_said(app):
    sku = make_sku(make_company(), lot_policy="lot", has_expiry=True)
    make_lot(sku, "2610B")
    day = clock.now().date()
    assert make_lot(sku, "2610B", expires_on=day).expires_on == day
    assert make_lot(sku, "2610B").expires_on == day


def test_a_command_sent_twice_is_done_once_and_answers_the_same(app):
    by = user_of(make_person(staff_role="warehouse"))
    done = []
    said = Command("k1", "pick", {"quantity": "3"})
    answers = [
        write(lambda on: once(said, by, lambda _on: done.append(1) or {"no": len(done)}, on=on))
        for _ in range(2)
    ]
    assert [each["no"] for each in answers] == [1, 1]
    assert answers[1]["repeated"]
    other = Command("k1", "pick", {"quantity": "4"})
    with pytest.raises(Invalid):
        write(lambda on: once(other, by, lambda _on: {}, on=on))


def test_a_command_that_failed_leaves_its_key_free(app):
    by = user_of(make_person(staff_role="warehouse"))
    said = Command("k2", "pick", {})

    def fail(_on):
        raise Refused("No.")

    with pytest.raises(Refused):
        write(lambda on: once(said, by, fail, on=on))
    assert write(lambda on: once(said, by, lambda _on: {"ok": True}, on=on)) == {"ok": True}


def test_keys_of_commands_go_after_their_time(app, monkeypatch):
    by = user_of(make_person(staff_role="warehouse"))
    write(lambda on: once(Command("k3", "pick", {}), by, lambda _on: {}, on=on))
    assert commands.tidy() == 0
    monkeypatch.setattr(commands, "KEPT_FOR", timedelta(days=-1))
    assert commands.tidy() == 1
