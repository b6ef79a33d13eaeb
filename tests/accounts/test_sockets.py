"""Open sockets end with the session, the password, the role or the key that opened them."""

import re

import pytest
from sqlalchemy import select

from portal.accounts import service
from portal.accounts.models import ApiKey, Company, Membership
from portal.core import scope
from portal.core.db import db, transaction
from tests.factories import PASSWORD, make_colleague, make_company, make_key, make_person


@pytest.fixture
def company(app):
    """Return a company with an owner besides the people of the test."""
    made = make_company()
    make_colleague(made)
    return made


@pytest.fixture
def live(live, relayed):
    """Open sockets of which the reader of the log knows, as it does in a process that runs."""

    def connect(*args, **values):
        page = live(*args, **values)
        relayed()
        return page

    return connect


def test_signing_out_cuts_the_sockets_of_this_browser_only(company, as_user, live, relayed):
    person = make_colleague(company)
    here, elsewhere = as_user(person), as_user(person)
    mine, other = live(here), live(elsewhere)
    here.post("/logout")
    relayed()
    assert not mine.is_open
    assert other.is_open


def test_ending_another_session_cuts_its_sockets(company, as_user, live, relayed):
    person = make_colleague(company)
    first, second = as_user(person), as_user(person)
    page = live(first)
    number = re.search(r"/account/sessions/(\d+)/end", second.get("/account/sessions").text).group(
        1
    )
    second.post(f"/account/sessions/{number}/end")
    relayed()
    assert not page.is_open


def test_a_new_password_cuts_every_socket_of_the_person(company, as_user, live, relayed):
    person = make_colleague(company)
    here, elsewhere = as_user(person), as_user(person)
    pages = [live(here), live(elsewhere)]
    stranger = live(as_user(make_colleague(company)))
    here.post("/account/password", {"present": PASSWORD, "password": "another good password"})
    relayed()
    assert [page.is_open for page in pages] == [False, False]
    assert stranger.is_open


def test_another_role_cuts_the_sockets(company, as_user, live, relayed):
    owner, person = make_colleague(company), make_colleague(company, "operations")
    page = live(as_user(person))
    number = db.session.scalar(select(Membership.id).where(Membership.person_id == person.id))
    as_user(owner).post(f"/portal/company/colleagues/{number}", {"role": "viewer"})
    relayed()
    assert not page.is_open


def test_a_revoked_key_cuts_its_sockets(company, as_user, live, relayed):
    owner = make_colleague(company)
    program = live(key=make_key(owner, company))
    browser = as_user(owner)
    page = live(browser)
    ref = db.session.scalar(select(ApiKey.ref).execution_options(**scope.CENTRE))
    browser.post(f"/portal/company/keys/{ref}/revoke")
    relayed()
    assert not program.is_open
    assert page.is_open


def test_a_suspended_company_hears_nothing_more(company, as_user, live, relayed):
    person = make_colleague(company)
    browser = as_user(person)
    page, program = live(browser), live(key=make_key(person, company))
    with transaction():
        service.set_standing(db.session.get_one(Company, company.id), "suspended", by=person.id)
    relayed()
    assert not page.is_open
    assert not program.is_open
    again = live(browser)
    assert again.ask("follow", {"topic": "company", "ref": "mine"})["ok"] is False


def test_whoever_leaves_the_centre_hears_nothing_more(app, as_user, live, relayed):
    admin, person = make_person(staff_role="admin"), make_person(staff_role="dispatcher")
    page = live(as_user(person))
    assert page.ask("follow", {"topic": "board", "ref": ""})["ok"]
    as_user(admin).post(f"/desk/admin/staff/{person.id}", {"role": ""})
    relayed()
    assert not page.is_open
