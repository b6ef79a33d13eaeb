"""Reports against posts: what they weigh, what they hide, how they are decided."""

from typing import Any

from sqlalchemy import Connection, func, insert, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.accounts.access import User
from portal.core import clock, events
from portal.core.db import is_sqlite
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.forum.events import PostReported
from portal.forum.models import ForumFlag, ForumPost, ForumReview, ForumTopic
from portal.forum.rules import order as rules
from portal.forum.rules.order import Record
from portal.forum.service.acts import Deed, note, show

_FLAG, _POST, _REVIEW, _TOPIC = (
    model.__table__ for model in (ForumFlag, ForumPost, ForumReview, ForumTopic)
)


def report(
    topic: Any, post: Any, by: User, *, reason: str, text: str | None, trust: int, on: Connection
) -> bool:
    """Report a post once; return whether the reports hide it until somebody has decided.

    Raises Refused for one's own post and for a second report. Records PostReported.
    """
    if reason not in rules.REASONS:
        raise Refused(_l("Say what is wrong with it."))
    if post.author_id == by.person_id:
        raise Refused(_l("Edit your own post instead of reporting it."))
    known = select(_FLAG.c.id).where(_FLAG.c.post_id == post.id, _FLAG.c.person_id == by.person_id)
    if on.scalar(known) is not None:
        raise Refused(_l("You have reported this post. A moderator looks at it."))
    moderates = by.may("club.moderate")
    weight = rules.weight_of(trust, _record(by, on), may_moderate=moderates)
    row = {"post_id": post.id, "person_id": by.person_id, "reason": reason, "note": text}
    on.execute(insert(_FLAG).values(**row, weight=weight, at=clock.now()))
    _open_review(post.id, on)
    grown = update(_POST).where(_POST.c.id == post.id).values(flagged=_POST.c.flagged + weight)
    flagged = int(on.scalar(grown.returning(_POST.c.flagged)) or 0)
    hidden = rules.hides([flagged]) and show(topic, post, False, on)
    told = {"ref": topic.ref, "no": post.no, "hidden": bool(hidden)}
    events.record(PostReported(actor_id=by.person_id, company_id=None, **told), on=on)
    return bool(hidden)


def _record(by: User, on: Connection) -> Record:
    counted = select(_FLAG.c.outcome, func.count()).where(_FLAG.c.person_id == by.person_id)
    found = {row[0]: row[1] for row in on.execute(counted.group_by(_FLAG.c.outcome))}
    return Record(found.get("agreed", 0), found.get("disagreed", 0))


def _open_review(post_id: int, on: Connection) -> None:
    """Open a review of a post, or note in the open one that there is a new report.

    Of many who report at the same moment one opens it; the others wait for him.
    """
    mine = (_REVIEW.c.post_id == post_id, _REVIEW.c.state == "open")
    again = update(_REVIEW).where(*mine).values(version=_REVIEW.c.version + 1)
    if on.execute(again.returning(_REVIEW.c.id)).first() is not None:
        return
    row = {"post_id": post_id, "state": "open", "opened_at": clock.now()}
    adding = (sqlite_insert if is_sqlite(on) else postgresql_insert)(_REVIEW).values(**row)
    if on.execute(adding.on_conflict_do_nothing().returning(_REVIEW.c.id)).first() is None:
        on.execute(again)


def decide(
    review: Any, outcome: str, by: User, *, version: int, reason: str | None, on: Connection
) -> None:
    """Agree with the reports (the post is hidden), disagree (it is shown), or ignore them.

    ``version`` is what the moderator saw. Raises Refused where there are new reports, or
    somebody has decided meanwhile. Records ActTaken.
    """
    change = update(_REVIEW).where(
        _REVIEW.c.id == review.id, _REVIEW.c.state == "open", _REVIEW.c.version == version
    )
    decided = {"decided_by_id": by.person_id, "decided_at": clock.now(), "state": outcome}
    if on.execute(change.values(**decided).returning(_REVIEW.c.id)).first() is None:
        raise Refused(_l("Somebody has decided about this meanwhile, or reported it again. Look."))
    undecided = (_FLAG.c.post_id == review.post_id, _FLAG.c.outcome.is_(None))
    on.execute(update(_FLAG).where(*undecided).values(outcome=outcome))
    on.execute(update(_POST).where(_POST.c.id == review.post_id).values(flagged=0))
    post = on.execute(select(_POST).where(_POST.c.id == review.post_id)).one()
    topic = on.execute(select(_TOPIC).where(_TOPIC.c.id == post.topic_id)).one()
    shown = outcome != "agreed"
    was_otherwise = show(topic, post, shown, on)
    if was_otherwise or not shown:  # its author is told of what reports had hidden before, too
        kind = "shown" if shown else "hidden"
        deed = Deed(
            kind=kind, person_id=post.author_id, topic_id=topic.id, no=post.no, reason=reason
        )
        note(deed, by, on=on)
