"""What somebody did in the forum, as far as the reader may read it."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import and_, select

from portal.accounts.access import User
from portal.core.db import db
from portal.forum.models import ForumPost, ForumTopic
from portal.forum.queries.spaces import spaces_for
from portal.forum.rules.posts import READABLE

MOST = 8
_T, _POST = ForumTopic.__table__, ForumPost.__table__
_SHOWN = (_T.c.ref, _T.c.title, _T.c.created_at, _T.c.reply_count, _T.c.accepted_no)


def topics_of(user: User, person_id: int) -> Sequence[Any]:
    """Return the topics that somebody began, the newest first: ref, title, created_at, …"""
    open_ = (_T.c.space_id.in_(_spaces(user)), _T.c.state.in_(READABLE))
    mine = select(*_SHOWN).where(_T.c.author_id == person_id, *open_)
    return db.session.execute(mine.order_by(_T.c.id.desc()).limit(MOST)).all()


def answers_of(user: User, person_id: int) -> Sequence[Any]:
    """Return the questions that an answer of somebody solved, the newest answer first."""
    open_ = (_T.c.space_id.in_(_spaces(user)), _T.c.state.in_(READABLE))
    solved = and_(_T.c.id == _POST.c.topic_id, _T.c.accepted_no == _POST.c.no)
    mine = (
        select(*_SHOWN, _POST.c.no)
        .join_from(_POST, _T, solved)
        .where(_POST.c.author_id == person_id, _POST.c.state == "visible", *open_)
    )
    return db.session.execute(mine.order_by(_POST.c.id.desc()).limit(MOST)).all()


def _spaces(user: User) -> list[int]:
    return [row.id for row in spaces_for(user)]
