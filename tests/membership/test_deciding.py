"""What the desk decides: terms, new members and known ones, duplicates, the queue."""

from datetime import timedelta

import pytest

from portal.accounts import offers
from portal.accounts.models import Company
from portal.core import clock, working
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.membership import service
from portal.membership.queries import around, likely
from portal.membership.queries.applications import Wanted, applications_for
from portal.membership.rules.states import State
from tests.factories import make_colleague, make_company, make_person, user_of
from tests.membership.applying import (
    contact,
    credit_code,
    mails,
    make_application,
    read,
)
from tests.membership.test_desk import approve, db_get, terms


def test_a_refusal_is_told_and_can_be_reopened(browser, manager):
    application = make_application("submitted")
    path = f"/desk/applications/{application.ref}"
    sent = {"reason": "goods", "text": "No fireworks."}
    assert manager.post(f"{path}/refuse", sent).status_code == 302
    assert "No fireworks." in mails(application.email)[-1]["body"]
    page = browser.get(f"/apply/{application.ref}?key={service.key_of(application)}").text
    assert "No fireworks." in page
    assert (
        manager.post(f"{path}/approve", terms(make_person(staff_role="sales"))).status_code == 409
    )
    assert manager.post(f"{path}/reopen", {"why": "They called"}).status_code == 302
    assert read(application).state == State.IN_REVIEW
    assert read(application).due_at is not None


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"role": "king"}, "role"),
        ({"payment_terms": "never"}, "payment_terms"),
        ({"tariff": "made-up"}, "tariff"),
        ({"account_manager": ""}, "account_manager"),
        ({"account_manager": "9" * 30}, "account_manager"),
    ],
)
def test_wrong_terms_are_named(manager, sales, changed, field):
    application = make_application("submitted")
    path = f"/desk/applications/{application.ref}/approve"
    reply = manager.post(path, terms(sales, **changed))
    assert reply.status_code == 422
    assert f'href="#{field}"' in reply.text


def test_tariffs_come_from_those_who_have_them(monkeypatch, manager, sales):
    monkeypatch.setattr(offers, "_sources", [lambda: [("gold", "Gold tariff")]])
    application = make_application("submitted")
    path = f"/desk/applications/{application.ref}/approve"
    assert "Gold tariff" in manager.get(path).text
    assert manager.post(path, terms(sales, tariff="gold")).status_code == 302
    assert db_get(Company, read(application).company_id).tariff == "gold"


def test_a_second_member_of_the_same_code_is_refused(sales):
    code = credit_code()
    make_company(name="First", credit_code=code)
    application = make_application("submitted", credit_code=code)
    with pytest.raises(Refused, match="First"):
        approve(application, sales)


def test_an_address_of_the_staff_becomes_no_member(sales):
    other = make_person(staff_role="agent")
    application = make_application("submitted", contacts=[contact(email=other.email)])
    with pytest.raises(Refused, match="staff"):
        approve(application, sales)


def test_somebody_known_keeps_his_password_and_gets_one_more_company(sales):
    known = make_colleague()
    application = make_application("submitted", contacts=[contact(email=known.email)])
    company = approve(application, sales)
    body = mails(known.email)[-1]["body"]
    assert company.name in body
    assert "/password/reset/" not in body


@pytest.mark.both_databases
def test_a_prospect_follows_its_application(manager, sales):
    company = make_company(name="Prospect Ltd")
    with transaction():
        row = db_get(Company, company.id)
        row.lifecycle = "prospect"
    application = make_application("submitted", name="Prospect Ltd")
    path = f"/desk/applications/{application.ref}"
    assert "It is this company" in manager.get(path).text
    assert manager.post(path, {"do": f"link:{company.ref}"}).status_code == 302
    assert db_get(Company, company.id).lifecycle == "applied"
    manager.post(path, {"do": "take"})
    assert fresh(company).lifecycle == "in_review"
    approve(application, sales)
    assert read(application).company_id == company.id
    assert fresh(company).lifecycle == "member"


def fresh(company):
    return db.session.get(Company, company.id, populate_existing=True)


def test_a_member_is_not_moved_by_an_application(manager):
    company = make_company()
    application = make_application("submitted")
    reply = manager.post(f"/desk/applications/{application.ref}", {"do": f"link:{company.ref}"})
    assert reply.status_code == 409
    assert fresh(company).lifecycle == "member"


@pytest.mark.both_databases
def test_duplicates_are_found_by_code_phone_mail_and_name(app):
    code = credit_code()
    company = make_company(name="深圳云帆智能科技有限公司", credit_code=code)
    colleague = make_colleague(make_company(name="甲乙丙"))
    same_phone = make_application("submitted", contacts=[contact(phone="+8613510200367")])
    make_application("submitted", name="完全无关")
    one = make_application(
        "submitted",
        name="云帆智能科技（深圳）有限公司",
        credit_code=code,
        contacts=[contact(email=colleague.email, phone="+8613510200367")],
    )
    found = likely.likely_same(one, around.answers_of(one))
    assert found[0].known.ref == company.ref
    assert {same_phone.ref} <= {match.known.ref for match in found}
    assert "甲乙丙" in {match.known.name for match in found}
    assert "完全无关" not in {match.known.name for match in found}
    assert found[0].reasons[0] == "credit_code"


@pytest.mark.both_databases
def test_the_queue_is_filtered_paged_and_sorted_by_its_clock(app, monkeypatch):
    user = user_of(make_person(staff_role="manager"))
    refs = [make_application("submitted").ref for _ in range(5)]
    seen, after = [], None
    while True:
        rows, after = applications_for(user, Wanted(), after=after, limit=2)
        seen += [row.ref for row in rows]
        if after is None:
            break
    assert seen == refs
    future = clock.now() + clock_days(9)
    monkeypatch.setattr(clock, "now", lambda: future)
    rows, _ = applications_for(user, Wanted(overdue=True), after=None, limit=50)
    assert len(rows) == 5
    rows, _ = applications_for(user, Wanted(words=read(refs[2]).name), after=None, limit=50)
    assert refs[2] in [row.ref for row in rows]
    stranger = user_of(make_person())
    assert applications_for(stranger, Wanted(), after=None, limit=5) == ([], None)


def clock_days(days):
    return timedelta(days=days)


def test_the_clock_runs_two_working_days_and_rests_with_the_applicant(manager):
    application = make_application("submitted")
    begun = application.submitted_at
    assert application.due_at == working.due(begun, days=2)
    manager.post(f"/desk/applications/{application.ref}/ask", {"keys": ["size"], "text": "?"})
    assert read(application).due_at is None
