"""Each night what was chained since the last one is checked; a finding stands at the desk's jobs.

It runs as a job: a failed one is tried again, then parked, and both are shown.
"""

from datetime import timedelta
from typing import Any

import structlog
from sqlalchemy import select

from portal.core import clock, jobs
from portal.core.db import db, transaction
from portal.core.jobs import Job, Lane
from portal.live.models import LogCheck
from portal.live.verification import check_what_is_new, sentence

KIND = "log.check"
NIGHT = range(2, 5)  # hours by the centre's clock
PAUSE = timedelta(hours=20)
log = structlog.get_logger()


def owe() -> int:
    """Owe tonight's check, once; return how many checks were owed."""
    if clock.now().astimezone(clock.zone()).hour not in NIGHT or not _is_due():
        db.session.rollback()
        return 0
    with transaction():
        jobs.owe(KIND, {})
    return 1


def _is_due() -> bool:
    last = db.session.scalar(select(LogCheck.checked_at))
    if last is not None and clock.now() - last < PAUSE:
        return False
    waiting = select(Job.id).where(Job.kind == KIND, Job.state.in_(("queued", "running")))
    return db.session.scalar(waiting) is None


def handle(_payload: dict[str, Any]) -> None:
    """Carry out a check. Raises HistoryAltered, so that people at the desk see it."""
    outcome = check_what_is_new(lambda _: clock.breathe())
    if outcome.broken is None:
        return
    log.error("log.altered", position=outcome.broken.position, finding=sentence(outcome.broken))
    raise outcome.broken


jobs.handles(KIND, handle, lane=Lane.LONG)
