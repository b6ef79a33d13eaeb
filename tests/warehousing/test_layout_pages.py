"""The desk's pages of places: who may enter, what they say, labels that read back, the calendar."""

from datetime import timedelta

import pypdfium2
import pytest
import zxingcpp
from sqlalchemy import insert

from portal.core import clock
from portal.core.db import db, transaction, write
from portal.warehousing.layout import labels, queries
from portal.warehousing.layout.labels import Label
from portal.warehousing.layout.queries import Filter
from portal.warehousing.sites import queries as sites
from portal.warehousing.sites import starter
from portal.warehousing.sites.models import WarehouseWorker
from portal.warehousing.sites.service import docks
from tests.counting.conftest import statements
from tests.factories import make_colleague, make_company, make_person, user_of
from tests.warehousing.making import make_location, make_sku, make_stock, make_warehouse
from tests.warehousing.test_sites_docks import at, make_dock, weekday

__all__ = ["statements"]
PLACES = "/desk/warehouse/places"
WAREHOUSE = {
    "code": "hz5",
    "zh_hans": "五号仓",
    "party_name": "五号仓",
    "phone": "0571 5550 0100",
    "address": "临港大道 1 号",
    "city": "杭州",
    "country": "CN",
    "cut_off": "15:00",
    "slot_minutes": "60",
    "active": "1",
}
ZONE = {
    "code": "a", "zh_hans": "拣货区", "storage_class": "ambient",
    "x": "1", "y": "2.5", "width": "40", "depth": "20",
}  # fmt: skip
BLOCK = {
    "pattern": "a{01-02}-{01-03}-{1-3}", "low_kind": "pick", "low_levels": "2",
    "high_kind": "reserve", "along": "x", "x": "2", "y": "4", "bay": "2.8", "depth": "1.1",
    "gap": "3", "most_kg": "300", "most_litres": "900.5",
}  # fmt: skip


@pytest.fixture
def manager(as_user):
    return as_user(make_person(staff_role="manager"))


def house(code="HZ1", layout=starter.SMALL):
    """Make a warehouse of the starter."""
    values = {"code": code, "names": {"zh-Hans": "小仓", "en": "Small house"}, "party": {
        "name": "仓", "phone": "+8657155500100", "address": "路 1 号", "city": "杭州",
    }}  # fmt: skip
    with transaction():
        return starter.make(values, layout, by=None, on=db.session.connection())


def test_a_warehouse_is_made_zone_by_zone_and_rack_by_rack(manager):
    reply = manager.post(f"{PLACES}/new", WAREHOUSE)
    assert reply.location == f"{PLACES}/HZ5"
    assert manager.post(f"{PLACES}/HZ5/zones/new", ZONE).status_code == 302
    seen = manager.post(f"{PLACES}/HZ5/zones/A/block", {**BLOCK, "do": "preview"}).text
    assert "This makes 18 locations" in seen
    assert "A01-01-1" in seen
    reply = manager.post(f"{PLACES}/HZ5/zones/A/block", {**BLOCK, "do": "build"})
    assert reply.status_code == 302
    page = manager.get(f"{PLACES}/HZ5/locations?zone=A").text
    assert "18 locations in all" in page
    again = manager.post(f"{PLACES}/HZ5/zones/A/block", {**BLOCK, "do": "build"})
    assert again.status_code == 422
    assert "there already" in again.text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"pattern": "A01"}, "ranges in braces"),
        ({"pattern": "A{01-99}-{001-999}"}, "20,000"),
        ({"bay": "wide"}, "Write a number"),
        ({"low_levels": ""}, "fill this in"),
        ({"most_kg": "-3"}, "Write a number"),
    ],
)
def test_a_block_that_cannot_be_is_refused_with_a_sentence(manager, change, sentence):
    house()
    reply = manager.post(f"{PLACES}/HZ1/zones/A/block", {**BLOCK, **change, "do": "build"})
    assert reply.status_code == 422
    assert sentence in reply.text


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"code": "HZ-1234"}, "characters"),
        ({"code": "仓"}, "capital letters"),
        ({"phone": "abc"}, "not a phone number"),
        ({"cut_off": "25:00"}, "a time such as"),
        ({"zh_hans": ""}, "name it"),
    ],
)
def test_a_warehouse_that_cannot_be_is_refused_with_a_sentence(manager, change, sentence):
    reply = manager.post(f"{PLACES}/new", {**WAREHOUSE, **change})
    assert reply.status_code == 422
    assert sentence in reply.text


def test_the_plan_draws_every_bay_and_says_the_same_in_tables(manager):
    warehouse = house()
    place = sites.location_by_barcode("A01-01-1", warehouse.id)
    sku = make_sku(make_company())
    make_stock(sku, place, 7)
    page = manager.get(f"{PLACES}/HZ1/plan").text
    bays = queries.bays_for(user_of(make_person(staff_role="manager")), warehouse)
    assert page.count('<rect class="bay"') == len(bays) + 5  # the key has five
    chosen = manager.get(f"{PLACES}/HZ1/plan?at={place.x_dm},{place.y_dm}&zone=A").text
    assert sku.code in chosen
    assert "A01-01-1 … A01-01-3" in chosen
    assert "1 of 3" in chosen


def test_a_location_is_blocked_opened_and_put_out_of_use(manager):
    house()
    at_ = f"{PLACES}/HZ1/locations/A01-01-1"
    assert manager.post(f"{at_}/block", {"reason": ""}).status_code == 422
    manager.post(f"{at_}/block", {"reason": "net torn"})
    assert "net torn" in manager.get(at_).text
    manager.post(f"{at_}/unblock")
    assert "net torn" not in manager.get(at_).text
    manager.post(f"{at_}/close")
    assert "Put to use again" in manager.get(at_).text
    manager.post(f"{at_}/open")
    assert "Put out of use" in manager.get(at_).text


def test_a_location_is_made_and_changed(manager):
    house()
    values = {
        "code": "x-1", "zone": "A", "kind": "pick", "level": "1", "walk": "", "most_kg": "12.5",
        "most_litres": "", "x": "1", "y": "1", "width": "1", "depth": "1",
    }  # fmt: skip
    reply = manager.post(f"{PLACES}/HZ1/locations/new", values)
    assert reply.location == f"{PLACES}/HZ1/locations/X-1"
    changed = {**values, "kind": "reserve", "code": "other"}
    assert manager.post(f"{PLACES}/HZ1/locations/X-1/edit", changed).status_code == 302
    page = manager.get(f"{PLACES}/HZ1/locations/X-1").text
    assert "L-HZ1-X-1" in page
    assert "Reserve" in page
    assert "12.5 kg" in page


def test_a_dock_stands_at_a_location_for_docks(manager):
    house()
    wrong = manager.post(
        f"{PLACES}/HZ1/docks/new", {"code": "D9", "kind": "in", "location": "A01-01-1"}
    )
    assert wrong.status_code == 422
    right = {"code": "D1", "kind": "in", "location": "D1"}
    assert manager.post(f"{PLACES}/HZ1/docks/D1", right).status_code == 302
    assert "Out of use" in manager.get(f"{PLACES}/HZ1").text


def test_people_are_bound_to_warehouses(manager):
    house()
    worker = make_person(staff_role="warehouse", name="孙丽华")
    assert "孙丽华" in manager.get(f"{PLACES}/HZ1/people").text
    manager.post(f"{PLACES}/HZ1/people", {"person": str(worker.id)})
    other = make_warehouse()
    assert [row.code for row in sites.warehouses_for(user_of(worker))] == ["HZ1"]
    assert manager.post(f"{PLACES}/HZ1/people", {"person": "1"}).status_code == 422
    assert other.code


def test_a_worker_does_not_see_the_warehouses_of_others(as_user):
    mine, theirs = house("HZ1"), house("HZ2")
    worker = make_person(staff_role="warehouse")
    with transaction():
        row = {"person_id": worker.id, "warehouse_id": mine.id}
        db.session.execute(insert(WarehouseWorker.__table__).values(**row))
    browser = as_user(worker)
    assert browser.get(f"{PLACES}/HZ1").status_code == 200
    for page in ("", "/plan", "/locations", "/locations/A01-01-1", "/labels", "/labels/a4.pdf"):
        assert browser.get(f"{PLACES}/{theirs.code}{page}").status_code == 404
    assert browser.get("/desk/warehouse/docks?warehouse=HZ2").status_code == 404


def test_strangers_see_nothing_and_workers_change_nothing(as_user):
    house()
    pages = ("", "/HZ1", "/HZ1/plan", "/HZ1/locations", "/HZ1/labels")
    member, worker = as_user(make_colleague()), as_user(make_person(staff_role="warehouse"))
    for page in pages:
        assert member.get(f"{PLACES}{page}").status_code == 403
        assert worker.get(f"{PLACES}{page}").status_code == 200
    for page in ("/new", "/HZ1/edit", "/HZ1/zones/A/block", "/HZ1/people", "/HZ1/locations/new"):
        assert worker.get(f"{PLACES}{page}").status_code == 403
    assert worker.post(f"{PLACES}/HZ1/locations/A01-01-1/close").status_code == 403


@pytest.mark.parametrize("page", ["/HZ1", "/HZ1/plan", "/HZ1/locations"])
def test_a_page_takes_as_many_statements_for_many_locations_as_for_few(manager, statements, page):
    house()
    counts = []
    for _ in range(2):
        manager.get(f"{PLACES}{page}")
        with statements() as seen:
            manager.get(f"{PLACES}{page}")
        counts.append(len(seen))
        zone = {**BLOCK, "pattern": "Z{01-05}-{01-20}-{1-4}", "do": "build"}
        manager.post(f"{PLACES}/HZ1/zones/A/block", zone)
    assert counts[0] == counts[1] <= 20


# Labels


def read_back(pdf, scale=8):
    """Return what a reader finds on each page of a PDF."""
    found = []
    for page in pypdfium2.PdfDocument(pdf):
        picture = page.render(scale=scale / 2, grayscale=True).to_pil()
        found.append([each.text for each in zxingcpp.read_barcodes(picture)])
    return found


@pytest.mark.parametrize("format_", sorted(labels.FORMATS))
def test_every_barcode_of_a_warehouse_reads_back_from_the_printed_page(manager, format_):
    warehouse = house()
    user = user_of(make_person(staff_role="manager"))
    wanted = queries.all_locations_for(user, warehouse, Filter(zone="S"), most=99)
    reply = manager.get(f"{PLACES}/HZ1/labels/{format_}.pdf?zone=S")
    assert reply.mimetype == "application/pdf"
    pages = read_back(reply.data)
    assert sorted(code for page in pages for code in page) == sorted(row.barcode for row in wanted)
    assert len(pages) == (1 if format_ == "a4" else len(wanted))


def test_the_longest_code_still_reads_back(app):
    longest = Label("B07-14-3-ABCDEFGHIJK", "L-HZ1234-B07-14-3-ABCDEFGHIJK", "仓", "拣货")
    for format_ in labels.FORMATS:
        assert read_back(labels.sheet_of([longest], format_, "zh-Hans", "t")) == [[longest.barcode]]


def test_a_label_says_the_code_in_words(manager):
    house()
    data = manager.get(f"{PLACES}/HZ1/labels/single.pdf?q=A01-01-3").data
    words = pypdfium2.PdfDocument(data)[0].get_textpage().get_text_range()
    assert "A01-01-3" in words
    assert "Reserve · level 3" in words


def test_sixteen_labels_stand_on_a_sheet_inside_its_edges(app):
    many = [Label(f"A{n:02d}", f"L-HZ1-A{n:02d}", "a", "b") for n in range(17)]
    pages = read_back(labels.sheet_of(many, "a4", "en", "t"))
    assert [len(page) for page in pages] == [16, 1]


def test_labels_of_nothing_are_refused(manager):
    house()
    assert manager.get(f"{PLACES}/HZ1/labels/a4.pdf?q=ZZZ").status_code == 409
    assert manager.get(f"{PLACES}/HZ1/labels/a5.pdf").status_code == 404


# The calendar


def booked(about="IN-A", hour=9):
    company, warehouse = make_company(), make_warehouse(code="HZ1")
    dock = make_dock(warehouse)
    row = write(
        lambda on: docks.book(dock.id, at(weekday(), hour), about, company.id, by=None, on=on)
    )
    return company, warehouse, row


def test_the_calendar_shows_docks_as_columns_and_who_comes(manager):
    company, _warehouse, _row = booked()
    on = weekday().isoformat()
    page = manager.get(f"/desk/warehouse/docks?warehouse=HZ1&on={on}").text
    assert company.name in page
    assert "IN-A" in page
    assert page.count(">free<") == 8
    week = manager.get(f"/desk/warehouse/docks?warehouse=HZ1&view=week&on={on}").text
    assert "IN-A" in week
    gone = (weekday() + timedelta(days=30)).isoformat()
    assert "IN-A" not in manager.get(f"/desk/warehouse/docks?warehouse=HZ1&on={gone}").text


def test_a_slot_is_moved_and_cancelled_at_the_calendar(manager):
    _company, warehouse, row = booked("RT-A")
    page = manager.get(f"/desk/warehouse/docks/{row.id}/move")
    assert 'name="slot"' in page.text
    to = f"D1|{at(weekday(), 14).isoformat()}"
    assert manager.post(f"/desk/warehouse/docks/{row.id}/move", {"slot": ""}).status_code == 422
    assert manager.post(f"/desk/warehouse/docks/{row.id}/move", {"slot": to}).status_code == 302
    begin = clock.now()
    moved = sites.booked_between(warehouse.id, begin, begin + timedelta(days=9))
    assert [each.starts_at for each in moved] == [at(weekday(), 14)]
    assert manager.post(f"/desk/warehouse/docks/{moved[0].id}/cancel").status_code == 302
    assert not sites.booked_between(warehouse.id, begin, begin + timedelta(days=9))
    assert manager.get(f"/desk/warehouse/docks/{moved[0].id}/move").status_code == 404


def test_who_keeps_his_slots_himself_is_asked_by_the_calendar(manager, monkeypatch):
    _company, _warehouse, row = booked("ZZ-A")
    asked = []
    monkeypatch.setattr(docks, "_keepers", {})
    docks.provide(
        "ZZ",
        move=lambda ref, slot, *, by, on: asked.append((ref, slot)),
        cancel=lambda ref, *, by, on: asked.append((ref, None)),
    )
    to = f"D1|{at(weekday(), 14).isoformat()}"
    manager.post(f"/desk/warehouse/docks/{row.id}/move", {"slot": to})
    manager.post(f"/desk/warehouse/docks/{row.id}/cancel")
    assert asked == [("ZZ-A", to), ("ZZ-A", None)]


def test_operators_see_the_calendar_and_do_not_change_it(as_user):
    _company, _warehouse, row = booked()
    worker = as_user(make_person(staff_role="warehouse"))
    assert worker.get("/desk/warehouse/docks").status_code == 200
    assert worker.get(f"/desk/warehouse/docks/{row.id}/move").status_code == 403
    assert worker.post(f"/desk/warehouse/docks/{row.id}/cancel").status_code == 403
    member = as_user(make_colleague())
    assert member.get("/desk/warehouse/docks").status_code == 403


def test_the_command_makes_a_house_to_begin_with(app):
    runner = app.test_cli_runner()
    named = ["--name", "九号仓", "--phone", "+8657155500100", "--address", "路 1", "--city", "杭州"]
    made = runner.invoke(args=["warehouse", "starter", "hz9", "--layout", "small", *named])
    assert made.exit_code == 0, made.output
    assert f"HZ9: {starter.count(starter.SMALL)} locations." in made.output
    again = runner.invoke(args=["warehouse", "starter", "HZ9", *named])
    assert again.exit_code == 1
    assert "taken" in again.output
    assert make_location(make_warehouse()).code


@pytest.mark.parametrize(
    "page",
    ["docks", "docks/list", "moves", "moves/list", "moves/new", "moves/replenish", "moves/faces"],
)
def test_a_centre_without_a_warehouse_is_led_to_where_one_is_made(manager, page):
    reply = manager.get(f"/desk/warehouse/{page}")
    assert (reply.status_code, reply.location) == (302, PLACES)
    assert "There is no warehouse yet" in manager.get(PLACES).text
