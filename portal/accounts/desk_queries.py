"""What the desk reads of companies and of the centre's own people."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import func, select

from portal.accounts.access import User
from portal.accounts.models import Company, Membership, Person, SignIn
from portal.accounts.rules import plain
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l

Rows = Sequence[Any]  # of named columns


def company_for(user: User, ref: str, *, lock: bool = False) -> Company:
    """Return a company for somebody of the centre.

    Raises NotFound for references unknown, and where the right to see companies is missing.
    """
    wanted = select(Company).where(Company.ref == plain(ref))
    found = None
    if user.may("companies.see"):
        found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound(_l("There is no such company."))
    return found


def name_of(person_id: int | None) -> str:
    """Return the name of one of the centre's people; nothing for nobody."""
    found = db.session.get(Person, person_id) if person_id else None
    return found.name if found else ""


def people_of(company: Company) -> Rows:
    """Return the company's people: name, email, role, since."""
    return db.session.execute(
        select(Person.name, Person.email, Membership.role, Membership.created_at.label("since"))
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.company_id == company.id)
        .order_by(Membership.id)
    ).all()


def staff_for(user: User) -> Rows:
    """Return the centre's people: id, name, email, role, seen_at, sessions that live."""
    if not user.may("staff.manage"):
        return []
    living = (
        SignIn.person_id == Person.id,
        SignIn.ended_at.is_(None),
        SignIn.expires_at > clock.now(),
    )
    seen = select(func.max(SignIn.seen_at)).where(SignIn.person_id == Person.id)
    return db.session.execute(
        select(
            Person.id,
            Person.name,
            Person.email,
            Person.staff_role.label("role"),
            seen.scalar_subquery().label("seen_at"),
            select(func.count()).where(*living).scalar_subquery().label("sessions"),
        )
        .where(Person.staff_role.is_not(None))
        .order_by(Person.id)
    ).all()


def staff_member_for(user: User, number: int, *, lock: bool = False) -> Person:
    """Return one of the centre's people.

    Raises NotFound for numbers unknown, and of people who do not work at the centre.
    """
    wanted = select(Person).where(Person.id == number, Person.staff_role.is_not(None))
    found = None
    if user.may("staff.manage"):
        found = db.session.scalar(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound(_l("There is no such person among the centre’s staff."))
    return found
