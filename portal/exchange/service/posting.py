"""Creating what a check found good, in chunks that each stand or fall as one."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row, select, update

from portal.consignments.queries.one import order_refs_taken
from portal.consignments.service import orders
from portal.consignments.service.orders import Origin
from portal.core import clock, events, scope
from portal.exchange.events import ImportFinished, ImportProgressed
from portal.exchange.models import Import
from portal.exchange.service.making import order_of

_I = Import.__table__
#: Consignments of one transaction: some 30 ms of work, for so long may a look-up have to wait.
CHUNK = 200
STEPS = 20  # progress events of one import

Chunk = Sequence[tuple[int, Mapping[str, Any]]]


def post(import_id: int, chunk: Chunk, origin: Origin, *, on: Connection) -> bool:
    """Create the consignments of ``chunk`` that are not there yet; return whether to go on.

    The import's counts move in the same transaction, so that a crash neither repeats nor
    skips anything. Records ConsignmentCreated for each, ImportProgressed now and then.
    """
    row = locked(import_id, origin.company_id, on)
    if row.state != "running" or chunk[-1][0] <= row.posted:
        return bool(row.state == "running")
    refs = [body["order"]["order_ref"] for _, body in chunk]
    taken = order_refs_taken(origin.company_id, refs, on=on)
    columns = row.mapping["columns"]
    now = clock.now()
    new = [order_of(body, row.id, columns, now) for _, body in chunk
           if body["order"]["order_ref"] not in taken]  # fmt: skip
    if new:
        orders.create_many(new, origin, on=on)
    done = row.created + row.existing + len(chunk)
    progress = min(1000 * done // max(row.good, 1), 1000)
    values = {
        "created": row.created + len(new),
        "existing": row.existing + len(chunk) - len(new),
        "posted": chunk[-1][0],
        "progress": progress,
    }
    on.execute(_change(row, **values))
    if progress * STEPS // 1000 > row.progress * STEPS // 1000:
        events.record(progressed(row, "running", progress), on=on)
    return True


def finish(import_id: int, company_id: int, *, on: Connection) -> None:
    """End an import whose last chunk was posted. Records ImportFinished."""
    row = locked(import_id, company_id, on)
    if row.state != "running":
        return
    on.execute(_change(row, state="done", progress=1000, ended_at=clock.now()))
    finished = ImportFinished(
        actor_id=row.person_id,
        company_id=company_id,
        ref=row.ref,
        person_id=row.person_id,
        created=row.created,
        existing=row.existing,
        bad=row.bad,
    )
    events.record(finished, on=on)


def locked(import_id: int, company_id: int, on: Connection) -> Row[Any]:
    """Return the import, its row held until the transaction ends."""
    query = select(_I).where(_I.c.id == import_id, _I.c.company_id == company_id)
    return on.execute(query.with_for_update().execution_options(**scope.of(company_id))).one()


def progressed(row: Row[Any], state: str, progress: int) -> ImportProgressed:
    """Return the event that tells how far an import is."""
    return ImportProgressed(
        actor_id=row.person_id,
        company_id=row.company_id,
        ref=row.ref,
        person_id=row.person_id,
        state=state,
        progress=progress,
    )


def _change(row: Row[Any], **values: Any) -> Any:
    change = update(_I).where(_I.c.id == row.id).values(**values)
    return change.execution_options(**scope.of(row.company_id))
