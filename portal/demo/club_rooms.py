"""The demo's rooms and question hours: what was said live in the last days, what was answered.

The words stand in ``club_rooms.json``: of a room who (a number: the first colleague of that member;
else a role of the staff), how many minutes ago, what; of an hour t title, x about, hosts, days from
today and hour of the day, seats, how many come, space, q questions (by, text, votes, who answered,
the answer).
"""

import json
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.accounts.access import User
from portal.club.rooms import founding
from portal.club.rooms.models import (
    ClubHour,
    ClubHourHost,
    ClubMessage,
    ClubQuestion,
    ClubQuestionVote,
    ClubRoom,
    ClubSeat,
)
from portal.club.rooms.service import archiving, talking
from portal.club.rooms.service.questions import as_who
from portal.core import clock
from portal.demo.club import members_of, staff_of
from portal.forum.models import ForumPost, ForumSpace, ForumTopic
from portal.forum.service import people
from portal.forum.service.writing import html_of

WORDS = Path(__file__).with_name("club_rooms.json")
LENGTH = timedelta(hours=1)
_H, _HOST, _SEAT, _Q, _VOTE, _M, _ROOM, _SPACE, _TOPIC, _POST = (
    model.__table__
    for model in (
        ClubHour,
        ClubHourHost,
        ClubSeat,
        ClubQuestion,
        ClubQuestionVote,
        ClubMessage,
        ClubRoom,
        ForumSpace,
        ForumTopic,
        ForumPost,
    )
)


def load(now: datetime, *, on: Connection) -> None:
    """Let people talk in the rooms, and hold one question hour; another is to come."""
    founding.found(now, on)
    told = json.loads(WORDS.read_text("utf-8"))
    house = _House(members_of(on), staff_of(on), on)
    for slug, said in told["rooms"].items():
        _talk(slug, said, house, now)
    for number, hour in enumerate(told["hours"], 1):
        _hold(hour, number, house, now)


class _House:
    """Who there is."""

    def __init__(self, members: list[User], staff: dict[str, User], on: Connection) -> None:
        self.members, self.staff, self.on = members, staff, on

    def who(self, said: str | int) -> User:
        """Return who speaks, known to the club."""
        if isinstance(said, int):
            user = self.members[said % len(self.members)]
        else:
            user = self.staff.get(said, next(iter(self.staff.values())))
        people.enter(user, on=self.on)
        return user


def _talk(slug: str, said: list[list[Any]], house: _House, now: datetime) -> None:
    on = house.on
    room = on.execute(select(_ROOM).where(_ROOM.c.slug == slug)).one()
    for who, minutes, text in said:
        no = talking.say(room, text, house.who(who), trust=1, form_name=None, on=on)
        at = now - timedelta(minutes=minutes)
        mine = (_M.c.room_id == room.id, _M.c.no == no)
        on.execute(update(_M).where(*mine).values(created_at=at))
        on.execute(update(_ROOM).where(_ROOM.c.id == room.id).values(last_at=at))


def _hold(told: dict[str, Any], number: int, house: _House, now: datetime) -> None:
    on = house.on
    hosts = [house.who(role) for role in told["hosts"]]
    day = now.astimezone(clock.zone()).date() + timedelta(days=told["days"])
    starts = datetime.combine(day, time(told["hour"]), tzinfo=clock.zone())
    row = _row(told, number, hosts[0], starts, now)
    row["space_id"] = on.scalar(select(_SPACE.c.id).where(_SPACE.c.slug == told["space"]))
    hour = on.execute(insert(_H).values(**row).returning(_H)).one()
    named = {host.person_id for host in hosts}
    on.execute(insert(_HOST), [{"hour_id": hour.id, "person_id": each} for each in named])
    _seat(hour, told, house)
    for no, question in enumerate(told["q"], 1):
        _ask(hour, no, question, house)
    if hour.state == "closed":
        archiving.archive(hour.ref, on=on)
        _date(hour, on)


def _row(
    told: dict[str, Any], number: int, by: User, starts: datetime, now: datetime
) -> dict[str, Any]:
    is_over = starts < now
    made = min(starts - timedelta(days=7), now - timedelta(days=2))
    return {
        "ref": f"QHDEM0{number:04}",
        "title": told["t"],
        "about": told["x"],
        "html": html_of(told["x"]),
        "starts_at": starts,
        "ends_at": starts + LENGTH,
        "seats": told["seats"],
        "taken": 0,
        "state": "closed" if is_over else "planned",
        "question_count": len(told["q"]),
        "created_by_id": by.person_id,
        "created_at": made,
        "changed_at": made,
        "opened_at": starts if is_over else None,
        "closed_at": starts + LENGTH if is_over else None,
        "reminded_at": starts - LENGTH if is_over else None,
    }


def _seat(hour: Any, told: dict[str, Any], house: _House) -> None:
    come = {house.who(number).person_id for number in range(told["come"])}
    rows = [
        {"hour_id": hour.id, "person_id": each, "wants_mail": True, "at": hour.created_at}
        for each in come
    ]
    house.on.execute(insert(_SEAT), rows)
    house.on.execute(update(_H).where(_H.c.id == hour.id).values(taken=len(rows)))


def _ask(hour: Any, no: int, told: list[Any], house: _House) -> None:
    who, text, votes, by, answer = told
    author = house.who(who)
    row = {"hour_id": hour.id, "no": no, "author_id": author.person_id, "as_who": as_who(author)}
    row |= {"text": text, "html": html_of(text), "state": "waiting"}
    row["created_at"] = hour.created_at + timedelta(hours=3 * no)
    if by is not None:
        host = house.who(by)
        row |= {"state": "answered", "answer": answer, "answer_html": html_of(answer)}
        row |= {"answered_by_id": host.person_id, "answered_as": as_who(host)}
        row["answered_at"] = hour.starts_at + timedelta(minutes=10 * no)
    known = {house.who(number).person_id for number in range(votes + 1)} - {author.person_id}
    voters = sorted(each for each in known if each is not None)[:votes]
    made = insert(_Q).values(**row, votes=len(voters)).returning(_Q.c.id)
    question_id = house.on.scalar(made)
    given = {"question_id": question_id, "at": row["created_at"]}
    if voters:
        house.on.execute(insert(_VOTE), [given | {"person_id": each} for each in voters])


def _date(hour: Any, on: Connection) -> None:
    """Let the topic have been made when the hour was over."""
    topic_id = on.scalar(select(_H.c.topic_id).where(_H.c.id == hour.id))
    at = hour.ends_at + timedelta(minutes=1)
    on.execute(update(_POST).where(_POST.c.topic_id == topic_id).values(created_at=at))
    mine = update(_TOPIC).where(_TOPIC.c.id == topic_id)
    on.execute(mine.values(created_at=at, last_post_at=at))
