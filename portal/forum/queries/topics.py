"""Lists of topics, and one topic, as somebody may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import and_, bindparam, literal_column, or_, select, true

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.core import pagination
from portal.core.db import db, reading
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import Page
from portal.core.prepared import Prepared
from portal.forum import fulltext
from portal.forum.models import (
    ForumFollow,
    ForumPost,
    ForumRead,
    ForumSpace,
    ForumTag,
    ForumTopic,
)
from portal.forum.queries.spaces import spaces_for
from portal.forum.rules import posts as rules

LIMIT = 30
BESIDE = 4  # other topics shown beside one
_T, _S, _R, _F, _TAG, _POST = (
    model.__table__
    for model in (ForumTopic, ForumSpace, ForumRead, ForumFollow, ForumTag, ForumPost)
)
_AUTHOR, _LAST = Person.__table__.alias("author"), Person.__table__.alias("last")


@dataclass(frozen=True)
class Filter:
    """Which topics are wanted; what is empty does not limit."""

    space: str = ""
    tag: str = ""
    text: str = ""
    only: str = ""  # new, unanswered, solved, mine, followed


_ABOUT: Any = literal_column("'topic:' || forum_topic.id")
_WHO: Any = bindparam("person")
_LISTED = (
    select(
        _T,
        _S.c.slug.label("space_slug"),
        _S.c.kind.label("space_kind"),
        _S.c.names.label("space_names"),
        _S.c.repliers.label("space_repliers"),
        _S.c.topic_count.label("space_topics"),
        _S.c.post_count.label("space_posts"),
        _AUTHOR.c.name.label("author_name"),
        _LAST.c.name.label("last_name"),
        _R.c.no.label("read_no"),
        _F.c.is_muted,
    )
    .join_from(_T, _S, _S.c.id == _T.c.space_id)
    .join(_AUTHOR, _AUTHOR.c.id == _T.c.author_id)
    .join(_LAST, _LAST.c.id == _T.c.last_person_id)
    .outerjoin(_R, and_(_R.c.topic_id == _T.c.id, _R.c.person_id == _WHO))
    .outerjoin(_F, and_(_F.c.about == _ABOUT, _F.c.person_id == _WHO))
)
_BESIDE = Prepared(
    select(_T.c.ref, _T.c.title, _T.c.tags)
    .where(
        _T.c.space_id == bindparam("space"),
        _T.c.id != bindparam("topic"),
        or_(_T.c.state == "open", _T.c.state == "locked"),
    )
    .order_by(_T.c.pinned.desc(), _T.c.last_post_at.desc(), _T.c.id.desc())
    .limit(BESIDE * 3)
)
_ONE = Prepared(_LISTED.where(_T.c.ref == bindparam("ref")))


def topic_for(user: User, ref: str) -> Any:
    """Return a topic that somebody may read, with columns of its space (``space_…``).

    Raises NotFound alike for what is missing, hidden and not for him.
    """
    found = _ONE.first(reading(), {"person": user.person_id, "ref": ref})
    spaces = {row.id for row in spaces_for(user)}
    moderates = user.may("club.moderate")
    if (
        found is None
        or found.space_id not in spaces
        or not ((moderates and found.state != "merged") or found.state in rules.READABLE)
    ):
        raise NotFound(_l("There is no such topic in the club."))
    return found


def beside(topic: Any) -> Sequence[Any]:
    """Return other topics of the space of a topic that was found for somebody: ref, title.

    Those with one of its tags come first, of those written to last.
    """
    found = _BESIDE.all(reading(), {"space": topic.space_id, "topic": topic.id})
    tags = set(topic.tags)
    return sorted(found, key=lambda row: not tags & set(row.tags))[:BESIDE]


def topics_for(
    user: User, filter_: Filter, profile: Any, *, after: str | None = None, limit: int = LIMIT
) -> Page[Any]:
    """Return topics, the last written to first, those that are pinned above all others."""
    spaces = {row.slug: row.id for row in spaces_for(user)}
    wanted = [spaces[filter_.space]] if filter_.space in spaces else list(spaces.values())
    query = _listed(user).where(_T.c.space_id.in_(wanted), _T.c.state.in_(rules.READABLE))
    query = query.where(*_limits(user, filter_, profile, wanted))
    if (place := pagination.decode(after, int, str, int)) is not None:
        query = query.where(_behind(*place))
    order = (_T.c.pinned.desc(), _T.c.last_post_at.desc(), _T.c.id.desc())
    rows = db.session.execute(query.order_by(*order).limit(limit + 1)).all()
    return pagination.cut(
        rows, limit, lambda row: (row.pinned, row.last_post_at.isoformat(), row.id)
    )


def _behind(pinned: int, at: str, id_: int) -> Any:
    try:
        when = datetime.fromisoformat(at).astimezone(UTC)
    except ValueError:
        raise pagination.not_ours() from None
    same = and_(_T.c.last_post_at == when, _T.c.id < id_)
    return or_(
        _T.c.pinned < pinned, and_(_T.c.pinned == pinned, or_(_T.c.last_post_at < when, same))
    )


def _listed(user: User) -> Any:
    return _LISTED.params(person=user.person_id)


def _limits(user: User, filter_: Filter, profile: Any, spaces: Sequence[int]) -> list[Any]:
    limits = []
    if filter_.tag:
        tagged = select(_TAG.c.topic_id).where(_TAG.c.tag == filter_.tag)
        limits.append(_T.c.id.in_(tagged))
    if filter_.text:
        limits.append(_T.c.id.in_(_found(filter_.text, spaces)))
    if filter_.only:
        limits.append(_only(user, filter_.only, profile))
    return limits


def _found(text: str, spaces: Sequence[int]) -> Any:
    """Return the topics in which a post has all the words."""
    on = db.session.connection()
    only = spaces[0] if len(spaces) == 1 else None
    hits = fulltext.POSTS.matching(text, owner=only, on=on)
    if hits is None:
        return []
    return select(_POST.c.topic_id).where(_POST.c.id.in_(hits), _POST.c.state == "visible")


def _only(user: User, only: str, profile: Any) -> Any:
    if only == "new" and profile is not None:
        return and_(
            _T.c.last_post_at > profile.read_before,
            or_(_R.c.no.is_(None), _R.c.no < _T.c.last_no),
        )
    if only == "unanswered":
        return and_(_S.c.kind == "question", _T.c.accepted_no.is_(None))
    if only == "solved":
        return _T.c.accepted_no.is_not(None)
    if only == "mine":
        return _T.c.author_id == user.person_id
    if only == "followed":
        return _F.c.is_muted.is_(False)
    return true()
