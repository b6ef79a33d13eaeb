"""What papers say of one order from stock, as texts in the language of whoever reads them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from portal.consignments.rules.units import unit_text
from portal.consignments.shown.facts import SERVICE_TEXT, phone
from portal.core import i18n
from portal.core.i18n import gettext as _
from portal.core.quantities import written
from portal.documents.facts import moment
from portal.warehousing.outbound.queries.packs import Box
from portal.warehousing.sites.queries import name_in


@dataclass(frozen=True)
class Party:
    """Who sends, or who gets it."""

    name: str
    phone: str
    address: str
    place: str
    masked_phone: str = ""  # as strangers see it who look at a label


@dataclass(frozen=True)
class Row:
    """So much of some goods in a carton."""

    sku: str
    name: str
    lot: str
    until: str
    quantity: str


@dataclass(frozen=True)
class Carton:
    """One carton: code, number of its order, weight, measures, what is in it."""

    number: int
    sscc: str
    kind: str
    weight: str
    measures: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Released:
    """One order. Every text is ready to be printed; what is not known is empty."""

    ref: str
    order_ref: str
    owner: str
    service: str
    warehouse: Party
    consignee: Party
    ordered: str
    ship_by: str
    shipped: str
    consignment: str
    cartons: tuple[Carton, ...]
    weight: str
    note: str


def of(order: Any, warehouse: Any, boxes: Sequence[Box]) -> Released:
    """Return what papers say of an order (a row with ``company``), its warehouse and cartons."""
    weights = [box.row.weight_g for box in boxes if box.row.weight_g]
    return Released(
        ref=order.ref,
        order_ref=order.order_ref if order.order_ref != order.ref else "",
        owner=order.company,
        service=str(SERVICE_TEXT.get(order.service, order.service)),
        warehouse=_warehouse(warehouse),
        consignee=_consignee(order),
        ordered=moment(order.submitted_at),
        ship_by=moment(order.ship_by),
        shipped=moment(order.shipped_at),
        consignment=order.consignment_no or "",
        cartons=tuple(_carton(box) for box in boxes),
        weight=i18n.weight(sum(weights)) if weights else "",
        note=order.note or "",
    )


def _warehouse(warehouse: Any) -> Party:
    said = warehouse.party
    place = " ".join(str(said[name]) for name in ("postcode", "city") if said.get(name))
    named = f"{name_in(warehouse.names)} ({warehouse.code})"
    return Party(named, phone(said.get("phone") or ""), str(said.get("address") or ""), place)


def _consignee(order: Any) -> Party:
    place = " ".join(filter(None, (order.consignee_postcode, order.consignee_city)))
    if order.consignee_country not in (None, "CN"):
        place = f"{place} {order.consignee_country}"
    return Party(
        order.consignee_name or "",
        phone(order.consignee_phone or ""),
        order.consignee_address or "",
        place,
        i18n.masked_phone(order.consignee_phone) if order.consignee_phone else "",
    )


def _carton(box: Box) -> Carton:
    row = box.row
    sides = [side for side in (row.length_mm, row.width_mm, row.height_mm) if side]
    measures = " × ".join(i18n.number(side / 10) for side in sides)
    return Carton(
        number=row.number,
        sscc=row.sscc,
        kind=row.type or _("In its own packing"),
        weight=i18n.weight(row.weight_g) if row.weight_g else "",
        measures=f"{measures} cm" if measures else "",
        rows=tuple(_row(each) for each in box.contents),
    )


def _row(content: Any) -> Row:
    return Row(
        sku=content.sku,
        name=name_in(content.names) or content.sku,
        lot=content.lot,
        until=content.expires_on.isoformat() if content.expires_on else "",
        quantity=f"{written(content.quantity)} {unit_text(content.unit)}".strip(),
    )
