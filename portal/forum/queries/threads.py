"""Where posts stand that have moved, and which topics went into another."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, select

from portal.accounts.access import User
from portal.core.db import db, reading
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.forum.models import ForumMoved, ForumPost, ForumTopic
from portal.forum.queries.topics import topic_for

FARTHEST = 20  # moves of one post that are followed
_MOVED, _POST, _TOPIC = (model.__table__ for model in (ForumMoved, ForumPost, ForumTopic))
_BY_REF = Prepared(
    select(_MOVED.c.to_topic_id, _MOVED.c.to_no)
    .join(_TOPIC, _TOPIC.c.id == _MOVED.c.topic_id)
    .where(_TOPIC.c.ref == bindparam("ref"), _MOVED.c.no == bindparam("no"))
)


def moved_to(user: User, ref: str, no: int) -> tuple[str, int] | None:
    """Return topic and number under which a post stands now; None: where it stood.

    Raises NotFound where that is not for him.
    """
    found = _BY_REF.first(reading(), {"ref": ref, "no": no})
    if found is None:
        return None
    place = (found.to_topic_id, found.to_no)
    for _ in range(FARTHEST):
        further = select(_MOVED.c.to_topic_id, _MOVED.c.to_no)
        next_ = db.session.execute(
            further.where(_MOVED.c.topic_id == place[0], _MOVED.c.no == place[1])
        ).first()
        if next_ is None:
            break
        place = (next_.to_topic_id, next_.to_no)
    return topic_for(user, ref_of(place[0])).ref, place[1]


def led_on(user: User, ref: str) -> str:
    """Return the topic into which another was merged, by references.

    Raises NotFound where it was not, or the other is not for him.
    """
    query = select(_TOPIC.c.state, _TOPIC.c.merged_into_id)
    row = db.session.execute(query.where(_TOPIC.c.ref == ref)).first()
    into = None
    for _ in range(FARTHEST):
        if row is None or row.state != "merged" or row.merged_into_id is None:
            break
        into = row.merged_into_id
        row = db.session.execute(query.where(_TOPIC.c.id == into)).first()
    if into is None:
        raise nothing()
    return str(topic_for(user, ref_of(into)).ref)


def ref_of(topic_id: int) -> str:
    """Return the reference of a topic."""
    return str(db.session.scalar(select(_TOPIC.c.ref).where(_TOPIC.c.id == topic_id)) or "")


def merged_into(topic: Any) -> Sequence[Any]:
    """Return the topics that went into one that was found: ref, title."""
    mine = (_TOPIC.c.merged_into_id == topic.id, _TOPIC.c.state == "merged")
    return db.session.execute(select(_TOPIC.c.ref, _TOPIC.c.title).where(*mine)).all()


def merged_for(user: User, ref: str) -> Any:
    """Return a topic that went into another, to who moderates; raises NotFound otherwise."""
    wanted = select(_TOPIC).where(_TOPIC.c.ref == ref, _TOPIC.c.state == "merged")
    found = db.session.execute(wanted).first()
    if found is None or not user.may("club.moderate"):
        raise nothing()
    return found


def nothing() -> NotFound:
    """Return the answer to a topic that is not there, or not for him."""
    return NotFound(_l("There is no such topic in the club."))
