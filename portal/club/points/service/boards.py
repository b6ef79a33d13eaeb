"""Boards: counted with every entry that earns or takes back, left and joined again.

What boards add up is written at the end of the transaction, sorted: transactions that lock
several accounts never wait for one another crosswise. Whoever left the boards counts for no
company either, so that nobody finds him by reckoning.
"""

from collections import Counter
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from portal.accounts.models import Company
from portal.club.points import rules
from portal.club.points.models import PointAccount, PointShare, PointStanding
from portal.club.points.service.booking import locked, new
from portal.core import clock
from portal.core.db import Gathered, gathered

_ACCOUNT, _COMPANY, _SHARE, _STANDING = (
    model.__table__ for model in (PointAccount, Company, PointShare, PointStanding)
)


class _Added(Gathered):
    """(period, kind, subject, shown, points) that are added to standings."""

    def write(self, on: Connection) -> None:
        """Write them, in one order for everybody."""
        total: Counter[tuple[str, str, int, bool]] = Counter()
        for *key, points in self.items:
            total[key[0], key[1], key[2], key[3]] += points
        for key in sorted(total):
            _upsert(_STANDING, key, total[key], on)


def add(account: Any, company_id: int, points: int, *, at: datetime, on: Connection) -> None:
    """Count points of a deed done at ``at``, in all periods in which it lies.

    What was earned for a company that is another one now counts for that.
    """
    if not points:
        return
    company_id = _now(company_id, on)
    for period in rules.periods_of(at, clock.zone()):
        _share(account.person_id, period, company_id, points, on)
        added = gathered(_Added, on).items
        added.append((period, "person", account.person_id, not account.is_hidden, points))
        if not account.is_hidden:
            added.append((period, "company", company_id, True, points))


def _share(person_id: int, period: str, company_id: int, points: int, on: Connection) -> None:
    share = {"person_id": person_id, "period": period, "company_id": company_id}
    counted = new(_SHARE, on).values(**share, points=points)
    more = {"points": _SHARE.c.points + points}
    keys = ["person_id", "period", "company_id"]
    on.execute(counted.on_conflict_do_update(index_elements=keys, set_=more))


def carry(
    person_id: int, period: str, points: int, *, source: int, target: int, on: Connection
) -> None:
    """Count what somebody earned for one company for another instead.

    A share of ``source`` that is still there is lessened by it.
    """
    account = locked(person_id, on)
    mine = (_SHARE.c.person_id == person_id, _SHARE.c.period == period)
    rest = update(_SHARE).where(*mine, _SHARE.c.company_id == source)
    on.execute(rest.values(points=_SHARE.c.points - points))
    _share(person_id, period, target, points, on)
    if not account.is_hidden:
        added = gathered(_Added, on).items
        added.append((period, "company", source, True, -points))
        added.append((period, "company", target, True, points))


def _now(company_id: int, on: Connection) -> int:
    """Return what a company is by now: itself, or the one that it was merged into."""
    while True:
        into = on.scalar(select(_COMPANY.c.merged_into_id).where(_COMPANY.c.id == company_id))
        if into is None:
            return company_id
        company_id = into


def _upsert(table: Any, key: tuple[str, str, int, bool], points: int, on: Connection) -> None:
    period, kind, subject_id, is_shown = key
    row = {"period": period, "kind": kind, "subject_id": subject_id, "is_shown": is_shown}
    more = {"points": table.c.points + points}
    keys = ["period", "kind", "subject_id"]
    made = new(table, on).values(**row, points=points)
    on.execute(made.on_conflict_do_update(index_elements=keys, set_=more))


def set_hidden(person_id: int, hidden: bool, *, on: Connection) -> None:
    """Let somebody leave all boards, also those of the past, or join them again."""
    account = locked(person_id, on)
    if account.is_hidden == hidden:
        return
    mine = update(_ACCOUNT).where(_ACCOUNT.c.person_id == person_id)
    on.execute(mine.values(is_hidden=hidden))
    places = update(_STANDING).where(
        _STANDING.c.kind == "person", _STANDING.c.subject_id == person_id
    )
    on.execute(places.values(is_shown=not hidden))
    sign = -1 if hidden else 1
    for row in on.execute(select(_SHARE).where(_SHARE.c.person_id == person_id)).all():
        added = (row.period, "company", row.company_id, True, sign * row.points)
        gathered(_Added, on).items.append(added)
