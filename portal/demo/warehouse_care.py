"""What is looked after in the demo's warehouses: counts, and lots that are held.

Everything is done by the verbs that people use, at the instants at which they would have.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, func, select

from portal.accounts.models import Company, Membership, Person
from portal.core import scope
from portal.demo import warehouse_returns
from portal.demo.warehouse_returns import HOME, TEA, at
from portal.demo.warehouse_sites import Houses
from portal.warehousing.counting.models import CountLine, CountPlace, StockCount
from portal.warehousing.counting.service import deciding, grading, planning, tallying
from portal.warehousing.counting.service.deciding import Decision
from portal.warehousing.counting.service.planning import Plan
from portal.warehousing.counting.service.tallying import Found
from portal.warehousing.ledger.models import Balance, Lot
from portal.warehousing.ledger.rules import APPROVED
from portal.warehousing.ledger.service import holding
from portal.warehousing.ledger.service.holding import Hold
from portal.warehousing.sites.models import Location

_COUNT, _PLACE, _LINE, _LOT, _BALANCE, _LOCATION, _COMPANY, _PERSON, _MEMBER = (
    model.__table__
    for model in (
        StockCount,
        CountPlace,
        CountLine,
        Lot,
        Balance,
        Location,
        Company,
        Person,
        Membership,
    )
)
NOW = 13  # shelves that are counted about now
QUIET = timedelta(hours=30)  # goods that did not move for so long compare when they are counted


def fill(houses: Houses, now: datetime, on: Connection) -> None:
    """Count, hold and take back; owners, goods, stock and orders are there already."""
    people = _people(on)
    if len(people) < 3:
        return
    _count(houses, people, now, on)
    _hold(people, now, on)
    warehouse_returns.fill(houses, people, now, on)


def _people(on: Connection) -> Sequence[int]:
    """Return who counts first, who counts again, and who decides."""
    p = _PERSON.c
    floor = select(p.id).where(p.staff_role == "warehouse").order_by(p.id)
    heads = select(p.id).where(p.staff_role.in_(("admin", "manager"))).order_by(p.id)
    return [*on.execute(floor).scalars(), *on.execute(heads).scalars()]


def _count(houses: Houses, people: Sequence[int], now: datetime, on: Connection) -> None:
    """Count shelves over two months; one difference waits, one place waits for another eye."""
    grading.keep(grading.graded(on=on), on=on)
    shelves = _shelves(houses.main.id, now, on)
    rest, past = shelves[:NOW], shelves[NOW:]
    for number, days in enumerate((58, 44, 31, 17, 6)):
        part = past[number * 6 : number * 6 + 6]
        if part:
            with at(now - timedelta(days=days)):
                _counted(houses.main.id, part, people, on, off={})
    if len(rest) < NOW:
        return
    with at(now - timedelta(days=1)):
        adjusted = _counted(houses.main.id, rest[:3], people, on, off={0: -1})
        _decide(adjusted, people[-1], on)
    with at(now - timedelta(hours=3)):
        _counted(houses.main.id, rest[3:5], people, on, off={0: -2})
        _counted(houses.main.id, rest[5:7], people, on, off={1: 1}, again=False)
    with at(now - timedelta(hours=1)):
        _planned(houses.main.id, rest[7:], on, due=(now + timedelta(days=1)).date())


def _shelves(house: int, now: datetime, on: Connection) -> list[Any]:
    """Return shelves whose goods did not move lately, in walking order."""
    c = _LOCATION.c
    lively = select(_BALANCE.c.location_id).where(_BALANCE.c.changed_at > now - QUIET)
    lies = select(_BALANCE.c.location_id).where(_BALANCE.c.on_hand > 2)
    wanted = select(c.id, c.code).where(c.warehouse_id == house, c.kind.in_(("pick", "reserve")))
    wanted = wanted.where(c.id.in_(lies), c.id.not_in(lively)).order_by(c.walk).limit(60)
    return list(on.execute(wanted.execution_options(**scope.CENTRE)))


def _planned(house: int, shelves: Sequence[Any], on: Connection, due: Any = None) -> Any:
    """Plan a count of shelves; return it."""
    about = ", ".join(each.code for each in shelves[:5])
    wanted = Plan(
        warehouse_id=house,
        kind="due",
        about=about + (f" … ({len(shelves)})" if len(shelves) > 5 else ""),
        locations=[each.id for each in shelves],
        due_on=due,
    )
    ref = planning.plan(wanted, by_id=None, on=on)
    return on.execute(select(_COUNT).where(_COUNT.c.ref == ref)).one()


def _counted(
    house: int,
    shelves: Sequence[Any],
    people: Sequence[int],
    on: Connection,
    *,
    off: dict[int, int],
    again: bool = True,
) -> Any:
    """Plan and count shelves; ``off``: by how much which of them differ from the ledger."""
    count = _planned(house, shelves, on)
    places = select(_PLACE).where(_PLACE.c.count_id == count.id).order_by(_PLACE.c.id)
    for number, place in enumerate(on.execute(places).all()):
        difference = off.get(number, 0)
        _walk(place, people[0], difference, on)
        if difference and again:
            _walk(place, people[1], difference, on)
    return count


def _walk(place: Any, by_id: int, difference: int, on: Connection) -> None:
    """Count one place: everything that lies there, the first of it wrongly by ``difference``."""
    tallying.begin(place.id, by_id=by_id, on=on)
    for lot, quantity in _lying(place.location_id, on):
        seen = quantity + difference
        difference = 0
        if seen > 0:
            tallying.tally(place.id, Found(lot=lot, quantity=seen), by_id=by_id, on=on)
    tallying.finish(place.id, by_id=by_id, on=on)


def _lying(location_id: int, on: Connection) -> list[tuple[Any, Decimal]]:
    b = _BALANCE.c
    wanted = select(_LOT, func.sum(b.on_hand, type_=b.on_hand.type).label("on_hand"))
    wanted = wanted.join_from(_BALANCE, _LOT, _LOT.c.id == b.lot_id)
    wanted = wanted.where(b.location_id == location_id, b.on_hand > 0).group_by(_LOT.c.id)
    rows = on.execute(wanted.order_by(_LOT.c.id).execution_options(**scope.CENTRE))
    return [(row, row.on_hand) for row in rows]


def _decide(count: Any, by_id: int, on: Connection) -> None:
    """Adjust the ledger for what two people counted alike."""
    wanted = (
        select(_LINE.c.id)
        .join_from(_LINE, _PLACE, _PLACE.c.id == _LINE.c.place_id)
        .where(_PLACE.c.count_id == count.id, _LINE.c.status == "deciding", ~_LINE.c.moved)
    )
    decision = Decision(what="adjust", note="复盘一致，查监控无果，按盘亏处理", release=True)
    for line in on.execute(wanted.execution_options(**scope.CENTRE)).scalars().all():
        deciding.decide(line, decision, by_id=by_id, on=on)


def _hold(people: Sequence[int], now: datetime, on: Connection) -> None:
    """Let one lot be held by its owner, one looked at by quality, and one called back."""
    wanted = (
        (TEA, Hold(kind="owner", status="on_hold", reason="新包装标签待确认，暂缓发货"), 2),
        (
            TEA,
            Hold(kind="quality", status="recalled", reason="厂家通知：该批次农残复检，全部召回"),
            1,
        ),
        (HOME, Hold(kind="quality", status="quarantined", reason="抽检发现色差，等待复检结果"), 1),
    )
    taken: set[int] = set()
    for owner, hold, days in wanted:
        lot = _free_lot(owner, taken, on)
        if lot is not None:
            taken.add(lot.id)
            by_id = people[-1] if hold.kind == "quality" else _owner(lot.company_id, on)
            with at(now - timedelta(days=days)):
                holding.set_hold(lot.id, lot.company_id, hold, by_id=by_id, on=on)


def _owner(company_id: int, on: Connection) -> int | None:
    """Return somebody who may hold the company's lots."""
    m = _MEMBER.c
    mine = select(m.person_id).where(m.company_id == company_id, m.role == "owner")
    found: int | None = on.scalar(mine.order_by(m.person_id).execution_options(**scope.CENTRE))
    return found


def _free_lot(owner: str, taken: set[int], on: Connection) -> Any:
    """Return a lot of an owner of which something lies and nothing is promised; None: none."""
    b = _BALANCE.c
    wanted = (
        select(_LOT)
        .join_from(_LOT, _BALANCE, b.lot_id == _LOT.c.id)
        .join(_COMPANY, _COMPANY.c.id == _LOT.c.company_id)
        .where(_COMPANY.c.name == owner, _LOT.c.status == APPROVED, _LOT.c.id.not_in(taken))
        .where(b.on_hand > 0, b.status == APPROVED)
        .group_by(*_LOT.c)
        .having(func.sum(b.allocated) == 0)
        .order_by(_LOT.c.id.desc())
        .limit(1)
    )
    return on.execute(wanted.execution_options(**scope.CENTRE)).first()
