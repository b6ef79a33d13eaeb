"""Spaces, topics and posts with one call."""

from itertools import count
from typing import Any

from sqlalchemy import insert, select

from portal.accounts.access import User
from portal.core.db import AnyRow, db, transaction, write
from portal.forum.models import ForumSpace, ForumTopic
from portal.forum.service import people, writing
from portal.forum.service.writing import Written
from tests.factories import make_colleague, make_company, user_of

serial = count(1)


def make_space(**values: Any) -> AnyRow:
    """Make a space that is open to everybody."""
    number = next(serial)
    usual = {
        "slug": f"space-{number}",
        "position": number,
        "kind": "talk",
        "names": {"zh-Hans": f"版块 {number}", "en": f"Space {number}"},
        "abouts": {"zh-Hans": "聊聊", "en": "Talk"},
        "readers": ["*"],
        "starters": ["*"],
        "repliers": ["*"],
    }
    with transaction():
        made = insert(ForumSpace.__table__).values(**(usual | values))
        return db.session.execute(made.returning(*ForumSpace.__table__.c)).one()


def make_member(role: str = "owner", **values: Any) -> User:
    """Make a colleague of a new company who has entered the club."""
    company = make_company()
    user = user_of(make_colleague(company, role, **values), company, role)
    db.session.commit()
    write(lambda on: people.enter(user, on=on))
    return user


def make_topic(space: AnyRow, by: User, title: str = "冷链小件怎样选箱型", **values: Any) -> AnyRow:
    """Begin a topic."""
    written = Written(text=values.pop("text", "大家冬天用什么冰板？"), **values)
    db.session.commit()
    return write(lambda on: writing.begin(space, written, by, title=title, tags=["冷链"], on=on))


def make_reply(topic: AnyRow, by: User, text: str = "5 ℃ 相变板。", **values: Any) -> AnyRow:
    """Reply to a topic as it stands now."""
    now = topic_now(topic)
    db.session.commit()
    return write(lambda on: writing.reply(now, Written(text=text, **values), by, on=on))


def topic_now(topic: AnyRow) -> AnyRow:
    """Return a topic as it stands now."""
    table = ForumTopic.__table__
    return db.session.execute(select(table).where(table.c.id == topic.id)).one()
