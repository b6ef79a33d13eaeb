"""How cards move when two companies turn out to be one."""

from typing import Any

from sqlalchemy import Connection, func, select, update

from portal.accounts import merging
from portal.accounts.merging import Rows
from portal.club.people.models import ClubCard, ClubCompanyCard
from portal.club.people.service import listing
from portal.core.i18n import lazy as _l

_OF = ClubCompanyCard.__table__
_CARDS = Rows(ClubCard.__table__, key="person_id")


def join() -> None:
    """Let cards move: people with their company; its own where the other has none."""
    merging.provide("club_company_card", _move, _back, label=_l("Company’s card"), count=_count)
    merging.provide(
        "club_card", _move_people, _people_back, label=_l("Cards of people"), count=_CARDS.count
    )


def _count(company_id: int, on: Connection) -> int:
    mine = select(func.count()).select_from(_OF).where(_OF.c.company_id == company_id)
    return int(on.scalar(mine) or 0)


def _move(gone: int, kept: int, _most: int, on: Connection) -> list[Any]:
    if _count(kept, on):
        return []
    moved = update(_OF).where(_OF.c.company_id == gone).values(company_id=kept)
    ids = list(on.scalars(moved.returning(_OF.c.id)))
    _renew_both(gone, kept, on)
    return ids


def _back(gone: int, kept: int, moved: list[Any], on: Connection) -> None:
    on.execute(update(_OF).where(_OF.c.id.in_(moved)).values(company_id=gone))
    _renew_both(gone, kept, on)


def _renew_both(gone: int, kept: int, on: Connection) -> None:
    for company_id in (gone, kept):
        listing.renew_company(company_id, on=on)


def _move_people(gone: int, kept: int, most: int, on: Connection) -> list[Any]:
    moved = _CARDS.move(gone, kept, most, on)
    _renew(moved, on)
    return moved


def _people_back(gone: int, kept: int, moved: list[Any], on: Connection) -> None:
    _CARDS.back(gone, kept, moved, on)
    _renew(moved, on)


def _renew(people: list[Any], on: Connection) -> None:
    for person_id in people:
        listing.renew(person_id, on=on)
