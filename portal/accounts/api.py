"""Signing in by program: a key for some hours, with all rights of the person."""

from datetime import timedelta
from typing import Annotated

from flask import Blueprint, Response
from pydantic import StringConstraints

from portal.accounts import queries, service
from portal.accounts.models import Person
from portal.accounts.service import keys
from portal.core import clock, limits
from portal.core.api import Shape, as_json, parsed
from portal.core.db import transaction
from portal.core.errors import Forbidden, SignInNeeded
from portal.core.i18n import lazy as _l

bp = Blueprint("auth_api", __name__)
LASTS = timedelta(hours=12)


class Credentials(Shape):
    """Who asks for a token. ``otp`` is the code of a second factor, where a person has one."""

    email: str
    password: Annotated[str, StringConstraints(strip_whitespace=False)]
    otp: str | None = None


@bp.post("/auth/token")
def token() -> Response:
    """Give a key that lasts LASTS and has all rights of the person."""
    asked = parsed(Credentials)
    limits.spend("sign_in")
    tried = service.try_password(asked.email, asked.password)
    expires_at = clock.now() + LASTS
    with transaction():
        person = service.settle(tried)
        key, company = _key(person) if person else (None, None)
    if key is None:
        raise SignInNeeded(service.wrong_password())
    answer = {"token": key, "expires_at": expires_at.isoformat(), "company": company}
    reply = as_json(answer)
    reply.headers["Cache-Control"] = "no-store"
    return reply


def _key(person: Person) -> tuple[str, str | None]:
    """Return a new key of ``person`` and the reference of the company it is for.

    Raises Forbidden for people who belong to no open company nor to the centre's staff.
    """
    company = queries.company_to_open(person)
    if company is None and person.staff_role is None:
        raise Forbidden(_l("This person does not belong to a company that is open here."))
    key = service.create_key(person, company, label=keys.GIVEN_AT_SIGN_IN, lasts=LASTS)
    return key, company.ref if company else None
