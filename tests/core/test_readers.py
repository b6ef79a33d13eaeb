"""Parts that act on what happened do so once for each event, in order, whatever fails."""

from dataclasses import dataclass
from typing import ClassVar

import pytest
from sqlalchemy import select

from portal.core import events, jobs, readers
from portal.core.db import db, transaction
from portal.core.events import Event
from portal.live import log

pytestmark = pytest.mark.both_databases


@dataclass(frozen=True, kw_only=True)
class Rang(Event):
    """Somebody rang."""

    name: ClassVar[str] = "test.rang"
    number: int


@dataclass(frozen=True, kw_only=True)
class Whispered(Event):
    """Nobody hears this."""

    name: ClassVar[str] = "test.whispered"


@pytest.fixture
def heard(app, monkeypatch):
    """Return the numbers that one reader has acted on; it reads from now on."""
    numbers: list[int] = []
    monkeypatch.setattr(readers, "_readers", {})
    readers.reads("listener", [Rang], lambda event, _on: numbers.append(event.payload["number"]))
    readers.run_once()
    return numbers


def ring(*numbers: int) -> None:
    """Record events, and give them their places."""
    with transaction():
        for number in numbers:
            events.record(Whispered(actor_id=None, company_id=None))
            events.record(Rang(actor_id=None, company_id=None, number=number))
    while log.relay_once():
        pass


def position() -> int:
    """Return how far the reader has come."""
    return db.session.scalar(select(readers.LogReader.position)) or 0


def test_a_reader_stops_when_it_is_the_others_turn_and_leaves_nothing_out(heard, monkeypatch):
    monkeypatch.setattr(readers, "TURN_S", 0)
    ring(1, 2, 3)
    assert [readers.run_once() for _ in range(4)] == [1, 1, 1, 0]
    assert heard == [1, 2, 3]


def test_a_reader_acts_on_each_event_once_and_in_order(heard):
    ring(1, 2, 3)
    readers.run_once()
    readers.run_once()
    assert heard == [1, 2, 3]


def test_a_reader_begins_with_what_happens_after_it_was_made(app, monkeypatch):
    numbers: list[int] = []
    monkeypatch.setattr(readers, "_readers", {})
    ring(1)
    readers.reads("late", [Rang], lambda event, _on: numbers.append(event.payload["number"]))
    readers.run_once()
    ring(2)
    readers.run_once()
    assert numbers == [2]


def test_more_than_a_batch_is_read_in_several(heard, monkeypatch):
    monkeypatch.setattr(readers, "BATCH", 2)
    ring(1, 2, 3, 4, 5)
    while readers.run_once():
        pass
    assert heard == [1, 2, 3, 4, 5]


def test_an_event_that_fails_becomes_a_job_and_the_others_go_on(heard, monkeypatch):
    def refuse_two(event, _on):
        if event.payload["number"] == 2:
            raise ValueError
        heard.append(event.payload["number"])

    readers.reads("listener", [Rang], refuse_two)
    ring(1, 2, 3)
    readers.run_once()
    # 1 was acted on in the batch that was taken back, and again alone.
    assert heard[-2:] == [1, 3]
    owed = db.session.execute(select(jobs.Job).where(jobs.Job.kind == readers.RETRIED)).scalars()
    assert [each.payload["reader"] for each in owed] == ["listener"]
    readers.reads("listener", [Rang], lambda event, _on: heard.append(event.payload["number"]))
    db.session.commit()
    jobs.run_once()
    assert heard[-1] == 2


def test_another_process_that_was_quicker_is_not_repeated(heard):
    ring(1)
    before = position()
    db.session.commit()
    readers.run_once()
    readers._read("listener", before, before + 100)  # what the slower one had seen
    assert heard == [1]


def test_what_only_others_want_is_passed_over(heard):
    ring()
    with transaction():
        events.record(Whispered(actor_id=None, company_id=None))
    while log.relay_once():
        pass
    readers.run_once()
    newest = select(events.EventRecord.position).order_by(events.EventRecord.id.desc()).limit(1)
    assert position() == db.session.scalar(newest)
    assert heard == []
