"""What all hands on the floor share: whose they are, postings of an order, figures of its lines.

Lock order: order, its lines, balances by (SKU, lot, location).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from functools import cache
from typing import Any

from sqlalchemy import Connection, bindparam, update

from portal.core import scope
from portal.core.db import AnyRow
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.prepared import Prepared
from portal.core.quantities import Quantity
from portal.warehousing.ledger.rules import Posting
from portal.warehousing.ledger.service import reserving
from portal.warehousing.outbound.models import OutboundLine
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.sites import queries as sites

#: Purpose of promises to lines of orders.
PURPOSE = "outbound"
_LINE = OutboundLine.__table__


@dataclass(frozen=True)
class Hand:
    """Who does something on the floor, and when his handheld says he did (None: it is silent)."""

    person_id: int | None
    said_at: datetime | None = None


def posting(order: Any, kind: str, hand: Hand, **more: Any) -> Posting:
    """Return a movement of the order's goods, without entries yet."""
    return Posting(
        kind=kind,
        company_id=order.company_id,
        warehouse_id=order.warehouse_id,
        legs=(),
        actor_id=hand.person_id,
        document=order.ref,
        said_at=hand.said_at,
        **more,
    )


def add(line: Any, *, on: Connection, **amounts: Decimal) -> None:
    """Add to figures of a line: ``allocated=Decimal(-2), picked=…``."""
    given = {f"more_{name}": amount for name, amount in amounts.items()}
    values = {"company": line.company_id, "line": line.id, **given}
    _adding(tuple(amounts)).run(on, values)


@cache
def _adding(names: tuple[str, ...]) -> Prepared:
    """Return the statement that adds to these figures; made once for each set of them."""
    more = {name: _LINE.c[name] + bindparam(f"more_{name}", type_=Quantity()) for name in names}
    mine = (_LINE.c.company_id == bindparam("company"), _LINE.c.id == bindparam("line"))
    return Prepared(update(_LINE).where(*mine).values(more).execution_options(**scope.BOUND))


def promises(order: Any, lines: Iterable[Any], *, on: Connection) -> Sequence[Any]:
    """Return what is promised to the lines of an order, as ``reserving.promised_to``."""
    return reserving.promised_to([line.id for line in lines], PURPOSE, order.company_id, on=on)


def check_status(order: Any, *statuses: str) -> None:
    """Raise Refused unless the order is in one of ``statuses``: a scan out of order."""
    if order.status not in statuses:
        raise Refused(
            _l(
                "Order %(ref)s is “%(now)s”. This step is not its turn now.",
                ref=order.ref,
                now=rules.STATUSES.get(order.status, order.status),
            )
        )


def stage_at(location_id: int, order: Any, *, on: Connection) -> AnyRow:
    """Return a location of kind stage of the order's warehouse; raises Refused for any other."""
    found = sites.locations_of([location_id], on).get(location_id)
    is_stage = found is not None and found.kind == "stage"
    if found is None or not is_stage or found.warehouse_id != order.warehouse_id:
        raise Refused(_l("Goods for orders are laid down at a staging place. Scan one."))
    if not found.active or found.blocked is not None:
        raise Refused(_l("Location %(code)s is closed. Take another one.", code=found.code))
    return found
