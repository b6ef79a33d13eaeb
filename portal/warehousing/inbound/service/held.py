"""The notice that a verb is about, held until the transaction ends, and its moves.

Whoever changes anything of a notice holds its row first: receivers at two doors of the same
vehicle take turns, and nobody waits in a circle.
"""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from portal.core import clock, events, scope
from portal.core.errors import NotFound
from portal.core.prepared import Prepared
from portal.warehousing.inbound.events import NoticeAmended, NoticeMoved
from portal.warehousing.inbound.models import InboundNotice
from portal.warehousing.inbound.rules import states

_NOTICE = InboundNotice.__table__
_BY_REF = Prepared(
    select(_NOTICE)
    .where(_NOTICE.c.ref == bindparam("ref"))
    .with_for_update()
    .execution_options(**scope.CENTRE)
)


def notice(ref: str, on: Connection, *, company_id: int | None = None) -> Any:
    """Return a notice, held; raises NotFound for none, and for another company’s.

    ``company_id``: whose it must be; None: the centre asks.
    """
    found = _BY_REF.first(on, {"ref": ref})
    if found is None or company_id not in (None, found.company_id):
        raise NotFound(states.NOT_FOUND)
    return found


def change(row: Any, on: Connection, **values: Any) -> None:
    """Change columns of a notice that is held."""
    mine = update(_NOTICE).where(_NOTICE.c.id == row.id, _NOTICE.c.company_id == row.company_id)
    changing = mine.values(**values, changed_at=clock.now())
    on.execute(changing.execution_options(**scope.of(row.company_id)))


def move(row: Any, wanted: str, *, by: int | None, on: Connection, **values: Any) -> None:
    """Move a held notice to a state; raises Refused where it cannot go. Records NoticeMoved."""
    states.advance(row.status, wanted)
    reached = _reached(row.reached, wanted)
    change(row, on, status=wanted, reached=reached, **values)
    tell_moved(row, wanted, row.status, by=by, on=on)


def walk(row: Any, wanted: str, *, by: int | None, on: Connection) -> None:
    """Let a held notice go through every state up to ``wanted``. Records NoticeMoved for each."""
    way = states.steps(row.status, wanted)
    reached, before = row.reached, row.status
    for state in way:
        reached = _reached(reached, state)
        tell_moved(row, state, before, by=by, on=on)
        before = state
    if way:
        change(row, on, status=wanted, reached=reached)


def _reached(before: Mapping[str, str], state: str) -> dict[str, str]:
    return {state: clock.now().isoformat(), **before}


def tell_moved(
    row: Any, status: str, before: str | None, *, by: int | None, on: Connection
) -> None:
    """Record that a notice reached a state."""
    events.record(
        NoticeMoved(
            actor_id=by,
            company_id=row.company_id,
            ref=row.ref,
            warehouse_id=row.warehouse_id,
            status=status,
            before=before,
        ),
        on=on,
    )


def tell_amended(row: Any, what: str, *, by: int | None, on: Connection) -> None:
    """Record that what a notice says was changed."""
    events.record(
        NoticeAmended(
            actor_id=by,
            company_id=row.company_id,
            ref=row.ref,
            warehouse_id=row.warehouse_id,
            what=what,
        ),
        on=on,
    )
