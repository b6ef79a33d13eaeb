"""The log: events get their position in it, in commit order, by one writer at a time.

Whoever has read up to N has missed nothing before N. A cursor is opaque to clients; inside it
is the epoch and a position. With its position each gets its place in the hash chain
(``core.chain``).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from portal.core import chain, tokens
from portal.core.db import AnyRow, changed, db, end_reading, is_sqlite, reading, transaction
from portal.core.events import INSERT, EventRecord
from portal.core.prepared import Prepared
from portal.live.announced import public, topics_of
from portal.live.announced_stock import is_in
from portal.live.models import LogHead, StreamEntry

BATCH = 200  # events positioned in one transaction, and told in one go: nobody waits long
MOST_MISSED = 1000  # events a follower is given at once; who missed more reloads
_E = EventRecord.__table__
_S = StreamEntry.__table__
_H = LogHead.__table__
#: Ids alone: read in an index of those without a position, never in all of the history.
_NEW = select(_E.c.id).where(_E.c.position.is_(None)).order_by(_E.c.id)
_ANY_NEW = Prepared(_NEW.limit(1))
_NEWEST = Prepared(select(func.max(_E.c.id).label("id")))
_NEXT = Prepared(
    select(
        _E.c.id,
        _E.c.name,
        _E.c.company_id,
        _E.c.actor_id,
        _E.c.about,
        _E.c.payload,
        _E.c.recorded_at,
    )
    .where(_E.c.id.in_(_NEW.limit(BATCH)))
    .order_by(_E.c.id)
)
_HEAD = Prepared(select(_H))
_LAST = Prepared(select(_H.c.position, _H.c.hash).with_for_update())
_TELL = Prepared(insert(_S))
_MOVE = Prepared(update(_H).values(position=bindparam("place"), hash=bindparam("its_hash")))
_PLACE = Prepared(
    update(_E)
    .where(_E.c.id == bindparam("event"))
    .values(position=bindparam("place"), digest=bindparam("its_digest"), hash=bindparam("its_hash"))
)
_SINCE = Prepared(
    select(_E.c.position, _E.c.id, _E.c.name, _E.c.payload, _E.c.recorded_at)
    .where(_E.c.position > bindparam("after"))
    .order_by(_E.c.position)
    .limit(BATCH)
)
_MISSED = Prepared(
    select(_E.c.position, _E.c.id, _E.c.name, _E.c.payload, _E.c.recorded_at)
    .join(_S, _S.c.event_id == _E.c.id)
    .where(
        _S.c.topic == bindparam("topic"),
        _S.c.position > bindparam("after"),
        _S.c.position <= bindparam("upto"),
    )
    .order_by(_S.c.position)
    .limit(MOST_MISSED + 1)
)


@dataclass(frozen=True)
class Thing:
    """Something that may be followed: its inside key, and what the client calls it."""

    key: str
    topic: str
    ref: str
    #: Reference of the share link by which it is seen, if by one.
    link_ref: str | None = None
    #: Until when it may be followed; then the socket is cut and must prove itself anew.
    until: datetime | None = None
    #: The warehouses of which alone it is heard, for who is bound to them; None: of all.
    houses: frozenset[int] | None = None

    def hears(self, event: Any) -> bool:
        """Return whether an event of this topic is for those who follow it so."""
        return self.houses is None or is_in(self.houses, event.name, event.payload)


@dataclass(frozen=True)
class Head:
    """How far the log goes: positions ``floor`` < kept ≤ ``position`` of an epoch."""

    epoch: str
    position: int
    floor: int
    hash: str | None = None  # of the last event in the chain

    def cursor(self, position: int | None = None) -> str:
        """Return the opaque cursor of ``position`` (default: the head)."""
        return f"{self.epoch}.{self.position if position is None else position:x}"

    def place(self, cursor: object) -> int | None:
        """Return the position of a cursor, or None if it is not one of the kept range."""
        if not isinstance(cursor, str):
            return None
        epoch, _, rest = cursor[:40].partition(".")
        try:
            position = int(rest, 16)
        except ValueError:
            return None
        known = epoch == self.epoch and self.floor <= position <= self.position
        return position if known else None


def head() -> Head:
    """Return the head of the log."""
    row = _HEAD.first(reading(), {})
    if row is None:
        return Head("0", 0, 0)
    return Head(row.epoch, row.position, row.floor, row.hash)


def relay_once() -> int:
    """Give a batch of new events their positions and topics; return how many."""
    is_new = _ANY_NEW.first(reading(), {}) is not None
    end_reading()
    if not is_new:  # mostly
        return 0
    with transaction():
        return _relay(db.session.connection())


def relay_at_commit(on: Connection, rows: list[dict[str, Any]]) -> bool:
    """On SQLite write new ``rows`` of events with their places; return whether that was done.

    Its transactions write one after another, so this is the commits' order. PostgreSQL may
    commit in another order than was written: there the relay follows the commits.
    """
    if not is_sqlite(on):
        return False
    first = (_NEWEST.first(on, {}).id or 0) + 1
    last = _LAST.first(on, {}) or _begin(on)
    events = [_New(id=number, **row) for number, row in enumerate(rows, first)]
    links = list(chain.chained(events, last.position, last.hash))
    INSERT.run_many(on, [_with_place(row, link) for row, link in zip(rows, links, strict=True)])
    _tell(on, events, links)
    return True


class _New(NamedTuple):
    """An event that is about to be written."""

    id: int
    name: str
    company_id: int | None
    actor_id: int | None
    about: str | None
    payload: dict[str, Any]
    recorded_at: datetime


def _with_place(row: dict[str, Any], link: chain.Link) -> dict[str, Any]:
    place = {"id": link.id, "position": link.position, "digest": link.digest, "hash": link.hash}
    return {**row, **place}


def _relay(on: Connection) -> int:
    last = _LAST.first(on, {}) or _begin(on)
    events = _NEXT.all(on, {})
    if not events:
        return 0
    links = list(chain.chained(events, last.position, last.hash))
    _PLACE.run_many(on, [_placed(link) for link in links])
    _tell(on, events, links)
    return len(links)


def _tell(on: Connection, events: Sequence[Any], links: Sequence[chain.Link]) -> None:
    """Enter events under their topics, and move the head of the log behind them."""
    entries = [
        {"topic": topic, "position": link.position, "event_id": event.id}
        for link, event in zip(links, events, strict=True)
        for topic in {kept_under(key) for key in topics_of(event.name, event.payload)}
    ]
    _TELL.run_many(on, entries)
    _MOVE.run(on, {"place": links[-1].position, "its_hash": links[-1].hash})


def _begin(on: Connection) -> AnyRow:
    make = postgresql.insert if on.dialect.name == "postgresql" else sqlite.insert
    first = make(_H).values(id=1, epoch=tokens.new()[:8], position=0, floor=0)
    on.execute(first.on_conflict_do_nothing())  # another relay may begin at the same moment
    return _LAST.first(on, {})


def _placed(link: chain.Link) -> dict[str, Any]:
    return {
        "event": link.id,
        "place": link.position,
        "its_digest": link.digest,
        "its_hash": link.hash,
    }


def since(position: int) -> Sequence[AnyRow]:
    """Return the next events of the log behind ``position``, at most BATCH."""
    return _SINCE.all(reading(), {"after": position})


def missed(topic: str, after: int, upto: int) -> Sequence[AnyRow]:
    """Return what was kept under ``topic`` with ``after`` < position ≤ ``upto``.

    At most MOST_MISSED + 1 events, of which some may not be for everybody: ``heard`` tells.
    """
    return _MISSED.all(reading(), {"topic": kept_under(topic), "after": after, "upto": upto})


def heard(thing: Thing, events: Iterable[AnyRow]) -> Iterator[AnyRow]:
    """Give those of the events kept for a thing that are for whoever follows it so."""
    for event in events:
        if thing.hears(event) and thing.key in topics_of(event.name, event.payload):
            yield event


def kept_under(topic: str) -> str:
    """Return the topic under which events of ``topic`` are kept: one for all who see a thing.

    What each of them may see of it is decided when it is read (``announced``).
    """
    if "." not in topic:
        return topic
    thing, colon, ref = topic.partition(":")
    return thing.partition(".")[0] + colon + ref


def message(event: AnyRow, thing: Thing, cursor: str) -> dict[str, Any]:
    """Return the public object of an event as followers of ``thing`` are told it.

    The same for socket, polling and webhook.
    """
    payload = event.payload
    return {
        "topic": thing.topic,
        "ref": thing.ref,
        "cursor": cursor,
        "seq": payload.get("seq", event.position),
        "id": event.id,
        "type": event.name,
        "occurred_at": payload.get("occurred_at") or event.recorded_at.isoformat(),
        "recorded_at": event.recorded_at.isoformat(),
        "data": public(event.name, payload, thing.key),
    }


def forget(before: int) -> int:
    """Drop stream entries up to position ``before``; followers from there are told to reload."""
    with transaction():
        dropped = changed(delete(_S).where(_S.c.position <= before))
        db.session.execute(update(_H).where(_H.c.floor < before).values(floor=before))
    return dropped


def begin_epoch() -> None:
    """Make all cursors worthless: the log is another one than the one they were given for.

    Its hash chain goes on from where the restored log ends.
    """
    db.session.execute(update(_H).values(epoch=tokens.new()[:8]))
