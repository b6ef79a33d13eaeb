"""Reading people and companies. ``x_for(user, …)`` is the only door from a request to a row."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from portal.accounts.access import User
from portal.accounts.models import (
    OPEN,
    ApiKey,
    Company,
    Invitation,
    Membership,
    Person,
    SignIn,
)
from portal.accounts.rules import plain
from portal.core import clock, scope
from portal.core.db import db, reading
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared

Rows = Sequence[Any]  # of named columns
#: Addresses of the demo centre end so; nobody else's can (RFC 2606).
DEMO_ADDRESSES = "%.example"
MOST_DEMO = 40


_C, _M = Company.__table__, Membership.__table__
_COMPANIES = Prepared(
    select(_C.c.ref, _C.c.name, _C.c.lifecycle)
    .join_from(_C, _M, _M.c.company_id == _C.c.id)
    .where(_M.c.person_id == bindparam("person"))
    .order_by(_M.c.id)
)


def _mine(user: User) -> dict[str, Any]:
    return scope.of(user.company_id or 0)


def companies_of(user: User) -> list[tuple[str, str]]:
    """Return (reference, name) of the companies for which this person may work here."""
    if user.is_program or user.is_staff:
        return []
    rows = _COMPANIES.all(reading(), {"person": user.person_id})
    return [(row.ref, row.name) for row in rows if row.lifecycle in OPEN]


def company_of(user: User, ref: str) -> Company:
    """Return the company ``ref`` if this person may work for it.

    Raises NotFound alike for companies unknown, closed and of others.
    """
    found = db.session.scalar(
        select(Company)
        .join(Membership, Membership.company_id == Company.id)
        .where(
            Membership.person_id == user.person_id,
            Company.ref == plain(ref),
            Company.lifecycle.in_(OPEN),
        )
    )
    if found is None:
        raise NotFound(_l("There is no such company among yours."))
    return found


def sessions_of(user: User) -> Rows:
    """Return the person's living sessions, the last used first.

    A row has id, browser, created_at, seen_at, company_name.
    """
    return db.session.execute(
        select(
            SignIn.id,
            SignIn.browser,
            SignIn.created_at,
            SignIn.seen_at,
            Company.name.label("company"),
        )
        .outerjoin(Company, Company.id == SignIn.company_id)
        .where(
            SignIn.person_id == user.person_id,
            SignIn.ended_at.is_(None),
            SignIn.expires_at > clock.now(),
        )
        .order_by(SignIn.seen_at.desc(), SignIn.id.desc())
    ).all()


def demo_sign_ins() -> Rows:
    """Return who can sign in to the demo centre: email, name, role, company (None: staff)."""
    role = func.coalesce(Person.staff_role, Membership.role).label("role")
    return db.session.execute(
        select(Person.email, Person.name, role, Company.name.label("company"))
        .outerjoin(Membership, Membership.person_id == Person.id)
        .outerjoin(Company, Company.id == Membership.company_id)
        .where(Person.email.like(DEMO_ADDRESSES), role.is_not(None))
        .order_by(Person.id, Membership.id)
        .limit(MOST_DEMO)
    ).all()


def own_company(user: User) -> Company | None:
    """Return the company for which the person is signed in, whatever its standing."""
    return db.session.get(Company, user.company_id) if user.company_id else None


def person_of(user: User) -> Person:
    """Return the row of the person who asks."""
    return db.session.get_one(Person, user.person_id, populate_existing=True)


def company_by_id(company_id: int) -> Company:
    """Return a company by what a row that was authorised says of it."""
    return db.session.get_one(Company, company_id, populate_existing=True)


def inviter_of(invitation: Invitation) -> str:
    """Return the name of who sent an invitation."""
    return db.session.get_one(Person, invitation.invited_by_id).name


def colleagues_of(user: User) -> Rows:
    """Return the people of the user's company: number, name, email, role, since, seen_at."""
    seen = select(func.max(SignIn.seen_at)).where(SignIn.person_id == Person.id).scalar_subquery()
    return db.session.execute(
        select(
            Membership.id.label("number"),
            Person.id.label("person_id"),
            Person.name,
            Person.email,
            Membership.role,
            Membership.created_at.label("since"),
            seen.label("seen_at"),
        )
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.company_id == user.company_id)
        .order_by(Membership.id)
    ).all()


def colleague_for(user: User, number: int, *, lock: bool = False) -> tuple[Membership, Person]:
    """Return a colleague of the user's company.

    Raises NotFound for numbers unknown or of other companies.
    """
    wanted = select(Membership).where(
        Membership.id == number, Membership.company_id == user.company_id
    )
    found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound(_l("There is no such colleague."))
    return found, db.session.get_one(Person, found.person_id)


def invitations_of(user: User) -> Sequence[Invitation]:
    """Return the company's invitations that were neither accepted nor withdrawn."""
    return db.session.scalars(
        select(Invitation)
        .where(
            Invitation.company_id == user.company_id,
            Invitation.accepted_at.is_(None),
            Invitation.withdrawn_at.is_(None),
        )
        .order_by(Invitation.id.desc())
        .execution_options(**_mine(user))
    ).all()


def invitation_for(user: User, ref: str) -> Invitation:
    """Return an invitation of the user's company, held until the transaction ends.

    Raises NotFound for references unknown or of other companies.
    """
    found = db.session.scalar(
        select(Invitation)
        .where(Invitation.company_id == user.company_id, Invitation.ref == plain(ref))
        .with_for_update()
        .execution_options(populate_existing=True, **_mine(user))
    )
    if found is None:
        raise NotFound(_l("There is no such invitation."))
    return found


def keys_of(user: User) -> Rows:
    """Return the company's living keys, newest first: columns of the key, and its person's name."""
    return db.session.execute(
        select(ApiKey.__table__, Person.name.label("person"))
        .join(Person, Person.id == ApiKey.person_id)
        .where(
            ApiKey.company_id == user.company_id,
            ApiKey.revoked_at.is_(None),
            or_(ApiKey.expires_at.is_(None), ApiKey.expires_at > clock.now()),
        )
        .order_by(ApiKey.id.desc())
        .execution_options(**_mine(user))
    ).all()


def key_for(user: User, ref: str) -> ApiKey:
    """Return a living key of the user's company.

    Raises NotFound for references unknown, revoked or of other companies.
    """
    found = db.session.scalar(
        select(ApiKey)
        .where(
            ApiKey.company_id == user.company_id,
            ApiKey.ref == plain(ref),
            ApiKey.revoked_at.is_(None),
        )
        .execution_options(populate_existing=True, **_mine(user))
    )
    if found is None:
        raise NotFound(_l("There is no such key."))
    return found


def company_to_open(person: Person) -> Company | None:
    """Return the open company that the person worked for last, else the first, else None."""
    mine = db.session.scalars(
        select(Company)
        .join(Membership, Membership.company_id == Company.id)
        .where(Membership.person_id == person.id, Company.lifecycle.in_(OPEN))
        .order_by(Membership.id)
    ).all()
    last = [company for company in mine if company.id == person.last_company_id]
    return next(iter([*last, *mine]), None)
