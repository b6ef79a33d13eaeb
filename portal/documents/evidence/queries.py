"""What an evidence pack is made from, and what is checked of it later.

Nothing here authorises: a consignment comes from ``consignment_for``; what a stranger with the
reference of a pack learns is nobody's data.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Select, bindparam, select

from portal.consignments import sealing
from portal.consignments.events import (
    ConsignmentAmended,
    ConsignmentCreated,
    EstimateRenewed,
    HistorySealed,
    LinkRevoked,
    LinkShared,
    PhotoAttached,
    TrackingEventRecorded,
)
from portal.consignments.models import Consignment
from portal.core import chain, scope
from portal.core.db import AnyRow, db
from portal.core.events import EventRecord
from portal.documents.evidence.models import EvidencePack

_E = EventRecord.__table__
_P = EvidencePack.__table__
_C = Consignment.__table__
_HEAD = (
    select(_E.c.position, _E.c.hash)
    .where(_E.c.position.is_not(None))
    .order_by(_E.c.position.desc())
    .limit(1)
)
_HASH = select(_E.c.hash).where(_E.c.position == bindparam("position"))
_OPEN_TO_OWNERS = frozenset(
    {
        ConsignmentCreated.name,
        ConsignmentAmended.name,
        EstimateRenewed.name,
        LinkShared.name,
        LinkRevoked.name,
        HistorySealed.name,
    }
)
_PUBLISHED_TO_OWNERS = frozenset({TrackingEventRecorded.name, PhotoAttached.name})


@dataclass(frozen=True)
class Chained:
    """One event of a consignment as it stands in the chain, computed from what it says now."""

    event: AnyRow
    previous: str
    record: bytes
    digest: str
    hash: str

    @property
    def position(self) -> int:
        """Its position in the log."""
        return int(self.event.position)

    def is_sound(self) -> bool:
        """Return whether the log holds the digest and the hash that its content gives."""
        return (self.event.digest, self.event.hash) == (self.digest, self.hash)

    def is_for_owners(self) -> bool:
        """Return whether its company may read it; what nobody has thought of stays inside."""
        name, payload = self.event.name, self.event.payload
        if name in _PUBLISHED_TO_OWNERS:
            return bool(payload["published"])
        return name in _OPEN_TO_OWNERS or bool(payload.get("owner_visible"))


def head() -> tuple[int, str]:
    """Return the last position of the log and its hash."""
    row = db.session.execute(_HEAD).first()
    return (0, chain.GENESIS) if row is None else (row.position, row.hash)


def hash_at(position: int) -> str | None:
    """Return the hash that the log holds of ``position``; None: nothing stands there."""
    if position == 0:
        return chain.GENESIS
    return db.session.scalar(_HASH, {"position": position})


def is_waiting(no: str) -> bool:
    """Return whether the log holds events of a consignment that are not chained yet."""
    waiting = select(_E.c.id).where(_E.c.about == f"consignment:{no}", _E.c.position.is_(None))
    return db.session.scalar(waiting.limit(1)) is not None


def links_of(consignment: Any, upto: int) -> list[Chained]:
    """Return the chained events of a consignment, and its seal, up to the position ``upto``."""
    abouts = [f"consignment:{consignment.no}", f"consignments:{_group(consignment)}"]
    query = select(_E).where(_E.c.about.in_(abouts), _E.c.position <= upto).order_by(_E.c.position)
    events = db.session.execute(query).all()
    before = _hashes([event.position - 1 for event in events])
    return [_chained(event, before) for event in events]


def _group(consignment: Any) -> int:
    return sealing.group_of(consignment.id)


def _hashes(positions: Sequence[int]) -> dict[int, str]:
    query = select(_E.c.position, _E.c.hash).where(_E.c.position.in_(positions))
    return {0: chain.GENESIS, **{row.position: row.hash for row in db.session.execute(query)}}


def _chained(event: AnyRow, before: dict[int, str]) -> Chained:
    previous = before.get(event.position - 1) or ""
    record = chain.record_of(event, event.position)
    digest = chain.digest_of(record)
    return Chained(event, previous, record, digest, chain.link(previous, digest))


def sealed_with(seal: AnyRow, *, on: Connection) -> list[sealing.Sealed]:
    """Return the histories that a seal covers, as the database holds them now."""
    return list(sealing.histories(seal.payload["group"], seal.payload["upto"], on=on))


def fingerprint(links: Sequence[Chained], history: sealing.Sealed) -> str:
    """Return one SHA-256 for all that a pack proves: its links, and the rows that people see."""
    lines = [f"{each.position} {each.digest} {each.hash}\n" for each in links]
    return chain.digest_of("".join([*lines, history.digest, "\n"]).encode())


def _packs() -> Select[Any]:
    joined = select(_P, _C.c.no).join(_C, _C.c.id == _P.c.consignment_id)
    return joined.execution_options(**scope.CENTRE)


def pack_by_ref(ref: str) -> AnyRow | None:
    """Return the pack with a reference, and the number of its consignment, if there is one."""
    if "\0" in ref:  # no database takes it
        return None
    return db.session.execute(_packs().where(_P.c.ref == ref)).first()


def last_pack_of(consignment: Any, person_id: int, language: str, *, internal: bool) -> Any:
    """Return the newest pack that this person had of a consignment in this language, if any."""
    query = _packs().where(
        _P.c.consignment_id == consignment.id,
        _P.c.made_by_id == person_id,
        _P.c.language == language,
        _P.c.internal == internal,
    )
    return db.session.execute(query.order_by(_P.c.id.desc()).limit(1)).first()
