"""Many at once: the last pieces are promised once, and nobody waits for ever."""

import random
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal
from threading import Barrier

import pytest

from portal.core.db import db, write
from portal.core.errors import Refused
from portal.warehousing.ledger.queries import verifying
from portal.warehousing.ledger.rules import Leg, Posting
from portal.warehousing.ledger.service import reserving
from portal.warehousing.ledger.service.posting import post
from portal.warehousing.ledger.service.reserving import For
from portal.warehousing.sites.models import Warehouse
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
WORKERS, PIECES, ROUNDS = 40, 10, 200
ONE = Decimal(1)


@pytest.fixture
def crew(app):
    """Give workers who do the same thing at the same time, each in a thread of his own."""
    barrier = Barrier(WORKERS)
    db.session.rollback()

    def run(work):
        def alone(number):
            with app.app_context():
                barrier.wait(30)
                try:
                    return work(number)
                finally:
                    db.session.remove()

        return list(pool.map(alone, range(WORKERS)))

    with ThreadPoolExecutor(WORKERS) as pool:
        yield run


def faults():
    with db.engine.connect() as on:
        return list(verifying.differences(on))


@pytest.mark.timeout(240)
def test_forty_workers_are_promised_the_last_ten_pieces_and_not_one_more(app, crew):
    company, chance = make_company(), random.Random(5)
    place = make_location(make_warehouse())
    here = db.session.get(Warehouse, place.warehouse_id)
    places = [place, make_location(here), make_location(here)]
    owner = company.id
    db.session.rollback()
    for turn in range(ROUNDS):
        sku = make_sku(company)
        shares = [chance.randint(1, 4), chance.randint(1, 4)]
        shares.append(PIECES - sum(shares))
        found = [
            make_stock(sku, at, share).balances[0] for at, share in zip(places, shares, strict=True)
        ]
        orders = [chance.sample(found, 3) for _ in range(WORKERS)]

        def allocate(number, orders=orders, turn=turn):
            line = For(owner, "outbound", turn * WORKERS + number)

            def first_that_has_one(on):
                tries = (reserving.reserve(each, ONE, line, on=on) for each in orders[number])
                return next((made for made in tries if made is not None), None)

            return write(first_that_has_one)

        made = [each for each in crew(allocate) if each is not None]
        rows = balances(sku_id=sku.id)
        db.session.rollback()
        assert len(made) == PIECES
        assert [(row.on_hand, row.allocated) for row in rows] == [(s, s) for s in shares]
    assert faults() == []


def test_goods_that_go_to_and_fro_at_once_neither_multiply_nor_stop_each_other(app, crew):
    company = make_company()
    one = make_location(make_warehouse())
    two = make_location(db.session.get(Warehouse, one.warehouse_id))
    skus = [make_sku(company) for _ in range(2)]
    lots = {sku.id: make_lot(sku).id for sku in skus}
    for sku in skus:
        make_stock(sku, one, 30)
        make_stock(sku, two, 30)
    owner = company.id
    db.session.rollback()

    def to_and_fro(number):
        chance, done = random.Random(number), 0
        for _ in range(8):
            legs = []
            for sku in chance.sample(skus, 2):
                here, there = chance.sample((one, two), 2)
                goods = {"sku_id": sku.id, "lot_id": lots[sku.id]}
                legs += [
                    Leg(**goods, location_id=here.id, quantity=-ONE),
                    Leg(**goods, location_id=there.id, quantity=ONE),
                ]
            posting = Posting(
                kind="move",
                company_id=owner,
                warehouse_id=one.warehouse_id,
                legs=legs,
                actor_id=None,
            )
            try:
                write(lambda on, posting=posting: post(posting, on=on))
                done += 1
            except Refused:
                continue
        return done

    assert sum(crew(to_and_fro)) > 0
    for sku in skus:
        assert sum(row.on_hand for row in balances(sku_id=sku.id)) == 60
    db.session.rollback()
    assert faults() == []
