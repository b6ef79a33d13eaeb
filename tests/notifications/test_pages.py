"""The page of notices, its bell, its settings; and that nobody sees another's."""

import pytest
from sqlalchemy import select

from portal.accounts.models import Person
from portal.core.db import db, write
from portal.forum.models import ForumProfile
from portal.forum.service import people
from tests.consignments.conftest import statements
from tests.factories import make_dispatcher, user_of
from tests.forum.making import make_member, make_reply, make_space, make_topic

__all__ = ["statements"]
PAGE = "/portal/notifications"


@pytest.fixture
def talk(app, told):
    author, other = make_member(name="Wang"), make_member(name="Li")
    topic = make_topic(make_space(), author, "Cold boxes")
    told()
    make_reply(topic, other)
    told()
    return topic, author, other


@pytest.fixture
def visit(as_user):
    """``visit(user)`` returns his browser."""
    return lambda user: as_user(db.session.get(Person, user.person_id))


def test_a_notice_is_shown_counted_opened_and_read(talk, visit, rows):
    topic, author, _other = talk
    browser = visit(author)
    page = browser.get(PAGE).text
    assert "1 new reply in “Cold boxes”" in page
    assert 'data-unread="1"' in page
    (notice,) = rows(author)
    reply = browser.get(f"{PAGE}/{notice.id}")
    assert (reply.status_code, reply.location) == (303, f"/club/t/{topic.ref}?post=2#p2")
    assert 'data-unread="0"' in browser.get(PAGE).text
    assert "You have read everything" in browser.get(f"{PAGE}?only=unread").text


def test_one_and_all_can_count_as_read_without_going_there(talk, visit, rows, told):
    topic, author, other = talk
    browser = visit(author)
    assert browser.post(f"{PAGE}/{rows(author)[0].id}", {"only": "unread"}).location.endswith(
        "?only=unread"
    )
    make_topic(make_space(), other, "Another", text=f"@{_handle(author)}")
    make_reply(topic, other)
    told()
    assert 'data-unread="2"' in browser.get(f"{PAGE}/count").text
    browser.post(PAGE)
    assert 'data-unread="0"' in browser.get(f"{PAGE}/count").text


def _handle(user):
    return db.session.scalar(
        select(ForumProfile.handle).where(ForumProfile.person_id == user.person_id)
    )


def test_nobody_opens_or_reads_the_notice_of_another(talk, visit, rows):
    _topic, author, other = talk
    (notice,) = rows(author)
    stranger = visit(other)
    for path in (f"{PAGE}/{notice.id}", f"{PAGE}/999999"):
        assert stranger.get(path).status_code == 404
        assert stranger.post(path).status_code == 404
    assert rows(author)[0].read_at is None


def test_visitors_are_shown_the_way_in_and_have_no_bell(app, browser):
    assert browser.get(PAGE).status_code == 302
    assert "data-bell" not in browser.get("/").text


def test_the_centres_people_have_notices_too(app, as_user, told):
    person = make_dispatcher()
    db.session.commit()
    write(lambda on: people.enter(user_of(person, None, None), on=on))
    make_topic(
        make_space(),
        make_member(name="Wang"),
        "Rates",
        text=f"@{_handle(user_of(person, None, None))}",
    )
    told()
    page = as_user(person).get(PAGE).text
    assert "Wang named you in “Rates”" in page
    assert "bar--desk" in page


def test_what_is_chosen_is_kept_and_what_is_not_offered_is_refused(talk, visit, told, rows):
    _topic, author, _other = talk
    browser = visit(author)
    assert 'value="mail" selected' in browser.get(f"{PAGE}/settings").text
    assert (
        browser.post(f"{PAGE}/settings", {"followed": "none", "mention": "digest"}).status_code
        == 303
    )
    assert 'value="digest" selected' in browser.get(f"{PAGE}/settings").text
    assert browser.post(f"{PAGE}/settings", {"hour": "mail"}).status_code == 409
    assert browser.post(f"{PAGE}/settings", {"followed": "pigeon"}).status_code == 409


def test_an_empty_page_says_what_to_do(app, visit):
    assert "Nothing for you yet" in visit(make_member()).get(PAGE).text


def test_pages_of_notices_follow_one_another_and_cost_the_same(talk, visit, told, statements):
    _topic, author, other = talk
    browser, space = visit(author), make_space()

    def cost():
        browser.get(PAGE)
        with statements() as seen:
            assert browser.get(PAGE).status_code == 200
        return len(seen)

    make_topic(space, other, "Topic number 35", text=f"@{_handle(author)}")
    told()
    before = cost()
    for number in range(34, -1, -1):
        make_topic(space, other, f"Topic number {number}", text=f"@{_handle(author)}")
    told()
    assert cost() <= before
    page = browser.get(PAGE).text
    assert page.count("is-unread") == 30
    assert "Topic number 0" in page
    older = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert browser.get(older).text.count("is-unread") == 7
    assert browser.get(f"{PAGE}?after=xyz").status_code == 422


def test_the_page_is_told_when_there_is_a_new_notice(talk, visit, live, told):
    _topic, author, other = talk
    page = live(visit(author))
    page.ask("follow", {"topic": "me", "ref": ""})
    make_topic(make_space(), other, "Another", text=f"@{_handle(author)}")
    told()
    assert "person.told" in [each["type"] for each in page.received()]


def test_who_follows_a_space_by_its_key_is_told_of_its_new_topics(app, visit, told, say):
    reader, author, space = make_member(), make_member(name="Wang"), make_space()
    browser, way = visit(reader), f"/club/s/{space.slug}"
    assert "Be told of new topics here" in browser.get(way).text
    assert browser.post(f"{way}/follow", {"how": "follow"}).status_code == 303
    assert 'aria-pressed="true"' in browser.get(way).text
    make_topic(space, author, "Rates")
    told()
    assert say(reader) == ["Wang began the topic “Rates”"]
    browser.post(f"{way}/follow", {"how": "none"})
    make_topic(space, author, "Prices")
    told()
    assert len(say(reader)) == 1
    closed = make_space(readers=["manager"])
    assert browser.post(f"/club/s/{closed.slug}/follow", {"how": "follow"}).status_code == 404
