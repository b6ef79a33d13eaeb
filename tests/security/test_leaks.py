"""What must not be told: in logs, to the guessing, after a password has changed."""

import json
import re
from contextlib import contextmanager

import pytest
import structlog
from sqlalchemy import event

from portal.core import logs
from portal.core.db import db
from portal.core.logs import where_it_failed, without_personal_data
from tests.factories import (
    PASSWORD,
    make_colleague,
    make_company,
    make_consignment,
    make_key,
    make_person,
)

WRONG = "wrong password!"


@pytest.fixture
def lines(app):
    """Return the lines of the log, as they would be written by a running centre."""
    written: list[str] = []
    before = structlog.get_config()
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            without_personal_data,
            where_it_failed,
            structlog.processors.JSONRenderer(),
            lambda _logger, _method, line: written.append(line) or line,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(0),
        cache_logger_on_first_use=False,
    )
    yield written
    structlog.configure(**before)


def test_the_log_names_nobody_and_no_secret_address(
    app, browser, as_user, lines, with_key, monkeypatch
):
    company = make_company(name="Firma 7")
    owner = make_colleague(company, name="Li Lei")
    no, key = make_consignment(company).no, make_key(owner, company)
    member = as_user(owner)
    share = member.post(
        f"/portal/consignments/{no}/links", {"label": "x", "precision": "full", "days": "3"}
    )
    token = member.get(share.headers["Location"]).text.split("/s/")[1].split('"')[0]
    for path in (
        f"/s/{token}",
        f"/track/{no}",
        f"/password/reset/{token}",
        f"/invitations/{token}",
        f"/track?no={no}",
    ):
        browser.get(path)
    browser.post("/login", {"email": owner.email, "password": WRONG})
    browser.post(f"/track/{no}", {"tail": "6021"})
    with_key(key).get("/api/v1/consignments?q=13800006021")

    def broken(*_args, **_kwargs):
        raise ValueError(f"{owner.email} 13800006021 {token}")

    for endpoint in ("tracking.shared", "tracking.one", "consignments_api.show"):
        monkeypatch.setitem(app.view_functions, endpoint, broken)
    for path in (f"/s/{token}", f"/track/{no}"):
        assert browser.get(path).status_code == 500
    log = "\n".join(lines)
    assert '"request.failed"' in log
    for secret in (
        owner.email,
        owner.name,
        company.name,
        "13800006021",
        "6021",
        token,
        key,
        no,
        PASSWORD,
        WRONG,
    ):
        assert secret not in log


def test_an_error_in_the_log_says_where_and_not_with_which_words():
    try:
        try:
            int("13800006021 x")
        except ValueError as fault:
            raise RuntimeError("a@b.example") from fault
    except RuntimeError as error:
        line = where_it_failed(None, "error", {"event": "x", "exc_info": error})
    said = json.dumps(line)
    assert "RuntimeError" in said
    assert "ValueError" in said
    assert "test_leaks.py" in said
    assert "13800006021" not in said
    assert "a@b.example" not in said


@contextmanager
def statements():
    """Collect the kinds of statements that are run."""
    found: list[str] = []

    def note(_connection, _cursor, statement, *_rest):
        found.append(" ".join(statement.split()[:3]))

    event.listen(db.engine, "before_cursor_execute", note)
    yield found
    event.remove(db.engine, "before_cursor_execute", note)


def _asked(browser, path, values):
    with statements() as found:
        reply = browser.post(path, values)
    page = reply.text.replace(values["email"], "…")
    page = re.sub(r'(nonce|value)="[^"]*"', "", page)
    return reply.status_code, len(page), [s for s in found if not s.startswith("BEGIN")]


def test_a_wrong_password_is_answered_like_an_unknown_address(app, browser):
    known, unknown = make_person().email, "nobody99@quayside.example"
    one, other = ({"email": email, "password": WRONG} for email in (known, unknown))
    assert _asked(browser, "/login", one) == _asked(browser, "/login", other)


def test_asking_for_a_new_password_is_answered_alike_for_every_address(app, browser, monkeypatch):
    monkeypatch.setitem(app.config, "RATE_LIMITS", {"password_reset": "5/hour"})
    known, unknown = make_person().email, "nobody99@quayside.example"
    replies = [
        _asked(browser, "/password/reset", {"email": email})[:2] for email in (known, unknown)
    ]
    assert replies[0] == replies[1]
    for _ in range(3):
        browser.post("/password/reset", {"email": unknown})
    assert browser.post("/password/reset", {"email": unknown}).status_code == 429


def test_locking_an_account_tells_nobody_that_there_is_one(app, browser):
    known, unknown = make_person().email, "nobody99@quayside.example"
    answers = {}
    for email in (known, unknown):
        for _ in range(11):
            reply = browser.post("/login", {"email": email, "password": WRONG})
        answers[email] = (reply.status_code, reply.text.count(" "))
        again = browser.post("/login", {"email": email, "password": PASSWORD})
        assert again.status_code == 422
    assert answers[known][0] == answers[unknown][0]


def test_a_key_that_was_given_for_the_old_password_ends_with_it(browser, as_user, with_key):
    company = make_company()
    owner = make_colleague(company)
    given = browser.post(
        "/api/v1/auth/token", json={"email": owner.email, "password": PASSWORD}
    ).json["token"]
    made = make_key(owner, company)
    assert with_key(given).get("/api/v1/consignments").status_code == 200
    change = {"present": PASSWORD, "password": "another long one"}
    assert as_user(owner).post("/account/password", change).status_code == 302
    assert with_key(given).get("/api/v1/consignments").status_code == 401
    assert with_key(made).get("/api/v1/consignments").status_code == 200


def test_a_locked_account_opens_to_no_program_either(browser):
    owner = make_colleague()
    asked = {"email": owner.email, "password": WRONG}
    for _ in range(10):
        assert browser.post("/api/v1/auth/token", json=asked).status_code == 401
    reply = browser.post("/api/v1/auth/token", json={**asked, "password": PASSWORD})
    assert reply.status_code == 401


def test_proofs_cannot_be_guessed(browser):
    no = make_consignment().no
    answers = [browser.post(f"/track/{no}", {"tail": f"{n:04}"}).status_code for n in range(9)]
    assert answers == [422] * 6 + [429] * 3
    assert browser.get(f"/api/v1/track/{no}?tail=6021").status_code == 429


def test_every_value_can_be_logged():
    line = logs._json({"half": "\ud800", "large": 2**70, "what": {1: 2}})
    assert "ud800" in line
    assert str(2**70) in line
