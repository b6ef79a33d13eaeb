"""What happens to friendly links; each verb records what it did."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select

from portal.accounts.access import User
from portal.accounts.service.companies import new_ref
from portal.core import clock, events, jobs, outbound
from portal.core.db import db, transaction
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.spam import Verdict
from portal.pages.friends import queries, rules
from portal.pages.friends.events import FriendEdited, FriendMoved, FriendProposed
from portal.pages.friends.models import Friend, FriendGroup
from portal.pages.friends.rules import State

CHECK = "friends.check"
HELD = timedelta(minutes=30)  # for which a look that was ordered is not ordered again


@dataclass(frozen=True)
class Proposal:
    """What somebody proposes, and who he is."""

    group_id: int
    url: str
    name: str
    says: str | None
    contact_name: str
    contact_email: str


def propose(proposal: Proposal, verdict: Verdict, *, form_name: str) -> Friend:
    """Keep a proposal, once for each form. Records FriendProposed."""
    known = db.session.scalar(select(Friend).where(Friend.form_name == form_name))
    if known is not None:
        return known
    friend = _new(proposal.group_id, proposal.url, proposal.name, proposal.says)
    friend.contact_name, friend.contact_email = proposal.contact_name, proposal.contact_email
    friend.spam_score, friend.spam_reasons = verdict.score, list(verdict.reasons)
    friend.form_name = form_name
    db.session.add(friend)
    db.session.flush()
    events.record(FriendProposed(actor_id=None, company_id=None, ref=friend.ref))
    return friend


def _new(group_id: int, url: str, name: str, says: str | None) -> Friend:
    return Friend(
        ref=new_ref("F"),
        group_id=group_id,
        state=State.PROPOSED,
        url=url,
        name=name,
        says=says,
        spam_reasons=[],
        proposed_at=clock.now(),
        check_at=None,
    )


def add(values: dict[str, Any], *, by: User) -> Friend:
    """Make a link at the desk; it is listed at once. Records FriendEdited."""
    friend = _new(values["group_id"], values["url"], values["name"], values["says"])
    _fill(friend, values)
    _decide(friend, State.LISTED, None, by.person_id)
    db.session.add(friend)
    _edited(friend, by)
    return friend


def edit(friend: Friend, values: dict[str, Any], *, by: User) -> None:
    """Change a link. Another address is looked at anew. Records FriendEdited."""
    if values["url"] != friend.url:
        friend.failures, friend.found, friend.checked_at = 0, None, None
    _fill(friend, values)
    _edited(friend, by)


def _fill(friend: Friend, values: dict[str, Any]) -> None:
    for name in ("group_id", "url", "name", "says", "position"):
        setattr(friend, name, values[name])
    if values.get("logo") is not None:
        friend.logo = values["logo"] or None
    is_watched = values["is_watched"] and friend.state != State.REFUSED
    friend.check_at = (friend.check_at or clock.now()) if is_watched else None


def _edited(friend: Friend, by: User) -> None:
    events.record(FriendEdited(actor_id=by.person_id, company_id=None, ref=friend.ref))


def move(friend: Friend, to: State, reason: str | None = None, *, by: User) -> None:
    """List, hide or refuse a link; one that is listed is looked at from now on.

    Raises Refused by rules.MOVES. Records FriendMoved.
    """
    _decide(friend, rules.advance(friend.state, to), reason, by.person_id)


def _decide(friend: Friend, to: State, reason: str | None, by_id: int | None) -> None:
    friend.state, friend.reason = to, reason
    friend.hidden_as_dead = by_id is None and to is State.HIDDEN
    if by_id is not None:
        friend.decided_at, friend.decided_by_id = clock.now(), by_id
        friend.failures = 0
        friend.check_at = clock.now() if to is State.LISTED else None
    moved = FriendMoved(
        actor_id=by_id, company_id=None, ref=friend.ref, state=str(to), reason=reason
    )
    events.record(moved)


def save_group(group: FriendGroup | None, names: dict[str, str], position: int) -> FriendGroup:
    """Make or change a group of links."""
    group = group or FriendGroup()
    group.names, group.position = names, position
    db.session.add(group)
    db.session.flush()
    return group


def remove_group(group: FriendGroup) -> None:
    """Remove a group; raises Refused while links stand in it, whatever their state."""
    if db.session.scalar(select(Friend.id).where(Friend.group_id == group.id).limit(1)):
        raise Refused(_l("Move the links of this group to another one first."))
    db.session.delete(group)


def owe_checks() -> int:
    """Order a look at every link that is due; return how many."""
    with transaction():
        refs = queries.due()
        for friend in db.session.scalars(select(Friend).where(Friend.ref.in_(refs))):
            friend.check_at = clock.now() + HELD
            jobs.owe(CHECK, {"ref": friend.ref})
    return len(refs)


def check(payload: dict[str, Any]) -> None:
    """Look whether a link answers; hide it after repeated failures, show it when it is back.

    Never asks a host inside our own network. Records FriendMoved where it hides or shows.
    """
    friend = db.session.scalar(select(Friend).where(Friend.ref == payload["ref"]))
    url = friend.url if friend is not None and friend.check_at is not None else None
    db.session.rollback()
    if url is None:
        return
    found, is_there = _look(url)
    with transaction():
        friend = db.session.scalar(
            select(Friend).where(Friend.ref == payload["ref"]).with_for_update()
        )
        if friend is not None and friend.url == url and friend.check_at is not None:
            _note(friend, found, is_there)


def _look(url: str) -> tuple[str, bool]:
    """Return what was found at an address, and whether somebody is there."""
    try:
        answer = outbound.ask(url)
    except outbound.NotAllowed:
        return "private", False
    except outbound.Unreachable as error:
        return str(error), False
    return str(answer.status), rules.answers(answer.status)


def _note(friend: Friend, found: str, is_there: bool) -> None:
    friend.found, friend.checked_at = found, clock.now()
    friend.failures = 0 if is_there else friend.failures + 1
    friend.check_at = clock.now() + rules.until_next(friend.failures)
    if friend.state == State.LISTED and rules.is_dead(friend.failures):
        _decide(friend, State.HIDDEN, None, None)
    elif friend.hidden_as_dead and is_there:
        _decide(friend, State.LISTED, None, None)


jobs.handles(CHECK, check, lane=jobs.Lane.LONG)
