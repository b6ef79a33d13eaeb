"""Two companies become one: what was earned for one counts on boards for the other.

Entries stay as they are: they say for whom something was earned at the time.
"""

from typing import Any

from sqlalchemy import Connection, delete, func, select

from portal.accounts import merging
from portal.club.points.models import PointShare
from portal.club.points.service import boards
from portal.core.i18n import lazy as _l

_SHARE = PointShare.__table__


def join() -> None:
    """Let shares of points move when a company becomes a part of another."""
    merging.provide("point_share", _move, _back, label=_l("Points on boards"), count=_count)


def _count(company_id: int, on: Connection) -> int:
    counted = select(func.count()).select_from(_SHARE)
    return int(on.scalar(counted.where(_SHARE.c.company_id == company_id)) or 0)


def _move(gone: int, kept: int, most: int, on: Connection) -> list[Any]:
    """Move the next shares; return (person, period, points) of each."""
    wanted = select(_SHARE).where(_SHARE.c.company_id == gone)
    ordered = wanted.order_by(_SHARE.c.person_id, _SHARE.c.period).limit(most)
    moved = [[row.person_id, row.period, row.points] for row in on.execute(ordered).all()]
    for person_id, period, points in moved:
        mine = (_SHARE.c.person_id == person_id, _SHARE.c.period == period)
        on.execute(delete(_SHARE).where(*mine, _SHARE.c.company_id == gone))
        boards.carry(person_id, period, points, source=gone, target=kept, on=on)
    return moved


def _back(gone: int, kept: int, moved: list[Any], on: Connection) -> None:
    for person_id, period, points in moved:
        boards.carry(person_id, period, points, source=kept, target=gone, on=on)
        mine = (_SHARE.c.person_id == person_id, _SHARE.c.period == period)
        none = (_SHARE.c.company_id == kept, _SHARE.c.points == 0)
        on.execute(delete(_SHARE).where(*mine, *none))
