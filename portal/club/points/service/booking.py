"""How an entry is written: its lines, the lots, the account. The account is locked before."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.club.points import rules
from portal.club.points.models import PointAccount, PointEntry, PointLine, PointLot
from portal.core import clock
from portal.core.db import is_sqlite

_ACCOUNT, _ENTRY, _LINE, _LOT = (
    model.__table__ for model in (PointAccount, PointEntry, PointLine, PointLot)
)
#: What goes into a lot or out of it: (when it expires, points).
Lines = list[tuple[datetime, int]]


@dataclass(frozen=True)
class Draft:
    """An entry that is about to be made."""

    kind: str
    cause: str
    points: int
    at: datetime
    company_id: int | None = None
    given_by_id: int | None = None
    reversed_id: int | None = None
    reason: str | None = None
    by_id: int | None = None


def new(table: Any, on: Connection) -> Any:
    """Return an insert that can say what happens where the row is there already."""
    return (sqlite_insert if is_sqlite(on) else postgresql_insert)(table)


def locked(person_id: int, on: Connection) -> Any:
    """Return the account of somebody, made if he has none, held until the transaction ends."""
    made = new(_ACCOUNT, on).values(person_id=person_id, balance=0, owed=0, is_hidden=False)
    on.execute(made.on_conflict_do_nothing())
    wanted = select(_ACCOUNT).where(_ACCOUNT.c.person_id == person_id)
    return on.execute(wanted.with_for_update()).one()


def put(account: Any, draft: Draft, expires_at: datetime, on: Connection) -> int:
    """Write an entry that brings points into one lot; return its id.

    What is owed is paid first.
    """
    return _give(account, draft, [(expires_at, draft.points)], on)


def take(account: Any, draft: Draft, first: datetime | None, on: Connection) -> int:
    """Write an entry that takes points: from the lot ``first``, then from what expires first.

    What is not there is owed. Returns its id.
    """
    lines = _taken(_lots(account.person_id, on), -draft.points, first)
    short = -draft.points + sum(points for _, points in lines)
    return _write(account, draft, lines, account.owed + short, on)


def give_back(account: Any, draft: Draft, entry_id: int, on: Connection) -> int:
    """Write an entry that brings what another took, to be spent as long as before.

    At least ``rules.GRACE`` is left for it. Returns its id.
    """
    least = rules.month_after(clock.now() + rules.GRACE, clock.zone())
    taken = on.execute(select(_LINE).where(_LINE.c.entry_id == entry_id)).all()
    return _give(account, draft, [(max(row.expires_at, least), -row.points) for row in taken], on)


def expired(account: Any, now: datetime, on: Connection) -> Any:
    """Write an entry for each lot that is past its time; return the account as it is then."""
    for expires_at, points in _lots(account.person_id, on):
        if expires_at <= now and points:
            cause = f"lot:{expires_at:%Y-%m-%dT%H:%M}"
            draft = Draft("expired", cause, -points, expires_at)
            _write(account, draft, [(expires_at, -points)], account.owed, on)
            account = locked(account.person_id, on)
    return account


def _give(account: Any, draft: Draft, coming: Lines, on: Connection) -> int:
    owed = account.owed
    lines: dict[datetime, int] = {}
    for expires_at, points in coming:
        paid = min(owed, points)
        owed -= paid
        lines[expires_at] = lines.get(expires_at, 0) + points - paid
    return _write(account, draft, lines.items(), owed, on)


def _lots(person_id: int, on: Connection) -> Lines:
    wanted = select(_LOT.c.expires_at, _LOT.c.points).where(
        _LOT.c.person_id == person_id, _LOT.c.points > 0
    )
    return [(row[0], row[1]) for row in on.execute(wanted.order_by(_LOT.c.expires_at))]


def _taken(lots: Lines, points: int, first: datetime | None) -> Lines:
    lines = []
    for expires_at, there in sorted(lots, key=lambda lot: (lot[0] != first, lot[0])):
        if used := min(there, points):
            lines.append((expires_at, -used))
            points -= used
    return lines


def _write(
    account: Any, draft: Draft, lines: Iterable[tuple[datetime, int]], owed: int, on: Connection
) -> int:
    lines = [(expires_at, points) for expires_at, points in lines if points]
    balance = account.balance + sum(points for _, points in lines)
    row = {**asdict(draft), "person_id": account.person_id, "made_at": clock.now()}
    made = insert(_ENTRY).values(**row, balance=balance - owed).returning(_ENTRY.c.id)
    entry_id = int(on.scalar(made) or 0)
    for expires_at, points in lines:
        line = {"expires_at": expires_at, "points": points}
        on.execute(insert(_LINE).values(entry_id=entry_id, **line))
        _change_lot(account.person_id, expires_at, points, on)
    mine = update(_ACCOUNT).where(_ACCOUNT.c.person_id == account.person_id)
    on.execute(mine.values(balance=balance, owed=owed))
    return entry_id


def _change_lot(person_id: int, expires_at: datetime, points: int, on: Connection) -> None:
    mine = (_LOT.c.person_id == person_id, _LOT.c.expires_at == expires_at)
    change = update(_LOT).where(*mine).values(points=_LOT.c.points + points)
    if on.execute(change.returning(_LOT.c.points)).first() is None:
        row = {"person_id": person_id, "expires_at": expires_at, "points": points}
        on.execute(insert(_LOT).values(**row))
