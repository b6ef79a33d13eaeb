"""Members' pages of orders from stock: entering, following, changing; strangers see nothing."""

import re

import pytest

from portal.core.db import write
from portal.warehousing.outbound.models import OutboundOrder
from portal.warehousing.outbound.service import changing
from tests.factories import make_colleague, make_company
from tests.warehousing.making import (
    in_days,
    make_location,
    make_lot,
    make_sku,
    make_stock,
    make_warehouse,
)
from tests.warehousing.outbound_making import lines_of, make_order, order_of, rows


@pytest.fixture
def place(app, db):
    """Return a company, its owner's browser, a warehouse and ten pieces of goods in it."""
    company, warehouse = make_company(), make_warehouse()
    sku = make_sku(company, code="TEA-1")
    make_stock(sku, make_location(warehouse), 10)
    return company, warehouse, sku


@pytest.fixture
def member(place, as_user):
    """Return a browser of the company's owner."""
    return as_user(make_colleague(place[0]))


def typed(warehouse, *lines, **changes):
    """Return what a browser sends of the form."""
    sent = {
        "warehouse": warehouse.code,
        "policy": "all_or_nothing",
        "service": "standard",
        "once": "key-1",
        "sku": [line[0] for line in lines],
        "quantity": [line[1] for line in lines],
        "level": ["each" for _ in lines],
        "lot": [line[2] if len(line) > 2 else "" for line in lines],
        "consignee.name": "王芳",
        "consignee.phone": "138 0013 8000",
        "consignee.address": "文三路 90 号",
        "consignee.city": "杭州",
        "consignee.country": "CN",
        "do": "place",
    }
    return sent | changes


def test_an_order_is_placed_and_its_goods_are_set_aside(place, member):
    _, warehouse, _ = place

    answer = member.post("/portal/outbound/new", data=typed(warehouse, ("tea-1", "4")))

    assert answer.status_code == 302
    [order] = rows(OutboundOrder)
    assert (order.status, order.consignee_phone) == ("allocated", "+8613800138000")
    page = member.get(f"/portal/outbound/{order.ref}").text
    assert "TEA-1" in page
    assert order.ref in member.get("/portal/outbound").text


def test_the_form_shows_what_is_free_and_what_would_be_missing(place, member):
    _, warehouse, _ = place

    page = member.post(
        "/portal/outbound/new", data=typed(warehouse, ("TEA-1", "12"), do="check")
    ).text

    assert "free: 10" in page
    assert "2 pcs missing" in page
    assert "It would be refused as it stands." in page


def test_the_script_of_the_form_gets_the_same_summary(place, member):
    _, warehouse, _ = place
    sent = typed(warehouse, ("TEA-1", "12"), policy="backorder")

    page = member.post("/portal/outbound/summary", data=sent).text

    assert "This would wait for stock." in page
    assert 'data-slot="note-0"' in page


def test_too_little_is_refused_at_the_line_and_nothing_is_kept(place, member):
    _, warehouse, _ = place

    answer = member.post("/portal/outbound/new", data=typed(warehouse, ("TEA-1", "11")))

    assert answer.status_code == 422
    assert "10 of 11 are free." in answer.text
    assert rows(OutboundOrder) == []


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (("NOPE", "1"), "You have no goods with the code NOPE."),
        (("TEA-1", "x"), "Write a number, such as 12."),
        (("TEA-1", "0"), "Enter a quantity above 0."),
        (("TEA-1", "1.5"), "These goods are counted whole."),
        (("TEA-1", "1", "L9"), "There is no lot L9 of these goods."),
    ],
)
def test_each_wrong_line_is_told_what_is_wrong(place, member, line, sentence):
    answer = member.post("/portal/outbound/new", data=typed(place[1], line))

    assert answer.status_code == 422
    assert sentence in answer.text


def test_a_lot_past_its_date_is_refused(place, member):
    company, warehouse, _ = place
    sku = make_sku(company, code="MILK", lot_policy="lot", has_expiry=True)
    old = make_lot(sku, "OLD", expires_on=in_days(-2))
    make_stock(sku, make_location(warehouse), 5, lot=old)

    answer = member.post("/portal/outbound/new", data=typed(warehouse, ("MILK", "1", "OLD")))

    assert "Lot OLD is past its date." in answer.text


def test_the_same_form_sent_twice_is_one_order(place, member):
    _, warehouse, _ = place
    sent = typed(warehouse, ("TEA-1", "1"))

    for _ in range(2):
        assert member.post("/portal/outbound/new", data=sent).status_code == 302

    assert len(rows(OutboundOrder)) == 1


def test_a_reference_is_used_once(place, member):
    _, warehouse, _ = place
    member.post("/portal/outbound/new", data=typed(warehouse, ("TEA-1", "1"), order_ref="SO-1"))

    answer = member.post(
        "/portal/outbound/new",
        data=typed(warehouse, ("TEA-1", "2"), order_ref="SO-1", once="key-2"),
    )

    assert answer.status_code == 422
    assert "You have used this reference before" in answer.text


def test_goods_that_are_fetched_need_no_consignee(place, member):
    _, warehouse, _ = place
    sent = typed(warehouse, ("TEA-1", "1"), fetched="1", **{"consignee.name": ""})

    member.post("/portal/outbound/new", data=sent)

    assert rows(OutboundOrder)[0].consignee_city == warehouse.party["city"]


def test_lines_are_added_and_removed_without_a_script(place, member):
    sent = typed(place[1], ("TEA-1", "1"), ("TEA-2", "2"))

    more = member.post("/portal/outbound/new", data=sent | {"do": "add"}).text
    less = member.post("/portal/outbound/new", data=sent | {"do": "remove-0"}).text

    assert len(re.findall('name="sku"', more)) == 5
    assert 'name="sku" value="TEA-1"' not in less


def test_a_draft_is_kept_and_placed_later(place, member):
    _, warehouse, _ = place
    sent = typed(warehouse, ("TEA-1", "3"), do="draft", **{"consignee.phone": ""})
    member.post("/portal/outbound/new", data=sent)
    [draft] = rows(OutboundOrder)
    assert draft.status == "draft"

    again = typed(warehouse, ("TEA-1", "2"), once="key-3")
    answer = member.post(f"/portal/outbound/{draft.ref}/edit", data=again)

    assert answer.status_code == 302
    assert order_of(draft.ref).status == "allocated"
    assert lines_of(draft)[0].quantity == 2


def test_an_order_is_changed_by_its_owner(place, member):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 2))
    sent = typed(warehouse, ("TEA-1", "5"), do="change", version="1", **{"consignee.city": "宁波"})

    answer = member.post(f"/portal/outbound/{order.ref}/edit", data=sent)

    assert answer.status_code == 302
    assert order_of(order.ref).consignee_city == "宁波"
    assert lines_of(order)[0].allocated == 5


def test_an_order_is_cancelled_by_its_owner(place, member):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 2))
    assert member.get(f"/portal/outbound/{order.ref}/cancel").status_code == 200

    member.post(f"/portal/outbound/{order.ref}/cancel", data={"note": "No need"})

    assert order_of(order.ref).status == "cancelled"
    assert "No need" in member.get(f"/portal/outbound/{order.ref}").text


def test_an_order_is_held_and_let_go_by_its_owner(place, member):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 2))

    member.post(f"/portal/outbound/{order.ref}/hold", data={"note": "Wait for payment"})
    assert "Wait for payment" in member.get(f"/portal/outbound/{order.ref}").text

    member.post(f"/portal/outbound/{order.ref}/resume")
    assert order_of(order.ref).status == "allocated"


def test_what_the_centre_holds_its_owner_cannot_let_go(place, member):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 2))
    write(lambda on: changing.hold(order, "credit", by=None, note=None, on=on))

    assert member.post(f"/portal/outbound/{order.ref}/resume").status_code == 403


def test_a_waiting_order_is_sent_as_far_as_it_is_there(place, member):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 15), policy="backorder")
    assert "It waits for stock." in member.get(f"/portal/outbound/{order.ref}").text

    member.post(f"/portal/outbound/{order.ref}/send-now")

    assert order_of(order.ref).status == "allocated"
    assert "What was missing follows with" in member.get(f"/portal/outbound/{order.ref}").text


@pytest.mark.parametrize(
    "query", ["status=open", "status=waiting", "q=TEA-1", "late=1", "sort=due", "from=2026-01-01"]
)
def test_the_list_is_filtered(place, member, query):
    company, warehouse, sku = place
    make_order(company, warehouse, (sku, 2))

    assert member.get(f"/portal/outbound?{query}").status_code == 200


def test_the_list_goes_on_from_page_to_page(place, member):
    company, warehouse, sku = place
    made = [make_order(company, warehouse, (sku, 1)) for _ in range(3)]

    for sort in ("newest", "due"):
        first = member.get(f"/portal/outbound?limit=2&sort={sort}").text
        further = re.search(r'rel="next" href="([^"]+)"', first)[1].replace("&amp;", "&")
        second = member.get(further).text
        shown = [order.ref for order in made if f'id="{order.ref}"' in first + second]
        assert sorted(shown) == sorted(order.ref for order in made)


def test_the_lines_of_orders_go_out_as_a_sheet(place, member):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 2), order_ref="=SO-1")

    answer = member.get("/portal/outbound/export.csv", buffered=True)

    assert order.ref in answer.text
    assert "'=SO-1" in answer.text


@pytest.mark.parametrize("path", ["", "/live", "/cancel", "/edit"])
def test_another_companys_order_looks_missing(place, as_user, path):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 2))
    stranger = as_user(make_colleague(make_company()))

    assert stranger.get(f"/portal/outbound/{order.ref}{path}").status_code == 404
    assert stranger.get(f"/portal/outbound/OUTNOTTHERE{path}").status_code == 404


@pytest.mark.parametrize("act", ["place", "cancel", "hold", "resume", "send-now", "edit"])
def test_nobody_acts_on_another_companys_order(place, as_user, act):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 2))
    stranger = as_user(make_colleague(make_company()))

    assert stranger.post(f"/portal/outbound/{order.ref}/{act}").status_code == 404
    assert order_of(order.ref).status == "allocated"


def test_a_viewer_sees_orders_and_changes_none(place, as_user):
    company, warehouse, sku = place
    order = make_order(company, warehouse, (sku, 2))
    viewer = as_user(make_colleague(company, "viewer"))

    assert "Cancel the order" not in viewer.get(f"/portal/outbound/{order.ref}").text
    assert viewer.post(f"/portal/outbound/{order.ref}/cancel").status_code == 403
    assert viewer.get("/portal/outbound/new").status_code == 403
