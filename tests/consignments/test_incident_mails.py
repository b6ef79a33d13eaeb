"""Mails about incidents: to those who can act, once, many in one, in their language."""

import mailbox

import pytest
from sqlalchemy import update

from portal.consignments.service.incidents import telling
from portal.core import clock, i18n, scope
from portal.core.db import db, transaction
from tests.consignments.troubles import (
    HOUR,
    INCIDENTS,
    all_of,
    change,
    due_mails,
    on_the_way,
    owed,
    run_beside_each_other,
    silent,
    work,
    work_on,
)
from tests.factories import (
    make_colleague,
    make_company,
    push,
    reload,
)
from workers import deliveries

pytestmark = pytest.mark.both_databases


def test_the_owner_is_told_once_of_many_in_one_mail(app):
    company = make_company()
    boss, viewer = make_colleague(company), make_colleague(company, "viewer")
    numbers = [on_the_way(company) for _ in range(3)]
    for no in numbers:
        silent(no)
    work()
    telling.tell_due()
    assert owed() == []  # what belongs together is gathered first
    mails = due_mails()
    assert [mail["to"] for mail in mails] == [boss.email]
    assert all(no in mails[0]["body"] for no in numbers)
    assert viewer.email not in str(mails)
    assert due_mails() == mails  # and never again
    assert all(row.told_at and row.tell is None for row in all_of())


def test_two_workers_tell_it_once(app):
    company = make_company()
    make_colleague(company)
    no = on_the_way(company)
    push(no, "incident", reason="damaged")
    with transaction():
        now = update(INCIDENTS).values(tell_at=clock.now() - HOUR)
        db.session.execute(now.execution_options(**scope.CENTRE))
    run_beside_each_other(app, telling.tell_due)
    assert len(owed()) == 1


def test_a_worker_that_dies_before_the_commit_has_told_nothing(app, monkeypatch):
    company = make_company()
    make_colleague(company)
    push(on_the_way(company), "incident", reason="damaged")

    def die(*_args, **_kwargs):
        raise KeyboardInterrupt

    monkeypatch.setattr("portal.core.db._make_durable", die)
    with pytest.raises(KeyboardInterrupt):
        _tell(company)
    monkeypatch.undo()
    db.session.remove()
    assert owed() == []
    assert all_of()[0].told_at is None
    assert len(due_mails()) == 1


def _tell(company):
    with transaction():
        telling._tell(company.id)


def test_what_was_foreseen_and_is_true_is_told_as_a_change_and_its_end_too(app):
    company = make_company()
    make_colleague(company, locale="en")
    no = on_the_way(company)
    change(no, delivery_estimated=reload(no).delivery_planned + 9 * HOUR)
    work_on(no)
    assert "foreseen late" in due_mails()[-1]["subject"]
    change(no, delivery_planned=clock.now() - 2 * HOUR)
    work_on(no)
    assert all_of()[0].tell == "changed"
    assert "Delivery late" in due_mails()[-1]["subject"]
    push(no, "dest_city")
    push(no, "out_for_delivery")
    push(no, "delivered")
    work()
    assert due_mails()[-1]["subject"].startswith("Resolved:")
    assert len(due_mails()) == 3


def test_what_is_right_again_before_anybody_was_told_is_not_told(app):
    company = make_company()
    make_colleague(company)
    no = on_the_way(company)
    push(no, "incident", reason="damaged")
    push(no, "incident_resolved")
    assert due_mails() == []


def test_internal_incidents_are_told_to_nobody(app):
    company = make_company()
    make_colleague(company)
    push(on_the_way(company), "incident", reason="damaged", published=False)
    assert due_mails() == []


def test_whoever_stopped_the_mails_gets_none(app):
    company = make_company()
    boss, mate = make_colleague(company), make_colleague(company, "operations")
    with transaction():
        reader = telling.muting.reader_of(telling.muting.token(boss.id, company.id))
        telling.muting.set_muted(reader, muted=True)
    push(on_the_way(company), "incident", reason="damaged")
    assert [mail["to"] for mail in due_mails()] == [mate.email]


def test_the_mail_speaks_the_reader_s_language_and_is_delivered(app):
    company = make_company()
    for locale in ("zh-Hans", "zh-Hant", "en"):
        make_colleague(company, locale=locale)
    push(on_the_way(company), "incident", reason="damaged")
    mails = due_mails()
    assert len({mail["body"] for mail in mails}) == 3
    assert "Look at the photos" in mails[2]["body"]
    while deliveries.run_once():
        pass
    assert owed() == []
    assert len(mailbox.Maildir(app.config["MAIL_URL"].removeprefix("file:"))) >= 3


def test_the_mail_names_the_expected_time_with_its_range(app):
    company = make_company()
    make_colleague(company, locale="en")
    no = on_the_way(company)
    at = reload(no).delivery_planned + 9 * HOUR
    change(
        no,
        delivery_estimated_from=at - 2 * HOUR,
        delivery_estimated=at,
        delivery_estimated_to=at + 3 * HOUR,
    )
    work_on(no)
    planned = at - 9 * HOUR
    times = [f"{i18n.local(each):%Y-%m-%d %H:%M}" for each in (planned, at, at - 2 * HOUR)]
    last = f"{i18n.local(at + 3 * HOUR):%Y-%m-%d %H:%M}"
    said = "planned {}, expected {} ({} to ".format(*times) + f"{last})"
    assert said in due_mails()[-1]["body"]


def test_the_mail_says_nothing_of_an_expected_time_that_has_passed(app):
    company = make_company()
    make_colleague(company, locale="en")
    no = on_the_way(company)
    push(no, "incident", reason="damaged")
    gone = clock.now() - HOUR
    change(no, delivery_estimated_from=None, delivery_estimated=gone, delivery_estimated_to=None)
    body = due_mails()[-1]["body"]
    assert "planned " in body
    assert "expected " not in body


def test_the_mail_of_a_delivery_says_when_it_was(app):
    company = make_company()
    make_colleague(company, locale="en")
    no = on_the_way(company)
    push(no, "delivery_failed", reason="absent")
    due_mails()
    push(no, "dest_city")
    push(no, "out_for_delivery")
    push(no, "delivered")
    work()
    body = due_mails()[-1]["body"]
    assert f"delivered {i18n.local(reload(no).delivery_actual):%Y-%m-%d %H:%M}" in body
    assert "expected " not in body
