"""The yearly confirmation of a company's details: asking its owners by mail, twice at most."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, select

from portal.accounts.events import CompanyConfirmed, ConfirmationAsked
from portal.accounts.models import Company, Membership, Person
from portal.accounts.register import not_confirmed_since, today
from portal.accounts.rules.companies import (
    ASK_BEFORE,
    ASKED,
    CONFIRMED_FOR,
    REMIND_AFTER,
    confirm_by,
    is_due,
    is_overdue,
)
from portal.accounts.service.companies import change_company
from portal.core import clock, events, mail
from portal.core.db import db, transaction
from portal.core.i18n import lazy as _l
from portal.core.i18n import speaking

AT_ONCE = 50  # companies in one transaction
OWNERS = ("owner",)


def known_since(company: Any) -> date:
    """Return the day on which a company became known, in the centre's zone."""
    at: datetime = company.created_at
    return at.astimezone(clock.zone()).date()


def due_on(company: Any) -> date:
    """Return the day by which a company's details are to be confirmed."""
    return confirm_by(company.confirmed_on, known_since(company))


def state_of(company: Any) -> str:
    """Return whether details are to be confirmed: ``overdue``, ``due``, or an empty text."""
    if company.lifecycle not in ASKED:
        return ""
    dated = (company.confirmed_on, known_since(company), today())
    if is_overdue(*dated):
        return "overdue"
    return "due" if is_due(*dated) else ""


def confirm(company: Company, *, by: int) -> None:
    """Note that a company's details are true today. Records CompanyConfirmed."""
    steps = {"confirmed_on": today(), "confirm_asked_on": None, "confirm_reminded_on": None}
    change_company(company, steps, by=by)
    events.record(CompanyConfirmed(actor_id=by, company_id=company.id, ref=company.ref))


def ask_those_due() -> int:
    """Mail the owners of companies whose details are to be confirmed; return how many companies.

    Each is asked once ASK_BEFORE the year is over, and once more REMIND_AFTER it.
    Records ConfirmationAsked.
    """
    return _ask(again=False) + _ask(again=True)


def _ask(*, again: bool) -> int:
    asked = 0
    while True:
        with transaction():
            companies = db.session.scalars(_due(again)).all()
            for company in companies:
                _ask_owners(company, again)
        asked += len(companies)
        if len(companies) < AT_ONCE:
            return asked


def _due(again: bool) -> Select[Any]:
    edge = today() - CONFIRMED_FOR + (-REMIND_AFTER if again else ASK_BEFORE)
    wanted = select(Company).where(Company.lifecycle.in_(ASKED), not_confirmed_since(edge))
    if again:
        wanted = wanted.where(
            Company.confirm_asked_on <= today() - REMIND_AFTER,
            Company.confirm_reminded_on.is_(None),
        )
    else:
        wanted = wanted.where(Company.confirm_asked_on.is_(None))
    return wanted.order_by(Company.id).limit(AT_ONCE).with_for_update(skip_locked=True)


def _ask_owners(company: Company, again: bool) -> None:
    step = "confirm_reminded_on" if again else "confirm_asked_on"
    change_company(company, {step: today()}, by=None)
    for owner in _owners(company):
        _mail(owner, company, again)
    asked = ConfirmationAsked(actor_id=None, company_id=company.id, ref=company.ref, again=again)
    events.record(asked)


def _owners(company: Company) -> Iterable[Person]:
    return db.session.scalars(
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.company_id == company.id, Membership.role.in_(OWNERS))
        .order_by(Person.id)
    ).all()


def _mail(owner: Person, company: Company, again: bool) -> None:
    with speaking(owner.locale):
        subject = str(_l("Are the details of %(company)s still true?", company=company.name))
    mail.owe(
        owner.email,
        "accounts/email/confirm.txt",
        locale=owner.locale,
        subject=subject,
        person=owner,
        company=company,
        again=again,
        by=due_on(company),
    )
