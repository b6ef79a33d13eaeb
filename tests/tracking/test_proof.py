"""Proofs: the end of the phone or the postcode opens the way of one number, for a while."""

import pytest

from portal.tracking import queries
from tests.factories import make_consignment, push
from tests.tracking.test_number import mistyped, on_its_way


@pytest.mark.parametrize("tail", ["6021", " 6021 ", "311121"])
def test_the_right_end_opens_the_way(browser, tail):
    no = on_its_way()
    reply = browser.post(f"/track/{no}", {"tail": tail})
    assert (reply.status_code, reply.location) == (303, f"/track/{no}")
    page = browser.get(f"/track/{no}")
    assert "下沙站 3 号" in page.text
    assert "138****6021" in page.text
    assert page.headers["Cache-Control"] == "no-store"


def test_with_a_proof_names_and_phones_stay_masked_and_internal_notes_hidden(browser):
    no = on_its_way()
    browser.post(f"/track/{no}", {"tail": "6021"})
    page = browser.get(f"/track/{no}").text
    hidden = ("周敏", "13800006021", "文一西路", "311121", "内部先生", "华东家居")
    assert [word for word in hidden if word in page] == []
    assert "周*" in page


@pytest.mark.parametrize(
    "tail", ["", "6022", "021", "13800006021", "00", "x" * 5000, "\x00", "٦٠٢١"]
)
def test_a_wrong_end_shows_what_the_number_alone_shows(browser, tail):
    no = on_its_way()
    reply = browser.post(f"/track/{no}", {"tail": tail})
    assert reply.status_code == 422
    assert "下沙站" not in reply.text
    assert "Set-Cookie" not in reply.headers


def test_too_many_tries_are_stopped_even_with_the_right_end(browser):
    no = on_its_way()
    tries = [browser.post(f"/track/{no}", {"tail": f"{n:04}"}).status_code for n in range(8)]
    assert tries[-1] == 429
    assert browser.post(f"/track/{no}", {"tail": "6021"}).status_code == 429
    assert browser.get(f"/track/{no}").status_code == 200


def test_tries_from_many_addresses_are_stopped_too(browser):
    no = on_its_way()
    answers = [
        browser.post(
            f"/track/{no}", {"tail": "0000"}, environ_base={"REMOTE_ADDR": f"10.0.0.{n}"}
        ).status_code
        for n in range(1, 33)
    ]
    assert answers[-1] == 429


def test_a_proof_is_for_one_number_only(browser):
    first, second = on_its_way(), on_its_way()
    browser.post(f"/track/{first}", {"tail": "6021"})
    assert "下沙站" not in browser.get(f"/track/{second}").text
    assert browser.get(f"/track/{second}/timeline").status_code == 404


def test_a_proof_of_another_number_does_not_open_this_one(browser, app):
    first, second = on_its_way(), on_its_way()
    with app.test_request_context():
        token = queries.proof_token(first)
    for no in (first, second):
        browser.client.set_cookie("proof", token, path=f"/track/{no}")
    assert browser.get(f"/track/{second}/timeline").status_code == 404
    assert browser.get(f"/track/{first}/timeline").status_code == 200


def test_leaving_takes_the_proof_back(browser):
    no = on_its_way()
    browser.post(f"/track/{no}", {"tail": "6021"})
    assert browser.post(f"/track/{no}/leave").status_code == 303
    assert "下沙站" not in browser.get(f"/track/{no}").text


def test_a_proof_is_over_after_half_an_hour(browser, monkeypatch):
    no = on_its_way()
    browser.post(f"/track/{no}", {"tail": "6021"})
    monkeypatch.setattr(queries, "PROVEN_FOR", -queries.PROVEN_FOR)
    assert "下沙站" not in browser.get(f"/track/{no}").text


def test_a_form_of_another_site_is_refused(browser):
    no = on_its_way()
    headers = {"Origin": "https://elsewhere.example"}
    assert browser.post(f"/track/{no}", {"tail": "6021"}, headers=headers).status_code == 403


def test_proving_a_missing_number_looks_like_asking_for_it(browser):
    no = mistyped(make_consignment().no)
    assert browser.post(f"/track/{no}", {"tail": "6021"}).status_code == 404


def test_the_proven_page_follows_by_its_own_token(browser, live, relayed):
    no = on_its_way("dest_city")
    browser.post(f"/track/{no}", {"tail": "6021"})
    page = browser.get(f"/track/{no}").text
    token = page.split('data-token="')[1].split('"')[0]
    relayed()
    socket = live()
    asked = {"topic": "consignment", "ref": no, "token": token}
    assert socket.ask("follow", asked)["ok"] is True
    push(no, "out_for_delivery")
    relayed()
    assert [event["data"]["code"] for event in socket.received()] == ["out_for_delivery"]
    assert 'data-status="out_for_delivery"' in browser.get(f"/track/{no}/timeline").text


def test_the_number_alone_cannot_follow(browser, live):
    no = on_its_way()
    assert live().ask("follow", {"topic": "consignment", "ref": no})["ok"] is False
    assert "data-follow" not in browser.get(f"/track/{no}").text


def test_right_proofs_are_not_counted_as_tries(browser):
    no = on_its_way()
    assert {browser.post(f"/track/{no}", {"tail": "6021"}).status_code for _ in range(9)} == {303}
