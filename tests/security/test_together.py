"""Work that shares a connection or a commit: what fails leaves nothing, and takes nobody with it."""

from datetime import UTC, datetime

import pytest
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError, OperationalError

from portal.accounts.models import Person
from portal.core import db as core
from portal.core.db import Gathered, Ticket, db, gathered, transaction, write
from portal.core.events import EventRecord
from tests.factories import make_person

_E = EventRecord.__table__
LOST: list[str] = []


class Noted(Gathered):
    """What works of a transaction have noted."""

    def write(self, on):
        LOST.extend(self.items)


@pytest.fixture(autouse=True)
def _nothing_lost():
    LOST.clear()


def note(on, name: str):
    row = {"name": name, "payload": {}, "recorded_at": datetime(2026, 11, 22, tzinfo=UTC)}
    on.execute(insert(_E), row)
    gathered(Noted, on).items.append(name)
    return name


def flush_what_fails(row):
    with transaction():
        note(db.session.connection(), "att.failed")
        db.session.add(row)


def write_inside():
    with transaction():
        note(db.session.connection(), "att.outer")
        write(lambda on: note(on, "att.inner"))


def begin_inside():
    with transaction():
        note(db.session.connection(), "att.outer")
        with transaction():
            note(db.session.connection(), "att.inner")


def noted() -> list[str]:
    db.session.remove()
    return list(db.session.scalars(select(_E.c.name).where(_E.c.name.like("att.%"))))


@pytest.mark.both_databases
def test_a_transaction_whose_flush_fails_raises_that_and_leaves_nothing(app):
    person = make_person()
    with pytest.raises(IntegrityError):
        flush_what_fails(Person(email=person.email, name="twin", password_hash="x"))
    with transaction():
        note(db.session.connection(), "att.good")
    assert noted() == ["att.good"]
    assert LOST == ["att.good"]


def test_who_is_not_in_the_first_group_is_written_all_the_same(app, monkeypatch):
    monkeypatch.setattr(core, "GROUP", 1)
    first = Ticket(lambda on: note(on, "att.first"))
    core._waiting.append(first)
    assert write(lambda on: note(on, "att.second")) == "att.second"
    assert first.done
    assert noted() == ["att.first", "att.second"]


def test_a_group_whose_transaction_the_database_ended_leaves_nothing_of_anybody(app):
    def work(name):
        def run(on):
            if not name:  # what SQLite does by itself when the disk is full
                on.connection.dbapi_connection.execute("ROLLBACK")
                raise OperationalError("full", None, Exception())
            return note(on, name)

        return run

    others = [Ticket(work(name)) for name in ("att.before", "")]
    core._waiting.extend(others)
    with pytest.raises(RuntimeError):
        write(work("att.after"))
    assert all(ticket.error is not None for ticket in others)
    assert noted() == []
    assert LOST == []
    assert write(work("att.later")) == "att.later"
    assert noted() == ["att.later"]


def test_no_write_ends_the_transaction_that_it_is_called_in(app):
    with pytest.raises(RuntimeError):
        write_inside()
    with pytest.raises(RuntimeError):
        begin_inside()
    with pytest.raises(RuntimeError):
        write(lambda on: write(lambda on: note(on, "att.inner")))
    assert noted() == []
    assert write(lambda on: note(on, "att.later")) == "att.later"
