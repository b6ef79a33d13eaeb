"""Who is in which room of the club: from the sockets of this process that follow it.

Every process looks at its own and says so in the database with a lease; a process that dies says
nothing more, and whom it had named is gone when the lease ends. People count, not sockets.
"""

import secrets
from datetime import datetime

from sqlalchemy import select

from portal.club.rooms.models import ClubRoom
from portal.club.rooms.rules.rooms import RENEWED_AFTER
from portal.club.rooms.service import presence
from portal.core import clock
from portal.core.db import db, end_reading, write
from portal.live.followers import Client
from portal.live.sockets import followers

LOOKS_EVERY_S = 1.5
_PROCESS = secrets.token_hex(8)
_told: tuple[frozenset[tuple[int, int]], datetime] | None = None


def run_once() -> int:
    """Say who is here if that has changed, or the lease needs it; return 0: it can wait."""
    global _told
    found = _found(list(followers.clients.values()))
    before, at = _told or (frozenset(), None)
    now = clock.now()
    is_due = bool(found) and (at is None or now - at >= RENEWED_AFTER)
    if found != before or is_due:
        write(lambda on: presence.hold(_PROCESS, found, on=on))
        _told = (found, now)
    return 0


def _found(clients: list[Client]) -> frozenset[tuple[int, int]]:
    """Return (room id, person id) of everybody with a socket in a room."""
    named = {
        (thing.key.partition(":")[2], client.person_id)
        for client in clients
        for thing in list(client.things.values())
        if thing.key.startswith("chat:") and client.person_id is not None
    }
    if not named:
        return frozenset()
    table = ClubRoom.__table__
    ids = {row.slug: row.id for row in db.session.execute(select(table.c.slug, table.c.id))}
    end_reading()
    return frozenset((ids[slug], person) for slug, person in named if slug in ids)
