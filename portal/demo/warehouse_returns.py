"""Goods that come back to the demo's warehouses: returns of three owners in every state.

Everything is done by the verbs that people use, at the instants at which they would have.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from unittest.mock import patch

from sqlalchemy import Connection, select

from portal.accounts.models import Company
from portal.core import clock, scope
from portal.demo.warehouse_sites import Houses
from portal.warehousing.goods.models import Sku
from portal.warehousing.inbound.rules.announcing import SaidLine
from portal.warehousing.ledger.models import Balance, Lot
from portal.warehousing.ledger.service.lots import lot_for
from portal.warehousing.outbound.models import OutboundOrder
from portal.warehousing.returns.models import GoodsReturn, ReturnPart
from portal.warehousing.returns.service import inspecting, receiving, requesting, settling
from portal.warehousing.returns.service.inspecting import Finding
from portal.warehousing.returns.service.receiving import Came
from portal.warehousing.returns.service.requesting import Wish
from portal.warehousing.sites.models import Location
from portal.warehousing.sites.queries import first_location, locations_of

_SKU, _LOT, _BALANCE, _LOCATION, _COMPANY, _ORDER, _RETURN, _PART = (
    model.__table__
    for model in (Sku, Lot, Balance, Location, Company, OutboundOrder, GoodsReturn, ReturnPart)
)
HOME, TECH, TEA = "华东家居", "珠江科技", "云栖茶业"


@dataclass(frozen=True)
class Back:
    """One return: whose, why, from whom, how many days ago, and how far it has come.

    ``found``: (condition, how many, what was seen), which add up to what came.
    """

    owner: str
    ref: str
    reason: str
    sender: str
    city: str
    state: str
    days: int
    quantity: int
    found: tuple[tuple[str, int, str], ...] = ()
    carrier: str = ""
    note: str = ""


RETURNS = (
    Back(HOME, "RMA-1108", "damaged", "李雯", "苏州", "closed", 16, 4,
         (("as_new", 3, ""), ("damaged", 1, "外箱压扁，内件有裂纹")), "顺丰 SF1402278815"),
    Back(HOME, "RMA-1112", "not_needed", "周建国", "无锡", "inspected", 4, 3,
         (("opened", 3, "封条已拆，配件齐全"),), "中通 7512004418"),
    Back(HOME, "RMA-1115", "refused", "宁波悦居", "宁波", "received", 1, 6, (), "德邦 DPK2009"),
    Back(HOME, "RMA-1117", "wrong", "陈晓", "南京", "in_transit", 1, 2, (), "顺丰 SF1402291120"),
    Back(HOME, "RMA-1118", "not_needed", "上海静安店", "上海", "requested", 0, 8, (), "",
         "门店撤柜，整箱退回"),
    Back(TECH, "R-2204", "undeliverable", "佛山顺德分销", "佛山", "decided", 3, 5,
         (("as_new", 5, ""),), "京东 JD0087551"),
    Back(TECH, "R-2207", "other", "深圳客户", "深圳", "refused", 6, 40, (), "",
         "样机，共 40 台"),
    Back(TEA, "TH-0031", "damaged", "杭州大厦专柜", "杭州", "scrapped", 9, 2,
         (("damaged", 2, "茶罐变形，已受潮"),), "自送"),
)  # fmt: skip


def fill(houses: Houses, people: Sequence[int], now: datetime, on: Connection) -> None:
    """Let goods come back; ``people``: who receives and inspects first, who authorises last."""
    for each in RETURNS:
        _Coming(each, houses, people, on).tell(now)


@contextmanager
def at(moment: datetime) -> Iterator[None]:
    """Let it be ``moment`` for whatever is done meanwhile."""
    with patch.object(clock, "now", lambda: moment):
        yield


class _Coming:
    """One return while it comes."""

    def __init__(self, back: Back, houses: Houses, people: Sequence[int], on: Connection) -> None:
        self.back, self.on, self.worker, self.head = back, on, people[0], people[-1]
        self.house = houses.small if back.owner == TEA else houses.main
        wanted = (
            select(_SKU)
            .join_from(_SKU, _COMPANY, _COMPANY.c.id == _SKU.c.company_id)
            .where(_COMPANY.c.name == back.owner, _SKU.c.active, _SKU.c.lot_policy != "serial")
            .order_by(_SKU.c.id)
        )
        goods = on.execute(wanted.execution_options(**scope.CENTRE)).all()
        self.sku: Any = goods[len(back.ref + back.sender) % len(goods)] if goods else None
        self.row: Any = None

    def tell(self, now: datetime) -> None:
        """Bring it as far as it has come."""
        begun = now - timedelta(days=self.back.days, hours=7)
        if self.sku is None:
            return
        with at(begun):
            self._ask(begun)
        if self.back.state == "requested":
            return
        with at(begun + timedelta(hours=1)):
            self._answer()
        if self.back.state in ("refused", "in_transit"):
            return
        with at(begun + timedelta(hours=4)):
            self._receive()
        with at(begun + timedelta(hours=5)):
            self._inspect()
        with at(begun + timedelta(hours=6)):
            self._settle()

    def _ask(self, at: datetime) -> None:
        back, sku = self.back, self.sku
        wish = Wish(
            warehouse_id=self.house.id,
            reason=back.reason,
            lines=[SaidLine(sku=sku.code, quantity=Decimal(back.quantity))],
            source="api" if back.owner == TECH else "web",
            begun_with=back.ref,
            order_ref=self._order(at),
            note=back.note or None,
            sender={"name": back.sender, "city": back.city},
            expected_on=(at + timedelta(days=2)).date(),
        )
        made = requesting.request(wish, sku.company_id, by_id=None, on=self.on)
        mine = select(_RETURN).where(_RETURN.c.ref == made.ref)
        self.row = self.on.execute(mine.execution_options(**scope.CENTRE)).one()

    def _order(self, at: datetime) -> str | None:
        """Return an order of the owner that had left by then, if there is one."""
        c = _ORDER.c
        mine = select(c.ref).where(c.company_id == self.sku.company_id, c.shipped_at < at)
        shipped = mine.where(c.status.in_(("shipped", "closed"))).order_by(c.shipped_at.desc())
        found: str | None = self.on.scalar(shipped.limit(1).execution_options(**scope.CENTRE))
        return found

    def _answer(self) -> None:
        row, on = self.row, self.on
        if self.back.state == "refused":
            words = "样机不在仓储合同范围内，请与客服另行约定"
            requesting.refuse(row.id, row.company_id, words, by_id=self.head, on=on)
            return
        requesting.authorise(row.id, row.company_id, None, by_id=self.head, on=on)
        carrier, _, number = self.back.carrier.partition(" ")
        requesting.send_off(row.id, row.company_id, carrier, number, by_id=None, on=on)

    def _receive(self) -> None:
        row, on = self.row, self.on
        place = first_location(self.house.id, "return", on)
        if place is None:
            return
        lot = self._lot()
        came = Came(lot=lot, location=place, quantity=Decimal(self.back.quantity))
        receiving.receive(row.id, row.company_id, came, by_id=self.worker, on=on)
        receiving.finish(row.id, row.company_id, by_id=self.worker, on=on)

    def _lot(self) -> Any:
        """Return a lot of the goods that lies here, or the one of goods without lots."""
        mine = select(_LOT).where(_LOT.c.sku_id == self.sku.id).order_by(_LOT.c.id).limit(1)
        found = self.on.execute(mine.execution_options(**scope.CENTRE)).first()
        return found or lot_for(self.sku, "", on=self.on)

    def _parts(self) -> Sequence[Any]:
        mine = select(_PART).where(_PART.c.return_id == self.row.id).order_by(_PART.c.id)
        return self.on.execute(mine.execution_options(**scope.CENTRE)).all()

    def _inspect(self) -> None:
        row, on = self.row, self.on
        for condition, quantity, note in self.back.found:
            part = next(each for each in self._parts() if each.status == "received")
            finding = Finding(condition=condition, quantity=Decimal(quantity), note=note or None)
            inspecting.inspect(part.id, row.id, row.company_id, finding, by_id=self.worker, on=on)

    def _settle(self) -> None:
        """Decide and do what the story says was done."""
        row, on = self.row, self.on
        if self.back.state not in ("closed", "scrapped", "decided"):
            return
        for part in self._parts():
            wish = "restock" if part.condition == "as_new" else "scrap"
            inspecting.decide(
                part.id, row.id, row.company_id, wish, by_id=None, whose="owner", on=on
            )
        if self.back.state == "decided":
            return
        for part in self._parts():
            if part.disposition == "scrap":
                settling.scrap(part.id, row.id, row.company_id, by_id=self.worker, on=on)
            else:
                place = locations_of([self._shelf()], on)[self._shelf()]
                settling.restock(part.id, row.id, row.company_id, place, by_id=self.worker, on=on)
        if self.back.state == "closed":
            settling.close(row.id, row.company_id, by_id=self.worker, on=on)

    def _shelf(self) -> int:
        """Return where goods of this kind lie, else the first open shelf."""
        b = _BALANCE.c
        mine = (
            select(b.location_id)
            .join_from(_BALANCE, _LOCATION, _LOCATION.c.id == b.location_id)
            .where(b.sku_id == self.sku.id, _LOCATION.c.kind == "pick", b.on_hand > 0)
            .where(_LOCATION.c.warehouse_id == self.house.id)
            .order_by(b.location_id)
        )
        found = self.on.scalar(mine.execution_options(**scope.CENTRE))
        shelf = first_location(self.house.id, "pick", self.on)
        return int(found or (shelf.id if shelf else 0))
