"""Making the gazetteer, and doing without it."""

import sqlite3

import pytest
import structlog

from portal.places import gazetteer, loading, online, queries, reading, start
from tests.factories import make_consignment, reload


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """Let the portal look for its gazetteer in an empty folder."""
    memos = (queries._sure, queries._guessed, queries._by_code, queries._ranked)
    memos += (queries._sure_city, queries.nearest, reading.hits, reading._counties)

    def forget():
        gazetteer.reopen()
        for memo in memos:
            memo.cache_clear()

    forget()
    monkeypatch.setattr(gazetteer, "FILE", tmp_path / "gazetteer.db")
    yield gazetteer.FILE
    monkeypatch.undo()
    forget()


def test_the_gazetteer_is_made_by_one_command(app, elsewhere):
    said = app.test_cli_runner().invoke(args=["places", "load"])
    assert said.exit_code == 0, said.output
    assert int(said.output.split()[0]) > 60_000
    assert gazetteer.is_there()
    assert queries.find("杭州").division_code == "330100"
    assert not list(elsewhere.parent.glob("*.new"))


def test_a_source_that_is_missing_is_said(app, elsewhere, monkeypatch):
    monkeypatch.setattr(loading, "DIVISIONS", elsewhere.parent / "nothing")
    monkeypatch.setattr(loading, "_cities", list)
    said = app.test_cli_runner().invoke(args=["places", "load"])
    assert said.exit_code == 1
    assert "dev.py setup" in said.output
    assert not elsewhere.exists()


@pytest.mark.parametrize("content", [None, "edition", b"", b"not a database" * 100])
def test_without_a_gazetteer_orders_get_no_co_ordinates(app, elsewhere, content):
    if content == "edition":
        with sqlite3.connect(elsewhere) as old:
            old.execute("PRAGMA user_version = 99")
        old.close()
    elif content is not None:
        elsewhere.write_bytes(content)
    assert not gazetteer.is_there()
    row = reload(make_consignment().no)
    assert (row.consignee_lat, row.consignee_lon, row.consignee_confidence) == (None, None, None)
    assert row.unsure_places == 2


def test_the_start_says_that_there_is_no_gazetteer(app, elsewhere):
    with structlog.testing.capture_logs() as lines:
        start.init_app(app)
    assert [line["event"] for line in lines] == ["places.no_gazetteer"]
    assert "places load" in lines[0]["advice"]
    online.use(None)


def test_the_start_says_nothing_where_there_is_one(app):
    with structlog.testing.capture_logs() as lines:
        start.init_app(app)
    assert lines == []
