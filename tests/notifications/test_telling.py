"""Who is told of what, once, and of nothing that he may not see at this moment."""

import pytest
from sqlalchemy import insert, select, update

from portal.core import clock
from portal.core.db import db, write
from portal.core.jobs import Job
from portal.forum.models import ForumFollow, ForumPost, ForumProfile, ForumSpace
from portal.forum.service import acts, appealing, blocking, reading, writing
from portal.notifications.models import Notice, NoticeReader
from portal.notifications.service import posts
from portal.notifications.service.reading import mark_all
from tests.factories import make_person, user_of
from tests.forum.making import make_member, make_reply, make_space, make_topic, topic_now

pytestmark = pytest.mark.both_databases


def handle(user):
    return db.session.scalar(
        select(ForumProfile.handle).where(ForumProfile.person_id == user.person_id)
    )


def post_of(topic, no):
    mine = (ForumPost.__table__.c.topic_id == topic.id, ForumPost.__table__.c.no == no)
    return db.session.execute(select(ForumPost.__table__).where(*mine)).one()


def moderate(work):
    """Let a moderator do something: ``work(by, on)``."""
    by = user_of(make_person(staff_role="moderator"), None, None)
    db.session.commit()
    write(lambda on: work(by, on))


@pytest.fixture
def talk(app, told):
    """Return a topic, its author, somebody who replies, and let nobody be told of it."""
    author, other = make_member(name="Wang"), make_member(name="Li")
    topic = make_topic(make_space(), author, "Cold boxes")
    told()
    return topic, author, other


def test_new_replies_of_a_followed_topic_are_one_notice_that_counts_them(talk, told, say, bell):
    topic, author, other = talk
    for _ in range(3):
        make_reply(topic, other)
        told()
    assert say(author) == ["3 new replies in “Cold boxes”"]
    assert (bell(author), bell(other)) == (1, 0)


def test_who_is_named_and_replied_to_and_follows_is_told_once(talk, told, say, bell):
    topic, author, other = talk
    make_reply(topic, other, f"@{handle(author)} see here", reply_to=1)
    told()
    assert say(author) == ["Li named you in “Cold boxes”"]
    make_reply(topic, other, "And this", reply_to=1)
    told()
    assert say(author) == ["Li replied to you in “Cold boxes”", "Li named you in “Cold boxes”"]
    assert bell(author) == 2


def test_nobody_is_told_of_his_own_deeds(talk, told, say):
    topic, author, _other = talk
    make_reply(topic, author, f"@{handle(author)} I answer myself", reply_to=1)
    told()
    assert say(author) == []


def test_who_begins_a_topic_tells_the_followers_of_its_space_and_those_whom_he_names(told, say):
    author, follower, named = make_member(name="Wang"), make_member(), make_member()
    space = make_space()
    write(lambda on: reading.follow(f"space:{space.id}", follower.person_id, on=on))
    make_topic(space, author, "Rates", text=f"What do you pay, @{handle(named)}?")
    told()
    assert say(follower) == ["Wang began the topic “Rates”"]
    assert say(named) == ["Wang named you in “Rates”"]


def let_all_be_due():
    """Let every mail go now that waits for its minute or its morning."""
    notice, reader, now = Notice.__table__, NoticeReader.__table__, clock.now()
    db.session.commit()
    write(
        lambda on: on.execute(
            update(notice).where(notice.c.mail_at.is_not(None)).values(mail_at=now)
        )
    )
    write(
        lambda on: on.execute(
            update(reader).where(reader.c.digest_at.is_not(None)).values(digest_at=now)
        )
    )


def hide(topic, author, other):
    post = post_of(topic, 2)
    moderate(lambda by, on: acts.set_shown(topic, post, False, by, reason="x", on=on))


def hide_topic(topic, author, other):
    post = post_of(topic, 1)
    moderate(lambda by, on: acts.set_shown(topic, post, False, by, reason="x", on=on))


def close_space(topic, author, other):
    table = ForumSpace.__table__
    write(
        lambda on: on.execute(
            update(table).where(table.c.id == topic.space_id).values(readers=["manager"])
        )
    )


def block(topic, author, other):
    write(lambda on: blocking.block(author, other.person_id, on=on))


def mute(topic, author, other):
    write(lambda on: reading.follow(f"topic:{topic.id}", author.person_id, muted=True, on=on))


def mute_space(topic, author, other):
    write(lambda on: reading.follow(f"space:{topic.space_id}", author.person_id, muted=True, on=on))


def suspend(topic, author, other):
    until = clock.now() + acts.rules.LONGEST / 2
    who, kind = author.person_id, "suspension"
    moderate(lambda by, on: acts.sanction(who, kind, until, by, reason="x", on=on))


HIDDEN = [hide, hide_topic, close_space, block, mute, mute_space, suspend]


@pytest.mark.parametrize("close", HIDDEN)
@pytest.mark.parametrize("kind", ["mention", "reply", "followed"])
def test_what_may_not_be_seen_any_more_is_in_no_page_mail_day_or_count(
    talk, told, say, bell, mails, choose, kind, close
):
    topic, author, other = talk
    choose(author, mention="mail", reply="digest", followed="mail", act="none")
    text = f"@{handle(author)} look" if kind == "mention" else "Look"
    make_reply(topic, other, text, reply_to=1 if kind == "reply" else None)
    told()
    assert (len(say(author)), bell(author)) == (1, 1)
    db.session.commit()
    close(topic, author, other)
    let_all_be_due()
    told()
    assert say(author) == []
    assert [mail["subject"] for mail in mails(author)] == []
    write(lambda on: posts.recounting.settle(author.person_id, on=on))
    assert bell(author) == 0


@pytest.mark.parametrize("close", [hide, hide_topic, block, mute, mute_space, suspend, close_space])
def test_nobody_is_told_of_what_he_may_not_see_or_hear_when_it_is_told(
    talk, told, rows, close, choose
):
    topic, author, other = talk
    choose(author, act="none")
    make_reply(topic, other, f"@{handle(author)} look")
    close(topic, author, other)
    told()
    assert rows(author) == []


def test_what_is_shown_again_is_told_of_again_as_unread(talk, told, say, bell):
    topic, author, other = talk
    make_reply(topic, other)
    told()
    post = post_of(topic, 2)
    db.session.commit()
    hide(topic, author, other)
    told()
    assert (say(author), bell(author)) == ([], 0)
    now = topic_now(topic)
    moderate(lambda by, on: acts.set_shown(now, post, True, by, reason=None, on=on))
    told()
    assert (say(author), bell(author)) == (["1 new reply in “Cold boxes”"], 1)


def test_only_replies_that_are_shown_are_counted(talk, told, say):
    topic, author, other = talk
    for _ in range(3):
        make_reply(topic, other)
    told()
    hide(topic, author, other)
    told()
    assert say(author) == ["2 new replies in “Cold boxes”"]


def test_reading_the_topic_reads_its_notices(talk, told, say, bell):
    topic, author, other = talk
    make_reply(topic, other, f"@{handle(author)} look")
    told()
    db.session.commit()
    write(lambda on: reading.mark(topic.id, 2, author.person_id, on=on))
    write(lambda on: posts.recounting.settle(author.person_id, on=on))
    assert (say(author), bell(author)) == ([], 0)
    make_reply(topic, other, "Once more")
    told()
    assert say(author) == ["1 new reply in “Cold boxes”"]


def test_who_sat_before_the_topic_is_not_told(talk, told, rows):
    topic, author, other = talk
    make_reply(topic, other)
    db.session.commit()
    write(lambda on: reading.mark(topic.id, 2, author.person_id, on=on))
    told()
    assert rows(author) == []


def test_an_accepted_answer_is_told_and_taken_back(talk, told, say, bell):
    topic, author, other = talk
    make_reply(topic, other)
    now = topic_now(topic)
    db.session.commit()
    write(lambda on: writing.accept(now, 2, author, on=on))
    told()
    assert say(other) == ["Your reply in “Cold boxes” is taken for the answer"]
    now = topic_now(topic)
    db.session.commit()
    write(lambda on: writing.accept(now, None, author, on=on))
    told()
    assert (say(other), bell(other)) == ([], 0)


def test_reactions_are_one_notice_a_day_and_none_when_they_are_taken_back(talk, told, say, bell):
    topic, author, other = talk
    third, post = make_member(), post_of(topic, 1)
    db.session.commit()
    for user in (other, third):
        write(lambda on, user=user: reading.react(topic, post, "useful", user, on=on))
        told()
    assert say(author) == ["2 readers found your post in “Cold boxes” good"]
    write(lambda on: mark_all(author.person_id, on=on))
    write(lambda on: reading.react(topic, post, "thanks", other, on=on))
    told()
    assert (say(author), bell(author)) == ([], 0)


def test_a_reaction_taken_back_leaves_no_count(talk, told, say, bell):
    topic, author, other = talk
    post = post_of(topic, 1)
    db.session.commit()
    write(lambda on: reading.react(topic, post, "useful", other, on=on))
    told()
    assert bell(author) == 1
    write(lambda on: reading.react(topic, post, "useful", other, on=on))
    told()
    assert (say(author), bell(author)) == ([], 0)


def test_what_moderators_do_and_the_answer_to_an_appeal_are_told(talk, told, say):
    topic, author, other = talk
    make_reply(topic, other)
    db.session.commit()
    hide(topic, author, other)
    told()
    assert say(other) == ["A moderator: Post hidden"]
    table = acts.ForumAct.__table__
    act = db.session.execute(select(table).where(table.c.person_id == other.person_id)).one()
    db.session.commit()
    write(lambda on: appealing.appeal(act, "Why?", other, on=on))
    moderate(lambda by, on: appealing.answer_appeal(act, False, "So it is.", by, on=on))
    told()
    assert say(other) == [
        "Somebody else has looked again: it stays as it is",
        "A moderator: Post hidden",
    ]


def test_a_suggestions_status_is_told_to_its_author_and_to_those_who_follow_it(told, say):
    author, follower = make_member(), make_member()
    topic = make_topic(make_space(kind="suggestion"), author, "Night gate")
    write(lambda on: reading.follow(f"topic:{topic.id}", follower.person_id, on=on))
    said = {"reason": None, "suggestion": "planned"}
    moderate(lambda by, on: acts.set_state(topic, "status", by, on=on, **said))
    told()
    for user in (author, follower):
        assert say(user) == ["Suggestion “Night gate”: Planned"]


def test_who_wants_to_hear_nothing_of_a_kind_is_told_by_none(talk, told, rows, choose):
    topic, author, other = talk
    choose(author, followed="none")
    make_reply(topic, other)
    told()
    assert rows(author) == []


def test_telling_the_same_batch_again_changes_nothing(talk, told, rows, bell):
    topic, author, other = talk
    make_reply(topic, other)
    told()
    job = {"topic": topic.id, "kind": "followed", "about": f"topic:{topic.id}", "by": None}
    post = post_of(topic, 2)
    db.session.commit()
    posts.spread({**job, "post": post.id, "but": [], "after": 0})
    assert len(rows(author)) == bell(author) == 1


def test_a_topic_of_many_followers_is_told_in_batches(talk, told, carry_out, monkeypatch, rows):
    topic, author, other = talk
    monkeypatch.setattr(posts, "AT_ONCE", 3)
    monkeypatch.setattr(posts.rules, "BATCH", 4)
    people = [make_person(staff_role="moderator") for _ in range(12)]
    follows = [
        {"person_id": p.id, "about": f"topic:{topic.id}", "is_muted": False, "at": clock.now()}
        for p in people
    ]
    db.session.commit()
    write(lambda on: on.execute(insert(ForumFollow.__table__), follows))
    make_reply(topic, other)
    told()
    users = [author, *(user_of(person, None, None) for person in people)]
    assert sum(len(rows(user)) for user in users) == 3 - 1  # the writer himself is among them
    carry_out()
    assert [len(rows(user)) for user in users] == [1] * 13
    assert (
        db.session.scalar(select(Job.id).where(Job.kind == posts.SPREAD, Job.state != "done"))
        is None
    )
