"""What somebody who means ill tries in the forum, and does not get."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import db, end_reading, write
from portal.core.errors import Refused
from portal.forum.models import ForumPost, ForumProfile, ForumReaction
from portal.forum.service import acts, writing
from tests.forum.making import make_member, make_reply, make_space, make_topic, topic_now
from tests.rooms.making import make_staff

DECEIVING = "\x08\u202e\x00"


def first_post(topic):
    end_reading()
    table = ForumPost.__table__
    mine = select(table).where(table.c.topic_id == topic.id, table.c.no == 1)
    return db.session.execute(mine).one()


def silence(person):
    moderator = make_staff()
    end_reading()
    until = clock.now() + timedelta(days=2)
    said = {"reason": "广告"}
    write(lambda on: acts.sanction(person.person_id, "silence", until, moderator, **said, on=on))


def test_who_is_silenced_gives_no_opinions_and_takes_no_answers(as_user):
    asker, other = make_member(), make_member()
    own = make_topic(make_space(kind="question"), asker)
    make_reply(own, other)
    foreign = make_topic(make_space(), other)
    silence(asker)
    browser = as_user(asker)
    assert (
        browser.post(f"/club/t/{foreign.ref}/1/react", data={"kind": "useful"}).status_code == 409
    )
    assert browser.post(f"/club/t/{own.ref}/accept", data={"no": 2}).status_code == 409
    assert topic_now(own).accepted_no is None
    assert db.session.execute(select(ForumReaction.__table__)).all() == []


def test_an_answer_is_counted_once_and_only_while_it_is_shown(app):
    asker, other, moderator = make_member(), make_member(), make_staff()
    topic = make_topic(make_space(kind="question"), asker)
    shown, hidden = make_reply(topic, other), make_reply(topic, other)
    stale = topic_now(topic)
    end_reading()
    for _ in range(2):  # the second form knows nothing of the first
        write(lambda on: writing.accept(stale, shown.no, asker, on=on))
    table = ForumProfile.__table__
    counted = select(table.c.answers_accepted).where(table.c.person_id == other.person_id)
    assert db.session.scalar(counted) == 1
    end_reading()
    write(lambda on: acts.set_shown(stale, hidden, False, moderator, reason="广告", on=on))
    with pytest.raises(Refused):
        write(lambda on: writing.accept(stale, hidden.no, asker, on=on))


def test_a_closed_topic_that_was_hidden_is_closed_when_it_is_shown_again(app):
    topic, moderator = make_topic(make_space(), make_member()), make_staff()
    post = first_post(topic)
    end_reading()
    write(lambda on: acts.set_state(topic, "locked", moderator, reason=None, on=on))
    for shown in (False, True):
        write(
            lambda on, shown=shown: acts.set_shown(topic, post, shown, moderator, reason="x", on=on)
        )
    assert topic_now(topic).state == "locked"


def test_titles_and_tags_hold_no_signs_that_control_or_turn_words(app, as_user):
    author, space = make_member(), make_space()
    topic = make_topic(space, author, title=f"冷链{DECEIVING}小件怎样选")
    assert topic_now(topic).title == "冷链小件怎样选"
    with pytest.raises(Refused):
        make_topic(space, author, title=f"冷{DECEIVING * 3}")
    sent = {"title": "箱型怎样选", "text": "大家用什么?", "tags": f"冷{DECEIVING}链"}
    for _ in range(2):  # past the first texts
        make_topic(space, author)
    answer = as_user(author).post(f"/club/s/{space.slug}/new", data=sent)
    assert answer.status_code == 303
    ref = answer.location.partition("/t/")[2].partition("?")[0]
    assert as_user(author).get("/club?tag=冷链").text.count(ref)


def test_what_a_hidden_post_is_made_to_say_is_not_put_into_the_search(app, monkeypatch):
    author, moderator = make_member(), make_staff()
    topic = make_topic(make_space(), author)
    post = first_post(topic)
    end_reading()
    write(lambda on: acts.set_shown(topic, post, False, moderator, reason="x", on=on))
    hidden, put = first_post(topic), []
    monkeypatch.setattr(writing.fulltext, "change", lambda *words, on: put.append(words))
    end_reading()
    write(
        lambda on: writing.edit(
            topic, hidden, "密语", author, base=hidden.version, reason=None, on=on
        )
    )
    assert put == []


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_first_and_the_last_day_that_there_is_can_be_searched_from(as_user, day):
    assert as_user(make_member()).get(f"/club/search?q=a&since={day}").status_code == 200
