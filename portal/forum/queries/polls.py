"""Polls of a topic, as somebody may see them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, bindparam, select

from portal.accounts.access import User
from portal.core import clock
from portal.core.db import reading
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.forum.models import ForumPoll, ForumPollOption, ForumPollVote
from portal.forum.rules import polls as rules

_POLL, _OPTION, _VOTE = (model.__table__ for model in (ForumPoll, ForumPollOption, ForumPollVote))
_OF_TOPIC = Prepared(
    select(_POLL, _OPTION.c.no, _OPTION.c.text, _OPTION.c.votes, _VOTE.c.at.label("mine"))
    .join_from(_POLL, _OPTION, _OPTION.c.poll_id == _POLL.c.id)
    .outerjoin(
        _VOTE,
        and_(
            _VOTE.c.poll_id == _POLL.c.id,
            _VOTE.c.no == _OPTION.c.no,
            _VOTE.c.person_id == bindparam("person"),
        ),
    )
    .where(_POLL.c.topic_id == bindparam("topic"))
    .order_by(_POLL.c.id, _OPTION.c.no)
)


@dataclass(frozen=True)
class Option:
    """A choice; ``votes`` and ``share`` (0 to 100 of who voted) are None while not shown."""

    no: int
    text: str
    is_mine: bool
    votes: int | None
    share: int | None


@dataclass(frozen=True)
class Poll:
    """A poll as one person sees it."""

    id: int
    ref: str
    question: str
    most: int
    shown: str
    ends_at: Any
    voters: int
    is_open: bool
    has_voted: bool
    may_vote: bool
    may_close: bool
    options: Sequence[Option]


def polls_for(user: User, topic: Any) -> list[Poll]:
    """Return the polls of a topic that was found for this person."""
    found: dict[int, list[Any]] = {}
    for row in _OF_TOPIC.all(reading(), {"topic": topic.id, "person": user.person_id}):
        found.setdefault(row.id, []).append(row)
    return [_seen(rows, user, topic) for rows in found.values()]


def poll_for(user: User, topic: Any, ref: str) -> Poll:
    """Return one poll of a topic that was found for this person; raises NotFound otherwise."""
    for poll in polls_for(user, topic):
        if poll.ref == ref:
            return poll
    raise NotFound(_l("There is no such poll in this topic."))


def _seen(rows: Sequence[Any], user: User, topic: Any) -> Poll:
    poll = rows[0]
    is_open = rules.is_open(poll.ends_at, poll.closed_at, topic.state, clock.now())
    has_voted = any(row.mine is not None for row in rows)
    counted = rules.shows_counts(poll.shown, has_voted=has_voted, is_over=not is_open)
    own = topic.author_id == user.person_id or user.may("club.moderate")
    return Poll(
        id=poll.id,
        ref=poll.ref,
        question=poll.question,
        most=poll.most,
        shown=poll.shown,
        ends_at=poll.ends_at,
        voters=poll.voters,
        is_open=is_open,
        has_voted=has_voted,
        may_vote=is_open and user.may("club.write"),
        may_close=is_open and own,
        options=[_option(row, poll.voters, counted) for row in rows],
    )


def _option(row: Any, voters: int, counted: bool) -> Option:
    share = round(100 * row.votes / voters) if voters else 0
    votes, part = (row.votes, share) if counted else (None, None)
    return Option(row.no, row.text, row.mine is not None, votes, part)
