"""Pages on which a company looks after its colleagues, keys and details."""

import re

import pytest
from sqlalchemy import select

from portal.accounts import service
from portal.accounts.models import ApiKey, Company, Invitation, Membership, Person
from portal.core import scope
from portal.core.db import db, transaction
from tests.accounts.mailed import link_in, mails
from tests.factories import PASSWORD, make_colleague, make_company, make_key, make_person

HOME = "/portal/company/colleagues/"


def number_of(person) -> int:
    return db.session.scalar(select(Membership.id).where(Membership.person_id == person.id))


def role_of(person) -> str | None:
    return db.session.scalar(select(Membership.role).where(Membership.person_id == person.id))


def invited(browser, email: str = "new@quayside.example", role: str = "viewer") -> str:
    """Invite somebody and return the path of the mailed link."""
    reply = browser.post(f"{HOME}invite", {"email": email, "role": role})
    assert reply.status_code == 302, reply.text
    return link_in(mails()[-1])


def test_a_new_person_follows_an_invitation(app, browser, as_user):
    company = make_company(name="Pearl Technology")
    path = invited(as_user(make_colleague(company)))
    assert "Pearl Technology" in browser.get(path).text
    reply = browser.post(path, {"name": "New Person", "password": "a long password"})
    assert reply.status_code == 302
    assert "New Person" in browser.get(HOME).text


def test_a_new_person_needs_a_name_and_a_long_password(app, browser, as_user):
    path = invited(as_user(make_colleague()))
    reply = browser.post(path, {"name": " ", "password": "short"})
    assert reply.status_code == 422
    assert "Enter your name." in reply.text
    assert "at least 10 characters" in reply.text


def test_a_known_person_signs_in_before_joining(app, browser, as_user):
    known, company = make_colleague(), make_company(name="Second Company")
    path = invited(as_user(make_colleague(company)), known.email)
    assert browser.post(path).status_code == 409
    assert f"/login?next={path}" in browser.get(path).text
    reply = browser.post(f"/login?next={path}", {"email": known.email, "password": PASSWORD})
    assert reply.location == path
    assert browser.post(path).status_code == 302
    assert "Second Company" in browser.get("/portal/company/").text


def test_a_person_without_a_company_is_led_to_his_invitation(app, browser, as_user):
    known = make_person()
    path = invited(as_user(make_colleague()), known.email)
    reply = browser.post(f"/login?next={path}", {"email": known.email, "password": PASSWORD})
    assert reply.location == path


def test_another_persons_invitation_is_not_accepted(app, as_user):
    path = invited(as_user(make_colleague()))
    stranger = make_person()
    assert as_user(stranger).post(path).status_code == 422  # asked for the name of the invited
    make = make_person(email="new@quayside.example")
    assert as_user(stranger).post(path).status_code == 409
    assert role_of(stranger) is None
    assert role_of(make) is None


def test_an_invitation_that_is_no_more_is_explained(app, browser):
    reply = browser.get("/invitations/nonsense")
    assert reply.status_code == 409
    assert "no longer valid" in reply.text


def test_an_administrator_cannot_make_an_owner(app, as_user):
    company = make_company()
    make_colleague(company)
    admin, viewer = make_colleague(company, "admin"), make_colleague(company, "viewer")
    browser = as_user(admin)
    for person in (admin, viewer):
        reply = browser.post(f"{HOME}{number_of(person)}", {"role": "owner"})
        assert reply.status_code == 422
    assert (
        browser.post(f"{HOME}invite", {"email": "a@b.example", "role": "owner"}).status_code == 422
    )
    assert [role_of(admin), role_of(viewer)] == ["admin", "viewer"]


def test_an_administrator_cannot_touch_an_owner(app, as_user):
    company = make_company()
    owner, admin = make_colleague(company), make_colleague(company, "admin")
    make_colleague(company)
    browser = as_user(admin)
    assert browser.post(f"{HOME}{number_of(owner)}", {"role": "viewer"}).status_code == 422
    assert browser.post(f"{HOME}{number_of(owner)}/remove").status_code == 403
    assert role_of(owner) == "owner"


def test_the_last_owner_is_told_why_he_stays(app, as_user):
    owner = make_colleague()
    reply = as_user(owner).post(f"{HOME}{number_of(owner)}", {"role": "viewer"})
    assert reply.status_code == 422
    assert "at least one owner" in reply.text


def test_a_removed_colleague_sees_nothing_at_once(app, as_user):
    company = make_company()
    owner, leaver = make_colleague(company), make_colleague(company, "operations")
    leaving = as_user(leaver)
    assert leaving.get("/portal/company/").status_code == 200
    assert "Remove" in as_user(owner).get(f"{HOME}{number_of(leaver)}/remove").text
    as_user(owner).post(f"{HOME}{number_of(leaver)}/remove")
    assert leaving.get("/portal/company/").location == "/account/standing"
    assert "do not belong to a company" in leaving.get("/account/standing").text


def test_colleagues_of_another_company_look_missing(app, as_user):
    other, stranger = make_colleague(), as_user(make_colleague())
    for path in (f"{HOME}{number_of(other)}", f"{HOME}{number_of(other)}/remove"):
        assert stranger.get(path).status_code == 404
        assert stranger.post(path, {"role": "viewer"}).status_code == 404
    assert other.email not in stranger.get(HOME).text


def test_invitations_of_another_company_look_missing(app, as_user):
    invited(as_user(make_colleague()))
    ref = db.session.scalar(select(Invitation.ref).execution_options(**scope.CENTRE))
    stranger = as_user(make_colleague())
    assert stranger.post(f"{HOME}invitations/{ref}/resend").status_code == 404
    assert stranger.post(f"{HOME}invitations/{ref}/withdraw").status_code == 404
    assert "new@quayside.example" not in stranger.get(HOME).text


def test_an_invitation_is_sent_again_and_withdrawn(app, browser, as_user):
    owner = as_user(make_colleague())
    first = invited(owner)
    ref = db.session.scalar(select(Invitation.ref).execution_options(**scope.CENTRE))
    owner.post(f"{HOME}invitations/{ref}/resend")
    second = link_in(mails()[-1])
    assert browser.get(first).status_code == 409
    assert browser.get(second).status_code == 200
    owner.post(f"{HOME}invitations/{ref}/withdraw")
    assert browser.get(second).status_code == 409


def test_the_matrix_is_shown_to_every_colleague(app, as_user):
    page = as_user(make_colleague(role="viewer")).get(HOME).text
    assert "Order consignments" in page
    assert "Invite a colleague" not in page


def test_a_key_is_shown_once(app, as_user, with_key):
    browser = as_user(make_colleague())
    form = {"label": "order system", "scopes": ["consignments.see"], "days": "90"}
    page = browser.post("/portal/company/keys/new", form)
    key = re.search(r"qsk_[\w-]+", page.text).group()
    assert page.headers["Cache-Control"] == "no-store"
    listed = browser.get("/portal/company/keys/").text
    assert "order system" in listed
    assert key not in listed
    assert with_key(key).get("/api/v1/stream?topic=company").status_code == 200


def test_a_key_gives_no_more_than_was_chosen(app, as_user, with_key):
    browser = as_user(make_colleague())
    form = {"label": "reader", "scopes": ["consignments.see"], "days": "30"}
    key = re.search(r"qsk_[\w-]+", browser.post("/portal/company/keys/new", form).text).group()
    assert with_key(key).post("/api/v1/consignments", {}).status_code == 403
    assert with_key(key).get("/portal/company/").status_code == 403


@pytest.mark.parametrize("scopes", [[], ["board.see"], ["no.such_right"], ["portal.enter"]])
def test_a_key_needs_rights_of_its_maker(app, as_user, scopes):
    form = {"label": "x", "scopes": scopes, "days": "30"}
    assert as_user(make_colleague()).post("/portal/company/keys/new", form).status_code == 422


def test_a_revoked_key_opens_nothing(app, as_user, with_key):
    company = make_company()
    owner = make_colleague(company)
    key = make_key(owner, company)
    ref = db.session.scalar(select(ApiKey.ref).execution_options(**scope.CENTRE))
    as_user(owner).post(f"/portal/company/keys/{ref}/revoke")
    assert with_key(key).get("/api/v1/stream?topic=company").status_code in (401, 404)


def test_keys_of_another_company_look_missing(app, as_user):
    company = make_company()
    make_key(make_colleague(company), company)
    ref = db.session.scalar(select(ApiKey.ref).execution_options(**scope.CENTRE))
    stranger = as_user(make_colleague())
    assert stranger.get(f"/portal/company/keys/{ref}/revoke").status_code == 404
    assert stranger.post(f"/portal/company/keys/{ref}/revoke").status_code == 404


def test_a_key_cannot_reach_passwords_and_sessions(app, with_key):
    company = make_company()
    program = with_key(make_key(make_colleague(company), company))
    for page in ("sessions", "password", "profile"):
        assert program.get(f"/account/{page}").status_code == 403


DETAILS = {"name": "华东家居", "name_en": "Huadong Home", "country": "CN", "city": "杭州"}
SENDER = {
    "sender_name": "三仓",
    "sender_phone": "138 0000 6021",
    "sender_address": "文一西路 998 号",
    "sender_city": "杭州",
    "sender_country": "CN",
}


def test_the_company_edits_its_details(app, as_user):
    company = make_company()
    browser = as_user(make_colleague(company))
    assert browser.post("/portal/company/edit", DETAILS | SENDER).status_code == 302
    kept = db.session.get_one(Company, company.id, populate_existing=True)
    assert kept.name == "华东家居"
    assert kept.consignor["phone"] == "+8613800006021"
    assert "文一西路" in browser.get("/portal/company/").text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"name": ""}, "Enter the company"),
        ({"name": "x" * 5000}, "longer than 80"),
        ({"name": "abc\u202edef"}, "cannot be used here"),
        ({"credit_code": "123"}, "not a unified social credit code"),
        ({"country": "XX"}, "field--bad"),
        ({"sender_phone": "12"}, "not a phone number"),
        ({"sender_city": ""}, "Enter this too"),
    ],
)
def test_wrong_details_are_named_at_their_field(app, as_user, change, said):
    reply = as_user(make_colleague()).post("/portal/company/edit", DETAILS | SENDER | change)
    assert reply.status_code == 422
    assert said in reply.text


def test_the_people_of_a_suspended_company_are_told_so(app, browser):
    company = make_company(name="Sleeping Company")
    person = make_colleague(company)
    with transaction():
        service.set_standing(db.session.get_one(Company, company.id), "suspended", by=person.id)
    reply = browser.post("/login", {"email": person.email, "password": PASSWORD})
    assert reply.location == "/account/standing"
    assert "is suspended" in browser.get(reply.location).text
    assert browser.get("/account/sessions").status_code == 200


def test_somebody_without_a_company_is_told_so(app, browser):
    person = make_person()
    reply = browser.post("/login", {"email": person.email, "password": PASSWORD})
    assert "do not belong to a company" in browser.get(reply.location).text
    assert isinstance(person, Person)
