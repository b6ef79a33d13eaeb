"""A page of the list of goods, for members and for the desk."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from portal.accounts.access import User
from portal.core import pagination
from portal.core.db import AnyRow, db
from portal.warehousing.goods.queries import Filter, units_of
from portal.warehousing.goods.queries.many import goods_before, goods_for, values_of
from portal.warehousing.goods.stored import Stored, stored

USUAL = 20  # rows: what a screen and a half shows


@dataclass(frozen=True)
class Shown:
    """Rows of a list with what is shown beside them, and cursors of what is around them."""

    rows: Sequence[AnyRow]
    units: Mapping[int, Sequence[Any]]
    stored: Mapping[int, Stored]
    before: str | None
    after: str | None


def page_of(user: User, wanted: Filter, args: Mapping[str, str]) -> Shown:
    """Return the page that an address asks for; raises Invalid for a cursor of another list."""
    limit = pagination.limit(args.get("limit", str(USUAL)))
    rows, before, after = _rows(user, wanted, args, limit)
    on = db.session.connection()
    units: dict[int, Sequence[Any]] = {}
    for owner in sorted({row.company_id for row in rows}):
        units |= units_of([row.id for row in rows if row.company_id == owner], owner, on)
    return Shown(rows, units, stored([row.id for row in rows], on), before, after)


def _rows(
    user: User, wanted: Filter, args: Mapping[str, str], limit: int
) -> tuple[Sequence[AnyRow], str | None, str | None]:
    if at := args.get("before"):
        page, more = goods_before(user, wanted, before=at, limit=limit)
        first = pagination.encode(values_of(page.items[0], wanted)) if more else None
        return page.items, first, page.next
    page = goods_for(user, wanted, after=args.get("after"), limit=limit)
    is_further = bool(args.get("after")) and bool(page.items)
    first = pagination.encode(values_of(page.items[0], wanted)) if is_further else None
    return page.items, first, page.next
