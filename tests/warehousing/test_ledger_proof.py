"""The proof of the ledger, what there was at a moment, and the days that are closed."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import delete, select, update

from portal.core import clock, scope
from portal.core.db import db, transaction, write
from portal.core.errors import NotFound, Refused
from portal.warehousing.ledger import history
from portal.warehousing.ledger.models import (
    Allocation,
    Balance,
    Movement,
    StockDay,
    StockEntry,
    StockSnapshot,
    StockTotal,
)
from portal.warehousing.ledger.queries import verifying
from portal.warehousing.ledger.rules import Leg, Posting
from portal.warehousing.ledger.service import reserving, snapshots
from portal.warehousing.ledger.service.posting import post, reverse
from portal.warehousing.ledger.service.reserving import For
from tests.factories import make_company
from tests.warehousing.making import (
    balances,
    make_location,
    make_lot,
    make_sku,
    make_stock,
    make_warehouse,
)

pytestmark = pytest.mark.both_databases
NOON = datetime(2026, 11, 10, 4, tzinfo=UTC)  # noon in Shanghai


@pytest.fixture
def time(monkeypatch):
    """Give a clock that the test sets."""

    class Clock:
        now = NOON

    monkeypatch.setattr(clock, "now", lambda: Clock.now)
    return Clock


@pytest.fixture
def place(app):
    return make_location(make_warehouse())


def faults():
    """Return what the proof finds."""
    db.session.rollback()
    with db.engine.connect() as on:
        return list(verifying.differences(on))


def there_was(sku, at):
    with db.engine.connect() as on:
        one = history.as_of(sku.id, at, on)
        many = history.as_of_many([sku.id], sku.company_id, at, on)
    assert many[sku.id] == one
    return [(row.location_id, row.status, row.quantity) for row in one]


def issue(sku, place, quantity):
    leg = Leg(
        sku_id=sku.id,
        lot_id=make_lot(sku).id,
        location_id=place.id,
        quantity=-Decimal(quantity),
    )
    posting = Posting(
        kind="issue",
        company_id=sku.company_id,
        warehouse_id=place.warehouse_id,
        legs=[leg],
        actor_id=None,
    )
    return write(lambda on: post(posting, on=on))


def sabotage(statement):
    with transaction():
        db.session.execute(statement.execution_options(**scope.CENTRE))


def test_a_ledger_that_was_only_written_by_its_verbs_is_right(place):
    company = make_company()
    sku = make_sku(company)
    balance = make_stock(sku, place, 9).balances[0]
    write(lambda on: reserving.reserve(balance, Decimal(4), For(company.id, "outbound", 1), on=on))
    issue(sku, place, 2)
    make_stock(sku, place, 3, status="damaged")
    assert faults() == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (update(Balance.__table__).values(on_hand=8), "its entries say 9"),
        (update(StockTotal.__table__).values(on_hand=8), "on_hand: -1 more"),
        (update(StockTotal.__table__).values(on_hold=2), "on_hold: 2 more"),
        (update(Allocation.__table__).values(quantity=1), "its allocations say 1"),
        (update(Movement.__table__).values(kind="move"), "sums to 9"),
        (update(StockEntry.__table__).values(warehouse_id=1, at=NOON), "says otherwise"),
        (delete(StockEntry.__table__), "has no entries"),
    ],
)
def test_what_was_changed_past_the_ledger_is_named(place, change, said):
    company = make_company()
    balance = make_stock(make_sku(company), place, 9).balances[0]
    write(lambda on: reserving.reserve(balance, Decimal(4), For(company.id, "outbound", 1), on=on))
    sabotage(change)
    assert any(said in each for each in faults())


def test_the_command_names_what_differs_and_says_so_by_its_status(app, place):
    make_stock(make_sku(make_company(), code="TEA-1"), place, 9)
    run = app.test_cli_runner().invoke
    db.session.remove()
    assert run(args=["ledger", "verify"]).exit_code == 0
    sabotage(update(Balance.__table__).values(on_hand=10))
    found = run(args=["ledger", "verify"])
    assert found.exit_code == 1
    assert f"balance of TEA-1 at {place.code}, approved: 10, its entries say 9" in found.output


def test_stock_as_of_any_moment_is_what_there_was_then(place, time):
    sku = make_sku(make_company())
    make_stock(sku, place, 10)
    time.now += timedelta(hours=1)
    issue(sku, place, 4)
    assert there_was(sku, NOON - timedelta(seconds=1)) == []
    assert there_was(sku, NOON) == [(place.id, "approved", 10)]
    assert there_was(sku, NOON + timedelta(minutes=59)) == [(place.id, "approved", 10)]
    assert there_was(sku, time.now) == [(place.id, "approved", 6)]


def test_days_are_closed_once_and_leave_out_the_day_that_runs(place, time):
    sku = make_sku(make_company())
    make_stock(sku, place, 10)
    issue(sku, place, 4)
    time.now += timedelta(days=2)
    issue(sku, place, 1)
    assert snapshots.run() == 1
    assert snapshots.run() == 0
    time.now += timedelta(days=1)
    assert snapshots.run() == 1
    table = StockSnapshot.__table__
    rows = db.session.execute(
        select(table).order_by(table.c.until).execution_options(**scope.CENTRE)
    ).all()
    assert [(row.on_hand, row.came, row.went) for row in rows] == [(6, 10, 4), (5, 0, 1)]
    assert rows[0].until == datetime(2026, 11, 10, 16, tzinfo=UTC)
    days = db.session.execute(select(StockDay.__table__).execution_options(**scope.CENTRE)).all()
    assert [(str(row.day), row.on_hand) for row in days] == [("2026-11-10", 6), ("2026-11-12", 5)]
    assert faults() == []
    assert there_was(sku, NOON + timedelta(days=1)) == [(place.id, "approved", 6)]


def test_a_day_that_a_crash_left_half_done_is_finished(place, time):
    company = make_company()
    skus = [make_sku(company) for _ in range(3)]
    for sku in skus:
        make_stock(sku, place, 5)
    time.now += timedelta(days=1)
    day = NOON.astimezone(clock.zone()).date()
    write(lambda on: snapshots.take([skus[0].id], day, on))
    snapshots.run()
    assert faults() == []
    table = StockSnapshot.__table__
    kept = select(table.c.sku_id).order_by(table.c.sku_id).execution_options(**scope.CENTRE)
    assert db.session.scalars(kept).all() == [sku.id for sku in skus]


def test_a_wrong_snapshot_is_named(place, time):
    make_stock(make_sku(make_company(), code="TEA-2"), place, 5)
    time.now += timedelta(days=1)
    snapshots.run()
    sabotage(update(StockSnapshot.__table__).values(rows=[]))
    assert any("snapshot of TEA-2" in each for each in faults())


def test_what_lies_before_the_last_snapshot_is_not_read(place, time):
    sku = make_sku(make_company())
    for _day in range(30):
        for _ in range(5):
            make_stock(sku, place, 1)
        time.now += timedelta(days=1)
    snapshots.run()
    make_stock(sku, place, 1)

    with db.engine.connect() as on:
        last = history.LAST.all(on, {"sku": sku.id, "at": time.now})
        since = {"sku": sku.id, "since": last[0].until, "at": time.now}
        read = history.SINCE.all(on, since)
    assert len(read) == 1
    assert there_was(sku, time.now) == [(place.id, "approved", 151)]


def test_goods_that_come_back_by_a_correction_keep_their_age(place):
    company = make_company()
    sku = make_sku(company)
    make_stock(sku, place, 5, days_ago=40)
    gone = issue(sku, place, 5)
    write(lambda on: reverse(gone.id, company.id, by=None, note="not shipped", on=on))
    (row,) = balances(sku_id=sku.id)
    assert clock.now() - row.since > timedelta(days=39)
    assert faults() == []


def test_a_counter_entry_is_not_undone_itself(place):
    company = make_company()
    posted = make_stock(make_sku(company), place, 5)
    undone = write(lambda on: reverse(posted.id, company.id, by=None, note="twice", on=on))
    with pytest.raises(Refused, match="counter-entry"):
        write(lambda on: reverse(undone.id, company.id, by=None, note="oh", on=on))


def test_goods_that_have_gone_on_are_not_taken_back(place):
    company = make_company()
    sku = make_sku(company)
    posted = make_stock(sku, place, 5)
    issue(sku, place, 1)
    with pytest.raises(Refused):
        write(lambda on: reverse(posted.id, company.id, by=None, note="wrong", on=on))
    assert faults() == []


def test_a_movement_of_another_owner_is_not_found(place):
    posted = make_stock(make_sku(make_company()), place, 5)
    other = make_company().id
    with pytest.raises(NotFound):
        write(lambda on: reverse(posted.id, other, by=None, note="x", on=on))


def test_a_lot_of_other_goods_is_not_posted(place):
    company = make_company()
    sku, other = make_sku(company), make_sku(company)
    with pytest.raises(NotFound):
        make_stock(sku, place, 5, lot=make_lot(other))


def test_a_movement_between_two_warehouses_is_a_fault(place):
    elsewhere = make_location(make_warehouse())
    sku = make_sku(make_company())
    legs = [
        Leg(sku_id=sku.id, lot_id=make_lot(sku).id, location_id=at.id, quantity=Decimal(1))
        for at in (place, elsewhere)
    ]
    posting = Posting(
        kind="receive",
        company_id=sku.company_id,
        warehouse_id=place.warehouse_id,
        legs=legs,
        actor_id=None,
    )
    with pytest.raises(ValueError, match="one warehouse"):
        write(lambda on: post(posting, on=on))


@pytest.mark.parametrize("quantity", [0, -3])
def test_a_promise_of_nothing_or_less_is_a_fault(place, quantity):
    company = make_company()
    balance = make_stock(make_sku(company), place, 5).balances[0]
    line = For(company.id, "outbound", 1)
    with pytest.raises(ValueError, match="something"):
        write(lambda on: reserving.reserve(balance, Decimal(quantity), line, on=on))
    kept = write(lambda on: reserving.reserve(balance, Decimal(1), line, on=on))
    with pytest.raises(ValueError, match="something"):
        write(lambda on: reserving.release(kept, Decimal(quantity), company.id, on=on))
