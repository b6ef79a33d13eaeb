"""Estimating anew what was expected and did not come, when nothing has happened meanwhile.

Called by the worker of incidents for consignments whose time has come, in its transaction. What
events have estimated stays with them, and is what is judged at delivery (``rules.told``).
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, bindparam, update

from portal.consignments.events import EstimateRenewed
from portal.consignments.models import Consignment
from portal.consignments.rules.estimates import CARRIER
from portal.consignments.rules.told import Told
from portal.consignments.rules.vocabulary import Status
from portal.consignments.service import estimates
from portal.core import clock, events, scope

#: So long at least an estimate stands, unless even its latest time has passed.
PAUSE = timedelta(minutes=15)
_C = Consignment.__table__
_SETTLED = frozenset(
    {Status.DRAFT, Status.DELIVERED, Status.CLOSED, Status.CANCELLED, Status.RETURNED}
)
_DELIVERY = ("delivery_estimated_from", "delivery_estimated", "delivery_estimated_to")
_PICKUP = ("pickup_estimated_from", "pickup_estimated", "pickup_estimated_to")
COLUMNS = (*_DELIVERY, "estimate_basis", *_PICKUP)
#: What must be known of a consignment, beside who it is.
NEEDED = tuple(
    dict.fromkeys((*estimates.NEEDED, *COLUMNS, "status_seq", "history", "event_estimate"))
)
_RENEW = (
    update(_C)
    .where(_C.c.id == bindparam("row"))
    .values({name: bindparam(f"new_{name}") for name in (*COLUMNS, "event_estimate")})
    .execution_options(**scope.CENTRE)
)


def next_at(row: Any, now: datetime) -> datetime | None:
    """Return when what is expected of ``row`` will have passed; None: nothing is expected."""
    if row.history or row.status in _SETTLED:
        return None
    ends = [_end(row, _DELIVERY, now)]
    if row.pickup_actual is None:
        ends.append(_end(row, _PICKUP, now))
    return min((end for end in ends if end is not None), default=None)


def renew(rows: Sequence[Any], on: Connection) -> list[Any]:
    """Return the locked ``rows``, those anew of which what was expected has passed.

    Records EstimateRenewed of each that is expected otherwise now.
    """
    now = clock.now()
    changes = {row.id: new for row in rows if (new := _anew(row, now))}
    if not changes:
        return list(rows)
    on.execute(
        _RENEW,
        [
            {"row": row_id, **{f"new_{name}": value for name, value in new.items()}}
            for row_id, new in sorted(changes.items())
        ],
    )
    renewed = [SimpleNamespace(**{**row._mapping, **changes.get(row.id, {})}) for row in rows]
    events.record_all((_event(row) for row in renewed if row.id in changes), on=on)
    return renewed


def _end(row: Any, names: Sequence[str], now: datetime) -> datetime | None:
    _, at, late = (getattr(row, name) for name in names)
    if at is None:
        return None
    return max(at, min(late or at, now + PAUSE))


def _anew(row: Any, now: datetime) -> dict[str, Any]:
    """Return the columns of what is expected now; {}: what is expected has not passed."""
    if next_at(row, now) is None or not _has_passed(row, now):
        return {}
    before = {name: getattr(row, name) for name in COLUMNS}
    new = {**before, **estimates.again_for(row._mapping)}
    if row.estimate_basis == CARRIER and row.delivery_estimated > now:
        new |= Told.of(row).columns()  # who carries it has said so, and it may still be
    if new == before:
        return {}
    return {**new, "event_estimate": Told.of(row).written()}


def _has_passed(row: Any, now: datetime) -> bool:
    expected = [row.delivery_estimated, None if row.pickup_actual else row.pickup_estimated]
    return any(at is not None and at <= now for at in expected)


def _event(row: Any) -> EstimateRenewed:
    return EstimateRenewed(
        actor_id=None,
        company_id=row.company_id,
        no=row.no,
        seq=row.status_seq,
        early=_text(row.delivery_estimated_from),
        at=_text(row.delivery_estimated),
        late=_text(row.delivery_estimated_to),
        basis=row.estimate_basis,
    )


def _text(at: datetime | None) -> str | None:
    return None if at is None else at.isoformat()
