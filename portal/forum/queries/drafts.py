"""Drafts of somebody, with where each belongs."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select

from portal.accounts.access import User
from portal.core.db import db
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.forum.models import ForumDraft, ForumPost, ForumTopic
from portal.forum.queries.spaces import spaces_for
from portal.forum.rules import posts as rules

_D, _POST, _TOPIC = (model.__table__ for model in (ForumDraft, ForumPost, ForumTopic))


@dataclass(frozen=True)
class Placed:
    """A draft, the space and topic that it belongs to, and the post that it changes.

    None: they are not there any more, or not for him.
    """

    row: Any
    kind: str
    space: Any = None
    topic: Any = None
    no: int | None = None


def draft_for(user: User, *, ref: str = "", about: str = "") -> Any:
    """Return one's own draft by its reference or its place; raises NotFound otherwise."""
    which = _D.c.ref == ref if ref else _D.c.about == about
    mine = select(_D).where(_D.c.person_id == user.person_id, which)
    found = db.session.execute(mine).first()
    if found is None:
        raise NotFound(_l("There is no such draft."))
    return found


def drafts_for(user: User) -> Sequence[Placed]:
    """Return one's own drafts, the last saved first, each with its place."""
    query = select(_D).where(_D.c.person_id == user.person_id)
    rows = db.session.execute(query.order_by(_D.c.saved_at.desc(), _D.c.id.desc())).all()
    split = [(row, *row.about.split(":", 1)) for row in rows]
    spaces = {row.slug: row for row in spaces_for(user)}
    topics = _topics([ref for _, kind, ref in split if kind == "reply"], spaces.values())
    posts = _posts([ref for _, kind, ref in split if kind == "edit"], spaces.values())
    placed = []
    for row, kind, ref in split:
        if kind == "begin":
            placed.append(Placed(row, kind, space=spaces.get(ref)))
        elif kind == "reply":
            placed.append(Placed(row, kind, topic=topics.get(ref)))
        else:
            post = posts.get(ref)
            placed.append(Placed(row, kind, topic=post, no=post.no if post else None))
    return placed


def _topics(refs: Sequence[str], spaces: Any) -> dict[str, Any]:
    if not refs:
        return {}
    shown = (_TOPIC.c.space_id.in_([row.id for row in spaces]),)
    wanted = (*shown, _TOPIC.c.state.in_((*rules.READABLE, "merged")), _TOPIC.c.ref.in_(refs))
    rows = db.session.execute(select(_TOPIC.c.ref, _TOPIC.c.title).where(*wanted))
    return {row.ref: row for row in rows}


def _posts(refs: Sequence[str], spaces: Any) -> dict[str, Any]:
    if not refs:
        return {}
    query = (
        select(_TOPIC.c.ref, _TOPIC.c.title, _POST.c.no, _POST.c.ref.label("post_ref"))
        .join(_POST, _POST.c.topic_id == _TOPIC.c.id)
        .where(_POST.c.ref.in_(refs), _TOPIC.c.state.in_(rules.READABLE))
        .where(_TOPIC.c.space_id.in_([row.id for row in spaces]))
    )
    return {row.post_ref: row for row in db.session.execute(query)}
