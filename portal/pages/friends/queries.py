"""Reads of friendly links: what everybody sees, and what the desk works on."""

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.accounts.access import User
from portal.core import clock
from portal.core.db import AnyRow, db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.pages.friends.models import Friend, FriendGroup
from portal.pages.friends.rules import State
from portal.pages.queries import Picture
from portal.pages.rules.kinds import fallbacks

_F, _G = Friend.__table__, FriendGroup.__table__
MOST = 400  # links that a page shows
MOST_DUE = 50


@dataclass(frozen=True)
class Listed:
    """A link as everybody sees it."""

    name: str
    url: str
    says: str
    logo: Picture | None


@dataclass(frozen=True)
class Group:
    """A heading with its links."""

    id: int
    name: str
    links: list[Listed]


def listed(locale: str) -> list[Group]:
    """Return the groups that have links, with them, in the order of the editors."""
    query = (
        select(_F.c.name, _F.c.url, _F.c.says, _F.c.logo, _G.c.id, _G.c.names)
        .join(_G, _G.c.id == _F.c.group_id)
        .where(_F.c.state == State.LISTED)
        .order_by(_G.c.position, _G.c.id, _F.c.position, _F.c.id)
        .limit(MOST)
    )
    groups: dict[int, Group] = {}
    for row in db.session.execute(query):
        group = groups.setdefault(row.id, Group(row.id, name_in(row.names, locale), []))
        group.links.append(Listed(row.name, row.url, row.says or "", logo_of(row)))
    return list(groups.values())


def state() -> Hashable:
    """Return a value that differs as soon as ``listed`` does, in any language."""
    columns = (_F.c.id, _F.c.position, _F.c.name, _F.c.url, _F.c.says, _F.c.logo)
    query = select(*columns, _G.c.position, _G.c.names).join(_G, _G.c.id == _F.c.group_id)
    query = query.where(_F.c.state == State.LISTED).order_by(_F.c.id).limit(MOST)
    return tuple(str(tuple(row)) for row in db.session.execute(query))


def logo_of(row: AnyRow | Friend) -> Picture | None:
    """Return the logo of a link, named as the link is; None: it has none."""
    kept = row.logo
    return None if not kept else Picture(kept["key"], kept["width"], kept["height"], row.name)


def name_in(names: dict[str, str], locale: str) -> str:
    """Return the name of a group in the reader's language, or the best there is."""
    return next((names[tag] for tag in fallbacks(locale) if names.get(tag)), "")


def groups_for(user: User) -> list[FriendGroup]:
    """Return all groups in their order; raises NotFound for who may not manage links."""
    _admit(user)
    return list(db.session.scalars(select(FriendGroup).order_by(_G.c.position, _G.c.id)))


def groups(locale: str) -> list[tuple[int, str]]:
    """Return (id, name) of the groups that a link may be proposed for."""
    rows = db.session.execute(select(_G.c.id, _G.c.names).order_by(_G.c.position, _G.c.id))
    return [(row.id, name_in(row.names, locale)) for row in rows]


def friends_for(user: User, state: str = "") -> list[AnyRow]:
    """Return links with the names of their groups, what waits for a decision first."""
    _admit(user)
    query = select(_F, _G.c.names.label("group_names")).join(_G, _G.c.id == _F.c.group_id)
    if state in set(State):
        query = query.where(_F.c.state == state)
    rows = db.session.execute(query.order_by(_G.c.position, _F.c.position, _F.c.id).limit(MOST))
    return sorted(rows, key=lambda row: row.state != State.PROPOSED)


def friend_for(user: User, ref: str, *, lock: bool = False) -> Friend:
    """Return one link; raises NotFound where there is none, or for who may not manage them."""
    _admit(user)
    query = select(Friend).where(_F.c.ref == ref)
    found: Friend | None = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise missing()
    return found


def group_for(user: User, group_id: int, *, lock: bool = False) -> FriendGroup:
    """Return one group; raises NotFound as ``friend_for`` does."""
    _admit(user)
    query = select(FriendGroup).where(_G.c.id == group_id)
    found: FriendGroup | None = db.session.scalar(query.with_for_update() if lock else query)
    if found is None:
        raise missing()
    return found


def proposed_count() -> int:
    """Return how many links wait for a decision."""
    found = db.session.execute(select(_F.c.id).where(_F.c.state == State.PROPOSED).limit(100))
    return len(found.all())


def due() -> list[str]:
    """Return the references of links that should be looked at now."""
    query = select(_F.c.ref).where(_F.c.check_at <= clock.now()).order_by(_F.c.check_at)
    return list(db.session.scalars(query.limit(MOST_DUE)))


def shown_partners(groups: Iterable[Group]) -> list[Listed]:
    """Return the links that have a logo."""
    return [link for group in groups for link in group.links if link.logo]


def missing() -> NotFound:
    """Return the one answer for what is not there and for what is not the asker's."""
    return NotFound(_l("There is no such link."))


def _admit(user: Any) -> None:
    if not user.may("friends.manage"):
        raise missing()
