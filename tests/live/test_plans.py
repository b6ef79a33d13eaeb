"""How databases carry out what the stream asks all the time: along an index, without sorting."""

from contextlib import contextmanager

import pytest
from sqlalchemy import event, insert, text

from portal.core import clock, jobs, prepared
from portal.core.db import is_sqlite, transaction
from portal.core.jobs import Job, Lane
from portal.live import log, sockets
from tests.factories import make_company, make_consignment, push
from workers import housekeeping

pytestmark = pytest.mark.both_databases
OLD = 20_000  # events and entries of the past
SORTS = ("USE TEMP B-TREE", "Sort")
OF_ALL = text(
    "INSERT INTO stream_entry (topic, position, event_id) "
    "SELECT 'board', position, id FROM event WHERE position > :first"
)
OF_FEW = text(
    "INSERT INTO stream_entry (topic, position, event_id) "
    "SELECT 'company:' || (position % 200), position, id FROM event WHERE position > :first"
)
READS_ALL = ("Seq Scan on event", "Seq Scan on stream_entry", "SCAN event", "SCAN stream_entry")


@pytest.fixture
def no(app, db, relayed):
    """Return a consignment beside a long history, of which the database has counted the rows."""
    number = make_consignment(make_company()).no
    push(number, "note")
    relayed()
    with transaction():
        _past(db, log.head().position)
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    return number


def _past(db, first):
    """Copy one event many times into the past of the log."""
    db.session.execute(
        text(
            "INSERT INTO event (name, company_id, about, payload, recorded_at, position) "
            "SELECT e.name, e.company_id, e.about, e.payload, e.recorded_at, :first + n.n "
            "FROM (SELECT * FROM event ORDER BY id DESC LIMIT 1) AS e, "
            "(WITH RECURSIVE n(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < :old) "
            "SELECT n FROM n) AS n"
        ),
        {"first": first, "old": OLD},
    )
    for entries in (OF_ALL, OF_FEW):
        db.session.execute(entries, {"first": first})
    db.session.execute(text("UPDATE log_head SET position = :last"), {"last": first + OLD})


@contextmanager
def seen(db):
    """Note each statement; give their plans afterwards."""
    noted, plans = [], []

    def note(_connection, _cursor, statement, parameters, _context, executemany):
        if statement.startswith(("SELECT", "UPDATE", "DELETE", "WITH")):
            noted.append((statement, parameters[0] if executemany else parameters))

    def hear(_connection, statement, values):
        note(None, None, statement, tuple(values), None, False)

    prepared.heard.append(hear)
    event.listen(db.engine, "before_cursor_execute", note)
    try:
        yield plans
    finally:
        prepared.heard.remove(hear)
        event.remove(db.engine, "before_cursor_execute", note)
    db.session.rollback()
    connection = db.session.connection()
    explain = "EXPLAIN QUERY PLAN " if is_sqlite(connection) else "EXPLAIN "
    for statement, values in noted:
        rows = connection.exec_driver_sql(explain + statement, values)
        plans.append((statement, [row[-1] for row in rows]))


def faults(plans, *, may_sort=""):
    """Return the lines of plans that read all of the past, or sort without a bound."""
    return [
        (statement, line)
        for statement, plan in plans
        for line in plan
        if any(bad in line for bad in READS_ALL)
        or (any(bad in line for bad in SORTS) and not (may_sort and may_sort in statement))
    ]


def test_relaying_and_telling_what_is_new(no, db, relayed):
    """PostgreSQL may sort what was found to be new: at most a batch."""
    sockets.followers.position = log.head().position
    with seen(db) as plans:
        for _ in range(3):
            push(no, "note")
        assert relayed() == 3
    assert any("event.position >" in statement for statement, _ in plans)
    assert faults(plans, may_sort="position IS NULL") == []


def test_finding_that_nothing_is_new(no, db, relayed):
    relayed()
    with seen(db) as plans:
        assert relayed() == 0
    assert plans
    assert faults(plans) == []


def test_what_a_follower_of_much_missed(no, db, relayed):
    relayed()
    head = log.head().position
    with seen(db) as plans:
        assert len(log.missed("board", head - OLD, head)) == log.MOST_MISSED + 1
        assert log.missed("board", head - 100, head)
        assert len(log.since(head - OLD // 2)) == log.BATCH
    assert faults(plans) == []


def test_what_a_follower_of_little_missed(no, db, relayed):
    """PostgreSQL may sort the few of a topic that has few."""
    relayed()
    with seen(db) as plans:
        assert len(log.missed("company:7", 0, log.head().position)) == OLD // 200
    assert faults(plans, may_sort="stream_entry") == []


def test_shortening_what_is_kept(no, db, relayed):
    relayed()
    with seen(db) as plans:
        housekeeping._shorten_stream()
        log.forget(log.head().floor + 10)
    assert faults(plans) == []


def test_finding_a_job_that_is_due_beside_many_that_are_done(app, db):
    at = clock.now()
    done = {"kind": "mail", "payload": {}, "state": "done", "attempts": 1}
    with transaction():
        rows = [{**done, "due_at": at, "created_at": at} for _ in range(OLD)]
        db.session.execute(insert(Job.__table__), rows)
        jobs.owe("mail", {})
    with db.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")
    with seen(db) as plans:
        assert jobs._claim(Lane.QUICK) is not None
    lines = [line for _, plan in plans for line in plan]
    assert any("ix_job_due" in line for line in lines)
    assert [line for line in lines if "Seq Scan on job" in line or line == "SCAN job"] == []
