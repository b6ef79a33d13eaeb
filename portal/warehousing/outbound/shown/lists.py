"""Orders as a sheet: one row for each line."""

from collections.abc import Iterator, Sequence
from typing import Any

from portal.accounts.access import User
from portal.core.i18n import gettext as _
from portal.core.i18n import pgettext
from portal.core.sheets import Value
from portal.warehousing.outbound.queries.lines import lines_of_many
from portal.warehousing.outbound.queries.many import Filter, orders_for
from portal.warehousing.outbound.rules import orders as rules
from portal.warehousing.outbound.shown import words

AT_ONCE = 200  # orders read at once
MOST = 20_000  # orders in one sheet


def headers(*, with_company: bool = False) -> list[str]:
    """Return the heads of the columns."""
    company = [_("Company")] if with_company else []
    return [
        *company,
        _("Order"),
        _("Your reference"),
        _("Status"),
        _("Warehouse"),
        _("Ordered at"),
        _("Leaves by"),
        _("Consignee"),
        _("City"),
        _("Consignment"),
        _("Line"),
        _("SKU"),
        _("Name"),
        _("Lot"),
        _("Ordered"),
        pgettext("outbound", "Allocated"),
        pgettext("outbound", "Picked"),
        pgettext("outbound", "Packed"),
        pgettext("outbound", "Shipped"),
        _("Short"),
        pgettext("outbound", "Back-ordered"),
        _("Unit"),
    ]


def rows(user: User, wanted: Filter, *, with_company: bool = False) -> Iterator[Sequence[Value]]:
    """Yield a row for each line of the orders that fit, at most MOST orders."""
    after: str | None = None
    for _page in range(MOST // AT_ONCE):
        page = orders_for(user, wanted, after=after, limit=AT_ONCE)
        lines = lines_of_many([order.id for order in page.items], user.company_id)
        for order in page.items:
            head = [order.company] if with_company else []
            for line in lines.get(order.id, ()):
                yield [*head, *_order(order), *_line(line)]
        after = page.next
        if after is None:
            return


def _order(order: Any) -> list[Value]:
    return [
        order.ref,
        order.order_ref,
        str(rules.STATUSES.get(order.status, order.status)),
        order.warehouse,
        order.created_at,
        order.ship_by,
        order.consignee_name,
        order.consignee_city,
        order.consignment_no,
    ]


def _line(line: Any) -> list[Value]:
    figures = ("quantity", "allocated", "picked", "packed", "shipped", "short", "backordered")
    return [
        line.position,
        line.sku,
        words.name_of(line),
        line.lot,
        *(getattr(line, name) for name in figures),
        line.unit,
    ]
