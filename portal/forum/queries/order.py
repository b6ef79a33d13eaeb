"""What waits for moderators, what was done, and what somebody may not do now."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, or_, select

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.core import clock, pagination
from portal.core.db import db, reading
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.pagination import Page
from portal.core.prepared import Prepared
from portal.forum import elsewhere
from portal.forum.models import (
    ForumAct,
    ForumFlag,
    ForumHeld,
    ForumPost,
    ForumProfile,
    ForumReview,
    ForumSanction,
    ForumSpace,
    ForumTopic,
)

LIMIT = 50
_ACT, _FLAG, _HELD, _POST, _PROFILE, _REVIEW, _SANCTION, _SPACE, _TOPIC = (
    model.__table__
    for model in (
        ForumAct,
        ForumFlag,
        ForumHeld,
        ForumPost,
        ForumProfile,
        ForumReview,
        ForumSanction,
        ForumSpace,
        ForumTopic,
    )
)
_PERSON, _BY = Person.__table__, Person.__table__.alias("by")
_RUNNING = Prepared(
    select(_SANCTION)
    .where(
        _SANCTION.c.person_id == bindparam("person"),
        _SANCTION.c.until > bindparam("now"),
        _SANCTION.c.lifted_at.is_(None),
    )
    .order_by(_SANCTION.c.kind.desc(), _SANCTION.c.until.desc())
)


def sanction_of(user: User) -> Any:
    """Return what somebody may not do now, a suspension before a silence; None: nothing."""
    return _RUNNING.first(reading(), {"person": user.person_id, "now": clock.now()})


def is_suspended(user: User) -> bool:
    """Return whether somebody may not enter the club now."""
    found = sanction_of(user)
    return found is not None and found.kind == "suspension"


def held_for(user: User) -> Sequence[Any]:
    """Return the texts that wait for a moderator: all of them to moderators, else his own.

    His own are those that were refused, too. Oldest first.
    """
    query = (
        select(_HELD, _PERSON.c.name.label("author_name"), _SPACE.c.names.label("space_names"))
        .add_columns(_TOPIC.c.ref.label("topic_ref"), _TOPIC.c.title.label("topic_title"))
        .add_columns(_PROFILE.c.ref.label("author_ref"))
        .join_from(_HELD, _PERSON, _PERSON.c.id == _HELD.c.person_id)
        .outerjoin(_PROFILE, _PROFILE.c.person_id == _HELD.c.person_id)
        .join(_SPACE, _SPACE.c.id == _HELD.c.space_id)
        .outerjoin(_TOPIC, _TOPIC.c.id == _HELD.c.topic_id)
        .order_by(_HELD.c.id)
        .limit(LIMIT)
    )
    if user.may("club.moderate"):
        return db.session.execute(query.where(_HELD.c.state == "open")).all()
    own = query.where(_HELD.c.person_id == user.person_id, _HELD.c.state != "approved")
    return db.session.execute(own).all()


def held_one_for(user: User, ref: str) -> Any:
    """Return a text that waits; raises NotFound for whoever does not moderate."""
    found = db.session.execute(select(_HELD).where(_HELD.c.ref == ref)).first()
    if found is None or not user.may("club.moderate"):
        raise NotFound(_l("There is no such text."))
    return found


def reviews_for(user: User) -> Sequence[Any]:
    """Return the posts that were reported and not decided about, the heaviest first."""
    if not user.may("club.moderate"):
        return []
    query = (
        select(_REVIEW, _POST.c.no, _POST.c.html, _POST.c.state.label("post_state"))
        .add_columns(_POST.c.flagged, _POST.c.author_id, _PERSON.c.name.label("author_name"))
        .add_columns(_TOPIC.c.ref.label("topic_ref"), _TOPIC.c.title.label("topic_title"))
        .add_columns(_PROFILE.c.ref.label("author_ref"))
        .join_from(_REVIEW, _POST, _POST.c.id == _REVIEW.c.post_id)
        .join(_PERSON, _PERSON.c.id == _POST.c.author_id)
        .outerjoin(_PROFILE, _PROFILE.c.person_id == _POST.c.author_id)
        .join(_TOPIC, _TOPIC.c.id == _POST.c.topic_id)
        .where(_REVIEW.c.state == "open")
        .order_by(_POST.c.flagged.desc(), _REVIEW.c.id)
        .limit(LIMIT)
    )
    return db.session.execute(query).all()


def review_for(user: User, review_id: int) -> Any:
    """Return one review; raises NotFound for whoever does not moderate."""
    found = db.session.execute(select(_REVIEW).where(_REVIEW.c.id == review_id)).first()
    if found is None or not user.may("club.moderate"):
        raise NotFound(_l("There is no such report."))
    return found


def flags_of(reviews: Sequence[Any]) -> dict[int, list[Any]]:
    """Return post id → the reports against it that nobody has decided about, with names."""
    ids = [row.post_id for row in reviews]
    found: dict[int, list[Any]] = {each: [] for each in ids}
    query = (
        select(_FLAG, _PERSON.c.name)
        .join(_PERSON, _PERSON.c.id == _FLAG.c.person_id)
        .where(_FLAG.c.post_id.in_(ids), _FLAG.c.outcome.is_(None))
        .order_by(_FLAG.c.id)
    )
    for row in db.session.execute(query):
        found[row.post_id].append(row)
    return found


def acts_for(
    user: User, *, appeals: bool = False, own: bool = False, after: str | None = None
) -> Page[Any]:
    """Return what was done, the newest first: all of it to moderators, else what concerns him.

    ``appeals``: only what is to be looked at again; ``own``: only what concerns him.
    """
    query = (
        select(_ACT, _PERSON.c.name.label("person_name"), _BY.c.name.label("by_name"))
        .add_columns(_TOPIC.c.ref.label("topic_ref"), _TOPIC.c.title.label("topic_title"))
        .join_from(_ACT, _BY, _BY.c.id == _ACT.c.by_id)
        .outerjoin(_PERSON, _PERSON.c.id == _ACT.c.person_id)
        .outerjoin(_TOPIC, _TOPIC.c.id == _ACT.c.topic_id)
    )
    if own or not user.may("club.moderate"):
        query = query.where(_ACT.c.person_id == user.person_id)
    if appeals:
        query = query.where(_ACT.c.appeal_state == "open")
    if (last := pagination.decode_number(after)) is not None:
        query = query.where(_ACT.c.id < last)
    rows = db.session.execute(query.order_by(_ACT.c.id.desc()).limit(LIMIT + 1)).all()
    return pagination.cut(rows, LIMIT, lambda row: (row.id,))


def act_for(user: User, ref: str) -> Any:
    """Return one act, to moderators and to the person concerned; raises NotFound otherwise."""
    query = select(_ACT).where(_ACT.c.ref == ref)
    if not user.may("club.moderate"):
        query = query.where(_ACT.c.person_id == user.person_id)
    found = db.session.execute(query).first()
    if found is None:
        raise NotFound(_l("There is no such entry."))
    return found


def waiting_count_for(user: User) -> int:
    """Return how much waits for a moderator: held texts, reported posts, appeals."""
    if not user.may("club.moderate"):
        return 0
    counts = (
        select(func.count()).select_from(_HELD).where(_HELD.c.state == "open"),
        select(func.count()).select_from(_REVIEW).where(_REVIEW.c.state == "open"),
        select(func.count()).select_from(_ACT).where(_ACT.c.appeal_state == "open"),
    )
    held, reported, appealed = (each.scalar_subquery() for each in counts)
    return int(db.session.scalar(select(held + reported + appealed)) or 0) + elsewhere.count()


def person_for(user: User, ref: str) -> Any:
    """Return somebody of the club by the reference of his profile, with what he may not do now.

    Raises NotFound for whoever does not moderate.
    """
    query = (
        select(_PROFILE, _PERSON.c.name)
        .join(_PERSON, _PERSON.c.id == _PROFILE.c.person_id)
        .where(or_(_PROFILE.c.ref == ref, _PROFILE.c.handle == ref.lower().lstrip("@")))
    )
    found = db.session.execute(query).first()
    if found is None or not user.may("club.moderate"):
        raise NotFound(_l("There is nobody of that name in the club."))
    return found


def sanctions_of(person_id: int) -> Sequence[Any]:
    """Return what somebody was not allowed, the newest first, with who decided it."""
    query = (
        select(_SANCTION, _BY.c.name.label("by_name"))
        .join(_BY, _BY.c.id == _SANCTION.c.by_id)
        .where(_SANCTION.c.person_id == person_id)
        .order_by(_SANCTION.c.id.desc())
        .limit(LIMIT)
    )
    return db.session.execute(query).all()


def unanswered_for(user: User) -> Sequence[Any]:
    """Return the questions that nobody has replied to, the oldest first, to the centre's people."""
    if not user.is_staff:
        return []
    query = (
        select(_TOPIC.c.ref, _TOPIC.c.title, _TOPIC.c.created_at, _SPACE.c.names)
        .join(_SPACE, _SPACE.c.id == _TOPIC.c.space_id)
        .where(_TOPIC.c.state == "open", _TOPIC.c.reply_count == 0)
        .where(_SPACE.c.kind.in_(("question", "suggestion")))
        .order_by(_TOPIC.c.id)
        .limit(LIMIT)
    )
    return db.session.execute(query).all()
