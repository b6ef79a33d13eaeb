"""Orders in words: statuses, figures, what is promised, what still may be done."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from portal.core import clock, i18n
from portal.core.i18n import gettext as _
from portal.core.i18n import pgettext
from portal.core.quantities import NOTHING
from portal.warehousing.goods.rules import level_text, unit_text
from portal.warehousing.goods.shown.words import amount, name_of
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.rules.waves import METHODS, WAVE_STATUSES
from portal.warehousing.sites.queries import name_in

#: Status of an order → the code whose flag it is painted with (components.css).
FLAGS = {
    "draft": "draft",
    "submitted": "ordered",
    "accepted": "ordered",
    "allocated": "pickup_assigned",
    "released": "picked_up",
    "picking": "hub_arrived",
    "picked": "hub_departed",
    "checked": "in_transit",
    "packed": "dest_city",
    "staged": "out_for_delivery",
    "shipped": "delivered",
    "closed": "closed",
    "backordered": "redirected",
    "on_hold": "at_pickup_point",
    "cancelled": "cancelled",
}
#: The stages that the bar of an order shows, each by the last status that belongs to it.
STAGES = ("accepted", "allocated", "picked", "packed", "shipped")
WAVE_FLAGS = {
    "planned": "draft",
    "released": "in_transit",
    "done": "delivered",
    "given_up": "cancelled",
}


def state(status: str) -> str:
    """Return what a status is called."""
    return str(rules.STATUSES.get(status, status))


def wave_state(status: str) -> str:
    """Return what a status of a wave is called."""
    return str(WAVE_STATUSES.get(status, status))


def stages(order: Any, steps: Sequence[Any]) -> list[tuple[str, str | None, bool]]:
    """Return the stages of an order for ``data.steps``: words, time, whether it stands there."""
    status = order.held_status if order.status == rules.ON_HOLD else order.status
    place = _place(status or rules.ACCEPTED)
    times = {step.status: step.at for step in steps}
    named = {
        "accepted": pgettext("outbound", "Accepted"),
        "allocated": pgettext("outbound", "Allocated"),
        "picked": pgettext("outbound", "Picked"),
        "packed": pgettext("outbound", "Packed"),
        "shipped": pgettext("outbound", "Shipped"),
    }
    return [
        (named[stage], _when(times.get(stage)) if n <= place else None, n == place)
        for n, stage in enumerate(STAGES)
    ]


def _place(status: str) -> int:
    """Return the number of the stage that an order of a status has come to; -1: to none."""
    if status == rules.BACKORDERED:
        return 0
    if status not in rules.WAY:
        return -1
    reached = rules.WAY.index(status)
    passed = [n for n, stage in enumerate(STAGES) if rules.WAY.index(stage) <= reached]
    return passed[-1] if passed else -1


def _when(at: datetime | None) -> str | None:
    return None if at is None else i18n.instant(at)


def is_late(order: Any) -> bool:
    """Return whether an order should have left, and has not."""
    if order.ship_by is None or order.status in rules.ENDED or order.status == rules.DRAFT:
        return False
    return bool(order.ship_by < clock.now())


def house(row: Any) -> str:
    """Return the name of the warehouse of an order, with its code."""
    return f"{name_in(row.warehouse_names)} {row.warehouse}".strip()


def house_options(houses: Sequence[Any]) -> list[tuple[str, str]]:
    """Return (code, words) of warehouses to choose from."""
    return [(row.code, f"{name_in(row.names)} {row.code}".strip()) for row in houses]


def share(line: Any, figure: str) -> float:
    """Return how much of what a line wants a figure is, 0 to 100."""
    return float(100 * getattr(line, figure) / line.quantity) if line.quantity else 0.0


def progress(lines: Sequence[Any]) -> int:
    """Return how far an order is, 0 to 100: a line counts a quarter for each of its figures."""
    figures = ("allocated", "picked", "packed", "shipped")
    if not lines:
        return 0
    return round(sum(share(line, name) for line in lines for name in figures) / 4 / len(lines))


def figure(quantity: Decimal) -> str:
    """Return a figure of a line; nothing is a dash."""
    return "–" if quantity == NOTHING else i18n.number(quantity)


def waits_for(lines: Sequence[Any]) -> list[Any]:
    """Return the lines that wait for stock."""
    return [line for line in lines if line.backordered > 0]


def promised(order: Any) -> str:
    """Say by when an order leaves; empty for drafts and for those that have ended."""
    if order.ship_by is None or order.status in rules.ENDED:
        return ""
    if order.status == rules.BACKORDERED:
        return _("as soon as its goods have come")
    return _("leaves by %(at)s", at=i18n.instant(order.ship_by))


TABLES = {
    "policies": rules.POLICIES,
    "services": rules.SERVICES,
    "holds": rules.HOLDS,
    "priorities": rules.PRIORITIES,
    "methods": METHODS,
    "flags": FLAGS,
    "wave_flags": WAVE_FLAGS,
}
__all__ = [
    "FLAGS",
    "STAGES",
    "TABLES",
    "amount",
    "figure",
    "house",
    "house_options",
    "is_late",
    "level_text",
    "name_of",
    "progress",
    "promised",
    "share",
    "stages",
    "state",
    "unit_text",
    "waits_for",
    "wave_state",
]
