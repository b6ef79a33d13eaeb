"""Idempotency keys: what was sent twice happens once, even where the first died."""

from datetime import timedelta

import time_machine
from sqlalchemy import func, select, update

from portal.consignments.models import Consignment
from portal.core import clock, idempotency, scope
from portal.core.db import transaction
from portal.core.idempotency import IdempotencyKey
from tests.api.bodies import order
from tests.factories import make_colleague, make_company, make_key

KEY = {"Idempotency-Key": "k-1"}


def consignments(db) -> int:
    return db.session.scalar(
        select(func.count()).select_from(Consignment).execution_options(**scope.CENTRE)
    )


def test_a_request_that_died_without_an_answer_is_never_done_again_unseen(app, db, with_key):
    company = make_company()
    program = with_key(make_key(make_colleague(company), company))
    body = order()
    assert program.post("/api/v1/consignments", body, headers=KEY).status_code == 201
    with transaction():  # as if the process had died between the work and the answer
        db.session.execute(update(IdempotencyKey).values(status=None, body=None))
    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=True):
        assert idempotency.tidy() == 0
        again = program.post("/api/v1/consignments", body, headers=KEY)
    assert again.status_code == 409
    assert "Look whether it was carried out" in again.json["detail"]
    assert consignments(db) == 1


def test_a_key_is_free_again_after_a_day(app, db, with_key):
    company = make_company()
    program = with_key(make_key(make_colleague(company), company))
    program.post("/api/v1/consignments", order(), headers=KEY)
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=True):
        assert idempotency.tidy() == 1
