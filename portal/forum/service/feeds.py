"""The addresses of somebody's feeds: made, renewed, given up."""

import secrets

from sqlalchemy import Connection, delete, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.core import clock
from portal.core.db import is_sqlite
from portal.forum.models import ForumFeed

_FEED = ForumFeed.__table__


def renew(person_id: int, *, on: Connection) -> str:
    """Give somebody new addresses; those that he had lead nowhere from now on. Return the key."""
    row = {"person_id": person_id, "key": secrets.token_hex(16), "made_at": clock.now()}
    adding = (sqlite_insert if is_sqlite(on) else postgresql_insert)(_FEED).values(
        **row, read_at=None
    )
    changed = {name: adding.excluded[name] for name in ("key", "made_at", "read_at")}
    on.execute(adding.on_conflict_do_update(index_elements=["person_id"], set_=changed))
    return str(row["key"])


def give_up(person_id: int, *, on: Connection) -> None:
    """Let the addresses of somebody's feeds lead nowhere."""
    on.execute(delete(_FEED).where(_FEED.c.person_id == person_id))


def note_read(person_id: int, *, on: Connection) -> None:
    """Note that a feed of somebody was read now."""
    on.execute(update(_FEED).where(_FEED.c.person_id == person_id).values(read_at=clock.now()))
