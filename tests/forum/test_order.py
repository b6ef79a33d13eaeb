"""Order in the club: first texts, weighted reports, decisions, sanctions, appeals."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from portal.core import clock
from portal.core.db import db, end_reading, write
from portal.core.errors import Refused
from portal.forum.models import ForumHeld, ForumPost, ForumProfile, ForumReview
from portal.forum.queries import order as queries
from portal.forum.queries import posts
from portal.forum.rules import order as rules
from portal.forum.rules.order import Record
from portal.forum.service import acts, appealing, holding, people, reporting
from portal.forum.service.writing import Written
from tests.factories import make_person, user_of
from tests.forum.making import make_member, make_reply, make_space, make_topic, topic_now

pytestmark = pytest.mark.both_databases


def make_moderator():
    user = user_of(make_person(staff_role="moderator"))
    end_reading()
    write(lambda on: people.enter(user, on=on))
    return user


def report(topic, no, by, trust=1, reason="spam"):
    post = posts.post_for(by, topic, no)
    end_reading()
    said = {"reason": reason, "text": None, "trust": trust}
    return write(lambda on: reporting.report(topic, post, by, **said, on=on))


def review():
    return db.session.execute(select(ForumReview.__table__)).one()


def decide(row, outcome, by, **values):
    end_reading()
    said = {"version": row.version, "reason": "因为"} | values
    write(lambda on: reporting.decide(row, outcome, by, **said, on=on))


def state_of(topic, no):
    table = ForumPost.__table__
    query = select(table.c.state).where(table.c.topic_id == topic.id, table.c.no == no)
    return db.session.scalar(query)


@pytest.mark.parametrize(
    ("trust", "record", "moderates", "weight"),
    [
        (0, Record(), False, 40),
        (1, Record(), False, 100),
        (3, Record(), False, 200),
        (9, Record(), False, 200),
        (0, Record(), True, rules.HIDES_AT),
        (1, Record(1, 2), False, 100),
        (1, Record(2, 2), False, 50),
        (1, Record(0, 9), False, 25),
    ],
)
def test_what_a_report_weighs(trust, record, moderates, weight):
    assert rules.weight_of(trust, record, may_moderate=moderates) == weight


def test_reports_hide_a_post_only_together(app):
    author = make_member()
    topic = make_topic(make_space(), author)
    make_reply(topic, author)
    readers = [make_member() for _ in range(3)]
    assert [report(topic, 2, each) for each in readers] == [False, False, True]
    assert state_of(topic, 2) == "hidden"
    assert topic_now(topic).reply_count == 0
    assert review().version == 3


def test_nobody_reports_twice_or_himself(app):
    author, reader = make_member(), make_member()
    topic = make_topic(make_space(), author)
    report(topic, 1, reader)
    for by in (reader, author):
        with pytest.raises(Refused):
            report(topic, 1, by)


@pytest.mark.parametrize(
    ("outcome", "state"), [("agreed", "hidden"), ("disagreed", "visible"), ("ignored", "visible")]
)
def test_a_moderator_decides_and_the_author_reads_why(app, outcome, state):
    author, moderator = make_member(), make_moderator()
    topic = make_topic(make_space(), author)
    make_reply(topic, author)
    report(topic, 2, make_member())
    decide(review(), outcome, moderator)
    assert state_of(topic, 2) == state
    told = queries.acts_for(author, own=True).items
    assert [row.kind for row in told] == (["hidden"] if outcome == "agreed" else [])
    assert queries.waiting_count_for(moderator) == 0


def test_of_two_moderators_who_act_at_once_one_is_told(app):
    author, moderator = make_member(), make_moderator()
    topic = make_topic(make_space(), author)
    make_reply(topic, author)
    report(topic, 2, make_member())
    seen = review()
    report(topic, 2, make_member())
    with pytest.raises(Refused):
        decide(seen, "ignored", moderator)  # there is a report that he did not see
    decide(review(), "agreed", moderator)
    with pytest.raises(Refused):
        decide(review(), "disagreed", make_moderator())


def test_a_hidden_first_post_hides_its_topic_and_search_forgets_it(app):
    author, moderator = make_member(), make_moderator()
    topic = make_topic(make_space(), author)
    assert report(topic, 1, moderator)
    assert topic_now(topic).state == "hidden"
    post = posts.post_for(moderator, topic, 1)
    end_reading()
    write(lambda on: acts.set_shown(topic, post, True, moderator, reason=None, on=on))
    assert topic_now(topic).state == "open"


def test_a_first_text_waits_and_is_told_to_nobody_until_it_is_let_through(app):
    author, moderator = make_member(), make_moderator()
    topic = make_topic(make_space(), make_member())
    written = Written(text="大家好", form_name="h1")
    end_reading()
    for _ in range(2):
        write(lambda on: holding.hold(None, topic, written, author, on=on))
    (held,) = queries.held_for(moderator)
    assert topic_now(topic).last_no == 1
    end_reading()
    write(lambda on: holding.let_through(held, moderator, on=on))
    shown = posts.post_for(author, topic, 2)
    assert (shown.text, shown.author_id) == ("大家好", author.person_id)
    with pytest.raises(Refused):
        write(lambda on: holding.refuse(held, "重复", moderator, on=on))


def test_a_refused_text_is_kept_for_its_author(app):
    author, moderator = make_member(), make_moderator()
    space = make_space()
    written = Written(text="广告内容")
    end_reading()
    begins = {"title": "新主题", "tags": ["a"]}
    write(lambda on: holding.hold(space, None, written, author, on=on, **begins))
    held = db.session.execute(select(ForumHeld.__table__)).one()
    end_reading()
    write(lambda on: holding.refuse(held, "这是广告", moderator, on=on))
    (own,) = queries.held_for(author)
    assert (own.state, own.reason, own.text) == ("refused", "这是广告", "广告内容")


def test_a_sanction_ends_by_itself_or_is_lifted(app):
    person, moderator = make_member(), make_moderator()
    until = clock.now() + timedelta(days=3)
    said = {"reason": "三次广告"}
    end_reading()
    write(lambda on: acts.sanction(person.person_id, "silence", until, moderator, **said, on=on))
    assert queries.sanction_of(person).kind == "silence"
    end_reading()
    write(lambda on: acts.lift(person.person_id, moderator, reason="道歉", on=on))
    assert queries.sanction_of(person) is None


@pytest.mark.parametrize(
    ("kind", "days", "own"),
    [("ban", 3, False), ("silence", -1, False), ("silence", 500, False), ("silence", 3, True)],
)
def test_sanctions_that_nobody_may_give(kind, days, own):
    now = clock.now()
    with pytest.raises(Refused):
        rules.check_sanction(kind, now + timedelta(days=days), now, own=own)


def test_an_appeal_is_answered_by_somebody_else_and_may_turn_it_back(app):
    author, moderator, other = make_member(), make_moderator(), make_moderator()
    topic = make_topic(make_space(), author)
    make_reply(topic, author)
    report(topic, 2, moderator)
    decide(review(), "agreed", moderator)
    act = queries.acts_for(author, own=True).items[0]
    end_reading()
    write(lambda on: appealing.appeal(act, "不是广告", author, on=on))
    act = queries.act_for(moderator, act.ref)
    end_reading()
    with pytest.raises(Refused):
        write(lambda on: appealing.answer_appeal(act, True, "好", moderator, on=on))
    write(lambda on: appealing.answer_appeal(act, True, "确实不是", other, on=on))
    assert state_of(topic, 2) == "visible"


def test_new_people_are_looked_at_first_and_trust_ends_that(app):
    person = make_member()
    table = ForumProfile.__table__
    profile = db.session.execute(select(table).where(table.c.person_id == person.person_id)).one()
    assert rules.is_looked_at_first(profile.trust, profile.posts_written, may_moderate=False)
    end_reading()
    write(lambda on: on.execute(update(table).values(trust=1)))
    assert not rules.is_looked_at_first(1, 0, may_moderate=False)
    assert not rules.is_looked_at_first(0, rules.FIRST_TEXTS, may_moderate=False)
