"""Polls: begun, voted in, changed, closed; counts that stay true when many vote at once."""

import threading

import pytest
from sqlalchemy import select, update

from portal.core.db import db, write
from portal.core.errors import Refused
from portal.forum.models import ForumPoll, ForumPollOption, ForumProfile
from portal.forum.queries import polls as queries
from portal.forum.rules import polls as rules
from portal.forum.service import polls
from portal.forum.service.polls import Asked
from tests.factories import make_colleague, make_company, user_of
from tests.forum.making import make_member, make_space, make_topic, topic_now

pytestmark = pytest.mark.both_databases


def make_poll(topic, by, **values):
    asked = Asked(**({"question": "Welche Box?", "choices": ["EPS", "EPP", "VIP"]} | values))
    now = topic_now(topic)
    db.session.commit()
    write(lambda on: polls.begin(now, asked, by, on=on))
    return queries.polls_for(by, topic_now(topic))[-1]


def vote(topic, poll, chosen, by):
    db.session.commit()
    write(lambda on: polls.vote(topic, poll, chosen, by, on=on))


def seen(user, topic):
    db.session.commit()
    return queries.polls_for(user, topic_now(topic))[0]


def counts():
    db.session.commit()
    option, poll = ForumPollOption.__table__, ForumPoll.__table__
    votes = db.session.scalars(select(option.c.votes).order_by(option.c.poll_id, option.c.no)).all()
    return list(votes), db.session.scalar(select(poll.c.voters))


def test_a_vote_is_counted_changed_and_taken_back(app):
    author, reader = make_member(), make_member()
    topic = make_topic(make_space(), author)
    poll = make_poll(topic, author, most=2)
    assert seen(reader, topic).options[0].votes is None  # not before one has voted
    vote(topic, poll, {1, 3}, reader)
    assert counts() == ([1, 0, 1], 1)
    assert [each.share for each in seen(reader, topic).options] == [100, 0, 100]
    assert seen(author, topic).options[0].votes is None
    vote(topic, poll, {2, 3}, reader)
    vote(topic, poll, {2, 3}, reader)
    assert counts() == ([0, 1, 1], 1)
    vote(topic, poll, set(), reader)
    vote(topic, poll, set(), reader)
    assert counts() == ([0, 0, 0], 0)
    for wrong in ({1, 2, 3}, {4}, {0}, {-1}):
        with pytest.raises(Refused):
            vote(topic, poll, wrong, reader)
    assert counts() == ([0, 0, 0], 0)


def test_counts_that_are_for_the_end_are_shown_at_the_end(app):
    author, reader = make_member(), make_member()
    topic = make_topic(make_space(), author)
    poll = make_poll(topic, author, shown="end")
    vote(topic, poll, {1}, reader)
    assert seen(reader, topic).options[0].votes is None
    now = topic_now(topic)
    db.session.commit()
    with pytest.raises(Refused):
        write(lambda on: polls.close(now, poll, reader, on=on))
    write(lambda on: polls.close(now, poll, author, on=on))
    for user in (reader, author):
        assert seen(user, topic).options[0].votes == 1
    with pytest.raises(Refused):
        vote(topic, poll, {2}, reader)
    assert counts() == ([1, 0, 0], 1)


def test_many_who_vote_at_once_are_all_counted(app):
    author = make_member()
    topic = make_topic(make_space(), author)
    poll = make_poll(topic, author)
    people = [make_member() for _ in range(8)]
    db.session.commit()
    started = threading.Barrier(len(people))

    def work(number, user):
        with app.app_context():
            started.wait()
            for choice in (1, 2, 1 + number % 2):
                write(lambda on, c=choice: polls.vote(topic, poll, {c}, user, on=on))

    threads = [threading.Thread(target=work, args=each) for each in enumerate(people)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert counts() == ([4, 4, 0], 8)


def test_the_limits_of_a_poll_are_said(app):
    author, other = make_member(), make_member()
    topic = make_topic(make_space(), author)
    for text in ("", "eine", "a\na\n a ", "\n".join(map(str, range(13))), "x" * 121 + "\ny"):
        with pytest.raises(Refused):
            rules.choices_of(text)
    assert rules.choices_of(" EPS \n\nEPP\nEPS") == ["EPS", "EPP"]
    with pytest.raises(Refused):
        make_poll(topic, other)
    for _ in range(3):
        make_poll(topic, author)
    with pytest.raises(Refused):
        make_poll(topic, author)


def test_a_poll_is_asked_and_answered_by_its_pages(app, as_user):
    company = make_company()
    person = make_colleague(company, "operations")
    author = as_user(person)
    author.get("/club")
    topic = make_topic(make_space(readers=["operations"]), user_of(person, company, "operations"))
    form = {
        "poll": "Welche <Box>?",
        "choices": "EPS\nEPP\n\u202egro\u200bß",
        "most": "1",
        "shown": "voted",
    }
    assert (
        author.post(f"/club/t/{topic.ref}/polls/new", data=form | {"choices": "x"}).status_code
        == 422
    )
    assert (
        author.post(
            f"/club/t/{topic.ref}/polls/new", data=form | {"ends": "2020-01-01"}
        ).status_code
        == 422
    )
    assert author.post(f"/club/t/{topic.ref}/polls/new", data=form).status_code == 303
    page = author.get(f"/club/t/{topic.ref}").get_data(as_text=True)
    assert "Welche &lt;Box&gt;?" in page
    assert "\u202e" not in page
    assert "<bdi>groß</bdi>" in page
    ref = page.split(f"/club/t/{topic.ref}/polls/PL")[1].split('"')[0]
    way = f"/club/t/{topic.ref}/polls/PL{ref}"
    assert author.post(way).status_code == 409
    assert author.post(way, data={"no": "9"}).status_code == 409
    assert author.post(way, data={"no": "2"}).status_code == 303
    assert counts() == ([0, 1, 0], 1)
    assert "100%" in author.get(f"/club/t/{topic.ref}/polls").get_data(as_text=True)
    stranger = as_user(make_colleague(make_company(), "viewer"))
    for answer in (
        stranger.post(way, data={"no": "1"}),
        stranger.get(f"/club/t/{topic.ref}/polls"),
    ):
        assert answer.status_code == 404
    assert author.post(way, data={"act": "close"}).status_code == 303
    assert author.post(way, data={"no": "1"}).status_code == 409


def test_a_topic_is_begun_with_its_poll_once(app, as_user):
    person = make_colleague(make_company(), "owner")
    browser = as_user(person)
    browser.get("/club")
    space = make_space()
    form = {
        "title": "Umfrage zur Box",
        "text": "Bitte stimmt ab.",
        "form_name": "f",
        "poll": "Welche?",
    }
    way = f"/club/s/{space.slug}/new"
    trusting = browser.post(way, data=form | {"choices": "a\nb"})
    assert trusting.status_code == 422  # a first text waits for a moderator
    people_trust()
    assert browser.post(way, data=form | {"choices": "nur eine"}).status_code == 422
    for _ in range(2):
        assert browser.post(way, data=form | {"choices": "a\nb"}).status_code == 303
    assert counts() == ([0, 0], 0)


def people_trust():
    db.session.commit()
    write(lambda on: on.execute(update(ForumProfile.__table__).values(trust=1)))
