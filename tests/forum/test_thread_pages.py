"""Old addresses of topics and posts, and the pages on which moderators split and merge."""

import pytest

from portal.core.db import db
from tests.factories import make_colleague, make_company, make_person
from tests.forum.making import make_member, make_reply, make_space, make_topic, topic_now
from tests.forum.test_threads import numbers


@pytest.fixture
def keeper(as_user):
    return as_user(make_person(staff_role="moderator"))


@pytest.fixture
def member(as_user):
    browser = as_user(make_colleague(make_company(), "viewer"))
    browser.get("/club")
    return browser


def talk(replies=3, **values):
    topic = make_topic(make_space(**values), make_member(), text="eins")
    other = make_member()
    for number in range(replies):
        make_reply(topic, other, f"Antwort {number + 2}")
    return topic


def test_posts_are_split_off_and_their_links_lead_on(keeper, member):
    topic = talk()
    page = keeper.get(f"/club/t/{topic.ref}/threads").get_data(as_text=True)
    assert "Antwort 3" in page
    said = {"no": ["2"], "numbers": "4", "title": "Etwas anderes", "reason": "Thema"}
    made = keeper.post(f"/club/t/{topic.ref}/split", data=said)
    assert made.status_code == 303
    ref = made.location.split("/club/t/")[1]
    assert "Antwort 4" in member.get(f"/club/t/{ref}").get_data(as_text=True)
    led = member.get(f"/club/t/{topic.ref}?post=4")
    assert (led.status_code, led.location) == (302, f"/club/t/{ref}?post=2#p2")
    here = member.get(f"/club/t/{topic.ref}").get_data(as_text=True)
    assert "Antwort 3" in here
    assert "Antwort 4" not in here
    assert f"/club/t/{topic.ref}?post=4" in here


def test_a_merged_topic_leads_on_and_what_is_sent_to_it_arrives(keeper, member):
    one, two = talk(), talk()
    assert keeper.post(f"/club/t/{one.ref}/merge", data={"into": "?"}).status_code == 409
    way = f"http://localhost/club/t/{two.ref}?page=1"
    assert keeper.post(f"/club/t/{one.ref}/merge", data={"into": way}).status_code == 303
    assert member.get(f"/club/t/{one.ref}").location == f"/club/t/{two.ref}"
    assert member.get(f"/club/t/{one.ref}?post=2").location == f"/club/t/{two.ref}?post=6#p6"
    sent = keeper.post(f"/club/t/{one.ref}", data={"text": "Spät", "form_name": "s"})
    assert sent.location == f"/club/t/{two.ref}?post=9#p9"
    assert keeper.post(f"/club/t/{one.ref}/unmerge").status_code == 303
    assert len(numbers(one)) == 4
    assert member.get(f"/club/t/{one.ref}").status_code == 200


def test_only_who_moderates_takes_topics_apart(keeper, member):
    topic, other = talk(), talk()
    for act in ("split", "merge", "unmerge", "convert"):
        assert member.post(f"/club/t/{topic.ref}/{act}").status_code == 403
    assert member.get(f"/club/t/{topic.ref}/threads").status_code == 403
    assert keeper.get("/club/t/TPNOTHERE1/threads").status_code == 404
    assert keeper.post(f"/club/t/{other.ref}/unmerge").status_code == 404


def test_an_old_address_does_not_lead_where_one_may_not_read(keeper, member):
    open_, closed = talk(), talk(readers=["agent"])
    assert keeper.post(f"/club/t/{open_.ref}/merge", data={"into": closed.ref}).status_code == 303
    for way in ("", "?post=2"):
        assert member.get(f"/club/t/{open_.ref}{way}").status_code == 404
    assert member.post(f"/club/t/{open_.ref}", data={"text": "x"}).status_code == 404


def test_a_topic_is_made_a_suggestion_by_its_page(keeper):
    topic, ideas = talk(), make_space(kind="suggestion", slug="ideas")
    assert keeper.post(f"/club/t/{topic.ref}/convert", data={"space": "ideas"}).status_code == 303
    db.session.commit()
    now = topic_now(topic)
    assert (now.space_id, now.suggestion) == (ideas.id, "new")
    log = keeper.get("/desk/review/log")
    assert log.status_code == 200
    assert "suggestion" in log.get_data(as_text=True)


def test_moving_among_suggestions_makes_one_and_moving_away_makes_none(keeper):
    topic, away, ideas = talk(), make_space(), make_space(kind="suggestion", slug="ideas")
    for space, became in ((ideas, "new"), (away, None)):
        said = {"act": "moved", "space": space.slug}
        assert keeper.post(f"/club/t/{topic.ref}/act", data=said).status_code == 303
        db.session.commit()
        now = topic_now(topic)
        assert (now.space_id, now.suggestion) == (space.id, became)
