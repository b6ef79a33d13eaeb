"""What moderators do: hide and show posts, close, pin and move topics, sanction people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from portal.accounts.access import User
from portal.accounts.service.companies import new_ref
from portal.core import clock, events
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.forum import fulltext
from portal.forum.events import ActTaken, PostShown, TopicChanged
from portal.forum.models import ForumAct, ForumPost, ForumSanction, ForumSpace, ForumTopic
from portal.forum.rules import order as rules
from portal.forum.rules.posts import READABLE

_ACT, _POST, _SANCTION, _SPACE, _TOPIC = (
    model.__table__ for model in (ForumAct, ForumPost, ForumSanction, ForumSpace, ForumTopic)
)


@dataclass(frozen=True, kw_only=True)
class Deed:
    """What a moderator does: its kind, whom and what it concerns, and why."""

    kind: str
    person_id: int | None = None
    topic_id: int | None = None
    no: int | None = None
    reason: str | None = None
    details: Mapping[str, Any] | None = None


def note(deed: Deed, by: User, *, on: Connection) -> str:
    """Keep what was done, to be seen by the person concerned; return its reference.

    Records ActTaken.
    """
    ref = new_ref("MA")
    row = {
        "ref": ref,
        "kind": deed.kind,
        "person_id": deed.person_id,
        "topic_id": deed.topic_id,
        "no": deed.no,
        "reason": deed.reason,
        "details": dict(deed.details or {}),
        "by_id": by.person_id,
        "at": clock.now(),
    }
    on.execute(insert(_ACT).values(**row))
    events.record(
        ActTaken(
            actor_id=by.person_id,
            company_id=None,
            ref=ref,
            kind=deed.kind,
            person_id=deed.person_id,
        ),
        on=on,
    )
    return ref


def set_shown(
    topic: Any, post: Any, shown: bool, by: User, *, reason: str | None, on: Connection
) -> None:
    """Hide a post, or show it again; nothing happens where it is so. Records ActTaken."""
    if not show(topic, post, shown, on):
        return
    kind = "shown" if shown else "hidden"
    deed = Deed(kind=kind, person_id=post.author_id, topic_id=topic.id, no=post.no, reason=reason)
    note(deed, by, on=on)


def show(topic: Any, post: Any, shown: bool, on: Connection) -> bool:
    """Change whether a post is shown; return whether it was otherwise.

    A hidden first post hides its topic. Records PostShown, and TopicChanged of the first.
    """
    before, after = ("hidden", "visible") if shown else ("visible", "hidden")
    change = update(_POST).where(_POST.c.id == post.id, _POST.c.state == before)
    if on.execute(change.values(state=after).returning(_POST.c.id)).first() is None:
        return False
    number = 1 if shown else -1
    this = update(_TOPIC).where(_TOPIC.c.id == topic.id)
    if post.no == 1:
        on.execute(this.values(state=_state_before(topic.id, on) if shown else "hidden"))
    else:
        on.execute(this.values(reply_count=_TOPIC.c.reply_count + number))
    words = (topic.title, *topic.tags) if post.no == 1 else ()
    fulltext.change(post.id, topic.space_id, *((*words, post.text) if shown else ()), on=on)
    nobody = {"actor_id": None, "company_id": None, "ref": topic.ref}
    events.record(PostShown(**nobody, no=post.no, shown=shown), on=on)
    if post.no == 1:
        events.record(TopicChanged(**nobody, kind="shown" if shown else "hidden"), on=on)
    return True


def _state_before(topic_id: int, on: Connection) -> str:
    """Return the state that a topic had before it was hidden: one that was closed stays so."""
    mine = (_ACT.c.topic_id == topic_id, _ACT.c.kind.in_(("locked", "unlocked")))
    last = select(_ACT.c.kind).where(*mine).order_by(_ACT.c.id.desc()).limit(1)
    return "locked" if on.scalar(last) == "locked" else "open"


def set_state(
    topic: Any, kind: str, by: User, *, reason: str | None, on: Connection, **to: Any
) -> None:
    """Close, open, pin, unpin, move or convert a topic, or say what becomes of a suggestion.

    ``to``: ``space`` (row) of a move, ``suggestion`` of a status. Raises Refused for a topic
    that is not shown any more. Records ActTaken and TopicChanged.
    """
    changes, details = _changes(topic, kind, to)
    shown = (_TOPIC.c.id == topic.id, _TOPIC.c.state.in_(READABLE))
    change = update(_TOPIC).where(*shown).values(**changes)
    if on.execute(change.returning(_TOPIC.c.id)).first() is None:
        raise Refused(_l("This topic is not shown any more."))
    if "space" in to:
        _count_move(topic, to["space"], on)
    told = {"actor_id": by.person_id, "company_id": None, "ref": topic.ref}
    events.record(TopicChanged(**told, kind=kind), on=on)
    deed = Deed(
        kind=kind,
        person_id=topic.author_id,
        topic_id=topic.id,
        reason=reason,
        details=details,
    )
    note(deed, by, on=on)


def _changes(topic: Any, kind: str, to: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    if kind in ("locked", "unlocked"):
        return {"state": "locked" if kind == "locked" else "open"}, {}
    if kind in ("pinned", "unpinned"):
        return {"pinned": int(kind == "pinned")}, {}
    if kind == "moved":
        return {"space_id": to["space"].id}, {"from": topic.space_id, "to": to["space"].id}
    if kind in ("converted", "unconverted"):
        became = "new" if kind == "converted" else None
        went = {"from": topic.space_id, "to": to["space"].id}
        return {"space_id": to["space"].id, "suggestion": became}, went
    if kind == "status":
        told = {"from": topic.suggestion, "to": to["suggestion"]}
        return {"suggestion": to["suggestion"]}, told
    raise Refused(_l("Choose what is to be done."))


def _count_move(topic: Any, space: Any, on: Connection) -> None:
    mine = (_POST.c.topic_id == topic.id, _POST.c.state != "moved")
    number = int(on.scalar(select(func.count()).select_from(_POST).where(*mine)) or 0)
    for space_id, sign in ((topic.space_id, -1), (space.id, 1)):
        counted = {
            "topic_count": _SPACE.c.topic_count + sign,
            "post_count": _SPACE.c.post_count + sign * number,
        }
        on.execute(update(_SPACE).where(_SPACE.c.id == space_id).values(**counted))
    posts = select(_POST.c.id, _POST.c.no, _POST.c.text).where(
        _POST.c.topic_id == topic.id, _POST.c.state == "visible"
    )
    for post in on.execute(posts).all():
        words = (topic.title, *topic.tags) if post.no == 1 else ()
        fulltext.change(post.id, space.id, *words, post.text, on=on)


def sanction(
    person_id: int, kind: str, until: datetime, by: User, *, reason: str, on: Connection
) -> None:
    """Let somebody not write, or not enter, until an instant. Records ActTaken."""
    now = clock.now()
    rules.check_sanction(kind, until, now, own=person_id == by.person_id)
    row = {"person_id": person_id, "kind": kind, "reason": reason, "until": until}
    on.execute(insert(_SANCTION).values(**row, by_id=by.person_id, at=now))
    details = {"until": until.isoformat()}
    deed = Deed(kind=kind, person_id=person_id, reason=reason, details=details)
    note(deed, by, on=on)


def lift(person_id: int, by: User, *, reason: str | None, on: Connection) -> None:
    """End what somebody may not do now. Records ActTaken."""
    now = clock.now()
    running = (
        _SANCTION.c.person_id == person_id,
        _SANCTION.c.until > now,
        _SANCTION.c.lifted_at.is_(None),
    )
    ended = update(_SANCTION).where(*running).values(lifted_at=now).returning(_SANCTION.c.id)
    if on.execute(ended).all():
        note(Deed(kind="lifted", person_id=person_id, reason=reason), by, on=on)
