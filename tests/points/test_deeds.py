"""Points follow from deeds that the portal has seen, and go when a deed does not stand."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
import time_machine
from sqlalchemy import select, update

from portal.club.points import upkeep
from portal.club.points.models import PointBadge, PointEntry, PointTally
from portal.club.points.queries import balance_for
from portal.club.points.service import badges, works
from portal.consignments.models import Consignment
from portal.core import clock, readers, scope
from portal.core.db import db, write
from portal.forum.models import ForumProfile
from portal.forum.queries.spaces import profile_of
from portal.forum.service import acts, people, reading, writing
from portal.warehousing.inbound.models import Difference, InboundNotice
from portal.warehousing.inbound.rules.announcing import Said
from portal.warehousing.inbound.service import notices
from tests.factories import make_colleague, make_company, make_consignment, push, user_of
from tests.forum.making import make_member, make_reply, make_space, make_topic, topic_now
from tests.warehousing.inbound_making import House, arrive, finish, receive, said_line
from tests.warehousing.making import make_sku
from workers import relay

pytestmark = pytest.mark.both_databases
ANSWER = "我们用 5 ℃ 的相变板, 外箱 40 毫米 EPP, 夏天能保 36 小时。"


def make_friend(company):
    """Make a colleague who has entered the club."""
    user = user_of(make_colleague(company), company)
    db.session.commit()
    write(lambda on: people.enter(user, on=on))
    return user


@pytest.fixture
def read(app):
    """Let the readers act on what happened since."""
    readers.run_once()

    def run():
        db.session.commit()
        relay.run_once()
        while readers.run_once():
            pass
        db.session.rollback()

    return run


def entries(user):
    db.session.rollback()
    table = PointEntry.__table__
    mine = select(table).where(table.c.person_id == user.person_id).order_by(table.c.id)
    return [(row.kind, row.points) for row in db.session.execute(mine)]


def react(topic, post, by, kind="useful"):
    db.session.commit()
    write(lambda on: reading.react(topic, post, kind, by, on=on))


def accept(topic, no, by):
    now = topic_now(topic)
    db.session.commit()
    write(lambda on: writing.accept(now, no, by, on=on))


def show(topic, post, shown, by):
    db.session.commit()
    write(lambda on: acts.set_shown(topic, post, shown, by, reason="Spam", on=on))


def test_a_question_its_answer_and_what_readers_find_of_it_bring_points(read):
    asks, answers, reads_it = make_member(), make_member(), make_member()
    topic = make_topic(make_space(kind="question"), asks, text=ANSWER)
    post = make_reply(topic, answers, ANSWER)
    react(topic, post, reads_it)
    accept(topic, 2, asks)
    read()
    assert entries(asks) == [("topic", 5)]
    assert entries(answers) == [("reply", 2), ("useful", 3), ("accepted", 10)]
    assert profile_of(answers).badge == "first:1"


def test_what_is_taken_back_brings_nothing_and_given_again_it_counts_once(read):
    asks, answers, reads_it = make_member(), make_member(), make_member()
    topic = make_topic(make_space(), asks, text=ANSWER)
    post, other = make_reply(topic, answers, ANSWER), make_reply(topic, reads_it, ANSWER)
    for _ in range(5):
        react(topic, post, reads_it)
        read()
    accept(topic, 2, asks)
    read()
    accept(topic, other.no, asks)
    read()
    assert balance_for(answers) == 2 + 3
    assert balance_for(reads_it) == 2 + 10


def test_a_hidden_post_loses_all_that_it_brought_until_it_is_shown_again(read):
    asks, answers, staff = make_member(), make_member(), make_member()
    topic = make_topic(make_space(), asks, text=ANSWER)
    post = make_reply(topic, answers, ANSWER)
    react(topic, post, asks)
    read()
    show(topic, post, False, staff)
    read()
    assert balance_for(answers) == 0
    show(topic, post, True, staff)
    read()
    assert balance_for(answers) == 5
    tally = PointTally.__table__
    counts = db.session.execute(select(tally.c.kind, tally.c.count).order_by(tally.c.kind))
    assert [tuple(row) for row in counts] == [("reply", 1), ("topic", 1), ("useful", 1)]


def test_colleagues_short_texts_and_ones_own_topic_bring_nothing(read):
    company = make_company()
    one, other = make_friend(company), make_friend(company)
    topic = make_topic(make_space(), one, text=ANSWER)
    post = make_reply(topic, other, ANSWER)
    make_reply(topic, one, ANSWER)
    make_reply(topic, make_member(), "顶")
    react(topic, post, one)
    accept(topic, 2, one)
    read()
    assert entries(other) == []
    assert entries(one) == [("topic", 5)]


def test_two_who_praise_each_other_all_day_get_little(read):
    one, other = make_member(), make_member()
    topic = make_topic(make_space(), one, text=ANSWER)
    for number in range(12):
        post = make_reply(topic, other, f"{ANSWER} {number}")
        react(topic, post, one)
    read()
    got = entries(other)
    assert sum(points for kind, points in got if kind == "useful") == 6
    assert sum(points for kind, points in got if kind == "reply") == 20
    tally = PointTally.__table__
    useful = select(tally.c.count).where(tally.c.kind == "useful")
    assert db.session.scalar(useful) == 12


def test_events_read_twice_pay_once(read):
    asks = make_member()
    make_topic(make_space(), asks, text=ANSWER)
    read()
    write(lambda on: on.execute(update(readers.LogReader.__table__).values(position=0)))
    read()
    assert entries(asks) == [("topic", 5)]


def test_whoever_ordered_what_was_handed_over_in_time_is_credited_two_days_later(app):
    company = make_company()
    person = make_colleague(company)
    user = user_of(person, company)
    upkeep.run()  # what was before does not count
    good, late, other = (make_consignment(company) for _ in range(3))
    for each in (good, late, other):
        change(each.no, created_by_id=person.id)
    for each in (good, late):
        push(each.no, "picked_up")
    change(late.no, pickup_planned=clock.now() - timedelta(hours=3))
    upkeep.run()
    assert entries(user) == []
    with time_machine.travel(clock.now() + timedelta(days=2, hours=1)):
        push(other.no, "picked_up")
        upkeep.run(), upkeep.run()
    assert entries(user) == [("handover", 5)]


def change(no, **values):
    table = Consignment.__table__
    changed = update(table).where(table.c.no == no).values(**values)
    write(lambda on: on.execute(changed.execution_options(**scope.CENTRE)))


def test_a_notice_counts_if_nothing_differed_but_the_centres_mistake(app):
    company, house = make_company(), House()
    person, goods = make_colleague(company), make_sku(company)
    refs = [announce(house, company, person, goods) for _ in range(2)]
    for ref, number in zip(refs, (10, 9), strict=True):
        receive(ref, goods, number)
        finish(ref)
        follow(ref)
    assert entries(user_of(person, company)) == []  # nothing lies in storage yet
    for ref in refs:
        store(ref)
        follow(ref)
    assert entries(user_of(person, company)) == [("notice", 8)]
    write(lambda on: on.execute(_differing().values(outcome="found")))
    follow(refs[1])
    assert entries(user_of(person, company)) == [("notice", 8), ("notice", 8)]


def announce(house, company, person, goods):
    said = Said(warehouse_id=house.id, lines=(said_line(goods, 10),))
    ref = write(lambda on: notices.announce(said, company.id, is_draft=False, by=person.id, on=on))
    arrive(ref.ref)
    return ref.ref


def follow(ref):
    row = SimpleNamespace(payload={"ref": ref}, recorded_at=clock.now())
    write(lambda on: works.follow_notice(row, on))


def store(ref):
    table = InboundNotice.__table__
    done = update(table).where(table.c.ref == ref).values(status="completed")
    write(lambda on: on.execute(done.execution_options(**scope.CENTRE)))


def _differing():
    return update(Difference.__table__).execution_options(**scope.CENTRE)


def test_reading_and_years_are_awarded_once_each_level(app):
    user = make_member()
    mine = update(ForumProfile).where(ForumProfile.person_id == user.person_id)
    long_ago = clock.now() - timedelta(days=800)
    write(lambda on: on.execute(mine.values(posts_read=510, created_at=long_ago)))
    assert write(lambda on: badges.award_due(10, on=on)) == 4
    assert write(lambda on: badges.award_due(10, on=on)) == 0
    rows = db.session.execute(select(PointBadge.kind, PointBadge.level))
    assert sorted(map(tuple, rows)) == [("reader", 1), ("reader", 2), ("year", 1), ("year", 2)]
    assert profile_of(user).badge == "reader:2"
