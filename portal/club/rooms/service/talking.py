"""Talking: a message is said, taken back, removed or shown again."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, insert, select, update

from portal.accounts.access import User
from portal.accounts.service.companies import new_ref
from portal.club.rooms.events import MessageChanged, MessageSent
from portal.club.rooms.models import ClubMessage, ClubRoom
from portal.club.rooms.rules import rooms as rules
from portal.core import clock, events, markdown
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.forum.rules.posts import without_numbers
from portal.forum.service.acts import Deed, note
from portal.forum.service.writing import html_of

_M, _ROOM = ClubMessage.__table__, ClubRoom.__table__
_SENT = select(_M.c.no).where(_M.c.form_name == bindparam("form"))


def say(
    room: Any, text: str, by: User, *, trust: int, form_name: str | None, on: Connection
) -> int:
    """Say something in a room; return its number. The caller has made sure that ``by`` may.

    The same form sent again gives the message that it made. Raises TooMany for a person without
    trust who spoke a moment ago, Refused where the room was closed meanwhile. Records
    MessageSent.
    """
    at = clock.now()
    # Whoever speaks at the same moment waits here for his number.
    on.execute(select(_ROOM.c.id).where(_ROOM.c.id == room.id).with_for_update())
    form = None if form_name is None else f"{room.id} {by.person_id} {form_name}"
    if form is not None and (before := on.scalar(_SENT, {"form": form})) is not None:
        return int(before)
    known = by.is_staff or by.may("club.moderate")
    rules.check_pace(trust, _last_at(by, on), at, is_known=known)
    mine = (_ROOM.c.id == room.id, _ROOM.c.closed_at.is_(None))
    grown = update(_ROOM).where(*mine).values(last_no=_ROOM.c.last_no + 1, last_at=at)
    no = on.scalar(grown.returning(_ROOM.c.last_no))
    if no is None:
        raise Refused(_l("This room is closed. What was said can still be read."))
    on.execute(insert(_M).values(**_row(room.id, int(no), text, by, at), form_name=form))
    said = {"actor_id": by.person_id, "company_id": by.company_id, "ref": room.slug}
    events.record(MessageSent(**said, no=int(no)), on=on)
    return int(no)


def _last_at(by: User, on: Connection) -> datetime | None:
    mine = select(_M.c.created_at).where(_M.c.author_id == by.person_id)
    return on.scalar(mine.order_by(_M.c.id.desc()).limit(1))


def _row(room_id: int, no: int, text: str, by: User, at: datetime) -> Mapping[str, Any]:
    said = without_numbers(markdown.clean(text))
    return {
        "ref": new_ref("CM"),
        "room_id": room_id,
        "no": no,
        "author_id": by.person_id,
        "company_name": by.company_name,
        "staff_role": by.staff_role,
        "state": "visible",
        "text": said,
        "html": html_of(said),
        "created_at": at,
    }


def take_back(room: Any, message: Any, by: User, *, on: Connection) -> None:
    """Take one's own message back: nobody reads it any more. Records MessageChanged.

    Raises Refused for somebody else's, and after 5 minutes.
    """
    rules.check_take_back(message.author_id, by.person_id, message.created_at, clock.now())
    gone = {"text": "", "html": ""} if message.flagged == 0 else {}
    if change(room, message, ("visible",), to="taken_back", on=on, **gone):
        _tell(room, message, "taken_back", by, on)


def remove(room: Any, message: Any, by: User, *, reason: str, on: Connection) -> None:
    """Remove a message; its author reads why. Records MessageChanged, ActTaken."""
    if change(room, message, ("visible", "hidden"), to="removed", on=on):
        _tell(room, message, "removed", by, on)
        act(room, message, "message_removed", by, reason=reason, on=on)


def show_again(room: Any, message: Any, by: User, *, reason: str | None, on: Connection) -> None:
    """Show a message that reports hid, or that was removed. Records MessageChanged, ActTaken."""
    if change(room, message, ("hidden", "removed"), to="visible", on=on):
        _tell(room, message, "visible", by, on)
        act(room, message, "message_shown", by, reason=reason, on=on)


def change(
    room: Any, message: Any, before: tuple[str, ...], *, to: str, on: Connection, **more: Any
) -> bool:
    """Change the state of a message; return whether it was one of ``before``."""
    mine = (_M.c.id == message.id, _M.c.room_id == room.id, _M.c.state.in_(before))
    changed = update(_M).where(*mine).values(state=to, version=_M.c.version + 1, **more)
    return on.execute(changed.returning(_M.c.id)).first() is not None


def act(
    room: Any, message: Any, kind: str, by: User, *, reason: str | None, on: Connection
) -> None:
    """Keep what a moderator did to a message, to be seen by its author. Records ActTaken."""
    details = {"room": room.slug, "no": message.no, "text": message.text[:500]}
    deed = Deed(kind=kind, person_id=message.author_id, reason=reason, details=details)
    note(deed, by, on=on)


def _tell(room: Any, message: Any, state: str, by: User, on: Connection) -> None:
    told = {"actor_id": by.person_id, "ref": room.slug, "no": message.no, "state": state}
    events.record(MessageChanged(**told), on=on)


def restore(slug: str, no: int, by: User, *, reason: str | None, on: Connection) -> None:
    """Show a removed message again, where it has not gone with its time."""
    room = on.execute(select(_ROOM).where(_ROOM.c.slug == slug)).first()
    if room is None:
        return
    message = on.execute(select(_M).where(_M.c.room_id == room.id, _M.c.no == no)).first()
    if message is not None:
        show_again(room, message, by, reason=reason, on=on)
