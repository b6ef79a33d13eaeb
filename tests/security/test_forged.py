"""Requests that a browser sends for another site, or that try to lead people there."""

import re

import pytest

from portal.tracking import queries
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_dispatcher,
    make_person,
)

EVIL = "https://evil.example"
#: Reads what was typed and changes nothing; and what a program's token stands in for.
API = "/api/v1"


#: Forms of strangers that carry their own proof; they are refused when another site sends them.
SESSIONLESS = ("tracking.", "apply.", "messages.", "ask.", "notice_mail.")


def _posts(app):
    for rule in app.url_map.iter_rules():
        if "POST" in rule.methods and not rule.rule.startswith(API):
            chosen = re.sub(r"<any\(([^,)]+)[^<>]*>", r"\1", rule.rule)
            yield rule.endpoint, re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", "1", chosen)


def test_no_form_is_taken_without_the_token_of_its_page(app, as_user):
    owner, admin = make_colleague(), make_person(staff_role="admin")
    for person in (owner, admin):
        browser = as_user(person)
        for endpoint, path in _posts(app):
            if endpoint.startswith(SESSIONLESS):
                continue
            reply = browser.open(path, method="POST", data={"do": "order"})
            assert reply.status_code == 400, (path, reply.status_code)


def test_forms_without_a_session_are_refused_when_another_site_sends_them(app, browser):
    foreign = {"Origin": EVIL, "Sec-Fetch-Site": "cross-site"}
    tried = [path for endpoint, path in _posts(app) if endpoint.startswith(SESSIONLESS[1:])]
    assert len(tried) >= 8
    for path in tried:
        assert browser.open(path, method="POST", headers=foreign).status_code == 403, path


def test_forms_of_tracking_are_refused_when_another_site_sends_them(app, browser):
    no = make_consignment().no
    for path in (f"/track/{no}", f"/track/{no}/leave"):
        for headers in (
            {"Origin": EVIL},
            {"Origin": "http://localhost.evil.example"},
            {"Origin": "http://localhost@evil.example"},
            {"Sec-Fetch-Site": "cross-site"},
            {"Origin": "null", "Sec-Fetch-Site": "cross-site"},
            {"Origin": "http://localhost", "Sec-Fetch-Site": "same-site"},
        ):
            reply = browser.open(path, method="POST", data={"tail": "6021"}, headers=headers)
            assert reply.status_code == 403, (path, headers)
            assert not [c for c in reply.headers.getlist("Set-Cookie") if c.startswith("proof=")]


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": EVIL},
        {"Origin": "null"},
        {"Origin": "http://localhost:81"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
    ],
)
def test_the_api_takes_no_write_that_another_site_sends_with_our_cookie(app, as_user, headers):
    browser = as_user(make_colleague())
    for rule in app.url_map.iter_rules():
        for method in rule.methods & {"POST", "PATCH", "DELETE", "PUT"}:
            if rule.rule.startswith(API):
                path = re.sub(r"<(?:[^:<>]+:)?([^<>]+)>", "1", rule.rule)
                reply = browser.open(path, method=method, json={}, headers=headers)
                assert reply.status_code == 403, (method, path)


def test_a_session_that_was_there_before_the_sign_in_is_worth_nothing_after_it(app, browser):
    browser.get("/login")
    before = browser.client.get_cookie("session").value
    person = make_colleague()
    browser.sign_in(person.email)
    after = browser.client.get_cookie("session").value
    assert after != before
    browser.client.set_cookie("session", before)
    assert browser.get("/portal").status_code == 302


def test_a_copied_session_ends_with_the_sign_out(app, as_user):
    browser = as_user(make_colleague())
    copy = browser.client.get_cookie("session").value
    assert browser.get("/portal").status_code == 200
    browser.post("/logout")
    browser.client.set_cookie("session", copy)
    assert browser.get("/portal").status_code == 302


@pytest.mark.parametrize(
    "wanted",
    [
        EVIL,
        "//evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/\t/evil.example",
        "/\r\n//evil.example",
        " //evil.example",
        "javascript:alert(1)",
        "http:evil.example",
        "/%0d%0aLocation:%20https://evil.example",
    ],
)
def test_signing_in_leads_nowhere_but_here(browser, wanted):
    person = make_colleague()
    reply = browser.post(
        "/login", {"email": person.email, "password": "quayside-demo", "next": wanted}
    )
    assert reply.status_code == 302
    assert reply.headers["Location"].startswith("/")
    assert "evil" not in reply.headers["Location"] or reply.headers["Location"].startswith("/%0d")


HOSTILE = (
    f"_external=1&_scheme={EVIL}/%3F",
    "_scheme=javascript&_external=1&_anchor=%0Aalert(1)",
    "endpoint=sign_in.login",
    "_method=POST",
    "no=1&code=2&filename=3",
    "_anchor=x&_anchor=y",
)


@pytest.mark.parametrize("asked", HOSTILE)
def test_no_parameter_turns_a_link_of_a_page_elsewhere(app, browser, as_user, asked):
    member, desk = as_user(make_colleague()), as_user(make_dispatcher())
    pages = (
        (browser, "/"),
        (browser, "/track"),
        (member, "/portal/consignments"),
        (desk, "/desk/board"),
    )
    for who, path in pages:
        page = who.get(f"{path}?{asked}", follow_redirects=True)
        assert page.status_code < 500
        links = re.findall(r'(?:href|action|src)="([^"]*)"', page.text)
        assert not [
            link for link in links if re.match(r"\s*(javascript|https?://evil|//)", link)
        ], path


@pytest.mark.parametrize("asked", HOSTILE)
def test_no_parameter_turns_a_redirect_of_the_desk_elsewhere(as_user, asked):
    desk, no = as_user(make_dispatcher()), make_consignment().no
    for path in (
        "/desk/board/push",
        "/desk/board/undo",
        "/desk/board/queues/pickup",
        f"/desk/consignments/{no}/push",
        f"/desk/consignments/{no}/events/1/withdraw",
    ):
        reply = desk.get(f"{path}?{asked}")
        assert reply.status_code < 500, path
        assert reply.headers.get("Location", "/").startswith("/desk/"), path


def test_links_that_are_handed_out_name_our_own_host_whatever_the_request_claims(app, as_user):
    company = make_company()
    member, no = as_user(make_colleague(company)), make_consignment(company).no
    # A browser keeps cookies by host; here something between forwards them under another name.
    session = member.client.get_cookie("session").value
    member.client.set_cookie("session", session, domain="evil.example")
    evil = {"base_url": "http://evil.example", "headers": {"X-Forwarded-Host": "evil.example"}}
    reply = member.open(f"/api/v1/consignments/{no}/links", method="POST", json={}, **evil)
    assert reply.status_code == 201
    assert reply.json["url"].startswith("http://localhost/s/")
    assert "evil" not in member.get(f"/api/v1/consignments/{no}", **evil).text


def test_a_proof_of_one_number_opens_no_other(app, browser):
    mine, other = make_consignment().no, make_consignment().no
    with app.app_context():
        token = queries.proof_token(mine)
    assert browser.get(f"/api/v1/track/{other}?token={token}").status_code == 404
    browser.client.set_cookie("proof", token, path=f"/track/{other}")
    assert "****" not in browser.get(f"/track/{other}").text
    assert browser.get(f"/track/{other}/timeline").status_code == 404
