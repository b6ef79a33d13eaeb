"""Waves: made of orders that are allocated, released to the floor, given up.

Orders are locked by their ids, then the wave.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, insert, select, update

from portal.accounts.service.companies import new_ref
from portal.core import clock, events, scope
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.i18n import lazy as _l
from portal.warehousing.outbound.events import WaveMoved
from portal.warehousing.outbound.models import OutboundOrder, Wave
from portal.warehousing.outbound.rules import orders as order_rules
from portal.warehousing.outbound.rules import waves as rules
from portal.warehousing.outbound.service import states

PREFIX = "W-"
_WAVE, _ORDER = Wave.__table__, OutboundOrder.__table__
#: Told of waves that were released: (wave, rows of its orders, who did it, connection).
Released = Callable[[Any, Sequence[Any], int | None, Connection], None]
_told: list[Released] = []


@dataclass(frozen=True, kw_only=True)
class NewWave:
    """What a wave is made of: ids and companies of its orders, in one warehouse."""

    warehouse_id: int
    orders: Sequence[tuple[int, int]]
    method: str = "order"
    service: str | None = None
    zone_id: int | None = None
    note: str | None = None


def provide(released: Released) -> None:
    """Let ``released`` know, in the same transaction, of each wave that goes to the floor."""
    if released not in _told:
        _told.append(released)


def make(new: NewWave, *, by: int | None, on: Connection) -> Any:
    """Plan a wave; return its row. Orders that are no longer allocated, or in another, stay out.

    Raises Invalid for an unknown method and for too many orders, Refused where none is left.
    Records WaveMoved, OutboundChanged.
    """
    if new.method not in rules.METHODS:
        raise Invalid(_l("Say how the wave is picked."))
    if len(new.orders) > rules.MOST_ORDERS:
        raise Invalid(_l("A wave has at most %(most)s orders.", most=rules.MOST_ORDERS))
    chosen = [order for each in sorted(new.orders) if _fits(order := _locked(each, on), new)]
    if not chosen:
        raise Refused(_l("None of these orders waits for a wave any more."))
    row = {
        "ref": new_ref(PREFIX),
        "warehouse_id": new.warehouse_id,
        "status": rules.PLANNED,
        "method": new.method,
        "service": new.service,
        "zone_id": new.zone_id,
        "ship_by": min((o.ship_by for o in chosen if o.ship_by), default=None),
        "note": new.note,
        "made_by_id": by,
        "created_at": clock.now(),
    }
    wave = on.execute(insert(_WAVE).values(row).returning(*_WAVE.c)).one()
    for order in chosen:
        _put(order, wave.id, by, on)
    _tell(wave, by, on)
    return wave


def _locked(order: tuple[int, int], on: Connection) -> Any:
    return states.locked(order[0], order[1], on=on)


def _fits(order: Any, new: NewWave) -> bool:
    is_free = order.status == order_rules.ALLOCATED and order.wave_id is None
    return is_free and order.warehouse_id == new.warehouse_id


def _put(order: Any, wave_id: int | None, by: int | None, on: Connection) -> None:
    mine = (_ORDER.c.company_id == order.company_id, _ORDER.c.id == order.id)
    moving = update(_ORDER).where(*mine).values(wave_id=wave_id)
    on.execute(moving.execution_options(**scope.of(order.company_id)))
    states.changed(order, "wave", by=by, on=on)


def release(wave_id: int, *, by: int | None, on: Connection) -> Any:
    """Give a planned wave to the floor: its orders can be picked; return its row.

    Raises Refused for one that is not planned, or of which no order is left. Records WaveMoved,
    OutboundMoved.
    """
    found = [_locked((each.id, each.company_id), on) for each in orders_in(wave_id, on=on)]
    wave = locked(wave_id, on=on)
    rules.advance(wave.status, rules.RELEASED)
    ready = [o for o in found if o.status == order_rules.ALLOCATED and o.wave_id == wave_id]
    if not ready:
        raise Refused(_l("No order of this wave is ready. Give it up."))
    moved = [states.advance(o, order_rules.RELEASED, by=by, on=on) for o in ready]
    wave = _move(wave, rules.RELEASED, by, on, released_at=clock.now())
    for told in _told:
        told(wave, moved, by, on)
    return wave


def give_up(wave_id: int, *, by: int | None, on: Connection) -> Any:
    """Take all orders out of a wave that nobody has begun to pick; return its row.

    Orders that are being picked stay in it. Raises Refused for a wave that has ended, or of which
    every order is on its way. Records WaveMoved, OutboundMoved.
    """
    found = [_locked((each.id, each.company_id), on) for each in orders_in(wave_id, on=on)]
    wave = locked(wave_id, on=on)
    rules.advance(wave.status, rules.GIVEN_UP)
    begun = [o for o in found if o.status == order_rules.PICKING]
    if wave.status == rules.RELEASED and begun:
        raise Refused(_l("Some of it is being picked. Take the other orders out one by one."))
    for order in found:
        _out(order, by, on)
    return _move(locked(wave_id, on=on), rules.GIVEN_UP, by, on, closed_at=clock.now())


def take_out(order: Any, *, by: int | None, on: Connection) -> Any:
    """Take one order out of its wave; it waits for another. Returns its row.

    Raises Refused once it is being picked. Records OutboundMoved or OutboundChanged.
    """
    order = states.locked(order.id, order.company_id, on=on)
    if order.wave_id is None or order.status not in (order_rules.ALLOCATED, order_rules.RELEASED):
        raise Refused(_l("This order is not waiting in a wave."))
    wave_id = order.wave_id
    _out(order, by, on)
    _close_if_done(wave_id, by, on)
    return states.locked(order.id, order.company_id, on=on)


def _out(order: Any, by: int | None, on: Connection) -> None:
    if order.status == order_rules.RELEASED:
        states.advance(order, order_rules.ALLOCATED, by=by, on=on, wave_id=None)
    elif order.status in order_rules.CHANGEABLE:
        _put(order, None, by, on)


def add(wave_id: int, orders: Iterable[tuple[int, int]], *, by: int | None, on: Connection) -> int:
    """Put more orders into a planned wave; return how many. Raises Refused for another one."""
    chosen = [_locked(each, on) for each in sorted(orders)]
    wave = locked(wave_id, on=on)
    if wave.status != rules.PLANNED:
        raise Refused(_l("Orders can be added until the wave is released."))
    new = NewWave(warehouse_id=wave.warehouse_id, orders=())
    fitting = [order for order in chosen if _fits(order, new)]
    if len(fitting) + len(orders_in(wave_id, on=on)) > rules.MOST_ORDERS:
        raise Refused(_l("A wave has at most %(most)s orders.", most=rules.MOST_ORDERS))
    for order in fitting:
        _put(order, wave_id, by, on)
    _tell(wave, by, on)
    return len(fitting)


def orders_in(wave_id: int, *, on: Connection) -> Sequence[Any]:
    """Return the orders of a wave (id, company_id, status) by their ids."""
    wanted = select(_ORDER.c.id, _ORDER.c.company_id, _ORDER.c.status)
    wanted = wanted.where(_ORDER.c.wave_id == wave_id).order_by(_ORDER.c.id)
    return on.execute(wanted.execution_options(**scope.CENTRE)).all()


def locked(wave_id: int, *, on: Connection) -> Any:
    """Return a wave, locked until the transaction ends; raises NotFound."""
    found = on.execute(select(_WAVE).where(_WAVE.c.id == wave_id).with_for_update()).first()
    if found is None:
        raise NotFound(_l("There is no wave with that reference."))
    return found


def _move(wave: Any, status: str, by: int | None, on: Connection, **values: Any) -> Any:
    moving = update(_WAVE).where(_WAVE.c.id == wave.id).values(status=status, **values)
    moved = on.execute(moving.returning(*_WAVE.c)).one()
    _tell(moved, by, on)
    return moved


def _tell(wave: Any, by: int | None, on: Connection) -> None:
    told = WaveMoved(
        actor_id=by,
        company_id=None,
        ref=wave.ref,
        warehouse_id=wave.warehouse_id,
        status=wave.status,
    )
    events.record(told, on=on)


def note_moved(order: Any, by: int | None, on: Connection) -> None:
    """End a wave whose last order was picked, or will not be (``states.provide``)."""
    if order.wave_id is not None and order.status not in rules.AWAITED:
        _close_if_done(order.wave_id, by, on)


def _close_if_done(wave_id: int, by: int | None, on: Connection) -> None:
    wave = locked(wave_id, on=on)
    if wave.status != rules.RELEASED:
        return
    if not any(each.status in rules.AWAITED for each in orders_in(wave_id, on=on)):
        _move(wave, rules.DONE, by, on, closed_at=clock.now())
