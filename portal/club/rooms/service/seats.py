"""Seats of a question hour: never more are taken than there are."""

from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from portal.accounts.access import User
from portal.club.rooms.events import SeatTaken
from portal.club.rooms.models import ClubHour, ClubSeat
from portal.club.rooms.rules import hours as rules
from portal.club.rooms.service.hours import locked
from portal.core import clock, events
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

_H, _SEAT = ClubHour.__table__, ClubSeat.__table__


def take(hour: Any, by: User, *, mail: bool, on: Connection) -> None:
    """Sign up for an hour; whoever has a seat keeps it. Raises Refused where none is left.

    ``mail``: he is told of the start and of changes. Records SeatTaken.
    """
    now = locked(hour, on)
    if not rules.takes_seats(now.state, now.ends_at, clock.now()):
        raise Refused(_l("One can no longer sign up for this hour."))
    if on.scalar(select(_SEAT.c.hour_id).where(*_mine(now, by.person_id))) is not None:
        on.execute(update(_SEAT).where(*_mine(now, by.person_id)).values(wants_mail=mail))
        return
    free = update(_H).where(_H.c.id == now.id, _H.c.taken < _H.c.seats)
    taken = on.scalar(free.values(taken=_H.c.taken + 1).returning(_H.c.taken))
    if taken is None:
        raise Refused(_l("All seats are taken. Somebody may leave his: look again later."))
    row = {"hour_id": now.id, "person_id": by.person_id, "wants_mail": mail, "at": clock.now()}
    on.execute(insert(_SEAT).values(**row))
    _tell(now, by, int(taken), left=False, on=on)


def leave(hour: Any, by: User, *, on: Connection) -> None:
    """Leave one's seat to somebody else. Records SeatTaken."""
    now = locked(hour, on)
    if not rules.takes_questions(now.state):
        raise Refused(_l("This hour is over."))
    gone = delete(_SEAT).where(*_mine(now, by.person_id)).returning(_SEAT.c.hour_id)
    if on.execute(gone).first() is None:
        return
    fewer = update(_H).where(_H.c.id == now.id).values(taken=_H.c.taken - 1)
    _tell(now, by, int(on.scalar(fewer.returning(_H.c.taken)) or 0), left=True, on=on)


def stop_mails(hour_id: int, person_id: int, *, on: Connection) -> None:
    """Send somebody no more mails about an hour; he keeps his seat."""
    mine = (_SEAT.c.hour_id == hour_id, _SEAT.c.person_id == person_id)
    on.execute(update(_SEAT).where(*mine).values(wants_mail=False))


def _mine(hour: Any, person_id: int | None) -> tuple[Any, Any]:
    return _SEAT.c.hour_id == hour.id, _SEAT.c.person_id == person_id


def _tell(hour: Any, by: User, taken: int, *, left: bool, on: Connection) -> None:
    told = {"ref": hour.ref, "taken": taken, "left": left}
    events.record(SeatTaken(actor_id=by.person_id, company_id=by.company_id, **told), on=on)
