"""Idempotency keys: what was sent twice happens once, even where the first died."""

from datetime import timedelta

import psycopg
import pytest
import time_machine
from sqlalchemy import func, select, update

from portal.consignments.models import Consignment
from portal.consignments.service import locating
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


@pytest.fixture
def dying(app, db, monkeypatch):
    """``dying(after=True)`` lets the connection die over the next COMMIT that holds an order."""

    def die(*, after):
        dialect, once = type(db.engine.dialect), ["once"]
        commit = dialect.do_commit

        def lost(self, connection):
            raw = connection.dbapi_connection
            if not once or not has_order(raw):
                return commit(self, connection)
            once.clear()
            if after:
                commit(self, connection)
            raw.close()
            raise psycopg.OperationalError("server closed the connection unexpectedly")

        monkeypatch.setattr(dialect, "do_commit", lost)

    return die


def has_order(connection):
    """Return whether an open transaction has written an order."""
    if connection.info.transaction_status != psycopg.pq.TransactionStatus.INTRANS:
        return False
    count = "SELECT count(*) FROM consignment WHERE xmin = pg_current_xact_id()::xid"
    return connection.execute(count).fetchone()[0] > 0


@pytest.mark.parametrize("app", ["postgresql"], indirect=True)
@pytest.mark.parametrize("after", [True, False], ids=["was committed", "was not"])
def test_a_commit_in_doubt_is_never_done_twice(app, db, with_key, dying, after):
    company = make_company()
    program = with_key(make_key(make_colleague(company), company))
    body = order()
    dying(after=after)
    first = program.post("/api/v1/consignments", body, headers=KEY)
    assert first.status_code >= 500
    assert consignments(db) == int(after)
    db.session.rollback()
    again = program.post("/api/v1/consignments", body, headers=KEY)
    assert again.status_code == 409
    with time_machine.travel(clock.now() + timedelta(minutes=10), tick=True):
        again = program.post("/api/v1/consignments", body, headers=KEY)
    assert "Look whether it was carried out" in again.json["detail"]
    assert consignments(db) == int(after)


@pytest.mark.both_databases
def test_a_request_that_was_surely_undone_may_be_sent_again(app, db, with_key, monkeypatch):
    company = make_company()
    program = with_key(make_key(make_colleague(company), company))
    body = order()
    with monkeypatch.context() as broken:
        broken.setattr(locating, "ask_online", lambda *_a, **_k: 1 / 0)
        broken.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
        broken.setattr(app, "testing", False)
        assert program.post("/api/v1/consignments", body, headers=KEY).status_code == 500
    assert program.post("/api/v1/consignments", body, headers=KEY).status_code == 201
    assert consignments(db) == 1


def test_a_key_is_free_again_after_a_day(app, db, with_key):
    company = make_company()
    program = with_key(make_key(make_colleague(company), company))
    program.post("/api/v1/consignments", order(), headers=KEY)
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=True):
        assert idempotency.tidy() == 1
