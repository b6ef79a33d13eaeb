"""The hash chain: what a stranger computes is what the relay has written, on both databases."""

import hashlib
import json
import threading
from datetime import UTC, datetime
from types import SimpleNamespace

import pytest
from sqlalchemy import insert, select

from portal.core import chain
from portal.core.db import db, transaction
from portal.core.events import EventRecord
from portal.live import log
from portal.live.models import LogHead
from tests.factories import make_consignment, push
from workers import relay

_E = EventRecord.__table__
pytestmark = pytest.mark.both_databases
AT = datetime(2026, 11, 22, 3, 4, 5, 120_000, UTC)


def store(payload, name="test.happened") -> None:
    row = {"name": name, "company_id": None, "actor_id": None, "about": None}
    with transaction():
        db.session.execute(insert(_E), [{**row, "payload": payload, "recorded_at": AT}])


def the_log():
    db.session.remove()
    return db.session.execute(select(_E).order_by(_E.c.position)).all()


def by_the_book(event, previous: str) -> tuple[str, str]:
    """Compute digest and hash with what everybody has, from the description alone."""
    record = {
        "about": event.about,
        "actor_id": event.actor_id,
        "company_id": event.company_id,
        "id": event.id,
        "name": event.name,
        "payload": event.payload,
        "position": event.position,
        "recorded_at": event.recorded_at.strftime("%Y-%m-%dT%H:%M:%S.%f+00:00"),
        "v": 1,
    }
    text = json.dumps(record, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    digest = hashlib.sha256(text.encode()).hexdigest()
    return digest, hashlib.sha256(f"{previous}{digest}".encode()).hexdigest()


def test_a_stranger_computes_the_same_chain(app):
    made = make_consignment()
    push(made.no, "picked_up", place="杭州 萧山", note="签收人：周敏 📦 𠮷")
    push(made.no, "note", published=False, note='"quoted" \\ / \u2028 é')
    relay.run_once()
    last = hashlib.sha256(b"Quayside event log, version 1").hexdigest()
    for event in the_log():
        digest, last = by_the_book(event, last)
        assert (event.digest, event.hash) == (digest, last)
    assert log.head().hash == last


def test_the_chain_goes_on_over_many_batches(app):
    for number in range(2):
        with transaction():
            rows = [
                {"name": "test.happened", "payload": {"n": n, "b": number}, "recorded_at": AT}
                for n in range(log.BATCH)
            ]
            db.session.execute(insert(_E), rows)
    while relay.run_once():
        pass
    found = the_log()
    assert [event.position for event in found] == list(range(1, 2 * log.BATCH + 1))
    links = list(chain.chained(found, 0, None))
    assert [(each.digest, each.hash) for each in links] == [(e.digest, e.hash) for e in found]


PAYLOADS = (
    {"b": 1, "a": 2, "ab": {"z": None, "y": [1, {"d": True, "c": "x"}]}},
    {"一": "二", "é": "e\u0301", "😀": "👨‍👩‍👧", "\ue000": "private", "z": "\u202eabc"},
    {"n": 1e16, "m": -0.0, "k": 1e-7, "j": 30.1234567, "h": 1.0, "g": 2**63, "f": 1e300},
    {"text": "line\nfeed\ttab \x7f \u2028 \\u0041 </script> \b\f"},
    {"long": "蛇" * 5000, "empty": "", "none": None, "list": [], "object": {}},
)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_what_the_database_makes_of_json_changes_no_digest(app, payload):
    store(payload)
    before = SimpleNamespace(
        **{**dict.fromkeys(("about", "actor_id", "company_id")), "id": 1},
        name="test.happened",
        payload=payload,
        recorded_at=AT,
    )
    relay.run_once()
    [event] = the_log()
    assert event.digest == chain.digest_of(chain.record_of(before, 1))


def test_two_relays_at_once_make_one_chain(app):
    for number in range(30):
        store({"n": number})

    def work() -> None:
        with app.app_context():
            while log.relay_once():
                pass
            db.session.remove()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for each in threads:
        each.start()
    make_consignment()
    for each in threads:
        each.join()
    relay.run_once()
    found = the_log()
    assert [event.position for event in found] == list(range(1, 32))
    assert [each.hash for each in chain.chained(found, 0, None)] == [e.hash for e in found]
    assert db.session.scalar(select(LogHead.hash)) == found[-1].hash


def test_a_new_epoch_goes_on_with_the_chain(app):
    make_consignment()
    relay.run_once()
    before = log.head()
    with transaction():
        log.begin_epoch()
    assert log.head().epoch != before.epoch
    assert log.head().hash == before.hash
    make_consignment()
    relay.run_once()
    assert [e.hash for e in chain.chained(the_log(), 0, None)] == [e.hash for e in the_log()]


def test_an_internal_note_cannot_be_guessed_from_its_digest(app):
    made = make_consignment()
    push(made.no, "note", published=False, note="yes", source="manual")
    push(made.no, "picked_up")
    relay.run_once()
    hidden, shown = [e.payload for e in the_log() if e.name == "consignment.event_recorded"]
    assert len(hidden["salt"]) > 40
    assert shown["salt"] is None
