"""How soon the centre answers, from the counts that whoever answers has kept."""

from datetime import timedelta

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.enquiries import rules
from portal.enquiries.models import AnswerTime

_T = AnswerTime.__table__


def answer_time() -> tuple[int | None, int]:
    """Return the median of working minutes to the first answer within FIGURE_DAYS, and of how
    many answers; None below FEWEST.
    """
    since = clock.now().astimezone(clock.zone()).date() - timedelta(days=rules.FIGURE_DAYS)
    query = select(_T.c.minutes, func.sum(_T.c.count)).where(_T.c.on >= since)
    counts = {m: int(c) for m, c in db.session.execute(query.group_by(_T.c.minutes))}
    sample = sum(counts.values())
    return (rules.median(counts) if sample >= rules.FEWEST else None), sample
