"""From the thing a client asks for to the topic it may hear: one gate for each kind of thing."""

from collections.abc import Callable

from portal.accounts.access import User, Visitor
from portal.club.daily.queries.raffles import raffle_for
from portal.club.rooms.queries.hours import hour_for
from portal.club.rooms.queries.rooms import room_for
from portal.consignments.queries.one import consignment_for, missing
from portal.forum.queries.order import is_suspended, sanction_of
from portal.forum.queries.topics import topic_for
from portal.live import gates_stock
from portal.live.gates_stock import nothing
from portal.live.log import Thing
from portal.tracking.queries import grant_for

Asker = User | Visitor


def open_gate(user: Asker, topic: object, ref: object, token: object = None) -> Thing:
    """Return the thing that ``user`` asks for.

    Raises NotFound alike for what is missing, malformed, unknown or somebody else's.
    """
    gate = GATES.get(topic) if isinstance(topic, str) else None
    named = ref if isinstance(ref, str) else ""
    if gate is None:
        raise nothing()
    return gate(user, named, token if isinstance(token, str) else "")


def _consignment(user: Asker, ref: str, token: str) -> Thing:
    if token:
        grant = grant_for(token, ref)
        kind = "consignment" if grant.shows_everything else "consignment.city"
        return Thing(f"{kind}:{grant.no}", "consignment", ref, grant.link_ref, grant.until)
    if not isinstance(user, User):
        raise missing()
    no = consignment_for(user, ref).no
    kind = "consignment.staff" if user.may("events.see_internal") else "consignment"
    return Thing(f"{kind}:{no}", "consignment", ref)


def _company(user: Asker, ref: str, _token: str) -> Thing:
    if user.company_id is None or not user.may("consignments.see"):
        raise nothing()
    if ref not in ("", "mine", user.company_ref):
        raise nothing()
    return Thing(f"company:{user.company_id}", "company", ref)


def _board(user: Asker, ref: str, _token: str) -> Thing:
    if not user.may("board.see"):
        raise nothing()
    return Thing("board", "board", ref)


def _me(user: Asker, ref: str, _token: str) -> Thing:
    if user.person_id is None:
        raise nothing()
    return Thing(f"me:{user.person_id}", "me", ref)


def _inbox(user: Asker, ref: str, _token: str) -> Thing:
    """What reaches the centre's people: messages, applications, what suppliers offer."""
    right = INBOXES.get(ref)
    if right is None or not any(map(user.may, right)):
        raise nothing()
    return Thing(f"inbox-{ref}" if ref else "inbox", "inbox", ref)


#: Reference of an inbox → the rights of which any opens it.
INBOXES: dict[str, tuple[str, ...]] = {
    "": ("messages.see",),
    "supplier": ("messages.see", "suppliers.see"),
    "applications": ("applications.see",),
    "club": ("club.moderate",),
}


def _topic(user: Asker, ref: str, _token: str) -> Thing:
    """A topic of the club, for whoever may read it; without a name: new topics in open spaces."""
    if not isinstance(user, User) or not user.may("club.enter") or is_suspended(user):
        raise nothing()
    if not ref:
        return Thing("club", "topic", "")
    return Thing(f"topic:{topic_for(user, ref).ref}", "topic", ref)


def _chat(user: Asker, ref: str, _token: str) -> Thing:
    """A room of the club for whoever may be in it, or a question hour (``QH…``)."""
    if not isinstance(user, User) or not user.may("club.enter") or _is_suspended(user):
        raise nothing()
    if ref.startswith("QH"):
        return Thing(f"hour:{hour_for(user, ref).ref}", "chat", ref)
    return Thing(f"chat:{room_for(user, ref).slug}", "chat", ref)


def _raffle(user: Asker, ref: str, _token: str) -> Thing:
    """A raffle of the club: how many tickets are taken, that it is drawn."""
    if not isinstance(user, User) or not user.may("club.enter") or _is_suspended(user):
        raise nothing()
    return Thing(f"raffle:{raffle_for(user, ref).ref}", "raffle", ref)


def _is_suspended(user: User) -> bool:
    sanction = sanction_of(user)
    return sanction is not None and sanction.kind == "suspension"


GATES: dict[str, Callable[[Asker, str, str], Thing]] = {
    "consignment": _consignment,
    "company": _company,
    "board": _board,
    "me": _me,
    "inbox": _inbox,
    **gates_stock.GATES,
    "topic": _topic,
    "chat": _chat,
    "raffle": _raffle,
}
