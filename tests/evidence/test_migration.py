"""The migration chains what an older database holds, and seals what its log does not tell."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import select, text

from portal import create_app
from portal.core import chain
from portal.core.db import db, transaction
from portal.core.events import EventRecord
from portal.live.verification import sentence, verify
from tests.conftest import settings
from tests.factories import make_consignment, push
from workers import relay


@pytest.fixture
def url(request, tmp_path):
    """Return the address of an empty database: on SQLite, or as a test asks."""
    if getattr(request, "param", "sqlite") == "sqlite":
        yield f"sqlite:///{tmp_path / 'old.db'}"
        return
    app = request.getfixturevalue("postgresql_app")
    with app.app_context():
        engine = db.engine.execution_options(isolation_level="AUTOCOMMIT")
        with engine.connect() as connection:
            connection.exec_driver_sql("DROP DATABASE IF EXISTS older WITH (FORCE)")
            connection.exec_driver_sql("CREATE DATABASE older")
        yield db.engine.url.set(database="older").render_as_string(hide_password=False)


@pytest.fixture
def old(tmp_path, url):
    """Return an application on a database from before the chain, with some history."""
    app = create_app(settings(tmp_path, url))
    with app.app_context():
        upgrade()
        for n in range(3):
            made = make_consignment()
            push(made.no, "picked_up", place=f"杭州 {n} 📦")
            push(made.no, "note", published=False, note="internal")
            relay.run_once()
        with transaction():  # as a bulk load left it: rows that the log does not tell
            db.session.execute(text("DELETE FROM stream_entry"))
            db.session.execute(text("DELETE FROM event WHERE position > 6"))
            db.session.execute(text("UPDATE log_head SET position = 6"))
        db.session.remove()
        downgrade(revision="0005")
        yield app
        db.session.remove()
        db.engine.dispose()


@pytest.mark.parametrize("url", ["sqlite", "postgresql"], indirect=True)
def test_an_older_log_is_chained_and_its_rows_are_sealed(old):
    upgrade()
    events = db.session.execute(
        select(EventRecord.__table__)
        .where(EventRecord.position.is_not(None))
        .order_by(EventRecord.position)
    ).all()
    assert [e.hash for e in events] == [each.hash for each in chain.chained(events, 0, None)]
    relay.run_once()
    outcome = verify()
    assert outcome.broken is None, sentence(outcome.broken)
    assert outcome.events == 7  # the six that were there, and the seal


def test_what_is_altered_after_the_migration_is_found(old):
    upgrade()
    relay.run_once()
    with transaction():
        db.session.execute(text("UPDATE tracking_event SET place = 'x' WHERE id = 8"))
    db.session.remove()
    assert "seals 9 tracking events" in sentence(verify().broken)


def test_a_migrated_log_goes_on(old):
    upgrade()
    make_consignment()
    relay.run_once()
    assert verify().broken is None


def test_an_empty_database_costs_nothing(tmp_path):
    app = create_app(settings(tmp_path, f"sqlite:///{tmp_path / 'new.db'}"))
    with app.app_context():
        upgrade()
        assert db.session.scalar(text("SELECT count(*) FROM event")) == 0
        db.session.remove()
        db.engine.dispose()
