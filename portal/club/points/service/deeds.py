"""Points follow from what the portal has seen: nobody reports his own deeds.

Every event of the forum and the warehouse only says where to look: whether a deed stands is
judged by what the tables say then. A deed that no longer stands is taken back; one that stands
again is given again. Caps and other limits: ``rules.earning``.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, select

from portal.accounts.models import Company, Membership
from portal.club.points import rules
from portal.club.points.models import PointEntry
from portal.club.points.service import badges, ledger
from portal.forum.events import ActTaken, AnswerAccepted, PostReacted, PostReported
from portal.forum.models import ForumAct, ForumPost, ForumReaction, ForumTopic
from portal.forum.rules.posts import READABLE

_ACT, _ENTRY, _POST, _REACTION, _TOPIC, _MEMBER, _COMPANY = (
    model.__table__
    for model in (
        ForumAct,
        PointEntry,
        ForumPost,
        ForumReaction,
        ForumTopic,
        Membership,
        Company,
    )
)


@dataclass(frozen=True)
class Deed:
    """Something that somebody did, and whose opinion made it one."""

    kind: str
    cause: str
    person_id: int
    company_id: int | None
    at: datetime
    given_by: int | None = None


def settle(deed: Deed, stands: bool, *, on: Connection) -> None:
    """Give or take back points of a deed, and count it, by whether it stands now."""
    entry = ledger.find(deed.kind, deed.cause, deed.person_id, on=on)
    if entry is not None:
        turn(entry, stands, on=on)
    elif stands:
        _first(deed, on)


def _first(deed: Deed, on: Connection) -> None:
    ledger.earn(
        deed.kind,
        deed.person_id,
        deed.company_id,
        deed.cause,
        at=deed.at,
        given_by=deed.given_by,
        on=on,
    )
    if ledger.find(deed.kind, deed.cause, deed.person_id, on=on) is not None:
        badges.count(deed.person_id, deed.kind, 1, deed.cause, on=on)


def turn(entry: Any, stands: bool, *, on: Connection) -> None:
    """Undo what an entry says, or the undoing of it, where it is otherwise now.

    Who turns about without end has no opinion: after ``rules.TURNS_MOST`` it stays undone.
    """
    last, is_standing, turns = ledger.standing(entry, on=on)
    if is_standing == stands or (stands and turns >= rules.TURNS_MOST):
        return
    if ledger.reverse(last.id, None, None, on) is None:
        return
    badges.count(entry.person_id, entry.kind, 1 if stands else -1, entry.cause, on=on)


def follow_forum(row: Any, on: Connection) -> None:
    """Act on an event of the forum."""
    said = row.payload
    if row.name == ActTaken.name:
        _follow_act(said["ref"], on)
        return
    topic = on.execute(select(_TOPIC).where(_TOPIC.c.ref == said["ref"])).first()
    if topic is None:
        return
    if row.name == PostReacted.name:
        _follow_reaction(topic, row, on)
    elif row.name == AnswerAccepted.name:
        _follow_answer(topic, row.recorded_at, on)
    elif row.name == PostReported.name:
        _look_again(topic.id, said["no"], on)
    else:
        _follow_post(topic, said.get("no", 1), row.company_id, on)


def found_in(topic_id: int, *, on: Connection) -> list[Deed]:
    """Return every deed in a topic that stands, for what was brought in from before."""
    topic = on.execute(select(_TOPIC).where(_TOPIC.c.id == topic_id)).one()
    posts = on.execute(select(_POST).where(_POST.c.topic_id == topic_id).order_by(_POST.c.no))
    found = []
    for post in posts.all():
        found.append(_written(topic, post, _company_of(post, on), on))
        useful = select(_REACTION).where(
            _REACTION.c.post_id == post.id, _REACTION.c.kind == "useful"
        )
        found += [_useful(topic, post, row.person_id, row.at, on) for row in on.execute(useful)]
        if post.no == topic.accepted_no:
            found.append(_accepted(topic, post, topic.last_post_at, on))
    return [deed for deed, stands in found if stands]


def _follow_post(topic: Any, no: int, company_id: int | None, on: Connection) -> None:
    post = _post(topic.id, no, on)
    if post is not None:
        deed, stands = _written(topic, post, company_id, on)
        settle(deed, stands, on=on)


def _written(topic: Any, post: Any, company_id: int | None, on: Connection) -> tuple[Deed, bool]:
    kind = "topic" if post.no == 1 else "reply"
    deed = Deed(kind, f"post:{post.ref}", post.author_id, company_id, post.created_at)
    stands = _is_shown(topic, post) and len(post.text.strip()) >= rules.SHORTEST_TEXT
    if kind == "reply":
        stands = stands and not _are_close(topic.author_id, post.author_id, on)
    return deed, stands


def _follow_reaction(topic: Any, row: Any, on: Connection) -> None:
    post = _post(topic.id, row.payload["no"], on)
    giver = row.actor_id
    if row.payload["kind"] != "useful" or post is None or giver is None:
        return
    mine = (_REACTION.c.post_id == post.id, _REACTION.c.person_id == giver)
    given = on.execute(select(_REACTION.c.at).where(*mine, _REACTION.c.kind == "useful")).first()
    at = given.at if given is not None else row.recorded_at
    deed, stands = _useful(topic, post, giver, at, on)
    settle(deed, given is not None and stands, on=on)


def _useful(topic: Any, post: Any, giver: int, at: datetime, on: Connection) -> tuple[Deed, bool]:
    deed = _opinion("useful", f"post:{post.ref}:useful:{giver}", post, giver, at, on)
    return deed, _counts(topic, post, giver, on)


def _accepted(topic: Any, post: Any, at: datetime, on: Connection) -> tuple[Deed, bool]:
    cause = f"post:{post.ref}:accepted"  # it stays so where the post is moved
    deed = _opinion("accepted", cause, post, topic.author_id, at, on)
    return deed, _counts(topic, post, topic.author_id, on)


def _follow_answer(topic: Any, at: datetime, on: Connection) -> None:
    post = _post(topic.id, topic.accepted_no, on) if topic.accepted_no else None
    causes = select("post:" + _POST.c.ref + ":accepted").where(_POST.c.topic_id == topic.id)
    among = select(_ENTRY).where(_ENTRY.c.kind == "accepted", _ENTRY.c.cause.in_(causes))
    for entry in on.execute(among).all():
        if post is None or entry.cause != f"post:{post.ref}:accepted":
            turn(entry, False, on=on)
    if post is not None:
        deed, stands = _accepted(topic, post, at, on)
        settle(deed, stands, on=on)


def _follow_act(ref: str, on: Connection) -> None:
    act = on.execute(select(_ACT).where(_ACT.c.ref == ref)).first()
    if act is not None and act.topic_id is not None and act.no is not None:
        _look_again(act.topic_id, act.no, on)


def _look_again(topic_id: int, no: int, on: Connection) -> None:
    """Judge what a post has brought anew: it may be hidden, or shown again."""
    topic = on.execute(select(_TOPIC).where(_TOPIC.c.id == topic_id)).one()
    post = _post(topic_id, no, on)
    if post is None:
        return
    shown = _is_shown(topic, post)
    for entry in _brought(post, on):
        wanted = shown and (entry.kind != "accepted" or topic.accepted_no == no)
        if entry.kind == "useful":
            wanted = wanted and _still_found(post.id, entry.given_by_id, on)
        turn(entry, wanted, on=on)


def _brought(post: Any, on: Connection) -> Iterable[Any]:
    own, useful = f"post:{post.ref}", f"post:{post.ref}:useful:"
    causes = (
        _ENTRY.c.kind.in_(("topic", "reply")) & (_ENTRY.c.cause == own),
        (_ENTRY.c.kind == "useful") & _ENTRY.c.cause.between(useful, useful + "~"),
        (_ENTRY.c.kind == "accepted") & (_ENTRY.c.cause == f"{own}:accepted"),
    )
    return [entry for cause in causes for entry in on.execute(select(_ENTRY).where(cause)).all()]


def _still_found(post_id: int, giver: int | None, on: Connection) -> bool:
    mine = (_REACTION.c.post_id == post_id, _REACTION.c.person_id == giver)
    found = select(_REACTION.c.at).where(*mine, _REACTION.c.kind == "useful")
    return on.execute(found).first() is not None


def _opinion(kind: str, cause: str, post: Any, giver: int, at: datetime, on: Connection) -> Deed:
    company_id = _company_of(post, on)
    return Deed(kind, cause, post.author_id, company_id, at, given_by=giver)


def _counts(topic: Any, post: Any, giver: int, on: Connection) -> bool:
    return _is_shown(topic, post) and not _are_close(post.author_id, giver, on)


def _post(topic_id: int, no: int, on: Connection) -> Any:
    return on.execute(select(_POST).where(_POST.c.topic_id == topic_id, _POST.c.no == no)).first()


def _is_shown(topic: Any, post: Any) -> bool:
    return post.state == "visible" and topic.state in READABLE


def _are_close(one: int, other: int, on: Connection) -> bool:
    """Return whether two people are one, or colleagues: neither earns by the other."""
    if one == other:
        return True
    mine, his = _MEMBER.alias(), _MEMBER.alias()
    both = select(func.count()).where(
        mine.c.person_id == one, his.c.person_id == other, mine.c.company_id == his.c.company_id
    )
    return bool(on.scalar(both))


def _company_of(post: Any, on: Connection) -> int | None:
    """Return the company for which a post was written; None for the centre's."""
    if post.staff_role is not None:
        return None
    of = select(_MEMBER.c.company_id).join(_COMPANY, _COMPANY.c.id == _MEMBER.c.company_id)
    mine = of.where(_MEMBER.c.person_id == post.author_id)
    by_name = (_COMPANY.c.name == post.company_name).desc()
    found: int | None = on.scalar(mine.order_by(by_name, _MEMBER.c.id).limit(1))
    return found
