"""``log verify`` names the first place where history was altered, in the log and in the rows."""

from datetime import datetime

import pytest
from sqlalchemy import insert, select, text, update

from portal.consignments import sealing
from portal.consignments.models import Consignment, TrackingEvent
from portal.consignments.service import retractions
from portal.core import chain, events, scope
from portal.core.db import db, transaction, write
from portal.core.events import EventRecord
from portal.live import verification
from portal.live.verification import check_what_is_new, sentence, verify
from tests.factories import make_company, make_consignment, make_dispatcher, push, reload
from workers import relay

pytestmark = pytest.mark.both_databases


@pytest.fixture
def history(app):
    """Make a log of nine events: three consignments, two pushes each; return their numbers."""
    company = make_company()
    numbers = []
    for _ in range(3):
        made = make_consignment(company)
        numbers.append(made.no)
        push(made.no, "picked_up", place="杭州 📦", lat=30.1234567, lon=120.5, offset_min=480)
        push(made.no, "note", published=False, note="internal", source="manual")
        relay.run_once()
    return numbers


def do(sql: str, **values) -> None:
    with transaction():
        db.session.execute(text(sql), values)
    db.session.remove()


def found(*args, **kwargs) -> str:
    """Return what a walk finds, or nothing."""
    db.session.remove()
    outcome = verify(*args, **kwargs)
    return "" if outcome.broken is None else sentence(outcome.broken)


def test_what_nobody_touched_is_sound(history):
    outcome = verify()
    assert outcome.broken is None
    assert outcome.events == outcome.head.position == 9
    assert outcome.head.hash


def test_an_empty_log_is_sound(app):
    assert found() == ""


def test_a_retraction_and_a_late_scan_are_sound(history):
    head = reload(history[0])
    event = db.session.scalar(
        select(TrackingEvent.id)
        .where(TrackingEvent.consignment_id == head.id, TrackingEvent.seq == 2)
        .execution_options(**scope.CENTRE)
    )
    by = make_dispatcher()
    with_limit = type("Head", (), {**head._mapping, "attempt_limit": 3})
    write(
        lambda on: retractions.retract(
            with_limit, event, reason="wrong parcel", by=by.id, source="manual", on=on
        )
    )
    assert found() == ""  # told by the log, though not relayed yet
    relay.run_once()
    assert found() == ""


IN_THE_LOG = {
    "Position 5 is not what was chained": "UPDATE event SET actor_id = 7 WHERE position = 5",
    "Position 4 is not what was chained": "UPDATE event SET name = 'x' WHERE position = 4",
    "Position 6 is not what was chained": (
        "UPDATE event SET recorded_at = '2026-01-01 00:00:00+00:00' WHERE position = 6"
    ),
    "Position 5 does not follow": (
        "UPDATE event SET hash = (SELECT hash FROM event WHERE position = 4) WHERE position = 5"
    ),
    "Position 5 is missing:": "DELETE FROM event WHERE position = 5",
    "Position 5 is missing, and all up to 7": "DELETE FROM event WHERE position IN (5, 6, 7)",
    "Position 8 is missing, and all up to 9": "DELETE FROM event WHERE position > 7",
    "Position 1 is missing:": "DELETE FROM event WHERE position = 1",
    "Position 9 is the last, but the head": "UPDATE log_head SET hash = 'x'",
    "Position 9 lies beyond the head": (
        "UPDATE log_head SET position = 8, hash = (SELECT hash FROM event WHERE position = 8)"
    ),
}


@pytest.mark.parametrize("said", IN_THE_LOG)
def test_the_first_altered_place_of_the_log_is_named(history, said):
    do("DELETE FROM stream_entry")
    do(IN_THE_LOG[said])
    assert found().startswith(said)


def test_events_that_changed_places_are_named(history):
    do("UPDATE event SET position = -1 WHERE position = 3")
    do("UPDATE event SET position = 3 WHERE position = 6")
    do("UPDATE event SET position = 6 WHERE position = -1")
    assert found().startswith("Position 3 is not what was chained")


def test_an_event_put_between_others_is_named(history):
    do("UPDATE log_head SET position = 10")
    copied = "name, company_id, actor_id, about, payload, recorded_at, digest, hash"
    do(f"INSERT INTO event (position, {copied}) SELECT 10, {copied} FROM event WHERE position = 9")  # noqa: S608
    assert found().startswith("Position 10 is not what was chained")


IN_THE_ROWS = {
    "its place is another": "UPDATE tracking_event SET place = '上海' WHERE seq = 2",
    "its code is another": "UPDATE tracking_event SET code = 'delivered' WHERE seq = 2",
    "its note is another": "UPDATE tracking_event SET note = 'x' WHERE seq = 3",
    "its published is another": "UPDATE tracking_event SET published = true WHERE seq = 3",
    "its lat is another": "UPDATE tracking_event SET lat = 30.1234568 WHERE seq = 2",
    "its offset_min is another": "UPDATE tracking_event SET offset_min = 0 WHERE seq = 2",
    "its occurred_at is another": (
        "UPDATE tracking_event SET occurred_at = '2026-01-01 00:00:00.000000' WHERE seq = 2"
    ),
    "its recorded_at is another": (
        "UPDATE tracking_event SET recorded_at = '2026-01-01 00:00:00.000000' WHERE seq = 1"
    ),
    "its source is another": "UPDATE tracking_event SET source = 'edi' WHERE seq = 1",
    "that is not there": "DELETE FROM tracking_event WHERE seq = 3",
}


@pytest.mark.parametrize("said", IN_THE_ROWS)
def test_a_row_that_says_something_else_than_the_log_is_named(history, said):
    do(f"{IN_THE_ROWS[said]} AND consignment_id = 2")
    words = found()
    assert said in words
    assert history[1] in words
    assert words.startswith("Position ")


def test_rows_of_two_consignments_that_changed_places_are_named(history):
    do("UPDATE tracking_event SET seq = 99 WHERE consignment_id = 1 AND seq = 2")
    do("UPDATE tracking_event SET consignment_id = 1, seq = 2 WHERE consignment_id = 2 AND seq = 2")
    do("UPDATE tracking_event SET consignment_id = 2, seq = 2 WHERE seq = 99")
    assert found().startswith("Position 2 tells of tracking event 2")


def test_a_row_that_the_log_does_not_tell_is_named(history):
    columns = "company_id, consignment_id, classifier, code, occurred_at, recorded_at, source"
    copied = f"SELECT 50, 'delivered', true, {columns} FROM tracking_event WHERE id = 5"  # noqa: S608
    do(f"INSERT INTO tracking_event (seq, status_after, published, {columns}) {copied}")
    assert found() == f"Tracking event 10 of {history[1]} is there, but the log does not tell it."


def test_history_that_was_chained_anew_differs_from_what_was_noted(history):
    noted = verify().head
    do("UPDATE event SET recorded_at = '2026-01-01 00:00:00+00:00' WHERE position = 5")
    rows = db.session.execute(select(EventRecord.__table__).order_by(EventRecord.position)).all()
    for each in list(chain.chained(rows, 0, None)):
        do(
            "UPDATE event SET digest = :d, hash = :h WHERE position = :p",
            d=each.digest, h=each.hash, p=each.position,
        )  # fmt: skip
    do("UPDATE log_head SET hash = (SELECT hash FROM event WHERE position = 9)")
    assert found() == ""
    assert "has another hash than was noted" in found(expect=(9, noted.hash))


def test_a_shorter_log_than_noted_is_named(history):
    assert "was noted earlier" in found(expect=(10, "0" * 64))
    assert found(expect=(4, hash_at(4))) == ""


def hash_at(position: int) -> str:
    return db.session.scalar(select(EventRecord.hash).where(EventRecord.position == position))


def test_a_walk_may_begin_later(history):
    do("UPDATE event SET actor_id = 7 WHERE position = 2")
    assert found(5) == ""
    assert found(2).startswith("Position 2 ")
    assert verify(5).events == 5


def test_small_batches_find_the_same(history, monkeypatch):
    monkeypatch.setattr(verification, "BATCH", 2)
    assert found() == ""


def test_each_night_only_what_is_new_is_read(history):
    assert check_what_is_new().events == 9
    do("UPDATE event SET actor_id = 7 WHERE position = 2")
    push(history[0], "hub_arrived")
    relay.run_once()
    outcome = check_what_is_new()
    assert (outcome.events, outcome.broken) == (1, None)


def test_a_night_finds_that_what_it_checked_before_was_chained_anew(history):
    check_what_is_new()
    do("UPDATE event SET hash = digest WHERE position = 9")
    assert check_what_is_new().broken is not None
    kept = db.session.execute(text("SELECT finding, position FROM log_check")).one()
    assert kept.finding
    assert kept.position == 9


def run(app, *words: str):
    db.session.remove()
    return app.test_cli_runner().invoke(args=["log", "verify", *words])


def test_the_command_prints_the_head_to_be_noted(app, history):
    result = run(app)
    assert result.exit_code == 0, result.output
    noted = result.output.split("Head: ")[1].split(" ")[0]
    assert run(app, "--expect", noted).exit_code == 0
    assert run(app, "--expect", f"9:{'0' * 64}").exit_code == 1


def test_the_command_ends_with_one_where_something_is_broken(app, history):
    do("DELETE FROM stream_entry")
    do("DELETE FROM event WHERE position = 3")
    result = run(app)
    assert result.exit_code == 1
    assert "Position 3 is missing" in result.output


@pytest.mark.parametrize("noted", ["9", "9:abc", "x:y", f"-1:{'0' * 64}"])
def test_what_is_no_head_is_refused(app, noted):
    assert run(app, "--expect", noted).exit_code == 2


def test_a_consignment_that_was_renumbered_is_named(history):
    with transaction():
        db.session.execute(
            update(Consignment.__table__)
            .where(Consignment.__table__.c.no == history[2])
            .values(no="QSAAAAAAAAAAAA")
            .execution_options(**scope.CENTRE)
        )
    assert history[2] in found()


def test_what_a_bulk_load_sealed_is_found_changed(app):
    from_bulk(make_consignment().id)
    relay.run_once()
    assert found() == ""
    do("UPDATE tracking_event SET note = 'x' WHERE seq = 2")
    assert "seals 3 tracking events" in found()
    do("DELETE FROM tracking_event WHERE seq = 2")
    assert "there are 2 now" in found()


def from_bulk(consignment_id: int) -> None:
    """Add two rows that the log does not tell, and seal the consignment."""
    with transaction():
        on = db.session.connection()
        for seq in (2, 3):
            row = {
                "company_id": 1, "consignment_id": consignment_id, "seq": seq, "code": "note",
                "classifier": "actual", "occurred_at": datetime.fromisoformat("2026-01-01T00:00Z"),
                "recorded_at": datetime.fromisoformat("2026-01-01T00:00:00.5Z"), "lat": 1.5,
                "source": "scan", "published": seq == 2, "status_after": "ordered",
            }  # fmt: skip
            on.execute(insert(TrackingEvent.__table__), [row])
        events.record(sealing.seal(sealing.histories(0, 99, on=on), group=0, upto=99), on=on)
