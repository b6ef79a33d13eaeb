"""Reports against messages: the only way in which a moderator ever reads one."""

from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.accounts.access import User
from portal.accounts.service.companies import new_ref
from portal.club.direct import rules
from portal.club.direct.events import MessageReported, ReportDecided, ReportLookedAt
from portal.club.direct.models import DirectMessage, DirectReport
from portal.core import clock, events
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.forum.rules.order import REASONS
from portal.forum.service.acts import Deed, note

_M, _R = DirectMessage.__table__, DirectReport.__table__


def report(message: Any, by: User, *, reason: str, text: str | None, on: Connection) -> None:
    """Show a message of the other to the moderators, once. Records MessageReported.

    Raises Refused for one's own message and for a second report.
    """
    if reason not in REASONS:
        raise Refused(_l("Say what is wrong with it."))
    if message.author_id == by.person_id:
        raise Refused(_l("This is a message of your own."))
    known = (_R.c.message_id == message.id, _R.c.by_id == by.person_id)
    if on.scalar(select(_R.c.id).where(*known)) is not None:
        raise Refused(_l("You have reported this message. A moderator looks at it."))
    ref = new_ref("DR")
    row = {"ref": ref, "message_id": message.id, "by_id": by.person_id, "reason": reason}
    on.execute(insert(_R).values(**row, note=text, state="open", at=clock.now()))
    events.record(MessageReported(actor_id=by.person_id, ref=ref), on=on)


def look(ref: str, by: User, *, on: Connection) -> None:
    """Keep in the log that a moderator read a reported message. Records ReportLookedAt."""
    events.record(ReportLookedAt(actor_id=by.person_id, ref=ref), on=on)


def decide(found: Any, outcome: str, by: User, *, answer: str, on: Connection) -> None:
    """Agree with a report (the message is removed), disagree with it, or ignore it.

    ``answer`` is for who reported, and for the author of what is removed. Raises Refused where
    somebody has decided meanwhile. Records ReportDecided, ActTaken.
    """
    if outcome not in rules.OUTCOMES:
        raise Refused(_l("Choose what is to be done."))
    decided = {"decided_by_id": by.person_id, "decided_at": clock.now(), "answer": answer}
    mine = (_R.c.id == found.id, _R.c.state == "open")
    change = update(_R).where(*mine).values(state=outcome, **decided)
    if on.execute(change.returning(_R.c.id)).first() is None:
        raise Refused(_l("Somebody has decided about this meanwhile."))
    told = {"actor_id": by.person_id, "ref": found.ref, "outcome": outcome}
    events.record(ReportDecided(**told, person_id=found.by_id), on=on)
    if outcome == "agreed":
        _set_state(found.message_id, "removed", on)
        details = {"direct": found.message_id}
        deed = Deed(
            kind="direct_removed", person_id=found.author_id, reason=answer, details=details
        )
        note(deed, by, on=on)


def show_again(act: Any, reason: str, by: User, on: Connection) -> None:
    """Show a message that was removed, as an appeal asked. Records ActTaken."""
    _set_state(act.details["direct"], "visible", on)
    note(Deed(kind="direct_shown", person_id=act.person_id, reason=reason), by, on=on)


def _set_state(message_id: int, state: str, on: Connection) -> None:
    on.execute(update(_M).where(_M.c.id == message_id).values(state=state))
