"""Orders of the demo that have not come to the floor yet: drafts, waiting, held, in waves.

Everything is done by the verbs that people use, at the instants at which they would have.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from portal.accounts.models import Company, Person
from portal.core import scope, working
from portal.core.errors import PortalError
from portal.demo.warehouse_hands import at
from portal.demo.warehouse_sites import Houses
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import StockTotal
from portal.warehousing.outbound.rules.asked import NewLine
from portal.warehousing.outbound.service import changing, orders, waves
from portal.warehousing.outbound.service.orders import NewOrder
from portal.warehousing.outbound.service.waves import NewWave

_COMPANY, _PERSON, _SKU, _TOTAL = (m.__table__ for m in (Company, Person, Sku, StockTotal))
SUPERVISOR = "warehouse@quayside.example"
#: Owner, own number, state, hours ago, which of his goods in stock × how many, what is special.
_TABLE = """
home SO-26112231 draft       1.5 0×12,1×6        to=2
home SO-26112228 allocated   5   0×24,2×8        to=0,urgent
home SO-26112229 allocated   4.5 1×10            to=1
home SO-26112230 allocated   3   3×6,4×4,2×2     to=3,service=express
home SO-26112226 wave        6   0×8,3×2         to=4
home SO-26112227 wave        6   1×6             to=5
home SO-26112201 backorder   52  0×5000,1×10     to=1,note=有货先留，齐了再发
home SO-26112215 partial     20  2×9000,4×2      to=2
home SO-26112219 held        22  3×6             to=0,hold=owner,note=等客户确认颜色
home SO-26112210 cancelled   28  1×20            to=3,note=客户取消
tech RK-SO-0931  allocated   2   0×20,1×10       to=4,service=express
tech RK-SO-0932  wave        5   2×6             to=5
tech RK-SO-0925  held        26  0×60            to=1,hold=credit,note=上月账单未付
tech RK-SO-0920  backorder   75  1×4000          to=2
tech RK-SO-0933  draft       0.5 3×4             to=0
tea  YQ-SO-118   allocated   3.5 0×30            to=3,small
tea  YQ-SO-119   held        9   1×12            to=4,hold=quality,note=到货抽检未完成,small
tea  YQ-SO-115   backorder   40  2×2500          to=5,small
tea  YQ-SO-120   draft       0.3 0×10,1×10       to=1,small
"""
_OWNERS = {"home": "华东家居", "tech": "珠江科技", "tea": "云栖茶业"}
_PEOPLE = (
    ("王芳", "+8613800138000", "文三路 90 号 6 号楼 301", "杭州"),
    ("徐静", "+8613917001122", "漕宝路 400 号明申商务广场 12 楼", "上海"),
    ("李强", "+8613705180011", "珠江路 88 号新世界中心 B 座", "南京"),
    ("陈思远", "+8613605711888", "中山西路 23 号", "绍兴"),
    ("林晓", "+8613822220456", "天河路 208 号粤海天河城", "广州"),
    ("赵敏", "+8613501010199", "建国路 93 号万达广场 9 号楼", "北京"),
)


@dataclass(frozen=True)
class Story:
    """One order: whose, its number, how far it is, since when, what of."""

    owner: str
    order_ref: str
    state: str
    hours: float
    lines: Sequence[tuple[int, int]]
    marks: dict[str, str]


def _stories() -> Iterator[Story]:
    for line in _TABLE.strip().splitlines():
        owner, order_ref, state, hours, goods, special = line.split(None, 5)
        marks = dict([*mark.split("="), "1"][:2] for mark in special.split(","))
        lines = [(int(each.split("×")[0]), int(each.split("×")[1])) for each in goods.split(",")]
        yield Story(_OWNERS[owner], order_ref, state, float(hours), lines, marks)


def fill(houses: Houses, now: datetime, on: Connection) -> None:
    """Order, hold and plan; owners, goods, stock and both houses are there already."""
    supervisor = on.scalar(select(_PERSON.c.id).where(_PERSON.c.email == SUPERVISOR))
    planned: dict[int, list[Any]] = {}
    for story in _stories():
        house = houses.small if "small" in story.marks else houses.main
        order = _told(story, house, now, on)
        if order is not None and story.state == "wave":
            planned.setdefault(house.id, []).append(order)
    for house_id, found in planned.items():
        chosen = [(order.id, order.company_id) for order in found if order.status == "allocated"]
        if chosen:
            new = NewWave(warehouse_id=house_id, orders=chosen, method="batch", service="standard")
            with at(now - timedelta(hours=1)):
                waves.make(new, by=supervisor, on=on)


def _told(story: Story, house: Any, now: datetime, on: Connection) -> Any | None:
    """Tell one story; None where the owner has no goods."""
    company = on.scalar(select(_COMPANY.c.id).where(_COMPANY.c.name == story.owner))
    goods = _goods(company, house.id, on) if company is not None else []
    if company is None or not goods:
        return None
    begun = now - timedelta(hours=story.hours)
    try:
        with at(begun):
            order = _placed(story, house, company, goods, on)
        return _held(story, order, begun, on)
    except PortalError:  # he has too little of what the story wants
        return None


def _goods(company_id: int, house_id: int, on: Connection) -> Sequence[Any]:
    """Return the goods of an owner of which most is free, without serial numbers."""
    t = _TOTAL.c
    free = t.on_hand - t.allocated - t.on_hold
    wanted = (
        select(_SKU.c.id, free.label("free"))
        .join_from(_SKU, _TOTAL, t.sku_id == _SKU.c.id)
        .where(_SKU.c.company_id == company_id, t.warehouse_id == house_id)
        .where(t.company_id == company_id, _SKU.c.lot_policy != "serial", _SKU.c.active)
        .where(free > 0)
        .order_by(free.desc(), _SKU.c.id)
        .limit(8)
    )
    return on.execute(wanted.execution_options(**scope.of(company_id))).all()


def _placed(story: Story, house: Any, company_id: int, goods: Sequence[Any], on: Connection) -> Any:
    name, phone, address, city = _PEOPLE[int(story.marks["to"])]
    policy = {"backorder": "backorder", "partial": "partial"}.get(story.state, "all_or_nothing")
    columns = {
        "order_ref": story.order_ref,
        "policy": policy,
        "service": story.marks.get("service", "standard"),
        "priority": int("urgent" in story.marks),
        "note": story.marks.get("note") if story.state in ("backorder", "partial") else None,
        "consignee_name": name,
        "consignee_phone": phone,
        "consignee_address": address,
        "consignee_city": city,
        "consignee_country": "CN",
    }
    lines = [
        NewLine(sku_id=goods[which % len(goods)].id, quantity=Decimal(count))
        for which, count in story.lines
    ]
    new = NewOrder(company_id=company_id, warehouse=house, columns=columns, lines=lines)
    is_draft = story.state == "draft"
    return orders.place(new, submit=not is_draft, hours=working.hours(on), by=None, on=on).order


def _held(story: Story, order: Any, begun: datetime, on: Connection) -> Any:
    """Put on hold or cancel an order whose story says so; return its row."""
    note = story.marks.get("note")
    with at(begun + timedelta(minutes=25)):
        if story.state == "held":
            return changing.hold(order, story.marks["hold"], by=None, note=note, on=on)
        if story.state == "cancelled":
            return changing.cancel(order, by=None, note=note, on=on)
    return order
