"""Whether a process can serve: part by part, with no word of where the parts are."""

from datetime import timedelta

import pytest
import time_machine
from sqlalchemy.exc import OperationalError

from portal.core import clock, files
from portal.core.db import db
from tests.factories import make_consignment
from workers import relay


def ask(browser):
    reply = browser.get("/readyz")
    assert reply.content_type == "application/json"
    return reply.status_code, reply.json


@pytest.mark.both_databases
def test_everything_works(app, browser):
    make_consignment()
    relay.run_once()
    assert ask(browser) == (
        200,
        {
            "ready": True,
            "parts": {
                "database": {"ok": True},
                "storage": {"ok": True},
                "relay": {"ok": True, "lag_s": 0.0},
            },
        },
    )


def test_without_a_place_for_files_it_is_not_ready(app, browser, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("in the way")
    monkeypatch.setattr(files, "folder", lambda: tmp_path / "file")
    status, said = ask(browser)
    assert (status, said["ready"]) == (503, False)
    assert said["parts"]["storage"] == {"ok": False}
    assert said["parts"]["database"] == {"ok": True}


def test_without_the_database_it_is_not_ready(app, browser, monkeypatch):
    def away(*_args, **_more):
        raise OperationalError("SELECT 1", {}, Exception("no route to secret.example"))

    monkeypatch.setattr(db.session, "execute", away)
    monkeypatch.setattr(db.session, "scalar", away)
    status, said = ask(browser)
    assert (status, said["ready"]) == (503, False)
    assert said["parts"]["database"] == said["parts"]["relay"] == {"ok": False}
    assert "secret" not in str(said)


def test_without_redis_it_serves_and_says_so(app, browser, monkeypatch):
    monkeypatch.setitem(app.config, "REDIS_URL", "redis://:password@127.0.0.1:1/0")
    status, said = ask(browser)
    assert (status, said["ready"]) == (200, True)
    assert said["parts"]["redis"] == {"ok": False}
    assert "password" not in str(said)
    assert "127.0.0.1" not in str(said)


@pytest.mark.both_databases
def test_a_relay_that_stands_still_is_said_with_its_lag(app, browser, monkeypatch):
    monkeypatch.setattr("portal.core.events.at_commit", [])
    make_consignment()
    with time_machine.travel(clock.now() + timedelta(minutes=2), tick=False):
        status, said = ask(browser)
        assert (status, said["parts"]["relay"]["ok"]) == (200, False)
        assert 119 <= said["parts"]["relay"]["lag_s"] <= 121
        relay.run_once()
        assert ask(browser)[1]["parts"]["relay"] == {"ok": True, "lag_s": 0.0}
