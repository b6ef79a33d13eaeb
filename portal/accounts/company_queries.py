"""What the desk reads of one company: notes, history, merges, and which may be the same."""

from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import String, cast, or_, select

from portal.accounts.access import User
from portal.accounts.models import (
    Company,
    CompanyMerge,
    CompanyNote,
    DefaultView,
    Membership,
    Person,
    SavedView,
)
from portal.accounts.rules import plain
from portal.accounts.rules.duplicates import Known, Match, Pair, pairs, rank, ranked_pairs
from portal.core import scope
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.events import EventRecord
from portal.core.i18n import lazy as _l

Rows = Sequence[Any]
_C = Company.__table__
MOST = 300  # companies that one is compared with
#: Companies that the whole register is compared by, the newest first.
MOST_COMPARED = 5000
SHOWN = 8
EVENTS = 30


def notes_of(user: User, company_id: int) -> Rows:
    """Return the notes about a company, pinned ones first, then the latest; ``who`` wrote them."""
    if not user.may("companies.note"):
        return []
    table = CompanyNote.__table__
    return db.session.execute(
        select(table, Person.name.label("who"))
        .join(Person, Person.id == table.c.person_id)
        .where(table.c.company_id == company_id)
        .order_by(table.c.is_pinned.desc(), table.c.id.desc())
        .limit(100)
        .execution_options(**scope.CENTRE)
    ).all()


def note_for(user: User, company: Company, ref: str) -> CompanyNote:
    """Return a note about a company, held until the transaction ends. Raises NotFound."""
    found = None
    if user.may("companies.note"):
        found = db.session.scalar(
            select(CompanyNote)
            .where(CompanyNote.company_id == company.id, CompanyNote.ref == plain(ref)[:40])
            .with_for_update()
            .execution_options(populate_existing=True, **scope.CENTRE)
        )
    if found is None:
        raise NotFound(_l("There is no such note."))
    return found


def events_of(company: Company) -> Rows:
    """Return what happened to a company, the latest first: name, payload, when, who."""
    refs = select(_C.c.ref).where(_C.c.merged_into_id == company.id)
    abouts = [f"company:{ref}" for ref in (company.ref, *db.session.scalars(refs))]
    table = EventRecord.__table__
    return db.session.execute(
        select(
            table.c.name,
            table.c.payload,
            table.c.recorded_at,
            table.c.about,
            Person.name.label("who"),
        )
        .outerjoin(Person, Person.id == table.c.actor_id)
        .where(table.c.about.in_(abouts))
        .order_by(table.c.id.desc())
        .limit(EVENTS)
    ).all()


def merges_of(company_id: int) -> Rows:
    """Return the merges in which a company stayed, the latest first; ``gone``: ref and name."""
    table = CompanyMerge.__table__
    return db.session.execute(
        select(table, _C.c.ref.label("gone_ref"), _C.c.name.label("gone_name"))
        .join(_C, _C.c.id == table.c.gone_id)
        .where(table.c.kept_id == company_id)
        .order_by(table.c.id.desc())
    ).all()


def find_heir(company: Company) -> Company | None:
    """Return the company of which this one is a part now, through all merges; None: it is none."""
    heir, seen = company, {company.id}
    while heir.merged_into_id is not None and heir.merged_into_id not in seen:
        seen.add(heir.merged_into_id)
        heir = db.session.get_one(Company, heir.merged_into_id)
    return None if heir is company else heir


def find_company(ref: str) -> Company | None:
    """Return a company by its reference; that of one merged since leads to the other."""
    found = db.session.scalar(select(Company).where(Company.ref == ref))
    return None if found is None else (find_heir(found) or found)


def likely_same(company: Company) -> list[Match]:
    """Return the companies that are likely the same, the likeliest first, at most SHOWN."""
    one = _known([company])[0]
    alike = [
        _C.c[column].icontains(piece, autoescape=True)
        for piece in [*pairs(one.name), *pairs(one.name_en)]
        for column in ("name", "name_en")
    ]
    if one.credit_code:
        alike.append(_C.c.credit_code == one.credit_code)
    for phone in one.phones:
        alike.append(cast(_C.c.consignor, String).contains(phone, autoescape=True))
    others = (
        select(Membership.company_id)
        .join(Person, Person.id == Membership.person_id)
        .where(Person.email.in_(one.emails))
    )
    rows = db.session.execute(
        select(_C)
        .where(or_(*alike, _C.c.id.in_(others)), _C.c.id != company.id)
        .where(_C.c.merged_into_id.is_(None))
        .order_by(_C.c.id.desc())
        .limit(MOST)
    ).all()
    return rank(one, _known(rows))[:SHOWN]


def likely_pairs(user: User) -> list[Pair]:
    """Return which companies of the register are likely the same, the likeliest first.

    Two statements; the register is compared as far as its newest MOST_COMPARED.
    """
    if not user.may("companies.merge"):
        return []
    rows = db.session.execute(
        select(_C)
        .where(_C.c.merged_into_id.is_(None))
        .order_by(_C.c.id.desc())
        .limit(MOST_COMPARED)
    ).all()
    return ranked_pairs(_known(rows))


def _known(rows: Iterable[Any]) -> list[Known]:
    """Return companies as the rule compares them, with the addresses of their people."""
    companies = list(rows)
    emails = _emails([row.id for row in companies])
    return [_one_known(row, frozenset(emails.get(row.id, ()))) for row in companies]


def _one_known(row: Any, emails: frozenset[str]) -> Known:
    phone = str((row.consignor or {}).get("phone") or "")
    return Known(
        kind="company",
        ref=row.ref,
        name=row.name,
        name_en=row.name_en or "",
        credit_code=row.credit_code or "",
        country=row.country,
        emails=emails,
        phones=frozenset([phone] if phone else []),
        standing=row.lifecycle,
    )


def _emails(ids: list[int]) -> dict[int, list[str]]:
    query = select(Membership.company_id, Person.email).join(
        Person, Person.id == Membership.person_id
    )
    if len(ids) <= MOST:
        query = query.where(Membership.company_id.in_(ids))
    found: dict[int, list[str]] = {}
    for row in db.session.execute(query):
        found.setdefault(row.company_id, []).append(row.email)
    return found


def views_for(user: User, page: str) -> Rows:
    """Return the saved views of a list: one's own, then those that others share, by name.

    A row has the columns of the view, ``who`` saved it, ``is_own`` and ``is_default``.
    """
    table, default = SavedView.__table__, DefaultView.__table__
    is_own = table.c.person_id == user.person_id
    is_default = (default.c.view_id == table.c.id) & (default.c.person_id == user.person_id)
    return db.session.execute(
        select(
            table,
            Person.name.label("who"),
            is_own.label("is_own"),
            default.c.view_id.is_not(None).label("is_default"),
        )
        .join(Person, Person.id == table.c.person_id)
        .outerjoin(default, is_default & (default.c.page == page))
        .where(table.c.page == page, or_(is_own, table.c.is_shared))
        .order_by(is_own.desc(), table.c.name, table.c.id)
    ).all()


def view_for(user: User, page: str, ref: str, *, own: bool = False) -> SavedView:
    """Return a view that this person may use; ``own``: one that he may change.

    Raises NotFound for others.
    """
    whose = SavedView.person_id == user.person_id
    wanted = select(SavedView).where(
        SavedView.page == page,
        SavedView.ref == plain(ref)[:40],
        whose if own else or_(whose, SavedView.is_shared),
    )
    found = db.session.scalar(wanted)
    if found is None:
        raise NotFound(_l("There is no such view."))
    return found
