"""Members' own messages: their company reads them, no other company does."""

import pytest

from tests.enquiries.made import TEXT, make_agent, make_message, shown_at
from tests.factories import make_colleague, make_company

WORDS = {"topic": "delivery", "subject": "Pick-up at five", "text": TEXT}


def test_a_member_writes_reads_the_answer_and_adds(as_user):
    person = make_colleague()
    member, agent = as_user(person), as_user(make_agent())
    reply = member.post("/portal/messages/new", WORDS | {"shown": shown_at()})
    assert reply.status_code == 303, reply.text
    ref = reply.location.rpartition("/")[2]
    agent.post(
        f"/desk/messages/{ref}/answer", {"text": "At five from Monday on.", "way": "private"}
    )
    assert "At five from Monday on." in member.get(f"/portal/messages/{ref}").text
    member.post(f"/portal/messages/{ref}", {"text": "Thank you.", "shown": shown_at()})
    assert "Thank you." in agent.get(f"/desk/messages/{ref}").text
    assert ref in member.get("/portal/messages").text


def test_colleagues_read_it_and_strangers_learn_nothing(as_user):
    company = make_company()
    message = make_message(company, make_colleague(company))
    assert (
        as_user(make_colleague(company, "viewer"))
        .get(f"/portal/messages/{message.ref}")
        .status_code
        == 200
    )
    stranger = as_user(make_colleague())
    for path in ("", "/thread", "/files/MF00000000"):
        assert stranger.get(f"/portal/messages/{message.ref}{path}").status_code == 404
    assert (
        stranger.post(
            f"/portal/messages/{message.ref}", {"text": "x", "shown": shown_at()}
        ).status_code
        == 404
    )
    assert message.ref not in stranger.get("/portal/messages").text


def test_what_a_colleague_adds_carries_his_name(as_user):
    company = make_company()
    message = make_message(company, make_colleague(company))
    colleague = make_colleague(company, "finance", name="钱思远")
    form = {"text": "The invoice goes to us.", "shown": shown_at()}
    page = as_user(colleague).post(f"/portal/messages/{message.ref}", form, follow_redirects=True)
    assert "<b>钱思远</b>" in page.text


def test_a_visitors_message_is_no_companys(as_user):
    message = make_message()
    member = as_user(make_colleague())
    assert member.get(f"/portal/messages/{message.ref}").status_code == 404
    assert message.ref not in member.get("/portal/messages").text


def test_a_members_message_cannot_be_published(as_user):
    company = make_company()
    message = make_message(company, make_colleague(company))
    words = {"public_name": "A", "public_subject": "B", "public_text": "C"}
    agent = as_user(make_agent())
    assert agent.post(f"/desk/messages/{message.ref}/publish", words).status_code == 422


def test_a_double_submit_is_one(as_user):
    member = as_user(make_colleague())
    form = WORDS | {"shown": shown_at(name="member twice")}
    first, second = (member.post("/portal/messages/new", form).location for _ in range(2))
    assert first == second


def test_what_is_wrong_is_said_and_the_words_stay(as_user):
    member = as_user(make_colleague())
    reply = member.post("/portal/messages/new", WORDS | {"subject": "", "shown": shown_at()})
    assert reply.status_code == 422
    assert TEXT in reply.text


@pytest.mark.parametrize(
    "path", ["/portal/messages", "/portal/messages/new", "/portal/messages/list"]
)
def test_visitors_are_led_to_the_door(browser, path):
    assert browser.get(path).status_code == 302
