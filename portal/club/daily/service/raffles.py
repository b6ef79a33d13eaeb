"""Raffles: made and published at the desk, tickets, cancelling, the draw.

Lock order: the account of points of who takes tickets, then the raffle. The seed is made when a
raffle is published and read by the draw alone; the list of tickets decides as well as the seed,
so nobody who does not know all tickets to come can choose who wins.
"""

import secrets
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.accounts.access import User
from portal.accounts.service.companies import new_ref
from portal.club.daily.events import RaffleChanged, RaffleDrawn
from portal.club.daily.models import Raffle, RafflePurchase, RaffleTicket, RaffleWin
from portal.club.daily.rules import raffles as rules
from portal.club.points.service import ledger
from portal.core import clock, events
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

_R, _B, _T, _W = (m.__table__ for m in (Raffle, RafflePurchase, RaffleTicket, RaffleWin))
BACK_AT_ONCE = 200  # purchases whose points come back in one transaction


@dataclass(frozen=True, kw_only=True)
class Said:
    """What a raffle is, checked in shape."""

    titles: dict[str, str]
    prizes: dict[str, str]
    opens_at: datetime
    closes_at: datetime
    cost: int
    most: int
    places: int


def make(said: Said, by: User, *, on: Connection) -> str:
    """Write a raffle, a draft; return its reference. Records RaffleChanged."""
    ref = new_ref("RF")
    row = {**said.__dict__, "ref": ref, "state": "draft", "tickets": 0, "version": 1}
    on.execute(insert(_R).values(**row, made_by_id=by.person_id, created_at=clock.now()))
    _tell(ref, "made", by, on)
    return ref


def edit(ref: str, said: Said, by: User, *, base: int, on: Connection) -> None:
    """Change a draft. Raises Refused once it is published, or somebody edited it meanwhile."""
    row = locked(ref, on)
    if row.state != "draft":
        raise Refused(_l("A raffle that is published stays as it is; it can only be cancelled."))
    if row.version != base:
        raise Refused(_l("Somebody has edited this raffle meanwhile. Look at it and edit again."))
    _change(row, on, **said.__dict__, version=base + 1)
    _tell(ref, "edited", by, on)


def publish(ref: str, by: User, *, on: Connection) -> None:
    """Publish a raffle with the commitment to its seed. Records RaffleChanged.

    Raises Refused where it was published before, or would be open already.
    """
    row, at = locked(ref, on), clock.now()
    rules.check_publish(row.state, row.opens_at, row.closes_at, at)
    seed = secrets.token_hex(32)
    commitment = rules.commitment_of(seed)
    _change(row, on, state="published", seed=seed, commitment=commitment, published_at=at)
    _tell(ref, "published", by, on)


def cancel(ref: str, reason: str | None, by: User, *, on: Connection) -> None:
    """Cancel a raffle that is not drawn; points come back. Records RaffleChanged."""
    row = locked(ref, on)
    if row.state not in ("draft", "published"):
        raise Refused(_l("This raffle was drawn or cancelled before."))
    if not reason:
        raise Refused(_l("Say why: whoever has tickets reads it."))
    _change(row, on, state="cancelled", cancelled_at=clock.now(), reason=reason)
    _tell(ref, "cancelled", by, on)


def give_back(most: int = BACK_AT_ONCE, *, on: Connection) -> int:
    """Give back the points of tickets of cancelled raffles; return of how many purchases.

    Accounts are locked in the order of the people.
    """
    due = (
        select(_B.c.id, _B.c.entry_id, _R.c.reason)
        .join(_R, _R.c.id == _B.c.raffle_id)
        .where(_R.c.state == "cancelled", ~_B.c.is_refunded)
        .order_by(_B.c.person_id, _B.c.id)
        .limit(most)
    )
    rows = on.execute(due).all()
    for row in rows:
        if row.entry_id is not None:
            ledger.reverse(row.entry_id, row.reason, None, on)
        on.execute(update(_B).where(_B.c.id == row.id).values(is_refunded=True))
    return len(rows)


def draw(ref: str, *, on: Connection) -> bool:
    """Draw a raffle whose end is past; return False where it is not due, or drawn before.

    All of it is one transaction that holds the raffle: it is drawn once, or not at all.
    Records RaffleDrawn.
    """
    row, at = locked(ref, on), clock.now()
    if row.state != "published" or row.closes_at > at:
        return False
    wanted = select(_T.c.person_id, _T.c.pseudonym).where(_T.c.raffle_id == row.id)
    tickets = on.execute(wanted.order_by(_T.c.number)).all()
    holders = [ticket.pseudonym for ticket in tickets]
    won = rules.drawn(row.seed, holders, row.places) if tickets else []
    winners = [
        {"place": place, "number": each.number, "person_id": tickets[each.number - 1].person_id}
        for place, each in enumerate(won, 1)
    ]
    for winner, each in zip(winners, won, strict=True):
        on.execute(insert(_W).values(raffle_id=row.id, counter=each.counter, **winner))
    digest = rules.digest_of(holders)
    _change(row, on, state="drawn", revealed_seed=row.seed, digest=digest, drawn_at=at)
    told = {"ref": ref, "titles": row.titles, "winners": winners}
    events.record(RaffleDrawn(actor_id=None, company_id=None, **told), on=on)
    return True


def hand_over(ref: str, place: int, by: User, *, on: Connection) -> None:
    """Note that a prize was handed over. Records RaffleChanged; a second time changes nothing."""
    row = locked(ref, on)
    won = (_W.c.raffle_id == row.id, _W.c.place == place)
    win = on.execute(select(_W).where(*won)).first()
    if win is None:
        raise Refused(_l("There is no such prize."))
    if win.person_id == by.person_id:
        raise Refused(_l("Nobody hands a prize over to himself. Ask a colleague."))
    values = {"handed_at": clock.now(), "handed_by_id": by.person_id}
    fresh = update(_W).where(*won, _W.c.handed_at.is_(None)).values(**values)
    if on.execute(fresh.returning(_W.c.place)).first() is not None:
        _tell(ref, "handed", by, on)


def locked(ref: str, on: Connection) -> Any:
    """Return a raffle, held until the transaction ends. Raises Refused where there is none."""
    row = on.execute(select(_R).where(_R.c.ref == ref).with_for_update()).first()
    if row is None:
        raise Refused(_l("There is no such raffle."))
    return row


def _change(row: Any, on: Connection, **values: Any) -> None:
    on.execute(update(_R).where(_R.c.id == row.id).values(**values))


def _tell(ref: str, what: str, by: User, on: Connection) -> None:
    told = RaffleChanged(actor_id=by.person_id, company_id=None, ref=ref, what=what)
    events.record(told, on=on)
