"""Rights of each space for each role: in pages, in search, by program and on the socket."""

import pytest
from sqlalchemy import update

from portal.core.db import write
from portal.forum.models import ForumProfile
from tests.factories import make_colleague, make_company, make_key, make_person
from tests.forum.making import make_member, make_space, make_topic

SPACES = {
    "everybody": {},
    "the centre's": {
        "readers": ["agent", "sales"],
        "starters": ["agent", "sales"],
        "repliers": ["agent", "sales"],
    },
    "read only": {"starters": ["agent"], "repliers": ["agent"]},
    "owners begin": {"starters": ["owner"]},
    "regulars begin": {"least_trust": 2},
}
#: Role → space → what it may: read, start, write (reply). Moderators may all of it everywhere.
ALL = "read start write"
MATRIX = {
    "owner": {"everybody": ALL, "read only": "read", "owners begin": ALL},
    "viewer": {"everybody": ALL, "read only": "read", "owners begin": "read write"},
    "dispatcher": {"everybody": ALL, "read only": "read", "owners begin": "read write"},
    "agent": {
        "everybody": ALL,
        "the centre's": ALL,
        "read only": ALL,
        "owners begin": "read write",
    },
    "moderator": dict.fromkeys(SPACES, ALL),
}
for _role in ("owner", "viewer", "dispatcher", "agent"):
    MATRIX[_role]["regulars begin"] = "read write"


@pytest.fixture
def topics(app):
    author = make_member()
    made = {}
    for name, values in SPACES.items():
        space = make_space(**values)
        made[name] = (space, make_topic(space, author, title=f"Kühlkette {space.slug}"))
    return made


def someone(role):
    """Return a person of a role, and the company he works for."""
    if role in ("owner", "viewer"):
        company = make_company()
        return make_colleague(company, role), company
    return make_person(staff_role=role), None


@pytest.mark.parametrize("role", MATRIX)
def test_what_a_role_may_in_a_space(topics, as_user, with_key, live, role):
    person, company = someone(role)
    browser, program = as_user(person), with_key(make_key(person, company))
    browser.get("/club")
    write(lambda on: on.execute(update(ForumProfile.__table__).values(trust=1)))
    found = browser.get("/club/search?q=Kühlkette").text
    listed = {each["id"] for each in program.get("/api/v1/club/topics").json["items"]}
    for name, (space, topic) in topics.items():
        may = MATRIX[role].get(name, "").split()
        read = "read" in may
        pages = [f"/club/s/{space.slug}", f"/club/t/{topic.ref}", f"/club/t/{topic.ref}/posts?no=1"]
        seen = [browser.get(path).status_code for path in pages]
        assert seen == [200 if read else 404] * 3, name
        assert (topic.ref in found, topic.ref in listed) == (read, read), name
        heard = live(browser).ask("follow", {"topic": "topic", "ref": topic.ref})
        assert heard["ok"] is read, name
        begun = browser.get(f"/club/s/{space.slug}/new").status_code
        assert begun == (200 if "start" in may else 409 if read else 404), name
        reply = program.post(f"/api/v1/club/topics/{topic.ref}/posts", json={"text": "好"})
        assert reply.status_code == (201 if "write" in may else 409 if read else 404), name


def test_a_visitor_and_a_key_without_the_right_see_nothing(topics, browser, with_key):
    _space, topic = topics["everybody"]
    company = make_company()
    narrow = with_key(make_key(make_colleague(company), company, scopes=("consignments.see",)))
    assert browser.get(f"/club/t/{topic.ref}").status_code == 302
    assert browser.get("/api/v1/club/topics").status_code == 401
    assert narrow.get("/api/v1/club/topics").status_code == 403
    reader = with_key(make_key(make_colleague(company), company, scopes=("club.enter",)))
    way = f"/api/v1/club/topics/{topic.ref}/posts"
    assert reader.get(way).status_code == 200
    assert reader.post(way, json={"text": "好"}).status_code == 403
