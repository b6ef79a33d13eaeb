"""Making the consignment that carries an order out, in the transaction that ships it.

Its pieces are the packed cartons, with the SSCCs that are on them. It bears the owner's own order
number where no other consignment of his has it, else ours (``OUT…``), else none: two consignments
of a company never have the same.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, insert, select

from portal.accounts.models import Company
from portal.consignments.models import Consignment
from portal.consignments.queries.one import HEAD, order_refs_taken
from portal.consignments.rules.order import Created, Order, Origin, Party, Unit
from portal.consignments.rules.vocabulary import Status
from portal.consignments.service import orders, tracking
from portal.consignments.service.tracking import NewEvent
from portal.core import clock, scope
from portal.fulfilment.models import Shipment
from portal.warehousing.goods.models import Sku
from portal.warehousing.outbound.models import OutboundLine
from portal.warehousing.outbound.shipping import Leaving

SOURCE = "scan"  # cartons are scanned onto the vehicle
CARTON = "CT"  # UN/ECE Recommendation 20
_SHIPMENT, _CONSIGNMENT, _COMPANY, _LINE, _SKU = (
    model.__table__ for model in (Shipment, Consignment, Company, OutboundLine, Sku)
)


def carry(leaving: Leaving, on: Connection) -> str:
    """Make the consignment of an order that leaves, once; return its number.

    It is on its way at once: it leaves from the centre's own stock. Records ConsignmentCreated,
    TrackingEventRecorded.
    """
    order = leaving.order
    known = _number_of(order, on)
    if known is not None:
        return known
    at = clock.now()
    origin = Origin(order.company_id, leaving.person_id, SOURCE, leaving.prefix)
    made = orders.create(_order(leaving, at, on), origin, on=on)
    _pick_up(made, leaving, at, on)
    row = {
        "company_id": order.company_id,
        "order_id": order.id,
        "consignment_id": made.id,
        "created_at": at,
    }
    on.execute(insert(_SHIPMENT).values(row))
    return made.no


def _number_of(order: Any, on: Connection) -> str | None:
    shipped = (
        select(_CONSIGNMENT.c.no)
        .join_from(_SHIPMENT, _CONSIGNMENT, _CONSIGNMENT.c.id == _SHIPMENT.c.consignment_id)
        .where(_SHIPMENT.c.company_id == order.company_id, _SHIPMENT.c.order_id == order.id)
    )
    found = on.scalar(shipped.execution_options(**scope.CENTRE))
    return None if found is None else str(found)


def _order(leaving: Leaving, at: datetime, on: Connection) -> Order:
    order = leaving.order
    return Order(
        order_ref=_order_ref(order, on),
        service=order.service,
        consignor=_consignor(leaving.warehouse),
        consignee=_consignee(order),
        pieces=_pieces(leaving),
        ordered_at=at,
        extra=_care(order, on),
    )


def _order_ref(order: Any, on: Connection) -> str | None:
    wanted = list(dict.fromkeys((order.order_ref, order.ref)))
    taken = order_refs_taken(order.company_id, wanted, on=on)
    return next((ref for ref in wanted if ref not in taken), None)


def _consignor(warehouse: Any) -> Party:
    said = dict(warehouse.party)
    said["division"] = said.pop("division_code", None)
    known = Party.__dataclass_fields__
    return Party(**{name: value for name, value in said.items() if name in known})


def _consignee(order: Any) -> Party:
    names = ("name", "phone", "address", "city", "country", "postcode", "division", "lat", "lon")
    return Party(**{name: getattr(order, f"consignee_{name}") for name in names})


def _pieces(leaving: Leaving) -> Sequence[Unit]:
    return [
        Unit(
            goods=goods,
            unit=CARTON,
            weight_g=carton.weight_g,
            length_mm=carton.length_mm,
            width_mm=carton.width_mm,
            height_mm=carton.height_mm,
            sscc=carton.sscc,
        )
        for carton, goods in zip(leaving.cartons, leaving.goods, strict=True)
    ]


def _care(order: Any, on: Connection) -> dict[str, Any]:
    """Return what the goods ask for on their way: danger, and the warmth that all of them bear."""
    s, c = _SKU.c, _LINE.c
    wanted = (
        select(s.hazard_un, s.temperature_min_c, s.temperature_max_c)
        .join_from(_LINE, _SKU, s.id == c.sku_id)
        .where(c.company_id == order.company_id, c.order_id == order.id, c.shipped > 0)
    )
    rows = on.execute(wanted.execution_options(**scope.of(order.company_id))).all()
    coldest = [row.temperature_min_c for row in rows if row.temperature_min_c is not None]
    warmest = [row.temperature_max_c for row in rows if row.temperature_max_c is not None]
    return {
        "dangerous": any(row.hazard_un for row in rows),
        "temperature_min_c": max(coldest, default=None),
        "temperature_max_c": min(warmest, default=None),
    }


def _pick_up(made: Created, leaving: Leaving, at: datetime, on: Connection) -> None:
    """Record that the vehicle has it."""
    left = NewEvent(
        code=Status.PICKED_UP.value,
        occurred_at=at,
        place=str(leaving.warehouse.party.get("city") or ""),
        source=SOURCE,
        source_event_id=f"ship:{leaving.order.id}",
    )
    tracking.push(_head(made, leaving.order.company_id, on), left, by=leaving.person_id, on=on)


def _head(made: Created, company_id: int, on: Connection) -> Any:
    c = _CONSIGNMENT.c
    heads = select(*HEAD, _COMPANY.c.attempt_limit).join(_COMPANY, _COMPANY.c.id == c.company_id)
    mine = heads.where(c.company_id == company_id, c.id == made.id)
    return on.execute(mine.execution_options(**scope.of(company_id))).one()
