"""Spaces as somebody may see them, with what is new in each for him."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import and_, bindparam, func, literal_column, or_, select

from portal.accounts.access import User
from portal.core.db import reading
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.forum.models import ForumFollow, ForumProfile, ForumRead, ForumSpace, ForumTopic
from portal.forum.rules import posts as rules
from portal.forum.rules.spaces import Reader, is_open_to

NEW_MOST = 99  # new topics that are counted in a space; beyond it “99+”
_S, _T, _P, _R, _F = (
    model.__table__ for model in (ForumSpace, ForumTopic, ForumProfile, ForumRead, ForumFollow)
)

_PROFILE = Prepared(select(_P).where(_P.c.person_id == bindparam("person")))
_SPACES = Prepared(select(_S).where(_S.c.archived_at.is_(None)).order_by(_S.c.position, _S.c.id))
_FOLLOWS = Prepared(
    select(_F.c.about).where(
        _F.c.person_id == bindparam("person"),
        _F.c.about == bindparam("about"),
        _F.c.is_muted.is_(False),
    )
)

_ABOUT: Any = literal_column("'topic:' || forum_topic.id")
_WHO: Any = bindparam("person")
#: Topics that have something new for a person, up to one more than is shown.
_NEW: Any = (
    select(literal_column("1"))
    .select_from(
        _T.outerjoin(_R, and_(_R.c.topic_id == _T.c.id, _R.c.person_id == _WHO)).outerjoin(
            _F, and_(_F.c.about == _ABOUT, _F.c.person_id == _WHO)
        )
    )
    .where(
        _T.c.space_id == bindparam("space"),
        or_(*(_T.c.state == state for state in rules.READABLE)),
        _T.c.last_post_at > bindparam("before"),
        or_(_R.c.no.is_(None), _R.c.no < _T.c.last_no),
        or_(_F.c.is_muted.is_(None), _F.c.is_muted.is_(False)),
    )
    .limit(NEW_MOST + 1)
)
_NEW_IN = Prepared(select(func.count().label("number")).select_from(_NEW.subquery()))


def profile_of(user: User) -> Any:
    """Return the profile of somebody; None where he has not been here yet."""
    return _PROFILE.first(reading(), {"person": user.person_id})


def reader_of(user: User, profile: Any = None) -> Reader:
    """Return what the rules ask of a person."""
    roles = frozenset(role for role in (user.role, user.staff_role) if role)
    return Reader(
        roles=roles,
        trust=profile.trust if profile is not None else 0,
        may_write=user.may("club.write"),
        may_moderate=user.may("club.moderate"),
    )


def spaces_for(user: User) -> Sequence[Any]:
    """Return the spaces that somebody may read, in their order."""
    found = _SPACES.all(reading(), {})
    reader = reader_of(user)
    return [row for row in found if reader.may_moderate or is_open_to(row.readers, reader)]


def reads_all(user: User) -> bool:
    """Return whether somebody may read every space that there is."""
    return len(spaces_for(user)) == len(_SPACES.all(reading(), {}))


def space_for(user: User, slug: str) -> Any:
    """Return a space that somebody may read.

    Raises NotFound alike for what is missing and what is not for him.
    """
    for row in spaces_for(user):
        if row.slug == slug:
            return row
    raise NotFound(_l("There is no such space in the club."))


def follows(user: User, about: str) -> bool:
    """Return whether somebody follows a space or topic (``space:12``)."""
    asked = {"person": user.person_id, "about": about}
    return _FOLLOWS.first(reading(), asked) is not None


def new_in(user: User, profile: Any, spaces: Sequence[Any]) -> Mapping[int, int]:
    """Return space id → how many topics have something new for this person, at most 100.

    New is what was written after he came to the club (or last said that he has read all), and
    behind the post up to which he has read the topic. Muted topics never have anything new.
    """
    if profile is None:
        return {}
    asked = {"person": user.person_id, "before": profile.read_before}
    return {
        space.id: int(_NEW_IN.first(reading(), asked | {"space": space.id}).number)
        for space in spaces
    }
