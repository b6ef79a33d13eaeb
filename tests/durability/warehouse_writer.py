"""A process that forks warehouse workers, each to be killed: ``warehouse_writer URL FOLDER JSON``.

For every line on standard input it forks one worker and prints its process id. A worker receives,
promises, picks and ships from several threads, each act a command with a key, and notes the key
and the answer, once it has it, in the file named by the line.
"""

import json
import os
import sys
import threading
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

from portal import create_app
from portal.accounts.access import User
from portal.accounts.roles import rights_of
from portal.core.db import db, write
from portal.warehousing.ledger.rules import Leg, Posting
from portal.warehousing.ledger.service import reserving
from portal.warehousing.ledger.service.commands import Command, once
from portal.warehousing.ledger.service.posting import post
from portal.warehousing.ledger.service.reserving import For
from tests.conftest import settings

THREADS = 4
ONE = Decimal(1)
WORKER = User(person_id=1, name="", email="", rights=rights_of(None, "warehouse"))


class Shift:
    """One thread: it takes one piece from the door to the lorry, again and again."""

    def __init__(self, goods: dict[str, int], line: int) -> None:
        self.goods = goods
        self.for_ = For(goods["company"], "outbound", line)

    def posting(self, kind: str, quantity: Decimal | None = None) -> Posting:
        """Return a movement; with a quantity, of goods at the shelf."""
        legs = []
        if quantity is not None:
            place = {name: self.goods[name] for name in ("sku_id", "lot_id", "location_id")}
            legs = [Leg(**place, quantity=quantity)]
        return Posting(
            kind=kind,
            company_id=self.goods["company"],
            warehouse_id=self.goods["warehouse_id"],
            legs=legs,
            actor_id=None,
        )

    def receive(self, on: Any) -> dict[str, Any]:
        """Put one piece on the shelf."""
        return {"id": post(self.posting("receive", ONE), on=on).balances[0]}

    def allocate(self, on: Any, balance: int) -> dict[str, Any]:
        """Promise one piece of the shelf."""
        return {"id": reserving.reserve(balance, ONE, self.for_, on=on)}

    def ship(self, on: Any) -> dict[str, Any]:
        """Pick and ship what is promised, in one go."""
        for row in reserving.promised(self.for_, on=on):
            if not row.picked:
                stage = self.goods["stage"]
                reserving.carry(row, row.quantity, self.posting("pick"), to=stage, on=on)
        picked = reserving.promised(self.for_, on=on)
        return {"id": reserving.consume(picked, self.posting("issue"), on=on).id if picked else 0}


def work_for_ever(app: Any, shift: Shift, answers: int) -> None:
    """Do command after command; note ``name key id`` of each that was answered."""

    def do(name: str, work: Any) -> int:
        command = Command(uuid4().hex, name, {"name": name})
        answer = write(lambda on: once(command, WORKER, work, on=on))
        os.write(answers, f"{name} {command.key} {answer['id']}\n".encode())
        return int(answer["id"] or 0)

    with app.app_context():
        while True:
            balance = do("receive", shift.receive)
            do("allocate", lambda on, balance=balance: shift.allocate(on, balance))
            do("ship", shift.ship)


def worker(app: Any, goods: dict[str, int], path: str) -> None:
    """Work until killed."""
    with app.app_context():
        db.engine.dispose(close=False)
    answers = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for line in range(1, THREADS + 1):
        target = (app, Shift(goods, line), answers)
        threading.Thread(target=work_for_ever, args=target, daemon=True).start()
    threading.Event().wait()


def main() -> None:
    """Fork a worker for every line."""
    url, folder, goods = sys.argv[1:]
    app = create_app(settings(Path(folder), url))
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            worker(app, json.loads(goods), line.strip())
        os.write(1, f"{pid}\n".encode())
        os.waitpid(pid, 0)


if __name__ == "__main__":
    main()
