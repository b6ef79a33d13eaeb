"""The ground of the warehouse phase: a million entries by bulk SQL, as the ledger keeps them.

``ledger verify`` stays clean. Used in the phase's own process alone.
"""

import json
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

HOT = 50_000  # entries of the one article whose history is long
LOCATIONS = 2_000
OWNER = "华东家居"  # the company whose key asks


@dataclass
class Ground:
    """What was filled in: ids, and rows where services want them."""

    company: Any
    warehouse: Any
    stage: int
    first_sku: int
    count: int
    hot: int


def fill(skus: int, entries: int) -> Ground:
    """Write goods, places and history past the services; return where to work."""
    from sqlalchemy import select  # noqa: PLC0415

    from portal.accounts.models import Company  # noqa: PLC0415
    from portal.core.db import db, transaction  # noqa: PLC0415
    from portal.demo import bulk  # noqa: PLC0415

    with bulk.hurried(), transaction():
        on = db.session.connection()
        company = db.session.execute(select(Company.__table__).where(Company.name == OWNER)).one()
        ground = _places(on, company, skus)
        _goods(on, ground)
        _history(on, ground, entries)
    with transaction():
        db.session.connection().exec_driver_sql("ANALYZE")
    return ground


def _places(on: Any, company: Any, skus: int) -> Ground:
    from sqlalchemy import func, insert, select  # noqa: PLC0415

    from portal.core import clock  # noqa: PLC0415
    from portal.warehousing.goods.models import Sku  # noqa: PLC0415
    from portal.warehousing.sites.models import Location, Warehouse, Zone  # noqa: PLC0415

    party = {"name": "Bench", "phone": "1", "address": "1", "city": "杭州", "country": "CN"}
    made = insert(Warehouse.__table__).values(
        code="BENCH", names={"en": "Bench"}, party=party, created_at=clock.now()
    )
    warehouse = on.execute(made.returning(Warehouse.__table__)).one()
    zone = on.execute(
        insert(Zone.__table__).values(warehouse_id=warehouse.id, code="A", names={"en": "A"})
    ).inserted_primary_key[0]
    rows = [
        {
            "warehouse_id": warehouse.id,
            "zone_id": zone,
            "code": f"{kind[0].upper()}{n:04d}",
            "barcode": f"L-BENCH-{kind[0].upper()}{n:04d}",
            "kind": kind,
            "walk": n,
        }
        for kind, count in (("pick", LOCATIONS), ("receive", 1), ("stage", 1))
        for n in range(count)
    ]
    on.execute(insert(Location.__table__), rows)
    stage = on.scalar(
        select(Location.id).where(Location.warehouse_id == warehouse.id, Location.kind == "stage")
    )
    last = on.scalar(select(func.max(Sku.id)).execution_options(scope="centre")) or 0
    return Ground(company, warehouse, stage, last + 1, skus, last + 1)


def _goods(on: Any, ground: Ground) -> None:
    from portal.demo import bulk  # noqa: PLC0415
    from portal.warehousing.goods.models import Sku  # noqa: PLC0415
    from portal.warehousing.ledger.models import Lot  # noqa: PLC0415

    at = int(time.time()) - 120 * 86400
    names = json.dumps({"en": "Bench"})
    plain = {
        "lot_policy": "none",
        "has_expiry": False,
        "least_days_in": 0,
        "least_days_out": 0,
        "storage_class": "ambient",
        "over_receipt_bp": 0,
        "active": True,
        "unit": "C62",
    }
    ids = range(ground.first_sku, ground.first_sku + ground.count)
    bulk.add(
        Sku,
        [
            {
                "id": id_,
                "company_id": ground.company.id,
                "code": f"BENCH-{n:05d}",
                "name": f"Article {n}",
                "names": names,
                "created_at": at,
                "changed_at": at,
                **plain,
            }
            for n, id_ in enumerate(ids)
        ],
        on=on,
    )
    first = _next(on, "lot")
    bulk.add(
        Lot,
        [
            {
                "id": first + n,
                "company_id": ground.company.id,
                "sku_id": id_,
                "code": "",
                "status": "approved",
                "created_at": at,
            }
            for n, id_ in enumerate(ids)
        ],
        on=on,
    )


def _next(on: Any, table: str) -> int:
    return int(on.exec_driver_sql(f"SELECT coalesce(max(id), 0) + 1 FROM {table}").scalar())  # noqa: S608


class _Writer:
    """Writes movements and entries in parts, and adds up what they come to."""

    def __init__(self, on: Any, ground: Ground, lot: int, places: list[int]) -> None:
        self.on, self.ground, self.lot, self.places = on, ground, lot, places
        self.movement, self.entry = _next(on, "movement"), _next(on, "stock_entry")
        self.movements: list[dict[str, Any]] = []
        self.entries: list[dict[str, Any]] = []
        self.held: dict[tuple[int, int], int] = {}

    def move(self, sku: int, at: int, kind: str, legs: list[tuple[int, int]]) -> None:
        """Note one movement; a leg is (location, pieces)."""
        company, warehouse = self.ground.company.id, self.ground.warehouse.id
        both = {"company_id": company, "warehouse_id": warehouse, "at": at}
        self.movements.append({"id": self.movement, "kind": kind, "document": "BENCH", **both})
        for place, pieces in legs:
            self.entries.append(
                {
                    "id": self.entry,
                    "movement_id": self.movement,
                    "sku_id": sku,
                    "lot_id": self.lot + sku - self.ground.first_sku,
                    "location_id": place,
                    "status": "approved",
                    "quantity": pieces * 1000,
                    **both,
                }
            )
            self.held[sku, place] = self.held.get((sku, place), 0) + pieces
            self.entry += 1
        self.movement += 1
        if len(self.entries) >= 20_000:
            self.flush()

    def flush(self) -> None:
        """Write what was noted."""
        from portal.demo import bulk  # noqa: PLC0415
        from portal.warehousing.ledger.models import Movement, StockEntry  # noqa: PLC0415

        bulk.add(Movement, self.movements, on=self.on)
        bulk.add(StockEntry, self.entries, on=self.on)
        self.movements, self.entries = [], []


def _history(on: Any, ground: Ground, entries: int) -> None:
    """Write ninety days: goods come to one place, go to another, and some of them leave."""
    places = [
        row[0]
        for row in on.exec_driver_sql(
            f"SELECT id FROM location WHERE warehouse_id = {ground.warehouse.id} AND kind = 'pick'"  # noqa: S608
        )
    ]
    lot = int(
        on.exec_driver_sql(f"SELECT id FROM lot WHERE sku_id = {ground.first_sku}").scalar()  # noqa: S608
    )
    writer, chance = _Writer(on, ground, lot, places), random.Random(1)
    midnight = _midnight()
    rounds = max(1, (entries - HOT) // (ground.count * 4))
    for n in range(rounds):
        at = midnight - (rounds - n) * (90 * 86400 // rounds) + 3600
        for sku in range(ground.first_sku, ground.first_sku + ground.count):
            one, two = places[sku % len(places)], places[(sku * 7 + 3) % len(places)]
            writer.move(sku, at, "receive", [(one, 200)])
            writer.move(sku, at + 60, "move", [(one, -150), (two, 150)])
            writer.move(sku, at + 120, "issue", [(two, -chance.randint(1, 20))])
    hot, place = ground.hot, places[0]
    for n in range(HOT):
        writer.move(hot, midnight - 3600 - (HOT - n), "adjust", [(place, 2 if n % 2 else -1)])
    writer.flush()
    _sums(on, ground, writer, midnight)


def _midnight() -> int:
    from portal.core import clock  # noqa: PLC0415

    local = clock.now().astimezone(clock.zone())
    return int(local.replace(hour=0, minute=0, second=0, microsecond=0).timestamp())


def _sums(on: Any, ground: Ground, writer: _Writer, midnight: int) -> None:
    """Write balances, totals, the last snapshots, and that the days are closed."""
    from portal.demo import bulk  # noqa: PLC0415
    from portal.warehousing.ledger.models import (  # noqa: PLC0415
        Balance,
        StockDay,
        StockSnapshot,
        StockTotal,
    )

    both = {"company_id": ground.company.id, "warehouse_id": ground.warehouse.id}
    by_sku: dict[int, list[tuple[int, int]]] = {}
    for (sku, place), pieces in writer.held.items():
        by_sku.setdefault(sku, []).append((place, pieces))
    old = midnight - 30 * 86400
    balances, totals, kept = [], [], []
    for sku, rows in by_sku.items():
        lot, total = writer.lot + sku - ground.first_sku, sum(p for _, p in rows) * 1000
        totals.append({**both, "sku_id": sku, "on_hand": total, "allocated": 0, "on_hold": 0})
        said = [[ground.warehouse.id, place, lot, None, "approved", p * 1000] for place, p in rows]
        kept.append(
            {
                "sku_id": sku,
                "until": midnight,
                "company_id": ground.company.id,
                "rows": json.dumps(sorted(each for each in said if each[5])),
                "on_hand": total,
            }
        )
        balances += [
            {
                **both,
                "sku_id": sku,
                "lot_id": lot,
                "location_id": place,
                "status": "approved",
                "on_hand": p * 1000,
                "allocated": 0,
                "since": old,
                "changed_at": old,
            }
            for place, p in rows
        ]
    bulk.add(Balance, balances, on=on)
    bulk.add(StockTotal, totals, on=on)
    bulk.add(StockSnapshot, kept, on=on)
    yesterday = (datetime.fromtimestamp(midnight, UTC) + timedelta(hours=1)).date()
    day = {"day": yesterday.isoformat(), "on_hand": 0, "came": 0, "went": 0, "movements": 0}
    bulk.add(StockDay, [{**both, **day}], on=on)
