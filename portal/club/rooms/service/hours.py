"""Question hours: planned, edited, moved, cancelled, opened and closed by the centre's people."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, delete, insert, select, update

from portal.accounts.access import User
from portal.accounts.models import Person
from portal.accounts.roles import rights_of
from portal.accounts.service.companies import new_ref
from portal.club.rooms.events import HourChanged
from portal.club.rooms.models import ClubHour, ClubHourHost, ClubQuestion
from portal.club.rooms.rules import hours as rules
from portal.core import clock, events, jobs, markdown
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.forum.service.writing import html_of

TELL, REMIND = "rooms.tell", "rooms.remind"  # kinds of jobs
_H, _HOST, _PERSON, _Q = (
    model.__table__ for model in (ClubHour, ClubHourHost, Person, ClubQuestion)
)


@dataclass(frozen=True, kw_only=True)
class Plan:
    """What an hour is about, when it is, who answers, and where it is kept afterwards."""

    title: str
    about: str
    starts_at: datetime
    ends_at: datetime
    seats: int
    host_ids: tuple[int, ...]
    space_id: int


def plan(wanted: Plan, by: User, *, form_name: str | None, on: Connection) -> str:
    """Plan an hour; return its reference. The same form sent again gives the hour it made.

    Raises Refused for times, seats and hosts that cannot be. Records HourChanged.
    """
    same = select(_H.c.ref).where(_H.c.form_name == form_name)
    if form_name is not None and (known := on.scalar(same)) is not None:
        return str(known)
    now = clock.now()
    rules.check_times(wanted.starts_at, wanted.ends_at, now)
    rules.check_seats(wanted.seats, 0)
    row = {"ref": new_ref("QH"), "form_name": form_name, "state": "planned", "taken": 0}
    row |= _columns(wanted) | {"created_by_id": by.person_id, "created_at": now, "changed_at": now}
    made = on.execute(insert(_H).values(**row).returning(_H)).one()
    _set_hosts(made.id, wanted.host_ids, on)
    tell(made, "planned", by.person_id, on)
    return str(made.ref)


def _columns(wanted: Plan) -> dict[str, Any]:
    about = markdown.clean(wanted.about)
    return {
        "title": wanted.title,
        "about": about,
        "html": html_of(about),
        "starts_at": wanted.starts_at,
        "ends_at": wanted.ends_at,
        "seats": wanted.seats,
        "space_id": wanted.space_id,
    }


def _set_hosts(hour_id: int, host_ids: Iterable[int], on: Connection) -> None:
    named = select(_PERSON.c.id, _PERSON.c.staff_role).where(_PERSON.c.id.in_(list(host_ids)))
    rows = [
        {"hour_id": hour_id, "person_id": each.id}
        for each in on.execute(named.where(_PERSON.c.staff_role.is_not(None)))
        if "club.host" in rights_of(None, each.staff_role)
    ]
    if not rows:
        raise Refused(_l("Choose who of the centre answers."))
    on.execute(delete(_HOST).where(_HOST.c.hour_id == hour_id))
    on.execute(insert(_HOST), rows)


def edit(hour: Any, wanted: Plan, by: User, *, on: Connection) -> None:
    """Change an hour that has not begun; those who signed up are told when it is moved.

    Raises Refused as ``plan`` does, and for fewer seats than are taken. Records HourChanged.
    """
    now = locked(hour, on)
    rules.check_planned(now.state)
    rules.check_times(wanted.starts_at, wanted.ends_at, clock.now())
    rules.check_seats(wanted.seats, now.taken)
    moved = (wanted.starts_at, wanted.ends_at) != (now.starts_at, now.ends_at)
    shown = moved or (wanted.title, wanted.about) != (now.title, now.about)
    more: dict[str, Any] = {"sequence": _H.c.sequence + 1} if shown else {}
    if moved:
        more["reminded_at"] = None
    changed = _changed(now, on, **_columns(wanted), **more)
    _set_hosts(now.id, wanted.host_ids, on)
    tell(changed, "moved" if moved else "edited", by.person_id, on)
    if moved:
        jobs.owe(TELL, {"hour": now.id, "what": "moved"}, on=on)


def cancel(hour: Any, reason: str, by: User, *, on: Connection) -> None:
    """Cancel an hour; those who signed up are told why. Records HourChanged."""
    now = locked(hour, on)
    rules.check_planned(now.state)
    more = {"state": "cancelled", "reason": reason, "sequence": _H.c.sequence + 1}
    tell(_changed(now, on, **more), "cancelled", by.person_id, on)
    jobs.owe(TELL, {"hour": now.id, "what": "cancelled"}, on=on)


def begin(hour: Any, by: User, *, on: Connection) -> None:
    """Open an hour: questions are answered from now on. Records HourChanged."""
    now = locked(hour, on)
    rules.check_open(now.state, now.starts_at, clock.now())
    opened = _changed(now, on, state="live", opened_at=clock.now())
    tell(opened, "opened", by.person_id, on)


def close(hour: Any, by: User, *, on: Connection) -> None:
    """Close an hour; what was said in it becomes a topic. Records HourChanged.

    A question that is being answered waits again.
    """
    now = locked(hour, on)
    if now.state != "live":
        raise Refused(_l("Only an hour that was opened can be closed."))
    waiting = (_Q.c.hour_id == now.id, _Q.c.state == "current")
    on.execute(update(_Q).where(*waiting).values(state="waiting"))
    tell(_changed(now, on, state="closed", closed_at=clock.now()), "closed", by.person_id, on)


def locked(hour: Any, on: Connection) -> Any:
    """Return the row of an hour as it is now; nobody else changes it until we are done."""
    return on.execute(select(_H).where(_H.c.id == hour.id).with_for_update()).one()


def _changed(hour: Any, on: Connection, **values: Any) -> Any:
    change = update(_H).where(_H.c.id == hour.id).values(changed_at=clock.now(), **values)
    return on.execute(change.returning(_H)).one()


def tell(hour: Any, what: str, actor_id: int | None, on: Connection) -> None:
    """Record that something became of an hour."""
    told = {"ref": hour.ref, "what": what, "sequence": hour.sequence}
    events.record(HourChanged(actor_id=actor_id, **told), on=on)


def owe_reminders(*, on: Connection) -> int:
    """Have those who signed up reminded of the hours that begin soon; return how many hours."""
    now = clock.now()
    due = update(_H).where(
        _H.c.state == "planned",
        _H.c.reminded_at.is_(None),
        _H.c.starts_at > now,
        _H.c.starts_at <= now + rules.REMINDED_BEFORE,
    )
    found = on.scalars(due.values(reminded_at=now).returning(_H.c.id)).all()
    for hour_id in found:
        jobs.owe(REMIND, {"hour": hour_id}, on=on)
    return len(found)
