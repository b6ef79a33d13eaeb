"""Pictures, for whoever may read a post that shows them."""

from typing import Any

from sqlalchemy import select

from portal.accounts.access import User
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.forum.models import ForumHeld, ForumPicture, ForumPost, ForumPostPicture, ForumTopic
from portal.forum.queries.spaces import spaces_for
from portal.forum.rules import posts as rules

_PX, _IN, _POST, _TOPIC, _HELD = (
    model.__table__ for model in (ForumPicture, ForumPostPicture, ForumPost, ForumTopic, ForumHeld)
)


def picture_for(user: User, ref: str) -> Any:
    """Return a picture that somebody may see: his own, or one in a post that he may read.

    Who moderates sees those of hidden posts and waiting texts too. Raises NotFound alike for
    what is missing and what is not for him.
    """
    found = db.session.execute(select(_PX).where(_PX.c.ref == ref)).first()
    if found is None or not (found.person_id == user.person_id or _is_shown_to(user, found)):
        raise NotFound(_l("There is no such picture."))
    return found


def _is_shown_to(user: User, picture: Any) -> bool:
    moderates = user.may("club.moderate")
    where = (
        select(_POST.c.state, _TOPIC.c.state.label("topic_state"), _TOPIC.c.space_id)
        .join_from(_IN, _POST, _POST.c.id == _IN.c.post_id)
        .join(_TOPIC, _TOPIC.c.id == _POST.c.topic_id)
        .where(_IN.c.picture_id == picture.id)
    )
    open_to_him = {row.id for row in spaces_for(user)}
    for row in db.session.execute(where):
        is_open = row.state == "visible" and row.topic_state in rules.READABLE
        if row.space_id in open_to_him and (moderates or is_open):
            return True
    return moderates and _is_held(picture)


def _is_held(picture: Any) -> bool:
    waits = (_HELD.c.person_id == picture.person_id, _HELD.c.text.contains(picture.ref))
    return db.session.scalar(select(_HELD.c.id).where(*waits, _HELD.c.state == "open")) is not None
