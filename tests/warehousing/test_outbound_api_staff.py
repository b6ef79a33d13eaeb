"""Orders that the centre's programs place for a company."""

import pytest

from portal.warehousing.outbound.models import OutboundOrder
from tests.factories import make_colleague, make_company, make_key, make_person
from tests.warehousing.making import make_location, make_sku, make_stock, make_warehouse
from tests.warehousing.outbound_making import rows
from tests.warehousing.test_outbound_api import body

URL = "/api/v1/outbound"


@pytest.fixture
def company(app):
    company = make_company()
    make_stock(make_sku(company, code="TEA-1"), make_location(make_warehouse()), 10)
    return company


@pytest.fixture
def desk(company, with_key):
    return with_key(make_key(make_person(staff_role="manager")))


def sent(company=None):
    return body(("TEA-1", "4")) | ({"company": company} if company else {})


def test_staff_order_for_a_company_that_they_name(desk, company):
    answer = desk.post(URL, json=sent(company.ref))
    assert (answer.status_code, answer.json["company"]) == (201, company.ref)
    again = desk.post(URL, json=sent(company.ref))
    assert (again.status_code, again.json["ref"]) == (200, answer.json["ref"])
    (order,) = rows(OutboundOrder)
    assert (order.company_id, order.status) == (company.id, "allocated")
    assert desk.post(f"{URL}/{order.ref}/cancel").json["status"] == "cancelled"


@pytest.mark.parametrize(
    ("named", "sentence"),
    [(None, "for which company"), ("NOSUCH", "no company with that reference")],
)
def test_staff_who_name_nobody_are_told_so(desk, named, sentence):
    answer = desk.post(URL, json=sent(named))
    assert answer.status_code == 422
    assert answer.json["errors"][0]["field"] == "company"
    assert sentence in answer.json["errors"][0]["message"]


def test_goods_of_another_company_are_not_known(desk):
    answer = desk.post(URL, json=sent(make_company().ref))
    assert answer.status_code == 422
    assert rows(OutboundOrder) == []


def test_staff_without_the_right_order_for_nobody(company, with_key):
    worker = with_key(make_key(make_person(staff_role="warehouse")))
    assert worker.post(URL, json=sent(company.ref)).status_code == 403
    narrow = make_key(make_person(staff_role="manager"), scopes=("warehouse.see",))
    assert with_key(narrow).post(URL, json=sent(company.ref)).status_code == 403


def test_members_order_for_their_own_company_only(company, with_key):
    other = make_company()
    member = with_key(make_key(make_colleague(other), other))
    for named in (company.ref, other.ref):
        answer = member.post(URL, json=sent(named))
        assert answer.status_code == 422
        assert answer.json["errors"][0]["field"] == "company"
    assert rows(OutboundOrder) == []
