"""A day in the demo's warehouse: goods come, are put away, ordered, picked, packed and shipped.

Each happening is one command of one person through the real services. What comes next is chosen
by chance among what can happen now; ``run`` goes on until every owner of goods has seen a whole
day, from an arrival to a consignment.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from random import Random
from typing import Any

from flask import current_app
from sqlalchemy import Connection, Select, func, select

from portal.accounts.models import Membership, Person
from portal.consignments.models import Address
from portal.core import clock, scope, working
from portal.core.db import db, write
from portal.core.errors import PortalError
from portal.demo import warehouse_hands as hands_of
from portal.demo.warehouse_hands import Hands
from portal.warehousing.goods.models import Sku
from portal.warehousing.inbound.models import InboundDifference, InboundNotice, NoticeLine
from portal.warehousing.inbound.models import PutAwayTask as PutAway
from portal.warehousing.inbound.rules.announcing import Said, SaidLine
from portal.warehousing.inbound.service import finishing, notices, placing, putting, receiving
from portal.warehousing.inbound.service import slots as arrivals
from portal.warehousing.inbound.service.putting import Put
from portal.warehousing.inbound.service.receiving import Scanned
from portal.warehousing.ledger.models import StockTotal
from portal.warehousing.outbound.models import OutboundOrder
from portal.warehousing.outbound.rules.asked import NewLine
from portal.warehousing.outbound.service import orders
from portal.warehousing.outbound.service.orders import NewOrder
from portal.warehousing.sites.models import Warehouse

OWNERS = 3  # of goods, whose day it is
MOST_STEPS = 2000  # of a day that is run through at once
AT_ONCE = 12  # orders of an owner on the floor, of which one moves on
SHORT_SHARE = 0.15  # of lines that come with less than announced
_NOTICE, _LINE, _TASK, _DIFFERENCE, _ORDER, _SKU, _TOTAL, _HOUSE = (
    model.__table__
    for model in (
        InboundNotice,
        NoticeLine,
        PutAway,
        InboundDifference,
        OutboundOrder,
        Sku,
        StockTotal,
        Warehouse,
    )
)


@dataclass(frozen=True)
class Happened:
    """What happened: to whose goods, and in words for whoever watches the demo."""

    company_id: int
    kind: str
    ref: str

    @property
    def status(self) -> str:
        """Say it in a line."""
        return f"{self.kind} {self.ref}"


@dataclass
class Day:
    """What a day has seen so far: owner → kinds of what happened to his goods."""

    owners: Sequence[int]
    seen: dict[int, set[str]] = field(default_factory=dict)

    def note(self, happened: Happened) -> None:
        """Keep what happened."""
        self.seen.setdefault(happened.company_id, set()).add(happened.kind)

    @property
    def is_over(self) -> bool:
        """Whether goods of every owner have come and gone."""
        return all({"put away", "shipped"} <= self.seen.get(owner, set()) for owner in self.owners)


def run(rng: Random) -> Iterator[Happened]:
    """Let a whole day happen, as fast as it goes; yields what happened.

    Ends when goods of every owner have been put away and shipped. Nothing happens where the demo
    centre has no warehouse with goods.
    """
    house = _house()
    if house is None:
        return
    day = Day(_owners(house.id))
    for _ in range(MOST_STEPS):
        if day.is_over:
            return
        if (happened := happen(rng, _next_owners(day, rng))) is not None:
            day.note(happened)
            yield happened


def _next_owners(day: Day, rng: Random) -> list[int]:
    """Return the owners whose day is not over, one of them first."""
    waiting = [
        owner for owner in day.owners if not {"put away", "shipped"} <= day.seen.get(owner, set())
    ]
    return [rng.choice(waiting)]


def happen(rng: Random, owners: Sequence[int] | None = None) -> Happened | None:
    """Let one thing happen in the warehouse; None where nothing could, or it was refused."""
    house = _house()
    if house is None:
        return None
    chosen = list(owners) if owners is not None else list(_owners(house.id))
    if not chosen:
        return None
    hands = Hands(house.id, _worker(), str(current_app.config["GS1_COMPANY_PREFIX"]))
    order = list(_HAPPENINGS)
    rng.shuffle(order)
    for happening in order:
        work = happening(rng, house, rng.choice(chosen), hands)
        db.session.commit()
        if work is not None:
            try:
                return write(work)
            except PortalError:
                return None
    return None


Work = Callable[[Connection], Happened]


def _house() -> Any:
    """Return the warehouse that holds most goods; None: there is none."""
    counted = (
        select(_TOTAL.c.warehouse_id)
        .where(_TOTAL.c.on_hand > 0)
        .group_by(_TOTAL.c.warehouse_id)
        .order_by(func.count().desc(), _TOTAL.c.warehouse_id)
        .limit(1)
    )
    found = db.session.scalar(counted.execution_options(**scope.CENTRE))
    if found is None:
        return None
    return db.session.execute(select(_HOUSE).where(_HOUSE.c.id == found)).one()


def _owners(warehouse_id: int) -> Sequence[int]:
    """Return the owners with most kinds of goods in a warehouse."""
    counted = (
        select(_TOTAL.c.company_id)
        .where(_TOTAL.c.warehouse_id == warehouse_id, _TOTAL.c.on_hand > 0)
        .group_by(_TOTAL.c.company_id)
        .order_by(func.count().desc(), _TOTAL.c.company_id)
        .limit(OWNERS)
    )
    return list(db.session.scalars(counted.execution_options(**scope.CENTRE)))


def _worker() -> int:
    wanted = select(Person.id).where(Person.staff_role == "warehouse").order_by(Person.id)
    return int(db.session.scalar(wanted.limit(1)) or 0)


def _member(company_id: int) -> int | None:
    mine = select(func.min(Membership.person_id)).where(Membership.company_id == company_id)
    found = db.session.scalar(mine.execution_options(**scope.of(company_id)))
    return None if found is None else int(found)


def _first(wanted: Select[Any], company_id: int) -> Any:
    return db.session.execute(wanted.limit(1).execution_options(**scope.of(company_id))).first()


def _notice(company_id: int, *statuses: str) -> Any:
    c = _NOTICE.c
    wanted = select(_NOTICE).where(c.company_id == company_id, c.status.in_(statuses))
    return _first(wanted.order_by(c.id), company_id)


# Goods in


def _announce(rng: Random, house: Any, company_id: int, hands: Hands) -> Work | None:
    if _notice(company_id, "announced", "scheduled", "arrived", "receiving") is not None:
        return None
    plain = select(_SKU).where(_SKU.c.company_id == company_id, _SKU.c.active)
    plain = plain.where(_SKU.c.lot_policy == "none", _SKU.c.has_expiry.is_(False))
    found = db.session.execute(plain.execution_options(**scope.of(company_id))).all()
    if not found:
        return None
    chosen = rng.sample(found, min(len(found), rng.randint(1, 3)))
    lines = [SaidLine(sku=sku.code, quantity=Decimal(rng.randrange(12, 121, 12))) for sku in chosen]
    said = Said(warehouse_id=house.id, lines=lines, supplier="永丰供应链", vehicle="浙A·8K263")
    by = _member(company_id)

    def work(on: Connection) -> Happened:
        made = notices.announce(said, company_id, by=by, on=on)
        return Happened(company_id, "announced", made.ref)

    return work


def _arrive(rng: Random, house: Any, company_id: int, hands: Hands) -> Work | None:
    notice = _notice(company_id, "announced", "scheduled")
    if notice is None or notice.warehouse_id != house.id:
        return None

    def work(on: Connection) -> Happened:
        arrivals.arrive(notice.ref, by=hands.person_id, on=on)
        return Happened(company_id, "arrived", notice.ref)

    return work


def _receive(rng: Random, house: Any, company_id: int, hands: Hands) -> Work | None:
    notice = _notice(company_id, "arrived", "receiving")
    if notice is None or notice.warehouse_id != house.id:
        return None
    c = _LINE.c
    lines = select(_LINE, _SKU.c.lot_policy, _SKU.c.has_expiry)
    lines = lines.join_from(_LINE, _SKU, _SKU.c.id == c.sku_id)
    lines = lines.where(c.company_id == company_id, c.notice_id == notice.id, c.received == 0)
    plain = lines.where(_SKU.c.lot_policy == "none", _SKU.c.has_expiry.is_(False))
    line = _first(plain.order_by(c.id), company_id)
    if line is None:
        return _finish(notice, hands)
    missing = Decimal(1 if rng.random() < SHORT_SHARE and line.announced > 1 else 0)
    scanned = Scanned(sku_id=line.sku_id, quantity=line.announced - missing)

    def work(on: Connection) -> Happened:
        receiving.receive(notice.ref, scanned, by=hands.person_id, on=on)
        return Happened(company_id, "received", notice.ref)

    return work


def _finish(notice: Any, hands: Hands) -> Work:
    def work(on: Connection) -> Happened:
        finishing.finish(notice.ref, by=hands.person_id, on=on)
        return Happened(notice.company_id, "finished", notice.ref)

    return work


def _put_away(rng: Random, house: Any, company_id: int, hands: Hands) -> Work | None:
    c = _TASK.c
    open_ = select(_TASK, _NOTICE.c.ref).join_from(_TASK, _NOTICE, _NOTICE.c.id == c.notice_id)
    open_ = open_.where(c.company_id == company_id, c.done_at.is_(None))
    task = _first(open_.where(c.warehouse_id == house.id).order_by(c.id), company_id)
    if task is None:
        return None

    def work(on: Connection) -> Happened:
        left = task.quantity - task.done
        proposed = placing.propose(task, left, on)[0]
        many = min(left, proposed.quantity)
        put = Put(location=proposed.location.code, quantity=many, proposed=proposed.location.id)
        putting.put_away(task.id, put, by=hands.person_id, on=on)
        return Happened(company_id, "put away", task.ref)

    return work


def _accept(rng: Random, house: Any, company_id: int, hands: Hands) -> Work | None:
    c = _DIFFERENCE.c
    open_ = select(_DIFFERENCE, _NOTICE.c.ref)
    open_ = open_.join_from(_DIFFERENCE, _NOTICE, _NOTICE.c.id == c.notice_id)
    found = _first(open_.where(c.company_id == company_id, c.status == "open"), company_id)
    if found is None or rng.random() < 0.5:
        return None
    by = _member(company_id)

    def work(on: Connection) -> Happened:
        finishing.answer(
            found.ref, found.id, accept=True, note="", company_id=company_id, by=by, on=on
        )
        return Happened(company_id, "accepted", found.ref)

    return work


# Goods out


def _order(rng: Random, house: Any, company_id: int, hands: Hands) -> Work | None:
    t = _TOTAL.c
    free = (
        select(t.sku_id, t.on_hand, t.allocated, t.on_hold)
        .join_from(_TOTAL, _SKU, _SKU.c.id == t.sku_id)
        .where(t.company_id == company_id, t.warehouse_id == house.id, _SKU.c.active)
    )
    rows = db.session.execute(free.execution_options(**scope.of(company_id))).all()
    there = [row for row in rows if row.on_hand - row.allocated - row.on_hold >= 12]
    if not there:
        return None
    chosen = rng.sample(there, min(len(there), rng.randint(1, 3)))
    lines = [
        NewLine(sku_id=row.sku_id, quantity=Decimal(rng.randint(1, 6)), lot_id=None)
        for row in chosen
    ]
    new = NewOrder(
        company_id=company_id, warehouse=house, columns=_to(rng, company_id), lines=lines
    )
    hours, by = working.hours(), _member(company_id)

    def work(on: Connection) -> Happened:
        placed = orders.place(new, hours=hours, by=by, on=on)
        return Happened(company_id, "ordered", placed.order.ref)

    return work


def _to(rng: Random, company_id: int) -> dict[str, Any]:
    """Return the columns of an order to somebody in the company's address book."""
    book = select(Address).where(Address.company_id == company_id).order_by(Address.id)
    found = db.session.scalars(book.execution_options(**scope.of(company_id))).all()
    columns: dict[str, Any] = {
        "policy": "partial",
        "service": rng.choice(("standard", "express")),
        "order_ref": f"SO-{clock.now():%m%d%H%M%S}-{rng.randrange(10000):04d}",
    }
    if len(found) > 1:
        to = rng.choice(found[1:])
        columns |= {
            "consignee_name": to.name,
            "consignee_phone": to.phone,
            "consignee_address": to.address,
            "consignee_city": to.city,
            "consignee_country": to.country,
            "consignee_postcode": to.postcode,
            "consignee_division": to.division_code,
        }
    return columns


def _on_the_floor(rng: Random, house: Any, company_id: int, hands: Hands) -> Work | None:
    c = _ORDER.c
    ready = select(_ORDER).where(c.company_id == company_id, c.warehouse_id == house.id)
    ready = ready.where(c.status.in_(list(hands_of.STEPS)))
    longest = ready.order_by(c.status_at, c.id).limit(AT_ONCE)
    waiting = db.session.execute(longest.execution_options(**scope.of(company_id))).all()
    if not waiting:
        return None
    found = rng.choice(waiting)  # one that cannot go on must not hold up the others

    def work(on: Connection) -> Happened:
        after = hands_of.step(found, hands, on)
        return Happened(company_id, after.status, after.ref)

    return work


#: What may happen; what moves orders on stands several times, so that they get somewhere.
_HAPPENINGS = (
    _announce,
    _arrive,
    _receive,
    _receive,
    _put_away,
    _put_away,
    _accept,
    _order,
    _on_the_floor,
    _on_the_floor,
    _on_the_floor,
)
