"""Topics split, merged and turned back: numbers, links, reads and counts stay true."""

import threading

import pytest
from sqlalchemy import func, select, update

from portal.core.db import db, write
from portal.core.errors import NotFound, Refused
from portal.forum.models import ForumAct, ForumPost, ForumRead, ForumSpace, ForumTopic
from portal.forum.queries import posts, topics
from portal.forum.queries import threads as queries
from portal.forum.queries.topics import Filter
from portal.forum.rules import threads as rules
from portal.forum.service import acts, appealing, polls, reading, threads, unmerging, writing
from portal.forum.service.polls import Asked
from portal.forum.service.writing import Written
from tests.factories import make_person, user_of
from tests.forum.making import make_member, make_reply, make_space, make_topic, topic_now

pytestmark = pytest.mark.both_databases
_POST, _READ = ForumPost.__table__, ForumRead.__table__


def moderator():
    user = user_of(make_person(staff_role="moderator"))
    db.session.commit()
    return user


def do(work, topic, *rest, **more):
    """Call a use case with topics as they are now."""
    rows = [topic_now(each) if hasattr(each, "last_no") else each for each in (topic, *rest)]
    db.session.commit()
    return write(lambda on: work(*rows, reason="Ordnung", on=on, **more))


def numbers(topic):
    """Return what stands in a topic: (number, text; None where a post has gone)."""
    db.session.commit()
    wanted = select(_POST.c.no, _POST.c.text, _POST.c.state).where(_POST.c.topic_id == topic.id)
    rows = db.session.execute(wanted.order_by(_POST.c.no)).all()
    return [(row.no, row.text if row.state != "moved" else None) for row in rows]


def has_read(topic, user):
    db.session.commit()
    mine = (_READ.c.topic_id == topic.id, _READ.c.person_id == user.person_id)
    return db.session.scalar(select(_READ.c.no).where(*mine)) or 0


def read(topic, no, user):
    db.session.commit()
    write(lambda on: reading.mark(topic.id, no, user.person_id, on=on))


def check_counts():
    """Check every figure against what is there."""
    db.session.commit()
    for topic in db.session.execute(select(ForumTopic.__table__)).all():
        if topic.state == "merged":
            continue
        here = (_POST.c.topic_id == topic.id,)
        nos = list(db.session.scalars(select(_POST.c.no).where(*here).order_by(_POST.c.no)))
        assert nos == list(range(1, topic.last_no + 1))
        shown = select(func.count()).where(*here, _POST.c.state == "visible", _POST.c.no > 1)
        assert topic.reply_count == db.session.scalar(shown)
    for space in db.session.execute(select(ForumSpace.__table__)).all():
        mine = ForumTopic.__table__.c.space_id == space.id
        shown = select(func.count()).select_from(ForumTopic.__table__)
        assert space.topic_count == db.session.scalar(
            shown.where(mine, ForumTopic.state != "merged")
        )
        written = select(func.count()).select_from(_POST.join(ForumTopic.__table__))
        assert space.post_count == db.session.scalar(written.where(mine, _POST.c.state != "moved"))


@pytest.fixture
def talk(app):
    """Return a topic of six posts, who began it, who replied, and who keeps order."""
    author, other = make_member(), make_member()
    space = make_space()
    topic = make_topic(space, author, "Kühlbox", text="eins")
    for word in ("zwei", "drei", "vier", "fünf", "sechs"):
        make_reply(topic, other, word, reply_to=3 if word == "fünf" else None)
    return topic, author, other, moderator()


def test_posts_become_a_topic_of_their_own_and_their_links_lead_on(talk):
    topic, author, other, keeper = talk
    reader = make_member()
    read(topic, 4, reader)
    made = do(threads.split, topic, {3, 5, 6}, "Über Eis", keeper)
    assert numbers(topic) == [
        (1, "eins"),
        (2, "zwei"),
        (3, None),
        (4, "vier"),
        (5, None),
        (6, None),
    ]
    assert numbers(made) == [(1, "drei"), (2, "fünf"), (3, "sechs")]
    assert [queries.moved_to(author, topic.ref, no) for no in (2, 3, 6)] == [
        None,
        (made.ref, 1),
        (made.ref, 3),
    ]
    assert posts.post_for(author, made, 2).reply_to == 1
    assert (has_read(made, reader), has_read(made, other), has_read(topic, reader)) == (1, 3, 4)
    page = topics.topics_for(author, Filter(text="sechs"), None)
    assert [row.id for row in page.items] == [made.id]
    assert (made.author_id, made.title, made.reader_count) == (other.person_id, "Über Eis", 2)
    check_counts()
    act = db.session.execute(select(ForumAct.__table__)).one()
    assert (act.kind, act.person_id, act.topic_id) == ("split", other.person_id, made.id)


def test_a_split_is_turned_back_by_merging(talk):
    topic, author, other, keeper = talk
    made = do(threads.split, topic, {3, 5}, "Über Eis", keeper)
    make_reply(made, author, "neu")
    reader = make_member()
    read(topic, 6, reader)  # of the posts that had gone he has read none
    do(threads.merge, made, topic, keeper)
    words = ["eins", "zwei", "drei", "vier", "fünf", "sechs", "neu"]
    assert numbers(topic) == list(enumerate(words, 1))
    assert has_read(topic, reader) == 2
    assert has_read(topic, other) == 6
    assert queries.moved_to(author, made.ref, 2) == (topic.ref, 5)
    assert queries.moved_to(author, topic.ref, 5) is None
    check_counts()


def test_a_topic_goes_on_behind_another_and_its_links_lead_on(talk):
    topic, author, other, keeper = talk
    old = make_topic(make_space(), other, "Eisplatten", text="a")
    make_reply(old, author, "b", reply_to=1)
    both, one = make_member(), make_member()
    for user, nos in ((both, (6, 1)), (one, (2, 2))):
        read(topic, nos[0], user)
        read(old, nos[1], user)
    do(threads.merge, old, topic, keeper)
    words = ["eins", "zwei", "drei", "vier", "fünf", "sechs", "a", "b"]
    assert numbers(topic) == list(enumerate(words, 1))
    assert queries.led_on(author, old.ref) == topic.ref
    assert queries.moved_to(author, old.ref, 2) == (topic.ref, 8)
    assert posts.post_for(author, topic_now(topic), 8).reply_to == 7
    assert (has_read(topic, both), has_read(topic, one)) == (7, 2)
    with pytest.raises(NotFound):
        topics.topic_for(author, old.ref)
    check_counts()
    third = make_topic(make_space(), author, "Noch eine", text="x")
    do(threads.merge, topic, third, keeper)
    assert queries.moved_to(author, old.ref, 2) == (third.ref, 9)
    assert queries.led_on(author, old.ref) == third.ref
    check_counts()


@pytest.mark.parametrize("later", [False, True])
def test_a_merge_is_taken_apart_again(talk, later):
    topic, author, other, keeper = talk
    old = make_topic(make_space(), other, "Eisplatten", text="a")
    make_reply(old, author, "b", reply_to=1)
    asked = Asked(question="?", choices=["x", "y"])
    db.session.commit()
    write(lambda on: polls.begin(old, asked, other, on=on))
    do(threads.merge, old, topic, keeper)
    reader = make_member()
    read(topic, 8, reader)
    if later:
        make_reply(topic, author, "danach")
    do(unmerging.unmerge, old, keeper)
    assert numbers(old) == [(1, "a"), (2, "b")]
    words = ["eins", "zwei", "drei", "vier", "fünf", "sechs"]
    rest = [None, None, "danach"] if later else []
    assert numbers(topic) == list(enumerate([*words, *rest], 1))
    assert posts.post_for(author, topic_now(old), 2).reply_to == 1
    assert has_read(old, reader) == 2
    assert has_read(topic, reader) == (8 if later else 6)
    assert queries.moved_to(author, old.ref, 2) is None
    if later:
        assert queries.moved_to(author, topic.ref, 8) == (old.ref, 2)
    check_counts()
    with pytest.raises(Refused):
        do(unmerging.unmerge, old, keeper)


def test_an_accepted_answer_goes_along_or_is_taken_back(talk):
    _topic, author, other, keeper = talk
    space = make_space(kind="question")
    first, second = make_topic(space, author, "Frage A"), make_topic(space, author, "Frage B")
    for each in (first, second):
        make_reply(each, other)
        do(lambda topic, by, *, reason, on: writing.accept(topic, 2, by, on=on), each, author)
    do(threads.merge, first, second, keeper)
    assert topic_now(second).accepted_no == 2
    third = make_topic(space, author, "Frage C")
    do(threads.merge, second, third, keeper)
    assert topic_now(third).accepted_no == 3
    do(threads.split, third, {3, 4}, "Nur die Antwort", keeper)
    assert topic_now(third).accepted_no is None
    check_counts()


def test_what_cannot_be_split_or_merged_is_refused(talk):
    topic, author, _other, keeper = talk
    for chosen, title in (({1}, "Titel"), (set(), "Titel"), ({9}, "Titel"), ({2}, "x")):
        with pytest.raises(Refused):
            do(threads.split, topic, chosen, title, keeper)
    with pytest.raises(Refused):
        do(threads.merge, topic, topic, keeper)
    hidden = make_topic(make_space(), author)
    write(
        lambda on: on.execute(
            update(ForumTopic).where(ForumTopic.id == hidden.id).values(state="hidden")
        )
    )
    with pytest.raises(Refused):
        do(threads.merge, hidden, topic, keeper)
    assert rules.numbers_in("3, 5–7，9") == {3, 5, 6, 7, 9}
    with pytest.raises(Refused):
        rules.numbers_in("1-900000")
    check_counts()


def test_a_reply_that_was_on_its_way_when_its_topic_was_merged_arrives_behind(talk):
    topic, author, other, keeper = talk
    seen = make_topic(make_space(), author)
    same = update(ForumTopic).where(ForumTopic.id == seen.id).values(space_id=topic.space_id)
    write(lambda on: on.execute(same))
    seen = topic_now(seen)
    do(threads.merge, seen, topic, keeper)
    text = Written(text="unterwegs", reply_to=1)
    post = write(lambda on: writing.reply(seen, text, other, on=on))
    assert (post.topic_id, post.no, post.reply_to) == (topic.id, 8, 7)


def test_replies_and_merges_at_once_lose_nothing(app):
    author, keeper = make_member(), moderator()
    space = make_space()
    one, two = make_topic(space, author, "Erstes"), make_topic(space, author, "Zweites")
    people = [make_member() for _ in range(4)]
    db.session.commit()
    started = threading.Barrier(len(people) + 1)
    failed = []

    def write_replies(user):
        with app.app_context():
            started.wait()
            for number in range(5):
                text = Written(text=f"{user.person_id} {number}")
                try:
                    write(lambda on, t=text: writing.reply(one, t, user, on=on))
                except Refused as refusal:
                    failed.append(refusal)

    def merge():
        with app.app_context():
            started.wait()
            write(lambda on: threads.merge(one, two, keeper, reason=None, on=on))

    works = [threading.Thread(target=write_replies, args=(each,)) for each in people]
    for each in (*works, merger := threading.Thread(target=merge)):
        each.start()
    for each in (*works, merger):
        each.join()
    assert not failed
    db.session.commit()
    assert topic_now(two).last_no == 22
    check_counts()


def test_a_topic_becomes_a_suggestion_and_back(talk):
    topic, author, _other, keeper = talk
    ideas = make_space(kind="suggestion")
    with pytest.raises(Refused):
        do(threads.convert, topic, make_space(), keeper)
    do(threads.convert, topic, ideas, keeper)
    now = topic_now(topic)
    assert (now.space_id, now.suggestion) == (ideas.id, "new")
    check_counts()
    act = db.session.execute(select(ForumAct.__table__)).one()
    db.session.commit()
    write(lambda on: appealing.appeal(act, "War keine Idee", author, on=on))
    act = db.session.execute(select(ForumAct.__table__)).one()
    other = moderator()
    write(lambda on: appealing.answer_appeal(act, True, "Stimmt", other, on=on))
    now = topic_now(topic)
    assert (now.space_id, now.suggestion) == (topic.space_id, None)
    check_counts()


def test_an_appeal_against_a_merge_takes_it_apart(talk):
    topic, _author, other, keeper = talk
    old = make_topic(make_space(), other, "Eisplatten", text="a")
    do(threads.merge, old, topic, keeper)
    act = db.session.execute(select(ForumAct.__table__)).one()
    db.session.commit()
    write(lambda on: appealing.appeal(act, "Gehört nicht dazu", other, on=on))
    act = db.session.execute(select(ForumAct.__table__)).one()
    second = moderator()
    write(lambda on: appealing.answer_appeal(act, True, "Stimmt", second, on=on))
    assert (topic_now(old).state, topic_now(topic).last_no) == ("open", 6)
    check_counts()


def test_acts_against_a_post_follow_it(talk):
    topic, _author, _other, keeper = talk
    post = posts.post_for(keeper, topic_now(topic), 3)
    now = topic_now(topic)
    db.session.commit()
    write(lambda on: acts.set_shown(now, post, False, keeper, reason="Werbung", on=on))
    made = do(threads.split, topic, {2, 3}, "Anderes", keeper)
    act = db.session.execute(select(ForumAct.__table__).where(ForumAct.kind == "hidden")).one()
    assert (act.topic_id, act.no) == (made.id, 2)
    check_counts()
