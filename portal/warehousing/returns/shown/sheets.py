"""Returns as a sheet: one row for each announced line, and for what came besides."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from flask import Response

from portal.accounts.access import User
from portal.core import sheets
from portal.core.i18n import gettext as _
from portal.core.quantities import NOTHING
from portal.core.sheets import Value
from portal.warehousing.goods.rules import unit_text
from portal.warehousing.returns import rules
from portal.warehousing.returns.queries import many
from portal.warehousing.returns.queries.many import Filter

AT_ONCE = 200  # returns read at once
MOST = 20_000  # returns in one sheet


def sent(user: User, wanted: Filter, file_format: str) -> Response:
    """Return the returns that fit as a sheet, with their owners where staff asks."""
    heads = headers(with_company=user.company_id is None)
    return sheets.attachment(heads, rows(user, wanted), _("returns"), file_format)


def headers(*, with_company: bool) -> list[str]:
    """Return the heads of the columns."""
    company = [_("Company")] if with_company else []
    return [
        *company,
        _("Return"),
        _("Your reference"),
        _("Status"),
        _("Reason"),
        _("Order"),
        _("Warehouse"),
        _("Requested at"),
        _("Expected"),
        _("Carrier"),
        _("Tracking number"),
        _("Received at"),
        _("Closed at"),
        _("Line"),
        _("SKU"),
        _("Name"),
        _("Lot"),
        _("Announced"),
        _("Came"),
        *(str(rules.PART_STATUSES[status]) for status in rules.SETTLED),
        _("Unit"),
    ]


def rows(user: User, wanted: Filter) -> Iterator[Sequence[Value]]:
    """Yield the rows of the returns that fit, the newest first, at most MOST returns."""
    after: str | None = None
    for _page in range(MOST // AT_ONCE):
        page = many.returns_for(user, wanted, after=after, limit=AT_ONCE)
        lines, parts = many.lines_of_many(page.items), many.parts_of_many(page.items)
        for row in page.items:
            head = [row.company] if user.company_id is None else []
            for goods in _goods(lines[row.id], parts[row.id]):
                yield [*head, *_return(row), *goods]
        after = page.next
        if after is None:
            return


def _return(row: Any) -> list[Value]:
    return [
        row.ref,
        row.begun_with,
        str(rules.STATUSES[row.status]),
        str(rules.REASONS.get(row.reason, row.reason)),
        row.order_ref,
        row.warehouse,
        row.created_at,
        row.expected_on,
        row.carrier,
        row.tracking_no,
        row.received_at,
        row.closed_at,
    ]


def _goods(lines: Sequence[Any], parts: Sequence[Any]) -> Iterator[list[Value]]:
    for line in lines:
        mine = [part for part in parts if part.line_id == line.id]
        named = [line.number, line.sku, line.name, line.lot_code, line.quantity]
        yield [*named, *_became(mine), str(unit_text(line.unit))]
    for part in parts:
        if part.line_id is None:
            named = [None, part.sku, part.name, part.lot, None]
            yield [*named, *_became([part]), str(unit_text(part.unit))]


def _became(parts: Sequence[Any]) -> list[Decimal]:
    """Return how much of these came, and how much became what in the order of SETTLED."""
    ends = (_sum(part for part in parts if part.status == status) for status in rules.SETTLED)
    return [_sum(parts), *ends]


def _sum(parts: Any) -> Decimal:
    return sum((part.quantity for part in parts), NOTHING)
