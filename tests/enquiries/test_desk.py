"""The desk: queue and clock, answers, the board, spam, merging, rights."""

import re
from datetime import datetime, timedelta
from io import BytesIO

import pytest
from sqlalchemy import select

from portal.core import clock, scope, working
from portal.core.db import db as database
from portal.core.jobs import Job
from portal.core.spam import Verdict
from portal.enquiries.links import key_of
from portal.enquiries.models import Message
from portal.enquiries.queries.figures import answer_time
from portal.enquiries.shown.figures import measured
from tests.enquiries.made import TEXT, make_agent, make_message, shown_at
from tests.factories import make_colleague, make_company

pytestmark = pytest.mark.both_databases


def reload(message):
    database.session.rollback()
    table = Message.__table__
    return database.session.execute(
        select(table).where(table.c.id == message.id).execution_options(**scope.CENTRE)
    ).one()


def mails():
    database.session.rollback()
    jobs = database.session.scalars(select(Job).where(Job.kind == "mail").order_by(Job.id))
    return [job.payload for job in jobs]


@pytest.fixture
def agent(as_user):
    return as_user(make_agent())


def publish(agent, message, **values):
    words = {
        "public_name": "Julia M.",
        "public_subject": "A price",
        "public_text": "What does it cost?",
    }
    return agent.post(f"/desk/messages/{message.ref}/publish", words | values)


def test_the_queue_shows_the_soonest_due_first(agent):
    now = clock.now()
    later, sooner = make_message(at=now), make_message(at=now - timedelta(days=3))
    page = agent.get("/desk/messages").text
    assert page.index(sooner.ref) < page.index(later.ref)


def test_past_its_clock_is_marked_counted_and_filtered(agent):
    late, fresh = make_message(at=clock.now() - timedelta(days=9)), make_message()
    page = agent.get("/desk/messages").text
    assert 'class="is-late"' in page
    assert re.search(
        r'href="/desk/messages"[^>]*>Messages <span class="count count--bad"[^>]*>1<', page
    )
    overdue = agent.get("/desk/messages?tab=overdue").text
    assert late.ref in overdue
    assert fresh.ref not in overdue


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("?topic=supplier", {"supplier"}),
        ("?q=furniture&tab=all", {"english"}),
        ("?q=冷藏車&tab=all", {"chinese"}),
        ("?q=oskar@lind.example&tab=all", {"supplier"}),
        ("?q=6612&tab=all", {"chinese"}),
        ("?who=nobody", {"supplier", "english", "chinese"}),
        ("?who=me", set()),
        ("?from=2999-01-01", set()),
        ("?tab=nonsense", set()),
        ("?company=nobody", set()),
    ],
)
def test_filters_stand_in_the_address(agent, query, hits):
    messages = {
        "supplier": make_message(
            topic="supplier", email="oskar@lind.example", text="Pallets for you."
        ),
        "english": make_message(),
        "chinese": make_message(text="请问冷藏车多久一班？", phone="+8613958006612"),
    }
    page = agent.get(f"/desk/messages{query}").text
    assert {name for name, message in messages.items() if message.ref in page} == hits


def test_a_private_answer_goes_out_with_name_role_and_link(agent, browser):
    message = make_message()
    reply = agent.post(
        f"/desk/messages/{message.ref}/answer", {"text": "It costs 4,200 yuan.", "way": "private"}
    )
    assert reply.status_code == 302
    row = reload(message)
    assert row.due_at is None
    assert row.answered_at is not None
    mail = mails()[-1]
    assert mail["to"] == message.email
    assert "It costs 4,200 yuan." in mail["body"]
    assert "Customer-service agent" in mail["body"]
    assert f"/messages/{message.ref}/{key_of(message)}" in mail["body"]
    page = browser.get(f"/messages/{message.ref}/{key_of(message)}").text
    assert "It costs 4,200 yuan." in page


def test_an_empty_answer_is_not_sent(agent):
    message = make_message()
    assert agent.post(f"/desk/messages/{message.ref}/answer", {"text": "  "}).status_code == 422
    assert reload(message).answered_at is None


def test_a_public_answer_needs_a_published_message_and_keeps_its_words(agent):
    message = make_message()
    form = {"text": "A long and careful answer.", "way": "public"}
    reply = agent.post(f"/desk/messages/{message.ref}/answer", form)
    assert reply.status_code == 422
    assert "A long and careful answer." in reply.text
    assert publish(agent, message).status_code == 302
    assert agent.post(f"/desk/messages/{message.ref}/answer", form).status_code == 302


def test_the_board_shows_edited_words_and_the_original_stays(agent, browser):
    message = make_message(subject="Secret subject", text=f"Secret words. {TEXT}")
    publish(agent, message, public_subject="Price of pallets", public_text="What do pallets cost?")
    agent.post(f"/desk/messages/{message.ref}/answer", {"text": "Some yuan.", "way": "public"})
    for page in (browser.get("/messages").text, browser.get(f"/messages/{message.ref}").text):
        assert "Price of pallets" in page
        assert "Some yuan." in page
        assert "Customer-service agent" in page
        assert "Secret" not in page
    assert reload(message).text.startswith("Secret words.")


def test_an_address_or_a_number_cannot_be_published(agent):
    message = make_message()
    reply = publish(agent, message, public_text="Write to me@mail.example or 138 0000 8000")
    assert reply.status_code == 422
    assert "e-mail address or a telephone number" in reply.text
    assert reload(message).state == "pending"


def test_a_private_message_cannot_be_published(agent):
    message = make_message(is_private=True)
    assert publish(agent, message).status_code == 422
    assert reload(message).state == "pending"


def test_hiding_takes_it_off_the_board_and_back(agent, browser):
    message = make_message()
    publish(agent, message)
    agent.post(f"/desk/messages/{message.ref}/move/hidden")
    assert browser.get(f"/messages/{message.ref}").status_code == 404
    assert message.ref not in browser.get("/messages").text
    publish(agent, message)
    assert browser.get(f"/messages/{message.ref}").status_code == 200


def test_spam_is_reviewed_with_its_reasons_and_taken_back(agent):
    message = make_message(verdict=Verdict(100, ("trap", "links")))
    assert message.ref not in agent.get("/desk/messages").text
    page = agent.get("/desk/messages?tab=spam").text
    assert message.ref in page
    assert "A field that people do not see was filled" in page
    agent.post(f"/desk/messages/{message.ref}/move/pending")
    row = reload(message)
    assert (row.state, row.due_at is None) == ("pending", False)
    assert mails()[-1]["to"] == message.email


def test_spam_can_be_marked_and_is_not_answered(agent):
    message = make_message()
    agent.post(f"/desk/messages/{message.ref}/move/spam")
    assert reload(message).due_at is None
    reply = agent.post(f"/desk/messages/{message.ref}/answer", {"text": "Hello", "way": "private"})
    assert reply.status_code == 422


def test_an_impossible_move_is_refused(agent):
    message = make_message(verdict=Verdict(100, ("trap",)))
    assert agent.post(f"/desk/messages/{message.ref}/move/hidden").status_code == 409
    assert agent.post(f"/desk/messages/{message.ref}/move/published").status_code == 404


def test_taking_handing_over_and_giving_back(agent, as_user):
    message, other = make_message(), make_agent(name="何佳怡")
    agent.post(f"/desk/messages/{message.ref}/assign", {"person": "me"})
    assert message.ref in agent.get("/desk/messages?tab=mine").text
    agent.post(f"/desk/messages/{message.ref}/assign", {"person": str(other.id)})
    assert reload(message).assigned_id == other.id
    assert "何佳怡" in agent.get(f"/desk/messages/{message.ref}").text
    agent.post(f"/desk/messages/{message.ref}/assign", {"person": "nobody"})
    assert reload(message).assigned_id is None
    colleague = make_colleague()
    reply = agent.post(f"/desk/messages/{message.ref}/assign", {"person": str(colleague.id)})
    assert reply.status_code == 422


def test_notes_are_for_the_desk_alone(agent, browser):
    message = make_message()
    agent.post(f"/desk/messages/{message.ref}/note", {"note": "He called twice."})
    assert "He called twice." in agent.get(f"/desk/messages/{message.ref}").text
    assert "He called twice." not in browser.get(f"/messages/{message.ref}/{key_of(message)}").text


def test_what_was_done_is_kept_with_who_did_it(agent):
    message = make_message()
    agent.post(f"/desk/messages/{message.ref}/assign", {"person": "me"})
    publish(agent, message)
    agent.post(f"/desk/messages/{message.ref}/answer", {"text": "Yes.", "way": "public"})
    page = agent.get(f"/desk/messages/{message.ref}").text
    history = page[page.index("What was done") :]
    order = [
        history.index(words) for words in ("Received", "Taken", "Published", "Answered in public")
    ]
    assert order == sorted(order)


def test_duplicates_are_offered_merged_answered_together_and_separated(agent, browser):
    first = make_message(email="bai@xueyu.example", text="When does the lorry to Lhasa leave?")
    second = make_message(email="bai@xueyu.example", text="Please answer: the lorry to Lhasa?")
    assert first.ref in agent.get(f"/desk/messages/{second.ref}").text
    agent.post(f"/desk/messages/{second.ref}/merge", {"into": first.ref})
    assert reload(second).due_at is None
    assert second.ref not in agent.get("/desk/messages").text
    agent.post(f"/desk/messages/{first.ref}/answer", {"text": "Each Tuesday.", "way": "private"})
    assert [
        mail["body"].count(key_of(each))
        for mail, each in zip(mails()[-2:], (first, second), strict=True)
    ] == [1, 1]
    assert "Each Tuesday." in browser.get(f"/messages/{second.ref}/{key_of(second)}").text
    agent.post(f"/desk/messages/{second.ref}/unmerge")
    row = reload(second)
    assert row.merged_into_id is None
    assert row.due_at is None  # its writer has had the answer


def test_separating_what_is_unanswered_starts_its_clock_again(agent):
    first, second = make_message(), make_message()
    agent.post(f"/desk/messages/{second.ref}/merge", {"into": first.ref})
    agent.post(f"/desk/messages/{second.ref}/unmerge")
    assert reload(second).due_at == second.due_at


def test_the_private_words_of_one_are_not_shown_to_the_writer_of_the_other(agent, browser):
    first, second = make_message(), make_message()
    agent.post(
        f"/desk/messages/{first.ref}/answer", {"text": "Only for the first.", "way": "private"}
    )
    agent.post(f"/desk/messages/{second.ref}/merge", {"into": first.ref})
    page = browser.get(f"/messages/{second.ref}/{key_of(second)}").text
    assert "Only for the first." not in page
    assert first.text not in page


def test_what_the_writer_of_a_merged_one_adds_is_read_at_the_other(agent, browser):
    first, second = make_message(), make_message()
    agent.post(f"/desk/messages/{second.ref}/merge", {"into": first.ref})
    agent.post(f"/desk/messages/{first.ref}/answer", {"text": "Yes.", "way": "private"})
    form = {"text": "One more thing.", "shown": shown_at(), "files": (BytesIO(b"words"), "a.txt")}
    browser.post(
        f"/messages/{second.ref}/{key_of(second)}", form, content_type="multipart/form-data"
    )
    assert reload(first).due_at is not None
    page = agent.get(f"/desk/messages/{first.ref}").text
    assert "One more thing." in page
    file = re.search(r"/files/(\w+)", page)[1]
    assert agent.get(f"/desk/messages/{first.ref}/files/{file}").data == b"words"
    assert browser.get(f"/messages/{first.ref}/{key_of(first)}/files/{file}").status_code == 404
    assert agent.post(f"/desk/messages/{first.ref}/move/spam").status_code == 409


def test_merging_has_its_limits(agent):
    company = make_company()
    own, others = make_message(company, make_colleague(company)), make_message()
    third = make_message()
    assert agent.post(f"/desk/messages/{own.ref}/merge", {"into": others.ref}).status_code == 409
    assert agent.post(f"/desk/messages/{own.ref}/merge", {"into": own.ref}).status_code == 409
    assert agent.post(f"/desk/messages/{own.ref}/merge", {"into": "MS00000000"}).status_code == 404
    agent.post(f"/desk/messages/{others.ref}/merge", {"into": third.ref})
    assert agent.post(f"/desk/messages/{third.ref}/merge", {"into": own.ref}).status_code == 409


def test_an_earlier_public_answer_is_offered_and_begins_a_new_one(agent):
    earlier, message = make_message(), make_message()
    publish(agent, earlier)
    agent.post(
        f"/desk/messages/{earlier.ref}/answer", {"text": "Pallets cost 40 yuan.", "way": "public"}
    )
    page = agent.get(f"/desk/messages/{message.ref}").text
    use = re.search(r"use=(\w+)", page)[1]
    filled = agent.get(f"/desk/messages/{message.ref}?use={use}").text
    assert re.search(r"<textarea[^>]*name=\"text\"[^>]*>\s*Pallets cost 40 yuan.", filled)


def test_a_message_becomes_an_application_that_is_filled_so_far(agent):
    message = make_message(name="王海峰", email="wang@muyu.example")
    reply = agent.post(f"/desk/messages/{message.ref}/apply")
    assert reply.status_code == 302
    assert "wang@muyu.example" in agent.get(reply.location).text


def test_the_list_goes_out_guarded_and_noted(agent, as_user):
    message = make_message(subject="=cmd|calc")
    reply = agent.get("/desk/exports/messages.csv?tab=open", buffered=True)
    assert "'=cmd|calc" in reply.get_data(as_text=True)
    assert message.email in reply.get_data(as_text=True)
    assert as_user(make_agent("sales")).get("/desk/exports/messages.csv").status_code == 403


@pytest.mark.parametrize(
    ("role", "queue", "answers", "moderates"),
    [
        ("agent", 200, True, True),
        ("manager", 200, True, True),
        ("sales", 200, True, False),
        ("moderator", 200, False, True),
        ("dispatcher", 200, False, False),
        ("driver", 403, False, False),
        ("warehouse", 403, False, False),
        ("finance", 403, False, False),
    ],
)
def test_who_may_read_answer_and_moderate(as_user, role, queue, answers, moderates):
    message = make_message()
    person = as_user(make_agent(role))
    assert person.get("/desk/messages").status_code == queue
    assert person.get(f"/desk/messages/{message.ref}").status_code == queue
    answer = person.post(f"/desk/messages/{message.ref}/answer", {"text": "Yes.", "way": "private"})
    assert (answer.status_code == 302) is answers
    assert (publish(person, message).status_code == 302) is moderates


def test_buyers_see_and_answer_what_suppliers_offer_and_nothing_else(as_user):
    offer, question = make_message(topic="supplier"), make_message()
    buyer = as_user(make_agent("buyer"))
    page = buyer.get("/desk/messages/suppliers", follow_redirects=True).text
    assert offer.ref in page
    assert question.ref not in buyer.get("/desk/messages?tab=all").text
    assert buyer.get(f"/desk/messages/{question.ref}").status_code == 404
    reply = buyer.post(
        f"/desk/messages/{offer.ref}/answer", {"text": "Thank you.", "way": "private"}
    )
    assert reply.status_code == 302
    assert buyer.get("/desk/messages/calls").status_code == 403


def test_visitors_and_members_do_not_reach_the_desk(browser, as_user):
    message = make_message()
    member = as_user(make_colleague())
    for path in (
        "/desk/messages",
        f"/desk/messages/{message.ref}",
        "/desk/messages/calls",
        "/desk/exports/messages.csv",
    ):
        assert browser.get(path).status_code in (302, 401)
        assert member.get(path).status_code == 403


def test_the_clock_runs_over_the_weekend_and_stops_on_closed_days(app, as_user):
    zone = clock.zone()
    saturday = datetime(2026, 11, 21, 11, tzinfo=zone)
    message = make_message(at=saturday)
    assert message.due_at == datetime(2026, 11, 23, 11, 30, tzinfo=zone)


def test_entering_a_closed_day_sets_running_clocks_anew(as_user):
    manager = as_user(make_agent("manager"))
    message = make_message()
    day = message.due_at.astimezone(clock.zone()).date()
    words = {"on": day.isoformat(), "name": "Holiday", "works_like": ""}
    assert manager.post("/desk/messages/closed-days", words).status_code == 302
    later = reload(message).due_at
    assert later.astimezone(clock.zone()).date() > day
    assert manager.post("/desk/messages/closed-days", words).status_code == 422
    manager.post(f"/desk/messages/closed-days/{day.isoformat()}/remove")
    assert reload(message).due_at == message.due_at
    assert manager.post("/desk/messages/closed-days/nonsense/remove").status_code == 404
    assert as_user(make_agent()).get("/desk/messages/closed-days").status_code == 403


def test_the_figure_of_answers_is_kept_by_whoever_answers(agent, app):
    assert answer_time() == (None, 0)
    for _ in range(5):
        message = make_message(at=working.hours().next_open(clock.now() - timedelta(days=8)))
        agent.post(f"/desk/messages/{message.ref}/answer", {"text": "Yes.", "way": "private"})
        agent.post(f"/desk/messages/{message.ref}/answer", {"text": "More.", "way": "private"})
    minutes, sample = answer_time()
    assert sample == 5
    assert minutes > 60
    with app.test_request_context():
        assert measured()[0]["key"] == "answer_time"


def marked(client, url):
    """Return the words of the ways that the bar of the desk marks as the present page."""
    bar = client.get(url).get_data(as_text=True).partition('class="bar-nav"')[2]
    return re.findall(r'aria-current="(?:page|true)">([^<]+?)\s*<', bar.partition("menu--more")[0])


def test_of_two_ways_into_one_part_the_bar_marks_the_one_that_was_taken(as_user):
    manager = as_user(make_agent("manager"))
    message = make_message()
    assert marked(manager, "/desk/messages") == ["Messages"]
    assert marked(manager, "/desk/messages/calls") == ["Messages"]
    assert marked(manager, f"/desk/messages/{message.ref}") == ["Messages"]
    assert marked(manager, "/desk/messages?topic=supplier") == ["Messages"]
    buyer = as_user(make_agent("buyer"))
    assert marked(buyer, "/desk/messages?topic=supplier") == ["Supplier offers"]


def test_a_visitor_is_asked_whether_the_board_may_show_the_question(browser):
    form = browser.get("/messages/new?topic=quote").get_data(as_text=True)
    box = re.search(r'<input[^>]*name="may_publish"[^>]*>', form)[0]
    assert "checked" not in box
