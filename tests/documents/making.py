"""Many consignments at once, to be printed."""

from portal.consignments.service import orders
from portal.consignments.service.orders import Origin, Unit
from portal.core.db import write
from tests.factories import make_order


def make_many(company, count, pieces=1):
    origin = Origin(company.id, None, "manual", "6901234")
    units = [Unit(goods="洗衣液", weight_g=100) for _ in range(pieces)]
    made = [make_order(pieces=units) for _ in range(count)]
    return [one.no for one in write(lambda on: orders.create_many(made, origin, on=on))]
