"""Instants that are only written out again: the text is that of an instant that was read."""

from datetime import UTC, datetime, timedelta, timezone

import orjson
import pytest
from sqlalchemy import Column, DateTime, literal, select

from portal.core.db import Instant, db
from portal.core.written import from_datetime, from_text, written

MOMENTS = (
    datetime(2026, 11, 20, 15, 42, tzinfo=UTC),
    datetime(2026, 11, 20, 15, 42, 7, 120, tzinfo=UTC),
    datetime(1999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    datetime(2026, 11, 20, 23, 42, tzinfo=timezone(timedelta(hours=8))),
)


@pytest.mark.both_databases
@pytest.mark.parametrize("moment", MOMENTS)
def test_it_is_what_the_api_writes_of_an_instant(app, moment):
    kept = select(literal(moment, Instant).label("at")).subquery()
    read = db.session.scalar(select(kept.c.at))
    assert orjson.dumps(db.session.scalar(select(written(kept.c.at)))) == orjson.dumps(read)


def test_what_is_not_known_stays_so():
    assert from_text(None) is None
    assert from_datetime(None) is None


def test_written_instants_are_in_order():
    moments = [MOMENTS[0] + timedelta(microseconds=step) for step in (-1, 0, 1, 10, 999_999, 10**6)]
    texts = [from_datetime(moment) for moment in moments]
    assert texts == sorted(texts)


def test_the_column_keeps_its_name():
    assert written(Column("ordered_at", DateTime)).name == "ordered_at"
