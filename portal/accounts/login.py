"""From a cookie or a key to the person who asks."""

from datetime import timedelta
from typing import Any

from flask import Flask, Request, g
from flask_login import LoginManager
from sqlalchemy import Connection, bindparam, select, update

from portal.accounts import roles
from portal.accounts.access import User, Visitor
from portal.accounts.models import OPEN, ApiKey, Company, Membership, Person, SignIn
from portal.core import clock, scope, tokens
from portal.core.db import reading, write
from portal.core.prepared import Prepared

SEEN_EVERY = timedelta(minutes=5)  # how exactly we keep when somebody was last here


class _Manager(LoginManager):
    """Asks nothing of a browser but the token of its session, which is a row of ours."""

    def _session_protection_failed(self) -> bool:
        """Spare each request the fingerprint of its browser, with which nothing is compared."""
        return False


manager = _Manager()
manager.session_protection = None
manager.anonymous_user = Visitor

_WHO = (
    Person.id.label("person_id"),
    Person.email,
    Person.name,
    Person.locale,
    Person.timezone,
    Person.staff_role,
    Company.id.label("company_id"),
    Company.ref.label("company_ref"),
    Company.name.label("company_name"),
    Company.lifecycle,
    Membership.role,
)
_BY_SESSION = Prepared(
    select(*_WHO, SignIn.id.label("sign_in_id"), SignIn.expires_at, SignIn.seen_at)
    .join(SignIn, SignIn.person_id == Person.id)
    .outerjoin(
        Membership,
        (Membership.person_id == Person.id) & (Membership.company_id == SignIn.company_id),
    )
    .outerjoin(Company, Company.id == Membership.company_id)
    .where(SignIn.token_hash == bindparam("token_hash"), SignIn.ended_at.is_(None))
    .execution_options(**scope.CENTRE)
)
_BY_KEY = Prepared(
    select(*_WHO, ApiKey.id.label("api_key_id"), ApiKey.scopes, ApiKey.expires_at, ApiKey.used_at)
    .join(ApiKey, ApiKey.person_id == Person.id)
    .outerjoin(
        Membership,
        (Membership.person_id == Person.id) & (Membership.company_id == ApiKey.company_id),
    )
    .outerjoin(Company, Company.id == Membership.company_id)
    .where(ApiKey.key_hash == bindparam("token_hash"), ApiKey.revoked_at.is_(None))
    .execution_options(**scope.CENTRE)
)


def init_app(app: Flask) -> None:
    """Recognise people on every request of ``app``."""
    manager.init_app(app)


@manager.user_loader
def by_session(token: str) -> User | None:
    """Return the person whose browser holds ``token``, if the session still lives."""
    row = _BY_SESSION.first(reading(), {"token_hash": tokens.digest(token)})
    if row is None or row.expires_at <= clock.now():
        return None
    if clock.now() - row.seen_at > SEEN_EVERY:
        _note_seen(SignIn, row.sign_in_id, "seen_at")
    return _user(row, rights=_rights(row), sign_in_id=row.sign_in_id, token=token)


def by_key(key: str) -> User | None:
    """Return the person for whom the API key ``key`` acts, with the key's rights only."""
    row = _BY_KEY.first(reading(), {"token_hash": tokens.digest(key)})
    if row is None or (row.expires_at is not None and row.expires_at <= clock.now()):
        return None
    if row.used_at is None or clock.now() - row.used_at > SEEN_EVERY:
        _note_seen(ApiKey, row.api_key_id, "used_at")
    rights = _rights(row) & frozenset(row.scopes)
    return _user(row, rights=rights, api_key_id=row.api_key_id)


@manager.request_loader
def by_request(request: Request) -> User | None:
    """Return the person of an ``Authorization: Bearer`` header."""
    kind, _, key = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() != "bearer" or not key:
        return None
    g.by_key = True
    return by_key(key.strip())


def _rights(row: Any) -> frozenset[str]:
    member = row.role if row.lifecycle in OPEN else None
    return roles.rights_of(member, row.staff_role)


def _user(row: Any, **values: Any) -> User:
    return User(
        person_id=row.person_id,
        name=row.name,
        email=row.email,
        locale=row.locale,
        timezone=row.timezone,
        company_id=row.company_id,
        company_ref=row.company_ref,
        company_name=row.company_name,
        role=row.role,
        staff_role=row.staff_role,
        until=row.expires_at,
        **values,
    )


def _note_seen(model: type[SignIn] | type[ApiKey], row_id: int, column: str) -> None:
    change = (
        update(model)
        .where(model.id == row_id)
        .values({column: clock.now()})
        .execution_options(**scope.CENTRE)
    )

    def work(connection: Connection) -> None:
        connection.execute(change)

    write(work)
