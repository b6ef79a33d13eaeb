"""Raffles as somebody may see them: a draft at the desk only, a seed once it is drawn only.

A person is named by his handle, unless he has left the boards: then by his pseudonym alone.
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, and_, func, select

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.club.daily.models import Raffle, RafflePurchase, RaffleTicket, RaffleWin
from portal.club.points.models import PointAccount
from portal.core import clock
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import Page, cut, decode_number
from portal.forum.models import ForumProfile

_R, _B, _T, _W, _F, _A, _PERSON = (
    model.__table__
    for model in (
        Raffle,
        RafflePurchase,
        RaffleTicket,
        RaffleWin,
        ForumProfile,
        PointAccount,
        Person,
    )
)
#: Everything but the seed that is still secret.
_OPEN = [column for column in _R.c if column.name != "seed"]
SIZE, WINNERS = 20, 50
_NONE = _l("There is no such raffle.")


class Winner(NamedTuple):
    """A place of a raffle that was drawn; ``handle`` None: he has left the boards."""

    place: int
    number: int
    counter: int
    pseudonym: str
    handle: str | None
    is_own: bool
    handed_at: Any
    person_name: str


def raffle_for(user: User, ref: str) -> Any:
    """Return a raffle without its secret. Raises NotFound, for drafts too unless at the desk."""
    row = db.session.execute(select(*_OPEN).where(_R.c.ref == ref)).first()
    if row is None or (row.published_at is None and not user.may("club.manage")):
        raise NotFound(_NONE)
    return row


def running_for(user: User) -> Sequence[Any]:
    """Return the raffles that are open or will be, with ``own`` tickets; those ending first."""
    live = (_R.c.state == "published", _R.c.closes_at > clock.now())
    return db.session.execute(_with_own(user).where(*live).order_by(_R.c.closes_at)).all()


def ended_for(user: User, *, after: str | None = None, size: int = SIZE) -> Page[Any]:
    """Return the raffles that are over, each with ``own`` tickets; the last one first."""
    over = _with_own(user).where(
        _R.c.published_at.is_not(None),
        (_R.c.state != "published") | (_R.c.closes_at <= clock.now()),
    )
    return _page(over, after, size)


def _with_own(user: User) -> Select[Any]:
    mine = (_T.c.raffle_id == _R.c.id, _T.c.person_id == user.person_id)
    own = select(func.count()).select_from(_T).where(*mine).scalar_subquery()
    return select(*_OPEN, own.label("own"))


def all_for(user: User, *, after: str | None = None) -> Page[Any]:
    """Return all raffles, the newest first; for the desk."""
    if not user.may("club.manage"):
        raise NotFound(_NONE)
    return _page(_with_own(user), after, SIZE)


def _page(wanted: Select[Any], after: str | None, size: int) -> Page[Any]:
    last = decode_number(after)
    if last is not None:
        wanted = wanted.where(_R.c.id < last)
    rows = db.session.execute(wanted.order_by(_R.c.id.desc()).limit(size + 1)).all()
    return cut(rows, size, lambda row: [row.id])


def own_numbers(user: User, raffle_id: int) -> tuple[str | None, list[int]]:
    """Return what somebody is called in the list of a raffle, and the numbers of his tickets."""
    mine = (_T.c.raffle_id == raffle_id, _T.c.person_id == user.person_id)
    wanted = select(_T.c.number, _T.c.pseudonym).where(*mine).order_by(_T.c.number)
    rows = db.session.execute(wanted).all()
    return (rows[0].pseudonym if rows else None), [row.number for row in rows]


def has_taken_in(user: User, raffle_id: int, week: str) -> bool:
    """Return whether somebody has the free ticket of a week."""
    mine = (_B.c.raffle_id == raffle_id, _B.c.person_id == user.person_id, _B.c.week == week)
    return db.session.scalar(select(_B.c.id).where(*mine)) is not None


def people_in(raffle_id: int) -> int:
    """Return how many people have tickets."""
    counted = select(func.count(_T.c.person_id.distinct())).where(_T.c.raffle_id == raffle_id)
    return int(db.session.scalar(counted) or 0)


def tickets_of(raffle_id: int) -> Iterator[tuple[int, str]]:
    """Yield (number, pseudonym) of all tickets in their order: what the digest is made of."""
    wanted = select(_T.c.number, _T.c.pseudonym).where(_T.c.raffle_id == raffle_id)
    for row in db.session.execute(wanted.order_by(_T.c.number)):
        yield row.number, row.pseudonym


def winners_of(user: User, raffle_id: int) -> list[Winner]:
    """Return who won, the first place first."""
    drawn = and_(_T.c.raffle_id == _W.c.raffle_id, _T.c.number == _W.c.number)
    wanted = (
        select(_W, _T.c.pseudonym, _F.c.handle, _A.c.is_hidden, _PERSON.c.name)
        .join(_T, drawn)
        .join(_PERSON, _PERSON.c.id == _W.c.person_id)
        .outerjoin(_F, _F.c.person_id == _W.c.person_id)
        .outerjoin(_A, _A.c.person_id == _W.c.person_id)
        .where(_W.c.raffle_id == raffle_id)
        .order_by(_W.c.place)
    )
    return [_winner(row, user) for row in db.session.execute(wanted)]


def _winner(row: Any, user: User) -> Winner:
    is_own, at_desk = row.person_id == user.person_id, user.may("club.manage")
    return Winner(
        place=row.place,
        number=row.number,
        counter=row.counter,
        pseudonym=row.pseudonym,
        handle=row.handle if is_own or not row.is_hidden else None,
        is_own=is_own,
        handed_at=row.handed_at,
        person_name=row.name if at_desk else "",
    )
