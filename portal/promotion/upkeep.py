"""What advertising needs now and then: campaigns follow the clock, old views are thinned."""

from datetime import timedelta

from sqlalchemy import delete, select

from portal.core import clock
from portal.core.db import changed, db, transaction
from portal.promotion.models import AdHit, Campaign
from portal.promotion.queries import roster
from portal.promotion.rules.states import State
from portal.promotion.service import campaigns

RAW_KEPT = timedelta(days=90)
_BY_CLOCK = (State.APPROVED.value, State.RUNNING.value, State.PAUSED.value)


def tidy() -> int:
    """Do both; return how many rows went or moved."""
    return _follow_clock() + _thin()


def _follow_clock() -> int:
    with transaction():
        wanted = select(Campaign).where(Campaign.state.in_(_BY_CLOCK)).with_for_update()
        moved = sum(campaigns.follow_clock(each) for each in db.session.scalars(wanted))
    if moved:
        roster.forget()
    return moved


def _thin() -> int:
    """Delete single views and clicks after RAW_KEPT; the totals of their days remain."""
    with transaction():
        return changed(delete(AdHit).where(AdHit.at < clock.now() - RAW_KEPT))
