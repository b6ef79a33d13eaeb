"""The warehouse with a million entries: receiving, picking, allocating, looking up.

A process of its own fills the database by bulk SQL, so that ``ledger verify`` stays clean, and
then works through the services that the floor and the API call, from as many threads as there
are connections elsewhere. Stock is read over HTTP beside a single look-up by code.
"""

import json
import os
import random
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import cycle
from pathlib import Path
from typing import Any
from uuid import uuid4

from phases import CONNECTIONS, Asker, Line, reading
from warehouse_ground import HOT, Ground, fill

ROOT = Path(__file__).parents[1]
SKUS, ENTRIES = 50_000, 1_000_000
LINES = 200  # of the order that is allocated
PICKED = 10  # lines of an order that is picked
ANNOUNCED = 60  # lines of a notice


def lines(ask: Asker) -> Iterator[Line]:
    """Fill the centre, work in it, read it."""
    command = [sys.executable, str(Path(__file__)), str(SKUS), str(ENTRIES), str(ask.seconds)]
    done = subprocess.run(
        command, cwd=ROOT, env=ask.centre.environment, stdout=subprocess.PIPE, text=True, check=True
    )
    for found in map(json.loads, done.stdout.splitlines()):
        yield Line(**found)
    code = "BENCH-25000"
    yield reading(ask, "API, one article by its code", f"/api/v1/skus/{code}", ask.owner)
    yield reading(ask, "API, stock, first 20", "/api/v1/stock?limit=20", ask.owner)
    yield reading(ask, "API, stock, one article", f"/api/v1/stock?sku={code}", ask.owner)
    yield reading(ask, "API, entries, newest 50", "/api/v1/stock/entries", ask.owner)


# What follows runs in the other process.


def main() -> None:
    """Fill, measure, print one line of JSON for each figure."""
    sys.path.insert(0, str(ROOT))
    skus, entries, seconds = int(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3])
    from wsgi import app  # noqa: PLC0415 - in this process alone

    with app.app_context():
        ground = fill(skus, entries)
        for line in measure(app, ground, seconds):
            print(json.dumps(line.__dict__), flush=True)
        print(f"ledger verify: {prove()}", file=sys.stderr)


def measure(app: Any, ground: Ground, seconds: float) -> Iterator[Line]:
    """Work in the warehouse through its services."""
    yield from _receiving(app, ground, seconds)
    yield _allocating(ground)
    yield from _picking(app, ground, seconds)
    yield from _looking(ground, seconds)


def _timed(name: str, took: list[float], seconds: float, busy: float) -> Line:
    ordered = sorted(took)
    p99 = ordered[int(len(ordered) * 0.99)] * 1000
    middle = ordered[len(ordered) // 2] * 1000
    return Line(name, len(took) / seconds, busy / len(took) * 1e6, middle, p99)


def _saturated(app: Any, name: str, works: list[Callable[[], bool]], seconds: float) -> Line:
    """Run each work again and again in a thread of its own, until it has no more or time is up."""
    took: list[float] = []
    end = time.perf_counter() + seconds

    def run(work: Callable[[], bool]) -> None:
        with app.app_context():
            while time.perf_counter() < end:
                began = time.perf_counter()
                if not work():
                    return
                took.append(time.perf_counter() - began)

    began, busy = time.perf_counter(), time.process_time()
    threads = [threading.Thread(target=run, args=(work,)) for work in works]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return _timed(name, took, time.perf_counter() - began, time.process_time() - busy)


def _worker() -> Any:
    from portal.accounts.access import User  # noqa: PLC0415
    from portal.accounts.roles import rights_of  # noqa: PLC0415

    return User(person_id=1, name="", email="", rights=rights_of(None, "warehouse"))


def _command(name: str, work: Callable[[Any], Any], by: Any) -> None:
    """Carry something out as the floor's screens do: once, under a key, durably."""
    from portal.core.db import write  # noqa: PLC0415
    from portal.warehousing.ledger.service.commands import Command, once  # noqa: PLC0415

    command = Command(uuid4().hex, name, {"name": name})
    write(lambda on: once(command, by, work, on=on))


def _receiving(app: Any, ground: Ground, seconds: float) -> Iterator[Line]:
    from portal.core.db import write  # noqa: PLC0415
    from portal.warehousing.inbound.rules.announcing import Said, SaidLine  # noqa: PLC0415
    from portal.warehousing.inbound.service import notices, receiving, slots  # noqa: PLC0415

    by = _worker()

    def at_the_door(skus: Sequence[int]) -> str:
        """Announce goods and note their arrival; return the notice."""
        lines = tuple(SaidLine(sku=_code(ground, sku), quantity=Decimal(50)) for sku in skus)
        said = Said(warehouse_id=ground.warehouse.id, lines=lines)
        owner = ground.company.id
        made = write(lambda on: notices.announce(said, owner, by=None, on=on))
        write(lambda on: slots.arrive(made.ref, by=None, on=on))
        return str(made.ref)

    def working(number: int) -> Callable[[], bool]:
        first = ground.first_sku + 100 + number * ANNOUNCED
        skus = range(first, first + ANNOUNCED)
        ref, turns = at_the_door(skus), cycle(skus)

        def work() -> bool:
            said = receiving.Scanned(sku_id=next(turns), quantity=Decimal(1))

            def come(on: Any) -> dict[str, Any]:
                return {"id": receiving.receive(ref, said, by=1, on=on).movement_id}

            _command("inbound.receive", come, by)
            return True

        return work

    name = f"receive a line, {CONNECTIONS} at once"
    yield _saturated(app, name, [working(n) for n in range(CONNECTIONS)], seconds)
    yield _saturated(app, "receive a line, one after another", [working(CONNECTIONS)], seconds)


def _code(ground: Ground, sku: int) -> str:
    return f"BENCH-{sku - ground.first_sku:05d}"


def _order(ground: Ground, skus: list[int]) -> Any:
    from portal.core import working  # noqa: PLC0415
    from portal.core.db import write  # noqa: PLC0415
    from portal.warehousing.outbound.rules.asked import NewLine  # noqa: PLC0415
    from portal.warehousing.outbound.service import orders  # noqa: PLC0415

    columns = {
        "policy": "all_or_nothing",
        "service": "standard",
        "consignee_name": "王芳",
        "consignee_phone": "+8613800138000",
        "consignee_address": "文三路 90 号",
        "consignee_city": "杭州",
        "consignee_country": "CN",
    }
    wanted = [NewLine(sku_id=sku, quantity=Decimal(2), lot_id=None) for sku in skus]
    new = orders.NewOrder(
        company_id=ground.company.id, warehouse=ground.warehouse, columns=columns, lines=wanted
    )
    hours = working.hours()
    return write(lambda on: orders.place(new, submit=True, hours=hours, by=None, on=on)).order


def _allocating(ground: Ground) -> Line:
    """Place orders of LINES lines: entered, promised the goods, durably, in one go."""
    chance, took, busy = random.Random(2), [], time.process_time()
    for _ in range(20):
        skus = chance.sample(range(ground.first_sku + 1, ground.first_sku + ground.count), LINES)
        began = time.perf_counter()
        _order(ground, skus)
        took.append(time.perf_counter() - began)
    name = f"enter and allocate an order of {LINES} lines"
    return _timed(name, took, sum(took), time.process_time() - busy)


def _picking(app: Any, ground: Ground, seconds: float) -> Iterator[Line]:
    from portal.core.db import write  # noqa: PLC0415
    from portal.warehousing.ledger.service import reserving  # noqa: PLC0415
    from portal.warehousing.outbound.rules import orders as rules  # noqa: PLC0415
    from portal.warehousing.outbound.service import picking, states  # noqa: PLC0415
    from portal.warehousing.outbound.service.handling import PURPOSE, Hand  # noqa: PLC0415

    chance, hand, by = random.Random(3), Hand(1), _worker()
    takes: list[list[tuple[str, int]]] = [[] for _ in range(CONNECTIONS)]

    def begun(on: Any, order: Any) -> list[tuple[str, int]]:
        released = states.advance(order, rules.RELEASED, by=None, on=on)
        walk = picking.begin([released], ground.stage, hand, on=on)
        ids = [line.id for line in states.lines_of(released, on=on)]
        rows = reserving.promised_to(ids, PURPOSE, ground.company.id, on=on)
        return [(walk, row.balance_id) for row in rows]

    for n in range(int(40 * seconds)):
        skus = chance.sample(range(ground.first_sku + 1, ground.first_sku + ground.count), PICKED)
        order = _order(ground, skus)
        takes[n % CONNECTIONS] += write(lambda on, order=order: begun(on, order))

    def working(parts: list[tuple[str, int]]) -> Callable[[], bool]:
        left = iter(parts)

        def work() -> bool:
            walk, balance = next(left, (None, 0))
            if walk is None:
                return False

            def take(on: Any) -> dict[str, Any]:
                picked = picking.take(walk, balance, Decimal(2), hand, on=on)
                return {"picked": len(picked)}

            _command("outbound.pick", take, by)
            return True

        return work

    name = f"pick a line, {CONNECTIONS} at once"
    yield _saturated(app, name, [working(parts) for parts in takes], seconds)


def _looking(ground: Ground, seconds: float) -> Iterator[Line]:
    from portal.accounts.access import User  # noqa: PLC0415
    from portal.accounts.roles import rights_of  # noqa: PLC0415
    from portal.core import clock  # noqa: PLC0415
    from portal.core.db import db, reading  # noqa: PLC0415
    from portal.warehousing.goods.queries import sku_for  # noqa: PLC0415
    from portal.warehousing.ledger import history  # noqa: PLC0415
    from portal.warehousing.stock.queries import levels  # noqa: PLC0415

    owner = ground.company
    rights = rights_of("owner", None)
    user = User(person_id=1, name="", email="", company_id=owner.id, role="owner", rights=rights)
    chance = random.Random(4)

    def any_code() -> str:
        return f"BENCH-{chance.randrange(ground.count - 100):05d}"

    def page() -> None:
        after = levels.pagination.encode((owner.id, any_code()))
        assert len(levels.levels_for(user, levels.Wanted(), after=after, limit=20).items) > 0

    def any_sku() -> int:
        return ground.first_sku + chance.randrange(1, ground.count)

    now = clock.now()
    yield _repeated("one article by its code (statement)", lambda: sku_for(user, any_code()))
    yield _repeated("page of stock, 20 articles (statement)", page)
    yield _repeated(
        "stock as of now, one of 20 entries", lambda: history.as_of(any_sku(), now, reading())
    )
    yield _repeated(
        f"stock as of now, the one of {HOT:,} entries",
        lambda: history.as_of(ground.hot, now, reading()),
    )
    db.session.rollback()


def _repeated(name: str, work: Callable[[], Any], times: int = 2000) -> Line:
    took, busy, began = [], time.process_time(), time.perf_counter()
    for _ in range(times):
        start = time.perf_counter()
        work()
        took.append(time.perf_counter() - start)
    return _timed(name, took, time.perf_counter() - began, time.process_time() - busy)


def prove() -> str:
    """Have the proof of the ledger made over what was filled and what was done."""
    from portal.core.db import db  # noqa: PLC0415
    from portal.warehousing.ledger.queries import verifying  # noqa: PLC0415

    began = time.perf_counter()
    with db.engine.connect() as on:
        found = list(verifying.differences(on))
    return f"{len(found)} differences {found[:3]} in {time.perf_counter() - began:.0f} s"


if __name__ == "__main__":
    os.environ.setdefault("EMBEDDED_WORKERS", "0")
    main()
