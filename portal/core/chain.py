"""The hash chain over the log of events, so that nobody alters history unseen.

A stranger recomputes it with SHA-256 and nothing else. Version 1, for each event in the order
of positions (1, 2, 3 …):

- *record*: the event as JSON in UTF-8 with the keys about, actor_id, company_id, id, name,
  payload, position, recorded_at, v; all keys sorted, no blanks, nothing escaped that JSON does
  not ask for; ``recorded_at`` in UTC with six digits of the second; ``v`` is the version.
  A number without a fraction is written as an integer.
- *digest*: SHA-256 of the record, in 64 small hexadecimal digits.
- *hash*: SHA-256 of the 128 characters that the hash of the event before it and the digest
  make, one after the other. Before the first event stands GENESIS.

What a version says never changes: what is chained by it stands in databases and in packs.
"""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import orjson

VERSION = 1
#: SHA-256 of the words ``Quayside event log, version 1``.
GENESIS = "5c5d72bbe3296752e3d4930d9507892a86a03b2b3a4ebcf385b8cecfd84db107"
_NESTED = frozenset({float, dict, list, tuple})
_INTEGERS = range(-(2**63), 2**64)


class Link(NamedTuple):
    """An event's place in the chain."""

    id: int
    position: int
    record: bytes
    digest: str
    hash: str


def chained(events: Iterable[Any], position: int, previous: str | None) -> Iterator[Link]:
    """Yield the links of ``events``, which follow ``position`` and its hash (None: nothing)."""
    last = previous or GENESIS
    for place, event in enumerate(events, start=position + 1):
        record = record_of(event, place)
        digest = digest_of(record)
        last = link(last, digest)
        yield Link(event.id, place, record, digest, last)


def record_of(event: Any, position: int) -> bytes:
    """Return the record of a row of ``event`` that stands (or shall stand) at ``position``."""
    return canonical(
        {
            "about": event.about,
            "actor_id": event.actor_id,
            "company_id": event.company_id,
            "id": event.id,
            "name": event.name,
            "payload": _plain_values(event.payload),
            "position": position,
            "recorded_at": event.recorded_at.isoformat(timespec="microseconds"),
            "v": VERSION,
        }
    )


def canonical(value: Any) -> bytes:
    """Return JSON values (without floats) as the one text that is hashed."""
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def digest_of(data: bytes) -> str:
    """Return SHA-256 of ``data`` in 64 small hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def link(previous: str, digest: str) -> str:
    """Return the hash of an event with ``digest`` behind one with the hash ``previous``."""
    return hashlib.sha256((previous + digest).encode()).hexdigest()


def _plain_values(payload: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return the payload with its numbers as both databases give them back."""
    if _NESTED.isdisjoint(map(type, payload.values())):  # mostly: nothing to do
        return payload
    return {key: _plain(value) for key, value in payload.items()}


def _plain(value: Any) -> Any:
    if isinstance(value, float):
        # JSONB keeps 1e16 as 10000000000000000 and -0.0 as 0.0, SQLite as they were written.
        return int(value) if value.is_integer() and int(value) in _INTEGERS else value
    if isinstance(value, Mapping):
        return {key: _plain(inner) for key, inner in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_plain(inner) for inner in value]
    return value
