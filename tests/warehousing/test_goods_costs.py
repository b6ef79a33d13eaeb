"""Pages of goods take no more statements for more rows."""

from tests.consignments.conftest import statements
from tests.factories import make_colleague, make_company, make_person
from tests.warehousing.making import make_location, make_sku, make_stock, make_warehouse

__all__ = ["statements"]


def reads(statements, visit):
    visit()
    with statements() as seen:
        assert visit().status_code == 200
    return len([each for each in seen if each != "COMMIT"])


def test_the_owners_list_costs_the_same_for_more_goods(app, as_user, statements):
    company = make_company()
    place = make_location(make_warehouse())
    member = as_user(make_colleague(company, "operations"))
    make_sku(company)
    for path in ("/portal/goods", "/portal/goods?q=SKU"):
        few = reads(statements, lambda: member.get(path))  # noqa: B023 - called at once
        for _ in range(9):
            make_stock(make_sku(company), place, 1)
        assert reads(statements, lambda: member.get(path)) == few  # noqa: B023


def test_the_desks_list_costs_the_same_for_more_goods_of_the_same_owners(app, as_user, statements):
    owners = [make_company(), make_company()]
    desk = as_user(make_person(staff_role="warehouse"))
    for owner in owners:
        make_sku(owner)
    few = reads(statements, lambda: desk.get("/desk/warehouse/goods"))
    for owner in owners * 4:
        make_sku(owner)
    assert reads(statements, lambda: desk.get("/desk/warehouse/goods")) == few
