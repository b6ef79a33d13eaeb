"""What the feed of somebody holds: the last posts that he may read at this moment."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from portal.accounts.access import User
from portal.accounts.models import OPEN, Company, Membership, Person
from portal.accounts.roles import rights_of
from portal.core import scope
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.forum.models import ForumFeed, ForumFollow, ForumPost, ForumSpace, ForumTopic
from portal.forum.queries.blocks import blocked_by
from portal.forum.queries.order import sanction_of
from portal.forum.queries.spaces import spaces_for
from portal.forum.rules import posts as rules

IN_FEED = 30  # posts
_FEED, _FOLLOW, _POST, _SPACE, _TOPIC = (
    model.__table__ for model in (ForumFeed, ForumFollow, ForumPost, ForumSpace, ForumTopic)
)
_PERSON, _MEMBER, _COMPANY = (model.__table__ for model in (Person, Membership, Company))


def feed_of(user: User) -> Any:
    """Return the key of somebody's feeds and when one was read last; None: he has none."""
    return db.session.execute(select(_FEED).where(_FEED.c.person_id == user.person_id)).first()


def readers_by(person_id: int, key: str) -> list[User]:
    """Return who reads a feed: the person once for each company that he works for now.

    Raises NotFound where the key is not his any more, where he has left, or is suspended.
    """
    row = db.session.execute(select(_FEED.c.key).where(_FEED.c.person_id == person_id)).first()
    users = _users(person_id) if row is not None and row.key == key else []
    found = [user for user in users if user.may("club.enter")]
    sanction = sanction_of(found[0]) if found else None
    if not found or (sanction is not None and sanction.kind == "suspension"):
        raise nothing()
    return found


def nothing() -> NotFound:
    """Return the answer to an address that leads nowhere."""
    return NotFound(_l("This feed is not there, or not any more. Get a new address in the club."))


def _users(person_id: int) -> list[User]:
    query = (
        select(_PERSON.c.name, _PERSON.c.email, _PERSON.c.locale, _PERSON.c.staff_role)
        .add_columns(_MEMBER.c.role, _COMPANY.c.id.label("company_id"), _COMPANY.c.lifecycle)
        .join_from(_PERSON, _MEMBER, _MEMBER.c.person_id == _PERSON.c.id, isouter=True)
        .outerjoin(_COMPANY, _COMPANY.c.id == _MEMBER.c.company_id)
        .where(_PERSON.c.id == person_id)
        .execution_options(**scope.CENTRE)
    )
    return [_user(person_id, row) for row in db.session.execute(query)]


def _user(person_id: int, row: Any) -> User:
    role = row.role if row.lifecycle in OPEN else None
    return User(
        person_id=person_id,
        name=row.name,
        email=row.email,
        locale=row.locale,
        company_id=row.company_id,
        role=role,
        staff_role=row.staff_role,
        rights=rights_of(role, row.staff_role) - {"club.moderate"},
    )


def spaces_of(readers: Sequence[User]) -> list[Any]:
    """Return the spaces that somebody may read in any of his companies."""
    found = {row.id: row for user in readers for row in spaces_for(user)}
    return sorted(found.values(), key=lambda row: (row.position, row.id))


def posts_of(readers: Sequence[User], spaces: Sequence[Any]) -> Sequence[Any]:
    """Return the last posts of spaces that somebody may read, the newest first.

    Only what is shown to everybody there; nothing of muted topics and blocked people.
    """
    recent = _recent(readers[0].person_id, [row.id for row in spaces])
    query = (
        select(_POST.c.no, _POST.c.ref, _POST.c.text, _POST.c.created_at, _POST.c.edited_at)
        .add_columns(_POST.c.version, _TOPIC.c.ref.label("topic_ref"), _TOPIC.c.title)
        .add_columns(_PERSON.c.name.label("author_name"), _SPACE.c.names.label("space_names"))
        .join_from(_POST, _TOPIC, _TOPIC.c.id == _POST.c.topic_id)
        .join(_SPACE, _SPACE.c.id == _TOPIC.c.space_id)
        .join(_PERSON, _PERSON.c.id == _POST.c.author_id)
        .where(_TOPIC.c.id.in_(recent), _POST.c.no > _TOPIC.c.last_no - IN_FEED)
        .where(_POST.c.state == "visible", _POST.c.author_id.not_in(blocked_by(readers[0])))
        .order_by(_POST.c.created_at.desc(), _POST.c.id.desc())
        .limit(IN_FEED)
    )
    return db.session.execute(query).all()


def _recent(person_id: int, spaces: Sequence[int]) -> list[int]:
    """Return the topics that the last posts are in: so many have been written to last."""
    muted = select(_FOLLOW.c.about).where(_FOLLOW.c.person_id == person_id, _FOLLOW.c.is_muted)
    left_out = [int(about[6:]) for about in db.session.scalars(muted) if about[:6] == "topic:"]
    query = (
        select(_TOPIC.c.id)
        .where(_TOPIC.c.space_id.in_(spaces), _TOPIC.c.state.in_(rules.READABLE))
        .where(_TOPIC.c.id.not_in(left_out))
        .order_by(_TOPIC.c.last_post_at.desc(), _TOPIC.c.id.desc())
        .limit(IN_FEED)
    )
    return list(db.session.scalars(query))
