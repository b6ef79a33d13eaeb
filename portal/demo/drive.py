"""Moving the demo on: every few seconds something plausible happens, through the real service."""

import time
from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

from flask import current_app
from sqlalchemy import func, select

from portal.accounts.access import User
from portal.accounts.models import Company, Membership, Person
from portal.accounts.roles import rights_of
from portal.consignments.models import Address, Consignment, Incident
from portal.consignments.queries.one import head_for
from portal.consignments.rules.moves import may_move
from portal.consignments.rules.vocabulary import INCIDENT, INCIDENT_RESOLVED
from portal.consignments.service import orders, tracking
from portal.consignments.service.orders import Created, Order, Origin, Party, Unit
from portal.consignments.service.tracking import NewEvent, Pushed
from portal.core import clock, scope
from portal.core.db import db, write
from portal.core.errors import NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.demo import warehouse_day
from portal.demo.goods import GOODS
from portal.demo.happenings import S, reason_of, source_of
from portal.demo.people import PROSPECT, SHIPPERS
from portal.demo.warehouse_happening import Happened
from portal.fulfilment import following

_C = Consignment.__table__
#: What comes next, with its weight; mostly the undisturbed way.
NEXT: dict[str, tuple[tuple[str, int], ...]] = {
    S.ORDERED: ((S.PICKUP_ASSIGNED, 1),),
    S.PICKUP_ASSIGNED: ((S.PICKED_UP, 14), (S.PICKUP_FAILED, 1)),
    S.PICKUP_FAILED: ((S.PICKUP_ASSIGNED, 1),),
    S.PICKED_UP: ((S.HUB_ARRIVED, 1),),
    S.HUB_ARRIVED: ((S.HUB_DEPARTED, 9), (INCIDENT, 1)),
    S.HUB_DEPARTED: ((S.IN_TRANSIT, 1),),
    S.IN_TRANSIT: ((S.DEST_CITY, 1),),
    S.REDIRECTED: ((S.IN_TRANSIT, 1),),
    S.DEST_CITY: ((S.OUT_FOR_DELIVERY, 1),),
    S.OUT_FOR_DELIVERY: ((S.DELIVERED, 16), (S.DELIVERY_FAILED, 2), (S.REFUSED, 1)),
    S.DELIVERY_FAILED: ((S.OUT_FOR_DELIVERY, 3), (S.AT_PICKUP_POINT, 2)),
    S.REFUSED: ((S.RETURNING, 1),),
    S.AT_PICKUP_POINT: ((S.DELIVERED, 1),),
    S.LOST: ((S.FOUND, 1),),
    S.RETURNING: ((S.RETURNED, 1),),
}
ORDER_SHARE = 0.12  # of what happens, the share that is a new order
WAREHOUSE_SHARE = 0.4  # of what happens, the share that happens in the warehouse
_AT_ORIGIN = (S.ORDERED, S.PICKUP_ASSIGNED, S.PICKUP_FAILED, S.PICKED_UP, S.HUB_ARRIVED)


def drive(
    rng: Random, *, every_s: float, for_s: float | None
) -> Iterator[Pushed | Created | Happened]:
    """Let something happen every ``every_s`` seconds, for ``for_s`` seconds or for ever.

    Yields what happened. Raises NotFound where no demo centre is loaded.
    """
    end = None if for_s is None else time.monotonic() + for_s
    while end is None or time.monotonic() < end:
        if (happened := happen(rng)) is not None:
            yield happened
        time.sleep(every_s * rng.uniform(0.5, 1.5))


def happen(rng: Random) -> Pushed | Created | Happened | None:
    """Let one thing happen: in the warehouse, to a consignment, or a new order.

    None where the chosen consignment was changed by somebody else meanwhile. Raises NotFound
    where no demo centre is loaded.
    """
    if db.session.scalar(select(Company.id).where(Company.name == PROSPECT)) is None:
        raise NotFound(_l("There is no demo centre here. Load it first: demo load."))
    if rng.random() < WAREHOUSE_SHARE and (done := warehouse_day.happen(rng)) is not None:
        return done
    following.follow()
    under_way = _pick(rng)
    db.session.commit()
    if under_way is None or rng.random() < ORDER_SHARE:
        return _order(rng)
    try:
        return _move(rng, under_way)
    except Refused:
        return None


def _pick(rng: Random) -> Any:
    """Return a consignment under way: of any status, one of those that waited longest."""
    ready = (
        select(_C.c.status, func.count().label("waiting"))
        .where(_C.c.status.in_([str(status) for status in NEXT]), _C.c.split.is_(False))
        .group_by(_C.c.status)
        .order_by(_C.c.status)
        .execution_options(**scope.CENTRE)
    )
    found = db.session.execute(ready).all()
    if not found:
        return None
    status, waiting = rng.choice(found)
    oldest = (
        select(_C.c.no, _C.c.consignor_city, _C.c.consignee_city, _is_troubled())
        .where(_C.c.status == status, _C.c.split.is_(False))
        .order_by(_C.c.changed_at, _C.c.id)
        .offset(rng.randrange(min(waiting, 20)))
        .limit(1)
        .execution_options(**scope.CENTRE)
    )
    return db.session.execute(oldest).first()


def _is_troubled() -> Any:
    """Whether trouble was reported that moving on does not settle."""
    table = Incident.__table__
    reported = select(table.c.id).where(
        table.c.consignment_id == _C.c.id,
        table.c.closed_at.is_(None),
        table.c.opened_by != "rule",
        table.c.kind != "failed_attempt",
    )
    return reported.exists().label("is_troubled")


def _move(rng: Random, consignment: Any) -> Pushed:
    staff = _staff("dispatcher")

    def work(on: Any) -> Pushed:
        head = head_for(staff, consignment.no, on=on)
        new = _next(rng, head.status, consignment)
        return tracking.push(head, new, by=staff.person_id, on=on)

    return write(work)


def _next(rng: Random, status: str, consignment: Any) -> NewEvent:
    if status not in NEXT:
        raise Refused(_l("Somebody else moved this consignment."))
    codes, weights = zip(*NEXT[status], strict=True)
    code = rng.choices(codes, weights)[0]
    if consignment.is_troubled:
        code = INCIDENT_RESOLVED
    beside = code in (INCIDENT, INCIDENT_RESOLVED)
    if not beside and not may_move(status, code):
        raise Refused(_l("Somebody else moved this consignment."))
    city = consignment.consignor_city if status in _AT_ORIGIN else consignment.consignee_city
    hub = code in (S.HUB_ARRIVED, S.HUB_DEPARTED, S.FOUND, INCIDENT)
    return NewEvent(
        code=str(code),
        occurred_at=clock.now(),
        place=f"{city}分拨中心" if hub else city,
        reason="damaged" if code == INCIDENT else None if beside else reason_of(rng, code),
        note="本人签收" if code == S.DELIVERED else None,
        source="scan" if beside else _reporter(code),
    )


def _reporter(code: str) -> str:
    return "driver" if source_of(code) == "driver" else "scan"


def _staff(role: str) -> User:
    person = db.session.scalars(
        select(Person).where(Person.staff_role == role).order_by(Person.id).limit(1)
    ).one()
    return User(
        person_id=person.id,
        name=person.name,
        email=person.email,
        staff_role=role,
        rights=rights_of(None, role),
    )


def _order(rng: Random) -> Created:
    """Make an order of a company that has colleagues and an address book."""
    companies = db.session.execute(
        select(
            Company.id,
            Company.name,
            Company.consignor,
            func.min(Membership.person_id).label("person_id"),
        )
        .join(Membership, Membership.company_id == Company.id)
        .where(Company.name.in_([shipper.name for shipper in SHIPPERS]))
        .group_by(Company.id)
        .order_by(Company.id)
    ).all()
    company = rng.choice(companies)
    book = db.session.scalars(
        select(Address)
        .where(Address.company_id == company.id)
        .order_by(Address.id)
        .execution_options(**scope.of(company.id))
    ).all()
    order = _order_to(rng, company, rng.choice(book[1:]))
    prefix = current_app.config["GS1_COMPANY_PREFIX"]
    origin = Origin(company.id, company.person_id, "manual", prefix)
    db.session.commit()
    return write(lambda on: orders.create(order, origin, on=on))


def _order_to(rng: Random, company: Any, address: Address) -> Order:
    trades = next(s.trades for s in SHIPPERS if s.name == company.name)
    good = rng.choice(GOODS[rng.choice(trades)])
    now = clock.now()
    sender = {k: v for k, v in company.consignor.items() if k != "division_code"}
    return Order(
        order_ref=f"LIVE-{now:%m%d%H%M%S}-{rng.randrange(1000):03d}",
        service=rng.choice(("standard", "express")),
        consignor=Party(**sender, division=company.consignor.get("division_code")),
        consignee=Party(
            name=address.name,
            phone=address.phone,
            address=address.address,
            city=address.city,
            country=address.country,
            postcode=address.postcode,
            division=address.division_code,
        ),
        pieces=[
            Unit(
                goods=good.name,
                unit="CT",
                weight_g=good.weight_g,
                length_mm=good.length_mm,
                width_mm=good.width_mm,
                height_mm=good.height_mm,
            )
        ],
        ordered_at=now - timedelta(seconds=5),
    )
