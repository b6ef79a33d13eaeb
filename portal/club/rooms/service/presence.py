"""Presence: what a process knows of who is in which room, kept with a lease."""

from collections.abc import Collection

from sqlalchemy import Connection, delete

from portal.club.rooms.models import ClubPresence
from portal.club.rooms.rules.rooms import LEASE
from portal.club.rooms.service.rooms import new
from portal.core import clock

_P = ClubPresence.__table__


def hold(process: str, here: Collection[tuple[int, int]], *, on: Connection) -> None:
    """Let ``process`` say who is here, as (room id, person id), until its lease ends.

    Whoever it named before and names no more is gone.
    """
    now = clock.now()
    on.execute(delete(_P).where(_P.c.process == process))
    until = now + LEASE
    rows = [
        {"room_id": room, "person_id": person, "process": process, "until": until}
        for room, person in sorted(here)
    ]
    if rows:
        on.execute(new(_P, on).on_conflict_do_nothing(), rows)


def forget(*, on: Connection) -> int:
    """Drop what processes that died have said; return how many rows went."""
    return int(on.execute(delete(_P).where(_P.c.until < clock.now())).rowcount)
