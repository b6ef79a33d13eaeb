"""kill -9 in the middle of writes loses nothing that was answered."""

import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest
from sqlalchemy import select

from portal.consignments.models import Consignment, StatusCount, TrackingEvent
from portal.core import scope
from portal.core.events import EventRecord
from tests.factories import make_company, make_consignment

ROOT = Path(__file__).parents[2]
CYCLES = 200
WRITERS = 4


@pytest.fixture
def master(app, db, tmp_path):
    company = make_company()
    numbers = [make_consignment(company).no for _ in range(WRITERS)]
    url = db.engine.url.render_as_string(hide_password=False)
    db.session.remove()
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.durability.writer", url, str(tmp_path), *numbers],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    yield process
    process.stdin.close()
    process.wait(10)
    process.stdout.close()


def kill_one(master, answers: Path, chance: random.Random) -> None:
    """Start a writer, let it get some answers, and kill it at a random moment."""
    master.stdin.write(f"{answers}\n")
    master.stdin.flush()
    pid = int(master.stdout.readline())
    size = answers.stat().st_size if answers.exists() else 0
    deadline = time.monotonic() + 20
    while not answers.exists() or answers.stat().st_size == size:
        assert time.monotonic() < deadline, "the writer got no answer"
        time.sleep(0.001)
    time.sleep(chance.random() * 0.02)
    os.kill(pid, signal.SIGKILL)


def answered(path: Path) -> dict[str, dict[int, int]]:
    """Return number → seq → event id, of every answer."""
    found: dict[str, dict[int, int]] = defaultdict(dict)
    for line in path.read_text().splitlines():
        no, seq, event_id = line.split()
        found[no][int(seq)] = int(event_id)
    return found


@pytest.mark.timeout(300)
def test_nothing_that_was_answered_is_lost_in_200_kills(master, app, db, tmp_path):
    answers, chance = tmp_path / "answers", random.Random(7)
    for _ in range(CYCLES):
        kill_one(master, answers, chance)
    promised = answered(answers)
    assert sum(map(len, promised.values())) >= CYCLES
    db.session.remove()
    for no, events in promised.items():
        kept = kept_events(db, no)
        assert events.items() <= kept.items()
        assert sorted(kept) == list(range(1, len(kept) + 1))
        assert logged(db, no) == len(kept)
    assert db.session.scalar(select(StatusCount.count).execution_options(**scope.CENTRE)) == WRITERS


def kept_events(db, no: str) -> dict[int, int]:
    """Return seq → id of the events that the database holds."""
    rows = db.session.execute(
        select(TrackingEvent.seq, TrackingEvent.id)
        .join(Consignment, Consignment.id == TrackingEvent.consignment_id)
        .where(Consignment.no == no)
        .execution_options(**scope.CENTRE)
    )
    return {row.seq: row.id for row in rows}


def logged(db, no: str) -> int:
    """Return how many events of a consignment the log holds: as many as there are."""
    about = f"consignment:{no}"
    return len(db.session.scalars(select(EventRecord.id).where(EventRecord.about == about)).all())
