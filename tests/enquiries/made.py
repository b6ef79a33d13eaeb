"""Messages, forms and people of this part's tests."""

import re
from datetime import timedelta
from typing import Any

import time_machine

from portal.core import clock, tokens
from portal.core.db import db, transaction
from portal.core.spam import PURPOSE, Verdict
from portal.enquiries.service import receiving
from portal.enquiries.service.receiving import Draft, Origin
from tests.factories import make_person, serial

TEXT = (
    "We ship some forty pallets of furniture a month from Hangzhou to Chengdu. What would it cost?"
)


def make_agent(role: str = "agent", **values: Any) -> Any:
    """Make somebody of the centre who answers messages."""
    return make_person(staff_role=role, **values)


def make_message(company: Any = None, person: Any = None, **values: Any) -> Any:
    """Receive a message of a visitor, or of a company's person."""
    number = next(serial)
    verdict = values.pop("verdict", Verdict(0))
    form_name = values.pop("form_name", None)
    at = values.pop("at", None)
    usual = {
        "name": "Julia Meyer",
        "company_name": "Meyer Möbel",
        "email": f"julia{number}@moebel.example",
        "phone": "+4940123456",
        "topic": "quote",
        "subject": f"Question {number}",
        "text": f"{TEXT} Case {number}.",
        "is_private": company is not None,
        "locale": "en",
    }
    origin = Origin(
        company_id=company.id if company else None,
        person_id=person.id if person else None,
        form_name=form_name,
        verdict=verdict,
    )
    with transaction():
        return receiving.receive(
            Draft(**(usual | values)), origin, on=db.session.connection(), at=at
        )


def shown_at(seconds: int = 60, name: str | None = None) -> str:
    """Return the field that says that a form was shown some seconds ago."""
    at = clock.now() - timedelta(seconds=seconds)
    return tokens.signed([int(at.timestamp()), name or f"form{next(serial)}"], PURPOSE)


def filled(**values: Any) -> dict[str, Any]:
    """Return what a visitor's form sends."""
    usual = {
        "name": "Julia Meyer",
        "company_name": "Meyer Möbel",
        "email": "julia@moebel.example",
        "phone": "",
        "topic": "quote",
        "subject": "Price to Chengdu",
        "text": TEXT,
        "may_publish": "y",
        "shown": values.pop("shown", None) or shown_at(),
    }
    return usual | values


def sent(reply: Any) -> tuple[str, str]:
    """Return reference and key of the page that a form led to."""
    assert reply.status_code == 303, reply.text
    found = re.match(r"/messages/(\w+)/([\w-]+)\?sent=1", reply.location)
    assert found, reply.location
    return found[1], found[2]


def at(text: str) -> Any:
    """Return a traveller to an instant of the centre's zone."""
    return time_machine.travel(f"{text}+08:00", tick=False)
