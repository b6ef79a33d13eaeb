"""Accounts at the desk: companies, staff, stopped jobs."""

import pytest
from sqlalchemy import select

from portal.accounts.models import Company, Person
from portal.core import jobs
from portal.core.db import db, transaction
from portal.core.jobs import Job
from tests.accounts.mailed import link_in, mails
from tests.factories import make_colleague, make_company, make_dispatcher, make_person


@pytest.fixture
def admin(app, as_user):
    """Return the browser of an administrator of the centre."""
    return as_user(make_person(staff_role="admin"))


@pytest.mark.parametrize("words", ["家居", "huadong HOME", "杭州 华东", "CHUADONG"])
def test_a_company_is_found_by_its_words(admin, words):
    make_company(name="华东家居", name_en="Huadong Home", city="杭州", ref="CHUADONG")
    make_company(name="Nordwind")
    page = admin.get("/desk/companies/", query_string={"q": words}).text
    assert "华东家居" in page
    assert "Nordwind" not in page


@pytest.mark.parametrize("words", ["%", "_", "\\", "a\x00b", "😀" * 300, "'; drop table company"])
def test_strange_words_find_nothing_and_break_nothing(admin, words):
    make_company(name="Nordwind")
    reply = admin.get("/desk/companies/", query_string={"q": words})
    assert reply.status_code == 200
    assert "Nordwind" not in reply.text


def test_companies_come_in_pages(admin):
    for number in range(5):
        make_company(name=f"Firm {number}")
    page = admin.get("/desk/companies/?limit=2").text
    assert "Firm 4" in page
    assert "Firm 2" not in page
    link = page.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "Firm 2" in admin.get(link).text


def test_a_page_marker_of_somebody_else_is_refused(admin):
    assert admin.get("/desk/companies/?after=nonsense").status_code == 422


def test_a_new_company_invites_its_owner(admin, browser):
    form = {"name": "Nordwind GmbH", "country": "DE", "owner": "owner@nordwind.example"}
    reply = admin.post("/desk/companies/new", form)
    assert reply.status_code == 302
    assert "Nobody has joined yet" in admin.get(reply.location).text
    join = {"name": "Owner", "password": "a long password"}
    assert browser.post(link_in(mails()[-1]), join).status_code == 302
    assert "Nordwind GmbH" in browser.get("/portal/company/").text


def test_a_new_company_needs_a_name_and_an_owner(admin):
    reply = admin.post("/desk/companies/new", {"name": "", "country": "CN", "owner": "x"})
    assert reply.status_code == 422
    assert db.session.scalar(select(Company)) is None


def test_a_suspended_company_is_shut_at_once_and_opens_again(admin, as_user):
    company = make_company()
    member = as_user(make_colleague(company))
    admin.post(f"/desk/companies/{company.ref}/suspend")
    assert member.get("/portal/company/").location == "/account/standing"
    admin.post(f"/desk/companies/{company.ref}/reopen")
    assert member.get("/portal/company/").status_code == 200


def test_a_company_is_not_suspended_twice(admin):
    company = make_company()
    admin.post(f"/desk/companies/{company.ref}/suspend")
    assert admin.post(f"/desk/companies/{company.ref}/suspend").status_code == 409


@pytest.mark.parametrize("ref", ["CNOBODY", "%00", "x" * 3000])
def test_an_unknown_company_looks_missing(admin, ref):
    assert admin.get(f"/desk/companies/{ref}").status_code == 404


def test_a_dispatcher_sees_companies_and_changes_none(app, as_user):
    company, browser = make_company(), as_user(make_dispatcher())
    assert "Suspend" not in browser.get(f"/desk/companies/{company.ref}").text
    assert browser.post(f"/desk/companies/{company.ref}/suspend").status_code == 403


def test_a_new_person_of_the_centre_sets_a_password_by_mail(admin, browser):
    form = {"name": "New Driver", "email": "new@quayside.example", "role": "driver"}
    assert admin.post("/desk/admin/staff/new", form).status_code == 302
    assert "New Driver" in admin.get("/desk/admin/staff/").text
    assert browser.post(link_in(mails()[-1]), {"password": "a long password"}).status_code == 302


def test_a_known_address_is_named_at_its_field(admin):
    member = make_colleague()
    form = {"name": "X", "email": member.email, "role": "driver"}
    reply = admin.post("/desk/admin/staff/new", form)
    assert reply.status_code == 422
    assert "already known" in reply.text


def test_the_role_of_somebody_at_the_centre_is_changed(admin):
    person = make_dispatcher()
    assert admin.post(f"/desk/admin/staff/{person.id}", {"role": "manager"}).status_code == 302
    kept = db.session.get_one(Person, person.id, populate_existing=True)
    assert kept.staff_role == "manager"


@pytest.mark.parametrize("role", ["owner", "nonsense"])
def test_a_role_that_is_none_of_the_centres_is_refused(admin, role):
    person = make_dispatcher()
    assert admin.post(f"/desk/admin/staff/{person.id}", {"role": role}).status_code == 422


def test_whoever_leaves_the_centre_is_out_at_once(admin, as_user):
    person = make_dispatcher()
    leaving = as_user(person)
    admin.post(f"/desk/admin/staff/{person.id}", {"role": ""})
    assert leaving.get("/desk/companies/").location == "/account/standing"


def test_the_last_administrator_is_told_why_he_stays(admin):
    number = db.session.scalar(select(Person.id).where(Person.staff_role == "admin"))
    reply = admin.post(f"/desk/admin/staff/{number}", {"role": "driver"})
    assert reply.status_code == 422
    assert "at least one administrator" in reply.text


def test_a_member_is_not_found_among_the_staff(admin):
    assert admin.get(f"/desk/admin/staff/{make_colleague().id}").status_code == 404
    assert admin.get(f"/desk/admin/staff/{2**63 - 1}").status_code == 404
    assert admin.get(f"/desk/admin/staff/{2**63}").status_code == 404


def test_somebody_is_signed_out_everywhere(admin, as_user):
    person = make_dispatcher()
    elsewhere = as_user(person)
    admin.post(f"/desk/admin/staff/{person.id}/end-sessions")
    assert elsewhere.get("/account/sessions").status_code == 302


def parked(**values) -> int:
    with transaction():
        number = jobs.owe("mail", {"to": "x"})
        job = db.session.get_one(Job, number)
        for name, value in {"state": "parked", "attempts": 8, "error": "OSError", **values}.items():
            setattr(job, name, value)
    return number


def test_a_job_that_was_given_up_runs_again(admin):
    number = parked()
    assert "OSError" in admin.get("/desk/admin/jobs/").text
    assert admin.post(f"/desk/admin/jobs/{number}/again").status_code == 302
    job = db.session.get_one(Job, number, populate_existing=True)
    assert (job.state, job.attempts) == ("queued", 0)


@pytest.mark.parametrize("state", ["running", "done"])
def test_a_job_that_runs_or_is_done_is_left_alone(admin, state):
    assert admin.post(f"/desk/admin/jobs/{parked(state=state)}/again").status_code == 409


def test_an_unknown_job_looks_missing(admin):
    assert admin.post("/desk/admin/jobs/999/again").status_code == 404


def test_no_stopped_job_is_said_in_words(admin):
    assert "Nothing has stopped" in admin.get("/desk/admin/jobs/").text
