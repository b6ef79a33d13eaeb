"""Days that differ from the week; the clocks that run are set anew when one is entered."""

from datetime import date

from sqlalchemy import Connection, delete, insert, select, update

from portal.accounts.access import User
from portal.core import clock, events, scope, working
from portal.core.errors import Invalid, NotFound
from portal.core.i18n import lazy as _l
from portal.enquiries.events import ClosedDayChanged
from portal.enquiries.models import Message

_D, _M = working.ClosedDay.__table__, Message.__table__


def enter(day: date, name: str, works_like: int | None, *, by: User, on: Connection) -> None:
    """Enter a closed day, or one that is worked like a weekday (Monday 0).

    Raises Invalid for a day that is entered already. Records ClosedDayChanged.
    """
    if on.scalar(select(_D.c.on).where(_D.c.on == day)) is not None:
        raise Invalid(_l("This day is entered already. Take it out first."))
    row = {"on": day, "name": name, "works_like": works_like, "created_at": clock.now()}
    on.execute(insert(_D).values(**row))
    _renew_clocks(on)
    _record(day, True, works_like, by, on)


def take_out(day: date, *, by: User, on: Connection) -> None:
    """Let a day be like any other of its kind. Raises NotFound. Records ClosedDayChanged."""
    if on.execute(delete(_D).where(_D.c.on == day)).rowcount == 0:
        raise NotFound(_l("This day is not entered."))
    _renew_clocks(on)
    _record(day, False, None, by, on)


def _record(day: date, is_entered: bool, works_like: int | None, by: User, on: Connection) -> None:
    changed = ClosedDayChanged(
        actor_id=by.person_id,
        company_id=None,
        on=day.isoformat(),
        is_entered=is_entered,
        works_like=works_like,
    )
    events.record(changed, on=on)


def _renew_clocks(on: Connection) -> None:
    """Set when answers are due by the calendar as it is now."""
    hours = working.hours()
    waiting = select(_M.c.id, _M.c.asked_at).where(_M.c.due_at.is_not(None))
    for row in on.execute(waiting.execution_options(**scope.CENTRE)).all():
        due = hours.due(row.asked_at, working=working.FIRST_ANSWER)
        changed = update(_M).where(_M.c.id == row.id).values(due_at=due)
        on.execute(changed.execution_options(**scope.CENTRE))
