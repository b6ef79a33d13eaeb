"""Pieces of work that wait for each other on PostgreSQL: one is broken off, and run again."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError

from portal.accounts.models import Company
from portal.core import db as core
from portal.core.db import TRIES, db, write
from tests.factories import make_company

TABLE = Company.__table__
BROKEN_OFF = "DO $$ BEGIN RAISE EXCEPTION 'crossed' USING ERRCODE = '{}'; END $$"


@pytest.fixture
def app(postgresql_app):
    """Return the application on PostgreSQL, where two may write at once."""
    return postgresql_app


def notes():
    rows = db.session.execute(select(TABLE.c.city).order_by(TABLE.c.id)).scalars().all()
    db.session.rollback()
    return list(rows)


def append(company, word, on):
    mine = update(TABLE).where(TABLE.c.id == company)
    on.execute(mine.values(city=TABLE.c.city + word))


def test_works_that_take_two_rows_the_other_way_round_are_both_done_once(app):
    one, two = make_company(city="").id, make_company(city="").id
    db.session.remove()
    meeting, runs = Barrier(2), []

    def crossing(rows):
        def work(on):
            runs.append(rows)
            on.execute(text("SET LOCAL deadlock_timeout = '20ms'"))
            append(rows[0], "+", on)
            if len(runs) <= 2:
                meeting.wait(10)  # now each holds what the other wants
            append(rows[1], "+", on)

        with app.app_context():
            write(work)
            db.session.remove()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(crossing, [(one, two), (two, one)]))
    assert 3 <= len(runs) <= 2 * TRIES  # at least one was broken off and done again
    assert notes() == ["++", "++"]


@pytest.mark.parametrize("code", ["40001", "40P01"])
def test_work_that_is_broken_off_again_and_again_is_given_up_and_nothing_remains(app, code):
    company, runs = make_company(city="").id, []

    def work(on):
        runs.append(company)
        append(company, "+", on)
        on.exec_driver_sql(BROKEN_OFF.format(code))

    with pytest.raises(DBAPIError):
        write(work)
    assert len(runs) == core.TRIES
    assert notes() == [""]


def test_work_that_fails_otherwise_is_not_run_again(app):
    company, runs = make_company(city="").id, []

    def work(on):
        runs.append(company)
        on.exec_driver_sql(BROKEN_OFF.format("23505"))

    with pytest.raises(IntegrityError):
        write(work)
    assert len(runs) == 1
