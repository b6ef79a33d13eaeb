"""What the worker does: draws raffles that have ended, gives points of cancelled ones back."""

from sqlalchemy import select

from portal.club.daily.models import Raffle
from portal.club.daily.service import raffles
from portal.core import clock
from portal.core.db import db, end_reading, write

ROUNDS = 50  # of giving back, in one run
_R = Raffle.__table__


def run() -> int:
    """Do what is due; return how many raffles were drawn."""
    due = select(_R.c.ref).where(_R.c.state == "published", _R.c.closes_at <= clock.now())
    refs = db.session.scalars(due.order_by(_R.c.closes_at, _R.c.id)).all()
    end_reading()
    drawn = sum(_drawn(ref) for ref in refs)
    for _round in range(ROUNDS):
        if write(lambda on: raffles.give_back(on=on)) < raffles.BACK_AT_ONCE:
            break
    return drawn


def _drawn(ref: str) -> bool:
    return write(lambda on: raffles.draw(ref, on=on))
