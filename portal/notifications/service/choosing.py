"""How somebody wants to be told: his choices, and what they change of what waits."""

from collections.abc import Mapping
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import Connection, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.accounts.models import Person
from portal.core import clock
from portal.core.db import is_sqlite
from portal.notifications import rules
from portal.notifications.models import Notice, NoticeChoice, NoticeReader

_N, _R, _CHOICE, _PERSON = (
    model.__table__ for model in (Notice, NoticeReader, NoticeChoice, Person)
)
DAILY = "digest"  # instead of a kind: all that comes by the mail of the day


def choices_of(person_id: int, *, on: Connection) -> dict[str, str]:
    """Return kind → channel, of all kinds: as he has chosen, else as is usual."""
    wanted = select(_CHOICE.c.kind, _CHOICE.c.channel).where(_CHOICE.c.person_id == person_id)
    chosen = {row.kind: row.channel for row in on.execute(wanted)}
    return {kind: rules.channel_of(kind, chosen) for kind in rules.KINDS}


def choose(person_id: int, wanted: Mapping[str, str], *, on: Connection) -> None:
    """Keep how somebody wants to be told; kinds that are not named stay as they are.

    Mails that wait and are no longer wanted do not go. Raises Refused for a way that is not
    offered.
    """
    for kind, channel in wanted.items():
        rules.check_choice(kind, channel)
    before = choices_of(person_id, on=on)
    for kind, channel in wanted.items():
        if before[kind] != channel:
            _keep(person_id, kind, channel, on)
    _plan(person_id, {**before, **wanted}, on)


def _keep(person_id: int, kind: str, channel: str, on: Connection) -> None:
    row = {"person_id": person_id, "kind": kind, "channel": channel, "at": clock.now()}
    same = {"channel": channel, "at": row["at"]}
    adding = _new(_CHOICE, on).values(**row)
    on.execute(adding.on_conflict_do_update(index_elements=["person_id", "kind"], set_=same))
    mine = (_N.c.person_id == person_id, _N.c.kind == kind, _N.c.read_at.is_(None))
    on.execute(update(_N).where(*mine).values(digests=channel == "digest", mail_at=None))


def _plan(person_id: int, choices: Mapping[str, str], on: Connection) -> None:
    """Plan the next mail of the day where any kind comes by it, else none."""
    due = None
    if "digest" in choices.values():
        due = rules.next_digest(clock.now(), zone_of(person_id, on))
    adding = _new(_R, on).values(person_id=person_id, unread=0, digest_at=due)
    on.execute(adding.on_conflict_do_update(index_elements=["person_id"], set_={"digest_at": due}))


def zone_of(person_id: int, on: Connection) -> ZoneInfo:
    """Return somebody's time zone: his own, else the centre's."""
    own = on.scalar(select(_PERSON.c.timezone).where(_PERSON.c.id == person_id))
    return ZoneInfo(own) if own else clock.zone()


def stop(person_id: int, kind: str, *, on: Connection) -> None:
    """Send somebody no more mails of a kind (``DAILY``: of the day); the page goes on telling."""
    _switch(person_id, kind, ("mail", "digest"), "page", on)


def go_on(person_id: int, kind: str, *, on: Connection) -> None:
    """Send somebody mails of a kind again that he has stopped; not those of the day."""
    if kind != DAILY:
        _switch(person_id, kind, ("page",), "mail", on)


def _switch(
    person_id: int, kind: str, among: tuple[str, ...], channel: str, on: Connection
) -> None:
    choices = choices_of(person_id, on=on)
    if kind == DAILY:
        wanted = {each: channel for each, way in choices.items() if way == "digest"}
    else:
        wanted = {kind: channel} if choices.get(kind) in among else {}
    choose(person_id, wanted, on=on)


def is_mailed(person_id: int, kind: str, *, on: Connection) -> bool:
    """Return whether somebody gets mails of a kind (``DAILY``: of the day)."""
    choices = choices_of(person_id, on=on)
    if kind == DAILY:
        return "digest" in choices.values()
    return choices.get(kind) in ("mail", "digest")


def _new(table: Any, on: Connection) -> Any:
    return (sqlite_insert if is_sqlite(on) else postgresql_insert)(table)
