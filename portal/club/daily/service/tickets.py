"""Tickets of raffles: bought for points, or free for a week in which one has checked in.

Lock order: the account of points, then the raffle. People of the centre take none: they run it.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, func, insert, select, update

from portal.accounts.access import User
from portal.accounts.service.companies import new_ref
from portal.club.daily.events import TicketsTaken
from portal.club.daily.models import CheckIn, DailyPerson, Raffle, RafflePurchase, RaffleTicket
from portal.club.daily.rules import raffles as rules
from portal.club.daily.rules.visits import zone_of
from portal.club.daily.service import raffles
from portal.club.points.service import booking, ledger
from portal.core import clock, events
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l

_R, _B, _T, _C, _P = (
    model.__table__ for model in (Raffle, RafflePurchase, RaffleTicket, CheckIn, DailyPerson)
)


@dataclass(frozen=True)
class Wish:
    """What somebody sent: how many tickets, at which cost he has read, from which form."""

    count: int
    cost: int
    form_name: str


def take(user: User, ref: str, wish: Wish, *, on: Connection) -> Any:
    """Take tickets; return the purchase's row, the same one for the same form.

    Raises Refused where the raffle is not open, the cost is another one now, somebody has as many
    as one person may have or too few points, or (free ones) no check-in in this week or its
    ticket already. Records TicketsTaken.
    """
    if user.company_id is None:
        raise Refused(_l("Raffles are for members; the centre’s people run them."))
    booking.locked(user.person_id, on)
    before = on.execute(select(_B).where(_B.c.form_name == wish.form_name)).first()
    if before is not None:
        return _own(before, user)
    row, at = raffles.locked(ref, on), clock.now()
    rules.check_open(row.state, row.opens_at, row.closes_at, at)
    if row.cost != wish.cost:
        raise Refused(_l("A ticket costs %(cost)s points. Look at it again.", cost=row.cost))
    if not 1 <= wish.count <= (rules.TAKEN_AT_ONCE if row.cost else 1):
        raise Refused(_l("Take 1 to %(most)s tickets at once.", most=rules.TAKEN_AT_ONCE))
    rules.check_most(row.most, _had(row.id, user.person_id, on), wish.count)
    return _taken(user, row, wish, on)


def _own(before: Any, user: User) -> Any:
    if before.person_id != user.person_id:
        raise Refused(_l("This form was sent before. Open the raffle again."))
    return before


def _had(raffle_id: int, person_id: int, on: Connection) -> int:
    mine = (_T.c.raffle_id == raffle_id, _T.c.person_id == person_id)
    return int(on.scalar(select(func.count()).where(*mine)) or 0)


def _taken(user: User, row: Any, wish: Wish, on: Connection) -> Any:
    purchase = {
        "ref": new_ref("RT"),
        "raffle_id": row.id,
        "person_id": user.person_id,
        "tickets": wish.count,
        "points": row.cost * wish.count,
        "form_name": wish.form_name,
        "at": clock.now(),
        "is_refunded": False,
        "week": None if row.cost else _free_week(user, row.id, on),
    }
    if row.cost:
        cause = f"raffle:{row.ref}:{purchase['ref']}"
        points = int(purchase["points"])
        whose = ("spent_raffle", user.person_id, points, cause)
        purchase["entry_id"] = ledger.spend(*whose, on=on)
    made = on.execute(insert(_B).values(**purchase).returning(_B)).one()
    _number(made, row, on)
    told = TicketsTaken(
        actor_id=user.person_id,
        company_id=user.company_id,
        ref=row.ref,
        tickets=row.tickets + wish.count,
    )
    events.record(told, on=on)
    return made


def _number(made: Any, row: Any, on: Connection) -> None:
    """Give the next numbers of a raffle, which is held, to a purchase."""
    mine = (_T.c.raffle_id == row.id, _T.c.person_id == made.person_id)
    known = on.scalar(select(_T.c.pseudonym).where(*mine).limit(1))
    same = {
        "raffle_id": row.id,
        "person_id": made.person_id,
        "pseudonym": known or new_ref("P"),
        "purchase_id": made.id,
    }
    numbers = range(row.tickets + 1, row.tickets + made.tickets + 1)
    on.execute(insert(_T), [{"number": number, **same} for number in numbers])
    counted = update(_R).where(_R.c.id == row.id)
    on.execute(counted.values(tickets=row.tickets + made.tickets))


def week_of(day: date) -> str:
    """Return the week of a day, such as ``2026-W47``."""
    year, week, _day = day.isocalendar()
    return f"{year}-W{week:02d}"


def _free_week(user: User, raffle_id: int, on: Connection) -> str:
    """Return the week for whose check-in somebody gets a free ticket now."""
    kept = on.scalar(select(_P.c.browser_zone).where(_P.c.person_id == user.person_id))
    zone = ZoneInfo(zone_of(user.timezone, kept, clock.zone().key))
    today = clock.now().astimezone(zone).date()
    monday = today - timedelta(days=today.weekday())
    days = _C.c.day.between(monday, monday + timedelta(days=6))
    mine = select(_C.c.day).where(_C.c.person_id == user.person_id, days).limit(1)
    if on.scalar(mine) is None:
        raise Refused(_l("Check in first: a free ticket is for a week with a check-in."))
    week = week_of(today)
    had = (_B.c.raffle_id == raffle_id, _B.c.person_id == user.person_id, _B.c.week == week)
    if on.scalar(select(_B.c.id).where(*had)) is not None:
        raise Refused(_l("You have the free ticket of this week. The next one comes on Monday."))
    return week
