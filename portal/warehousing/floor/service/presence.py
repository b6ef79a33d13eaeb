"""Where a person is at work, what he did last, and taking the last of it back."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from portal.accounts.access import User
from portal.core import clock
from portal.core.db import AnyRow
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.floor.models import FloorPresence
from portal.warehousing.floor.rules import RECENT, UNDO, UNDO_FOR
from portal.warehousing.floor.said import Answer, Undo
from portal.warehousing.floor.service import assignments
from portal.warehousing.ledger.models import WarehouseCommand
from portal.warehousing.sites.models import Warehouse, WarehouseWorker

#: Name of a command → what takes it back.
UNDOES: dict[str, Undo] = {}
_T, _COMMAND = FloorPresence.__table__, WarehouseCommand.__table__
_HOUSE, _WORKER = Warehouse.__table__, WarehouseWorker.__table__


@dataclass(frozen=True)
class Done:
    """A command that was carried out: its key and name, what was told, and the answer."""

    key: str
    name: str
    told: Mapping[str, Any]
    answer: Answer


def of(person_id: int, on: Connection) -> AnyRow | None:
    """Return the row of a person, or None: he was never on the floor."""
    return on.execute(select(_T).where(_T.c.person_id == person_id)).first()


def note(done: Done, by: User, on: Connection) -> None:
    """Note what ``by`` has just done, where, and for which task."""
    row, now = _row(by, on), clock.now()
    values: dict[str, Any] = {
        "changed_at": now,
        "recent": [_entry(done, now), *row.recent][:RECENT],
    }
    if done.answer.location_id is not None:
        values["location_id"] = done.answer.location_id
    if done.answer.task is not None:
        values |= _task(done.answer, row, by, on)
    on.execute(update(_T).where(_T.c.person_id == by.person_id).values(values))


def _row(by: User, on: Connection) -> AnyRow:
    row = of(by.person_id, on)
    if row is not None:
        return row
    empty = {"person_id": by.person_id, "recent": [], "changed_at": clock.now()}
    return on.execute(insert(_T).values(empty).returning(*_T.c)).one()


def _entry(done: Done, now: datetime) -> dict[str, Any]:
    return {
        "key": done.key,
        "name": done.name,
        "say": done.told["say"],
        "cue": done.told["cue"],
        "at": now.isoformat(),
        "undo": "undo" in done.told,
        "undone": done.name == UNDO,
    }


def _task(answer: Answer, row: AnyRow, by: User, on: Connection) -> dict[str, Any]:
    """Renew or end the hold on the task; return what it changes in the person's row."""
    kind, ref = answer.task or ("", "")
    if answer.done:
        assignments.let_go(kind, ref, on=on)
        return {"kind": None, "ref": None, "since": None}
    assignments.take(kind, ref, by, on=on, warehouse_id=row.warehouse_id)
    since = row.since if (row.kind, row.ref) == (kind, ref) else clock.now()
    return {"kind": kind, "ref": ref, "since": since}


def choose_warehouse(code: str, by: User, *, on: Connection) -> None:
    """Keep in which warehouse ``by`` works from now on.

    Raises Refused for one that is not there or in which he does not work.
    """
    house = on.scalar(
        select(_HOUSE.c.id).where(_HOUSE.c.code == code, _HOUSE.c.active, _is_open_to(by))
    )
    if house is None:
        raise Refused(_l("There is no warehouse with that code."))
    _row(by, on)
    nowhere = dict.fromkeys(("location_id", "kind", "ref", "since"))
    values = {"warehouse_id": house, "changed_at": clock.now(), **nowhere}
    on.execute(update(_T).where(_T.c.person_id == by.person_id).values(values))


def _is_open_to(by: User) -> ColumnElement[bool]:
    own = select(_WORKER.c.warehouse_id).where(_WORKER.c.person_id == by.person_id)
    return or_(_HOUSE.c.id.in_(own), ~own.exists())


def leave_task(by: User, *, on: Connection) -> None:
    """Keep that ``by`` is at no task any more."""
    values = {"kind": None, "ref": None, "since": None, "changed_at": clock.now()}
    on.execute(update(_T).where(_T.c.person_id == by.person_id).values(values))


def undo(key: str, by: User, on: Connection) -> Answer:
    """Take back the last command of ``by``, whose key is ``key``.

    Raises Refused if it is not the last one, is too long ago, or cannot be taken back.
    """
    row = of(by.person_id, on)
    recent = [dict(each) for each in row.recent] if row is not None else []
    last = next((each for each in recent if not each["undone"]), None)
    if last is None or last["key"] != key:
        raise Refused(_l("Only the last step can be taken back."))
    if datetime.fromisoformat(last["at"]) < clock.now() - UNDO_FOR:
        raise Refused(_l("That is more than 15 minutes ago. Ask the supervisor to correct it."))
    given = _given(key, by, on)
    if given is None or last["name"] not in UNDOES:
        raise Refused(_l("This step cannot be taken back. Ask the supervisor to correct it."))
    answer = UNDOES[last["name"]](given, by, on)
    last["undone"] = True
    on.execute(update(_T).where(_T.c.person_id == by.person_id).values(recent=recent))
    return answer


def _given(key: str, by: User, on: Connection) -> Mapping[str, Any] | None:
    c, owner = _COMMAND.c, f"{by.company_id}/{by.person_id}"
    answer = on.scalar(select(c.answer).where(c.owner == owner, c.key == key))
    return answer.get("undo") if answer else None
