"""Rows of consignments as the JSON of the API.

Instants are text already (``core.written``) or are written by ``core.api.as_json``.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, timezone
from functools import lru_cache
from typing import Any

from flask import current_app

from portal.consignments.rules import expected
from portal.consignments.rules.estimates import Basis
from portal.consignments.rules.expected import Expectation
from portal.consignments.rules.incident_words import advice, kind_text
from portal.consignments.rules.vocabulary import Status, big_step, text
from portal.core import clock, i18n
from portal.core.written import from_datetime


def consignment(
    row: Any, pieces: Iterable[Any], incidents: Iterable[Any], company_ref: str | None
) -> dict[str, Any]:
    """Return everything of one consignment that its company may see."""
    units = [piece(each) for each in pieces]
    arrived = [unit["status"] == Status.DELIVERED for unit in units]
    return {
        **_heading(row, company_ref, _words(i18n.tag())[row.status]),
        "consignor": party(row, "consignor"),
        "consignee": party(row, "consignee"),
        "pieces": units,
        "partly_delivered": any(arrived) and not all(arrived),
        "piece_count": row.piece_count,
        "gross_weight_g": row.gross_weight_g,
        "volume_mm3": row.volume_mm3,
        "chargeable_weight_g": row.chargeable_weight_g,
        "declared_value": money(row.declared_minor, row.declared_currency),
        "cod": money(row.cod_minor, row.cod_currency),
        "window": window(row),
        "note": row.note,
        "attempts": row.attempts,
        "promise": promise(row, clock.now()),
        "incidents": [incident(each) for each in incidents],
        "created_at": row.created_at,
        "links": links(row.no, site()),
    }


def list_items(rows: Sequence[Any], *, internal: bool) -> list[dict[str, Any]]:
    """Return what a list shows of each consignment; ``internal``: to the centre's own people."""
    home, words, now = site(), _words(i18n.tag()), from_datetime(clock.now())
    return [
        {
            **_heading(row, row.company_ref, words[row.status]),
            "consignor": {"name": row.consignor_name, "city": row.consignor_city},
            "consignee": {
                "name": row.consignee_name,
                "city": row.consignee_city,
                "country": row.consignee_country,
            },
            "piece_count": row.piece_count,
            "gross_weight_g": row.gross_weight_g,
            "promise": promise(row, now),
            "open_incidents": row.open_incidents if internal else row.owner_incidents,
            "created_at": row.created_at,
            "links": links(row.no, home),
        }
        for row in rows
    ]


@lru_cache(maxsize=len(i18n.TAGS))
def _words(_language: str) -> dict[str, tuple[str, str]]:
    """Return status → its name in the reader's language, and its big step."""
    return {str(status): (text(status), str(big_step(status))) for status in Status}


def _heading(row: Any, company_ref: str | None, words: tuple[str, str]) -> dict[str, Any]:
    return {
        "no": row.no,
        "order_ref": row.order_ref,
        "status": row.status,
        "status_seq": row.status_seq,
        "text": words[0],
        "big_step": words[1],
        "company": company_ref,
        "service": row.service,
        "ordered_at": row.ordered_at,
        "changed_at": row.changed_at,
        "last": {"code": row.last_code, "occurred_at": row.last_at, "place": row.last_place},
    }


def party(row: Any, side: str) -> dict[str, Any]:
    """Return the consignor or the consignee of a consignment."""
    names = ("name", "phone", "address", "city", "country", "postcode")
    return {
        **{name: getattr(row, f"{side}_{name}") for name in names},
        "division_code": getattr(row, f"{side}_division"),
        "lat": getattr(row, f"{side}_lat"),
        "lon": getattr(row, f"{side}_lon"),
        "confidence": getattr(row, f"{side}_confidence"),
    }


def piece(row: Any) -> dict[str, Any]:
    """Return one piece; its quantity as decimal text, so that nothing is rounded on the way."""
    return {
        "sscc": row.sscc,
        "goods": row.goods,
        "quantity": f"{row.quantity.normalize():f}",
        "unit": row.unit,
        "weight_g": row.weight_g,
        "length_mm": row.length_mm,
        "width_mm": row.width_mm,
        "height_mm": row.height_mm,
        "status": row.status,
    }


def money(minor: int | None, currency: str | None) -> dict[str, Any] | None:
    """Return an amount; None where there is none."""
    return None if minor is None else {"minor": minor, "currency": currency}


def window(row: Any) -> dict[str, Any] | None:
    """Return the delivery window; None where none was asked for."""
    if row.window_from is None and row.window_to is None:
        return None
    return {"from": row.window_from, "to": row.window_to}


def promise(row: Any, now: Any) -> dict[str, Any]:
    """Return what is promised, expected and what became of it, for pick-up and delivery.

    ``from`` and ``to`` are the range of our own estimate, ``basis`` what it was made from.
    ``now`` is an instant as those of the row are: written ones compare as well.
    """
    delivery = expected.delivery(row, now)
    return {
        "pickup": _leg(row.pickup_planned, expected.pickup(row, now), row.pickup_actual),
        "delivery": {
            **_leg(row.delivery_planned, delivery, row.delivery_actual),
            "basis": basis(None if delivery.at is None else row.estimate_basis),
        },
    }


def _leg(planned: datetime | None, said: Expectation, actual: datetime | None) -> dict[str, Any]:
    early, at, late = said
    return {"planned": planned, "estimated": at, "from": early, "to": late, "actual": actual}


@lru_cache(maxsize=4096)  # whole lanes and services share theirs
def basis(kept: str | None) -> dict[str, Any] | None:
    """Return what an estimate was made from; None where there is none."""
    known = Basis.read(kept)
    if known is None:
        return None
    by_distance = known.name == "distance"
    return {
        "kind": known.name,
        "deliveries": None if by_distance else known.number,
        "kilometres": known.number if by_distance else None,
    }


def incident(row: Any) -> dict[str, Any]:
    """Return one incident, with what its owner can do about it."""
    return {
        "ref": row.ref,
        "kind": row.kind,
        "text": kind_text(row.kind, row.predicted),
        "predicted": row.predicted,
        "reason": row.reason,
        "state": row.state,
        "advice": advice(row.kind, row.predicted),
        "opened_at": row.opened_at,
        "closed_at": row.closed_at,
        "closed_reason": row.closed_reason,
    }


def listed_incident(row: Any) -> dict[str, Any]:
    """Return one incident of a list, with the consignment that it is about."""
    return {**incident(row), "no": row.no, "order_ref": row.order_ref, "status": row.status}


def links(no: str, home: str) -> dict[str, str]:
    """Return where the consignment is found at ``home`` by programs and by people."""
    own = f"{home}/api/v1/consignments/{no}"
    return {
        "self": own,
        "track": f"{home}/track/{no}",
        "waybill": f"{own}/documents/waybill.pdf",
        "label": f"{own}/documents/label.pdf",
    }


def site() -> str:
    """Return the address under which the portal is reached."""
    return str(current_app.config["PUBLIC_URL"]).rstrip("/")


def event(row: Any, attachments: Iterable[Any], *, internal: bool) -> dict[str, Any]:
    """Return one tracking event; who recorded it only to those who may see what is internal."""
    answer = {
        "id": row.id,
        "seq": row.seq,
        "code": row.code,
        "text": text(row.code),
        "classifier": row.classifier,
        "occurred_at": _as_given(row),
        "recorded_at": row.recorded_at,
        "place": place(row),
        "reason": row.reason,
        "note": row.note,
        "source": row.source,
        "piece": row.sscc,
        "attachments": [attachment(each) for each in attachments],
    }
    if row.retracts_id is not None:
        answer["retracts"] = row.retracts_id
    if internal:
        answer |= {"published": row.published, "actor": row.actor_name}
    return answer


def _as_given(row: Any) -> datetime:
    """Return the instant in the offset of the clock that gave it."""
    moment: datetime = row.occurred_at
    if row.offset_min is None:
        return moment
    return moment.astimezone(timezone(timedelta(minutes=row.offset_min)))


def place(row: Any) -> dict[str, Any] | None:
    """Return where it happened; None where that is not known."""
    where = {
        "text": row.place,
        "division_code": row.division_code,
        "lat": row.lat,
        "lon": row.lon,
    }
    return where if any(value is not None for value in where.values()) else None


def attachment(row: Any) -> dict[str, Any]:
    """Return one attachment of an event."""
    return {
        "ref": row.ref,
        "media_type": row.media_type,
        "size": row.size,
        "sha256": row.sha256,
        "created_at": row.created_at,
    }
