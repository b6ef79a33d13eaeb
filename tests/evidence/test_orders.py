"""What was ordered is held to the log: columns changed by nobody's amendment are found."""

import pytest
from sqlalchemy import delete, update

from portal.consignments.models import Consignment
from portal.consignments.queries.one import consignment_for
from portal.consignments.rules import ordered
from portal.consignments.service import amending, locating
from portal.core import scope
from portal.core.db import db, transaction
from portal.live import verification
from tests.factories import make_company, make_consignment, make_dispatcher, push, reload, user_of
from workers import relay

pytestmark = pytest.mark.both_databases


@pytest.fixture
def clerk(app):
    return make_dispatcher()


def found():
    """Return what is wrong with the log; None: nothing."""
    db.session.rollback()
    relay.run_once()
    broken = verification.verify().broken
    return broken and (broken.position, broken.what)


def alter(no, **values):
    """Set columns behind the portal's back."""
    with transaction():
        own = update(Consignment).where(Consignment.no == no).values(**values)
        db.session.execute(own.execution_options(**scope.CENTRE))


def amend(no, clerk, **changes):
    with transaction():
        row = consignment_for(user_of(clerk), no, lock=True)
        amending.amend(row, changes, by=clerk.id, on=db.session.connection())


ALTERED = {
    "consignee_address": "elsewhere 1",
    "consignee_phone": "+8613800000000",
    "cod_minor": 1,
    "declared_currency": "USD",
    "gross_weight_g": 999,
    "dangerous": True,
    "order_ref": "another",
    "note": "leave it with the neighbour",
}


@pytest.mark.parametrize("column", ALTERED)
def test_an_altered_order_is_found(app, column):
    no = make_consignment(make_company()).no
    push(no, "picked_up")
    make_consignment()
    assert found() is None
    alter(no, **{column: ALTERED[column]})
    assert found() == (1, f"tells of the order {no}: its columns hold something else now")


def test_an_amended_order_is_what_it_is_since(app, clerk):
    no = make_consignment().no
    amend(no, clerk, note="second floor")
    amend(no, clerk, note="third floor", consignee_name="李明")
    assert found() is None
    alter(no, note="second floor")  # as it was once
    assert found()[0] == 3


def test_what_follows_from_events_and_maps_is_no_order(app, clerk):
    no = make_consignment().no
    push(no, "picked_up")
    with transaction():
        row = consignment_for(user_of(clerk), no, lock=True)
        on = db.session.connection()
        locating.correct(row, "consignee", (30.2, 120.1, 1.0), by=clerk.id, on=on)
    push(no, "hub_arrived")
    assert found() is None
    alter(no, consignee_name="X")
    assert found()[0] == 1


def test_an_order_that_is_gone_is_found(app):
    no = make_consignment().no
    assert found() is None
    with transaction():
        for table in ("piece", "tracking_event", "consignment"):
            gone = delete(db.metadata.tables[table]) if table in db.metadata.tables else None
            if gone is not None:
                db.session.execute(gone.execution_options(**scope.CENTRE))
    assert "not there" in found()[1]
    assert no


def test_orders_of_before_are_not_compared(app, monkeypatch):
    monkeypatch.setattr(ordered, "digest", lambda _row: None)
    no = make_consignment().no
    monkeypatch.undo()
    alter(no, note="x")
    assert found() is None
    assert reload(no).note == "x"
