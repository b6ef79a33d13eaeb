"""Promises that end because goods cannot be sent: lots that are held, pieces that broke.

Whoever promised is told in the same transaction, so that he can promise other goods instead.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from portal.core import scope
from portal.core.quantities import NOTHING
from portal.warehousing.ledger.models import Allocation
from portal.warehousing.ledger.service.reserving import release

_ALLOCATION = Allocation.__table__


@dataclass(frozen=True)
class Lost:
    """So much that was promised to a line is promised no more."""

    purpose: str
    purpose_id: int
    quantity: Decimal
    #: Whether it had been picked already: then it lies at a stage, held.
    picked: bool


#: Told of what lines of a purpose lost: (company, lines, who did it, connection).
Losing = Callable[[int, Sequence[Lost], int | None, Connection], None]
_told: dict[str, Losing] = {}
#: Names the documents of lines of a purpose: (ids of the lines, company, connection).
Naming = Callable[[Sequence[int], int, Connection], Sequence[str]]
_named: dict[str, Naming] = {}
MOST_NAMED = 5  # documents in one sentence


def provide(purpose: str, losing: Losing) -> None:
    """Let ``losing`` be told, in the same transaction, what lines of ``purpose`` lost.

    It uses nothing but the connection that it is given.
    """
    _told[purpose] = losing


def provide_names(purpose: str, naming: Naming) -> None:
    """Let ``naming`` say which documents lines of ``purpose`` belong to."""
    _named[purpose] = naming


def names_of(rows: Iterable[Any], company_id: int, on: Connection) -> list[str]:
    """Return the references of the documents that promises (rows) belong to, a few of them."""
    by_purpose: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        by_purpose[row.purpose].append(row.purpose_id)
    found: list[str] = []
    for purpose, lines in by_purpose.items():
        naming = _named.get(purpose)
        named = naming(lines, company_id, on) if naming else [f"{purpose} {n}" for n in lines]
        found += sorted(set(named))
    return found[:MOST_NAMED] + (["…"] if len(found) > MOST_NAMED else [])


def promises_on(balances: Iterable[int], company_id: int, on: Connection) -> dict[int, list[Any]]:
    """Return balance → its open promises, the newest first; their rows stay locked."""
    a = _ALLOCATION.c
    wanted = select(_ALLOCATION).where(
        a.company_id == company_id, a.balance_id.in_(list(balances)), a.quantity > 0
    )
    found: dict[int, list[Any]] = defaultdict(list)
    wanted = wanted.order_by(a.id.desc()).with_for_update()
    for row in on.execute(wanted.execution_options(**scope.of(company_id))):
        found[row.balance_id].append(row)
    return found


def take_back(
    rows: Iterable[Any], company_id: int, *, most: Decimal | None = None, on: Connection
) -> list[Lost]:
    """End promises (rows of ``promises_on``), at most ``most`` in all; return what was lost."""
    lost, left = [], most
    for row in rows:
        quantity = row.quantity if left is None else min(row.quantity, left)
        if quantity <= NOTHING:
            break
        release(row.id, quantity, company_id, on=on)
        lost.append(Lost(row.purpose, row.purpose_id, quantity, row.picked))
        left = None if left is None else left - quantity
    return lost


def tell(lost: Sequence[Lost], company_id: int, by_id: int | None, *, on: Connection) -> None:
    """Tell those who had promised; each purpose once."""
    by_purpose: dict[str, list[Lost]] = defaultdict(list)
    for each in lost:
        by_purpose[each.purpose].append(each)
    for purpose, lines in by_purpose.items():
        if purpose in _told:
            _told[purpose](company_id, lines, by_id, on)
