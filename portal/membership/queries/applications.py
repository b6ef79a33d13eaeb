"""Reading applications: the applicant by his key, the desk by its rights, a company its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Select, func, or_, select

from portal.accounts.access import User, Visitor
from portal.accounts.models import Person
from portal.accounts.rules import plain
from portal.core import clock, scope
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import decode, encode, not_ours
from portal.membership import keys
from portal.membership.models import Application
from portal.membership.rules.states import OPEN, SEEN_AT_DESK, WAITING, State

Rows = Sequence[Any]
MOST_COUNTED = 1000


def missing() -> NotFound:
    """Return the one answer to whoever asks for what is not there or not his."""
    return NotFound(_l("There is no such application, or the link is not the right one."))


def opened(ref: str, key: str, *, lock: bool = False) -> Application:
    """Return the application that ``key`` opens; ``lock`` holds its row.

    Raises NotFound alike for a wrong reference and a wrong key.
    """
    found = find_opened(ref, key, lock=lock)
    if found is None:
        raise missing()
    return found


def find_opened(ref: str, key: str, *, lock: bool = False) -> Application | None:
    """Return the same, or None."""
    wanted = select(Application).where(Application.ref == plain(ref)[:40])
    found = _one(wanted.with_for_update() if lock else wanted)
    return found if keys.opens(key, found) else None


def begun_with(token: str) -> Application | None:
    """Return the application that a form began when it was sent for the first time."""
    return _one(select(Application).where(Application.begun_with == token))


def of_email(email: str) -> Sequence[Application]:
    """Return what can be gone on with under an address, newest first, at most five."""
    wanted = select(Application).where(
        Application.email == email, Application.state.not_in((State.WITHDRAWN,))
    )
    return db.session.scalars(
        wanted.order_by(Application.id.desc()).limit(5).execution_options(**scope.CENTRE)
    ).all()


def application_for(user: User | Visitor, ref: str, *, lock: bool = False) -> Application:
    """Return an application for the desk; ``lock`` holds its row.

    Drafts belong to the applicant alone. Raises NotFound alike for references unknown and for
    those who have no right to see applications.
    """
    found = None
    if user.may("applications.see"):
        wanted = select(Application).where(
            Application.ref == plain(ref)[:40], Application.state.in_(SEEN_AT_DESK)
        )
        found = _one(wanted.with_for_update() if lock else wanted)
    if found is None:
        raise NotFound(_l("There is no such application."))
    return found


def _one(wanted: Any) -> Application | None:
    return db.session.scalar(wanted.execution_options(populate_existing=True, **scope.CENTRE))


def by_id(id_: int) -> Application:
    """Return an application by what a row that was authorised says of it."""
    found = _one(select(Application).where(Application.id == id_))
    if found is None:
        raise missing()
    return found


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """The filters of the queue, as its address names them."""

    state: str = ""  # a state, "open" or "decided"; empty: open
    words: str = ""
    country: str = ""
    reviewer_id: int | None = None
    nobody: bool = False
    overdue: bool = False

    @property
    def is_settled(self) -> bool:
        """Whether what is wanted is not in the queue any more."""
        return self.state not in ("", "open", *OPEN)


def applications_for(
    user: User | Visitor, wanted: Wanted, *, after: str | None, limit: int
) -> tuple[Rows, str | None]:
    """Return rows of the queue, the soonest due first, and the cursor of those behind.

    What is settled comes newest first. Raises Invalid for a cursor that is not ours.
    """
    if not user.may("applications.see"):
        return [], None
    rows = _settled(wanted, after, limit) if wanted.is_settled else _waiting(wanted, after, limit)
    if len(rows) <= limit:
        return rows, None
    last = rows[limit - 1]
    key = [last.id] if wanted.is_settled else [_due(last.due_at), last.id]
    return rows[:limit], encode(key)


def _due(at: Any) -> str:
    return at.isoformat() if at else ""


def _columns() -> Select[Any]:
    reviewer = Person.__table__.alias("reviewer")
    table = Application.__table__
    return select(table, reviewer.c.name.label("reviewer")).outerjoin(
        reviewer, reviewer.c.id == table.c.reviewer_id
    )


def _settled(wanted: Wanted, after: str | None, limit: int) -> Rows:
    table = Application.__table__
    rows = _filtered(_columns(), wanted).order_by(table.c.id.desc())
    if (values := decode(after, int)) is not None:
        rows = rows.where(table.c.id < values[0])
    return db.session.execute(rows.limit(limit + 1).execution_options(**scope.CENTRE)).all()


def _waiting(wanted: Wanted, after: str | None, limit: int) -> Rows:
    """Return those with a clock by its end, then those where it is the applicant's turn."""
    table = Application.__table__
    last = table.c.due_at.is_(None)
    rows = _filtered(_columns(), wanted).order_by(last, table.c.due_at, table.c.id)
    if (values := decode(after, str, int)) is not None:
        rows = rows.where(_behind(values[0], values[1]))
    return db.session.execute(rows.limit(limit + 1).execution_options(**scope.CENTRE)).all()


def _behind(due: str, id_: int) -> Any:
    table = Application.__table__
    if not due:
        return table.c.due_at.is_(None) & (table.c.id > id_)
    at = _instant(due)
    later = or_(table.c.due_at > at, (table.c.due_at == at) & (table.c.id > id_))
    return or_(later, table.c.due_at.is_(None))


def _instant(text: str) -> datetime:
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise not_ours() from None


def _filtered(rows: Select[Any], wanted: Wanted) -> Select[Any]:
    table = Application.__table__
    rows = rows.where(_in_state(wanted.state))
    for word in wanted.words.split()[:6]:
        rows = rows.where(_has(plain(word)))
    if wanted.country:
        rows = rows.where(table.c.country == wanted.country)
    if wanted.reviewer_id is not None:
        rows = rows.where(table.c.reviewer_id == wanted.reviewer_id)
    if wanted.nobody:
        rows = rows.where(table.c.reviewer_id.is_(None))
    if wanted.overdue:
        rows = rows.where(table.c.due_at < clock.now(), table.c.state.in_(WAITING))
    return rows


def _in_state(state: str) -> Any:
    table = Application.__table__
    if state == "decided":
        return table.c.state.in_((State.APPROVED, State.REFUSED, State.WITHDRAWN))
    if state in SEEN_AT_DESK:
        return table.c.state == state
    return table.c.state.in_(OPEN)


def _has(word: str) -> Any:
    table = Application.__table__
    columns = ("name", "name_en", "ref", "credit_code", "contact_name", "email", "city")
    return or_(*(table.c[name].icontains(word, autoescape=True) for name in columns))


def counts_for(user: User | Visitor) -> dict[str, int]:
    """Return state → how many, of the states that the desk sees; ``overdue`` beside them."""
    if not user.may("applications.see"):
        return {}
    table = Application.__table__
    late = (table.c.due_at < clock.now()) & table.c.state.in_(WAITING)
    rows = db.session.execute(
        select(table.c.state, func.count(), func.count().filter(late))
        .where(table.c.state.in_(SEEN_AT_DESK))
        .group_by(table.c.state)
        .execution_options(**scope.CENTRE)
    ).all()
    counts = {row[0]: row[1] for row in rows}
    return counts | {"overdue": sum(row[2] for row in rows)}


def overdue_count_for(user: User | Visitor) -> int:
    """Return how many applications are past their clock, counted to MOST_COUNTED."""
    if not user.may("applications.see"):
        return 0
    table = Application.__table__
    late = (
        select(table.c.id)
        .where(table.c.state.in_(WAITING), table.c.due_at < clock.now())
        .limit(MOST_COUNTED)
        .subquery()
    )
    counted = select(func.count()).select_from(late).execution_options(**scope.CENTRE)
    return db.session.scalar(counted) or 0


def of_company(user: User, company_id: int) -> Rows:
    """Return the applications of a company, newest first, to those who may see applications."""
    if not user.may("applications.see"):
        return []
    table = Application.__table__
    return db.session.execute(
        select(table)
        .where(table.c.company_id == company_id, table.c.state.in_(SEEN_AT_DESK))
        .order_by(table.c.id.desc())
        .limit(20)
        .execution_options(**scope.CENTRE)
    ).all()
