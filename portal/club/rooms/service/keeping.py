"""What was said in a room goes when its days are over; what waits for a decision stays."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, select

from portal.club.rooms.models import ClubMessage, ClubMessageFlag, ClubRoom
from portal.club.rooms.rules.rooms import forgotten_before
from portal.club.rooms.service import presence

STEP = 2000  # messages that go at once
_M, _FLAG, _ROOM = (model.__table__ for model in (ClubMessage, ClubMessageFlag, ClubRoom))


def forget(now: datetime, *, on: Connection) -> int:
    """Drop the messages whose time is over, at most STEP of a room; return how many rows went."""
    rooms = on.execute(select(_ROOM.c.id, _ROOM.c.kept_days)).all()
    return presence.forget(on=on) + sum(_forget(room, now, on) for room in rooms)


def _forget(room: Any, now: datetime, on: Connection) -> int:
    past = (
        _M.c.room_id == room.id,
        _M.c.created_at < forgotten_before(now, room.kept_days),
        _M.c.flagged == 0,
    )
    ids = list(on.scalars(select(_M.c.id).where(*past).order_by(_M.c.id).limit(STEP)))
    on.execute(delete(_FLAG).where(_FLAG.c.message_id.in_(ids)))
    return int(on.execute(delete(_M).where(_M.c.id.in_(ids))).rowcount)
