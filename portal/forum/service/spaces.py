"""Spaces, as the centre sets them up: made, changed, put in order, taken away and brought back."""

from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from portal.accounts.access import User
from portal.core import clock, events
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.forum.events import SpaceChanged
from portal.forum.models import ForumSpace
from portal.forum.rules import spaces as rules

_S = ForumSpace.__table__


def add(slug: str, values: dict[str, Any], by: User, *, on: Connection) -> None:
    """Make a space, behind the others. Records SpaceChanged.

    Raises Refused for a name in addresses that is taken or cannot be one.
    """
    rules.check_slug(slug)
    if on.scalar(select(_S.c.id).where(_S.c.slug == slug)) is not None:
        raise Refused(_l("There is a space of that address already, perhaps an archived one."))
    last = int(on.scalar(select(func.max(_S.c.position))) or 0)
    on.execute(insert(_S).values(slug=slug, position=last + 1, **values))
    _tell(slug, by, on)


def change(space: Any, values: dict[str, Any], by: User, *, seen: str, on: Connection) -> None:
    """Change a space; ``seen`` is ``rules.spaces.mark`` of what the editor saw.

    Raises Refused where somebody has changed it meanwhile. Records SpaceChanged.
    """
    wanted = select(_S).where(_S.c.id == space.id).with_for_update()
    now = on.execute(wanted).one()
    if rules.mark(now) != seen:
        raise Refused(
            _l("Somebody has changed this space meanwhile. Look at it, and change it again.")
        )
    on.execute(update(_S).where(_S.c.id == space.id).values(**values))
    _tell(space.slug, by, on)


def archive(space: Any, away: bool, by: User, *, on: Connection) -> None:
    """Take a space away with all its topics, or bring it back. Records SpaceChanged."""
    at = clock.now() if away else None
    on.execute(update(_S).where(_S.c.id == space.id).values(archived_at=at))
    _tell(space.slug, by, on)


def step(space: Any, by: int, user: User, *, on: Connection) -> None:
    """Put a space ``by`` places (-1 or 1) further down; the others close up."""
    ids = list(on.scalars(select(_S.c.id).order_by(_S.c.position, _S.c.id).with_for_update()))
    here = ids.index(space.id)
    there = min(max(here + by, 0), len(ids) - 1)
    ids.insert(there, ids.pop(here))
    for position, each in enumerate(ids, 1):
        on.execute(update(_S).where(_S.c.id == each).values(position=position))
    _tell(space.slug, user, on)


def _tell(slug: str, by: User, on: Connection) -> None:
    changed = SpaceChanged(actor_id=by.person_id, company_id=None, slug=slug)
    events.record(changed, on=on)
