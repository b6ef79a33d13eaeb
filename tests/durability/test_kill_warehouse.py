"""kill -9 during receive, allocate and ship: nothing half done, nothing answered is lost."""

import json
import random
import subprocess
import sys

import pytest
from sqlalchemy import select

from portal.core.db import write
from portal.warehousing.ledger.models import WarehouseCommand
from portal.warehousing.ledger.queries import verifying
from portal.warehousing.ledger.service.commands import Command, once
from tests.durability.test_kill import ROOT, kill_one
from tests.durability.warehouse_writer import WORKER
from tests.factories import make_company
from tests.warehousing.making import make_location, make_lot, make_sku, make_warehouse

CYCLES = 100


@pytest.fixture
def master(app, db, tmp_path):
    warehouse, sku = make_warehouse(), make_sku(make_company())
    goods = {
        "company": sku.company_id,
        "warehouse_id": warehouse.id,
        "sku_id": sku.id,
        "lot_id": make_lot(sku).id,
        "location_id": make_location(warehouse).id,
        "stage": make_location(warehouse, "stage").id,
    }
    url = db.engine.url.render_as_string(hide_password=False)
    db.session.remove()
    module = "tests.durability.warehouse_writer"
    process = subprocess.Popen(
        [sys.executable, "-m", module, url, str(tmp_path), json.dumps(goods)],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.stdin.close()
    process.wait(10)
    process.stdout.close()


@pytest.mark.timeout(240)
def test_a_hundred_kills_leave_the_ledger_right_and_every_answer_true(master, app, db, tmp_path):
    answers, chance = tmp_path / "answers", random.Random(11)
    for _ in range(CYCLES):
        kill_one(master, answers, chance)
    said = [line.split() for line in answers.read_text().splitlines()]
    assert {name for name, *_ in said} == {"receive", "allocate", "ship"}
    db.session.remove()
    with db.engine.connect() as on:
        assert list(verifying.differences(on)) == []
    table = WarehouseCommand.__table__
    kept = {row.key: row.answer for row in db.session.execute(select(table))}
    db.session.rollback()
    assert all(str(kept[key]["id"]) == id_ for _, key, id_ in said)
    name, key, _id = said[-1]
    again = Command(key, name, {"name": name})
    assert write(lambda on: once(again, WORKER, dict, on=on))["repeated"]
