"""What pages of messages cost: a fixed number of statements, and no reading from end to end."""

import pytest
from sqlalchemy import text

from portal.core.db import db as database
from portal.core.db import transaction
from portal.enquiries.queries import threads
from portal.enquiries.service import answering, moderating
from portal.enquiries.service.moderating import Shown
from tests.consignments.conftest import statements
from tests.enquiries.made import make_agent, make_message
from tests.factories import make_colleague, make_company, user_of

__all__ = ["statements"]
#: Most statements of a page, those of the frame (who asks, ways and their counts) included.
MOST = {"/messages": 6, "/messages/new": 4, "/messages/call-me": 5}
DESK = {"/desk/messages": 22, "/desk/messages/calls": 14}


def published(company=None, person=None):
    message = make_message(company, person)
    by = user_of(make_agent())
    if company is None:
        with transaction():
            on = database.session.connection()
            moderating.publish(message, Shown("A", f"Subject {message.id}", "Text"), by=by, on=on)
    with transaction():
        row, on = threads.by_id(message.id), database.session.connection()
        answering.answer(row, "Yes.", is_public=company is None, by=by, on=on)
    return message


def reads(statements, visit):
    visit()
    with statements() as seen:
        assert visit().status_code == 200
    return [each for each in seen if each != "COMMIT"]


@pytest.mark.parametrize("path", MOST)
def test_public_pages_take_as_many_statements_for_many_messages(browser, statements, path):
    published()
    few = reads(statements, lambda: browser.get(path))
    assert len(few) <= MOST[path], few
    for _ in range(6):
        published()
    assert len(reads(statements, lambda: browser.get(path))) == len(few)


@pytest.mark.parametrize("path", DESK)
def test_the_desk_takes_as_many_statements_for_many_messages(as_user, statements, path):
    agent = as_user(make_agent())
    make_message()
    few = reads(statements, lambda: agent.get(path))
    assert len(few) <= DESK[path], few
    for _ in range(6):
        make_message()
    assert len(reads(statements, lambda: agent.get(path))) == len(few)


def test_a_members_list_takes_as_many_statements_for_many_messages(as_user, statements):
    company = make_company()
    person = make_colleague(company)
    member = as_user(person)
    make_message(company, person)
    few = len(reads(statements, lambda: member.get("/portal/messages")))
    for _ in range(6):
        make_message(company, person)
    assert len(reads(statements, lambda: member.get("/portal/messages"))) == few


@pytest.mark.parametrize(
    "asked",
    [
        "SELECT id FROM message WHERE due_at IS NOT NULL AND due_at < '2026-01-01' ORDER BY due_at, id LIMIT 51",
        "SELECT id FROM message WHERE state = 'published' AND is_private IS 0 AND merged_into_id IS NULL ORDER BY published_at DESC, id DESC LIMIT 21",
        "SELECT id FROM message WHERE state = 'published' AND topic = 'quote' ORDER BY published_at DESC, id DESC LIMIT 21",
        "SELECT id FROM message WHERE state = 'spam' ORDER BY id DESC LIMIT 51",
        "SELECT id FROM message WHERE company_id = 1 ORDER BY id DESC LIMIT 31",
        "SELECT id FROM message WHERE form_name = 'x'",
        "SELECT id FROM call_back WHERE due_at IS NOT NULL ORDER BY due_at, id LIMIT 51",
    ],
)
def test_lists_are_read_by_their_index(app, db, asked):
    plan = database.session.execute(text(f"EXPLAIN QUERY PLAN {asked}")).all()
    said = " ".join(row.detail for row in plan)
    assert "INDEX" in said, said
