"""The demo's club: what members and staff said to each other in the last weeks.

The words stand in ``club.json``: s space, d days ago, by who began it (a number: the first
colleague of that member; else a role of the staff), t title, x text, tags, ok the accepted answer,
st the status of a suggestion, pin; a replies (by, h hours later, x, r the post it answers, u who
found it useful).
"""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, select, update

from portal.accounts.access import User
from portal.accounts.models import Company, Membership, Person
from portal.accounts.roles import rights_of
from portal.forum import founding
from portal.forum.models import ForumPost, ForumProfile, ForumSpace, ForumTopic
from portal.forum.service import holding, people, reading, reporting, writing
from portal.forum.service.writing import Written

WORDS = Path(__file__).with_name("club.json")
_TITLE = "新人报到：请教易碎品外箱"
_FIRST = "我们做陶瓷摆件，刚入会。请问外箱用五层瓦楞加珍珠棉够吗？要不要打木架？"
_SPACE, _TOPIC, _POST, _PROFILE = (
    model.__table__ for model in (ForumSpace, ForumTopic, ForumPost, ForumProfile)
)


def load(now: datetime, *, on: Connection) -> None:
    """Write the topics and replies; every word has its day."""
    founding.found(on)
    members, staff = members_of(on), staff_of(on)
    for told in json.loads(WORDS.read_text("utf-8")):
        _Told(told, members, staff, now, on).tell()
    _left_to_do(members, on)
    first = now - timedelta(days=60)
    on.execute(update(_PROFILE).values(created_at=first, read_before=first, days_seen=20))
    read = {"topics_read": 14, "posts_read": 60, "trust": 1}  # at home by trust.LEVELS
    on.execute(update(_PROFILE).where(_PROFILE.c.posts_written > 0).values(**read))


def _left_to_do(members: list[User], on: Connection) -> None:
    """Leave the moderators something to decide: a first text, and a report."""
    newcomer, reporter = members[3 % len(members)], members[2 % len(members)]
    people.enter(newcomer, on=on)
    space = on.execute(select(_SPACE).where(_SPACE.c.slug == "packing")).one()
    holding.hold(space, None, Written(text=_FIRST), newcomer, title=_TITLE, tags=["包装"], on=on)
    topic = on.execute(select(_TOPIC).where(_TOPIC.c.title.like("二号库%"))).one()
    post = on.execute(select(_POST).where(_POST.c.topic_id == topic.id, _POST.c.no == 2)).one()
    reporting.report(topic, post, reporter, reason="elsewhere", text="价格请私下谈", trust=1, on=on)


def members_of(on: Connection) -> list[User]:
    """Return the first colleague of each of the first companies that are members."""
    rows = on.execute(
        select(Person.id, Person.name, Person.email, Membership.role, Membership.company_id)
        .add_columns(Company.name.label("company"), Company.ref)
        .join_from(Membership, Person, Person.id == Membership.person_id)
        .join(Company, Company.id == Membership.company_id)
        .where(Membership.role.in_(("owner", "operations")))
        .order_by(Membership.id)
    ).all()
    first: dict[int, User] = {}
    for row in rows:
        if row.company_id not in first and row.id not in {
            each.person_id for each in first.values()
        }:
            first[row.company_id] = User(
                person_id=row.id,
                name=row.name,
                email=row.email,
                company_id=row.company_id,
                company_ref=row.ref,
                company_name=row.company,
                role=row.role,
                rights=rights_of(row.role, None),
            )
    return list(first.values())


def staff_of(on: Connection) -> dict[str, User]:
    """Return role → who of the centre has it."""
    rows = on.execute(
        select(Person.id, Person.name, Person.email, Person.staff_role)
        .where(Person.staff_role.is_not(None))
        .order_by(Person.id.desc())
    )
    return {
        row.staff_role: User(
            person_id=row.id,
            name=row.name,
            email=row.email,
            staff_role=row.staff_role,
            rights=rights_of(None, row.staff_role),
        )
        for row in rows
    }


class _Told:
    """One topic that is told as it happened."""

    def __init__(
        self,
        told: dict[str, Any],
        members: list[User],
        staff: dict[str, User],
        now: datetime,
        on: Connection,
    ) -> None:
        self.told, self.members, self.staff, self.on = told, members, staff, on
        self.begun_at = now - timedelta(days=told["d"])
        self.latest = now - timedelta(minutes=20)

    def who(self, said: str | int) -> User:
        """Return who speaks, known to the club."""
        user = (
            self.staff.get(said, next(iter(self.staff.values())))
            if isinstance(said, str)
            else self.members[said % len(self.members)]
        )
        people.enter(user, on=self.on)
        return user

    def tell(self) -> None:
        """Begin the topic, let everybody reply, settle what became of it."""
        told, on = self.told, self.on
        space = on.execute(select(_SPACE).where(_SPACE.c.slug == told["s"])).one()
        written = Written(text=told["x"])
        topic = writing.begin(
            space, written, self.who(told["by"]), title=told["t"], tags=told["tags"], on=on
        )
        at = self.begun_at
        self._date(topic.id, 1, at)
        for reply in told["a"]:
            at = min(self.begun_at + timedelta(hours=reply["h"]), self.latest)
            self._reply(topic, reply, at)
        changes = {
            "accepted_no": told["ok"],
            "pinned": told.get("pin", 0),
            "suggestion": told.get("st", topic.suggestion),
            "created_at": self.begun_at,
            "last_post_at": at,
        }
        on.execute(update(_TOPIC).where(_TOPIC.c.id == topic.id).values(**changes))

    def _reply(self, topic: Any, told: dict[str, Any], at: datetime) -> None:
        by, on = self.who(told["by"]), self.on
        written = Written(text=told["x"], reply_to=told.get("r"))
        post = writing.reply(topic, written, by, on=on)
        for each in told.get("u", ()):
            if (reader := self.who(each)).person_id != post.author_id:
                reading.react(topic, post, "useful", reader, on=on)
        self._date(topic.id, post.no, at)

    def _date(self, topic_id: int, no: int, at: datetime) -> None:
        mine = (_POST.c.topic_id == topic_id, _POST.c.no == no)
        self.on.execute(update(_POST).where(*mine).values(created_at=at))
