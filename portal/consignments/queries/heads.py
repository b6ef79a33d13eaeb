"""Heads of many consignments at once, for batches."""

from collections.abc import Iterable
from typing import Any

from sqlalchemy import Connection, Row, select

from portal.accounts.access import User
from portal.accounts.models import Company
from portal.consignments.models import Consignment
from portal.consignments.queries.one import HEAD, visible_to
from portal.consignments.rules import numbers

_C = Consignment.__table__
AT_ONCE = 500  # numbers in one statement


def heads_for(user: User, asked: Iterable[str], *, on: Connection) -> dict[str, Row[Any]]:
    """Return number → locked head of those consignments that ``user`` may see.

    Missing, foreign and malformed numbers are left out alike. Rows are locked in the order of
    their numbers, so that two batches never wait for each other.
    Raises NotFound for somebody who may see none at all.
    """
    wanted = sorted({no for no in map(numbers.normalise, asked) if numbers.is_number(no)})
    found: dict[str, Row[Any]] = {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = on.execute(_locked(user, wanted[start : start + AT_ONCE]))
        found.update({row.no: row for row in rows})
    return found


def _locked(user: User, wanted: list[str]) -> Any:
    query = (
        select(*HEAD, Company.attempt_limit)
        .join(Company, Company.id == _C.c.company_id)
        .where(_C.c.no.in_(wanted))
        .order_by(_C.c.no)
        .with_for_update(of=_C)
    )
    return visible_to(user, query)
