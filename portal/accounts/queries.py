"""Reading people and companies. ``x_for(user, …)`` is the only door from a request to a row."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Row, func, select

from portal.accounts.access import User
from portal.accounts.models import OPEN, Company, Membership, Person, SignIn
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l

#: Addresses of the demo centre end so; nobody else's can (RFC 2606).
DEMO_ADDRESSES = "%.example"
MOST_DEMO = 40


def companies_of(user: User) -> list[tuple[str, str]]:
    """Return (reference, name) of the companies for which this person may work here."""
    if user.is_program or user.is_staff:
        return []
    rows = db.session.execute(
        select(Company.ref, Company.name)
        .join(Membership, Membership.company_id == Company.id)
        .where(Membership.person_id == user.person_id, Company.lifecycle.in_(OPEN))
        .order_by(Membership.id)
    )
    return [(row.ref, row.name) for row in rows]


def company_of(user: User, ref: str) -> Company:
    """Return the company ``ref`` if this person may work for it.

    Raises NotFound alike for companies unknown, closed and of others.
    """
    found = db.session.scalar(
        select(Company)
        .join(Membership, Membership.company_id == Company.id)
        .where(
            Membership.person_id == user.person_id,
            Company.ref == ref,
            Company.lifecycle.in_(OPEN),
        )
    )
    if found is None:
        raise NotFound(_l("There is no such company among yours."))
    return found


def sessions_of(user: User) -> Sequence[Row[Any]]:
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


def demo_sign_ins() -> Sequence[Row[Any]]:
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
