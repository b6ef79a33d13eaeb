"""One reader of the log: what happened, told to those whom it concerns."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Connection, select

from portal.accounts import events as accounts
from portal.club.daily import events as daily
from portal.club.direct import events as direct
from portal.club.points import events as points
from portal.club.rooms.models import ClubHour, ClubSeat
from portal.core import clock
from portal.core.db import write
from portal.core.events import Event
from portal.core.readers import reads
from portal.forum import events as forum
from portal.forum.models import ForumAct, ForumSpace
from portal.notifications import people
from portal.notifications.models import Notice
from portal.notifications.service import posts, reading, recounting
from portal.notifications.service.telling import What, tell

_ACT, _SPACE, _HOUR, _SEAT, _N = (
    model.__table__ for model in (ForumAct, ForumSpace, ClubHour, ClubSeat, Notice)
)
#: Acts that somebody is told of by another kind of notice.
TOLD_ELSE = ("status",)


def _acted(row: Any, on: Connection) -> None:
    """A moderator did something; what a person may see may be less, or more, from now on."""
    said = row.payload
    person = said["person_id"]
    if person is None:
        return
    recounting.mark([person], on=on)
    if person != row.actor_id and said["kind"] not in TOLD_ELSE:
        what = What(kind="act", about=f"act:{said['ref']}", by_id=row.actor_id)
        tell([person], what, on=on)


def _appealed(row: Any, on: Connection) -> None:
    person = row.payload["person_id"]
    if person is not None and person != row.actor_id:
        what = What(kind="appeal", about=f"appeal:{row.payload['ref']}", by_id=row.actor_id)
        tell([person], what, on=on)


def _wrote(row: Any, on: Connection) -> None:
    """Somebody wrote to somebody."""
    who = people.listener(row.payload["person_id"], on=on)
    if who.may_enter and who.hears((), row.actor_id):
        about = f"direct:{row.payload['ref']}"
        tell([who.id], What(kind="direct", about=about, by_id=row.actor_id), on=on)


def _read(row: Any, on: Connection) -> None:
    """Somebody has read what was written to him."""
    if row.actor_id is not None:
        reading.mark_about(row.actor_id, "direct", f"direct:{row.payload['ref']}", on=on)


def _decided(row: Any, on: Connection) -> None:
    """An order of a reward moved on."""
    said = row.payload
    if said["person_id"] != row.actor_id:
        what = What(kind="reward", about=f"reward:{said['ref']}", by_id=row.actor_id)
        tell([said["person_id"]], what, on=on)


def _drawn(row: Any, on: Connection) -> None:
    """A raffle was drawn: its winners are told."""
    winners = [each["person_id"] for each in row.payload["winners"]]
    tell(winners, What(kind="won", about=f"raffle:{row.payload['ref']}"), on=on)


def _space_changed(row: Any, on: Connection) -> None:
    recounting.mark_space(select(_SPACE.c.id).where(_SPACE.c.slug == row.payload["slug"]), on=on)


def _role_changed(row: Any, on: Connection) -> None:
    recounting.mark([row.payload["person_id"]], on=on)


Handler = Callable[[Any, Connection], None]
HANDLERS: Mapping[type[Event], Handler] = {
    forum.PostWritten: posts.written,
    forum.TopicBegun: posts.begun,
    forum.AnswerAccepted: posts.accepted,
    forum.PostReacted: posts.reacted,
    forum.TopicChanged: posts.changed,
    forum.PostShown: posts.shown,
    forum.ThreadMoved: posts.moved,
    forum.ActTaken: _acted,
    forum.AppealAnswered: _appealed,
    forum.SpaceChanged: _space_changed,
    direct.MessageWritten: _wrote,
    direct.MessagesRead: _read,
    points.RewardMoved: _decided,
    daily.RaffleDrawn: _drawn,
    accounts.RoleChanged: _role_changed,
}
_BY_NAME = {event.name: handler for event, handler in HANDLERS.items()}


def follow(row: Any, on: Connection) -> None:
    """Act on one event of the log."""
    _BY_NAME[row.name](row, on)


def remind() -> int:
    """Tell those who signed up of question hours that begin soon; return how many hours."""

    def work(on: Connection) -> int:
        soon = select(_HOUR.c.id, _HOUR.c.ref).where(
            _HOUR.c.state == "planned",
            _HOUR.c.starts_at > clock.now(),
            _HOUR.c.reminded_at.is_not(None),
        )
        return sum(_remind(hour, on) for hour in on.execute(soon).all())

    return write(work)


def _remind(hour: Any, on: Connection) -> int:
    about = f"hour:{hour.ref}"
    known = select(_N.c.person_id).where(
        _N.c.about == about, _N.c.kind == "hour", _N.c.person_id == _SEAT.c.person_id
    )
    wanted = select(_SEAT.c.person_id).where(_SEAT.c.hour_id == hour.id, ~known.exists())
    ids = on.scalars(wanted).all()
    tell(ids, What(kind="hour", about=about), on=on)
    return int(bool(ids))


reads("notices", HANDLERS, follow)
