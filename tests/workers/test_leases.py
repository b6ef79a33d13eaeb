"""Leases: who works keeps his job, who died loses it soon, and who lost it says nothing more."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.core import clock, jobs
from portal.core.db import db, transaction
from portal.core.jobs import Job

pytestmark = pytest.mark.both_databases
TABLE = Job.__table__


@pytest.fixture
def handle(monkeypatch):
    """``handle(work)`` lets jobs of the kind ``letter`` be carried out by ``work(payload)``."""
    monkeypatch.setattr(jobs, "_handlers", {})
    monkeypatch.setattr(jobs, "_long", set())
    return lambda work: jobs.handles("letter", work)


def owe():
    with transaction():
        return jobs.owe("letter", {})


def job(job_id):
    db.session.rollback()
    return db.session.execute(select(TABLE).where(TABLE.c.id == job_id)).one()


def change(job_id, **values):
    with transaction():
        db.session.execute(update(TABLE).where(TABLE.c.id == job_id).values(**values))


def test_a_lease_is_renewed_as_long_as_the_job_is_worked_on(app, handle, monkeypatch):
    monkeypatch.setattr(jobs, "BEAT_S", 0.02)
    number, leases = owe(), []

    def work(_payload):
        leases.append(job(number).due_at)
        renewed = threading.Event()
        for _ in range(200):
            if job(number).due_at > leases[0]:
                break
            db.session.rollback()
            renewed.wait(0.02)
        leases.append(job(number).due_at)
        db.session.rollback()

    handle(work)
    assert jobs.run_once() == 1
    assert leases[1] > leases[0]
    assert job(number).state == "done"


def test_the_job_of_a_worker_that_died_is_taken_up_within_the_lease(app, handle):
    done = []
    handle(lambda payload: done.append(True))
    number = owe()
    assert jobs._claim(None).id == number  # and then the worker is killed
    assert jobs.run_once() == 0
    assert job(number).due_at <= clock.now() + timedelta(seconds=20)
    change(number, due_at=clock.now())
    assert jobs.run_once() == 1
    assert done == [True]
    assert (job(number).state, job(number).attempts) == ("done", 2)


def test_a_worker_that_lost_its_job_meanwhile_changes_it_no_more(app, handle):
    number = owe()

    def work(_payload):
        change(number, due_at=clock.now())
        assert jobs._claim(None).attempts == 2  # another worker has it now
        raise OSError("too late")

    handle(work)
    assert jobs.run_once() == 1
    assert (job(number).state, job(number).attempts, job(number).error) == ("running", 2, None)


def test_a_job_that_takes_every_worker_with_it_is_parked(app, handle):
    handle(lambda payload: None)
    number = owe()
    change(number, state="running", attempts=jobs.MAX_ATTEMPTS, due_at=clock.now())
    assert jobs.run_once() == 1
    assert (job(number).state, job(number).error) == ("parked", jobs.DIED)
