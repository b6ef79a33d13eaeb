"""Words of returns that every page of them uses, and how far one is."""

from typing import Any

from portal.core.quantities import written
from portal.warehousing.goods.rules import unit_text
from portal.warehousing.returns import rules
from portal.warehousing.sites.queries import name_in

#: Statuses that stand in the row of steps, in their order; on its way, an authorised one says so.
STEPS = ("requested", "authorised", "received", "inspected")


def words() -> dict[str, Any]:
    """Return the names that templates of returns use."""
    return {
        "statuses": rules.STATUSES,
        "reasons": rules.REASONS,
        "part_statuses": rules.PART_STATUSES,
        "conditions": rules.CONDITIONS,
        "dispositions": rules.DISPOSITIONS,
        "ended": rules.ENDED,
        "coming": rules.COMING,
        "written": written,
        "unit_text": unit_text,
        "name_in": name_in,
        "marks": {"closed": "good", "restocked": "good", "refused": "bad"},
    }


def offers(condition: str) -> list[tuple[str, str]]:
    """Return the dispositions that goods in a condition may get."""
    return [
        (key, str(text))
        for key, text in rules.DISPOSITIONS.items()
        if key != "restock" or condition not in rules.NOT_RESTOCKED
    ]


def way(row: Any) -> tuple[list[tuple[str, Any, bool]], bool]:
    """Return the steps of a return for ``components/data.html`` steps, and whether it is through.

    A return that was refused or given up has none.
    """
    if row.status in ("refused", "cancelled"):
        return [], False
    times = {
        "requested": row.created_at,
        "authorised": row.decided_at,
        "received": row.received_at,
        "inspected": row.inspected_at,
    }
    here = "authorised" if row.status == "in_transit" else row.status
    ended = row.status in rules.SETTLED or row.status == "closed"
    last = row.status if row.status in rules.SETTLED else "closed"
    steps = [(_step(each, row), times.get(each), each == here) for each in STEPS]
    return [*steps, (str(rules.STATUSES[last]), row.closed_at, ended)], row.status == "closed"


def _step(status: str, row: Any) -> str:
    is_under_way = status == "authorised" and row.status == "in_transit"
    return str(rules.STATUSES["in_transit" if is_under_way else status])
