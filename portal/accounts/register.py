"""Reading the register of companies: filtered, sorted, page by page, and for its export."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Select, String, and_, cast, false, func, or_, select

from portal.accounts.access import User
from portal.accounts.fulltext import EVERYBODY, INDEX
from portal.accounts.models import Company, Membership, Person
from portal.accounts.rules import STANDINGS
from portal.accounts.rules.companies import ASK_BEFORE, ASKED, CONFIRMED_FOR, KINDS
from portal.core import clock, pagination
from portal.core.db import db
from portal.core.pagination import Page, decode, not_ours

Rows = Sequence[Any]
_C = Company.__table__
_P = Person.__table__
AT_ONCE = 500  # rows of an export that are read together
NEVER = date(1, 1, 1)  # stands for companies that never confirmed
SORTS = ("newest", "name", "confirmed")
NOBODY = "nobody"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The conditions of the list; empty fields set none."""

    words: str = ""
    standing: str = ""
    kind: str = ""
    country: str = ""
    place: str = ""  # city or region, as it is written
    manager: str = ""  # the id of a person, or "nobody"
    terms: str = ""
    tariff: str = ""
    #: "due": to be confirmed soon or late, "overdue": late.
    confirm: str = ""
    confirmed_from: date | None = None
    confirmed_to: date | None = None
    since: date | None = None
    until: date | None = None
    sort: str = "newest"


class Place(NamedTuple):
    """Where a page of the list ends: the value it is sorted by, and the id."""

    value: Any
    id: int


def companies_for(user: User, wanted: Wanted, *, after: str | None, limit: int) -> Page[Any]:
    """Return a page of companies.

    A row has the columns of the company, ``manager`` (name), ``colleagues`` (number) and
    ``merged_into`` (reference). Staff without the right to see companies get none. Raises
    Invalid for a cursor that is not of this list.
    """
    if not user.may("companies.see"):
        return Page([], None)
    query = _filtered(wanted)
    if (place := _place(after, wanted.sort)) is not None:
        query = query.where(_behind(place, wanted.sort))
    rows = db.session.execute(query.order_by(*_order(wanted.sort)).limit(limit + 1)).all()
    return pagination.cut(rows, limit, lambda row: _values(row, wanted.sort))


def every_company(user: User, wanted: Wanted) -> Iterator[Rows]:
    """Yield all companies that fit, some at a time, as ``companies_for`` gives them."""
    after: str | None = None
    while True:
        page = companies_for(user, wanted, after=after, limit=AT_ONCE)
        yield page.items
        after = page.next
        if after is None:
            return
        clock.breathe()


def count_of(user: User, wanted: Wanted) -> int:
    """Return how many companies fit."""
    if not user.may("companies.see"):
        return 0
    counted = select(func.count()).select_from(_C).where(*_conditions(wanted))
    return db.session.scalar(counted) or 0


def _filtered(wanted: Wanted) -> Select[Any]:
    into = _C.alias("into")
    colleagues = select(func.count()).where(Membership.company_id == _C.c.id).scalar_subquery()
    return (
        select(
            _C,
            _P.c.name.label("manager"),
            colleagues.label("colleagues"),
            into.c.ref.label("merged_into"),
        )
        .outerjoin(_P, _P.c.id == _C.c.account_manager_id)
        .outerjoin(into, into.c.id == _C.c.merged_into_id)
        .where(*_conditions(wanted))
    )


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    found: list[ColumnElement[bool]] = []
    if wanted.words:
        hits = INDEX.matching(wanted.words, owner=EVERYBODY, on=db.session.connection())
        found.append(false() if hits is None else _C.c.id.in_(hits))
    if wanted.standing in STANDINGS:
        found.append(_C.c.lifecycle == wanted.standing)
    if wanted.kind in KINDS:
        found.append(cast(_C.c.kinds, String).contains(f'"{wanted.kind}"'))
    if wanted.place:
        found.append(or_(_C.c.city == wanted.place, _C.c.region == wanted.place))
    for column, value in (("country", wanted.country), ("tariff", wanted.tariff)):
        if value:
            found.append(_C.c[column] == value)
    if wanted.terms:
        found.append(_C.c.payment_terms == (None if wanted.terms == "none" else wanted.terms))
    return found + _managed(wanted.manager) + _dated(wanted) + _to_confirm(wanted.confirm)


def _managed(manager: str) -> list[ColumnElement[bool]]:
    if not manager:
        return []
    if manager == NOBODY:
        return [_C.c.account_manager_id.is_(None)]
    is_number = manager.isascii() and manager.isdigit() and len(manager) < 18
    return [_C.c.account_manager_id == (int(manager) if is_number else 0)]


def _dated(wanted: Wanted) -> list[ColumnElement[bool]]:
    edges = (
        (wanted.confirmed_from, lambda day: _C.c.confirmed_on >= day),
        (wanted.confirmed_to, lambda day: _C.c.confirmed_on <= day),
        (wanted.since, lambda day: _C.c.created_at >= _begins(day)),
        (wanted.until, lambda day: _C.c.created_at <= _ends(day)),
    )
    return [condition(day) for day, condition in edges if day is not None]


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), clock.zone())


def _ends(day: date) -> datetime:
    return datetime.combine(day, time.max, clock.zone())


def _to_confirm(confirm: str) -> list[ColumnElement[bool]]:
    if confirm not in ("due", "overdue"):
        return []
    edge = today() - CONFIRMED_FOR + (ASK_BEFORE if confirm == "due" else ASK_BEFORE * 0)
    return [_C.c.lifecycle.in_(ASKED), not_confirmed_since(edge)]


def not_confirmed_since(edge: date) -> ColumnElement[bool]:
    """Return the condition that nobody has confirmed a company's details after ``edge``.

    One that never did counts from the day on which it became known.
    """
    never = and_(_C.c.confirmed_on.is_(None), _C.c.created_at <= _ends(edge))
    return or_(_C.c.confirmed_on <= edge, never)


def today() -> date:
    """Return the day in the centre's zone."""
    return clock.now().astimezone(clock.zone()).date()


def _sorted_by(sort: str) -> Any:
    if sort == "name":
        return _C.c.name
    return func.coalesce(_C.c.confirmed_on, NEVER) if sort == "confirmed" else None


def _order(sort: str) -> tuple[Any, ...]:
    by = _sorted_by(sort)
    return (_C.c.id.desc(),) if by is None else (by, _C.c.id)


def _behind(place: Place, sort: str) -> ColumnElement[bool]:
    by = _sorted_by(sort)
    if by is None:
        return _C.c.id < place.id
    return or_(by > place.value, and_(by == place.value, _C.c.id > place.id))


def _values(row: Any, sort: str) -> list[Any]:
    if sort == "name":
        return [row.name, row.id]
    if sort == "confirmed":
        return [(row.confirmed_on or NEVER).isoformat(), row.id]
    return [row.id]


def _place(after: str | None, sort: str) -> Place | None:
    if sort not in ("name", "confirmed"):
        values = decode(after, int)
        return None if values is None else Place(None, values[0])
    values = decode(after, str, int)
    if values is None:
        return None
    if sort == "name":
        return Place(*values)
    try:
        return Place(date.fromisoformat(values[0]), values[1])
    except ValueError:
        raise not_ours() from None


def managers() -> list[tuple[int, str]]:
    """Return (id, name) of those of the centre's people who can look after a company."""
    rows = db.session.execute(
        select(_P.c.id, _P.c.name).where(_P.c.staff_role.is_not(None)).order_by(_P.c.name, _P.c.id)
    )
    return [(row.id, row.name) for row in rows]


def countries_known() -> list[str]:
    """Return the codes of the countries in which companies are."""
    return list(db.session.scalars(select(_C.c.country).distinct().order_by(_C.c.country)))
