"""What the pages of goods in cost: no more statements for more rows."""

import pytest

from tests.consignments.conftest import statements
from tests.factories import make_colleague, make_company, make_person
from tests.warehousing.inbound_making import (
    House,
    finish,
    make_arrived,
    make_notice,
    receive,
    said_line,
)
from tests.warehousing.making import make_sku

__all__ = ["statements"]


@pytest.fixture
def company(app):
    return make_company()


def reads(statements, visit):
    """Return how many statements a visit takes, once everything that is kept is warm."""
    visit()
    with statements() as seen:
        assert visit().status_code == 200
    return len([each for each in seen if each != "COMMIT"])


def test_lists_take_no_more_statements_for_more_notices(as_user, company, statements):
    house, sku = House(), make_sku(company)
    member = as_user(make_colleague(company))
    desk = as_user(make_person(staff_role="warehouse"))
    make_notice(house, company, said_line(sku))
    pages = [
        (member, "/portal/inbound"),
        (member, "/portal/inbound?q=x&status=open"),
        (desk, "/desk/warehouse/inbound"),
        (desk, "/desk/warehouse/floor/receive"),
        (desk, "/desk/warehouse/floor/put-away"),
    ]
    few = [reads(statements, lambda b=b, p=p: b.get(p)) for b, p in pages]
    for _ in range(6):
        make_notice(house, company, said_line(sku))
        receive(make_arrived(house, company, said_line(sku)), sku, 1)
    assert [reads(statements, lambda b=b, p=p: b.get(p)) for b, p in pages] == few
    assert max(few) <= 20


def test_a_notice_takes_no_more_statements_for_more_lines(as_user, company, statements):
    house = House()
    member = as_user(make_colleague(company))

    def cost(count):
        skus = [make_sku(company) for _ in range(count)]
        ref = make_arrived(house, company, *[said_line(sku, 10) for sku in skus])
        for sku in skus:
            receive(ref, sku, 8)
        finish(ref)
        return reads(statements, lambda: member.get(f"/portal/inbound/{ref}"))

    assert cost(12) == cost(1)
