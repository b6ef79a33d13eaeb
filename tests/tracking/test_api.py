"""Tracking by program."""

from portal.consignments.rules import numbers
from tests.factories import make_consignment
from tests.tracking.test_links import make_link
from tests.tracking.test_number import SECRETS, mistyped, on_its_way

ALONE = {"no", "status", "text", "big_step", "city", "promise", "updated_at"}


def test_the_number_alone_answers_milestone_city_and_dates(browser):
    no = on_its_way()
    reply = browser.get(f"/api/v1/track/{no}")
    assert set(reply.json) == ALONE
    assert (reply.json["status"], reply.json["big_step"]) == ("out_for_delivery", "delivering")
    assert reply.json["city"] == "杭州"
    assert [word for word in SECRETS if word in reply.text] == []


def test_with_the_end_of_the_phone_it_answers_the_way(browser):
    reply = browser.get(f"/api/v1/track/{on_its_way()}?tail=6021").json
    assert [event["code"] for event in reply["events"]][-3:] == [
        "picked_up",
        "dest_city",
        "out_for_delivery",
    ]
    assert reply["consignee"]["name"] == "周*"
    assert reply["consignee"]["phone"] == "138****6021"


def test_a_wrong_end_is_answered_as_none(browser):
    no = on_its_way()
    assert (
        browser.get(f"/api/v1/track/{no}?tail=0000").json == browser.get(f"/api/v1/track/{no}").json
    )


def test_tries_are_counted_here_too(browser):
    no = on_its_way()
    tried = [browser.get(f"/api/v1/track/{no}?tail={n:04}").status_code for n in range(8)]
    assert tried[-1] == 429


def test_a_city_link_answers_cities_only(browser):
    no, _ref, token, _user = make_link("city")
    reply = browser.get(f"/api/v1/track/{no}?token={token}")
    assert "events" in reply.json
    assert "consignee" not in reply.json
    assert "下沙站" not in reply.text


def test_a_link_of_another_number_opens_nothing(browser):
    _no, _ref, token, _user = make_link()
    assert browser.get(f"/api/v1/track/{on_its_way()}?token={token}").status_code == 404


def test_wrong_and_unknown_numbers_are_answered_alike(browser):
    asked = (mistyped(make_consignment().no), numbers.new_number(), "x", "%00")
    replies = [browser.get(f"/api/v1/track/{no}") for no in asked]
    assert {(reply.status_code, reply.text) for reply in replies} == {(404, replies[0].text)}
    assert replies[0].mimetype == "application/problem+json"
