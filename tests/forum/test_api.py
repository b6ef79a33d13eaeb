"""The club by program: the rights of the pages, keys that repeat, pages by number."""

import pytest
from sqlalchemy import update

from portal.core.db import write
from portal.forum.models import ForumProfile
from portal.forum.queries import posts
from tests.factories import make_colleague, make_company, make_key, make_person
from tests.forum.making import make_member, make_reply, make_space, make_topic, topic_now

API = "/api/v1/club"


@pytest.fixture
def program(with_key):
    company = make_company()
    person = make_colleague(company, "operations")
    found = with_key(make_key(person, company))
    found.get(f"{API}/topics")
    write(lambda on: on.execute(update(ForumProfile.__table__).values(trust=1)))
    return found


def new_topic(space):
    return {"space": space.slug, "title": "冬季冰板怎么选", "text": "**请教**", "tags": ["冷链"]}


def test_a_topic_is_begun_read_and_replied_to(program):
    space = make_space()
    made = program.post(f"{API}/topics", json=new_topic(space))
    assert made.status_code == 201
    ref = made.json["id"]
    listed = program.get(f"{API}/topics?space={space.slug}").json
    assert [each["id"] for each in listed["items"]] == [ref]
    reply = program.post(f"{API}/topics/{ref}/posts", json={"text": "相变板", "reply_to": 1})
    assert (reply.status_code, reply.json["no"], reply.json["reply_to"]) == (201, 2, 1)
    first = program.get(f"{API}/topics/{ref}/posts?limit=1").json
    assert "<strong>请教</strong>" in first["items"][0]["html"]
    rest = program.get(f"{API}/topics/{ref}/posts?after={first['next']}").json
    assert ([each["no"] for each in rest["items"]], rest["next"]) == ([2], None)


def test_a_request_that_is_repeated_writes_once(program):
    topic = make_topic(make_space(), make_member())
    head = {"Idempotency-Key": "k1"}
    sent = [
        program.post(f"{API}/topics/{topic.ref}/posts", json={"text": "同上"}, headers=head)
        for _ in range(2)
    ]
    assert [each.status_code for each in sent] == [201, 201]
    assert sent[0].json["id"] == sent[1].json["id"]
    assert topic_now(topic).last_no == 2


def test_first_texts_wait(with_key):
    company = make_company()
    new = with_key(make_key(make_colleague(company, "operations"), company))
    topic = make_topic(make_space(), make_member())
    answer = new.post(f"{API}/topics/{topic.ref}/posts", json={"text": "大家好"})
    assert (answer.status_code, answer.json["state"]) == (202, "in_review")
    assert new.post(f"{API}/topics", json=new_topic(make_space())).status_code == 202
    assert topic_now(topic).last_no == 1


def test_a_reaction_said_twice_is_one_and_a_report_is_made_once(program):
    author = make_member()
    post = make_reply(make_topic(make_space(), author), author)
    said = [
        program.post(f"{API}/posts/{post.ref}/react", json={"kind": "useful"}) for _ in range(2)
    ]
    assert [each.json["count"] for each in said] == [1, 1]
    back = program.post(f"{API}/posts/{post.ref}/react", json={"kind": "useful", "on": False})
    assert back.json["count"] == 0
    way = f"{API}/posts/{post.ref}/flag"
    assert program.post(way, json={"reason": "nothing"}).status_code == 409
    assert program.post(way, json={"reason": "spam"}).status_code == 204
    assert program.post(way, json={"reason": "spam"}).status_code == 409


def test_what_is_not_for_a_key_looks_missing(program):
    author = make_member()
    topic = make_topic(make_space(readers=["agent"]), author)
    post = posts.posts_for(author, topic_now(topic), 1)[0]
    assert program.get(f"{API}/topics/{topic.ref}/posts").status_code == 404
    assert program.post(f"{API}/topics/{topic.ref}/posts", json={"text": "?"}).status_code == 404
    assert program.post(f"{API}/posts/{post.ref}/react", json={"kind": "useful"}).status_code == 404
    assert program.get(f"{API}/topics").json["items"] == []
    closed = make_topic(make_space(repliers=["agent"]), author)
    sent = program.post(f"{API}/topics/{closed.ref}/posts", json={"text": "?"})
    assert sent.status_code == 409
    assert program.post(f"{API}/topics", json={"space": "none"}).status_code == 422


def test_a_merged_topic_leads_on_and_so_does_a_post_that_was_moved(program, as_user):
    one, two = (make_topic(make_space(), make_member()) for _ in range(2))
    for text in ("eins", "zwei"):
        make_reply(one, make_member(), text)
    keeper = as_user(make_person(staff_role="moderator"))
    keeper.post(f"/club/t/{one.ref}/split", data={"no": ["2"], "title": "Etwas anderes"})
    moved = program.get(f"{API}/topics/{one.ref}/posts").json["items"][1]
    assert moved["state"] == "moved"
    assert moved["moved_to"]["no"] == 1
    assert keeper.post(f"/club/t/{one.ref}/merge", data={"into": two.ref}).status_code == 303
    led = program.get(f"{API}/topics/{one.ref}/posts?limit=2")
    assert (led.status_code, led.location) == (307, f"{API}/topics/{two.ref}/posts?limit=2")
    late = program.post(f"{API}/topics/{one.ref}/posts", json={"text": "Spät"})
    assert (late.status_code, late.json["topic"]) == (201, two.ref)
    assert late.json["no"] == topic_now(two).last_no
