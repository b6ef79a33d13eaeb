"""Orders from stock with one call; say only what the test is about."""

from decimal import Decimal
from typing import Any

from sqlalchemy import select

from portal.accounts.models import Company
from portal.core import scope, working
from portal.core.db import AnyRow, db, write
from portal.warehousing.outbound.models import OutboundLine, OutboundOrder
from portal.warehousing.outbound.rules.asked import NewLine
from portal.warehousing.outbound.service import orders
from portal.warehousing.outbound.service.orders import NewOrder

CONSIGNEE = {
    "consignee_name": "王芳",
    "consignee_phone": "+8613800138000",
    "consignee_address": "文三路 90 号",
    "consignee_city": "杭州",
    "consignee_country": "CN",
}


def new_order(company: Company, warehouse: AnyRow, *wanted: Any, **columns: Any) -> NewOrder:
    """Return an order for goods: SKU rows, (SKU, quantity) or (SKU, quantity, lot)."""
    lines = [_line(*(each if isinstance(each, tuple) and len(each) <= 3 else (each,)))
             for each in wanted]  # fmt: skip
    usual = {"policy": "all_or_nothing", "service": "standard", **CONSIGNEE}
    return NewOrder(
        company_id=company.id, warehouse=warehouse, columns=usual | columns, lines=lines
    )


def _line(sku: Any, quantity: Any = 1, lot: Any = None) -> NewLine:
    return NewLine(sku_id=sku.id, quantity=Decimal(quantity), lot_id=lot and lot.id)


def make_order(
    company: Company, warehouse: AnyRow, *wanted: Any, submit: bool = True, **columns: Any
) -> AnyRow:
    """Place an order, or keep it as a draft; return its row."""
    new, hours = new_order(company, warehouse, *wanted, **columns), working.hours()
    return write(lambda on: orders.place(new, submit=submit, hours=hours, by=None, on=on)).order


def rows(model: type, **values: Any) -> list[AnyRow]:
    """Return the rows whose columns have these values, by id."""
    table = model.__table__
    wanted = select(table).where(*(table.c[name] == value for name, value in values.items()))
    found = db.session.execute(wanted.order_by(table.c.id).execution_options(**scope.CENTRE))
    return list(found)


def order_of(ref: str) -> AnyRow:
    """Return an order as it is now."""
    return rows(OutboundOrder, ref=ref)[0]


def lines_of(order: AnyRow) -> list[AnyRow]:
    """Return the lines of an order as they are now."""
    return sorted(rows(OutboundLine, order_id=order.id), key=lambda line: line.position)
