"""How soon the centre answers, from the counts that whoever answers has kept."""

from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db
from portal.core.i18n import gettext as _
from portal.core.i18n import number
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


def measured() -> list[dict[str, Any]]:
    """Return the figure for the public pages; none while too few answers were given."""
    minutes, sample = answer_time()
    if minutes is None:
        return []
    return [
        {
            "key": "answer_time",
            "label": _("First answer to a message"),
            "value": number(minutes / 60, 1 if minutes % 60 else 0),
            "unit": _("working hours"),
            "sample": _("%(count)s answers", count=number(sample)),
            "period": _("last %(days)s days, half were faster", days=rules.FIGURE_DAYS),
            "promise": _("Promise: within 4 working hours"),
        }
    ]
