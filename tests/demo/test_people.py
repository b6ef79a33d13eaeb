"""Each demo sign-in opens the portal."""

from datetime import UTC, datetime

import pytest

from portal.demo.load import load
from portal.demo.people import MEMBERS, PASSWORD, STAFF

MAILBOXES = [email for email, *_ in MEMBERS] + [f"{box}@quayside.example" for box, *_ in STAFF]


@pytest.fixture
def demo(app):
    load(20, seed=7, now=datetime(2026, 3, 2, 7, 30, tzinfo=UTC), warehouses=False)


@pytest.mark.parametrize("email", MAILBOXES)
def test_everybody_of_the_demo_can_sign_in(demo, browser, email):
    browser.sign_in(email, PASSWORD)


def test_the_command_tells_why_it_refuses(demo, app):
    result = app.test_cli_runner().invoke(args=["demo", "load", "--consignments", "5"])
    assert result.exit_code == 1
    assert "already holds companies or people" in result.output


def test_an_instant_that_is_none_is_refused(app):
    result = app.test_cli_runner().invoke(args=["demo", "load", "--now", "yesterday"])
    assert result.exit_code == 2
