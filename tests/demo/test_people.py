"""Each demo sign-in opens the portal."""

from datetime import UTC, datetime

import pytest

from portal.demo.people import MEMBERS, PASSWORD, STAFF
from tests.conftest import Browser

MAILBOXES = [email for email, *_ in MEMBERS] + [f"{box}@quayside.example" for box, *_ in STAFF]


@pytest.fixture
def demo(loaded):
    loaded(20, seed=7, now=datetime(2026, 3, 2, 7, 30, tzinfo=UTC), warehouses=False)


def test_everybody_of_the_demo_can_sign_in(demo, app):
    for email in MAILBOXES:
        Browser(app).sign_in(email, PASSWORD)


def test_the_command_tells_why_it_refuses(demo, app):
    result = app.test_cli_runner().invoke(args=["demo", "load", "--consignments", "5"])
    assert result.exit_code == 1
    assert "already holds companies or people" in result.output


def test_an_instant_that_is_none_is_refused(app):
    result = app.test_cli_runner().invoke(args=["demo", "load", "--now", "yesterday"])
    assert result.exit_code == 2
