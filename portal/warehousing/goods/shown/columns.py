"""Goods as a sheet: headers in the reader's language, rows page by page."""

from collections.abc import Iterator
from dataclasses import replace

from portal.accounts.access import User
from portal.core import clock
from portal.core.db import db
from portal.core.i18n import gettext as _
from portal.warehousing.goods.queries import Filter, goods_for, units_of
from portal.warehousing.goods.queries.owners import owners
from portal.warehousing.goods.rules.columns import COLUMNS, Value, cell_of

PAGE = 500  # goods


def headers(*, with_owner: bool = False) -> list[str]:
    """Return the headers of ``rows_for``; those of goods can be read in again."""
    own = [_("Company reference"), _("Company")] if with_owner else []
    return [*own, *(str(column.label) for column in COLUMNS), _("In use")]


def rows_for(user: User, wanted: Filter, *, with_owner: bool = False) -> Iterator[list[Value]]:
    """Yield one row a kind of goods that ``user`` may see and that fits."""
    after: str | None = None
    asked = replace(wanted, sort=wanted.sort)
    while True:
        page = goods_for(user, asked, after=after, limit=PAGE)
        yield from _rows(page.items, with_owner)
        db.session.commit()
        after = page.next
        if after is None:
            return
        clock.breathe()


def _rows(page: object, with_owner: bool) -> Iterator[list[Value]]:
    rows = list(page)  # type: ignore[call-overload]
    on = db.session.connection()
    companies = owners(row.company_id for row in rows) if with_owner else {}
    for owner in sorted({row.company_id for row in rows}):
        mine = [row for row in rows if row.company_id == owner]
        units = units_of([row.id for row in mine], owner, on)
        for row in mine:
            levels = {unit.level: unit for unit in units[row.id]}
            own: list[Value] = []
            if with_owner:
                own = [companies[owner].ref, companies[owner].name]
            used = "yes" if row.active else "no"
            yield [*own, *(cell_of(column, row, levels) for column in COLUMNS), used]
