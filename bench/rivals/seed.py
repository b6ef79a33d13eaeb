"""Fill a centre with the rivals' data: the same companies, consignments and events.

``python bench/rivals/seed.py THEIR.db`` with DATABASE_URL of an empty, migrated database of ours.
"""

import os
import sqlite3
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[2]))

from sqlalchemy import insert, text

from bench.rivals.numbering import number
from config import Config
from portal import create_app
from portal.accounts.models import ApiKey, Company, Membership, Person
from portal.consignments import fulltext
from portal.consignments.models import Consignment, Piece, TrackingEvent
from portal.consignments.rules.vocabulary import RANK
from portal.consignments.service import orders, totals
from portal.core import gs1, sequences, tokens
from portal.core.db import db, transaction
from portal.demo import bulk
from portal.demo.load import tidy_words

CHUNK = 2000
SENDER, OWNER = "bench-staff", "bench-token-1"  # keys; the second is the rivals' own
#: Their words for states, and ours.
CODES = {
    "created": "ordered",
    "received": "picked_up",
    "stored": "hub_arrived",
    "picked": "hub_departed",
    "loaded": "hub_arrived",
    "in_transit": "hub_departed",
    "at_hub": "hub_arrived",
    "out_for_delivery": "out_for_delivery",
    "delivered": "delivered",
}
CONSIGNOR = {
    "name": "Bench",
    "phone": "+8613800138000",
    "address": "1 Road",
    "city": "Shanghai",
    "country": "CN",
}
RIGHTS = [
    "consignments.see",
    "consignments.see_all",
    "consignments.create",
    "consignments.import",
    "events.push",
]
OPENED = datetime(2026, 1, 1, tzinfo=UTC)
AHEAD = int(datetime(2036, 1, 1, tzinfo=UTC).timestamp())


def main() -> None:
    """Copy everything."""
    theirs = sqlite3.connect(sys.argv[1])
    app = create_app(Config.from_env(os.environ))
    with app.app_context(), bulk.hurried():
        with transaction():
            _accounts(theirs)
        for chunk in _chunks(theirs):
            with transaction():
                _consignments(chunk)
        with transaction():
            on = db.session.connection()
            number_of = "SELECT max(id) FROM consignments"
            sequences.take("sscc", theirs.execute(number_of).fetchone()[0], on=on)
            on.execute(text("ANALYZE"))
        tidy_words()


def _accounts(theirs: sqlite3.Connection) -> None:
    on = db.session.connection()
    for id_, name in theirs.execute("SELECT id, name FROM companies"):
        values = {"ref": f"C{id_:06d}", "consignor": CONSIGNOR, "created_at": OPENED}
        on.execute(insert(Company.__table__).values(id=id_, name=name, **values))
    people = (("dispatcher", None, SENDER), (None, 1, OWNER))
    for id_, (staff_role, company, key) in enumerate(people, 1):
        email = f"{id_}@bench.example"
        person = {"id": id_, "email": email, "name": email, "staff_role": staff_role}
        on.execute(insert(Person.__table__).values(**person, created_at=OPENED))
        named = {"ref": f"K{id_}", "hint": key[-4:], "label": "bench", "scopes": RIGHTS}
        owner = {"person_id": id_, "company_id": company, "key_hash": tokens.digest(key)}
        on.execute(insert(ApiKey.__table__).values(**named, **owner, created_at=OPENED))
    role = {"person_id": 2, "company_id": 1, "role": "owner", "created_at": OPENED}
    on.execute(insert(Membership.__table__).values(**role))


def _chunks(theirs: sqlite3.Connection) -> Iterator[list[Any]]:
    rows = theirs.execute("SELECT * FROM consignments ORDER BY id")
    events = theirs.execute("SELECT * FROM events ORDER BY consignment_id, seq")
    while chunk := list(islice(rows, CHUNK)):
        yield [(row, list(islice(events, 10))) for row in chunk]


def _at(theirs: str) -> int:
    return int(datetime.strptime(theirs, "%Y-%m-%d %H:%M:%S.%f").replace(tzinfo=UTC).timestamp())


def _consignments(chunk: list[Any]) -> None:
    on = db.session.connection()
    rows = [_row(theirs, events) for theirs, events in chunk]
    changes = [totals.new(row | _instants(row)) for row in rows]
    words = ((row["id"], row["company_id"], fulltext.words(row)) for row in rows)
    fulltext.INDEX.add(words, on=on)
    told = [event for theirs, events in chunk for event in _events(theirs, events)]
    pieces = [_piece(row) for row in rows]
    bulk.add(Consignment, rows, on=on)
    bulk.add(Piece, pieces, on=on)
    bulk.add(TrackingEvent, told, on=on)
    totals.apply(changes, on=on)


def _instants(row: dict[str, Any]) -> dict[str, datetime]:
    names = ("ordered_at", "delivery_planned", "delivery_actual")
    return {name: bulk.instant(row[name]) for name in names if row[name] is not None}


def _row(theirs: Any, events: list[Any]) -> dict[str, Any]:
    id_, _, company, status, origin, city, consignee, _, _, weight_kg, seq, created, _ = theirs
    code, last = CODES[status], events[-1]
    grams, ordered = round(weight_kg * 1000), _at(created)
    # The rivals have no promises: ours lie ahead, or every consignment would be an incident.
    planned = _at(last[6]) + bulk.DAY if code == "delivered" else AHEAD
    return {
        **orders.EMPTY,
        "id": id_, "no": number(id_), "company_id": company, "order_ref": f"B{id_}",
        "service": "standard", "status": code, "status_seq": seq, "attempts": 0, "split": False,
        "head_at": _at(last[6]), "head_rank": RANK[code], "last_code": code,
        "last_at": _at(last[6]), "last_place": last[4],
        "consignor_name": "Bench", "consignor_city": origin, "consignor_country": "CN",
        "consignee_name": consignee, "consignee_phone": f"+8613800{id_:06d}",
        "consignee_address": "1 Road",
        "consignee_city": city, "consignee_country": "CN",
        "piece_count": 1,
        "gross_weight_g": grams, "volume_mm3": None, "chargeable_weight_g": grams,
        "pickup_planned": ordered + 4 * 3600, "delivery_planned": planned,
        "delivery_actual": _at(last[6]) if code == "delivered" else None,
        "history": False, "created_by_id": None,
        "ordered_at": ordered, "created_at": ordered, "changed_at": _at(last[6]),
    }  # fmt: skip


def _piece(row: dict[str, Any]) -> dict[str, Any]:
    return {
        "company_id": row["company_id"],
        "consignment_id": row["id"],
        "sscc": gs1.sscc("6901234", row["id"]),
        "goods": "goods",
        "quantity": 1,
        "unit": "C62",
        "weight_g": row["gross_weight_g"],
    }


def _events(theirs: Any, events: list[Any]) -> Iterator[dict[str, Any]]:
    for id_, consignment, seq, status, place, note, occurred in events:
        code = CODES[status] if seq > 1 else "ordered"
        yield {
            "id": id_, "company_id": theirs[2], "consignment_id": consignment, "seq": seq,
            "classifier": "actual", "code": code, "occurred_at": _at(occurred),
            "recorded_at": _at(occurred), "place": place, "note": note, "source": "api",
            "published": True, "status_after": code,
        }  # fmt: skip


if __name__ == "__main__":
    main()
