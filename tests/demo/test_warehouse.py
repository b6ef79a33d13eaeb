"""The demo's warehouses: full, with a history, and a ledger that is right."""

from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.core import clock, scope
from portal.core.db import db as database
from portal.demo.load import load
from portal.warehousing.ledger.models import StockDay, StockEntry, StockSnapshot
from portal.warehousing.ledger.queries import verifying
from portal.warehousing.stock.models import StockAlert

pytestmark = pytest.mark.both_databases


def count(model, *conditions):
    query = select(func.count()).select_from(model.__table__).where(*conditions)
    found = database.session.scalar(query.execution_options(**scope.CENTRE))
    database.session.rollback()
    return found


@pytest.mark.timeout(300)
def test_the_ledger_of_the_demo_is_right_and_charts_are_not_empty(app):
    load(40, seed=7, now=clock.now())
    with database.engine.connect() as on:
        assert list(verifying.differences(on)) == []
    assert count(StockEntry) > 1000
    assert count(StockSnapshot) > 500
    assert count(StockDay) > 150
    assert count(StockAlert) > 5
    told = select(StockEntry.at).order_by(StockEntry.id).execution_options(**scope.CENTRE)
    times = list(database.session.scalars(told))
    assert times == sorted(times)
    assert clock.now() - times[0] > timedelta(days=85)
