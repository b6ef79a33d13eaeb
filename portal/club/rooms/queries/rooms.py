"""Rooms as somebody may see them: which, how much is unread, who is there."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, func, or_, select

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.club.rooms.models import ClubPresence, ClubRoom, ClubRoomPerson, ClubRoomRead
from portal.club.rooms.rules import rooms as rules
from portal.core import clock
from portal.core.db import db, reading
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.forum.models import ForumProfile
from portal.forum.queries.spaces import reader_of

_ROOM, _READ, _HERE, _OWN, _PERSON, _PROFILE = (
    model.__table__
    for model in (ClubRoom, ClubRoomRead, ClubPresence, ClubRoomPerson, Person, ForumProfile)
)
_ROOMS = Prepared(
    select(_ROOM, func.coalesce(_READ.c.no, 0).label("read_no"))
    .outerjoin(_READ, and_(_READ.c.room_id == _ROOM.c.id, _READ.c.person_id == bindparam("person")))
    .order_by(_ROOM.c.position, _ROOM.c.id)
)
_SEEN = or_(_OWN.c.is_invisible.is_(None), _OWN.c.is_invisible.is_(False))
_BESIDE = _HERE.outerjoin(_OWN, _OWN.c.person_id == _HERE.c.person_id)
_PEOPLE = Prepared(
    select(_HERE.c.person_id, _PERSON.c.name, _PROFILE.c.handle)
    .distinct()
    .select_from(
        _BESIDE.join(_PERSON, _PERSON.c.id == _HERE.c.person_id).outerjoin(
            _PROFILE, _PROFILE.c.person_id == _HERE.c.person_id
        )
    )
    .where(_HERE.c.room_id == bindparam("room"), _HERE.c.until > bindparam("now"))
    .where(or_(_SEEN, _HERE.c.person_id == bindparam("person")))
    .order_by(_PERSON.c.name, _HERE.c.person_id)
)
_COUNTS = Prepared(
    select(_HERE.c.room_id, func.count(_HERE.c.person_id.distinct()).label("people"))
    .select_from(_BESIDE)
    .where(_HERE.c.until > bindparam("now"), _SEEN)
    .group_by(_HERE.c.room_id)
)
_MINE = Prepared(select(_OWN).where(_OWN.c.person_id == bindparam("person")))


def rooms_for(user: User) -> Sequence[Any]:
    """Return the rooms that somebody may be in, in their order, with ``read_no`` of his own."""
    reader = reader_of(user)
    found = _ROOMS.all(reading(), {"person": user.person_id})
    return [row for row in found if rules.may_read(row.readers, reader)]


def room_for(user: User, slug: str) -> Any:
    """Return a room that somebody may be in, with ``read_no``: how far he has read.

    Raises NotFound alike for what is missing and what is not for him.
    """
    for row in rooms_for(user):
        if row.slug == slug:
            return row
    raise NotFound(_l("There is no such room in the club."))


def people_in(user: User, room: Any) -> Sequence[Any]:
    """Return who is in a room now: person_id, name, handle. The invisible see only themselves."""
    values = {"room": room.id, "now": clock.now(), "person": user.person_id}
    return _PEOPLE.all(reading(), values)


def people_counts() -> Mapping[int, int]:
    """Return room id → how many people are there now, without those who want not to be seen."""
    found = _COUNTS.all(reading(), {"now": clock.now()})
    return {row.room_id: row.people for row in found}


def own_of(user: User) -> tuple[bool, int]:
    """Return whether somebody is invisible, and the number of his calendar's address."""
    found = _MINE.first(reading(), {"person": user.person_id})
    return (False, 0) if found is None else (bool(found.is_invisible), int(found.feed_version))


def room_at_desk(slug: str) -> Any:
    """Return a room for those who run it; raises NotFound."""
    found = db.session.execute(select(_ROOM).where(_ROOM.c.slug == slug)).first()
    if found is None:
        raise NotFound(_l("There is no such room in the club."))
    return found
