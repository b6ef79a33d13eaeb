"""Doing a command once: a handheld that lost the network sends it again.

The key is taken in the transaction that does the work, so that a crash leaves both or neither.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from sqlalchemy import Connection, bindparam, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert

from portal.accounts.access import User
from portal.core import clock
from portal.core.db import changed, is_sqlite, transaction
from portal.core.errors import Invalid
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.warehousing.ledger.models import WarehouseCommand

KEPT_FOR = timedelta(days=30)  # a handheld may lie in a drawer over the holidays
MAX_KEY = 100  # characters
_TABLE = WarehouseCommand.__table__
Answer = dict[str, Any]
_TAKE_SQLITE, _TAKE_POSTGRESQL = (
    Prepared(insert(_TABLE).on_conflict_do_nothing().returning(_TABLE.c.id))
    for insert in (sqlite_insert, postgresql_insert)
)
_MINE = (_TABLE.c.owner == bindparam("whose"), _TABLE.c.key == bindparam("which"))
_KNOWN = Prepared(select(_TABLE).where(*_MINE))
_ANSWER = Prepared(update(_TABLE).where(*_MINE).values(answer=bindparam("answer")))


@dataclass(frozen=True)
class Command:
    """What somebody asked for: its key (unique for him), its name, and what it said."""

    key: str
    name: str
    said: Mapping[str, Any]


def once(
    command: Command, by: User, work: Callable[[Connection], Answer], *, on: Connection
) -> Answer:
    """Do ``work`` unless the command was carried out before; return what it answered then.

    The answer is JSON. Raises Invalid for a key that was used for another command, and what
    ``work`` raises: then the key is free again.
    """
    if not 1 <= len(command.key) <= MAX_KEY or not command.key.isprintable():
        raise Invalid(_l("A command has a key of 1 to 100 printable characters."))
    owner = f"{by.company_id}/{by.person_id}"
    digest = hashlib.sha256(orjson.dumps(command.said, option=orjson.OPT_SORT_KEYS)).hexdigest()
    row = {"owner": owner, "key": command.key, "name": command.name, "digest": digest}
    if not _is_new(row, on):
        return _again(row, on)
    answer = work(on)
    _ANSWER.run(on, {"whose": owner, "which": command.key, "answer": answer})
    return answer


def _is_new(row: Mapping[str, Any], on: Connection) -> bool:
    take = _TAKE_SQLITE if is_sqlite(on) else _TAKE_POSTGRESQL
    return take.first(on, {**row, "answer": {}, "at": clock.now()}) is not None


def _again(row: Mapping[str, Any], on: Connection) -> Answer:
    found = _KNOWN.first(on, {"whose": row["owner"], "which": row["key"]})
    if (found.name, found.digest) != (row["name"], row["digest"]):
        raise Invalid(_l("This key was used for another command. Send it with a new key."))
    return {**found.answer, "repeated": True}


def tidy() -> int:
    """Delete the keys of commands past their time; return how many."""
    with transaction():
        return changed(delete(_TABLE).where(_TABLE.c.at < clock.now() - KEPT_FOR))
