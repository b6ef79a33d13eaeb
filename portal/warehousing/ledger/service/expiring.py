"""What the calendar does to lots: they pass their date, and holds end on their last day."""

from sqlalchemy import Connection, select

from portal.core import scope
from portal.warehousing.ledger.models import Balance, Lot, LotHold
from portal.warehousing.ledger.service.holding import Hold, lift, set_hold, today

_LOT, _HOLD, _BALANCE = (model.__table__ for model in (Lot, LotHold, Balance))


def expire(*, on: Connection, most: int = 200) -> int:
    """Hold lots past their date of which something lies here; return how many.

    Records StockMoved and LotStatusChanged for each.
    """
    known = select(_HOLD.c.id).where(
        _HOLD.c.lot_id == _LOT.c.id, _HOLD.c.status == "expired", _HOLD.c.ended_at.is_(None)
    )
    lies = select(_BALANCE.c.id).where(_BALANCE.c.lot_id == _LOT.c.id, _BALANCE.c.on_hand > 0)
    wanted = select(_LOT.c.id, _LOT.c.company_id, _LOT.c.expires_on)
    wanted = wanted.where(_LOT.c.expires_on < today(), ~known.exists(), lies.exists())
    late = on.execute(
        wanted.order_by(_LOT.c.sku_id, _LOT.c.id).limit(most).execution_options(**scope.CENTRE)
    ).all()
    for row in late:
        reason = f"{row.expires_on:%Y-%m-%d} < {today():%Y-%m-%d}"
        hold = Hold(kind="quality", status="expired", reason=reason)
        set_hold(row.id, row.company_id, hold, by_id=None, on=on)
    return len(late)


def end_those_past(*, on: Connection, most: int = 200) -> int:
    """Lift holds whose last day is over; return how many. Records as ``lift`` does."""
    wanted = select(_HOLD.c.ref, _HOLD.c.company_id, _HOLD.c.kind).where(
        _HOLD.c.until_on < today(), _HOLD.c.ended_at.is_(None)
    )
    wanted = wanted.order_by(_HOLD.c.lot_id, _HOLD.c.id).limit(most)
    over = on.execute(wanted.execution_options(**scope.CENTRE)).all()
    for row in over:
        lift(row.ref, row.company_id, row.kind, by_id=None, note=None, on=on)
    return len(over)
