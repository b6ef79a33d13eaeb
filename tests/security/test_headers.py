"""What every answer says to browsers and caches, whatever it answers."""

import re

import pytest

from portal import create_app
from tests.conftest import settings
from tests.factories import (
    make_colleague,
    make_company,
    make_consignment,
    make_dispatcher,
    make_key,
)


def _paths(app, no):
    for rule in app.url_map.iter_rules():
        if "GET" in rule.methods and rule.endpoint != "static":
            yield re.sub(
                r"<(?:[^:<>]+:)?([^<>]+)>", lambda m: no if m[1] == "no" else "1", rule.rule
            )


def test_every_answer_forbids_sniffing_and_every_page_forbids_foreign_code(app, browser, as_user):
    company = make_company()
    no = make_consignment(company).no
    for who in (browser, as_user(make_colleague(company)), as_user(make_dispatcher())):
        for path in [
            *_paths(app, no),
            "/nowhere",
            "/api/v1/nowhere",
            "/static/css/tokens.css",
            "/static/x",
        ]:
            headers = who.get(path, buffered=True).headers
            assert headers["X-Content-Type-Options"] == "nosniff", path
            assert headers["Referrer-Policy"] in ("same-origin", "strict-origin"), path
            assert "Server" not in headers or "Werkzeug" not in headers["Server"]
            if not path.startswith("/static/css"):
                policy = headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy, path
                assert "frame-ancestors 'none'" in policy, path
                is_paper = (
                    headers["Content-Type"] == "application/pdf"
                )  # shown by the browser's own
                assert is_paper or "unsafe-inline" not in policy, path
                assert "'unsafe-eval'" not in policy, path


def test_no_shared_cache_keeps_what_is_private(app, as_user, with_key):
    company = make_company()
    owner = make_colleague(company)
    no, member = make_consignment(company).no, as_user(owner)
    program = with_key(make_key(owner, company))
    private = (
        "/portal",
        "/desk",
        "/account",
        "/api/v1/consignments",
        "/api/v1/stream",
        "/api/v1/imports",
    )
    for path in _paths(app, no):
        if path.startswith(private):
            for who in (member, program):
                kept = who.get(path, buffered=True).headers.get("Cache-Control", "")
                assert "no-store" in kept or "private" in kept, path


def test_the_nonce_of_a_page_is_another_one_each_time(browser):
    policies = {browser.get("/login").headers["Content-Security-Policy"] for _ in range(5)}
    assert len(policies) == 5


def test_cookies_are_out_of_reach_of_scripts_and_of_other_sites(browser):
    person = make_colleague()
    reply = browser.post("/login", {"email": person.email, "password": "quayside-demo"})
    session = reply.headers.getlist("Set-Cookie")[-1]
    assert session.startswith("session=")
    assert "HttpOnly" in session
    assert "SameSite=Lax" in session


@pytest.mark.parametrize("path", ["/login", "/?lang=en", "/?theme=dark", "/?density=compact"])
def test_every_cookie_is_sent_over_tls_alone_where_there_is_tls(tmp_path, path):
    app = create_app(
        settings(tmp_path, f"sqlite:///{tmp_path / 'x.db'}", PUBLIC_URL="https://portal.example")
    )
    reply = app.test_client().get(path)
    cookies = reply.headers.getlist("Set-Cookie")
    assert cookies
    assert all("Secure" in cookie and "SameSite" in cookie for cookie in cookies)


def test_headers_of_proxies_are_not_believed_unless_there_is_one(app, browser):
    reply = browser.get(
        "/login", headers={"X-Forwarded-Proto": "https", "X-Forwarded-For": "9.9.9.9"}
    )
    assert "Strict-Transport-Security" not in reply.headers


def test_error_pages_say_nothing_of_the_inside(app, browser, monkeypatch):
    def broken(*_args, **_kwargs):
        raise RuntimeError("secret 13800006021")

    monkeypatch.setitem(app.view_functions, "pages.home", broken)
    page = browser.get("/?not=kept")
    assert page.status_code == 500
    for word in ("Traceback", "RuntimeError", "secret", "13800006021", ".py"):
        assert word not in page.text


def test_methods_that_are_invented_make_no_new_series(browser):
    for number in range(30):
        browser.open("/", method=f"ATTACK{number}")
    assert "ATTACK" not in browser.get("/metrics").text


def test_the_figures_for_operators_name_nobody(app, browser, as_user):
    company = make_company()
    owner = make_colleague(company)
    no = make_consignment(company).no
    as_user(owner).get(f"/portal/consignments/{no}")
    browser.get("/s/" + "t" * 43)
    figures = browser.get("/metrics").text
    for word in (owner.email, owner.name, company.name, company.ref, no, "t" * 43):
        assert word not in figures
