"""Feeds: addresses of one's own, and what stands in them."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import delete, update

from portal.accounts.models import Company, Membership
from portal.core import clock, scope
from portal.core.db import db, write
from portal.forum.models import ForumPost, ForumTopic
from portal.forum.service import acts, blocking, reading
from tests.factories import make_colleague, make_company, make_person, user_of
from tests.forum.making import make_member, make_reply, make_space, make_topic


@pytest.fixture
def reader(as_user):
    company = make_company()
    person = make_colleague(company, "operations")
    browser = as_user(person)
    browser.get("/club")
    return user_of(person, company, "operations"), browser


def addresses(browser):
    page = browser.get("/club/me/feeds").get_data(as_text=True)
    return re.findall(r"http://localhost(/club/feeds/[^\"]+\.xml)", page)


def read(anybody, address):
    db.session.commit()
    answer = anybody.get(address)
    return answer.get_data(as_text=True) if answer.status_code == 200 else answer.status_code


def test_a_feed_shows_what_he_may_read_now_without_signing_in(reader, browser):
    _user, own = reader
    open_, closed = make_space(slug="open"), make_space(slug="closed", readers=["agent"])
    author = make_member()
    topic = make_topic(open_, author, "Kühlakkus <&>", text="**fett** ]]>")
    make_topic(closed, author, "Nur für uns", text="intern")
    make_reply(topic, author, "Zweite Antwort")
    assert addresses(own) == []
    own.post("/club/me/feeds")
    found = addresses(own)
    one = next(each for each in found if each.endswith("/open.xml"))
    for address in (found[0], one):
        xml = read(browser, address)
        assert "Kühlakkus &lt;&amp;&gt;" in xml
        assert "Zweite Antwort" in xml
        assert f"/club/t/{topic.ref}?post=2#p2" in xml
        assert "intern" not in xml
    assert read(browser, one.replace("open.xml", "closed.xml")) == 404
    kept = browser.get(found[0])
    again = browser.get(found[0], headers={"If-None-Match": kept.headers["ETag"]})
    assert again.status_code == 304
    assert kept.headers["Last-Modified"]


def test_hidden_muted_and_blocked_posts_are_in_no_feed(reader, browser):
    user, own = reader
    space, author, other = make_space(), make_member(), make_member()
    topic = make_topic(space, author, "Bleibt", text="sichtbar")
    make_reply(topic, other, "von dem Blockierten")
    make_reply(topic, author, "verborgen")
    muted = make_topic(space, author, "Stumm", text="stumm geschaltet")
    gone = make_topic(space, author, "Fort", text="zurückgezogen")
    own.post("/club/me/feeds")
    address = addresses(own)[0]
    db.session.commit()
    post = ForumPost.__table__
    hide = update(post).where(post.c.topic_id == topic.id, post.c.no == 3)
    write(lambda on: on.execute(hide.values(state="hidden")))
    away = update(ForumTopic.__table__).where(ForumTopic.id == gone.id)
    write(lambda on: on.execute(away.values(state="hidden")))
    write(lambda on: reading.follow(f"topic:{muted.id}", user.person_id, muted=True, on=on))
    write(lambda on: blocking.block(user, other.person_id, on=on))
    xml = read(browser, address)
    assert "sichtbar" in xml
    for word in ("Blockierten", "verborgen", "stumm geschaltet", "zurückgezogen"):
        assert word not in xml


def test_addresses_end_when_renewed_given_up_suspended_or_left(reader, browser):
    user, own = reader
    make_topic(make_space(), make_member())
    own.post("/club/me/feeds")
    first = addresses(own)[0]
    own.post("/club/me/feeds")
    second = addresses(own)[0]
    assert read(browser, first) == 404
    assert "<rss" in read(browser, second)
    assert read(browser, second.replace(".xml", "x.xml")) == 404
    moderator = user_of(make_person(staff_role="moderator"))
    db.session.commit()
    until = clock.now() + timedelta(days=1)
    said = {"reason": "Werbung"}
    write(lambda on: acts.sanction(user.person_id, "suspension", until, moderator, on=on, **said))
    assert read(browser, second) == 404
    write(lambda on: acts.lift(user.person_id, moderator, reason=None, on=on))
    assert "<rss" in read(browser, second)
    closed = update(Company).where(Company.id == user.company_id).values(lifecycle="suspended")
    for change, code in ((closed, 404), (closed.values(lifecycle="member"), None)):
        write(lambda on, change=change: on.execute(change.execution_options(**scope.CENTRE)))
        assert (read(browser, second) == 404) is (code == 404)
    left = delete(Membership).where(Membership.person_id == user.person_id)
    write(lambda on: on.execute(left.execution_options(**scope.CENTRE)))
    assert read(browser, second) == 404


def test_addresses_given_up_lead_nowhere(reader, browser):
    _user, own = reader
    own.post("/club/me/feeds")
    address = addresses(own)[0]
    own.post("/club/me/feeds", data={"act": "give_up"})
    assert addresses(own) == []
    assert read(browser, address) == 404
