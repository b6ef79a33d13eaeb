"""API keys: for programs that act as a person, with fewer rights."""

from collections.abc import Sequence
from datetime import timedelta

from sqlalchemy import ColumnElement, select

from portal.accounts.events import ApiKeyCreated, ApiKeyRevoked
from portal.accounts.models import ApiKey, Company, Membership, Person
from portal.accounts.roles import RIGHTS, rights_of
from portal.accounts.service.companies import new_ref
from portal.accounts.service.people import find_person
from portal.core import clock, events, scope, tokens
from portal.core.db import db
from portal.core.errors import FieldError, Invalid, NotFound
from portal.core.i18n import lazy as _l

GIVEN_AT_SIGN_IN = "POST /auth/token"  # label of the keys that are given for a password
PREFIX = "qsk_"  # so that a key is recognised where it should not be, and scanners find it


def create_key(
    person: Person,
    company: Company | None,
    *,
    label: str,
    scopes: Sequence[str] = (),
    lasts: timedelta | None = None,
) -> str:
    """Make a key that acts for ``person`` (in ``company``) and return it: it is shown once.

    ``scopes`` are rights of the person; empty means all of them.
    Raises Invalid for a scope that the person does not have. Records ApiKeyCreated.
    """
    held = _rights(person, company)
    if unknown := [scope for scope in scopes if scope not in held]:
        sentence = _l("Not a right you can give: %(names)s.", names=", ".join(unknown))
        raise Invalid(sentence, [FieldError("scopes", sentence)])
    key, at = PREFIX + tokens.new(), clock.now()
    granted = sorted(scopes or held)
    row = ApiKey(
        ref=new_ref("K"),
        key_hash=tokens.digest(key),
        hint=key[-4:],
        label=label[:80],
        person_id=person.id,
        company_id=company.id if company else None,
        scopes=granted,
        created_at=at,
        expires_at=at + lasts if lasts else None,
    )
    db.session.add(row)
    db.session.flush()
    events.record(
        ApiKeyCreated(
            actor_id=person.id, company_id=row.company_id, ref=row.ref, scopes=tuple(granted)
        )
    )
    return key


def _rights(person: Person, company: Company | None) -> frozenset[str]:
    role = None
    if company is not None:
        role = db.session.scalar(
            select(Membership.role).where(
                Membership.person_id == person.id, Membership.company_id == company.id
            )
        )
    return rights_of(role, person.staff_role) & RIGHTS


def create_key_for_email(
    email: str, company_ref: str | None, *, label: str, scopes: Sequence[str] = ()
) -> str:
    """Make a key for the person with this address, in the named or the only company.

    Raises NotFound for an unknown address or company.
    """
    person = find_person(email)
    if person is None:
        raise NotFound(_l("Nobody with this e-mail address is known."))
    mine = (
        select(Company)
        .join(Membership, Membership.company_id == Company.id)
        .where(Membership.person_id == person.id)
        .order_by(Membership.id)
    )
    if company_ref is not None:
        mine = mine.where(Company.ref == company_ref)
    company = db.session.scalar(mine.limit(1))
    if company is None and (company_ref is not None or person.staff_role is None):
        raise NotFound(_l("This person does not belong to that company."))
    return create_key(person, company, label=label, scopes=scopes)


def revoke_key(key: ApiKey, *, by: int | None) -> None:
    """Make a key worthless; sockets opened with it are cut. Records ApiKeyRevoked."""
    key.revoked_at = clock.now()
    events.record(
        ApiKeyRevoked(actor_id=by, company_id=key.company_id, ref=key.ref, api_key_id=key.id)
    )


def revoke_keys_of(person_id: int, company_id: int | None, *, by: int | None) -> None:
    """Revoke every living key of a person in a company. Records ApiKeyRevoked for each."""
    mine = ApiKey.company_id.is_(None) if company_id is None else ApiKey.company_id == company_id
    _revoke_living(person_id, mine, by=by)


def revoke_given_for_password(person_id: int, *, by: int | None) -> None:
    """Revoke every living key that a program was given for the person's password.

    Records ApiKeyRevoked for each.
    """
    _revoke_living(person_id, ApiKey.label == GIVEN_AT_SIGN_IN, by=by)


def _revoke_living(person_id: int, which: ColumnElement[bool], *, by: int | None) -> None:
    living = (
        select(ApiKey)
        .where(ApiKey.person_id == person_id, which, ApiKey.revoked_at.is_(None))
        .execution_options(**scope.CENTRE)
    )
    for key in db.session.scalars(living):
        revoke_key(key, by=by)
