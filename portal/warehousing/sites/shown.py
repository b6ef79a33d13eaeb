"""The slots of docks as forms and calendars show them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

from portal.core import clock
from portal.core.db import db
from portal.warehousing.sites.service.slots import FIELD, Slot, free_in

DAYS = 14  # offered at once


@dataclass(frozen=True)
class Time:
    """A time of a day at which a dock is free: what a form sends, and how many docks are."""

    value: str
    starts_at: datetime
    ends_at: datetime
    docks: Sequence[str]


@dataclass(frozen=True)
class Day:
    """A day on which something is free; ``is_open``: shown without being asked for."""

    on: date
    times: Sequence[Time]
    is_open: bool


@dataclass(frozen=True)
class Slots:
    """What ``templates/warehousing/sites/_slots.html`` shows, as its variable ``slots``.

    ``chosen``: the value that is marked; ``errors``: sentences about it.
    """

    days: Sequence[Day]
    chosen: str = ""
    errors: Sequence[str] = ()
    name: str = FIELD


def slots_for_form(
    warehouse_id: int,
    kind: str,
    *,
    since: date | None = None,
    chosen: str = "",
    errors: Iterable[object] = (),
    days: int = DAYS,
) -> Slots:
    """Return the free slots of the next days, for choosing one in a form.

    ``kind``: in or out. ``since``: the first day of the centre's zone (None: today). ``chosen``:
    what the field ``slot`` carries already. Days without a free slot are left out.
    """
    first = since or clock.now().astimezone(clock.zone()).date()
    wanted = [first + timedelta(days=ahead) for ahead in range(days)]
    free = free_in(warehouse_id, kind, wanted, db.session.connection())
    found = [(on, _times(slots)) for on, slots in free.items()]
    opened = _opened(found, chosen)
    shown = [Day(on, times, on == opened) for on, times in found if times]
    return Slots(shown, chosen, [str(each) for each in errors])


def _times(slots: list[Slot]) -> list[Time]:
    return [_time(list(same)) for _at, same in groupby(slots, key=lambda slot: slot.starts_at)]


def _time(same: list[Slot]) -> Time:
    first = same[0]
    return Time(first.value, first.starts_at, first.ends_at, [slot.dock for slot in same])


def _opened(found: list[tuple[date, list[Time]]], chosen: str) -> date | None:
    """Return the day that is shown open: that of what is chosen, else the first."""
    of_chosen = (on for on, times in found if any(each.value == chosen for each in times))
    first = next((on for on, times in found if times), None)
    return next(of_chosen, first)


__all__ = ["DAYS", "Day", "Slots", "Time", "slots_for_form"]
