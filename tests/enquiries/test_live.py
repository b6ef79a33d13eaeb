"""What arrives is heard at the desk by who may read it, and nothing private leaves."""

from tests.enquiries.made import make_agent, make_message
from tests.factories import make_colleague, make_company


def follow(page, ref=""):
    return page.ask("follow", {"topic": "inbox", "ref": ref})["ok"]


def test_only_those_who_read_messages_hear_of_them(as_user, live, browser, relayed):
    agent, driver = live(as_user(make_agent())), live(as_user(make_agent("driver")))
    member, visitor = live(as_user(make_colleague())), live(browser)
    assert follow(agent)
    assert not any(follow(page) for page in (driver, member, visitor))
    message = make_message(topic="quote")
    assert agent.received() == []
    relayed()
    (event,) = agent.received()
    assert event["type"] == "message.received"
    assert event["data"] == {"ref": message.ref, "topic": "quote"}


def test_buyers_hear_of_offers_alone(as_user, live, relayed):
    buyer = live(as_user(make_agent("buyer")))
    assert not follow(buyer)
    assert follow(buyer, "supplier")
    make_message(topic="quote")
    offer = make_message(topic="supplier")
    relayed()
    heard = [event["data"]["ref"] for event in buyer.received()]
    assert heard == [offer.ref]


def test_a_member_hears_of_the_answer(as_user, live, relayed):
    company = make_company()
    person = make_colleague(company)
    message = make_message(company, person)
    page = live(as_user(person))
    assert page.ask("follow", {"topic": "company", "ref": "mine"})["ok"]
    words = {"text": "Yes.", "way": "private"}
    as_user(make_agent()).post(f"/desk/messages/{message.ref}/answer", words)
    relayed()
    assert ("message.answered", {"ref": message.ref}) in [
        (event["type"], event["data"]) for event in page.received()
    ]
