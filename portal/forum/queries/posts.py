"""The posts of a topic: pages of twenty by their numbers, the same cost at any depth."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Boolean, bindparam, case, or_, select

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.core.db import db, reading
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.forum.models import ForumPost, ForumProfile, ForumReaction, ForumRevision, ForumTopic

PAGE = 20  # posts
_POST, _PERSON, _PROFILE, _REACTION, _OLD, _TOPIC = (
    model.__table__
    for model in (ForumPost, Person, ForumProfile, ForumReaction, ForumRevision, ForumTopic)
)
_IS_SHOWN = or_(_POST.c.state == "visible", bindparam("moderates", type_=Boolean))
_SHOWN = (
    select(
        *(_POST.c[name] for name in ("id", "ref", "no", "author_id", "company_name", "staff_role")),
        *(_POST.c[name] for name in ("state", "reply_to", "version", "edited_at")),
        case((_IS_SHOWN, _POST.c.html), else_="").label("html"),
        *(_POST.c[name] for name in ("useful", "thanks", "same", "created_at")),
        _PERSON.c.name.label("author_name"),
        _PROFILE.c.handle,
        _PROFILE.c.trust,
        _PROFILE.c.is_listed,
        _PROFILE.c.badge,
    )
    .join_from(_POST, _PERSON, _PERSON.c.id == _POST.c.author_id)
    .outerjoin(_PROFILE, _PROFILE.c.person_id == _POST.c.author_id)
)
_PAGE = Prepared(
    _SHOWN.where(
        _POST.c.topic_id == bindparam("topic"),
        _POST.c.no.between(bindparam("first"), bindparam("last")),
    ).order_by(_POST.c.no)
)
_MINE = Prepared(
    select(_POST.c.no, _REACTION.c.kind)
    .join_from(_REACTION, _POST, _POST.c.id == _REACTION.c.post_id)
    .where(
        _POST.c.topic_id == bindparam("topic"),
        _POST.c.no.between(bindparam("first"), bindparam("last")),
        _REACTION.c.person_id == bindparam("person"),
    )
)


def page_of(no: int) -> int:
    """Return the page (1, 2 …) on which the post ``no`` stands."""
    return (max(no, 1) - 1) // PAGE + 1


def posts_for(user: User, topic: Any, page: int) -> Sequence[Any]:
    """Return the posts of one page of a topic that was found for this person.

    What is hidden stands there without its text, unless he moderates.
    """
    return posts_between(user, topic, *numbers_of(page))


def numbers_of(page: int) -> tuple[int, int]:
    """Return the first and the last number that stand on a page."""
    return (page - 1) * PAGE + 1, page * PAGE


def posts_between(user: User, topic: Any, first: int, last: int) -> Sequence[Any]:
    """Return the posts from one number to another, as ``posts_for`` does."""
    numbers = {"topic": topic.id, "first": first, "last": last}
    return _PAGE.all(reading(), numbers | {"moderates": user.may("club.moderate")})


def reactions_of(user: User, topic: Any, page: int) -> Mapping[int, frozenset[str]]:
    """Return post number → what this person has said of the posts of a page."""
    return reactions_between(user, topic, *numbers_of(page))


def reactions_between(
    user: User, topic: Any, first: int, last: int
) -> Mapping[int, frozenset[str]]:
    """Return post number → what this person has said of it, from one number to another."""
    values = {"topic": topic.id, "first": first, "last": last, "person": user.person_id}
    found: dict[int, set[str]] = {}
    for row in _MINE.all(reading(), values):
        found.setdefault(row.no, set()).add(row.kind)
    return {no: frozenset(kinds) for no, kinds in found.items()}


def post_for(user: User, topic: Any, no: int) -> Any:
    """Return a whole post of a topic that was found for this person.

    Raises NotFound for a number that it does not have, and for what is hidden from him.
    """
    wanted = (
        select(_POST, _PERSON.c.name.label("author_name"))
        .join(_PERSON, _PERSON.c.id == _POST.c.author_id)
        .where(_POST.c.topic_id == topic.id, _POST.c.no == no)
    )
    found = db.session.execute(wanted).first()
    own = found is not None and found.author_id == user.person_id
    shown = found is not None and (found.state == "visible" or user.may("club.moderate") or own)
    if not shown:
        raise NotFound(_l("There is no such post in this topic."))
    return found


def place_of(ref: str) -> tuple[str, int]:
    """Return the topic's reference and the number of a post; raises NotFound where it is none.

    Who asks must still be let into that topic.
    """
    found = db.session.execute(
        select(_TOPIC.c.ref, _POST.c.no)
        .join_from(_POST, _TOPIC, _TOPIC.c.id == _POST.c.topic_id)
        .where(_POST.c.ref == ref)
    ).first()
    if found is None:
        raise NotFound(_l("There is no such post in this topic."))
    return found.ref, found.no


def texts_of(topic: Any, first: int, last: int) -> Mapping[int, str]:
    """Return post number → what those of a topic's posts that are shown say, in Markdown."""
    rows = db.session.execute(
        select(_POST.c.no, _POST.c.text).where(
            _POST.c.topic_id == topic.id,
            _POST.c.no.between(first, last),
            _POST.c.state == "visible",
        )
    )
    return {row.no: row.text for row in rows}


def revisions_for(user: User, topic: Any, no: int) -> Sequence[Any]:
    """Return what a post said before, the newest first: version, text, editor, reason, at."""
    post = post_for(user, topic, no)
    return db.session.execute(
        select(_OLD.c.version, _OLD.c.text, _OLD.c.reason, _OLD.c.at, _PERSON.c.name)
        .join_from(_OLD, _PERSON, _PERSON.c.id == _OLD.c.editor_id)
        .where(_OLD.c.post_id == post.id)
        .order_by(_OLD.c.version.desc())
    ).all()
