"""Companies and the people in them."""

import secrets

from sqlalchemy import select

from portal.accounts.models import Company, Membership, Person
from portal.core import clock
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32


def new_ref(prefix: str) -> str:
    """Return a random public reference such as ``C7K2M9TX``."""
    return prefix + "".join(secrets.choice(LETTERS) for _ in range(8))


def create_company(
    name: str,
    *,
    country: str = "CN",
    city: str | None = None,
    name_en: str | None = None,
    credit_code: str | None = None,
    ref: str | None = None,
) -> Company:
    """Make a company a member."""
    company = Company(
        ref=ref or new_ref("C"),
        name=name.strip(),
        name_en=name_en,
        credit_code=credit_code,
        country=country,
        city=city,
        created_at=clock.now(),
    )
    db.session.add(company)
    db.session.flush()
    return company


def add_colleague(person: Person, company: Company, role: str) -> Membership:
    """Give a person a role in a company.

    Raises Refused if the person already has one there.
    """
    known = select(Membership).where(
        Membership.person_id == person.id, Membership.company_id == company.id
    )
    if db.session.scalar(known) is not None:
        raise Refused(_l("This person already belongs to the company."))
    membership = Membership(
        person_id=person.id, company_id=company.id, role=role, created_at=clock.now()
    )
    db.session.add(membership)
    db.session.flush()
    return membership
