"""What is kept equals a recount from the posts themselves, whatever happened in whatever order."""

import random
from collections import Counter
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select, update

from portal.club.figures import queries, rules, service, upkeep
from portal.club.figures.models import ClubPeople, ClubTopicFact, ClubWeek
from portal.core import readers
from portal.core.db import db, write
from portal.core.jobs import run_once
from portal.forum.events import SpaceChanged
from portal.forum.models import ForumPost, ForumProfile, ForumSpace, ForumTopic
from portal.forum.rules.posts import READABLE
from portal.forum.service import acts, people, threads, writing
from tests.consignments.conftest import statements
from tests.factories import make_person, user_of
from tests.forum.making import make_member, make_reply, make_space, make_topic, topic_now
from workers import relay

__all__ = ["statements"]
pytestmark = pytest.mark.both_databases
START = datetime(2026, 10, 2, 3, 0, tzinfo=ZoneInfo("UTC"))


@pytest.fixture
def read(app):
    readers.run_once()

    def run():
        db.session.commit()
        relay.run_once()
        while readers.run_once():
            pass
        while run_once():
            pass
        db.session.rollback()

    return run


def kept():
    """Return what the counters say: (week, space) → numbers, week → writers, answer times."""
    db.session.rollback()
    weeks = {
        (row.week, row.space_id): tuple(getattr(row, name) for name in rules.COUNTED)
        for row in db.session.execute(select(ClubWeek.__table__))
    }
    writers = {row.week: row.writers for row in db.session.execute(select(ClubPeople.__table__))}
    fact = ClubTopicFact.__table__
    times = sorted(
        db.session.scalars(select(fact.c.first_answer_s).where(fact.c.first_answer_s.is_not(None)))
    )
    return (
        {key: numbers for key, numbers in weeks.items() if any(numbers)},
        {week: number for week, number in writers.items() if number},
        times,
    )


def recounted():
    """Return the same from topics and posts alone."""
    topics = {
        row.id: row
        for row in db.session.execute(select(ForumTopic.__table__))
        if row.state in READABLE
    }
    kinds = dict(db.session.execute(select(ForumSpace.id, ForumSpace.kind)).all())
    posts = [
        row
        for row in db.session.execute(
            select(ForumPost.__table__).order_by(ForumPost.__table__.c.created_at)
        )
        if row.state == "visible" and row.topic_id in topics
    ]
    weeks, writers, times = {}, {}, []
    for topic in topics.values():
        found = weeks.setdefault((rules.week_of(topic.created_at), topic.space_id), Counter())
        replies = [
            p
            for p in posts
            if p.topic_id == topic.id and p.no > 1 and p.author_id != topic.author_id
        ]
        found["topics"] += 1
        if kinds[topic.space_id] == "question":
            found["questions"] += 1
            found["answered"] += bool(replies)
            found["accepted"] += topic.accepted_no is not None
            times += (
                [int((replies[0].created_at - topic.created_at).total_seconds())] if replies else []
            )
    for post in posts:
        week = rules.week_of(post.created_at)
        weeks.setdefault((week, topics[post.topic_id].space_id), Counter())["posts"] += 1
        writers.setdefault(week, set()).add(post.author_id)
    return (
        {key: tuple(found[name] for name in rules.COUNTED) for key, found in weeks.items()},
        {week: len(ids) for week, ids in writers.items()},
        sorted(times),
    )


def moderate(work):
    by = user_of(make_person(staff_role="moderator"), None, None)
    db.session.commit()
    write(lambda on: work(by, on))


@pytest.mark.parametrize("seed", range(4))
def test_what_is_kept_equals_a_recount_whatever_happened(app, read, seed):
    chance = random.Random(seed)
    with time_machine.travel(START, tick=False) as time:
        users = [make_member() for _ in range(4)]
        spaces = [make_space(kind=kind) for kind in ("question", "talk", "suggestion")]
        topics = [make_topic(chance.choice(spaces), chance.choice(users)) for _ in range(3)]
        for step in range(40):
            time.shift(timedelta(hours=chance.randint(1, 30)))
            topic = topic_now(chance.choice(topics))
            deed = chance.choice(
                ["begin", "reply", "reply", "reply", "hide", "show", "move", "accept", "split"]
            )
            happen(deed, topic, topics, spaces, users, chance)
            if chance.random() < 0.5 or step == 39:
                read()
        assert kept() == recounted()
        db.session.rollback()
        db.session.execute(
            update(ForumSpace).where(ForumSpace.id == spaces[1].id).values(kind="question")
        )
        db.session.commit()
        changed = SpaceChanged(actor_id=None, company_id=None, slug=spaces[1].slug)
        write(lambda on: service.jobs and acts.events.record(changed, on=on))
        read()
        assert kept() == recounted()


def happen(deed, topic, topics, spaces, users, chance):
    if deed == "begin":
        topics.append(make_topic(chance.choice(spaces), chance.choice(users)))
    elif deed in ("hide", "show"):
        table = ForumPost.__table__
        mine = db.session.execute(select(table).where(table.c.topic_id == topic.id)).all()
        post, shown = chance.choice(mine), deed == "show"
        moderate(lambda by, on: acts.set_shown(topic, post, shown, by, reason=None, on=on))
    elif topic.state in READABLE:
        happen_in(deed, topic, topics, spaces, users, chance)


def happen_in(deed, topic, topics, spaces, users, chance):
    space = chance.choice(spaces)
    if deed == "reply":
        make_reply(topic, chance.choice(users))
    elif deed == "move" and space.id != topic.space_id:
        said = {"reason": None, "space": space}
        moderate(lambda by, on: acts.set_state(topic, "moved", by, on=on, **said))
    elif deed == "accept" and topic.last_no > 1:
        no = chance.choice([None, topic.last_no])
        db.session.commit()
        write(lambda on: writing.accept(topic, no, users[0], on=on))
    elif deed == "split" and topic.last_no > 3:
        split(topic, topics)


def split(topic, topics):
    db.session.rollback()
    before = set(db.session.scalars(select(ForumTopic.id)))
    try:
        moderate(
            lambda by, on: threads.split(
                topic, {2, 3}, "A topic of its own", by, reason=None, on=on
            )
        )
    except threads.Refused:
        return
    table = ForumTopic.__table__
    topics += db.session.execute(select(table).where(table.c.id.not_in(before))).all()


def test_what_was_there_before_is_counted_too_once(app):
    space, user = make_space(kind="question"), make_member()
    topic = make_topic(space, user)
    make_reply(topic, make_member())
    db.session.commit()
    upkeep.run()
    upkeep.run()
    assert kept() == recounted()


def test_what_was_there_before_is_counted_a_few_posts_at_a_time_and_looked_at_once(
    app, monkeypatch
):
    monkeypatch.setattr(service, "POSTS", 3)
    space = make_space(kind="question")
    for _ in range(3):
        make_reply(make_topic(space, make_member()), make_member())
    db.session.commit()
    assert [service.fill_in() for _ in range(4)] == [2, 1, 0, 0]
    assert kept() == recounted()


def test_many_who_write_in_a_topic_cost_as_many_statements_as_two(app, statements):
    def filling(authors):
        topic = make_topic(make_space(), make_member())
        for _ in range(authors - 1):
            make_reply(topic, make_member())
        db.session.commit()
        with statements() as seen:
            assert service.fill_in() == 1
        return len(seen)

    with time_machine.travel(START, tick=False):
        filling(2)
        assert filling(2) == filling(6)
    assert kept() == recounted()


def test_who_comes_is_counted_once_a_week(app):
    with time_machine.travel(START, tick=False) as time:  # a Friday
        users = [make_member() for _ in range(3)]
        upkeep.run()
        for days in (1, 1, 1, 1):
            time.shift(timedelta(days=days))
            db.session.rollback()
            db.session.commit()
            write(lambda on: people.enter(users[0], on=on))
            upkeep.run()
        db.session.rollback()
        came = dict(db.session.execute(select(ClubPeople.week, ClubPeople.readers)).all())
        assert list(came.values()) == [3, 1]
        assert db.session.scalar(
            select(ForumProfile.last_seen_on).where(ForumProfile.person_id == users[0].person_id)
        )


def test_times_to_the_first_reply_are_those_of_sorted_waits(app, read):
    staff = user_of(make_person(staff_role="moderator"), None, None)
    with time_machine.travel(START, tick=False) as time:
        space, asker, other = make_space(kind="question"), make_member(), make_member()
        for hours in (1, 2, 3, 4, 5, 6, 7, 8, 9, 40):
            topic = make_topic(space, asker)
            make_reply(topic, asker)
            time.shift(timedelta(hours=hours))
            make_reply(topic, other)
        make_topic(space, asker)
        read()
        found = queries.answers_for(staff, rules.weeks_back(4))
        assert (found.count, found.median_s, found.p90_s) == (10, 5 * 3600, 9 * 3600)
        week = queries.weeks_for(staff, rules.weeks_back(4))
        assert (sum(w.questions for w in week), sum(w.answered for w in week)) == (11, 10)
