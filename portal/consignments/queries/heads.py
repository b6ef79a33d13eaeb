"""Heads of many consignments at once, for batches."""

from collections.abc import Iterable
from itertools import zip_longest
from typing import Any

from sqlalchemy import Connection, bindparam, select

from portal.accounts.access import User
from portal.accounts.models import Company
from portal.consignments.models import Consignment
from portal.consignments.queries.one import HEAD, missing, sees_all
from portal.consignments.rules import numbers
from portal.core import scope
from portal.core.prepared import Prepared

_C = Consignment.__table__
AT_ONCE = 50  # numbers in one statement, which is the same for fewer
NOBODYS = ""  # stands where there are fewer
_NAMES = tuple(f"no{place}" for place in range(AT_ONCE))
_HEADS = (
    select(*HEAD, Company.attempt_limit)
    .join(Company, Company.id == _C.c.company_id)
    .where(_C.c.no.in_([bindparam(name) for name in _NAMES]))
    .order_by(_C.c.no)
    .with_for_update(of=_C)
)
_OF_CENTRE = Prepared(_HEADS.execution_options(**scope.CENTRE))
_OF_COMPANY = Prepared(
    _HEADS.where(_C.c.company_id == bindparam("company")).execution_options(**scope.BOUND)
)


def heads_for(user: User, asked: Iterable[str], *, on: Connection) -> dict[str, Any]:
    """Return number → locked head of those consignments that ``user`` may see.

    Missing, foreign and malformed numbers are left out alike. Rows are locked in the order of
    their numbers, so that two batches never wait for each other.
    Raises NotFound for somebody who may see none at all.
    """
    heads, whose = _visible_to(user)
    wanted = sorted({no for no in map(numbers.normalise, asked) if numbers.is_number(no)})
    found: dict[str, Any] = {}
    for start in range(0, len(wanted), AT_ONCE):
        nos = wanted[start : start + AT_ONCE]
        named = dict(zip_longest(_NAMES, nos, fillvalue=NOBODYS))
        found.update({row.no: row for row in heads.all(on, named | whose)})
    return found


def _visible_to(user: User) -> tuple[Prepared, dict[str, Any]]:
    """Return the statement that reads what ``user`` may see, and its values beside numbers."""
    if sees_all(user):
        return _OF_CENTRE, {}
    if user.company_id is None or not user.may("consignments.see"):
        raise missing()
    return _OF_COMPANY, {"company": user.company_id}
