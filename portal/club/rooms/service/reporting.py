"""Reports against messages: the weights of the forum, decided in the moderators' one queue."""

from typing import Any

from sqlalchemy import Connection, func, insert, select, update

from portal.accounts.access import User
from portal.club.rooms.events import MessageChanged, MessageReported
from portal.club.rooms.models import ClubMessage, ClubMessageFlag
from portal.club.rooms.service import talking
from portal.core import clock, events
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.forum.models import ForumFlag
from portal.forum.rules import order as rules
from portal.forum.rules.order import Record

_M, _FLAG, _POSTS = (model.__table__ for model in (ClubMessage, ClubMessageFlag, ForumFlag))


def report(
    room: Any, message: Any, by: User, *, reason: str, text: str | None, trust: int, on: Connection
) -> bool:
    """Report a message once; return whether the reports hide it until somebody has decided.

    Raises Refused for one's own message and for a second report. Records MessageReported, and
    MessageChanged where it is hidden.
    """
    _check(message, by, reason, on)
    moderates = by.may("club.moderate")
    weight = rules.weight_of(trust, _record(by, on), may_moderate=moderates)
    row = {"message_id": message.id, "person_id": by.person_id, "reason": reason, "note": text}
    on.execute(insert(_FLAG).values(**row, weight=weight, at=clock.now()))
    grown = {"flagged": _M.c.flagged + weight, "version": _M.c.version + 1}
    this = update(_M).where(_M.c.id == message.id).values(**grown)
    flagged = int(on.scalar(this.returning(_M.c.flagged)) or 0)
    told = {"actor_id": by.person_id, "ref": room.slug, "no": message.no}
    events.record(MessageReported(**told), on=on)
    hidden = rules.hides([flagged]) and talking.change(
        room, message, ("visible",), to="hidden", on=on
    )
    if hidden:
        events.record(MessageChanged(**told, state="hidden"), on=on)
    return bool(hidden)


def _check(message: Any, by: User, reason: str, on: Connection) -> None:
    if reason not in rules.REASONS:
        raise Refused(_l("Say what is wrong with it."))
    if message.author_id == by.person_id:
        raise Refused(_l("Take your own message back instead of reporting it."))
    known = (_FLAG.c.message_id == message.id, _FLAG.c.person_id == by.person_id)
    if on.scalar(select(_FLAG.c.id).where(*known)) is not None:
        raise Refused(_l("You have reported this message. A moderator looks at it."))


def _record(by: User, on: Connection) -> Record:
    """Return how often somebody was right: with reports against posts and against messages."""
    found: dict[str | None, int] = {}
    for table in (_FLAG, _POSTS):
        counted = select(table.c.outcome, func.count()).where(table.c.person_id == by.person_id)
        for outcome, number in on.execute(counted.group_by(table.c.outcome)):
            found[outcome] = found.get(outcome, 0) + number
    return Record(found.get("agreed", 0), found.get("disagreed", 0))


def decide(
    room: Any,
    message: Any,
    outcome: str,
    by: User,
    *,
    version: int,
    reason: str | None,
    on: Connection,
) -> None:
    """Agree with the reports (the message is removed), disagree (it is shown), or ignore them.

    ``version`` is what the moderator saw. Raises Refused where there are new reports, or
    somebody has decided meanwhile. Records what ``talking`` does.
    """
    mine = (_M.c.id == message.id, _M.c.version == version, _M.c.flagged > 0)
    seen = update(_M).where(*mine).values(version=version + 1, flagged=0)
    if on.execute(seen.returning(_M.c.id)).first() is None:
        raise Refused(_l("Somebody has decided about this meanwhile, or reported it again. Look."))
    undecided = (_FLAG.c.message_id == message.id, _FLAG.c.outcome.is_(None))
    on.execute(update(_FLAG).where(*undecided).values(outcome=outcome))
    if outcome == "agreed":
        talking.remove(room, message, by, reason=reason or "", on=on)
    else:
        talking.show_again(room, message, by, reason=reason, on=on)
