"""Which companies and applications are likely the same as one: found by keys and by name."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ColumnElement, or_, select

from portal.accounts.models import Company, Membership, Person
from portal.accounts.rules.duplicates import Known, Match, pairs, rank
from portal.core import scope
from portal.core.db import db
from portal.membership.models import Answer, Application
from portal.membership.rules.states import SEEN_AT_DESK, State

MOST = 300  # rows that are compared of each kind
SHOWN = 8


def likely_same(application: Application, answers: dict[str, Any]) -> list[Match]:
    """Return what is likely the same as an application, the likeliest first, at most SHOWN."""
    one = known(application, answers)
    others = [*_applications(application, one), *_companies(application, one)]
    return rank(one, others)[:SHOWN]


def known(application: Any, answers: dict[str, Any]) -> Known:
    """Return an application as the rule compares it: with all its contacts."""
    contacts = [each for each in answers.get("contacts") or [] if isinstance(each, dict)]
    return Known(
        kind="application",
        ref=application.ref,
        name=application.name or "",
        name_en=application.name_en or "",
        credit_code=application.credit_code or "",
        registration_no=application.registration_no or "",
        country=application.country or "",
        emails=_set([application.email, *(each.get("email") for each in contacts)]),
        phones=_set([application.phone, *(each.get("phone") for each in contacts)]),
        standing=application.state,
    )


def _set(values: Iterable[str | None]) -> frozenset[str]:
    return frozenset(value.lower() for value in values if value)


def _applications(application: Application, one: Known) -> list[Known]:
    table = Application.__table__
    alike = or_(
        *_keys(table, one),
        table.c.email.in_(one.emails),
        table.c.phone.in_(one.phones),
        *_names(table, one),
    )
    rows = db.session.execute(
        select(table)
        .where(alike, table.c.id != application.id, table.c.state.in_(SEEN_AT_DESK))
        .where(table.c.state != State.WITHDRAWN)
        .order_by(table.c.id.desc())
        .limit(MOST)
        .execution_options(**scope.CENTRE)
    ).all()
    found = _answers([row.id for row in rows])
    return [known(row, found.get(row.id, {})) for row in rows]


def _answers(ids: list[int]) -> dict[int, dict[str, Any]]:
    rows = db.session.execute(
        select(Answer.application_id, Answer.value).where(
            Answer.application_id.in_(ids), Answer.key == "contacts"
        )
    )
    return {row.application_id: {"contacts": row.value} for row in rows}


def _keys(table: Any, one: Known) -> list[ColumnElement[bool]]:
    found = []
    if one.credit_code:
        found.append(table.c.credit_code == one.credit_code)
    if one.registration_no and "registration_no" in table.c:
        found.append(table.c.registration_no == one.registration_no)
    return found


def _names(table: Any, one: Known) -> list[ColumnElement[bool]]:
    pieces = [*pairs(one.name), *pairs(one.name_en)]
    return [
        table.c[column].icontains(piece, autoescape=True)
        for piece in pieces
        for column in ("name", "name_en")
    ]


def _companies(application: Application, one: Known) -> list[Known]:
    table = Company.__table__
    people = _people(one)
    alike = or_(*_keys(table, one), *_names(table, one), table.c.id.in_(people))
    rows = db.session.execute(
        select(table)
        .where(alike, table.c.id != (application.company_id or 0))
        .order_by(table.c.id.desc())
        .limit(MOST)
    ).all()
    emails = _emails([row.id for row in rows])
    return [_company(row, emails.get(row.id, frozenset())) for row in rows]


def _people(one: Known) -> Any:
    """Select the companies for which somebody with one of the addresses works."""
    return (
        select(Membership.company_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Person.email.in_(one.emails))
    )


def _emails(ids: list[int]) -> dict[int, frozenset[str]]:
    rows = db.session.execute(
        select(Membership.company_id, Person.email)
        .join(Person, Person.id == Membership.person_id)
        .where(Membership.company_id.in_(ids))
    ).all()
    found: dict[int, set[str]] = {}
    for row in rows:
        found.setdefault(row.company_id, set()).add(row.email)
    return {company: frozenset(addresses) for company, addresses in found.items()}


def _company(row: Any, emails: frozenset[str]) -> Known:
    phone = str((row.consignor or {}).get("phone") or "")
    return Known(
        kind="company",
        ref=row.ref,
        name=row.name,
        name_en=row.name_en or "",
        credit_code=row.credit_code or "",
        country=row.country,
        emails=emails,
        phones=_set([phone]),
        standing=row.lifecycle,
    )
