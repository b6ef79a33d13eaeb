"""Loading and shipping: cartons are scanned onto a vehicle, the order leaves as a consignment.

Issue from stock, the order's last status and the consignment are one transaction: after a crash
there is all of it or nothing. An order leaves once.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, select

from portal.core import clock, scope
from portal.core.db import AnyRow
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import written
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.service import reserving
from portal.warehousing.outbound import shipping
from portal.warehousing.outbound.models import Carton, CartonContent
from portal.warehousing.outbound.rules import cartons as rules
from portal.warehousing.outbound.rules import orders as order_rules
from portal.warehousing.outbound.service import cartons, handling, states
from portal.warehousing.outbound.service.handling import Hand
from portal.warehousing.sites import queries as sites

_CARTON, _CONTENT, _SKU = (model.__table__ for model in (Carton, CartonContent, Sku))
MOST_WORDS = 200  # characters that say what is in a carton


def load(order: Any, carton_id: int, hand: Hand, *, on: Connection) -> tuple[AnyRow, int]:
    """Note that a carton is on the vehicle; return it, and how many of its order are not yet.

    Raises Refused for one that is not staged, or is on it already. Records CartonMoved.
    """
    order = states.locked(order.id, order.company_id, on=on)
    carton = cartons.get(order, carton_id, on=on)
    if carton.status == "loaded":
        raise Refused(_l("Carton %(number)s is loaded already.", number=carton.number))
    handling.check_status(order, order_rules.STAGED)
    rules.advance(carton.status, "loaded")
    carton = cartons.change(carton, {"status": "loaded", "loaded_at": clock.now()}, on=on)
    cartons.tell(order, carton, hand, on=on)
    left = [each for each in cartons.all_of(order, on=on) if each.status != "loaded"]
    return carton, len(left)


def unload(order: Any, carton_id: int, hand: Hand, *, on: Connection) -> AnyRow:
    """Take a carton off the vehicle again; return it. Records CartonMoved."""
    order = states.locked(order.id, order.company_id, on=on)
    handling.check_status(order, order_rules.STAGED)
    carton = cartons.get(order, carton_id, on=on)
    if carton.status != "loaded":
        raise Refused(_l("Carton %(number)s is not on the vehicle.", number=carton.number))
    carton = cartons.change(carton, {"status": "staged", "loaded_at": None}, on=on)
    cartons.tell(order, carton, hand, on=on)
    return carton


def ship(order: Any, hand: Hand, *, prefix: str, on: Connection) -> Any:
    """Let an order leave whose cartons are all loaded; return its row, with the consignment.

    Raises Refused while a carton is not loaded, and for one that has left. Records StockMoved,
    OutboundMoved, and what the carrier records (ConsignmentCreated).
    """
    order = states.locked(order.id, order.company_id, on=on)
    if order.status in (order_rules.SHIPPED, order_rules.CLOSED):
        raise Refused(_l("Order %(ref)s has left already.", ref=order.ref))
    handling.check_status(order, order_rules.STAGED)
    loaded = cartons.all_of(order, on=on)
    waiting = [str(carton.number) for carton in loaded if carton.status != "loaded"]
    if waiting:
        raise Refused(
            _l("Not loaded yet: carton %(numbers)s. Scan it.", numbers=", ".join(waiting))
        )
    _check_whole(order, loaded, on)
    _issue(order, hand, on)
    no = shipping.carry(_leaving(order, loaded, hand, prefix, on), on)
    for carton in loaded:
        cartons.change(carton, {"status": "shipped", "location_id": None}, on=on)
    left: dict[str, Any] = {"consignment_no": no, "shipped_at": clock.now()}
    return states.advance(order, order_rules.SHIPPED, by=hand.person_id, on=on, **left)


def _check_whole(order: Any, loaded: Sequence[Any], on: Connection) -> None:
    """Raise Refused where goods were put on hold after they were packed."""
    for carton in loaded:
        if not cartons.is_whole(order, carton, on=on):
            raise Refused(
                _l(
                    "Goods in carton %(number)s were put on hold. Unload it and open it again.",
                    number=carton.number,
                )
            )


def _issue(order: Any, hand: Hand, on: Connection) -> None:
    """Take what was packed out of stock."""
    lines = states.lines_of(order, on=on)
    packed = [each for each in handling.promises(order, lines, on=on) if each.picked]
    reserving.consume(packed, handling.posting(order, "issue", hand), on=on)
    for line in lines:
        if line.packed:
            handling.add(line, shipped=line.packed, on=on)


def _leaving(
    order: Any, loaded: Sequence[Any], hand: Hand, prefix: str, on: Connection
) -> shipping.Leaving:
    said = _words(order, on)
    return shipping.Leaving(
        order=order,
        warehouse=sites.warehouse_of(order.warehouse_id, on=on),
        cartons=loaded,
        goods=[said.get(carton.id, "") for carton in loaded],
        person_id=hand.person_id,
        prefix=prefix,
    )


def _words(order: Any, on: Connection) -> dict[int, str]:
    """Return carton → what is in it, in words that a label has room for."""
    c, s = _CONTENT.c, _SKU.c
    wanted = (
        select(c.carton_id, c.quantity, s.name, s.code)
        .join_from(_CONTENT, _CARTON, _CARTON.c.id == c.carton_id)
        .join(_SKU, s.id == c.sku_id)
        .where(c.company_id == order.company_id, _CARTON.c.order_id == order.id)
        .order_by(c.carton_id, c.id)
    )
    said: dict[int, str] = {}
    for row in on.execute(wanted.execution_options(**scope.of(order.company_id))):
        one = f"{row.name} × {written(row.quantity)}"
        said[row.carton_id] = "; ".join(filter(None, (said.get(row.carton_id), one)))
    return {carton: _shortened(words) for carton, words in said.items()}


def _shortened(words: str) -> str:
    return words if len(words) <= MOST_WORDS else words[: MOST_WORDS - 1] + "…"
