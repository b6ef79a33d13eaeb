"""What happened is read from the log; what is due is done."""

import pytest
from sqlalchemy import select

from portal.core import readers
from portal.core.db import db, write
from portal.core.jobs import Job, run_once
from portal.notifications import queries, shown, upkeep
from portal.notifications.models import Notice
from portal.notifications.service import choosing
from workers import relay


@pytest.fixture
def told(app):
    """``told()`` lets people be told of what happened since, and mails what is due."""
    readers.run_once()

    def run():
        db.session.commit()
        relay.run_once()
        while readers.run_once():
            relay.run_once()
        upkeep.run()
        db.session.rollback()

    return run


@pytest.fixture
def say():
    """``say(user)`` returns what his page says."""

    def texts(user, *, only_unread=True):
        db.session.rollback()
        found = [
            shown.text_of(each) for each in queries.notices_for(user, only_unread=only_unread).items
        ]
        db.session.rollback()
        return found

    return texts


@pytest.fixture
def bell():
    """``bell(user)`` returns what his bell says."""

    def number(user):
        db.session.rollback()
        return queries.unread_of(user.person_id)

    return number


@pytest.fixture
def mails():
    """``mails(user)`` returns the mails owed to him, oldest first."""

    def owed(user):
        db.session.rollback()
        jobs = db.session.scalars(select(Job).where(Job.kind == "mail").order_by(Job.id)).all()
        return [job.payload for job in jobs if job.payload.get("to") == user.email]

    return owed


@pytest.fixture
def choose():
    """``choose(user, kind=channel)`` keeps how he wants to be told."""

    def keep(user, **wanted):
        db.session.commit()
        write(lambda on: choosing.choose(user.person_id, wanted, on=on))

    return keep


@pytest.fixture
def carry_out():
    """``carry_out()`` does the jobs that are due."""

    def work():
        while run_once():
            pass
        db.session.rollback()

    return work


@pytest.fixture
def rows():
    """``rows(user)`` returns his notices."""

    def found(user):
        db.session.rollback()
        mine = select(Notice.__table__).where(Notice.__table__.c.person_id == user.person_id)
        return db.session.execute(mine.order_by(Notice.__table__.c.id)).all()

    return found
