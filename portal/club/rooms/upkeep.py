"""What happens in rooms and question hours by itself: reminders, mails, topics, forgetting."""

from typing import Any

from sqlalchemy import Connection

from portal.accounts.access import User
from portal.club.rooms import mails
from portal.club.rooms.events import HourChanged
from portal.club.rooms.queries import messages
from portal.club.rooms.service import archiving, hours, keeping, talking
from portal.core import clock, jobs, readers
from portal.core.db import write
from portal.forum import elsewhere
from portal.forum.elsewhere import Queue
from portal.forum.rules.order import REASONS


def run() -> int:
    """Forget what was said too long ago; return how many rows went."""
    return write(lambda on: keeping.forget(clock.now(), on=on))


def remind() -> int:
    """Have those who signed up reminded of the hours that begin soon; return how many hours."""
    return write(lambda on: hours.owe_reminders(on=on))


def _closed(row: Any, on: Connection) -> None:
    if row.payload["what"] == "closed":
        archiving.archive(row.payload["ref"], on=on)


def _waiting(user: User) -> dict[str, Any]:
    found = messages.reported_for(user)
    if not found:
        return {}
    return {"messages": found, "flags": messages.flags_of(found), "reasons": REASONS}


def _show_again(act: Any, reason: str, by: User, on: Connection) -> None:
    talking.restore(act.details["room"], act.details["no"], by, reason=reason, on=on)


jobs.handles(hours.REMIND, mails.remind)
jobs.handles(hours.TELL, mails.tell)
readers.reads("rooms.archive", [HourChanged], _closed)
elsewhere.provide(
    "rooms", Queue("club/rooms/desk/_reported.html", _waiting, messages.reported_count)
)
elsewhere.turns_back("message_removed", _show_again)
