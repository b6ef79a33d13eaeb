"""Every door that strangers or programs may knock at counts how often they do."""

import pytest

from portal.consignments.service.incidents import muting
from portal.core.tokens import signed
from tests.factories import make_colleague, make_company, make_key


@pytest.fixture
def limited(app, monkeypatch):
    """Allow two uses of each limit a minute."""
    names = ("lookup", "api", "upload")
    monkeypatch.setitem(app.config, "RATE_LIMITS", dict.fromkeys(names, "2/minute"))
    app.extensions["limits"]._windows.clear()
    yield
    app.extensions["limits"]._windows.clear()


@pytest.mark.usefixtures("limited")
@pytest.mark.parametrize("path", ["/incident-mail/{}", "/verify/{}", "/track/QS{}", "/s/{}"])
def test_strangers_do_not_try_addresses_for_ever(browser, path):
    answers = [browser.get(path.format(number)).status_code for number in range(4)]
    assert answers == [404, 404, 429, 429]


@pytest.mark.usefixtures("limited")
def test_nor_send_the_form_of_a_mail_for_ever(browser):
    for number in range(2):
        assert browser.post(f"/incident-mail/{number}").status_code == 404
    assert browser.post("/incident-mail/2").status_code == 429


@pytest.mark.usefixtures("limited")
@pytest.mark.parametrize("path", ["incidents", "consignments"])
def test_programs_do_not_read_lists_for_ever(with_key, path):
    company = make_company()
    program = with_key(make_key(make_colleague(company), company, ("consignments.see",)))
    answers = [program.get(f"/api/v1/{path}").status_code for _ in range(3)]
    assert answers == [200, 200, 429]


def test_the_page_behind_a_mail_is_kept_nowhere_and_found_by_nobody(browser):
    company = make_company()
    owner = make_colleague(company)
    answer = browser.get(f"/incident-mail/{muting.token(owner.id, company.id)}")
    assert owner.email in answer.text
    assert answer.headers["Cache-Control"] == "no-store"
    assert answer.headers.get("X-Robots-Tag") == "noindex, nofollow"


def test_a_token_for_something_else_opens_no_mail_page(app, browser):
    company = make_company()
    owner = make_colleague(company)
    for value in ([owner.id, company.id], [owner.id], "x", None, {"a": 1}):
        assert browser.get(f"/incident-mail/{signed(value, 'another')}").status_code == 404


@pytest.mark.usefixtures("limited")
def test_one_who_has_a_network_of_addresses_counts_once(browser):
    answers = []
    for number in range(4):
        here = {"REMOTE_ADDR": f"2001:db8:1:2::{number:x}"}
        answers.append(browser.get(f"/s/{number}", environ_base=here).status_code)
    assert answers == [404, 404, 429, 429]
    elsewhere = {"REMOTE_ADDR": "2001:db8:1:3::1"}
    assert browser.get("/s/9", environ_base=elsewhere).status_code == 404


def test_whoever_renames_his_browser_reports_no_more_views(app, browser, monkeypatch):
    monkeypatch.setitem(app.config, "RATE_LIMITS", {"ad_views": "2/day"})
    app.extensions["limits"]._windows.clear()
    answers = []
    for number in range(3):
        named = {"User-Agent": f"Mozilla/5.0 ({number})"}
        seen = {"impression": "made-up"}
        answers.append(browser.post("/api/v1/ad/view", json=seen, headers=named).status_code)
    app.extensions["limits"]._windows.clear()
    assert answers == [204, 204, 429]
