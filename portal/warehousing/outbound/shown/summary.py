"""What an order would come to before it is handed in: free stock, what is short, the promise."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection

from portal.core import clock, quantities, working
from portal.core.errors import Refused
from portal.core.quantities import NOTHING
from portal.warehousing.goods.queries import units_of
from portal.warehousing.goods.rules import in_base
from portal.warehousing.outbound.forms.typed import Typed
from portal.warehousing.outbound.queries.free import Free, free_of
from portal.warehousing.outbound.rules import promise
from portal.warehousing.outbound.rules.choosing import Candidate, Wish, choose
from portal.warehousing.outbound.service import asking

_LONG_AGO = datetime(2000, 1, 1, tzinfo=UTC)


@dataclass
class LineNote:
    """What is known of a line as it stands: ``sku`` None: no goods of that code."""

    typed: str = ""
    sku: Any = None
    units: Sequence[Any] = ()
    free: Free = field(default_factory=Free)
    wanted: Decimal = NOTHING  # base units
    missing: Decimal = NOTHING
    lot_id: int | None = None

    @property
    def got(self) -> Decimal:
        """Return how much it would be promised."""
        return self.wanted - self.missing


@dataclass(frozen=True)
class Summary:
    """What the order would come to; ``lines`` as many as the form has."""

    lines: Sequence[LineNote]
    ship_by: datetime
    #: Until when orders of today are taken; None: the centre does not work today.
    cut_off: datetime | None
    is_before_cut_off: bool
    policy: str

    @property
    def named(self) -> list[LineNote]:
        """Return the lines with goods and a quantity."""
        return [line for line in self.lines if line.sku is not None and line.wanted > 0]

    @property
    def short(self) -> list[LineNote]:
        """Return the lines that would not get all they want."""
        return [line for line in self.named if line.missing > 0]

    @property
    def is_refused(self) -> bool:
        """Return whether it would be refused as it stands."""
        gets = any(line.got > 0 for line in self.named)
        if not self.short or self.policy == "backorder":
            return False
        return self.policy == "all_or_nothing" or not gets


def summary(form: Typed, warehouse: Any, company_id: int, *, on: Connection) -> Summary:
    """Return what an order that stands in a form would come to now."""
    lines = _lines(form, warehouse, company_id, on)
    hours, at = working.hours(on), clock.now()
    cut_off = promise.cut_off_of(warehouse.cut_off)
    today = at.astimezone(hours.zone).date()
    until = promise.cut_off_on(today, cut_off, hours)
    return Summary(
        lines=lines,
        ship_by=promise.ship_by(at, cut_off, hours, _day(form.value("wished_on"), today)),
        cut_off=until,
        is_before_cut_off=until is not None and at < until,
        policy=form.value("policy"),
    )


def _day(text: str, today: date) -> date | None:
    try:
        return max(date.fromisoformat(text), today) if text else None
    except ValueError:
        return None


def _lines(form: Typed, warehouse: Any, company_id: int, on: Connection) -> list[LineNote]:
    asked = [each for each in form.asked().lines if each.sku.strip()]
    goods = asking.goods_of(asked, company_id, on=on)
    ids = [sku.id for sku in goods.skus.values()]
    units = units_of(ids, company_id, on)
    free = free_of(ids, company_id, warehouse.id, on=on)
    notes = []
    for line in form.lines:
        sku = goods.skus.get(line["sku"].strip().upper())
        note = LineNote(typed=line["sku"].strip(), sku=sku)
        if sku is not None:
            note.units, note.free = units.get(sku.id, ()), free[sku.id]
            note.wanted = _wanted(line, note.units)
            lot = goods.lots.get((sku.id, line["lot"].strip()))
            note.lot_id = lot and lot.id
        notes.append(note)
    _miss(notes)
    return notes


def _wanted(line: Any, units: Sequence[Any]) -> Decimal:
    try:
        return max(in_base(quantities.read(line["quantity"]), line["level"], units), NOTHING)
    except (ValueError, Refused):
        return NOTHING


def _miss(notes: Sequence[LineNote]) -> None:
    """Write into the lines what of them would be missing, by the rule of allocation itself."""
    wishes = [
        Wish(line_id=n, sku_id=note.sku.id, quantity=note.wanted, lot_id=note.lot_id)
        for n, note in enumerate(notes)
        if note.sku is not None and note.wanted > 0
    ]
    lots = {lot.id: (note.sku.id, lot, k)
            for note in notes if note.sku is not None
            for k, lot in enumerate(note.free.lots)}  # fmt: skip
    candidates = [
        Candidate(
            balance_id=id_,
            sku_id=sku_id,
            lot_id=id_,
            location_id=0,
            free=lot.quantity,
            since=_LONG_AGO + timedelta(days=place),
            expires_on=lot.expires_on,
        )
        for id_, (sku_id, lot, place) in lots.items()
    ]
    today = clock.now().astimezone(clock.zone()).date()
    for line, missing in choose(wishes, candidates, today).missing.items():
        notes[line].missing = missing
