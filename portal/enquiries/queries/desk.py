"""The desk's queue of messages, its counts, and what helps to answer one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, and_, false, func, or_, select
from sqlalchemy.orm import aliased

from portal.accounts.access import User
from portal.accounts.models import Company, Person
from portal.accounts.roles import STAFF_ROLES
from portal.core import clock, pagination, scope
from portal.core.db import AnyRow, db
from portal.core.events import EventRecord
from portal.core.pagination import Page
from portal.enquiries.fulltext import DESK, EVERYBODY
from portal.enquiries.models import PUBLISHED, Message, MessageEntry
from portal.enquiries.queries import places
from portal.enquiries.queries.threads import visible_to
from portal.enquiries.rules import State

_M, _E = Message.__table__, MessageEntry.__table__
_P, _C = Person.__table__, Company.__table__
SHOWN = 50
MOST_COUNTED = 999
CANNED = 6  # earlier answers that are offered
ORDER_BY_DUE = ("open", "overdue", "mine")
TABS = (*ORDER_BY_DUE, "unpublished", "published", "answered", "hidden", "spam", "all")


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which messages a list shows; empty fields set no condition."""

    tab: str = "open"
    topic: str = ""
    text: str = ""
    who: str = ""  # me, nobody, or the id of a person
    since: datetime | None = None
    until: datetime | None = None
    company_id: int | None = None


def queue_for(
    user: User, wanted: Wanted, *, after: str | None = None, limit: int = SHOWN
) -> Page[AnyRow]:
    """Return a page of the queue: what waits by its clock, the rest the newest first.

    A row has all columns of the message, ``assigned`` (name) and ``company`` (name).
    Raises Invalid for a cursor that is not ours, Forbidden without a right to any.
    """
    by_due = wanted.tab in ORDER_BY_DUE
    query = _filtered(user, wanted)
    if (last := places.read(after)) is not None:
        query = query.where(_behind(*last) if by_due else _M.c.id < last[1])
    order = (_M.c.due_at, _M.c.id) if by_due else (_M.c.id.desc(),)
    rows = db.session.execute(query.order_by(*order).limit(limit + 1)).all()
    return pagination.cut(rows, limit, lambda row: places.of(row.due_at or row.created_at, row.id))


def _behind(at: datetime, id_: int) -> Any:
    return or_(_M.c.due_at > at, and_(_M.c.due_at == at, _M.c.id > id_))


def _filtered(user: User, wanted: Wanted) -> Select[Any]:
    assigned = aliased(_P)
    query = (
        select(_M, assigned.c.name.label("assigned"), _C.c.name.label("company"))
        .outerjoin(assigned, assigned.c.id == _M.c.assigned_id)
        .outerjoin(_C, _C.c.id == _M.c.company_id)
        .where(*_tab(user, wanted.tab), *_more(user, wanted))
    )
    if wanted.text:
        hits = DESK.matching(wanted.text, owner=EVERYBODY, on=db.session.connection())
        query = query.where(false() if hits is None else _M.c.id.in_(hits))
    return visible_to(user, query)


def _tab(user: User, tab: str) -> list[Any]:
    due = _M.c.due_at.is_not(None)
    tabs: dict[str, list[Any]] = {
        "open": [due],
        "overdue": [due, _M.c.due_at < clock.now()],
        "mine": [due, _M.c.assigned_id == user.person_id],
        "unpublished": [_M.c.state == State.PENDING, _M.c.is_private.is_(False), _alone()],
        "published": [_M.c.state == State.PUBLISHED],
        "answered": [_M.c.answered_at.is_not(None), _M.c.due_at.is_(None)],
        "hidden": [_M.c.state == State.HIDDEN],
        "spam": [_M.c.state == State.SPAM],
        "all": [],
    }
    return tabs.get(tab, [false()])


def _alone() -> Any:
    return _M.c.merged_into_id.is_(None)


def _more(user: User, wanted: Wanted) -> list[Any]:
    conditions = []
    if wanted.topic:
        conditions.append(_M.c.topic == wanted.topic)
    if wanted.since:
        conditions.append(_M.c.created_at >= wanted.since)
    if wanted.until:
        conditions.append(_M.c.created_at < wanted.until)
    if wanted.company_id is not None:
        conditions.append(_M.c.company_id == wanted.company_id)
    if wanted.who == "nobody":
        conditions.append(_M.c.assigned_id.is_(None))
    elif wanted.who:
        conditions.append(_M.c.assigned_id == _person(user, wanted.who))
    return conditions


def _person(user: User, who: str) -> int:
    if who == "me":
        return user.person_id
    return int(who) if who.isascii() and who.isdigit() and len(who) < 18 else 0


def everything_for(user: User, wanted: Wanted) -> Sequence[AnyRow]:
    """Return all rows that a list shows, for its export, at most 10 000, the newest first."""
    query = _filtered(user, wanted).order_by(_M.c.id.desc()).limit(10_000)
    return db.session.execute(query).all()


def counts_for(user: User) -> dict[str, int]:
    """Return tab → how many, of those that ask for something, each at most MOST_COUNTED."""
    return {tab: _count(user, tab) for tab in ("open", "overdue", "mine", "unpublished", "spam")}


def _count(user: User, tab: str) -> int:
    inner = visible_to(user, select(_M.c.id).where(*_tab(user, tab)).limit(MOST_COUNTED))
    counted = select(func.count()).select_from(inner.subquery())
    return int(db.session.scalar(counted.execution_options(**scope.CENTRE)) or 0)


def overdue_count_for(user: User) -> int:
    """Return how many answers are past their clock, at most MOST_COUNTED."""
    return _count(user, "overdue")


def history_of(message: Any) -> Sequence[AnyRow]:
    """Return what happened to a message, oldest first: name, payload, recorded_at, person."""
    record = EventRecord.__table__
    query = (
        select(record.c.name, record.c.payload, record.c.recorded_at, _P.c.name.label("person"))
        .outerjoin(_P, _P.c.id == record.c.actor_id)
        .where(record.c.about == f"message:{message.ref}")
        .order_by(record.c.id)
        .limit(200)
    )
    return db.session.execute(query).all()


def alike(user: User, message: Any) -> Sequence[AnyRow]:
    """Return up to five others that may say the same: same writer, or the same words."""
    same = [_M.c.fingerprint == message.fingerprint]
    if message.email:
        same.append(_M.c.email == message.email)
    if message.phone:
        same.append(_M.c.phone == message.phone)
    company = _M.c.company_id.is_not_distinct_from(message.company_id)
    query = (
        select(_M.c.ref, _M.c.subject, _M.c.name, _M.c.created_at, _M.c.state)
        .where(_M.c.id != message.id, or_(*same), company, _alone(), _M.c.state != State.SPAM)
        .order_by(_M.c.id.desc())
        .limit(5)
    )
    return db.session.execute(visible_to(user, query)).all()


def canned(message: Any) -> Sequence[AnyRow]:
    """Return earlier public answers to the same topic, in the writer's language first.

    A row has ref, text and subject.
    """
    query = (
        select(_E.c.ref, _E.c.text, _M.c.public_subject.label("subject"))
        .join(_M, _M.c.id == _E.c.message_id)
        .where(
            _M.c.state == State.PUBLISHED,
            _M.c.topic == message.topic,
            _M.c.id != message.id,
            _E.c.kind == "answer",
            _E.c.is_public.is_(True),
        )
        .order_by((_M.c.locale != message.locale), _E.c.id.desc())
        .limit(CANNED)
        .execution_options(**PUBLISHED)
    )
    return db.session.execute(query).all()


def colleagues() -> Sequence[AnyRow]:
    """Return whom a message may be given to: id, name and staff_role, by name."""
    rights = {"messages.answer", "suppliers.answer"}
    roles = [role for role, held in STAFF_ROLES.items() if held & rights]
    query = select(_P.c.id, _P.c.name, _P.c.staff_role).where(_P.c.staff_role.in_(roles))
    return db.session.execute(query.order_by(_P.c.name, _P.c.id)).all()


def known_companies() -> list[tuple[str, str, int]]:
    """Return (reference, name, id) of the members that have written, by name."""
    wrote = select(_M.c.company_id).where(_M.c.company_id.is_not(None)).distinct()
    query = select(_C.c.ref, _C.c.name, _C.c.id).where(_C.c.id.in_(wrote)).order_by(_C.c.name)
    rows = db.session.execute(query.limit(500).execution_options(**scope.CENTRE))
    return [(row.ref, row.name, row.id) for row in rows]
