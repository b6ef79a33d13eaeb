"""Rooms are made, edited, closed and opened at the desk; people choose how they are in them."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.accounts.access import User
from portal.club.rooms.events import RoomChanged
from portal.club.rooms.models import ClubRoom, ClubRoomPerson, ClubRoomRead
from portal.club.rooms.rules import rooms as rules
from portal.core import clock, events
from portal.core.db import is_sqlite
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

_ROOM, _PERSON, _READ = (model.__table__ for model in (ClubRoom, ClubRoomPerson, ClubRoomRead))


def new(table: Any, on: Connection) -> Any:
    """Return an insert of this database's kind: it may meet a row that is there."""
    return (sqlite_insert if is_sqlite(on) else postgresql_insert)(table)


def make(slug: str, said: Mapping[str, Any], by: User, *, on: Connection) -> None:
    """Make a room, the last in the list. Raises Refused for an address that is taken.

    ``said``: names, abouts, readers, writers, kept_days. Records RoomChanged.
    """
    rules.check_slug(slug)
    if on.scalar(select(_ROOM.c.id).where(_ROOM.c.slug == slug)) is not None:
        raise Refused(_l("There is a room with this address. Choose another."))
    last = on.scalar(select(func.coalesce(func.max(_ROOM.c.position), 0))) or 0
    row = {"slug": slug, "position": last + 1, "last_no": 0, "created_at": clock.now()}
    on.execute(insert(_ROOM).values(**row, **said))
    _tell(slug, "made", by, on)


def edit(room: Any, said: Mapping[str, Any], by: User, *, on: Connection) -> None:
    """Let a room have other names, people or days. Records RoomChanged."""
    on.execute(update(_ROOM).where(_ROOM.c.id == room.id).values(**said))
    _tell(room.slug, "edited", by, on)


def set_closed(room: Any, closed: bool, by: User, *, on: Connection) -> None:
    """Close a room, or open it again; nothing happens where it is so. Records RoomChanged."""
    is_open = _ROOM.c.closed_at.is_(None)
    change = update(_ROOM).where(_ROOM.c.id == room.id, is_open if closed else ~is_open)
    done = change.values(closed_at=clock.now() if closed else None).returning(_ROOM.c.id)
    if on.execute(done).first() is not None:
        _tell(room.slug, "closed" if closed else "opened", by, on)


def _tell(slug: str, what: str, by: User, on: Connection) -> None:
    events.record(RoomChanged(actor_id=by.person_id, ref=slug, what=what), on=on)


def mark(room_id: int, no: int, person_id: int, *, on: Connection) -> None:
    """Note that a person has read a room up to the message ``no``; never back."""
    row = {"person_id": person_id, "room_id": room_id, "no": no, "at": clock.now()}
    known = ["person_id", "room_id"]
    newer = {"no": no, "at": row["at"]}
    adding = new(_READ, on).values(**row)
    on.execute(
        adding.on_conflict_do_update(index_elements=known, set_=newer, where=_READ.c.no < no)
    )


def set_invisible(person_id: int, invisible: bool, *, on: Connection) -> None:
    """Let somebody stand in no list of who is here, or stand there again."""
    _set(person_id, {"is_invisible": invisible}, on)


def renew_feed(person_id: int, version: int, *, on: Connection) -> None:
    """Give somebody's calendar another address, number ``version``."""
    _set(person_id, {"feed_version": version}, on)


def _set(person_id: int, values: dict[str, Any], on: Connection) -> None:
    row = {"person_id": person_id, "is_invisible": False, "feed_version": 0} | values
    adding = new(_PERSON, on).values(**row)
    on.execute(adding.on_conflict_do_update(index_elements=["person_id"], set_=values))
