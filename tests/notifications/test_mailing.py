"""Mails: few, late enough, of nothing that may not be seen, stopped by one key."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from sqlalchemy import select, update

from portal.accounts.models import Person
from portal.core import clock
from portal.core.db import db, write
from portal.core.jobs import Job
from portal.core.mail import _message
from portal.forum.models import ForumProfile
from portal.forum.service import acts, blocking, reading
from portal.notifications import mailing, rules
from portal.notifications.service import choosing
from tests.factories import make_person, user_of
from tests.forum.making import make_member, make_reply, make_space, make_topic

MORNING = datetime(2026, 11, 24, 0, 0, 30, tzinfo=ZoneInfo("UTC"))  # 08:00 in Shanghai
EVENING = datetime(2026, 11, 23, 12, 0, tzinfo=ZoneInfo("UTC"))


@pytest.fixture
def time(app):
    with time_machine.travel(EVENING, tick=False) as traveller:
        yield traveller


@pytest.fixture
def talk(time, told):
    author, other = make_member(name="Wang", locale="en"), make_member(name="Li")
    topic = make_topic(make_space(), author, "Cold boxes")
    told()
    return topic, author, other


def name(user):
    handle = db.session.scalar(
        select(ForumProfile.handle).where(ForumProfile.person_id == user.person_id)
    )
    return f"@{handle}"


def test_who_is_named_gets_one_mail_an_hour_about_a_topic(talk, time, told, mails):
    topic, author, other = talk
    for _ in range(40):
        make_reply(topic, other, f"{name(author)} again and again")
        told()
        time.shift(timedelta(minutes=3))
    told()
    assert 2 <= len(mails(author)) <= 3  # in two hours
    first = mails(author)[0]
    assert first["subject"] == "Li named you in “Cold boxes”"
    assert "http://localhost/portal/notifications/" in first["body"]
    assert "\n\nAll notices: " in first["body"]


def test_mentions_in_many_topics_come_together(talk, time, told, mails):
    _topic, author, other = talk
    space = make_space()
    for number in range(30):
        make_topic(space, other, f"Topic {number}", text=f"{name(author)}, look")
        told()
        time.shift(timedelta(seconds=20))
    for _ in range(10):
        time.shift(timedelta(minutes=1))
        told()
    assert len(mails(author)) <= 4
    assert sum(mail["body"].count("named you in") for mail in mails(author)) == 30


def test_who_reads_within_the_minute_gets_no_mail(talk, time, told, mails):
    topic, author, other = talk
    make_reply(topic, other, f"{name(author)} look")
    told()
    write(lambda on: reading.mark(topic.id, 2, author.person_id, on=on))
    time.shift(timedelta(hours=2))
    told()
    assert mails(author) == []


def test_the_mail_speaks_the_language_of_who_gets_it(talk, time, told, mails):
    topic, author, other = talk
    db.session.execute(update(Person).where(Person.id == author.person_id).values(locale="zh-Hans"))
    db.session.commit()
    make_reply(topic, other, f"{name(author)} 看")
    told()
    time.shift(timedelta(minutes=2))
    told()
    assert len(mails(author)) == 1


def test_a_mail_can_be_stopped_by_one_key_of_the_mail_program(talk, time, told, mails, app):
    topic, author, other = talk
    make_reply(topic, other, f"{name(author)} look")
    told()
    time.shift(timedelta(minutes=2))
    told()
    message = _message(mails(author)[0])
    assert message["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    stop = message["List-Unsubscribe"]
    assert stop.startswith("<http://localhost/notice-mail/")
    assert stop[1:-1] in mails(author)[0]["body"]


@pytest.mark.parametrize(
    "zone",
    [
        "Asia/Shanghai",
        "America/New_York",
        "Asia/Kolkata",
        "Australia/Lord_Howe",
        "Pacific/Kiritimati",
    ],
)
def test_the_day_begins_at_eight_where_somebody_is(zone):
    here = ZoneInfo(zone)
    for day in range(1, 366):
        now = datetime(2026, 1, 1, tzinfo=ZoneInfo("UTC")) + timedelta(
            days=day, hours=day % 24, minutes=7
        )
        due = rules.next_digest(now, here)
        assert now < due <= now + timedelta(hours=25)
        assert due.astimezone(here).strftime("%H:%M") == "08:00"
        assert rules.next_digest(due, here) > due


def test_the_mail_of_the_day_comes_in_the_morning_and_not_without_anything_to_tell(
    talk, time, told, mails, choose
):
    topic, author, other = talk
    choose(author, followed="digest", reply="digest")
    make_reply(topic, other)
    make_reply(topic, other, reply_to=1)
    told()
    time.move_to(MORNING - timedelta(minutes=2))
    told()
    assert mails(author) == []
    time.move_to(MORNING)
    told()
    told()
    assert [mail["subject"] for mail in mails(author)] == ["Your day in the club: 2 notices"]
    time.shift(timedelta(days=1))
    told()
    assert len(mails(author)) == 1
    make_reply(topic, other)
    told()
    time.shift(timedelta(days=1))
    told()
    assert len(mails(author)) == 2


def hide(topic, author, other):
    by = user_of(make_person(staff_role="moderator"), None, None)
    table = acts.ForumPost.__table__
    post = db.session.execute(
        select(table).where(table.c.topic_id == topic.id, table.c.no == 2)
    ).one()
    db.session.commit()
    write(lambda on: acts.set_shown(topic, post, False, by, reason=None, on=on))


def block(topic, author, other):
    write(lambda on: blocking.block(author, other.person_id, on=on))


def mute(topic, author, other):
    write(lambda on: reading.follow(f"topic:{topic.id}", author.person_id, muted=True, on=on))


@pytest.mark.parametrize("close", [None, hide, block, mute])
def test_what_may_not_be_seen_in_the_morning_is_not_in_the_mail_of_the_day(
    talk, time, told, mails, choose, close
):
    topic, author, other = talk
    choose(author, followed="digest")
    make_reply(topic, other)
    told()
    db.session.commit()
    if close is not None:
        close(topic, author, other)
    time.move_to(MORNING)
    told()
    assert len(mails(author)) == (1 if close is None else 0)


def test_whose_clock_is_another_gets_his_mail_in_his_own_morning(talk, time, told, mails, choose):
    topic, author, other = talk
    db.session.execute(
        update(Person).where(Person.id == author.person_id).values(timezone="Europe/Berlin")
    )
    choose(author, followed="digest")
    make_reply(topic, other)
    told()
    time.move_to(MORNING)
    told()
    assert mails(author) == []
    time.move_to(MORNING + timedelta(hours=7))
    told()
    assert len(mails(author)) == 1


# --- the link that stops ------------------------------------------------------------------------


def is_mailed(user, kind):
    db.session.rollback()
    return choosing.is_mailed(user.person_id, kind, on=db.session.connection())


def test_the_link_stops_its_kind_without_signing_in_and_only_when_the_key_is_pressed(app, browser):
    user = make_member()
    path = mailing.stop_path(user.person_id, "mention")
    page = browser.get(path)
    assert page.status_code == 200
    assert "No more of these mails" in page.text
    assert page.headers["Cache-Control"] == "no-store"
    browser.client.head(path)
    assert is_mailed(user, "mention")
    one_click = {"List-Unsubscribe": "One-Click"}
    assert browser.open(path, method="POST", data=one_click).status_code == 303
    assert not is_mailed(user, "mention")
    assert is_mailed(user, "direct")
    assert browser.open(path, method="POST", data={"mails": "on"}).status_code == 303
    assert is_mailed(user, "mention")


def test_the_link_of_the_day_stops_all_that_comes_by_it(app, browser, choose):
    user = make_member()
    choose(user, followed="digest", begun="digest", reply="mail")
    browser.open(mailing.stop_path(user.person_id, "digest"), method="POST", data={})
    assert [is_mailed(user, kind) for kind in ("digest", "followed", "reply")] == [
        False,
        False,
        True,
    ]


@pytest.mark.parametrize(
    "make",
    [
        lambda path: path[:-1] + ("A" if path[-1] != "A" else "B"),
        lambda path: path.replace(path[13:20], "eyJhIjo"),
        lambda path: "/notice-mail/" + mailing.tokens.signed([1, "mention"], "another"),
        lambda path: "/notice-mail/" + mailing.tokens.signed([1, "unknown"], mailing.PURPOSE),
        lambda path: "/notice-mail/" + mailing.tokens.signed({"a": 1}, mailing.PURPOSE),
        lambda path: "/notice-mail/" + mailing.tokens.signed([987654, "mention"], mailing.PURPOSE),
        lambda path: "/notice-mail/1",
    ],
)
def test_a_forged_link_stops_nothing(app, browser, make):
    user = make_member()
    path = make(mailing.stop_path(user.person_id, "mention"))
    assert browser.get(path).status_code == 404
    assert browser.open(path, method="POST", data={}).status_code == 404
    assert is_mailed(user, "mention")


def test_stopping_takes_back_the_mail_that_waits(talk, time, told, mails, browser):
    topic, author, other = talk
    make_reply(topic, other, f"{name(author)} look")
    told()
    browser.open(mailing.stop_path(author.person_id, "mention"), method="POST", data={})
    time.shift(timedelta(hours=1))
    told()
    assert mails(author) == []


def test_two_workers_mail_once(talk, time, told, mails, app):
    topic, author, other = talk
    make_reply(topic, other, f"{name(author)} look")
    told()
    time.shift(timedelta(minutes=2))
    db.session.commit()
    mailing.run_due()
    mailing.run_due()
    assert len(mails(author)) == 1
    assert db.session.scalar(select(Job.id).where(Job.kind == "mail").limit(1)) is not None
    assert clock.now() > EVENING
