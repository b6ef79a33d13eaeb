"""What pages of kits show beside their rows."""

from collections.abc import Sequence
from typing import Any

from portal.core.db import AnyRow
from portal.warehousing.goods.shown import words
from portal.warehousing.kits import rules
from portal.warehousing.kits.queries import orders


def words_of() -> dict[str, Any]:
    """Return the words that every page of kits needs."""
    return {"kinds": rules.KINDS, "statuses": rules.STATUSES, "words": words}


def around(order: AnyRow) -> dict[str, Any]:
    """Return an order with what it uses, what comes out, and what was done."""
    uses = orders.uses_of(order)
    return {
        "order": order,
        "uses": uses,
        "outputs": orders.outputs_of(order),
        "runs": orders.runs_of(order),
        "doable": min(orders.doable(uses), order.quantity - order.done),
        "is_open": order.status in rules.OPEN,
        **words_of(),
    }


def tabs(counted: str) -> Sequence[tuple[str, Any, bool]]:
    """Return the groups of a list: (parameter, words, whether it is this one)."""
    named: list[tuple[str, Any]] = [("open", None), *rules.STATUSES.items(), ("all", None)]
    return [(key, text, key == counted) for key, text in named]
