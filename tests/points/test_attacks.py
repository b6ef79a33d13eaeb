"""What somebody who means ill tries to get points by, and does not."""

from sqlalchemy import func, select

from portal.club.points import rules
from portal.club.points.models import PointEntry
from portal.core import readers
from portal.core.db import db, end_reading, write
from portal.forum.models import ForumPost
from portal.forum.service import reading
from tests.forum.making import make_member, make_reply, make_space, make_topic
from workers import relay

ANSWER = "我们用 5 ℃ 的相变板, 外箱 40 毫米 EPP, 夏天能保 36 小时。"


def test_an_opinion_that_turns_about_without_end_comes_to_nothing(app, monkeypatch):
    monkeypatch.setattr(rules, "TURNS_MOST", 4)
    asker, other = make_member(), make_member()
    topic = make_topic(make_space(kind="question"), asker)
    post = make_reply(topic, other, ANSWER)
    readers.run_once()
    for _ in range(9):
        end_reading()
        write(lambda on: reading.react(topic, post, "useful", asker, on=on))
        relay.run_once()
        while readers.run_once():
            pass
    db.session.rollback()
    table = PointEntry.__table__
    mine = select(table.c.points).where(
        table.c.person_id == other.person_id, table.c.given_by_id == asker.person_id
    )
    found = list(db.session.scalars(mine))
    assert len(found) <= rules.TURNS_MOST + 2
    assert sum(found) == 0
    useful = select(func.sum(ForumPost.__table__.c.useful))
    assert db.session.scalar(useful) == 1
