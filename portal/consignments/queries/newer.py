"""The way back through a list: the page in front of a row."""

from sqlalchemy import select

from portal.accounts.access import User
from portal.consignments.queries import sorting
from portal.consignments.queries.many import COLUMNS, Filter, fits, sort_key
from portal.consignments.queries.one import visible_to
from portal.core import pagination
from portal.core.db import AnyRow
from portal.core.pagination import Page


def newer_for(
    user: User, wanted: Filter, *, before: str, limit: int = 50
) -> tuple[Page[AnyRow], bool]:
    """Return the page in front of the cursor ``before``, and whether there are newer ones still.

    Rows come in the order of the list. Raises Invalid for a cursor that is not of this list.
    """
    key = sort_key(wanted)
    place = sorting.place_in(before, key)
    if place is None:
        raise pagination.not_ours()
    query = visible_to(user, select(*COLUMNS)).where(fits(user, wanted))
    rows = sorting.newer(query, key, place, limit + 1)
    shown = list(reversed(rows[:limit]))
    older = cursor_of(shown[-1], wanted) if shown else None
    return Page(shown, older), len(rows) > limit


def cursor_of(row: AnyRow, wanted: Filter) -> str:
    """Return the cursor that stands at ``row``."""
    return pagination.encode(sorting.values_of(row, sort_key(wanted)))
