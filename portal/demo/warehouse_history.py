"""Ninety days of the stock ledger: what came, was put away, went, was counted and broke.

It is written as the ledger's own verbs would have written it, many rows at once: entries, and
balances and totals that they sum to. ``flask --app wsgi ledger verify`` holds it to that.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from random import Random
from typing import Any

from sqlalchemy import Connection, func, select

from portal.core import clock, scope
from portal.core.db import is_sqlite
from portal.core.quantities import thousandths
from portal.demo import bulk
from portal.warehousing.ledger.models import Balance, Lot, Movement, StockEntry, StockTotal

DAYS = 90
SPARED = 0.6  # of what a place bears is used: others put something beside it
_WEEK = (1.0, 1.05, 1.0, 1.1, 1.3, 0.6, 0.0)  # of what goes, Monday first; on Sundays nothing does
_MODELS = (Lot, Movement, StockEntry)
_Key = tuple[int, int, int, str]  # SKU, lot, location, status


@dataclass(frozen=True)
class Places:
    """Where things happen in one warehouse, and who does them."""

    warehouse_id: int
    receive: Sequence[int]
    shelves: Sequence[Any]  # rows: id, storage_class, most_weight_g, most_volume_mm3
    hold: Sequence[int]
    workers: Sequence[int]


@dataclass
class Shelf:
    """What lies somewhere of one lot."""

    lot_id: int
    location_id: int
    quantity: int
    since: int
    expires_on: date | None


@dataclass
class Book:
    """Rows of the ledger as they are made; ids are given here."""

    next_id: dict[Any, int]
    lots: list[dict[str, Any]] = field(default_factory=list)
    movements: list[dict[str, Any]] = field(default_factory=list)
    entries: list[dict[str, Any]] = field(default_factory=list)
    held: dict[_Key, int] = field(default_factory=lambda: defaultdict(int))
    since: dict[_Key, int] = field(default_factory=dict)
    owners: dict[int, int] = field(default_factory=dict)
    known: dict[tuple[int, str], int] = field(default_factory=dict)  # (SKU, code) → lot
    lying: dict[int, int] = field(default_factory=lambda: defaultdict(int))  # place → pieces

    def take(self, model: Any) -> int:
        """Return the next id of a table."""
        self.next_id[model] += 1
        return self.next_id[model]

    def move(
        self, sku: Any, places: Places, kind: str, *, at: int, legs: Sequence[Any], **said: Any
    ) -> None:
        """Note a movement; a leg is (lot, location, status, pieces)."""
        number = self.take(Movement)
        usual = dict.fromkeys(("document", "reason", "note", "reverses_id", "picture_key"))
        actor = places.workers[number % len(places.workers)]
        row = {"id": number, "company_id": sku.company_id, "warehouse_id": places.warehouse_id}
        told = {"kind": kind, "actor_id": actor, "said_at": at - number % 3, "at": at}
        self.movements.append({**row, **told, **usual, **said})
        for lot_id, location_id, status, pieces in legs:
            key = (sku.id, lot_id, location_id, status)
            self.held[key] += pieces
            self.lying[location_id] += pieces
            self.since.setdefault(key, at)
            self.owners[sku.id] = sku.company_id
            goods = {"sku_id": sku.id, "lot_id": lot_id, "handling_unit_id": None}
            place = {"warehouse_id": places.warehouse_id, "location_id": location_id}
            entry = {"id": self.take(StockEntry), "movement_id": number}
            more = {"company_id": sku.company_id, "status": status, "at": at}
            quantity = {"quantity": thousandths(pieces)}
            self.entries.append({**entry, **goods, **place, **more, **quantity})


def fill(
    skus: Sequence[Any], places: Places, rng: Random, now: datetime, *, on: Connection
) -> None:
    """Write the history of ``skus`` (rows of ``sku``) until yesterday evening."""
    book = Book({model: _last(model, on) for model in _MODELS})
    today = now.astimezone(clock.zone()).date()
    for number, sku in enumerate(skus):
        _Story(book, sku, places, rng, today, number).tell()
    _number(book)
    _write(book, places, on)


def _number(book: Book) -> None:
    """Give movements and entries their ids in the order in which they happened."""
    book.movements.sort(key=lambda row: (row["at"], row["id"]))
    first = book.next_id[Movement] - len(book.movements)
    order = {row["id"]: first + n for n, row in enumerate(book.movements, 1)}
    book.entries.sort(key=lambda row: (order[row["movement_id"]], row["id"]))
    begin = book.next_id[StockEntry] - len(book.entries)
    for row in book.movements:
        row["id"] = order[row["id"]]
    for n, row in enumerate(book.entries, 1):
        row["id"], row["movement_id"] = begin + n, order[row["movement_id"]]


def _last(model: Any, on: Connection) -> int:
    found = select(func.max(model.__table__.c.id)).execution_options(**scope.CENTRE)
    return int(on.scalar(found) or 0)


class _Story:
    """What happened to one SKU."""

    def __init__(
        self, book: Book, sku: Any, places: Places, rng: Random, today: date, number: int
    ) -> None:
        self.book, self.sku, self.places, self.rng = book, sku, places, rng
        self.today, self.number = today, number
        self.shelves: list[Shelf] = []
        self.daily = rng.choice((4, 8, 12, 20, 36))
        self.runs_out = number % 5 == 2  # it has not been ordered again lately

    def tell(self) -> None:
        """Tell it day by day, from the first delivery until yesterday."""
        pause = self.rng.randint(9, 16)
        for n in range(DAYS, 0, -1):
            day = self.today - timedelta(days=n)
            late = self.runs_out and n < 2 * pause
            if (DAYS - n) % pause == self.number % 3 and not late:
                self._deliver(day, pause)
            if n == 40 and self.number % 4 == 1:
                self._break(day)
            if n == 12 and self.number % 3 == 1:
                self._count(day)
            self._ship(day)

    def _at(self, day: date, hour: int, minutes: int = 0) -> int:
        begin = datetime(day.year, day.month, day.day, hour, tzinfo=clock.zone())
        spread = self.rng.randint(0, 3000) + self.number * 7
        return int(begin.astimezone(UTC).timestamp()) + minutes * 60 + spread

    def _deliver(self, day: date, pause: int) -> None:
        shelf, most = self._empty_shelf(day)
        self.daily = min(self.daily, max(1, most // (2 * pause)))
        quantity = min(int(self.daily * pause * self.rng.uniform(1.2, 1.7)) + 8, most)
        if quantity < 1:
            return
        lot_id, expires_on = self._lot(day)
        at, paper = self._at(day, 8), f"DN-{day:%y%m%d}-{self.number + 1:02d}"
        gate = self.places.receive[self.number % len(self.places.receive)]
        came = [(lot_id, gate, "approved", quantity)]
        self.book.move(self.sku, self.places, "receive", at=at, legs=came, document=paper)
        legs = [(lot_id, gate, "approved", -quantity), (lot_id, shelf, "approved", quantity)]
        self.book.move(self.sku, self.places, "put_away", at=at + 2400, legs=legs, document=paper)
        self.shelves.append(Shelf(lot_id, shelf, quantity, at, expires_on))

    def _empty_shelf(self, day: date) -> tuple[int, int]:
        """Return a place in which nothing lies, and how many pieces it bears with some to spare."""
        fitting = [s for s in self.places.shelves if s.storage_class == self.sku.storage_class]
        begin = (self.number * 5 + day.toordinal()) % max(1, len(fitting))
        for shelf in (*fitting[begin:], *fitting[:begin]):
            if not self.book.lying[shelf.id]:
                return shelf.id, self._most(shelf)
        return 0, 0

    def _most(self, shelf: Any) -> int:
        sku = self.sku
        volume = (sku.length_mm or 100) * (sku.width_mm or 100) * (sku.height_mm or 100)
        by_weight = (shelf.most_weight_g or 10**9) // (sku.weight_g or 500)
        by_volume = (shelf.most_volume_mm3 or 10**12) // volume
        return int(min(by_weight, by_volume) * SPARED)

    def _lot(self, day: date) -> tuple[int, date | None]:
        made_on = day - timedelta(days=6)
        life = self.sku.shelf_life_days or 180
        expires_on = made_on + timedelta(days=life) if self.sku.has_expiry else None
        code = f"{made_on:%y%m%d}" if self.sku.lot_policy == "lot" else ""
        if not code and expires_on is not None:
            code = expires_on.isoformat()
        known = next(
            (lot for lot in self.book.lots if lot["code"] == code and lot["sku_id"] == self.sku.id),
            None,
        )
        if known is not None:
            return known["id"], expires_on
        row = {"id": self.book.take(Lot), "company_id": self.sku.company_id, "sku_id": self.sku.id}
        dates = {"made_on": made_on if code else None, "expires_on": expires_on}
        rest = {"code": code, "status": "approved", "created_at": self._at(day, 8)}
        self.book.lots.append({**row, **dates, **rest})
        self.book.known[self.sku.id, code] = row["id"]
        return row["id"], expires_on

    def _ship(self, day: date) -> None:
        wanted = int(self.daily * _WEEK[day.weekday()] * self.rng.uniform(0.5, 1.4))
        paper = f"SO-{day:%y%m%d}-{self.number + 1:02d}"
        self.shelves.sort(key=lambda shelf: (shelf.expires_on or date.max, shelf.since))
        for shelf in self.shelves:
            taken = min(wanted, shelf.quantity)
            if taken and shelf.since < self._at(day, 14):
                legs = [(shelf.lot_id, shelf.location_id, "approved", -taken)]
                at = self._at(day, 15)
                self.book.move(self.sku, self.places, "issue", at=at, legs=legs, document=paper)
                shelf.quantity -= taken
                wanted -= taken
        self.shelves = [shelf for shelf in self.shelves if shelf.quantity]

    def _break(self, day: date) -> None:
        """Set some pieces apart that a truck has run into."""
        shelf = next((each for each in self.shelves if each.quantity > 3), None)
        if shelf is None:
            return
        hold = self.places.hold[self.number % len(self.places.hold)]
        legs = [
            (shelf.lot_id, shelf.location_id, "approved", -2),
            (shelf.lot_id, hold, "damaged", 2),
        ]
        said = {"reason": "damage", "note": "叉车碰损外箱，两件破损"}
        self.book.move(self.sku, self.places, "status", at=self._at(day, 11), legs=legs, **said)
        shelf.quantity -= 2

    def _count(self, day: date) -> None:
        """Put a shelf right after it was counted."""
        shelf = next((each for each in self.shelves if each.quantity > 3), None)
        if shelf is None:
            return
        found = self.rng.choice((-1, 1))
        legs = [(shelf.lot_id, shelf.location_id, "approved", found)]
        said = {"reason": "count", "document": f"ZC-{day:%y%m%d}", "note": "循环盘点，两次清点一致"}
        self.book.move(self.sku, self.places, "adjust", at=self._at(day, 17), legs=legs, **said)
        shelf.quantity += found


def _write(book: Book, places: Places, on: Connection) -> None:
    for row in book.lots:
        for name in ("made_on", "expires_on"):
            if row[name] is not None and is_sqlite(on):
                row[name] = row[name].isoformat()
    bulk.add(Lot, book.lots, on=on)
    bulk.add(Movement, book.movements, on=on)
    bulk.add(StockEntry, book.entries, on=on)
    bulk.add(Balance, _balances(book, places), on=on)
    bulk.add(StockTotal, _totals(book, places), on=on)
    if not is_sqlite(on):
        for model in _MODELS:
            table = model.__table__
            sequence = func.pg_get_serial_sequence(table.name, "id")
            on.execute(select(func.setval(sequence, book.next_id[model])))


def _balances(book: Book, places: Places) -> list[dict[str, Any]]:
    return [
        {
            "company_id": book.owners[key[0]],
            "sku_id": key[0],
            "lot_id": key[1],
            "handling_unit_id": None,
            "warehouse_id": places.warehouse_id,
            "location_id": key[2],
            "status": key[3],
            "on_hand": thousandths(pieces),
            "allocated": 0,
            "since": book.since[key],
            "changed_at": book.since[key],
        }
        for key, pieces in book.held.items()
        if pieces
    ]


def _totals(book: Book, places: Places) -> list[dict[str, Any]]:
    summed: dict[int, list[int]] = defaultdict(lambda: [0, 0])
    for (sku_id, _lot, _place, status), pieces in book.held.items():
        summed[sku_id][0] += pieces
        summed[sku_id][1] += 0 if status == "approved" else pieces
    return [
        {
            "company_id": book.owners[sku_id],
            "sku_id": sku_id,
            "warehouse_id": places.warehouse_id,
            "on_hand": thousandths(on_hand),
            "allocated": 0,
            "on_hold": thousandths(on_hold),
        }
        for sku_id, (on_hand, on_hold) in summed.items()
    ]
