"""Looking at what came back, and deciding: by the owner's standing rule, by him, or for him."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, delete, insert, select

from portal.core import clock, scope
from portal.core.errors import Refused
from portal.core.i18n import lazy as _l
from portal.core.quantities import NOTHING
from portal.warehousing.returns import rules
from portal.warehousing.returns.models import ReturnPart, ReturnRule
from portal.warehousing.returns.service.held import (
    add_part,
    held,
    move,
    part,
    set_part,
    statuses,
    tell_part,
)

_PART, _RULE = ReturnPart.__table__, ReturnRule.__table__
#: Columns that a part which is split off shares with the one it came from.
_SHARED = (
    "company_id",
    "return_id",
    "line_id",
    "sku_id",
    "lot_id",
    "location_id",
    "received_by_id",
    "received_at",
    "movement_id",
)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """What somebody saw: so many in a condition, with words and a picture if he has them."""

    condition: str
    quantity: Decimal
    note: str | None = None
    picture_key: str | None = None


def inspect(
    part_id: int, return_id: int, company_id: int, finding: Finding, *, by_id: int, on: Connection
) -> int:
    """Keep what was seen of a part, or of some of it; the rest stays to be inspected.

    Returns the id of the part that was inspected. Where the owner has a standing rule for the
    condition, it is decided at once. Raises Refused out of turn and for more than there is.
    Records ReturnPartChanged, and ReturnMoved with the last part.
    """
    row = held(return_id, company_id, on)
    each = part(part_id, row, on)
    if row.status != "received" or each.status != "received":
        raise Refused(_l("These goods are inspected already, or not received yet."))
    if finding.condition not in rules.CONDITIONS:
        raise Refused(_l("Choose in what condition the goods are."))
    if not NOTHING < finding.quantity <= each.quantity:
        raise Refused(_l("So many did not come. Look at the figure again."))
    disposition = _standing(company_id, finding.condition, on)
    values: dict[str, Any] = {
        "status": "decided" if disposition else "inspected",
        "condition": finding.condition,
        "note": finding.note,
        "picture_key": finding.picture_key,
        "disposition": disposition,
        "decided_by": "rule" if disposition else None,
        "inspected_by_id": by_id,
        "inspected_at": clock.now(),
    }
    done = _kept(each, finding.quantity, values, on)
    tell_part(row, done, by_id, on)
    if "received" not in statuses(row, on):
        move(row, "inspected", by_id=by_id, on=on, inspected_at=clock.now())
    return done


def _kept(each: Any, quantity: Decimal, values: dict[str, Any], on: Connection) -> int:
    """Write it at the part, or at a new one that is split off; return its id."""
    if quantity == each.quantity:
        set_part(each, on, **values)
        return int(each.id)
    set_part(each, on, quantity=each.quantity - quantity)
    shared = {name: getattr(each, name) for name in _SHARED}
    return add_part({**shared, "quantity": quantity, **values}, on)


def _standing(company_id: int, condition: str, on: Connection) -> str | None:
    mine = select(_RULE.c.disposition).where(
        _RULE.c.company_id == company_id, _RULE.c.condition == condition
    )
    found: str | None = on.scalar(mine.execution_options(**scope.of(company_id)))
    return found


def decide(
    part_id: int,
    return_id: int,
    company_id: int,
    disposition: str,
    *,
    by_id: int | None,
    whose: str,
    on: Connection,
) -> None:
    """Decide what is done with inspected goods; until it is done it can be decided anew.

    ``whose``: owner or centre. Raises Refused where it is done, and for what cannot be done with
    goods in their condition. Records ReturnPartChanged.
    """
    row = held(return_id, company_id, on)
    each = part(part_id, row, on)
    if each.status not in ("inspected", "decided"):
        raise Refused(_l("Nothing is to be decided about these goods now."))
    rules.check_disposition(each.condition, disposition)
    values = {"decided_by": whose, "decided_by_id": by_id}
    set_part(each, on, status="decided", disposition=disposition, **values)
    tell_part(row, part_id, by_id, on)


def set_rules(company_id: int, wanted: dict[str, str], *, on: Connection) -> None:
    """Keep the owner's standing rules: condition → disposition; a condition left out: he is asked.

    Raises Refused for a rule that cannot be.
    """
    for condition, disposition in wanted.items():
        if condition not in rules.CONDITIONS:
            raise Refused(_l("There is no such condition."))
        rules.check_disposition(condition, disposition)
    mine = delete(_RULE).where(_RULE.c.company_id == company_id)
    on.execute(mine.execution_options(**scope.of(company_id)))
    rows = [
        {"company_id": company_id, "condition": condition, "disposition": disposition}
        for condition, disposition in wanted.items()
    ]
    if rows:
        on.execute(insert(_RULE), rows)
