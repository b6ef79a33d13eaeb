"""Creating consignments: one, or many at once."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any

from sqlalchemy import Connection

from portal.consignments import fulltext
from portal.consignments.events import ConsignmentCreated
from portal.consignments.rules import numbers, ordered, promise
from portal.consignments.rules.order import PARTY_FIELDS, Created, Order, Origin, Party, Unit
from portal.consignments.rules.vocabulary import RANK, Status
from portal.consignments.service import estimates, learning, locating, totals, writing
from portal.consignments.service.estimates import UNKNOWN, Estimated
from portal.core import clock, events, gs1, sequences

__all__ = ["PARTY_FIELDS", "Created", "Order", "Origin", "Party", "Unit", "create", "create_many"]


def create(order: Order, origin: Origin, *, on: Connection) -> Created:
    """Create one consignment.

    Records ConsignmentCreated. The caller has made sure that ``order_ref`` is not taken.
    """
    return create_many([order], origin, on=on)[0]


def create_many(orders: Sequence[Order], origin: Origin, *, on: Connection) -> list[Created]:
    """Create consignments with their pieces, first events, totals and search words, in order.

    Records ConsignmentCreated for each. A few statements, however many orders.
    """
    at = clock.now()
    senders: dict[Party, Mapping[str, Any]] = {}
    rows = [columns_of(order, origin, at, senders) for order in orders]
    expected = _expected(rows)
    for row, each in zip(rows, expected, strict=True):
        row.update(each.columns)
    ids = writing.consignments(rows, on=on)
    created = [Created(id_, row["no"]) for id_, row in zip(ids, rows, strict=True)]
    add_pieces(orders, created, origin, on)
    _add_first_events(rows, expected, created, origin, on)
    totals.apply(map(totals.new, rows), on=on)
    learning.keep(map(learning.taught, rows), on=on)
    fulltext.add(zip(ids, rows, strict=True), on=on)
    events.record_all((_created_event(row, origin) for row in rows), on=on)
    locating.ask_online(origin.company_id, ids, on=on)
    return created


_facts = itemgetter("status", *estimates.NEEDED)


def _expected(rows: Sequence[Mapping[str, Any]]) -> list[Estimated]:
    """Return what is expected of each row; whose facts are the same, the estimate is too."""
    known: dict[tuple[Any, ...], Estimated] = {}
    expected = []
    for row in rows:
        facts = _facts(row)
        found = known.get(facts)
        if found is None:
            found = known[facts] = estimates.first_for(row)
        expected.append(found)
    return expected


def columns_of(
    order: Order,
    origin: Origin,
    at: datetime,
    senders: dict[Party, Mapping[str, Any]] | None = None,
) -> dict[str, Any]:
    """Return the columns of the consignment that ``order`` makes when it is created ``at``.

    ``senders`` remembers the columns of consignors from one order to the next.
    """
    begins_at = order.begins_at or order.ordered_at
    settled = order.begins == Status.DELIVERED
    return {
        "no": numbers.new_number(),
        "company_id": origin.company_id,
        "order_ref": order.order_ref,
        "service": order.service,
        "status": str(order.begins),
        "status_seq": 1,
        "attempts": 0,
        "split": False,
        "head_at": begins_at,
        "head_rank": RANK[order.begins],
        "last_code": str(order.begins),
        "last_at": begins_at,
        "last_place": order.consignee.city if settled else order.consignor.city,
        **_parties(order, {} if senders is None else senders),
        **_measures(order.pieces),
        **_promise(order),
        "delivery_actual": begins_at if settled else None,
        "history": settled,
        "created_by_id": origin.person_id,
        "ordered_at": order.ordered_at,
        "created_at": at,
        "changed_at": at,
        **EMPTY,
        **UNKNOWN,
        **_NO_PICKUP,
        "window_to": order.window_to,
        **order.extra,
    }


#: Columns that every inserted row names, so that one statement serves them all.
EMPTY: dict[str, Any] = {
    "declared_minor": None,
    "declared_currency": None,
    "cod_minor": None,
    "cod_currency": None,
    "freight_minor": None,
    "freight_currency": None,
    "insurance_minor": None,
    "insurance_currency": None,
    "mode": None,
    "dangerous": False,
    "temperature_min_c": None,
    "temperature_max_c": None,
    "window_from": None,
    "window_to": None,
    "payer": "shipper",
    "note": None,
    "remarks": None,
    "import_id": None,
    "open_incidents": 0,
    "owner_incidents": 0,
}


_NO_PICKUP = dict.fromkeys(("pickup_estimated_from", "pickup_estimated", "pickup_estimated_to"))


def _parties(order: Order, senders: dict[Party, Mapping[str, Any]]) -> dict[str, Any]:
    """Return the columns of both parties, with where they are."""
    sender = senders.get(order.consignor)
    if sender is None:
        sender = senders[order.consignor] = _side("consignor", order.consignor)
    row = {**sender, **_side("consignee", order.consignee)}
    row["unsure_places"] = locating.unsure(row)
    return row


def _side(side: str, party: Party) -> dict[str, Any]:
    row = dict(zip(_COLUMNS[side], _said(party), strict=True))
    row.update(locating.columns(side, party))
    return row


_said = attrgetter(*PARTY_FIELDS)
_COLUMNS = {
    side: tuple(f"{side}_{name}" for name in PARTY_FIELDS) for side in ("consignor", "consignee")
}


def _measures(pieces: Sequence[Unit]) -> dict[str, Any]:
    weights = [piece.weight_g for piece in pieces if piece.weight_g is not None]
    gross = sum(weights) if weights else None
    volume = sum(piece.volume_mm3() for piece in pieces) or None
    return {
        "piece_count": len(pieces),
        "gross_weight_g": gross,
        "volume_mm3": volume,
        "chargeable_weight_g": promise.chargeable_weight_g(gross, volume),
    }


def _promise(order: Order) -> dict[str, Any]:
    if order.begins == Status.DELIVERED:
        return {"pickup_planned": None, "delivery_planned": order.planned_delivery}
    planned = order.planned_delivery or promise.planned_delivery(
        order.service,
        order.ordered_at,
        clock.zone(),
        abroad=promise.is_abroad(order.consignee.country),
        until=order.window_to,
    )
    return {
        "pickup_planned": promise.planned_pickup(order.ordered_at),
        "delivery_planned": planned,
    }


def add_pieces(
    orders: Sequence[Order], created: list[Created], origin: Origin, on: Connection
) -> None:
    """Give each created consignment the pieces of its order, with codes of their own.

    A piece that has a code keeps it.
    """
    uncoded = sum(piece.sscc is None for order in orders for piece in order.pieces)
    serials = iter(sequences.take("sscc", uncoded, on=on) if uncoded else ())
    rows = [
        {
            "company_id": origin.company_id,
            "consignment_id": consignment.id,
            **piece.__dict__,
            "sscc": piece.sscc or gs1.sscc(origin.sscc_prefix, next(serials)),
        }
        for order, consignment in zip(orders, created, strict=True)
        for piece in order.pieces
    ]
    writing.pieces(rows, on=on)


def _add_first_events(
    rows: list[dict[str, Any]],
    expected: Sequence[Estimated],
    created: list[Created],
    origin: Origin,
    on: Connection,
) -> None:
    first = [
        {
            "company_id": origin.company_id,
            "consignment_id": consignment.id,
            "seq": 1,
            "classifier": "actual",
            "code": row["status"],
            "occurred_at": row["head_at"],
            "recorded_at": row["created_at"],
            "place": row["last_place"],
            "source": origin.source,
            "actor_id": origin.person_id,
            "published": True,
            "status_after": row["status"],
            **said.event,
        }
        for row, said, consignment in zip(rows, expected, created, strict=True)
    ]
    writing.first_events(first, on=on)


def _created_event(row: dict[str, Any], origin: Origin) -> ConsignmentCreated:
    return ConsignmentCreated(
        actor_id=origin.person_id,
        company_id=origin.company_id,
        no=row["no"],
        seq=1,
        status=row["status"],
        order_ref=row["order_ref"],
        city=row["consignee_city"],
        occurred_at=row["head_at"].isoformat(),
        place=row["last_place"],
        source=origin.source,
        recorded_at=row["created_at"].isoformat(),
        order=ordered.digest(row),
    )
