"""Reading people and companies. ``x_for(user, …)`` is the only door from a request to a row."""

from sqlalchemy import select

from portal.accounts.access import User
from portal.accounts.models import Company, Membership
from portal.accounts.login import OPEN
from portal.core.db import db


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
