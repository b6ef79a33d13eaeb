"""People who are bound to one warehouse try what is in another."""

import pytest
from sqlalchemy import func, select

from portal.core import scope
from portal.core.db import db
from portal.core.errors import NotFound
from portal.live.gates import open_gate
from portal.warehousing.ledger.models import Movement
from portal.warehousing.sites.models import WarehouseWorker
from tests.factories import make_company, make_person, user_of
from tests.warehousing.handheld import send
from tests.warehousing.inbound_making import House, make_arrived, said_line
from tests.warehousing.making import (
    _insert,
    make_location,
    make_lot,
    make_sku,
    make_stock,
    make_warehouse,
)

FLOOR = "/desk/warehouse/floor"


@pytest.fixture
def bound(app):
    """Return a worker who is bound to one warehouse, and a notice in another."""
    worker, company = make_person(staff_role="warehouse"), make_company()
    _insert(WarehouseWorker, warehouse_id=House().id, person_id=worker.id)
    return worker, make_arrived(House(), company, said_line(make_sku(company)))


def test_a_notice_of_another_warehouse_is_not_opened_by_its_reference(bound, as_user):
    worker, ref = bound
    answer = send(as_user(worker), f"{FLOOR}/receive/open", scan=ref)
    assert answer.status_code == 404
    assert ref not in answer.json["say"]


def test_documents_of_another_warehouse_are_not_followed(bound):
    worker, ref = bound
    with pytest.raises(NotFound):
        open_gate(user_of(worker), "inbound", ref)
    free = make_person(staff_role="warehouse")
    assert open_gate(user_of(free), "inbound", ref).key == f"inbound:{ref}"


def test_what_lies_and_moved_in_another_warehouse_is_not_shown(app, as_user):
    here, there = make_location(make_warehouse()), make_location(make_warehouse())
    sku = make_sku(make_company(), lot_policy="lot")
    elsewhere, both = make_lot(sku, "ONLYTHERE"), make_lot(sku, "BOTH")
    for place, lot, quantity in ((there, elsewhere, 5), (there, both, 777), (here, both, 3)):
        make_stock(sku, place, quantity, lot=lot)
    newest = select(func.max(Movement.__table__.c.id)).execution_options(**scope.CENTRE)
    of_here = db.session.scalar(newest)
    worker = make_person(staff_role="warehouse")
    _insert(WarehouseWorker, warehouse_id=here.warehouse_id, person_id=worker.id)
    bound, free = as_user(worker), as_user(make_person(staff_role="warehouse"))
    hidden = (
        f"/desk/warehouse/stock/movements/{of_here - 1}",
        f"/desk/warehouse/lots/{elsewhere.id}",
        f"/desk/warehouse/lots/{elsewhere.id}/now",
    )
    for url in hidden:
        assert (bound.get(url).status_code, free.get(url).status_code) == (404, 200), url
    for url in (f"/desk/warehouse/lots/{both.id}", "/desk/warehouse/lots/export.csv"):
        shown = bound.get(url, buffered=True).text
        assert "777" not in shown
        assert "ONLYTHERE" not in shown
        assert "BOTH" in shown
    assert bound.get(f"/desk/warehouse/stock/movements/{of_here}").status_code == 200
