"""The demo centre has applications in every state; what came to nothing is forgotten in time."""

from collections import Counter
from datetime import timedelta
from random import Random

import pytest
from sqlalchemy import select

from portal.accounts.models import Company, Person
from portal.core import clock, files, scope
from portal.core.db import db, transaction
from portal.demo import applications, people
from portal.membership import onboarding, service
from portal.membership.models import Answer, Application, Paper
from portal.membership.queries import around, likely
from portal.membership.rules.states import State
from tests.factories import make_colleague, make_company, make_person, user_of
from tests.membership.applying import make_application, read


@pytest.fixture
def demo(app):
    """Load the people of the demo centre and their applications; return the applications."""
    now = clock.now()
    with transaction():
        people.make_everybody(Random(1), now)
        applications.load(1, now)
    wanted = select(Application).order_by(Application.id).execution_options(**scope.CENTRE)
    return db.session.scalars(wanted).all()


def test_the_demo_centre_has_every_state_and_one_past_its_clock(demo):
    states = Counter(each.state for each in demo)
    assert set(states) == set(map(str, State))
    assert any(each.due_at and each.due_at < clock.now() for each in demo)
    members = db.session.scalars(select(Company).where(Company.lifecycle == "member")).all()
    assert {each.company_id for each in demo if each.state == "approved"} == {
        each.id for each in members
    }
    assert all(each.payment_terms and each.account_manager_id for each in members)


def test_the_demo_centre_has_duplicates_a_prospect_and_a_referral(demo):
    by_name = {each.name: each for each in demo}
    twins = by_name["Nordlicht Handels GmbH"]
    found = likely.likely_same(twins, around.answers_of(twins))
    assert found[0].known.name == "Nordlicht Handelsgesellschaft"
    known = by_name["温州科包包装有限公司"]
    found = likely.likely_same(known, around.answers_of(known))
    assert "prospect" in [match.known.standing for match in found]
    assert any(each.referred_by_id for each in demo)


@pytest.mark.both_databases
def test_what_came_to_nothing_is_forgotten_after_ninety_days(app, monkeypatch):
    kept = make_application("submitted")
    draft = make_application()
    with transaction():
        row = read(draft, lock=True)
        stored = files.keep(b"x", "text/plain")
        service.add_paper(row, "papers", stored, "licence.txt")
    later = clock.now() + timedelta(days=91)
    monkeypatch.setattr(clock, "now", lambda: later)
    with transaction():
        assert service.forget_old() == 1
    left = db.session.scalars(select(Answer.application_id).distinct()).all()
    assert left == [kept.id]
    assert db.session.scalar(select(Paper.id)) is None
    assert not files.path(stored.key).exists()


def approved(company, person):
    application = make_application("submitted")
    with transaction():
        row = read(application, lock=True)
        row.state, row.company_id = State.APPROVED, company.id
    return user_of(person, company)


def test_first_steps_are_done_by_facts_and_shown_to_new_members_alone(app, as_user):
    company = make_company()
    owner = make_colleague(company)
    assert onboarding.steps_for(user_of(owner, company)) == []
    user = approved(company, owner)
    names = [(step.name, step.done) for step in onboarding.steps_for(user)]
    assert names == [
        ("order", False),
        ("colleagues", False),
        ("sender", False),
        ("addresses", False),
        ("key", False),
    ]
    make_colleague(company, "viewer")
    assert {step.name: step.done for step in onboarding.steps_for(user)}["colleagues"]
    viewer = as_user(db.session.get(Person, make_colleague(company, "viewer").id))
    assert viewer.post("/portal/first-steps/dismiss").status_code == 403


def test_staff_have_no_first_steps(app):
    assert onboarding.steps_for(user_of(make_person(staff_role="sales"))) == []
