"""Share links: who makes them, what they open, and that they end."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select, update

from portal.accounts.models import Company
from portal.consignments.queries.one import consignment_for
from portal.core import clock, scope
from portal.core.db import db, transaction
from portal.core.events import EventRecord
from portal.tracking import queries, service
from portal.tracking.models import ShareLink
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_dispatcher,
    make_key,
    push,
    user_of,
)

SECRETS = ("周敏", "13800006021", "文一西路", "311121", "内部", "华东家居")


def make_link(precision="full", company=None, **values):
    """Make a link and return (number, reference, token, the person who made it)."""
    company = company or make_company()
    person = make_colleague(company)
    user, no = user_of(person, company), make_consignment(company).no
    push(no, "picked_up", place="下沙站 3 号", note="留门口")
    push(no, "note", note="内部", published=False)
    with transaction():
        consignment = consignment_for(user, no)
        usual = {"label": None, "precision": precision, "days": 7}
        ref, token = service.share(consignment, **(usual | values), by=user)
    return no, ref, token, user


def end(ref, user):
    """Revoke a link."""
    with transaction():
        service.revoke(queries.link_for(user, ref), by=user)


def link(ref):
    """Return a link as it is now."""
    db.session.rollback()
    table = ShareLink.__table__
    query = select(table).where(table.c.ref == ref).execution_options(**scope.CENTRE)
    return db.session.execute(query).one()


def test_a_full_link_shows_the_way_with_places_but_masks_people(browser):
    _no, _ref, token, _user = make_link()
    page = browser.get(f"/s/{token}")
    assert page.status_code == 200
    assert "下沙站 3 号" in page.text
    assert [word for word in SECRETS if word in page.text] == []


def test_a_city_link_shows_no_place_no_note_and_nobody(browser):
    _no, _ref, token, _user = make_link("city")
    page = browser.get(f"/s/{token}").text
    assert "杭州" in page
    assert [word for word in (*SECRETS, "下沙站", "留门口", "周*", "6021") if word in page] == []


def test_a_shared_page_tells_its_address_to_nobody(browser):
    _no, _ref, token, _user = make_link()
    headers = browser.get(f"/s/{token}").headers
    assert headers["Referrer-Policy"] == "strict-origin"
    assert headers["Cache-Control"] == "no-store"
    assert "noindex" in headers["X-Robots-Tag"]
    assert "Set-Cookie" not in headers


def test_unknown_expired_and_revoked_links_look_alike(browser):
    _, expired, token, _ = make_link()
    _, revoked, other, user = make_link()
    end(revoked, user)
    past = clock.now() - timedelta(seconds=1)
    table = ShareLink.__table__
    with transaction():
        over = update(table).where(table.c.ref == expired).values(expires_at=past)
        db.session.execute(over.execution_options(**scope.CENTRE))
    replies = [browser.get(f"/s/{each}") for each in (token, other, "x" * 43, "💥")]
    assert {reply.status_code for reply in replies} == {404}
    assert all("This link does not open anything" in reply.text for reply in replies)
    assert browser.get(f"/s/{token}/timeline").status_code == 404
    assert browser.get(f"/s/{other}/timeline").status_code == 404


def test_openings_are_counted_once_the_page_was_sent(browser):
    _no, ref, token, _user = make_link()
    for method in ("GET", "HEAD", "GET"):
        browser.open(f"/s/{token}", method=method).close()
    assert (link(ref).opened_count, link(ref).opened_at is not None) == (2, True)


def test_only_the_hash_of_a_token_is_kept():
    assert "token" not in ShareLink.__table__.columns


def test_a_full_link_hears_events_until_it_is_revoked(live, relayed):
    no, ref, token, user = make_link()
    relayed()
    socket = live()
    asked = {"topic": "consignment", "ref": no, "token": token}
    assert socket.ask("follow", asked)["ok"] is True
    push(no, "dest_city", place="下沙站 3 号")
    relayed()
    assert [event["data"]["place"] for event in socket.received()] == ["下沙站 3 号"]
    end(ref, user)
    relayed()
    assert not socket.is_open
    assert live().ask("follow", asked)["ok"] is False


def test_a_city_link_hears_milestones_only(live, relayed):
    no, _ref, token, _user = make_link("city")
    relayed()
    socket = live()
    assert socket.ask("follow", {"topic": "consignment", "ref": no, "token": token})["ok"] is True
    push(no, "dest_city", place="下沙站 3 号", note="留门口")
    relayed()
    (heard,) = socket.received()
    assert set(heard["data"]) == {"no", "code", "classifier", "status", "occurred_at"}


def test_a_link_does_not_open_another_number(live):
    _no, _ref, token, _user = make_link()
    other = make_consignment().no
    assert (
        live().ask("follow", {"topic": "consignment", "ref": other, "token": token})["ok"] is False
    )


@pytest.mark.both_databases
def test_making_and_revoking_are_recorded_and_revoking_twice_is_one(app):
    _no, ref, _token, user = make_link()
    end(ref, user)
    end(ref, user)
    names = db.session.scalars(
        select(EventRecord.name)
        .where(EventRecord.name.like("consignment.link%"))
        .order_by(EventRecord.id)
    )
    assert list(names) == ["consignment.link_shared", "consignment.link_revoked"]


@pytest.mark.both_databases
def test_counting_openings_adds_up(app):
    _no, ref, _token, _user = make_link()
    link_id = link(ref).id
    with transaction():
        for _ in range(3):
            service.count_opening(link_id, on=db.session.connection())
    assert link(ref).opened_count == 3


def test_a_member_makes_a_link_sees_it_once_and_revokes_it(as_user, browser):
    company = make_company()
    member = as_user(make_colleague(company))
    no = make_consignment(company).no
    reply = member.post(
        f"/portal/consignments/{no}/links", {"label": "周先生", "precision": "city", "days": "3"}
    )
    assert reply.status_code == 303
    page = member.get(reply.location).text
    token = page.split("/s/")[1].split('"')[0]
    assert browser.get(f"/s/{token}").status_code == 200
    assert "/s/" not in member.get(reply.location).text
    ref = page.split("/portal/consignments/links/")[1].split("/")[0]
    assert member.post(f"/portal/consignments/links/{ref}/revoke").status_code == 303
    assert browser.get(f"/s/{token}").status_code == 404


@pytest.mark.parametrize(
    "wrong",
    [
        {"days": "0"},
        {"days": "91"},
        {"days": "x"},
        {"precision": "all"},
        {"label": "x" * 101},
        {"label": "\x00"},
    ],
)
def test_a_link_with_a_wrong_field_is_not_made(as_user, wrong):
    company = make_company()
    no = make_consignment(company).no
    given = {"label": "", "precision": "city", "days": "3"} | wrong
    reply = as_user(make_colleague(company)).post(f"/portal/consignments/{no}/links", given)
    assert reply.status_code == 422
    assert count_of_links() == 0


def count_of_links():
    """Return how many links there are."""
    db.session.rollback()
    query = select(func.count()).select_from(ShareLink.__table__)
    return db.session.scalar(query.execution_options(**scope.CENTRE))


def test_a_stranger_cannot_make_see_or_revoke_links(as_user):
    no, ref, _token, _user = make_link()
    stranger = as_user(make_colleague())
    given = {"precision": "full", "days": "3"}
    assert stranger.post(f"/portal/consignments/{no}/links", given).status_code == 404
    assert stranger.get(f"/portal/consignments/{no}/links").status_code == 404
    assert stranger.post(f"/portal/consignments/links/{ref}/revoke").status_code == 404
    assert (count_of_links(), link(ref).revoked_at) == (1, None)


def test_a_viewer_sees_links_but_may_not_make_them(as_user):
    company = make_company()
    no = make_consignment(company).no
    viewer = as_user(make_colleague(company, "viewer"))
    assert viewer.get(f"/portal/consignments/{no}/links").status_code == 200
    given = {"precision": "full", "days": "3"}
    assert viewer.post(f"/portal/consignments/{no}/links", given).status_code == 403


def test_a_visitor_is_shown_the_way_in(browser):
    no = make_consignment().no
    assert browser.get(f"/portal/consignments/{no}/links").status_code == 302


def test_staff_do_not_share_for_a_company(as_user):
    no, ref, _token, _user = make_link()
    staff = as_user(make_dispatcher())
    assert staff.post(f"/portal/consignments/links/{ref}/revoke").status_code == 403
    assert staff.post(f"/portal/consignments/{no}/links", {}).status_code == 403


def test_a_program_makes_and_ends_links(with_key, browser):
    company = db.session.get(Company, make_company().id)
    person = make_colleague(company)
    program = with_key(make_key(person, company, ("consignments.see", "links.share")))
    no = make_consignment(company).no
    made = program.post(f"/api/v1/consignments/{no}/links", {"precision": "full", "days": 5})
    assert made.status_code == 201, made.text
    assert browser.get(made.json["url"].removeprefix("http://localhost")).status_code == 200
    listed = program.get(f"/api/v1/consignments/{no}/links").json["items"]
    assert [each["id"] for each in listed] == [made.json["id"]]
    assert "token" not in listed[0]
    assert program.delete(f"/api/v1/links/{made.json['id']}").status_code == 204
    assert browser.get(f"/s/{made.json['token']}").status_code == 404


def test_a_foreign_program_finds_no_such_thing(with_key):
    no, ref, _token, _user = make_link()
    company = make_company()
    program = with_key(
        make_key(make_colleague(company), company, ("consignments.see", "links.share"))
    )
    assert program.post(f"/api/v1/consignments/{no}/links", {}).status_code == 404
    assert program.delete(f"/api/v1/links/{ref}").status_code == 404
    assert link(ref).revoked_at is None


@pytest.mark.parametrize(
    "wrong", [{"days": 0}, {"days": "5"}, {"days": 2**70}, {"precision": "x"}, {"x": 1}, []]
)
def test_a_program_is_told_what_is_wrong(with_key, wrong):
    company = make_company()
    program = with_key(
        make_key(make_colleague(company), company, ("consignments.see", "links.share"))
    )
    no = make_consignment(company).no
    reply = program.post(f"/api/v1/consignments/{no}/links", wrong)
    assert reply.status_code == 422
    assert count_of_links() == 0


def test_a_link_to_cities_says_no_longer_now_of_a_city_that_the_goods_have_left(browser):
    no, _ref, token, _user = make_link("city")
    push(no, "picked_up")
    assert 'data-stop="now"' in browser.get(f"/s/{token}").text
    push(no, "hub_arrived", place="武汉分拨中心")
    page = browser.get(f"/s/{token}").text
    assert 'data-stop="passed"' in page
    assert 'data-stop="now"' not in page


@pytest.mark.parametrize(
    ("place", "city"),
    [("武汉分拨中心", "武汉"), ("somewhere unheard of", None), ("XYZ street 5, back door", None)],
)
def test_the_number_alone_names_the_city_of_a_hub_by_the_gazetteers_name(browser, place, city):
    no = make_consignment().no
    push(no, "picked_up")
    push(no, "hub_arrived", place=place)
    told = browser.get(f"/api/v1/track/{no}?lang=zh-Hans").json["city"]
    assert (told is None) if city is None else (city in told)
    assert place not in browser.get(f"/track/{no}?lang=zh-Hans").text
