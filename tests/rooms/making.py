"""Rooms, messages and question hours with one call."""

from datetime import timedelta
from itertools import count
from typing import Any

from sqlalchemy import insert, select, update

from portal.accounts.access import User
from portal.club.rooms.models import ClubHour, ClubMessage, ClubQuestion, ClubRoom
from portal.club.rooms.service import hours, talking
from portal.club.rooms.service.hours import Plan
from portal.core import clock
from portal.core.db import AnyRow, db, end_reading, transaction, write
from portal.forum.models import ForumProfile
from portal.forum.service import people
from tests.factories import make_person, user_of
from tests.forum.making import make_space

serial = count(1)


def make_room(**values: Any) -> AnyRow:
    """Make a room that is open to everybody."""
    number = next(serial)
    usual = {
        "slug": f"room-{number}",
        "position": number + 100,
        "names": {"zh-Hans": f"聊天室 {number}", "en": f"Room {number}"},
        "abouts": {"zh-Hans": "聊聊", "en": "Talk"},
        "readers": ["*"],
        "writers": ["*"],
        "kept_days": 30,
        "last_no": 0,
        "created_at": clock.now(),
    }
    with transaction():
        made = insert(ClubRoom.__table__).values(**(usual | values))
        return db.session.execute(made.returning(*ClubRoom.__table__.c)).one()


def say(room: AnyRow, by: User, text: str = "三仓门口排了六台车。", **values: Any) -> int:
    """Say something in a room; return its number."""
    end_reading()
    given = {"trust": 1, "form_name": None} | values
    return write(lambda on: talking.say(room, text, by, **given, on=on))


def message_of(room: AnyRow, no: int) -> AnyRow:
    """Return a message as it is now."""
    table = ClubMessage.__table__
    query = select(table).where(table.c.room_id == room.id, table.c.no == no)
    return db.session.execute(query).one()


def age(room: AnyRow, no: int, by: timedelta) -> None:
    """Let a message have been sent earlier."""
    table = ClubMessage.__table__
    mine = (table.c.room_id == room.id, table.c.no == no)
    end_reading()
    write(lambda on: on.execute(update(table).where(*mine).values(created_at=clock.now() - by)))


def make_staff(role: str = "moderator") -> User:
    """Make somebody of the centre who has entered the club."""
    user = user_of(make_person(staff_role=role))
    end_reading()
    write(lambda on: people.enter(user, on=on))
    return user


def trust(person_id: int, level: int) -> None:
    """Give somebody trust."""
    table = ForumProfile.__table__
    mine = update(table).where(table.c.person_id == person_id)
    end_reading()
    write(lambda on: on.execute(mine.values(trust=level)))


def plan_of(host: User, **values: Any) -> Plan:
    """Return a plan of an hour tomorrow."""
    starts = values.pop("starts_at", clock.now() + timedelta(days=1))
    space = values.pop("space", None) or make_space()
    usual: dict[str, Any] = {
        "title": "冷链旺季答疑",
        "about": "冰板、温度记录、晚点怎么办。",
        "starts_at": starts,
        "ends_at": starts + timedelta(hours=1),
        "seats": 30,
        "host_ids": (host.person_id,),
        "space_id": space.id,
    }
    return Plan(**(usual | values))


def make_hour(host: User, **values: Any) -> AnyRow:
    """Plan an hour; return its row."""
    form_name = values.pop("form_name", None)
    wanted = plan_of(host, **values)
    end_reading()
    ref = write(lambda on: hours.plan(wanted, host, form_name=form_name, on=on))
    return hour_now(ref)


def hour_now(ref: str) -> AnyRow:
    """Return an hour as it is now."""
    table = ClubHour.__table__
    end_reading()
    return db.session.execute(select(table).where(table.c.ref == ref)).one()


def hour_on(hour: AnyRow, **values: Any) -> AnyRow:
    """Let an hour have other columns; return its row."""
    table = ClubHour.__table__
    end_reading()
    write(lambda on: on.execute(update(table).where(table.c.id == hour.id).values(**values)))
    return hour_now(hour.ref)


def question_of(hour: AnyRow, no: int) -> AnyRow:
    """Return a question as it is now."""
    table = ClubQuestion.__table__
    end_reading()
    query = select(table).where(table.c.hour_id == hour.id, table.c.no == no)
    return db.session.execute(query).one()
