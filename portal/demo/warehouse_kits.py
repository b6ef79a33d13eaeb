"""Sets of the demo's members: what they are made of, and orders of them in every state."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, select

from portal.accounts.models import Company, Person
from portal.core import clock, scope
from portal.core.quantities import NOTHING
from portal.demo.warehouse_goods import HOME, TEA, TECH
from portal.warehousing.goods.queries import skus_by_code
from portal.warehousing.kits import rows, rules
from portal.warehousing.kits.rules import Part
from portal.warehousing.kits.service import doing, ordering, recipes
from portal.warehousing.kits.service.doing import Doing
from portal.warehousing.kits.service.ordering import Wish
from portal.warehousing.ledger.models import StockTotal
from portal.warehousing.sites.queries import first_location

_COMPANY, _PERSON, _TOTAL = Company.__table__, Person.__table__, StockTotal.__table__
WORKER = "warehouse@quayside.example"
#: Owner, set, how it is put together, its parts.
_SETS: tuple[tuple[str, str, str, Mapping[str, int]], ...] = (
    (HOME, "GFT-HOME-1", "杯子各自裹纸，蜡烛放中间，靠垫套垫底。",
     {"SOF-CUS-45": 2, "CER-CUP-02": 2, "CND-SOY-02": 1}),
    (TECH, "SET-DESK-1", "支架先放，键盘在上，鼠标放侧格。",
     {"KB-MEC-87": 1, "MS-WLS-03": 1, "STD-LAP-01": 1}),
    (TEA, "GFT-TEA-SP", "茶罐朝上，茶杯裹纸，盒盖系带。",
     {"TEA-LJ-250": 1, "CUP-CEL-02": 1, "TEA-JAS-50": 2}),
)  # fmt: skip
#: Of each set: how many are ordered, how many are done, how many days until they are wanted.
_ORDERS = ((12, 12, 0), (20, 8, 1), (30, 0, 3))
#: Of the first owner's set: more than there are goods for. It waits, and holds what there is.
_TOO_MANY = (5000, 0, 14)


def fill(*, at: datetime, on: Connection) -> None:
    """Say what sets are made of, order them and do some; goods lie in stock already."""
    worker = on.scalar(select(_PERSON.c.id).where(_PERSON.c.email == WORKER))
    for owner, code, note, parts in _SETS:
        company = on.scalar(select(_COMPANY.c.id).where(_COMPANY.c.name == owner)) or 0
        goods = skus_by_code([code, *parts], company, on)
        if len(goods) == len(parts) + 1:
            wanted = [Part(goods[each].id, Decimal(many)) for each, many in parts.items()]
            with _at(at - timedelta(days=60)):
                recipes.write(goods[code], wanted, note, by=None, on=on)
            house = _house(wanted, company, on)
            if house is not None:
                _order(goods[code], house, worker, at, on)


@contextmanager
def _at(moment: datetime) -> Iterator[None]:
    """Let it be ``moment`` for whatever is done meanwhile."""
    with patch.object(clock, "now", lambda: moment):
        yield


def _house(parts: Sequence[Part], company: int, on: Connection) -> int | None:
    """Return the warehouse that has most of the first part; None: there is none anywhere."""
    c = _TOTAL.c
    most = select(c.warehouse_id).where(
        c.company_id == company, c.sku_id == parts[0].sku_id, c.on_hand > 0
    )
    return on.scalar(
        most.order_by(c.on_hand.desc()).limit(1).execution_options(**scope.of(company))
    )


def _order(kit: Any, house: int, worker: int | None, at: datetime, on: Connection) -> None:
    orders = (*_ORDERS, _TOO_MANY) if kit.code == _SETS[0][1] else _ORDERS
    for number, (sets, done, days) in enumerate(orders):
        wanted_on = (at + timedelta(days=days)).date()
        wish = Wish(kit=kit, warehouse_id=house, quantity=Decimal(sets), wanted_on=wanted_on)
        with _at(at - timedelta(minutes=240 - 50 * number)):
            made = ordering.order(wish, by=None, on=on)
        with _at(at - timedelta(minutes=220 - 50 * number)):
            _do(made, Decimal(done), worker, on)


def _do(order: Any, wanted: Decimal, worker: int | None, on: Connection) -> None:
    """Do so many sets, or as many as goods are promised for."""
    lines = rows.lines_of(order, on)
    held = rows.promised_by_line(order, lines, on)
    promised = ((n.per_kit, sum((r.quantity for r in held[n.id]), NOTHING)) for n in lines)
    sets = min(wanted, rules.doable(promised))
    place = first_location(order.warehouse_id, "stage", on)
    if sets > NOTHING and place is not None:
        what = Doing(quantity=sets, location_id=place.id)
        doing.do(ordering.held(order.ref, on), what, by=worker, on=on)
