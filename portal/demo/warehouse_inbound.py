"""What comes in at the demo's warehouses: notices of three members in every state, around now.

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

from portal.accounts.models import Company, Person
from portal.core import clock, scope
from portal.demo.warehouse_sites import Houses
from portal.warehousing.goods.models import Sku
from portal.warehousing.inbound.models import PutAwayTask
from portal.warehousing.inbound.rules.announcing import Said, SaidLine
from portal.warehousing.inbound.service import (
    finishing,
    held,
    notices,
    placing,
    putting,
    slots,
)
from portal.warehousing.inbound.service.putting import Put
from portal.warehousing.inbound.service.receiving import Scanned, receive
from portal.warehousing.sites.service import docks

_SKU, _COMPANY, _PERSON, _TASK = (m.__table__ for m in (Sku, Company, Person, PutAwayTask))
WORKER = "warehouse@quayside.example"


@dataclass(frozen=True)
class Story:
    """One notice: whose, from whom, how many hours ago it was announced, and how far it has come.

    ``lines``: (which of the owner's goods, how many). ``short``, ``broken``: of the first line.
    """

    owner: str
    order_ref: str
    supplier: str
    state: str
    hours: int
    lines: Sequence[tuple[int, int]]
    vehicle: str = ""
    note: str = ""
    short: int = 0
    broken: int = 0
    extra: bool = False  # something that nobody announced
    answer: str = ""  # accepted, declined
    small: bool = False  # at the small house


#: Owner, reference, sender, state, hours ago, which goods × how many, vehicle, what is special.
_TABLE = """
home PO-26110801  绍兴纺织一厂 completed    96 0×240,1×120,2×60 浙D·71K26
home PO-26111402  景德镇瓷业   completed    70 3×96,4×48        赣H·03P58 short=6,accepted
home PO-26111903  绍兴纺织一厂 putting_away 30 0×120,5×72       浙D·71K26 broken=4,declined
home PO-26112004  宁波灯具     received     22 4×60,2×80        浙B·9M117 short=5,extra
home PO-26112105  安吉椅业     receiving     8 1×96,3×144,5×48  浙E·22C81
home PO-26112206  景德镇瓷业   scheduled     6 3×120            赣H·03P58 note=易碎，请轻放
home PO-26112207  海宁家纺     announced     3 0×300,2×150      -         note=到货前一小时电话联系
home PO-26112208  宁波灯具     draft         1 4×24             -
home PO-26111809  绍兴纺织一厂 cancelled    80 0×60             -
tech RK-1107      深圳宝安工厂 completed    60 0×200,1×160      粤B·55X02
tech RK-1112      东莞厚街仓   arrived       9 2×80,0×120       粤S·18Y33
tech RK-1113      深圳宝安工厂 scheduled     5 1×240,3×40       粤B·55X02
tech RK-1110      东莞厚街仓   received     26 3×60             粤S·18Y33 short=3
tea  YQ-20261101  西湖茶厂     completed    50 0×180,1×90       浙A·6L206 small
tea  YQ-20261105  狮峰合作社   scheduled     4 0×120,2×60       浙A·6L206 small
tea  YQ-20261106  西湖茶厂     announced     2 1×200            -
"""
_OWNERS = {"home": "华东家居", "tech": "珠江科技", "tea": "云栖茶业"}


def _stories() -> Iterator[Story]:
    for line in _TABLE.strip().splitlines():
        owner, order_ref, supplier, state, hours, goods, vehicle, *special = line.split()
        marks = dict(
            [*mark.split("="), "1"][:2] for mark in (special[0].split(",") if special else ())
        )
        yield Story(
            owner=_OWNERS[owner],
            order_ref=order_ref,
            supplier=supplier,
            state=state,
            hours=int(hours),
            lines=[(int(each[0]), int(each[2:])) for each in goods.split(",")],
            vehicle=vehicle.strip("-"),
            note=marks.get("note", ""),
            short=int(marks.get("short", 0)),
            broken=int(marks.get("broken", 0)),
            extra="extra" in marks,
            answer=next((word for word in ("accepted", "declined") if word in marks), ""),
            small="small" in marks,
        )


def fill(houses: Houses, now: datetime, on: Connection) -> None:
    """Announce, receive and put away; the owners, their goods and both houses are there already."""
    worker = on.scalar(select(_PERSON.c.id).where(_PERSON.c.email == WORKER))
    for story in _stories():
        goods = _goods(story.owner, on)
        if goods:
            house = houses.small if story.small else houses.main
            _Telling(story, goods, house, worker, on).tell(now)


def _goods(owner: str, on: Connection) -> Sequence[Any]:
    company = on.scalar(select(_COMPANY.c.id).where(_COMPANY.c.name == owner))
    if company is None:
        return []
    wanted = select(_SKU).where(_SKU.c.company_id == company, _SKU.c.active).order_by(_SKU.c.id)
    return on.execute(wanted.execution_options(**scope.of(company))).all()


@contextmanager
def _at(moment: datetime) -> Iterator[None]:
    """Let it be ``moment`` for whatever is done meanwhile."""
    with patch.object(clock, "now", lambda: moment):
        yield


class _Telling:
    """One story while it is told."""

    def __init__(
        self, story: Story, goods: Sequence[Any], house: Any, worker: int | None, on: Connection
    ) -> None:
        self.story, self.goods, self.house, self.worker, self.on = story, goods, house, worker, on
        self.company_id = int(goods[0].company_id)
        self.ref = ""

    def tell(self, now: datetime) -> None:
        """Tell the story up to its state."""
        story, begun = self.story, now - timedelta(hours=self.story.hours)
        with _at(begun):
            self._announce(begun)
        if story.state == "scheduled":
            self._schedule(now)
        if story.state == "cancelled":
            with _at(begun + timedelta(hours=5)):
                notices.cancel(self.ref, reason="供应商推迟交货", by=None, on=self.on)
        if story.state in ("draft", "announced", "scheduled", "cancelled"):
            return
        here = max(begun + timedelta(hours=min(story.hours - 1, 20)), now - timedelta(hours=20))
        with _at(here):
            slots.arrive(self.ref, by=self.worker, on=self.on)
        if story.state != "arrived":
            self._receive(here)

    def _announce(self, at: datetime) -> None:
        story = self.story
        lines = [self._line(number, count) for number, count in story.lines]
        said = Said(
            warehouse_id=self.house.id,
            lines=lines,
            order_ref=story.order_ref,
            source="api" if story.owner == _OWNERS["tech"] else "form",
            supplier=story.supplier,
            vehicle=story.vehicle or None,
            note=story.note or None,
            expected_at=at + timedelta(hours=max(min(story.hours - 1, 20), 8)),
        )
        is_draft = story.state == "draft"
        made = notices.announce(said, self.company_id, is_draft=is_draft, by=None, on=self.on)
        self.ref = made.ref

    def _sku(self, number: int) -> Any:
        return self.goods[number % len(self.goods)]

    def _line(self, number: int, count: int) -> SaidLine:
        sku = self._sku(number)
        quantity = Decimal(min(count, 3) if sku.lot_policy == "serial" else count)
        return SaidLine(sku=sku.code, quantity=quantity)

    def _schedule(self, now: datetime) -> None:
        """Book the first slot that is free in the next days."""
        day = now.astimezone(clock.zone()).date()
        for ahead in range(8):
            on_day = day + timedelta(days=ahead)
            free = docks.free_slots(self.house.id, "in", on_day, self.on)
            if free:
                slots.schedule(self.ref, free[0].value, by=None, on=self.on)
                return

    def _receive(self, here: datetime) -> None:
        story = self.story
        at = here + timedelta(minutes=20)
        for number, (which, count) in enumerate(story.lines):
            if story.state == "receiving" and number == len(story.lines) - 1:
                break  # it is still on the vehicle
            with _at(at):
                self._scan(which, count, first=number == 0)
            at += timedelta(minutes=7)
        if story.extra:
            with _at(at):
                self._take(self._sku(6), Decimal(12), confirmed=frozenset({"unannounced"}))
        if story.state == "receiving":
            return
        with _at(at + timedelta(minutes=10)):
            finishing.finish(self.ref, by=self.worker, on=self.on)
        self._answer(at + timedelta(minutes=50))
        self._put(at + timedelta(minutes=60))

    def _scan(self, which: int, count: int, *, first: bool) -> None:
        sku, story = self._sku(which), self.story
        if sku.lot_policy == "serial":
            for number in range(min(count, 3)):
                self._take(sku, Decimal(1), lot=f"{story.order_ref}-{which}{number:02}")
            return
        broken = story.broken if first else 0
        good = count - (story.short if first else 0) - broken
        self._take(sku, Decimal(good))
        if broken:
            self._take(sku, Decimal(broken), condition="damaged", note="外箱破损，有水渍")

    def _take(self, sku: Any, quantity: Decimal, **more: Any) -> None:
        lot = more.pop("lot", f"{clock.now():%y%m}{self.story.order_ref[-2:]}")
        days = (sku.least_days_in or 0) + (sku.shelf_life_days or 400) // 2
        scanned = Scanned(
            sku_id=sku.id,
            quantity=quantity,
            lot=lot if sku.lot_policy != "none" else "",
            expires_on=clock.now().date() + timedelta(days=days) if sku.has_expiry else None,
            **more,
        )
        receive(self.ref, scanned, by=self.worker, on=self.on)

    def _answer(self, at: datetime) -> None:
        if not self.story.answer:
            return
        notice = held.notice(self.ref, self.on)
        for row in finishing.differences_of(notice, self.on):
            with _at(at):
                finishing.answer(
                    self.ref,
                    row.id,
                    accept=self.story.answer == "accepted",
                    note="" if self.story.answer == "accepted" else "出厂时完好，请复核",
                    company_id=self.company_id,
                    by=None,
                    on=self.on,
                )

    def _put(self, at: datetime) -> None:
        """Put everything away; of what is being put away the first task alone."""
        if self.story.state == "received":
            return
        notice = held.notice(self.ref, self.on)
        wanted = select(_TASK).where(_TASK.c.notice_id == notice.id, _TASK.c.done_at.is_(None))
        tasks = self.on.execute(wanted.execution_options(**scope.of(self.company_id))).all()
        for task in tasks[:1] if self.story.state == "putting_away" else tasks:
            for proposal in placing.propose(task, task.quantity, self.on):
                put = Put(location=proposal.location.code, quantity=proposal.quantity)
                with _at(at):
                    putting.put_away(task.id, put, by=self.worker, on=self.on)
                at += timedelta(minutes=4)
