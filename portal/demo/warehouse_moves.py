"""The demo's pick locations: how much should lie there, and what is brought from reserve."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from portal.accounts.models import Person
from portal.core import scope
from portal.core.errors import PortalError
from portal.demo.warehouse_sites import Houses
from portal.warehousing.goods.models import Sku
from portal.warehousing.ledger.models import Balance
from portal.warehousing.ledger.rules import APPROVED
from portal.warehousing.moving import proposing
from portal.warehousing.moving.service import faces, tasks
from portal.warehousing.sites import queries as sites
from portal.warehousing.sites.models import Location

_B, _S, _L = Balance.__table__, Sku.__table__, Location.__table__
_LOW = 4  # of so many pick locations one is below its least
_MADE, _DONE = 7, 3  # tasks that are made, and of these done already; one more is skipped


def fill(houses: Houses, on: Connection) -> None:
    """Set the pick locations in which something lies, and fill some of them from reserve.

    Call it once the stock lies there.
    """
    people = _people(on)
    for house in (houses.main, houses.small):
        _set_faces(house.id, people[0], on)
    proposed = [each for each in proposing.proposals(houses.main.id, on) if each.sources]
    chosen = {each.key for each in proposed[:_MADE]}
    if chosen:
        made = faces.make_tasks(houses.main.id, chosen, by=people[0], on=on)
        _work(made, people, on)


def _people(on: Connection) -> list[int]:
    """Return who hands out tasks (the manager), and who does them (an operator)."""
    p = Person.__table__.c
    found = {row.staff_role: row.id for row in on.execute(select(p.id, p.staff_role))}
    return [found["manager"], found["warehouse"]]


def _set_faces(warehouse_id: int, by: int, on: Connection) -> None:
    joined = _B.join(_L, _L.c.id == _B.c.location_id).join(_S, _S.c.id == _B.c.sku_id)
    wanted = select(_S, _B.c.location_id, _B.c.on_hand).select_from(joined)
    wanted = wanted.where(_B.c.warehouse_id == warehouse_id, _B.c.status == APPROVED)
    wanted = wanted.where(_L.c.kind == "pick", _B.c.on_hand > 0).order_by(_L.c.walk, _B.c.id)
    rows = on.execute(wanted.execution_options(**scope.CENTRE)).all()
    places = sites.locations_of({row.location_id for row in rows}, on)
    for number, row in enumerate(rows):
        for least, most in _amounts(row.on_hand, is_low=number % _LOW == 0):
            try:
                faces.set_face(places[row.location_id], row, least, most, by=by, on=on)
            except PortalError:  # more than fits there
                continue
            break


def _amounts(have: Decimal, *, is_low: bool) -> list[tuple[Decimal, Decimal]]:
    """Return (least, most) to be tried in turn, the largest first."""
    whole = Decimal(int(have) + 1)
    least = whole + 1 if is_low else whole // 4
    return [(least, whole + max(whole // part, Decimal(2))) for part in (1, 2, 4, 10)]


def _work(made: Sequence[Any], people: Sequence[int], on: Connection) -> None:
    """Do some of the tasks, and skip one."""
    operator = people[1]
    for row in made[:_DONE]:
        try:
            tasks.do(row.ref, row.quantity, row.to_id, by=operator, on=on)
        except PortalError:
            tasks.skip(row.ref, "full", by=operator, on=on)
    for row in made[_DONE : _DONE + 1]:
        tasks.skip(row.ref, "blocked", by=operator, on=on)
