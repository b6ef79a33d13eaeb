"""Commands of the floor: once, with a cue, in one person's hands, taken back."""

from datetime import timedelta

import pytest

from portal.core import clock
from portal.core.db import write
from portal.warehousing.floor.service import assignments, presence
from tests.factories import make_person
from tests.warehousing.making import make_location, make_sku, make_stock, make_warehouse

HOME = "/desk/warehouse/floor"
KEY = "k-12345678"


@pytest.fixture
def worker(as_user):
    """Return the browser of somebody who works on the floor."""
    return as_user(make_person(staff_role="warehouse"))


def test_the_home_opens_and_asks_nothing_where_there_is_one_warehouse(worker):
    make_warehouse(code="HZ1")
    page = worker.get(HOME)
    assert page.status_code == 200
    assert "Floor HZ1" in page.text
