"""Writing and reading in the forum."""

import pytest
from sqlalchemy import select, update

from portal.core.db import db, write
from portal.core.errors import NotFound, Refused
from portal.forum.models import ForumProfile, ForumTopic
from portal.forum.queries import posts, spaces, topics
from portal.forum.queries.topics import Filter
from portal.forum.service import reading, writing
from tests.forum.making import make_member, make_reply, make_space, make_topic, topic_now

pytestmark = pytest.mark.both_databases


def profile(user):
    table = ForumProfile.__table__
    return db.session.execute(select(table).where(table.c.person_id == user.person_id)).one()


def new_for(user):
    found = spaces.spaces_for(user)
    return sum(spaces.new_in(user, profile(user), found).values())


def test_posts_are_numbered_without_gaps_and_paged_by_number(app):
    author, other = make_member(), make_member()
    topic = make_topic(make_space(), author)
    for _ in range(24):
        make_reply(topic, other)
    now = topic_now(topic)
    assert (now.last_no, now.reply_count, posts.page_of(now.last_no)) == (25, 24, 2)
    assert [row.no for row in posts.posts_for(author, now, 1)] == list(range(1, 21))
    assert [row.no for row in posts.posts_for(author, now, 2)] == list(range(21, 26))


def test_the_same_form_sent_twice_is_one_post(app):
    author = make_member()
    space = make_space()
    first = make_topic(space, author, form_name="f1")
    assert make_topic(space, author, form_name="f1").id == first.id
    one = make_reply(first, author, form_name="f2")
    assert make_reply(first, author, form_name="f2").id == one.id
    assert topic_now(first).last_no == 2


def test_what_is_new_is_exact_for_each_person(app):
    reader, author = make_member(), make_member()
    topic = make_topic(make_space(), author)
    assert (new_for(reader), new_for(author)) == (1, 0)
    write(lambda on: reading.mark(topic.id, 1, reader.person_id, on=on))
    assert new_for(reader) == 0
    make_reply(topic, author)
    assert new_for(reader) == 1
    db.session.commit()
    write(lambda on: reading.follow(f"topic:{topic.id}", reader.person_id, muted=True, on=on))
    assert new_for(reader) == 0


def test_what_was_written_before_one_came_is_not_new(app):
    author = make_member()
    make_topic(make_space(), author)
    assert new_for(make_member()) == 0


def test_all_can_be_counted_as_read(app):
    reader, author = make_member(), make_member()
    make_topic(make_space(), author)
    db.session.commit()
    write(lambda on: reading.read_all(reader.person_id, on=on))
    assert new_for(reader) == 0


def test_reading_is_counted_once_and_earns_trust(app):
    author, reader = make_member(), make_member()
    topic = make_topic(make_space(), author)
    for _ in range(2):
        write(lambda on: reading.mark(topic.id, 1, reader.person_id, on=on))
    assert topic_now(topic).reader_count == 2  # who wrote it, and who read it
    assert (profile(reader).topics_read, profile(reader).posts_read) == (1, 1)


def test_a_reaction_is_counted_once_and_taken_back(app):
    author, reader = make_member(), make_member()
    topic = make_topic(make_space(), author)
    post = posts.post_for(reader, topic, 1)
    db.session.commit()
    assert write(lambda on: reading.react(topic, post, "useful", reader, on=on)) == 1
    assert profile(author).useful_got == 1
    db.session.commit()
    assert write(lambda on: reading.react(topic, post, "useful", reader, on=on)) == 0
    assert profile(author).useful_got == 0
    db.session.commit()
    with pytest.raises(Refused):
        write(lambda on: reading.react(topic, post, "useful", author, on=on))


def test_an_edit_keeps_what_was_said_and_refuses_what_was_not_seen(app):
    author = make_member()
    topic = make_topic(make_space(), author, text="第一稿")
    post = posts.post_for(author, topic, 1)
    db.session.commit()
    write(lambda on: writing.edit(topic, post, "第二稿", author, base=1, reason="补充", on=on))
    with pytest.raises(Refused):
        write(lambda on: writing.edit(topic, post, "冲突", author, base=1, reason=None, on=on))
    assert [row.text for row in posts.revisions_for(author, topic, 1)] == ["第一稿"]
    assert posts.post_for(author, topic, 1).text == "第二稿"


def test_an_answer_is_credited_to_its_author_until_it_is_taken_back(app):
    asker, expert = make_member(), make_member()
    topic = make_topic(make_space(kind="question"), asker)
    make_reply(topic, expert)
    for chosen, credit in ((2, 1), (None, 0)):
        now = topic_now(topic)
        db.session.commit()
        write(lambda on, now=now, chosen=chosen: writing.accept(now, chosen, asker, on=on))
        assert topic_now(topic).accepted_no == chosen
        assert profile(expert).answers_accepted == credit


def test_a_closed_topic_takes_no_replies(app):
    author = make_member()
    topic = make_topic(make_space(), author)
    from_table = topic_now(topic)
    db.session.commit()
    write(lambda on: on.execute(update(ForumTopic.__table__).values(state="locked")))
    with pytest.raises(Refused):
        write(lambda on: writing.reply(from_table, writing.Written(text="?"), author, on=on))


def test_words_are_found_in_chinese_and_english_where_one_may_read(app):
    author, agent = make_member(), make_member("viewer")
    open_, closed = make_space(), make_space(readers=["agent"])
    found = make_topic(open_, author, "Phase-change plates", text="冬季用相变板")
    make_topic(closed, author, "相变板价格", text="内部")
    make_reply(found, author, "replaced every three months")
    for words in ("相变板", "plates", "replaced months"):
        page = topics.topics_for(agent, Filter(text=words), profile(agent))
        assert [row.id for row in page.items] == [found.id]


def test_a_space_that_is_not_for_him_is_not_there(app):
    author, stranger = make_member(), make_member("viewer")
    space = make_space(readers=["owner"])
    topic = make_topic(space, author)
    assert topics.topic_for(author, topic.ref).id == topic.id
    for look in (
        lambda: topics.topic_for(stranger, topic.ref),
        lambda: spaces.space_for(stranger, space.slug),
        lambda: topics.topic_for(stranger, "TPNOTHING"),
    ):
        with pytest.raises(NotFound):
            look()
    assert topics.topics_for(stranger, Filter(), None).items == []


def test_lists_go_on_where_a_page_ended_with_pinned_topics_first(app, monkeypatch):
    monkeypatch.setattr(topics, "LIMIT", 2)
    author = make_member()
    space = make_space()
    made = [make_topic(space, author, f"第 {n} 个主题").id for n in range(5)]
    pinned = update(ForumTopic.__table__).where(ForumTopic.id == made[1]).values(pinned=1)
    write(lambda on: on.execute(pinned))
    seen, after = [], None
    while True:
        page = topics.topics_for(author, Filter(space=space.slug), None, after=after)
        seen += [row.id for row in page.items]
        if (after := page.next) is None:
            break
    assert seen == [made[1], made[4], made[3], made[2], made[0]]
