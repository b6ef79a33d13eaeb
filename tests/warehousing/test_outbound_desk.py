"""The centre's pages of orders and waves."""

import re

import pypdfium2
import pytest

from portal.core.db import db as database
from portal.core.db import transaction
from portal.warehousing.outbound.models import OutboundOrder, Wave
from portal.warehousing.sites.models import WarehouseWorker
from tests.factories import make_colleague, make_company, make_person
from tests.warehousing.making import make_location, make_sku, make_stock, make_warehouse
from tests.warehousing.outbound_making import make_order, order_of, rows
from tests.warehousing.test_outbound_pages import typed


@pytest.fixture
def place(app, db):
    """Return a company, a warehouse and goods of it in two places."""
    company, warehouse = make_company(), make_warehouse()
    sku = make_sku(company, code="TEA-1")
    make_stock(sku, make_location(warehouse, code="B-02"), 4, days_ago=9)
    make_stock(sku, make_location(warehouse, code="B-01"), 96)
    return company, warehouse, sku


@pytest.fixture
def supervisor(place, as_user):
    """Return the browser of a manager of the centre."""
    return as_user(make_person(staff_role="manager"))


def test_the_desk_sees_every_owners_orders_due_first(place, supervisor):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 2))

    page = supervisor.get("/desk/warehouse/outbound").text

    assert order.ref in page
    assert company.name in page


@pytest.mark.parametrize(
    "query", ["status=", "status=waiting", "late=1", "service=express", "q=TEA-1", "sort=newest"]
)
def test_the_desks_list_is_filtered(place, supervisor, query):
    company, warehouse, sku = place
    make_order(company, warehouse, (sku, 2))
    page = f"/desk/warehouse/outbound?{query}&warehouse={warehouse.code}&company={company.ref}"

    assert supervisor.get(page).status_code == 200
    assert supervisor.get("/desk/warehouse/outbound/list").status_code == 200


def test_proposals_become_waves_that_are_released(place, supervisor):
    company, warehouse, sku = place
    orders = [make_order(company, warehouse, (sku, 2)) for _ in range(2)]
    page = supervisor.get(f"/desk/warehouse/waves?warehouse={warehouse.code}").text
    assert all(order.ref in page for order in orders)

    sent = {"warehouse": warehouse.code, "order": [o.ref for o in orders], "do": "release"}
    answer = supervisor.post("/desk/warehouse/waves/make", data=sent | {"method": "batch"})

    [wave] = rows(Wave)
    assert answer.headers["Location"].endswith(wave.ref)
    assert (wave.status, wave.method) == ("released", "batch")
    assert {order_of(order.ref).status for order in orders} == {"released"}
    assert orders[0].ref in supervisor.get(f"/desk/warehouse/waves/{wave.ref}").text


def test_the_pick_list_goes_in_walking_order_by_order_and_for_all(place, supervisor):
    company, warehouse, sku = place
    orders = [make_order(company, warehouse, (sku, 6)) for _ in range(2)]
    sent = {"warehouse": warehouse.code, "order": [o.ref for o in orders], "do": "plan"}
    supervisor.post("/desk/warehouse/waves/make", data=sent)
    [wave] = rows(Wave)

    by_order = supervisor.get(f"/desk/warehouse/waves/{wave.ref}/pick-list.pdf?method=order")
    batch = supervisor.get(f"/desk/warehouse/waves/{wave.ref}/pick-list.pdf?method=batch")

    assert by_order.mimetype == "application/pdf"
    assert len(pypdfium2.PdfDocument(by_order.data)) == 2
    text = pypdfium2.PdfDocument(batch.data)[0].get_textpage().get_text_range()
    assert text.index("B-02") < text.index("B-01")  # as they were laid out, not by their names
    assert all(order.ref in text for order in orders)


def test_a_wave_is_given_up_and_orders_are_taken_out(place, supervisor):
    company, warehouse, sku = place
    orders = [make_order(company, warehouse, (sku, 1)) for _ in range(2)]
    sent = {"warehouse": warehouse.code, "order": [o.ref for o in orders], "do": "release"}
    supervisor.post("/desk/warehouse/waves/make", data=sent)
    [wave] = rows(Wave)

    path = f"/desk/warehouse/waves/{wave.ref}"
    supervisor.post(f"{path}/take-out", data={"order": orders[0].ref})
    assert order_of(orders[0].ref).status == "allocated"

    supervisor.post(f"{path}/give-up")
    assert order_of(orders[1].ref).wave_id is None
    assert supervisor.get(path).status_code == 200


def test_the_desk_holds_and_frees_for_the_sake_of_payment(place, supervisor):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 1))
    path = f"/desk/warehouse/outbound/{order.ref}"

    supervisor.post(f"{path}/hold", data={"reason": "credit", "note": "Invoice 7"})
    assert order_of(order.ref).hold_reason == "credit"
    assert "For the sake of payment" in supervisor.get(path).text

    supervisor.post(f"{path}/resume")
    assert order_of(order.ref).status == "allocated"


def test_the_desk_looks_for_goods_and_cancels(place, supervisor):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 105), policy="backorder")
    make_stock(sku, make_location(warehouse), 5)
    path = f"/desk/warehouse/outbound/{order.ref}"

    supervisor.post(f"{path}/allocate")
    assert order_of(order.ref).status == "allocated"

    assert supervisor.get(f"{path}/cancel").status_code == 200
    supervisor.post(f"{path}/cancel", data={"note": "Called"})
    assert order_of(order.ref).status == "cancelled"


def test_the_desk_orders_for_a_company(place, supervisor):
    company, warehouse, _ = place
    make_sku(make_company())
    assert company.ref in supervisor.get("/desk/warehouse/outbound/new").text
    page = supervisor.get(f"/desk/warehouse/outbound/new?company={company.ref}")
    assert company.name in page.text

    sent = typed(warehouse, ("TEA-1", "3"), company=company.ref)
    answer = supervisor.post("/desk/warehouse/outbound/new", data=sent)

    assert answer.status_code == 302
    [order] = rows(OutboundOrder)
    assert (order.company_id, order.status) == (company.id, "allocated")
    assert "free: 97" in supervisor.post("/desk/warehouse/outbound/summary", data=sent).text


def test_the_desk_changes_an_order(place, supervisor):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 2))
    path = f"/desk/warehouse/outbound/{order.ref}/edit"
    assert supervisor.get(path).status_code == 200
    sent = typed(warehouse, ("TEA-1", "7"), do="change", version="1", company=company.ref)

    assert supervisor.post(path, data=sent).status_code == 302
    assert order_of(order.ref).version == 2


def test_somebody_of_one_warehouse_sees_its_orders_alone(place, as_user):
    company, warehouse, sku = place
    order, person = make_order(company, warehouse, (sku, 1)), make_person(staff_role="warehouse")
    other = make_warehouse()
    with transaction():
        database.session.add(WarehouseWorker(person_id=person.id, warehouse_id=other.id))

    worker = as_user(person)

    assert worker.get(f"/desk/warehouse/outbound/{order.ref}").status_code == 404
    assert order.ref not in worker.get("/desk/warehouse/outbound?status=").text


@pytest.mark.parametrize(
    "path", ["outbound", "outbound/new", "outbound/OUTX", "waves", "waves/W-X", "outbound/list"]
)
def test_members_do_not_come_to_the_desk(place, as_user, path):
    member = as_user(make_colleague(place[0]))

    assert member.get(f"/desk/warehouse/{path}").status_code in (403, 404)


def test_unknown_waves_look_missing(place, supervisor):
    assert supervisor.get("/desk/warehouse/waves/W-NOTTHERE").status_code == 404
    assert supervisor.post("/desk/warehouse/waves/W-NOTTHERE/release").status_code == 404


def test_lines_go_out_as_a_sheet_with_their_owners(place, supervisor):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 1))

    answer = supervisor.get("/desk/warehouse/outbound/export.csv", buffered=True)

    assert re.search(f"{re.escape(company.name)}.*{order.ref}", answer.text)
