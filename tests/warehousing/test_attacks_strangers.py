"""People who are bound to one warehouse try what is in another."""

import pytest

from portal.core.errors import NotFound
from portal.live.gates import open_gate
from portal.warehousing.sites.models import WarehouseWorker
from tests.factories import make_company, make_person, user_of
from tests.warehousing.handheld import send
from tests.warehousing.inbound_making import House, make_arrived, said_line
from tests.warehousing.making import _insert, make_sku

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
