"""Jobs that stopped: showing them, and having them run again."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.core.jobs import Job


def stopped_jobs(after: int | None, size: int) -> Sequence[Job]:
    """Return jobs that failed (parked, or waiting for another try), newest first.

    One more than ``size`` is asked for; ``after`` is the id of the last one shown.
    """
    wanted = (
        select(Job)
        .where(Job.error.is_not(None), Job.state.in_(("parked", "queued", "running")))
        .order_by(Job.id.desc())
        .limit(size + 1)
    )
    if after is not None:
        wanted = wanted.where(Job.id < after)
    return db.session.scalars(wanted).all()


def run_again(number: int) -> Job:
    """Queue a stopped job at once, with all of its tries.

    Raises NotFound for unknown ones, Refused for those that run or are done.
    """
    job = db.session.get(Job, number, with_for_update=True, populate_existing=True)
    if job is None:
        raise NotFound(_l("There is no such job."))
    if job.state not in ("parked", "queued"):
        raise Refused(_l("This job is running or done already."))
    job.state, job.attempts, job.due_at, job.ended_at = "queued", 0, clock.now(), None
    return job
