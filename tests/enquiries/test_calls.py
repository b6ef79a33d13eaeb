"""Call-backs: the caller's own clock, our hours, three tries."""

import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from portal.core import clock, scope
from portal.core.db import db as database
from portal.core.jobs import Job
from portal.enquiries.models import CallBack
from tests.enquiries.made import at, make_agent, shown_at

pytestmark = pytest.mark.both_databases

WISH = {
    "name": "Ellen Brandt",
    "phone": "+49 30 901820",
    "email": "ellen@brandt.example",
    "about": "Insurance for lenses",
    "day": "2026-11-24",
    "begin": "08:00",
    "end": "10:00",
    "timezone": "Europe/Berlin",
}
MONDAY = "2026-11-23T09:00:00"


def ask(browser, **values):
    return browser.post("/messages/call-me", WISH | {"shown": shown_at()} | values)


def calls():
    database.session.rollback()
    return database.session.execute(
        select(CallBack.__table__).execution_options(**scope.CENTRE)
    ).all()


@pytest.fixture(autouse=True)
def monday():
    with at(MONDAY):
        yield


def test_the_window_is_said_by_both_clocks(browser):
    reply = ask(browser)
    assert reply.status_code == 303, reply.text
    page = browser.get(reply.location).text
    assert "08:00–10:00" in page
    assert "15:00–17:00" in page
    (call,) = calls()
    assert call.window_from.hour == 7  # UTC


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"phone": ""}, "number that we are to call"),
        ({"phone": "words"}, "not a telephone number"),
        ({"end": "08:10"}, "at least half an hour"),
        ({"day": "2026-11-20"}, "passed already"),
        ({"day": "2027-03-01"}, "within the next 30 days"),
        ({"timezone": "Mars/Base"}, "Choose one from the list"),
        ({"day": "nonsense"}, "Day"),
        ({"begin": "20:00", "end": "22:00"}, "Nobody is at work here then"),
    ],
)
def test_what_cannot_be_kept_is_said_and_nothing_is_lost(browser, change, words):
    reply = ask(browser, **change)
    assert reply.status_code == 422
    assert words in reply.text
    assert "Insurance for lenses" in reply.text
    assert calls() == []


def test_the_nearest_time_is_offered_and_can_be_taken(browser):
    reply = ask(browser, begin="20:00", end="22:00")
    offered = re.search(r'name="nearest" value="([^"]+)"', reply.text)[1]
    assert offered == "2026-11-25 01:30 03:30"  # 08:30 in Shanghai
    assert ask(browser, begin="20:00", end="22:00", nearest=offered).status_code == 303


def test_the_same_form_is_one_call(browser):
    shown = shown_at(name="call twice")
    assert ask(browser, shown=shown).status_code == 303
    assert ask(browser, shown=shown).status_code == 303
    assert len(calls()) == 1


def test_a_call_is_taken_tried_and_closed_after_three_tries_with_a_mail(browser, as_user):
    ask(browser)
    agent = as_user(make_agent())
    ref = calls()[0].ref
    assert "08:00–10:00" in agent.get("/desk/messages/calls").text
    agent.post(f"/desk/messages/calls/{ref}/take")
    for day in (25, 26):
        form = {
            "outcome": "not_reached",
            "note": "Busy",
            "again_on": f"2026-11-{day}",
            "again_time": "16:00",
        }
        assert agent.post(f"/desk/messages/calls/{ref}/attempt", form).status_code == 302
        assert calls()[0].state == "waiting"
    agent.post(f"/desk/messages/calls/{ref}/attempt", {"outcome": "not_reached"})
    (call,) = calls()
    assert (call.state, call.tries, call.due_at) == ("closed", 3, None)
    mail = database.session.scalars(
        select(Job).where(Job.kind == "mail").order_by(Job.id.desc())
    ).first()
    assert mail.payload["to"] == "ellen@brandt.example"
    page = agent.get(f"/desk/messages/calls/{ref}").text
    assert page.count("Busy") == 2
    assert (
        agent.post(f"/desk/messages/calls/{ref}/attempt", {"outcome": "reached"}).status_code == 422
    )


def test_a_try_without_a_next_time_is_not_kept(browser, as_user):
    ask(browser)
    agent, ref = as_user(make_agent()), calls()[0].ref
    reply = agent.post(
        f"/desk/messages/calls/{ref}/attempt", {"outcome": "not_reached", "note": "Busy"}
    )
    assert reply.status_code == 422
    assert "Busy" in reply.text
    past = {"outcome": "not_reached", "again_on": "2026-11-20", "again_time": "10:00"}
    assert agent.post(f"/desk/messages/calls/{ref}/attempt", past).status_code == 422
    assert agent.post(f"/desk/messages/calls/{ref}/attempt", {"outcome": "x"}).status_code == 422
    assert calls()[0].tries == 0


def test_two_do_not_take_the_same_call(browser, as_user):
    ask(browser)
    ref = calls()[0].ref
    assert as_user(make_agent()).post(f"/desk/messages/calls/{ref}/take").status_code == 302
    assert as_user(make_agent()).post(f"/desk/messages/calls/{ref}/take").status_code == 409


def test_a_trapped_wish_is_put_aside_and_can_be_taken_back(browser, as_user):
    assert ask(browser, homepage="x").status_code == 303
    (call,) = calls()
    assert (call.state, call.due_at) == ("spam", None)
    agent = as_user(make_agent())
    assert call.name in agent.get("/desk/messages/calls?tab=spam").text
    agent.post(f"/desk/messages/calls/{call.ref}/not_spam")
    assert calls()[0].state == "waiting"


def test_today_begins_when_it_is_now_at_the_earliest(browser):
    reply = ask(browser, day="2026-11-23", begin="00:30", end="05:00")  # 07:30 to 12:00 in Shanghai
    assert reply.status_code == 303, reply.text
    assert calls()[0].window_from == clock.now()
    assert calls()[0].window_to - clock.now() == timedelta(hours=3)


def test_calls_are_the_desks_alone(browser, as_user):
    ask(browser)
    ref = calls()[0].ref
    assert browser.get(f"/desk/messages/calls/{ref}").status_code == 302
    assert as_user(make_agent("driver")).get("/desk/messages/calls").status_code == 403
    assert (
        as_user(make_agent("moderator")).post(f"/desk/messages/calls/{ref}/take").status_code == 403
    )
    assert as_user(make_agent()).get("/desk/messages/calls/CB00000000").status_code == 404


def test_a_forged_page_of_thanks_says_nothing(browser):
    assert browser.get("/messages/call-me/done?asked=forged").status_code == 302
