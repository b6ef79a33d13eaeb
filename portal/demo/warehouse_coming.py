"""Goods in, as they happen by themselves in the demo's warehouse: announced, received, put away."""

from datetime import timedelta
from decimal import Decimal
from random import Random
from typing import Any

from sqlalchemy import Connection, select

from portal.core import clock, scope
from portal.core.db import db
from portal.demo.warehouse_hands import Hands
from portal.demo.warehouse_happening import COUNTED, Happened, Work, first, member
from portal.warehousing.goods.models import Sku
from portal.warehousing.inbound.models import Difference, InboundNotice, NoticeLine
from portal.warehousing.inbound.models import PutAwayTask as PutAway
from portal.warehousing.inbound.rules.announcing import Said, SaidLine
from portal.warehousing.inbound.service import finishing, notices, placing, putting, receiving
from portal.warehousing.inbound.service import slots as arrivals
from portal.warehousing.inbound.service.putting import Put
from portal.warehousing.inbound.service.receiving import Scanned

SHORT_SHARE = 0.15  # of lines that come with less than announced
_NOTICE, _LINE, _TASK, _DIFFERENCE, _SKU = (
    model.__table__ for model in (InboundNotice, NoticeLine, PutAway, Difference, Sku)
)


def _notice(house: Any, company_id: int, *statuses: str) -> Any:
    c = _NOTICE.c
    wanted = select(_NOTICE).where(c.company_id == company_id, c.status.in_(statuses))
    wanted = wanted.where(c.warehouse_id == house.id)
    return first(wanted.order_by(c.id), company_id)


def announce(rng: Random, house: Any, company_id: int, hands: Hands) -> Work | None:
    """Let the owner announce one to three kinds of goods, while nothing of his is on its way."""
    if _notice(house, company_id, "announced", "scheduled", "arrived", "receiving") is not None:
        return None
    goods = select(_SKU).where(_SKU.c.company_id == company_id, _SKU.c.active, COUNTED)
    found = db.session.execute(goods.execution_options(**scope.of(company_id))).all()
    if not found:
        return None
    chosen = rng.sample(found, min(len(found), rng.randint(1, 3)))
    lines = [SaidLine(sku=sku.code, quantity=Decimal(rng.randrange(12, 121, 12))) for sku in chosen]
    said = Said(warehouse_id=house.id, lines=lines, supplier="永丰供应链", vehicle="浙A·8K263")
    by = member(company_id)

    def work(on: Connection) -> Happened:
        made = notices.announce(said, company_id, by=by, on=on)
        return Happened(company_id, "announced", made.ref)

    return work


def arrive(rng: Random, house: Any, company_id: int, hands: Hands) -> Work | None:
    """Let the vehicle of a notice come."""
    notice = _notice(house, company_id, "announced", "scheduled")
    if notice is None:
        return None

    def work(on: Connection) -> Happened:
        arrivals.arrive(notice.ref, by=hands.person_id, on=on)
        return Happened(company_id, "arrived", notice.ref)

    return work


def receive(rng: Random, house: Any, company_id: int, hands: Hands) -> Work | None:
    """Receive the next line of a notice, now and then one piece short; finish after the last."""
    notice = _notice(house, company_id, "arrived", "receiving")
    if notice is None:
        return None
    c = _LINE.c
    goods = (_SKU.c.lot_policy, _SKU.c.has_expiry, _SKU.c.shelf_life_days)
    lines = select(_LINE, *goods).join_from(_LINE, _SKU, _SKU.c.id == c.sku_id)
    lines = lines.where(c.company_id == company_id, c.notice_id == notice.id, c.received == 0)
    line = first(lines.where(COUNTED).order_by(c.id), company_id)
    if line is None:
        return _finish(notice, hands)
    missing = Decimal(1 if rng.random() < SHORT_SHARE and line.announced > 1 else 0)
    scanned = _scanned(line, line.announced - missing)

    def work(on: Connection) -> Happened:
        receiving.receive(notice.ref, scanned, by=hands.person_id, on=on)
        return Happened(company_id, "received", notice.ref)

    return work


def _scanned(line: Any, quantity: Decimal) -> Scanned:
    """Return a scan of goods with what is on their label: made last week."""
    made_on = clock.now().astimezone(clock.zone()).date() - timedelta(days=7)
    life = timedelta(days=line.shelf_life_days or 365)
    return Scanned(
        sku_id=line.sku_id,
        quantity=quantity,
        lot=f"{made_on:%y%m%d}" if line.lot_policy == "lot" else "",
        expires_on=made_on + life if line.has_expiry else None,
        confirmed=("lot",),
    )


def _finish(notice: Any, hands: Hands) -> Work:
    def work(on: Connection) -> Happened:
        finishing.finish(notice.ref, by=hands.person_id, on=on)
        return Happened(notice.company_id, "finished", notice.ref)

    return work


def put_away(rng: Random, house: Any, company_id: int, hands: Hands) -> Work | None:
    """Bring goods to the place that is proposed."""
    c = _TASK.c
    open_ = select(_TASK, _NOTICE.c.ref).join_from(_TASK, _NOTICE, _NOTICE.c.id == c.notice_id)
    open_ = open_.where(c.company_id == company_id, c.done_at.is_(None))
    task = first(open_.where(c.warehouse_id == house.id).order_by(c.id), company_id)
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


def accept(rng: Random, house: Any, company_id: int, hands: Hands) -> Work | None:
    """Let the owner accept a difference."""
    c = _DIFFERENCE.c
    open_ = select(_DIFFERENCE, _NOTICE.c.ref)
    open_ = open_.join_from(_DIFFERENCE, _NOTICE, _NOTICE.c.id == c.notice_id)
    found = first(open_.where(c.company_id == company_id, c.status == "open"), company_id)
    if found is None or rng.random() < 0.5:
        return None
    by = member(company_id)

    def work(on: Connection) -> Happened:
        finishing.answer(
            found.ref, found.id, accept=True, note="", company_id=company_id, by=by, on=on
        )
        return Happened(company_id, "accepted", found.ref)

    return work
