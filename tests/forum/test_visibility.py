"""What is hidden, waits, is muted or blocked: in page, list, search, by program and on the socket."""

import threading
from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from portal.core import clock
from portal.core.db import db, end_reading, write
from portal.forum.models import ForumAct, ForumPost, ForumProfile, ForumReview
from portal.forum.queries import posts
from portal.forum.queries.search import Asked, posts_like
from portal.forum.service import acts, blocking, holding, reading, reporting
from portal.forum.service.writing import Written
from tests.factories import make_colleague, make_company, make_key, make_person, user_of
from tests.forum.making import make_member, make_reply, make_space, make_topic, topic_now

SECRET = "冷王价格表"


@pytest.fixture
def company(app):
    return make_company()


@pytest.fixture
def person(company):
    return make_colleague(company)


@pytest.fixture
def topic(app):
    return make_topic(make_space(), make_member())


@pytest.fixture
def moderator(app):
    person = make_person(staff_role="moderator")
    return user_of(person).__class__(
        person_id=person.id,
        name=person.name,
        email=person.email,
        staff_role="moderator",
        rights=frozenset({"club.enter", "club.write", "club.moderate"}),
    )


def shown_to(browser, program, topic):
    """Return where the secret is shown: page, part, search, list, by program."""
    places = {
        "page": browser.get(f"/club/t/{topic.ref}/page/1").text,
        "part": browser.get(f"/club/t/{topic.ref}/posts?after=0").text,
        "search": browser.get(f"/club/search?q={SECRET}").text.partition("found-list")[2],
        "quote": browser.get(f"/club/t/{topic.ref}/2/quote").text,
        "history": browser.get(f"/club/t/{topic.ref}/2/history").text,
        "program": program.get(f"/api/v1/club/topics/{topic.ref}/posts").text,
    }
    return {name for name, text in places.items() if SECRET[:2] in text and "价格" in text}


def test_a_hidden_post_is_nowhere_and_comes_back(
    topic, moderator, person, company, as_user, with_key
):
    browser, program = as_user(person), with_key(make_key(person, company))
    make_reply(topic, make_member(), SECRET)
    everywhere = {"page", "part", "quote", "program"}
    assert shown_to(browser, program, topic) >= everywhere
    post = posts.post_for(moderator, topic_now(topic), 2)
    end_reading()
    write(lambda on: acts.set_shown(topic, post, False, moderator, reason="广告", on=on))
    assert shown_to(browser, program, topic) == set()
    assert posts_like(user_of(person, company), Asked(text=SECRET)).items == []
    end_reading()
    post = posts.post_for(moderator, topic_now(topic), 2)
    end_reading()
    write(lambda on: acts.set_shown(topic, post, True, moderator, reason=None, on=on))
    assert shown_to(browser, program, topic) >= everywhere


def test_readers_are_told_that_a_post_was_hidden_and_never_what_it_said(
    topic, moderator, person, company, live, relayed
):
    page = live(key=make_key(person, company))
    assert page.ask("follow", {"topic": "topic", "ref": topic.ref})["ok"]
    relayed()
    make_reply(topic, make_member(), SECRET)
    post = posts.post_for(moderator, topic_now(topic), 2)
    end_reading()
    write(lambda on: acts.set_shown(topic, post, False, moderator, reason="广告", on=on))
    relayed()
    heard = page.received()
    assert [each["type"] for each in heard] == ["forum.post_written", "forum.post_shown"]
    assert heard[1]["data"] == {"ref": topic.ref, "no": 2, "shown": False}
    assert SECRET not in str(heard)


def test_a_text_in_review_is_seen_by_its_author_alone(topic, person, company, as_user, with_key):
    browser, program = as_user(person), with_key(make_key(person, company))
    newcomer = make_member()
    end_reading()
    write(lambda on: holding.hold(None, topic, Written(text=SECRET), newcomer, on=on))
    assert shown_to(browser, program, topic) == set()
    assert topic_now(topic).last_no == 1
    assert SECRET not in browser.get("/club/me").text


def test_a_topic_that_moves_away_or_is_hidden_is_cut_from_its_readers(
    topic, moderator, person, company, live, relayed
):
    page = live(key=make_key(person, company))
    assert page.ask("follow", {"topic": "topic", "ref": topic.ref})["ok"]
    relayed()
    away = make_space(readers=["agent"])
    end_reading()
    write(lambda on: acts.set_state(topic, "moved", moderator, reason="内部", on=on, space=away))
    relayed()
    assert not page.is_open
    again = live(key=make_key(person, company))
    assert not again.ask("follow", {"topic": "topic", "ref": topic.ref})["ok"]


def test_posts_of_people_who_are_blocked_are_folded_for_that_reader_alone(
    topic, person, company, as_user, with_key
):
    author, browser = make_member(), as_user(person)
    make_reply(topic, author, SECRET)
    browser.get("/club")
    me = user_of(person, company)
    end_reading()
    write(lambda on: blocking.block(me, author.person_id, on=on))
    page = browser.get(f"/club/t/{topic.ref}/page/1").text
    assert '<details class="post-folded">' in page
    assert '<details class="post-folded">' in browser.get(f"/club/search?q={SECRET}").text
    items = with_key(make_key(person, company)).get(f"/api/v1/club/topics/{topic.ref}/posts").json
    assert [each["author"]["blocked"] for each in items["items"]] == [False, True]
    other = as_user(make_colleague(company)).get(f"/club/t/{topic.ref}/page/1").text
    assert "post-folded" not in other


def test_what_is_muted_is_never_new(topic, person, company, as_user):
    browser = as_user(person)
    browser.get("/club")
    me = user_of(person, company)
    make_reply(topic, make_member(), SECRET)
    assert topic.ref in browser.get("/club?only=new").text
    end_reading()
    write(lambda on: reading.follow(f"topic:{topic.id}", me.person_id, muted=True, on=on))
    assert 'class="count"' not in browser.get("/club?only=new").text.split("topic-list")[-1]


@pytest.mark.both_databases
def test_forty_who_report_at_once_hide_a_post_once(topic, app):
    post = make_reply(topic, make_member(), SECRET)
    people = [make_member() for _ in range(40)]
    db.session.commit()
    faults = []

    def report(user):
        with app.app_context():
            try:
                write(
                    lambda on: reporting.report(
                        topic, post, user, reason="spam", text=None, trust=1, on=on
                    )
                )
            except Exception as fault:
                faults.append(fault)
            finally:
                db.session.remove()

    threads = [threading.Thread(target=report, args=(user,)) for user in people]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []
    reviews = db.session.scalar(select(func.count()).select_from(ForumReview.__table__))
    row = db.session.execute(
        select(ForumPost.state, ForumPost.flagged).where(ForumPost.id == post.id)
    )
    assert (reviews, row.one()) == (1, ("hidden", 4000))
    assert topic_now(topic).reply_count == 0
    assert db.session.scalar(select(func.count()).select_from(ForumAct.__table__)) == 0


def test_the_same_form_sent_by_two_at_once_is_one_post(topic, person, as_user):
    browser = as_user(person)
    browser.get("/club")
    write(lambda on: on.execute(update(ForumProfile.__table__).values(trust=1)))
    said = {"text": SECRET, "form_name": "the same"}
    sent = [browser.post(f"/club/t/{topic.ref}", data=said) for _ in range(3)]
    assert len({each.location for each in sent}) == 1
    assert topic_now(topic).last_no == 2


def test_who_is_silenced_keeps_what_he_wrote(topic, moderator, person, company, as_user):
    browser = as_user(person)
    browser.get("/club")
    until = clock.now() + timedelta(days=1)
    write(lambda on: on.execute(update(ForumProfile.__table__).values(trust=1)))
    write(lambda on: acts.sanction(person.id, "silence", until, moderator, reason="吵", on=on))
    assert "read, but not write" in browser.get(f"/club/t/{topic.ref}").text  # before he types
    reported = browser.post(f"/club/t/{topic.ref}/1/report", data={"reason": "spam"})
    assert reported.status_code == 303
    answer = browser.post(f"/club/t/{topic.ref}", data={"text": SECRET, "form_name": "s"})
    assert (answer.status_code, SECRET in answer.text) == (422, True)
    assert SECRET in browser.get("/club/me/drafts").text
