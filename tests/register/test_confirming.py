"""The yearly confirmation: asked in time, once and once more, answered by one click."""

from datetime import timedelta

import pytest
import time_machine

from portal.accounts.rules import companies as rules
from portal.accounts.service import confirming
from portal.core import clock
from portal.core.db import transaction
from tests.accounts.mailed import mails
from tests.factories import make_colleague, make_company
from tests.register.made import company
from workers import housekeeping

pytestmark = pytest.mark.both_databases
DAY = timedelta(days=1)


def today():
    return clock.now().astimezone(clock.zone()).date()


def confirmed(days_ago, **values):
    """Make a company that confirmed its details some days ago, with an owner and a viewer."""
    made = make_company(**values)
    with transaction():
        company(made.ref).confirmed_on = today() - days_ago * DAY
    make_colleague(made, "owner", email=f"owner@{made.ref.lower()}.example")
    make_colleague(made, "viewer")
    return made


@pytest.mark.parametrize(
    ("days_ago", "due", "overdue"),
    [
        (0, False, False),
        (334, False, False),
        (335, True, False),
        (364, True, False),
        (365, True, True),
    ],
)
def test_details_are_due_a_month_before_the_year_is_over(days_ago, due, overdue):
    now = clock.now().date()
    assert rules.is_due(now - days_ago * DAY, now, now) is due
    assert rules.is_overdue(now - days_ago * DAY, now, now) is overdue


def test_a_company_that_never_confirmed_counts_from_when_it_became_known():
    now = clock.now().date()
    assert rules.is_overdue(None, now - 366 * DAY, now)
    assert not rules.is_due(None, now, now)


def test_owners_are_mailed_once_and_once_more(app):
    made = confirmed(340)
    assert confirming.ask_those_due() == 1
    assert confirming.ask_those_due() == 0
    (mail,) = mails()
    assert mail["to"] == f"owner@{made.ref.lower()}.example"
    assert "http://localhost/portal/company/" in mail["body"]
    with time_machine.travel(clock.now() + 30 * DAY):
        assert confirming.ask_those_due() == 0
    with time_machine.travel(clock.now() + 40 * DAY):
        assert confirming.ask_those_due() == 1
        assert confirming.ask_those_due() == 0
    with time_machine.travel(clock.now() + 400 * DAY):
        assert confirming.ask_those_due() == 0
    assert len(mails()) == 2


@pytest.mark.parametrize("lifecycle", ["suspended", "closed", "prospect"])
def test_who_is_no_member_is_not_asked(app, lifecycle):
    made = confirmed(400)
    with transaction():
        company(made.ref).lifecycle = lifecycle
    assert confirming.ask_those_due() == 0


def test_many_are_asked_in_one_go(app, monkeypatch):
    monkeypatch.setattr(confirming, "AT_ONCE", 2)
    for _ in range(5):
        confirmed(350)
    assert confirming.ask_those_due() == 5


def test_housekeeping_asks(app):
    confirmed(340)
    housekeeping.run_once()
    assert len(mails()) == 1


def test_one_click_says_that_all_is_still_true(app, as_user):
    made = confirmed(400)
    confirming.ask_those_due()
    owner = as_user(make_colleague(made))
    assert "Are these details still true?" in owner.get("/portal/company/").text
    assert owner.post("/portal/company/confirm").status_code == 302
    assert "Are these details still true?" not in owner.get("/portal/company/").text
    now = company(made.ref)
    assert (now.confirmed_on, now.confirm_asked_on) == (today(), None)
    with time_machine.travel(clock.now() + 350 * DAY):
        assert confirming.ask_those_due() == 1


def test_correcting_confirms_too(app, as_user):
    made = confirmed(400)
    form = {"name": "New name", "country": "CN", "sender_country": "CN"}
    as_user(make_colleague(made)).post("/portal/company/edit", form)
    now = company(made.ref)
    assert (now.name, now.confirmed_on) == ("New name", today())


def test_work_goes_on_when_nobody_answers(app, as_user):
    owner = as_user(make_colleague(confirmed(900)))
    assert owner.get("/portal/consignments").status_code == 200


def test_a_viewer_sees_the_question_but_does_not_answer_it(app, as_user):
    made = confirmed(400)
    viewer = as_user(make_colleague(made, "viewer"))
    page = viewer.get("/portal/company/").text
    assert "Are these details still true?" in page
    assert "All of this is still true" not in page
    assert viewer.post("/portal/company/confirm").status_code == 403
    assert company(made.ref).confirmed_on == today() - 400 * DAY
