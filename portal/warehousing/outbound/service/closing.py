"""Cartons are weighed and closed, opened again, and staged for their vehicle."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, update

from portal.core import clock, i18n, scope
from portal.core.db import AnyRow
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.ledger.models import HandlingUnit
from portal.warehousing.ledger.service import reserving
from portal.warehousing.outbound.models import CartonType
from portal.warehousing.outbound.rules import cartons as rules
from portal.warehousing.outbound.rules import orders as order_rules
from portal.warehousing.outbound.service import cartons, handling, states
from portal.warehousing.outbound.service.handling import Hand

MAX_NOTE = 300  # characters
AWAY = ("staged", "loaded")  # cartons that wait no longer for being staged
_TYPE, _UNIT = CartonType.__table__, HandlingUnit.__table__


@dataclass(frozen=True, kw_only=True)
class Scales:
    """What the scales say; where that is far off, why it is right, and who says so may."""

    weight_g: int
    note: str | None = None
    may_accept: bool = False
    #: Outside, of goods that go in their own packing; None: by the kind of carton.
    sides: tuple[int, int, int] | None = None


def close(order: Any, carton_id: int, scales: Scales, hand: Hand, *, on: Connection) -> AnyRow:
    """Close a carton with its weight; return its row. The last one moves the order on.

    Raises Refused for an empty one, for more than it bears, and for a weight beyond the
    tolerance, unless somebody who may says why it is right. Records CartonMoved, OutboundMoved.
    """
    order = states.locked(order.id, order.company_id, on=on)
    handling.check_status(order, order_rules.CHECKED)
    carton = cartons.get(order, carton_id, on=on)
    items = cartons.items_in(carton, on=on)
    if not items:
        raise Refused(_l("This carton is empty. Scan what goes in, or take another one."))
    rules.advance(carton.status, "packed")
    kind = None if carton.type_id is None else _kind(carton.type_id, on)
    expected = rules.expected_g(0 if kind is None else kind.tare_g, items)
    accepted = _check_weight(expected, kind, scales)
    closed = {
        "status": "packed",
        "expected_g": expected,
        "weight_g": scales.weight_g,
        "weight_note": scales.note if accepted else None,
        "weight_by_id": hand.person_id if accepted else None,
        "closed_at": clock.now(),
        **_outside(kind, scales),
    }
    carton = cartons.change(carton, closed, on=on)
    _measure_unit(carton, on)
    cartons.tell(order, carton, hand, on=on)
    finish(order, hand, on=on)
    return carton


def _kind(type_id: int, on: Connection) -> AnyRow:
    return on.execute(select(_TYPE).where(_TYPE.c.id == type_id)).one()


def _check_weight(expected: int | None, kind: Any, scales: Scales) -> bool:
    """Return whether a weight that is far off was accepted; raises Refused where it may not be."""
    if not 0 < scales.weight_g <= rules.MOST_G:
        raise Refused(_l("Say what the scales show, in grams."))
    if kind is not None and scales.weight_g > kind.most_weight_g:
        raise Refused(
            _l(
                "This carton bears %(kg)s kg. Pack less into it.",
                kg=i18n.number(kind.most_weight_g / 1000),
            )
        )
    if expected is None:
        return False
    weighed = rules.weigh(expected, scales.weight_g)
    if weighed.is_right:
        return False
    note = (scales.note or "").strip()
    if scales.may_accept and 0 < len(note) <= MAX_NOTE:
        return True
    raise _is_off(weighed, expected)


def _is_off(weighed: rules.Weighed, expected: int) -> Refused:
    said = {"much": i18n.weight(abs(weighed.over_g)), "expected": i18n.weight(expected)}
    if weighed.over_g > 0:
        return Refused(
            _l(
                "It is %(much)s heavier than what is in it (%(expected)s). "
                "Count again; the supervisor may accept it with a reason.",
                **said,
            )
        )
    return Refused(
        _l(
            "It is %(much)s lighter than what is in it (%(expected)s). "
            "Count again; the supervisor may accept it with a reason.",
            **said,
        )
    )


def _outside(kind: Any, scales: Scales) -> dict[str, int | None]:
    sides: Sequence[int | None] = scales.sides or (None, None, None)
    if kind is not None:
        inside = (kind.length_mm, kind.width_mm, kind.height_mm)
        sides = [side + 2 * kind.wall_mm for side in inside]
    return dict(zip(("length_mm", "width_mm", "height_mm"), sides, strict=True))


def _measure_unit(carton: Any, on: Connection) -> None:
    """Let the handling unit weigh and measure what its carton does."""
    names = ("weight_g", "length_mm", "width_mm", "height_mm")
    measures = {name: getattr(carton, name) for name in names}
    mine = update(_UNIT).where(_UNIT.c.id == carton.handling_unit_id).values(measures)
    on.execute(mine.execution_options(**scope.of(carton.company_id)))


def finish(order: Any, hand: Hand, *, on: Connection) -> Any | None:
    """Move an order on of which everything is in closed cartons; None where something is not."""
    lines = states.lines_of(order, on=on)
    if any(line.packed < line.picked for line in lines):
        return None
    if any(carton.status == "open" for carton in cartons.all_of(order, on=on)):
        return None
    return states.advance(order, order_rules.PACKED, by=hand.person_id, on=on)


def reopen(order: Any, carton_id: int, hand: Hand, *, on: Connection) -> AnyRow:
    """Open a closed carton again, before it is loaded; return its row.

    What is held by now counts as taken out: it is no longer the order's. Raises Refused for one
    that is loaded. Records CartonMoved, OutboundMoved.
    """
    order = states.locked(order.id, order.company_id, on=on)
    handling.check_status(order, order_rules.CHECKED, order_rules.PACKED, order_rules.STAGED)
    carton = cartons.get(order, carton_id, on=on)
    rules.advance(carton.status, "open")
    empty = ("expected_g", "weight_g", "weight_note", "weight_by_id", "closed_at")
    carton = cartons.change(carton, {"status": "open", **dict.fromkeys(empty)}, on=on)
    cartons.reconcile(order, carton, on=on)
    cartons.tell(order, carton, hand, on=on)
    if order.status == order_rules.STAGED:
        order = states.advance(order, order_rules.PACKED, by=hand.person_id, on=on)
    if order.status == order_rules.PACKED:
        states.advance(order, order_rules.CHECKED, by=hand.person_id, on=on)
    return carton


def stage(
    order: Any, carton_id: int, location_id: int, hand: Hand, *, on: Connection
) -> tuple[AnyRow, Any]:
    """Lay a closed carton down where its vehicle is loaded; return it and its order.

    The last one moves the order on. Raises Refused for one that is open, and for a place that is
    none. Records StockMoved, CartonMoved, OutboundMoved.
    """
    order = states.locked(order.id, order.company_id, on=on)
    handling.check_status(order, order_rules.PACKED)
    carton = cartons.get(order, carton_id, on=on)
    rules.advance(carton.status, "staged")
    handling.stage_at(location_id, order, on=on)
    for each in cartons.held_by(order, carton, on=on):
        if each.location_id != location_id:
            posting = handling.posting(order, "move", hand)
            unit = carton.handling_unit_id
            reserving.carry(each, each.quantity, posting, to=location_id, unit_id=unit, on=on)
    carton = cartons.change(carton, {"status": "staged", "location_id": location_id}, on=on)
    cartons.tell(order, carton, hand, on=on)
    if all(each.status in AWAY for each in cartons.all_of(order, on=on)):
        order = states.advance(order, order_rules.STAGED, by=hand.person_id, on=on)
    return carton, order
