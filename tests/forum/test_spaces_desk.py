"""The spaces of the club at the desk."""

import pytest
from sqlalchemy import select

from portal.core.db import db
from portal.forum.models import ForumSpace
from tests.factories import make_colleague, make_company, make_person
from tests.forum.making import make_member, make_space, make_topic

_S = ForumSpace.__table__
SAID = {
    **{f"name_{end}": f"冷链 {end}" for end in ("hans", "hant", "en")},
    **{f"about_{end}": "Kühlen" for end in ("hans", "hant", "en")},
    "kind": "question",
    "readers": ["*"],
    "starters": ["owner", "agent"],
    "repliers": ["*", "owner"],
    "least_trust": "1",
}


@pytest.fixture
def desk(as_user):
    return as_user(make_person(staff_role="manager"))


def space(slug):
    db.session.commit()
    return db.session.execute(select(_S).where(_S.c.slug == slug)).one()


def seen(page):
    return page.get_data(as_text=True).split('name="seen"')[1].split('value="')[1].split('"')[0]


def test_a_space_is_made_and_members_see_it(desk, as_user):
    assert desk.get("/desk/club/spaces/new").status_code == 200
    for slug in ("", "Kühl", "a b", "../x", "a--", "-a", "x" * 41):
        assert desk.post("/desk/club/spaces/new", data=SAID | {"slug": slug}).status_code == 422
    assert desk.post("/desk/club/spaces/new", data=SAID | {"slug": "cold-chain"}).status_code == 303
    assert desk.post("/desk/club/spaces/new", data=SAID | {"slug": "cold-chain"}).status_code == 422
    row = space("cold-chain")
    assert (row.repliers, row.starters, row.least_trust) == (["*"], ["owner", "agent"], 1)
    member = as_user(make_colleague(make_company(), "viewer"))
    assert "冷链 en" in member.get("/club/s/cold-chain").get_data(as_text=True)
    assert member.get("/club/s/cold-chain/new").status_code == 409


def test_who_edits_what_somebody_else_has_changed_is_told(desk):
    slug = make_space().slug
    page = desk.get(f"/desk/club/spaces/{slug}")
    assert page.get_data(as_text=True).count('value="*" checked') == 3
    mark = seen(page)
    first = desk.post(f"/desk/club/spaces/{slug}", data=SAID | {"seen": mark})
    assert first.status_code == 303
    late = SAID | {"seen": mark, "name_en": "Mine"}
    second = desk.post(f"/desk/club/spaces/{slug}", data=late)
    assert second.status_code == 422
    assert "Mine" in second.get_data(as_text=True)
    assert space(slug).names["en"] == "冷链 en"


@pytest.mark.parametrize(
    "wrong",
    [
        {"kind": "other"},
        {"readers": []},
        {"readers": ["nobody"]},
        {"least_trust": "9"},
        {"name_en": " \u202e "},
    ],
)
def test_what_no_space_can_be_is_refused(desk, wrong):
    slug = make_space().slug
    mark = seen(desk.get(f"/desk/club/spaces/{slug}"))
    answer = desk.post(f"/desk/club/spaces/{slug}", data=SAID | {"seen": mark} | wrong)
    assert answer.status_code == 422


def test_spaces_are_put_in_order_archived_and_brought_back(desk, as_user):
    one = make_space().slug
    two = make_space()
    topic = make_topic(two, make_member())
    before = space(two.slug).position - space(one).position
    for act in ("up", "up"):
        assert desk.post(f"/desk/club/spaces/{two.slug}/act", data={"act": act}).status_code == 303
    assert before > 0 > space(two.slug).position - space(one).position
    member = as_user(make_colleague(make_company(), "viewer"))
    for act, code in (("archive", 404), ("restore", 200)):
        desk.post(f"/desk/club/spaces/{two.slug}/act", data={"act": act})
        db.session.commit()
        assert member.get(f"/club/s/{two.slug}").status_code == code
        assert member.get(f"/club/t/{topic.ref}").status_code == code
    assert desk.get("/desk/club/spaces").status_code == 200
    assert desk.get("/desk/club/spaces/nothing").status_code == 404


def test_only_who_manages_the_club_edits_its_spaces(as_user):
    slug = make_space().slug
    for person in (make_colleague(make_company(), "owner"), make_person(staff_role="agent")):
        browser = as_user(person)
        assert browser.get("/desk/club/spaces").status_code == 403
        assert browser.post(f"/desk/club/spaces/{slug}", data=SAID).status_code == 403
