"""Companies and the people in them."""

import secrets
from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import select

from portal.accounts import fulltext
from portal.accounts.events import CompanyChanged, RoleChanged
from portal.accounts.models import OPEN, Company, Membership, Person
from portal.core import clock, events
from portal.core.db import db
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

LETTERS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford base 32
#: Details that name people and where they are: that they changed is told, what they are is not.
_UNTOLD = frozenset({"consignor"})
#: Steps of the yearly confirmation: that they were taken is told by events of their own.
_STEPS = frozenset({"confirmed_on", "confirm_asked_on", "confirm_reminded_on"})


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
    _make_findable(company)
    return company


def _make_findable(company: Company) -> None:
    columns = ("id", "consignor", *fulltext.FIELDS)
    row = {name: getattr(company, name) for name in columns}
    fulltext.renew(row, on=db.session.connection())


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


def change_company(company: Company, values: Mapping[str, Any], *, by: int | None) -> None:
    """Change a company's details to ``values`` (column → value). Records CompanyChanged."""
    changed = tuple(name for name, value in values.items() if getattr(company, name) != value)
    told = [
        [name, _as_said(getattr(company, name)), _as_said(values[name])]
        for name in changed
        if name not in _UNTOLD
    ]
    for name in changed:
        setattr(company, name, values[name])
    if not changed:
        return
    db.session.flush()
    if {*fulltext.FIELDS, "consignor"} & {*changed}:
        _make_findable(company)
    if not _STEPS.issuperset(changed):
        changes = CompanyChanged(
            actor_id=by, company_id=company.id, ref=company.ref, fields=changed, changes=told
        )
        events.record(changes)


def _as_said(value: Any) -> Any:
    """Return a value of a column as JSON has it."""
    return value.isoformat() if isinstance(value, date) else value


def set_standing(company: Company, lifecycle: str, *, by: int) -> None:
    """Suspend a company (``suspended``) or let its people work again (``member``).

    Records CompanyChanged, and RoleChanged for each colleague: the role that now has effect,
    None while the company is suspended. Their open sockets are checked again.
    """
    change_company(company, {"lifecycle": lifecycle}, by=by)
    colleagues = select(Membership).where(Membership.company_id == company.id)
    events.record_all(
        RoleChanged(
            actor_id=by,
            company_id=company.id,
            person_id=each.person_id,
            role=each.role if lifecycle in OPEN else None,
            company_name=company.name,
        )
        for each in db.session.scalars(colleagues)
    )
