"""Polls: begun by who began the topic, voted in by its readers, closed. Votes are counted here."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from portal.accounts.access import User
from portal.accounts.service.companies import new_ref
from portal.core import clock, events, markdown
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.forum.events import PollVoted
from portal.forum.models import ForumPoll, ForumPollOption, ForumPollVote, ForumTopic
from portal.forum.rules import polls as rules
from portal.forum.service import writing
from portal.forum.service.writing import Written

_POLL, _OPTION, _VOTE, _TOPIC = (
    model.__table__ for model in (ForumPoll, ForumPollOption, ForumPollVote, ForumTopic)
)


@dataclass(frozen=True, kw_only=True)
class Asked:
    """A poll as somebody wants it: choices in their order, ``most`` of which one may choose."""

    question: str
    choices: list[str]
    most: int = 1
    shown: str = "voted"
    ends_at: datetime | None = None


def check_may(topic: Any, user: User) -> None:
    """Raise Refused unless this person may begin or close polls in a topic."""
    if topic.author_id != user.person_id and not user.may("club.moderate"):
        raise Refused(_l("Who began the topic adds polls to it and closes them."))
    if topic.state != "open":
        raise Refused(_l("This topic is closed."))


def begin(topic: Any, asked: Asked, by: User, *, on: Connection) -> str:
    """Add a poll to a topic; return its reference. Records PollVoted (its readers look again).

    Raises Refused for who may not, for a fourth poll, and for what no poll can be.
    """
    check_may(topic, by)
    on.execute(update(_TOPIC).where(_TOPIC.c.id == topic.id).values(state=_TOPIC.c.state))
    if len(on.execute(select(_POLL.c.id).where(_POLL.c.topic_id == topic.id)).all()) >= (
        rules.IN_TOPIC
    ):
        raise Refused(_l("A topic has at most 3 polls."))
    now = clock.now()
    rules.check_end(asked.ends_at, now)
    if asked.shown not in rules.SHOWN or not 1 <= asked.most <= len(asked.choices):
        raise Refused(_l("Say how many may be chosen, and when the counts are shown."))
    row = {
        "ref": new_ref("PL"),
        "topic_id": topic.id,
        "author_id": by.person_id,
        "question": markdown.clean(asked.question),
        "most": asked.most,
        "shown": asked.shown,
        "ends_at": asked.ends_at,
        "created_at": now,
    }
    poll_id = on.scalar(insert(_POLL).values(**row).returning(_POLL.c.id))
    texts = [markdown.clean(each) for each in asked.choices]
    options = [{"poll_id": poll_id, "no": no, "text": text} for no, text in enumerate(texts, 1)]
    on.execute(insert(_OPTION), options)
    _tell(topic, str(row["ref"]), by, on)
    return str(row["ref"])


def begin_with(
    space: Any, written: Written, asked: Asked | None, by: User, *, on: Connection, **begins: Any
) -> Any:
    """Begin a topic as ``writing.begin`` does, with a poll if one is wanted; return its row.

    The same form sent again adds no second one.
    """
    topic = writing.begin(space, written, by, on=on, **begins)
    has = select(_POLL.c.id).where(_POLL.c.topic_id == topic.id)
    if asked is not None and on.execute(has).first() is None:
        begin(topic, asked, by, on=on)
    return topic


def vote(topic: Any, poll: Any, chosen: Collection[int], by: User, *, on: Connection) -> None:
    """Choose in a poll, choose anew, or (none chosen) take one's vote back. Records PollVoted.

    Raises Refused where the poll has ended meanwhile, or does not allow it.
    """
    now = _locked(poll.id, on)
    if not rules.is_open(now.ends_at, now.closed_at, now.topic_state, clock.now()):
        raise Refused(_l("This poll has ended. Votes are counted as they are."))
    options = list(on.scalars(select(_OPTION.c.no).where(_OPTION.c.poll_id == poll.id)))
    rules.check_vote(chosen, options, now.most)
    mine = (_VOTE.c.poll_id == poll.id, _VOTE.c.person_id == by.person_id)
    before = set(on.scalars(delete(_VOTE).where(*mine).returning(_VOTE.c.no)))
    after = set(chosen)
    if after:
        at = clock.now()
        row = {"poll_id": poll.id, "person_id": by.person_id, "at": at}
        on.execute(insert(_VOTE), [{**row, "no": no} for no in sorted(after)])
    _count(poll.id, before - after, -1, on)
    _count(poll.id, after - before, 1, on)
    voters = _POLL.c.voters + (int(bool(after)) - int(bool(before)))
    on.execute(update(_POLL).where(_POLL.c.id == poll.id).values(voters=voters))
    _tell(topic, poll.ref, by, on)


def _locked(poll_id: int, on: Connection) -> Any:
    """Return a poll that nobody else votes in until this is done, with its topic's state."""
    mine = update(_POLL).where(_POLL.c.id == poll_id).values(version=_POLL.c.version + 1)
    on.execute(mine)
    query = select(_POLL, _TOPIC.c.state.label("topic_state")).join(
        _TOPIC, _TOPIC.c.id == _POLL.c.topic_id
    )
    return on.execute(query.where(_POLL.c.id == poll_id)).one()


def _count(poll_id: int, numbers: set[int], change: int, on: Connection) -> None:
    if numbers:
        these = (_OPTION.c.poll_id == poll_id, _OPTION.c.no.in_(numbers))
        on.execute(update(_OPTION).where(*these).values(votes=_OPTION.c.votes + change))


def close(topic: Any, poll: Any, by: User, *, on: Connection) -> None:
    """Take no votes any more; nothing happens where it has ended. Records PollVoted."""
    check_may(topic, by)
    open_ = (_POLL.c.id == poll.id, _POLL.c.closed_at.is_(None))
    ended = update(_POLL).where(*open_).values(closed_at=clock.now())
    if on.execute(ended.returning(_POLL.c.id)).first() is not None:
        _tell(topic, poll.ref, by, on)


def _tell(topic: Any, poll: str, by: User, on: Connection) -> None:
    voted = PollVoted(actor_id=None, company_id=None, ref=topic.ref, poll=poll)
    events.record(voted, on=on)
