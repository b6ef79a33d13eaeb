"""Pushes that wait at the same moment share one durable commit; each is answered after it."""

import sqlite3
import threading
import time
from itertools import pairwise

import pytest

from portal.core import db as database
from portal.core.errors import Refused
from tests.factories import make_consignment, push

MANY = 8
TOO_LONG_S = 30


@pytest.fixture
def at_once(app):
    """``at_once(works)`` lets all of them wait for the same turn; returns what each answered."""

    def run(works):
        answers = [None] * len(works)

        def answer(place, work):
            with app.app_context():
                try:
                    answers[place] = work()
                except Refused as refusal:
                    answers[place] = refusal
                database.db.session.remove()

        threads = [threading.Thread(target=answer, args=each) for each in enumerate(works)]
        with database._turn:
            for thread in threads:
                thread.start()
            until = time.monotonic() + TOO_LONG_S
            while len(database._waiting) < len(works) and time.monotonic() < until:
                time.sleep(0.01)
        for thread in threads:
            thread.join()
        return answers

    return run


def commits(seen):
    """Return how many transactions that wrote were committed."""
    writes = [s.split()[0] for s in seen if s == "COMMIT" or s.startswith(("INSERT", "UPDATE"))]
    return sum(a != "COMMIT" and b == "COMMIT" for a, b in pairwise(writes))


def kept(app, no):
    """Return how many events of a consignment another process would find on the disk."""
    with sqlite3.connect(app.extensions["test database"]) as disk:
        query = "SELECT status_seq FROM consignment WHERE no = ?"
        return disk.execute(query, (no,)).fetchone()[0]


def test_pushes_that_wait_together_share_one_commit(app, at_once, statements):
    nos = [make_consignment().no for _ in range(MANY)]

    def work(no):
        def run():
            pushed = push(no, "picked_up")
            return pushed.seq, kept(app, no)

        return run

    with statements() as seen:
        answers = at_once([work(no) for no in nos])
    assert answers == [(2, 2)] * MANY
    assert commits(seen) == 1


def test_a_refused_push_takes_nothing_from_those_beside_it(app, at_once, statements):
    good, settled = make_consignment().no, make_consignment().no
    push(settled, "cancelled", source="manual")
    works = [
        lambda: push(settled, "delivered", source="manual"),
        lambda: push(good, "picked_up", source="manual"),
    ]
    with statements() as seen:
        refused, pushed = at_once(works)
    assert isinstance(refused, Refused)
    assert (pushed.status, kept(app, good), kept(app, settled)) == ("picked_up", 2, 2)
    assert commits(seen) == 1
