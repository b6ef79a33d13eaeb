"""Jobs: what is owed is carried out, again if need be, and nobody waits in the wrong lane."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.core import clock, jobs
from portal.core.db import db, transaction
from portal.core.jobs import Job, Lane
from workers import deliveries, imports

pytestmark = pytest.mark.both_databases


@pytest.fixture
def done(monkeypatch):
    """Return the names of the jobs carried out, of a quick and of a long kind."""
    names: list[str] = []
    monkeypatch.setattr(jobs, "_handlers", {})
    monkeypatch.setattr(jobs, "_long", set())
    jobs.handles("letter", lambda payload: names.append(payload["name"]))
    jobs.handles("harvest", lambda payload: names.append(payload["name"]), lane=Lane.LONG)
    return names


def owe(kind, name="it"):
    with transaction():
        return jobs.owe(kind, {"name": name})


def job(job_id):
    db.session.rollback()
    return db.session.execute(select(Job.__table__).where(Job.__table__.c.id == job_id)).one()


def test_a_quick_job_does_not_wait_behind_a_long_one(app, done):
    owe("harvest", "long")
    owe("letter", "quick")
    assert deliveries.run_once() == 1
    assert done == ["quick"]


def test_long_jobs_have_a_worker_of_their_own(app, done):
    owe("letter", "quick")
    owe("harvest", "long")
    assert imports.run_once() == 1
    assert imports.run_once() == 0
    assert done == ["long"]


def test_without_a_lane_the_oldest_job_comes_first(app, done):
    owe("harvest", "first")
    owe("letter", "second")
    assert jobs.run_once() + jobs.run_once() + jobs.run_once() == 2
    assert done == ["first", "second"]


def test_a_kind_that_nobody_handles_is_tried_and_named(app, done):
    unknown = owe("unheard of")
    assert deliveries.run_once() == 1
    assert (job(unknown).state, job(unknown).error) == ("queued", "KeyError")


def test_what_fails_waits_longer_and_is_parked_in_the_end(app, done, monkeypatch):
    def fail(payload):
        raise OSError("down")

    jobs.handles("letter", fail)
    owed = owe("letter")
    at = clock.now()
    for _ in range(jobs.MAX_ATTEMPTS):
        at += timedelta(hours=2)
        monkeypatch.setattr(clock, "now", lambda at=at: at)
        assert deliveries.run_once() == 1
    assert (job(owed).state, job(owed).attempts) == ("parked", jobs.MAX_ATTEMPTS)
    assert deliveries.run_once() == 0


def test_what_a_done_job_held_is_forgotten(app, done):
    number = owe("letter", "secret link")
    deliveries.run_once()
    assert (job(number).state, job(number).payload) == ("done", {})


def test_done_jobs_are_dropped_after_a_month_and_parked_ones_kept(app, done):
    _, parked = owe("letter"), owe("letter")
    deliveries.run_once()
    deliveries.run_once()
    rows = Job.__table__
    with transaction():
        db.session.execute(update(rows).values(ended_at=clock.now() - timedelta(days=31)))
        db.session.execute(update(rows).where(rows.c.id == parked).values(state="parked"))
    assert jobs.tidy() == 1
    assert job(parked).state == "parked"
