"""The check of each night: once a night, as a job, what it finds shown at the desk."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from sqlalchemy import select, text

from portal.core import jobs
from portal.core.db import db, transaction
from portal.core.jobs import Job
from portal.live import nightly
from portal.live.models import LogCheck
from tests.factories import make_consignment, make_person
from workers import housekeeping, relay

NIGHT = datetime(2026, 11, 22, 19, 30, tzinfo=UTC)  # half past three in Hangzhou
DAY = NIGHT + timedelta(hours=8)


def owed() -> int:
    db.session.remove()
    query = select(Job.id).where(Job.kind == nightly.KIND, Job.state == "queued")
    return len(db.session.scalars(query).all())


def test_by_day_nothing_is_owed(app):
    with time_machine.travel(DAY):
        housekeeping.run_once()
    assert owed() == 0


def test_a_check_is_owed_once_a_night(app):
    with time_machine.travel(NIGHT):
        housekeeping.run_once()
        housekeeping.run_once()
        assert owed() == 1
        assert jobs.run_once() == 1
        housekeeping.run_once()
    assert owed() == 0
    with time_machine.travel(NIGHT + timedelta(days=1)):
        housekeeping.run_once()
    assert owed() == 1


@pytest.fixture
def altered(app):
    """Alter an event that was chained, and let a night come."""
    with time_machine.travel(NIGHT - timedelta(hours=2), tick=False):
        make_consignment()
        relay.run_once()
        with transaction():
            db.session.execute(text("UPDATE event SET actor_id = 7"))
    db.session.remove()


def test_what_it_finds_is_kept_and_shown_at_the_desk(altered, as_user):
    with time_machine.travel(NIGHT):
        housekeeping.run_once()
        jobs.run_once()
        db.session.remove()
        assert "Position 1" in db.session.scalar(select(LogCheck.finding))
        page = as_user(make_person(staff_role="admin")).get("/desk/admin/jobs/")
    assert "HistoryAltered" in page.text
