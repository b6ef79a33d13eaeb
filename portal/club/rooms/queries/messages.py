"""What was said in a room, by numbers: the same cost at any depth, nothing past its time."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, func, select

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.club.rooms.models import ClubMessage, ClubMessageFlag, ClubRoom
from portal.club.rooms.rules.rooms import forgotten_before
from portal.core import clock
from portal.core.db import db, reading
from portal.core.errors import NotFound
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.forum.models import ForumProfile

PAGE = 50  # messages
_M, _FLAG, _ROOM, _PERSON, _PROFILE = (
    model.__table__ for model in (ClubMessage, ClubMessageFlag, ClubRoom, Person, ForumProfile)
)
_SHOWN = (
    select(
        *(_M.c[name] for name in ("id", "no", "author_id", "company_name", "staff_role")),
        *(_M.c[name] for name in ("state", "html", "created_at")),
        _PERSON.c.name.label("author_name"),
        _PROFILE.c.handle,
    )
    .join_from(_M, _PERSON, _PERSON.c.id == _M.c.author_id)
    .outerjoin(_PROFILE, _PROFILE.c.person_id == _M.c.author_id)
    .where(_M.c.room_id == bindparam("room"), _M.c.created_at >= bindparam("since"))
)
_BEFORE = Prepared(_SHOWN.where(_M.c.no < bindparam("no")).order_by(_M.c.no.desc()).limit(PAGE + 1))
_BEHIND = Prepared(_SHOWN.where(_M.c.no > bindparam("no")).order_by(_M.c.no).limit(PAGE + 1))
_ONE = Prepared(_SHOWN.where(_M.c.no == bindparam("no")))


@dataclass(frozen=True)
class Talk:
    """Messages in their order, and whether there are older and newer ones."""

    messages: Sequence[Any]
    has_older: bool = False
    has_newer: bool = False

    @property
    def first_no(self) -> int:
        """Return the number of the first message; 0 where there is none."""
        return int(self.messages[0].no) if self.messages else 0

    @property
    def last_no(self) -> int:
        """Return the number of the last message; 0 where there is none."""
        return int(self.messages[-1].no) if self.messages else 0


def before(user: User, room: Any, no: int | None = None) -> Talk:
    """Return the messages in front of number ``no``; without it the newest."""
    end = room.last_no + 1 if no is None else no
    rows = _BEFORE.all(reading(), _values(room, end))
    shown = _for(user, reversed(rows[:PAGE]))
    return Talk(shown, has_older=len(rows) > PAGE, has_newer=end <= room.last_no)


def behind(user: User, room: Any, no: int) -> Talk:
    """Return the messages behind number ``no``, the oldest first."""
    rows = _BEHIND.all(reading(), _values(room, no))
    return Talk(_for(user, rows[:PAGE]), has_older=no > 0, has_newer=len(rows) > PAGE)


def message_in(user: User, room: Any, no: int) -> Any:
    """Return one message as a reader sees it; None where there is none any more."""
    found = _ONE.first(reading(), _values(room, no))
    return None if found is None else _for(user, [found])[0]


def _values(room: Any, no: int) -> dict[str, Any]:
    since = forgotten_before(clock.now(), room.kept_days)
    return {"room": room.id, "since": since, "no": min(max(no, 0), room.last_no + 1)}


def _for(user: User, rows: Any) -> list[Any]:
    """Return rows without the words that are not shown; moderators read what was removed."""
    moderates = user.may("club.moderate")
    return [row if _reads(row, moderates) else row._replace(html="") for row in rows]


def _reads(row: Any, moderates: bool) -> bool:
    return row.state == "visible" or (moderates and row.state in ("hidden", "removed"))


def message_for(user: User, room: Any, no: int) -> Any:
    """Return a whole message of a room that was found for this person.

    Raises NotFound for a number that is not there (any more), and for what is hidden from him.
    """
    since = forgotten_before(clock.now(), room.kept_days)
    wanted = (
        select(_M, _PERSON.c.name.label("author_name"))
        .join(_PERSON, _PERSON.c.id == _M.c.author_id)
        .where(_M.c.room_id == room.id, _M.c.no == no, _M.c.created_at >= since)
    )
    found = db.session.execute(wanted).first()
    shown = found is not None and (found.state == "visible" or user.may("club.moderate"))
    if not shown:
        raise NotFound(_l("There is no such message in this room."))
    return found


def reported_for(user: User) -> Sequence[Any]:
    """Return the messages that were reported and not decided about, the heaviest first."""
    if not user.may("club.moderate"):
        return []
    query = (
        select(_M, _PERSON.c.name.label("author_name"), _ROOM.c.slug, _ROOM.c.names)
        .join_from(_M, _PERSON, _PERSON.c.id == _M.c.author_id)
        .join(_ROOM, _ROOM.c.id == _M.c.room_id)
        .where(_M.c.flagged > 0)
        .order_by(_M.c.flagged.desc(), _M.c.id)
        .limit(PAGE)
    )
    return db.session.execute(query).all()


def flags_of(messages: Sequence[Any]) -> dict[int, list[Any]]:
    """Return message id → the reports against it that nobody has decided about, with names."""
    found: dict[int, list[Any]] = {row.id: [] for row in messages}
    query = (
        select(_FLAG, _PERSON.c.name)
        .join(_PERSON, _PERSON.c.id == _FLAG.c.person_id)
        .where(_FLAG.c.message_id.in_(list(found)), _FLAG.c.outcome.is_(None))
        .order_by(_FLAG.c.id)
    )
    for row in db.session.execute(query) if found else ():
        found[row.message_id].append(row)
    return found


def reported_one_for(user: User, ref: str) -> tuple[Any, Any]:
    """Return (room, message) of a reported message; raises NotFound for who does not moderate."""
    message = db.session.execute(select(_M).where(_M.c.ref == ref)).first()
    if message is None or not user.may("club.moderate"):
        raise NotFound(_l("There is no such report."))
    room = db.session.execute(select(_ROOM).where(_ROOM.c.id == message.room_id)).one()
    return room, message


def reported_count() -> int:
    """Return how many messages wait for a decision."""
    waiting = select(func.count()).select_from(_M).where(_M.c.flagged > 0)
    return int(db.session.scalar(waiting) or 0)
