"""Who is writing: told to those who read along, kept nowhere, and not to everybody."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import db, end_reading, write
from portal.core.events import EventRecord
from portal.forum.service import acts, blocking, people
from tests.factories import make_colleague, make_company, make_key, user_of
from tests.forum.making import make_member, make_space, make_topic


@pytest.fixture
def topic(app):
    return make_topic(make_space(), make_member())


@pytest.fixture
def reader(topic, live, relayed):
    """``reader()`` opens a page of somebody new that follows the topic."""

    def opened():
        company = make_company()
        person = make_colleague(company)
        user = user_of(person, company)
        end_reading()
        write(lambda on: people.enter(user, on=on))
        page = live(key=make_key(person, company))
        page.user = user
        assert page.ask("follow", {"topic": "topic", "ref": topic.ref})["ok"]
        relayed()
        return page

    return opened


def says(page, topic):
    return page.ask("typing", {"topic": "topic", "ref": topic.ref})["ok"]


def told(page):
    heard = page.socket.get_received("/live")
    return [each["args"][0] for each in heard if each["name"] == "typing"]


def test_those_who_read_along_are_told_and_nothing_is_kept(topic, reader):
    one, other = reader(), reader()
    before = db.session.scalar(select(func.count()).select_from(EventRecord.__table__))
    assert says(one, topic)
    (message,) = told(other)
    assert (message["topic"], message["ref"]) == ("topic", topic.ref)
    assert message["who"]["name"] == one.user.name
    assert told(one) == []
    after = db.session.scalar(select(func.count()).select_from(EventRecord.__table__))
    assert after == before


@pytest.mark.parametrize("writer_blocks", [True, False])
def test_nobody_hears_of_who_is_blocked_in_either_direction(topic, reader, writer_blocks):
    writer, other, third = reader(), reader(), reader()
    by, whom = (writer, other) if writer_blocks else (other, writer)
    end_reading()
    write(lambda on: blocking.block(by.user, whom.user.person_id, on=on))
    assert says(writer, topic)
    assert (len(told(other)), len(told(third))) == (0, 1)


@pytest.mark.parametrize("kind", ["silence", "suspension"])
def test_nobody_is_told_of_who_has_no_voice(topic, reader, kind):
    writer, other = reader(), reader()
    until = clock.now() + timedelta(days=1)
    end_reading()
    who = writer.user.person_id
    write(lambda on: acts.sanction(who, kind, until, other.user, reason="吵", on=on))
    assert not says(writer, topic)
    assert told(other) == []


def test_only_who_follows_a_topic_that_takes_his_replies_says_so(topic, reader):
    one, other = reader(), reader()
    closed = make_topic(make_space(repliers=["agent"]), make_member())
    assert not one.ask("typing", {"topic": "topic", "ref": closed.ref})["ok"]
    assert one.ask("follow", {"topic": "topic", "ref": closed.ref})["ok"]
    assert not one.ask("typing", {"topic": "topic", "ref": closed.ref})["ok"]
    assert not one.ask("typing", {"topic": "me", "ref": ""})["ok"]
    assert not one.ask("typing", "nonsense")["ok"]
    assert told(other) == []


def test_it_may_not_be_said_too_often(topic, reader, app):
    page, other = reader(), reader()
    app.config["RATE_LIMITS"] = {"typing": "2/minute"}
    try:
        assert [says(page, topic) for _ in range(3)] == [True, True, False]
    finally:
        app.config["RATE_LIMITS"] = {}
    assert len(told(other)) == 2


def test_new_topics_are_told_except_those_of_spaces_that_are_not_for_everybody(app, live, relayed):
    company = make_company()
    page = live(key=make_key(make_colleague(company), company))
    assert page.ask("follow", {"topic": "topic", "ref": ""})["ok"]
    relayed()
    closed = make_topic(make_space(readers=["agent"]), make_member())
    shown = make_topic(make_space(), make_member())
    relayed()
    heard = [str(each) for each in page.socket.get_received("/live")]
    assert any(shown.ref in each for each in heard)
    assert not any(closed.ref in each for each in heard)
