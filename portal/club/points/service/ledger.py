"""The ledger: points are earned once for each cause, spent, taken back, and expire.

Every verb first locks the account of the person (lock order: account, lots, then boards at the
end of the transaction), so that of two who spend the last points one wins. ``sum of lines =
balance of the account = sum of lots``; ``sum of entries = balance - owed``.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select, text

from portal.club.points import rules
from portal.club.points.models import PointEntry, PointLot
from portal.club.points.rules.badges import TALLIED
from portal.club.points.service import boards, booking
from portal.club.points.service.booking import Draft
from portal.core import clock
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l

_ENTRY, _LOT = PointEntry.__table__, PointLot.__table__


def earn(
    kind: str,
    person_id: int,
    company_id: int | None,
    cause: str,
    *,
    points: int | None = None,
    at: datetime | None = None,
    given_by: int | None = None,
    on: Connection,
) -> int:
    """Give somebody points for a deed; return how many.

    0 where this cause has paid before, a cap is reached (of the day of ``at``, the deed; of what
    ``given_by``, another person, brings him), the deed is too long ago, or he works for no
    company: people of the centre earn none. ``points``: other than the rule's.
    """
    if company_id is None:
        return 0
    rule = rules.KINDS[kind]
    account = booking.locked(person_id, on)
    now = clock.now()
    done_at = at or now
    expires_at = rules.expiry(done_at, clock.zone())
    if expires_at <= now or find(kind, cause, person_id, on=on) is not None:
        return 0
    caps = [(rule.per_day, _of_day(kind, person_id, done_at, on))]
    if given_by is not None:
        caps.append((rule.per_pair, _of_pair(kind, person_id, given_by, done_at, on)))
    given = rules.within(rule.points if points is None else points, caps)
    if given or kind in TALLIED:  # what is counted for badges is kept, whatever it brings
        draft = Draft(kind, cause, given, done_at, company_id=company_id, given_by_id=given_by)
        booking.put(account, draft, expires_at, on)
        boards.add(account, company_id, given, at=done_at, on=on)
    return given


def spend(kind: str, person_id: int, points: int, cause: str, *, on: Connection) -> int:
    """Take points for something; return the entry's id, the same one for the same cause.

    What expires first is spent first. Raises Refused where he has not enough.
    """
    if kind not in rules.SPENT or points <= 0:
        raise ValueError(f"Nothing is paid with {points} points as {kind}.")
    account = booking.locked(person_id, on)
    known = find(kind, cause, person_id, on=on)
    if known is not None:
        return int(known.id)
    account = booking.expired(account, clock.now(), on)
    if account.balance < points:
        raise Refused(
            _l(
                "You have %(balance)s points; this takes %(points)s.",
                balance=account.balance,
                points=points,
            )
        )
    return booking.take(account, Draft(kind, cause, -points, clock.now()), None, on)


def reverse(entry_id: int, reason: str | None, by: int | None, on: Connection) -> int | None:
    """Undo an entry; return the id of the one that does, None where nothing is left to undo.

    What was earned is taken back (what is spent already is owed and paid from what is earned
    next), what was spent comes back; undoing again gives again. ``by``: the person who decided,
    None for the portal. Each entry is undone once. Raises NotFound for no entry, Refused for one
    that stays.
    """
    entry = on.execute(select(_ENTRY).where(_ENTRY.c.id == entry_id)).first()
    if entry is None:
        raise NotFound(_l("There is no such entry."))
    account = booking.locked(entry.person_id, on)
    if find("reversed", f"entry:{entry_id}", entry.person_id, on=on) is not None:
        return None
    draft = Draft(
        "reversed",
        f"entry:{entry_id}",
        -entry.points,
        entry.at,
        company_id=entry.company_id,
        given_by_id=entry.given_by_id,
        reversed_id=entry_id,
        reason=reason,
        by_id=by,
    )
    if entry.company_id is not None:
        return _undo_earning(account, draft, on)
    if entry.kind in rules.SPENT:
        return booking.give_back(account, draft, entry_id, on)
    raise Refused(_l("This entry stays as it is."))


def _undo_earning(account: Any, draft: Draft, on: Connection) -> int | None:
    expires_at = rules.expiry(draft.at, clock.zone())
    if expires_at <= clock.now():  # it is gone anyway: spent in its time, or expired
        return None
    undo = booking.take if draft.points <= 0 else booking.put
    boards.add(account, draft.company_id or 0, draft.points, at=draft.at, on=on)
    return undo(account, draft, expires_at, on)


def expire(person_id: int, on: Connection) -> int:
    """Let expire what somebody's time for has passed; return how many points."""
    account = booking.locked(person_id, on)
    return int(account.balance - booking.expired(account, clock.now(), on).balance)


def expire_due(most: int, *, on: Connection) -> int:
    """Let expire what is due, of at most so many people; return of how many."""
    due = select(_LOT.c.person_id).where(_LOT.c.expires_at <= clock.now(), text("points > 0"))
    people = on.scalars(due.distinct().order_by(_LOT.c.person_id).limit(most)).all()
    for person_id in people:
        expire(person_id, on)
    return len(people)


def find(kind: str, cause: str, person_id: int, *, on: Connection) -> Any | None:
    """Return the entry of a cause; None where it has none."""
    mine = (_ENTRY.c.kind == kind, _ENTRY.c.cause == cause, _ENTRY.c.person_id == person_id)
    return on.execute(select(_ENTRY).where(*mine)).first()


def standing(entry: Any, *, on: Connection) -> tuple[Any, bool, int]:
    """Return the entry that undid an entry last (itself if none did), whether it stands, and how
    often it was undone and given again.
    """
    stands, turns = True, 0
    while (undone := find("reversed", f"entry:{entry.id}", entry.person_id, on=on)) is not None:
        entry, stands, turns = undone, not stands, turns + 1
    return entry, stands, turns


def _of_day(kind: str, person_id: int, at: datetime, on: Connection) -> int:
    first, after = rules.day_of(at, clock.zone())
    return _earned(on, kind, person_id, _ENTRY.c.at >= first, _ENTRY.c.at < after)


def _of_pair(kind: str, person_id: int, given_by: int, at: datetime, on: Connection) -> int:
    since, until = at - rules.PAIR_WINDOW, at + rules.PAIR_WINDOW
    between = _ENTRY.c.at.between(since, until)
    return _earned(on, kind, person_id, between, _ENTRY.c.given_by_id == given_by)


def _earned(on: Connection, kind: str, person_id: int, *where: Any) -> int:
    total = select(func.coalesce(func.sum(_ENTRY.c.points), 0))
    return int(
        on.scalar(total.where(_ENTRY.c.person_id == person_id, _ENTRY.c.kind == kind, *where)) or 0
    )
