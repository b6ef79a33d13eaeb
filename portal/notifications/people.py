"""Those who are told: what they may read at this moment, whoever they work for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, select

from portal.accounts.models import OPEN, Company, Membership, Person
from portal.accounts.roles import rights_of
from portal.core import clock, scope
from portal.forum.models import ForumBlock, ForumFollow, ForumSanction, ForumSpace
from portal.forum.rules.spaces import Reader, is_open_to

_PERSON, _MEMBER, _COMPANY, _BLOCK, _FOLLOW, _SANCTION, _SPACE = (
    model.__table__
    for model in (
        Person,
        Membership,
        Company,
        ForumBlock,
        ForumFollow,
        ForumSanction,
        ForumSpace,
    )
)


@dataclass
class Listener:
    """Somebody who is told, with all that decides what of."""

    id: int
    name: str
    email: str
    locale: str | None
    timezone: str | None
    roles: set[str] = field(default_factory=set)
    rights: set[str] = field(default_factory=set)
    blocked: set[int] = field(default_factory=set)
    muted: set[str] = field(default_factory=set)
    is_suspended: bool = False

    @property
    def may_enter(self) -> bool:
        """Whether the club is open to him now."""
        return "club.enter" in self.rights and not self.is_suspended

    def reads(self, space: Any) -> bool:
        """Return whether he may read a space (row of forum_space)."""
        if space.archived_at is not None or not self.may_enter:
            return False
        moderates = "club.moderate" in self.rights
        reader = Reader(roles=frozenset(self.roles), may_moderate=moderates)
        return moderates or is_open_to(space.readers, reader)

    def hears(self, about: Collection[str], author_id: int | None) -> bool:
        """Return whether he wants to hear what somebody says in a topic or space."""
        return (
            author_id != self.id and author_id not in self.blocked and not self.muted & set(about)
        )


def listeners(ids: Collection[int], *, on: Connection) -> dict[int, Listener]:
    """Return person → what decides what he is told of, in four statements."""
    found: dict[int, Listener] = {}
    for row in on.execute(_people(ids)):
        known = found.setdefault(
            row.id, Listener(row.id, row.name, row.email, row.locale, row.timezone)
        )
        role = row.role if row.lifecycle in OPEN else None
        known.roles |= {each for each in (role, row.staff_role) if each}
        known.rights |= rights_of(role, row.staff_role)
    for block in on.execute(select(_BLOCK).where(_BLOCK.c.person_id.in_(ids))):
        found[block.person_id].blocked.add(block.blocked_id)
    muted = select(_FOLLOW.c.person_id, _FOLLOW.c.about).where(_FOLLOW.c.person_id.in_(ids))
    for row in on.execute(muted.where(_FOLLOW.c.is_muted)):
        found[row.person_id].muted.add(row.about)
    for person_id in on.scalars(_suspended(ids)):
        found[person_id].is_suspended = True
    return found


def listener(person_id: int, *, on: Connection) -> Listener:
    """Return one of them."""
    return listeners([person_id], on=on)[person_id]


def spaces(*, on: Connection) -> Mapping[int, Any]:
    """Return id → space, all of them: they are few."""
    return {row.id: row for row in on.execute(select(_SPACE))}


def _people(ids: Collection[int]) -> Any:
    return (
        select(*(_PERSON.c[name] for name in ("id", "name", "email", "locale", "timezone")))
        .add_columns(_PERSON.c.staff_role, _MEMBER.c.role, _COMPANY.c.lifecycle)
        .join_from(_PERSON, _MEMBER, _MEMBER.c.person_id == _PERSON.c.id, isouter=True)
        .outerjoin(_COMPANY, _COMPANY.c.id == _MEMBER.c.company_id)
        .where(_PERSON.c.id.in_(ids))
        .execution_options(**scope.CENTRE)
    )


def _suspended(ids: Collection[int]) -> Any:
    now = clock.now()
    return select(_SANCTION.c.person_id).where(
        _SANCTION.c.person_id.in_(ids),
        _SANCTION.c.kind == "suspension",
        _SANCTION.c.until > now,
        _SANCTION.c.lifted_at.is_(None),
    )
