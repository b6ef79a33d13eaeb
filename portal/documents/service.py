"""Batches of papers: order, cancel, begin again, go on, end, forget."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, select, update
from sqlalchemy.dialects import postgresql, sqlite

from portal.accounts.access import User
from portal.core import clock, events, scope
from portal.core.db import changed, db, is_sqlite
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.documents import rules
from portal.documents.events import PrintEnded, PrintFinished, PrintOrdered, PrintProgressed
from portal.documents.models import PrintBatch
from portal.documents.rules import Paper

_B = PrintBatch.__table__
STEPS = 20  # progress events of one batch


@dataclass(frozen=True, kw_only=True)
class Order:
    """What is to be printed; ``key`` makes ordering it twice order it once."""

    key: str
    paper: Paper
    language: str
    chosen: Sequence[tuple[str, int]]  # (number, pieces)


def order(asked: Order, company_id: int | None, *, by: User) -> tuple[str, int]:
    """Queue a batch; return its reference, and its id for the job (0: it was ordered before).

    Raises Refused for nothing and for more than a file holds. Records PrintOrdered.
    """
    pieces = sum(count for _, count in asked.chosen)
    rules.check(asked.paper, len(asked.chosen), pieces)
    ref, owner = asked.key, _owner_of(asked.key)
    if owner == by.person_id:
        return ref, 0
    if owner is not None or not _is_key(ref):
        ref = secrets.token_hex(8)
    batch_id = _add(ref, asked, pieces, company_id, by)
    if batch_id is None:  # somebody has ordered with the same key at the same moment
        if _owner_of(ref) == by.person_id:
            return ref, 0
        ref = secrets.token_hex(8)
        batch_id = _add(ref, asked, pieces, company_id, by)
    events.record(
        PrintOrdered(
            actor_id=by.person_id,
            company_id=company_id,
            ref=ref,
            person_id=by.person_id,
            paper=str(asked.paper),
            consignments=len(asked.chosen),
        )
    )
    return ref, batch_id or 0


def _add(ref: str, asked: Order, pieces: int, company_id: int | None, by: User) -> int | None:
    """Write a batch down and return its id; None where there is one with this reference."""
    values = {
        "ref": ref,
        "company_id": company_id,
        "person_id": by.person_id,
        "paper": str(asked.paper),
        "language": asked.language,
        "nos": [no for no, _ in asked.chosen],
        "consignments": len(asked.chosen),
        "pieces": pieces,
        "state": "queued",
        "done": 0,
        "pages": 0,
        "created_at": clock.now(),
    }
    insert = sqlite.insert if is_sqlite(db.session.connection()) else postgresql.insert
    added = insert(_B).values(**values).on_conflict_do_nothing(index_elements=["ref"])
    return db.session.scalar(added.returning(_B.c.id))


def _is_key(key: str) -> bool:
    return len(key) == 16 and all(letter in "0123456789abcdef" for letter in key)


def _owner_of(ref: str) -> int | None:
    query = select(_B.c.person_id).where(_B.c.ref == ref).execution_options(**scope.CENTRE)
    return db.session.scalar(query)


def cancel(batch: Row[Any]) -> None:
    """End a batch early; one that has ended stays as it is. Records PrintEnded."""
    if batch.state in rules.BUSY:
        _change(batch, state="cancelled", ended_at=clock.now())
        events.record(_ended(batch, "cancelled"))


def again(batch: Row[Any]) -> None:
    """Queue a batch once more that failed, was cancelled or whose file is gone.

    Raises Refused for any other.
    """
    if batch.state not in ("failed", "cancelled", "expired"):
        raise Refused(_l("These papers are being made or are ready."))
    _change(batch, state="queued", done=0, pages=0, error=None, ended_at=None)


def begin(batch_id: int) -> Row[Any] | None:
    """Return the batch to work on, now running; None where there is nothing to do.

    One that a dead worker left running is begun anew.
    """
    batch = locked(batch_id)
    if batch is None or batch.state not in rules.BUSY:
        return None
    _change(batch, state="running", done=0, pages=0)
    return batch


def progress(batch: Row[Any], done: int, before: int) -> bool:
    """Note how many consignments are drawn; return whether to go on.

    Records PrintProgressed now and then.
    """
    of = max(batch.consignments, 1)
    if done * STEPS // of == before * STEPS // of:
        return True
    now = locked(batch.id)
    if now is None or now.state != "running":
        return False
    _change(batch, done=done)
    events.record(
        PrintProgressed(
            actor_id=batch.person_id,
            company_id=batch.company_id,
            ref=batch.ref,
            person_id=batch.person_id,
            done=done,
            consignments=batch.consignments,
        )
    )
    return True


def finish(batch: Row[Any], *, key: str, size: int, pages: int) -> bool:
    """Hand over the file; return False where the batch was cancelled meanwhile.

    Records PrintFinished.
    """
    now = locked(batch.id)
    if now is None or now.state != "running":
        return False
    at = clock.now()
    _change(
        batch,
        state="done",
        done=batch.consignments,
        pages=pages,
        file_key=key,
        size=size,
        ended_at=at,
        kept_until=at + rules.KEPT_FOR,
    )
    finished = PrintFinished(
        actor_id=batch.person_id,
        company_id=batch.company_id,
        ref=batch.ref,
        person_id=batch.person_id,
        pages=pages,
    )
    events.record(finished)
    return True


def fail(batch_id: int, sentence: str) -> None:
    """End a batch that cannot be made, with a sentence that says why. Records PrintEnded."""
    batch = locked(batch_id)
    if batch is not None and batch.state in rules.BUSY:
        _change(batch, state="failed", error=sentence, ended_at=clock.now())
        events.record(_ended(batch, "failed"))


def _ended(batch: Row[Any], state: str) -> PrintEnded:
    return PrintEnded(
        actor_id=batch.person_id,
        company_id=batch.company_id,
        ref=batch.ref,
        person_id=batch.person_id,
        state=state,
    )


def expire() -> list[str]:
    """Forget files past their time; return their keys, to be deleted after the commit."""
    old = (
        select(_B.c.id, _B.c.file_key).where(_B.c.kept_until < clock.now()).limit(500)
    ).execution_options(**scope.CENTRE)
    found = db.session.execute(old).all()
    if found:
        gone = update(_B).where(_B.c.id.in_([row.id for row in found]))
        values = {"state": "expired", "file_key": None, "kept_until": None}
        changed(gone.values(**values).execution_options(**scope.CENTRE))
    return [row.file_key for row in found if row.file_key]


def locked(batch_id: int) -> Row[Any] | None:
    """Return a batch, its row held until the transaction ends."""
    query = select(_B).where(_B.c.id == batch_id).with_for_update()
    return db.session.execute(query.execution_options(**scope.CENTRE)).first()


def _change(batch: Row[Any], **values: Any) -> None:
    change = update(_B).where(_B.c.id == batch.id).values(**values)
    db.session.execute(change.execution_options(**scope.CENTRE))
