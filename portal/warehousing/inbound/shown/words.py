"""Notices in words: states, progress, quantities, what a difference means."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from portal.core import i18n
from portal.core.i18n import TAGS
from portal.core.i18n import gettext as _
from portal.core.quantities import NOTHING
from portal.warehousing.goods.rules import LEVELS, unit_text
from portal.warehousing.inbound.rules import differences, states
from portal.warehousing.inbound.rules.receiving import CONDITIONS
from portal.warehousing.ledger.rules import REASONS, STATUSES
from portal.warehousing.sites.queries import name_in


def state(status: str) -> str:
    """Return what a state is called."""
    return str(states.STATES[status])


def sku_name(row: Any) -> str:
    """Return the name of the goods of a row in the reader’s language."""
    names = row.sku_names
    return names.get(i18n.tag()) or next((names[t] for t in TAGS if names.get(t)), row.sku)


def house(row: Any) -> str:
    """Return the name of the warehouse of a notice, with its code."""
    name = name_in(row.warehouse_names)
    return f"{name} {row.warehouse}".strip()


def amount(quantity: Decimal, unit: str) -> str:
    """Return a quantity with its unit."""
    return f"{i18n.number(quantity)} {unit_text(unit)}"


def said(line: Any) -> str:
    """Return a quantity as it was announced: ``5 cases``; empty where it was in base units."""
    if line.level == "each" or not line.said:
        return ""
    return f"{i18n.number(line.said)} × {LEVELS[line.level]}"


def progress(line: Any) -> float:
    """Return how much of a line has come, 0 to 100."""
    if not line.announced:
        return 100.0
    return min(100.0, float(100 * line.received / line.announced))


def total_progress(lines: Sequence[Any]) -> int:
    """Return how much of a notice has come, 0 to 100, line by line."""
    announced = [line for line in lines if line.announced]
    if not announced:
        return 0
    return round(sum(map(progress, announced)) / len(announced))


def line_state(line: Any, status: str) -> str:
    """Return in a word how a line stands."""
    if status in states.EDITABLE or status == "cancelled":
        return ""
    if not line.announced:
        return _("Not announced")
    if line.received > line.announced:
        return _("More than announced")
    if line.received == line.announced:
        return _("Complete")
    if status not in states.RECEIVABLE:
        return _("Short")
    return _("To come") if line.received == NOTHING else _("Partly here")


def steps(notice: Any) -> list[tuple[str, str | None, bool]]:
    """Return the way of a notice for ``data.steps``: (words, time, whether it is there now)."""
    shown = ("announced", "arrived", "receiving", "received", "completed")
    present = _present(notice.status, shown)
    return [(state(each), _when(notice, each), each == present) for each in shown]


def _present(status: str, shown: Sequence[str]) -> str:
    """Return which of the shown states a notice has reached last."""
    if status == "cancelled":
        return ""
    reached = [each for each in shown if states.WAY.index(each) <= states.WAY.index(status)]
    return reached[-1] if reached else ""


def _when(notice: Any, status: str) -> str | None:
    at = reached_at(notice, status)
    return i18n.instant(at) if at else None


def reached_at(notice: Any, status: str) -> datetime | None:
    """Return when a notice reached a state; None: it has not."""
    at = notice.reached.get(status)
    return datetime.fromisoformat(at) if at else None


def meaning(row: Any) -> str:
    """Return in a sentence what a difference is about."""
    much = amount(row.quantity, row.unit)
    return {
        "short": _("%(much)s less came than you announced.", much=much),
        "over": _("%(much)s more came than you announced.", much=much),
        "damaged": _("%(much)s came damaged or doubtful and are kept apart.", much=much),
        "wrong": _("%(much)s came of another lot than you announced.", much=much),
        "unannounced": _("%(much)s came that you had not announced.", much=much),
    }[row.kind]


def consequence(kind: str) -> str:
    """Return in a sentence what follows from each answer."""
    if kind == "short":
        return _("Accept: the receipt stands. Decline: we count again.")
    return _("Accept: the goods stay in your stock. Decline: we count again or send them back.")


TABLES = {
    "kinds": differences.KINDS,
    "difference_states": differences.STATES,
    "outcomes": differences.OUTCOMES,
    "conditions": CONDITIONS,
    "statuses": STATUSES,
    "reasons": REASONS,
    "levels": LEVELS,
    "flags": states.FLAGS,
}


def house_of(row: Any) -> str:
    """Return the name of a warehouse (its row), with its code."""
    return f"{name_in(row.names)} {row.code}".strip()


def amount_lazy(quantity: Decimal, unit: str) -> str:
    """Return a quantity with its unit, where nobody reads it in a language of his own."""
    return f"{quantity.normalize():f} {unit_text(unit)}"
