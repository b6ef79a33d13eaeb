"""Making and changing places: blocks at once or not at all, blocking, out of use."""

from decimal import Decimal

import pytest
from sqlalchemy import func, select

from portal.core import scope
from portal.core.db import db, transaction
from portal.core.errors import Invalid, NotFound, Refused
from portal.core.events import EventRecord
from portal.warehousing.layout import queries, service
from portal.warehousing.layout.queries import Filter
from portal.warehousing.sites import queries as sites
from portal.warehousing.sites import starter
from portal.warehousing.sites.models import Location, Warehouse
from portal.warehousing.sites.rules.blocks import Block
from portal.warehousing.sites.service import building, editing
from tests.counting.conftest import statements
from tests.factories import make_company, make_person, user_of
from tests.warehousing.making import make_location, make_sku, make_stock, make_warehouse

__all__ = ["statements"]
pytestmark = pytest.mark.both_databases


def do(work):
    with transaction():
        return work(db.session.connection())


def count():
    return db.session.scalar(select(func.count()).select_from(Location.__table__))


def zone_of(warehouse):
    return sites.zones_of(warehouse.id)[0]


def build(warehouse, pattern, **values):
    block = Block(pattern=pattern, **values)
    return do(lambda on: building.build(warehouse, zone_of(warehouse), block, by=None, on=on))


@pytest.fixture
def manager(app):
    return user_of(make_person(staff_role="manager"))


def test_a_block_has_barcodes_a_walk_and_a_place_on_the_plan(manager):
    warehouse = make_warehouse(code="HZ1")
    assert build(warehouse, "B{07-08}-{1-2}-{1-3}", x_dm=5) == 12
    rows = queries.all_locations_for(manager, warehouse, Filter(), most=100)
    assert [row.code for row in rows][:7] == [
        "B07-1-1", "B07-1-2", "B07-1-3", "B07-2-1", "B07-2-2", "B07-2-3", "B08-2-1",
    ]  # fmt: skip
    assert rows[0].barcode == "L-HZ1-B07-1-1"
    assert [row.walk for row in rows] == list(range(1, 13))
    assert sites.location_by_barcode("l-hz1-b07-1-1", warehouse.id).code == "B07-1-1"


def test_a_block_of_which_one_code_is_taken_makes_nothing(app):
    warehouse = make_warehouse()
    make_location(warehouse, code="B1-2", barcode="L-X-B1-2")
    with pytest.raises(Invalid, match="B1-2"):
        build(warehouse, "B{1-9}-{1-9}")
    assert count() == 1


def test_twenty_thousand_locations_are_made_at_once(app):
    warehouse = make_warehouse()
    assert build(warehouse, "B{01-40}-{01-50}-{01-10}") == 20_000
    assert count() == 20_000


def test_a_preview_says_what_a_block_would_be_and_makes_nothing(app):
    warehouse = make_warehouse()
    make_location(warehouse, code="A1-1-1", barcode="L-X-A1-1-1")
    block = Block(pattern="A{1-2}-{1-3}-{1-3}", x_dm=10, y_dm=20, bay_dm=30, depth_dm=10, gap_dm=5)
    seen = building.preview(warehouse.id, block, on=db.session.connection())
    assert (seen.count, seen.kinds) == (18, {"pick": 12, "reserve": 6})
    assert seen.bounds == (10, 20, 90, 25)
    assert (seen.first[0], seen.last[-1]) == ("A1-1-1", "A2-1-3")
    assert list(seen.taken) == ["A1-1-1"]
    assert count() == 1


def test_the_next_block_is_walked_after_the_last(manager):
    warehouse = make_warehouse()
    build(warehouse, "A{1-2}")
    build(warehouse, "B{1-2}")
    rows = queries.all_locations_for(manager, warehouse, Filter(), most=10)
    assert [(row.code, row.walk) for row in rows] == [("A1", 1), ("A2", 2), ("B1", 3), ("B2", 4)]


def test_codes_are_taken_once_in_a_warehouse(app):
    warehouse = make_warehouse(code="HZ1")
    zone = zone_of(warehouse)
    values = {"names": {"zh-Hans": "一"}, "party": {}}
    with pytest.raises(Invalid):
        do(lambda on: editing.make_warehouse({"code": "HZ1", **values}, by=None, on=on))
    with pytest.raises(Invalid):
        do(
            lambda on: editing.save_zone(
                warehouse, None, {"code": "A", "names": {}}, by=None, on=on
            )
        )
    place = {"code": "X1", "zone_id": zone.id, "kind": "pick"}
    do(lambda on: editing.make_location(warehouse, place, by=None, on=on))
    with pytest.raises(Invalid):
        do(lambda on: editing.make_location(warehouse, place, by=None, on=on))


def test_the_code_of_a_warehouse_and_of_a_location_stays(manager):
    warehouse = make_warehouse(code="HZ1")
    place = make_location(warehouse)
    changed = {"code": "HZ2", "cut_off": "18:00"}
    do(lambda on: editing.change_warehouse(warehouse, changed, by=None, on=on))
    moved = {"code": "NEW", "kind": "reserve"}
    do(lambda on: editing.change_location(warehouse, place, moved, by=None, on=on))
    assert db.session.get(Warehouse, warehouse.id).code == "HZ1"
    row = queries.location_for(manager, warehouse, place.code)
    assert (row.kind, row.barcode) == ("reserve", place.barcode)


def test_a_zone_with_locations_stays(app):
    warehouse = make_warehouse()
    make_location(warehouse)
    with pytest.raises(Refused):
        do(lambda on: editing.remove_zone(warehouse, zone_of(warehouse), by=None, on=on))
    other = make_warehouse()
    do(lambda on: editing.remove_zone(other, zone_of(other), by=None, on=on))
    assert sites.zones_of(other.id) == []


def test_a_location_in_which_something_lies_stays_in_use(manager):
    warehouse = make_warehouse()
    place, empty = make_location(warehouse), make_location(warehouse)
    make_stock(make_sku(make_company()), place, 1)
    with pytest.raises(Refused):
        do(lambda on: service.put_out_of_use(warehouse, place, by=None, on=on))
    do(lambda on: service.put_out_of_use(warehouse, empty, by=None, on=on))
    assert not queries.location_for(manager, warehouse, empty.code).active
    do(lambda on: service.put_to_use(warehouse, empty, by=None, on=on))
    assert queries.location_for(manager, warehouse, empty.code).active


def test_a_location_with_a_dock_stays_in_use(app):
    warehouse = make_warehouse()
    place = make_location(warehouse, "dock")
    values = {"code": "D1", "kind": "in", "location_id": place.id, "active": True}
    do(lambda on: editing.save_dock(warehouse, None, values, by=None, on=on))
    with pytest.raises(Refused):
        do(lambda on: service.put_out_of_use(warehouse, place, by=None, on=on))
    dock = sites.docks_of(warehouse.id)[0]
    do(lambda on: editing.save_dock(warehouse, dock, values | {"active": False}, by=None, on=on))
    do(lambda on: service.put_out_of_use(warehouse, place, by=None, on=on))


def test_a_blocked_location_says_why_until_it_is_opened(manager):
    warehouse = make_warehouse()
    place = make_location(warehouse)
    do(lambda on: editing.block(place, "beam bent", by=None, on=on))
    assert queries.location_for(manager, warehouse, place.code).blocked == "beam bent"
    found = queries.all_locations_for(manager, warehouse, Filter(state="blocked"), most=9)
    assert [row.id for row in found] == [place.id]
    do(lambda on: editing.unblock(place, by=None, on=on))
    assert queries.location_for(manager, warehouse, place.code).blocked is None
    rows = select(EventRecord.__table__).where(EventRecord.name == "location.blocked")
    assert len(db.session.execute(rows.execution_options(**scope.CENTRE)).all()) == 2


def test_occupancy_is_added_up_by_one_statement(manager, statements):
    warehouse, company = make_warehouse(), make_company()
    first, second = make_location(warehouse), make_location(warehouse)
    make_location(warehouse)
    sku, other = make_sku(company), make_sku(company)
    make_stock(sku, first, 10)
    make_stock(other, first, "2.5")
    make_stock(sku, second, 4)
    db.session.rollback()
    with statements() as seen:
        found = queries.occupancy_of_zones(warehouse.id)
    assert len(seen) == 1
    row = found[first.zone_id]
    assert (row.count, row.used, row.skus) == (3, 2, 2)
    assert (row.weight_g, row.volume_mm3) == (16.5 * 500, 16.5 * 10**6)
    loads = queries.loads_of([first.id, second.id])
    assert loads[first.id].weight_g == 12.5 * 500
    assert loads[first.id].skus == {sku.id, other.id}
    lying = queries.contents_of([first.id])
    assert [(each.sku, each.on_hand) for each in lying] == [
        (sku.code, 10),
        (other.code, Decimal("2.5")),
    ]


def test_locations_come_in_pages_and_by_filters(manager):
    warehouse = make_warehouse()
    build(warehouse, "A{1-3}-{1-2}")
    make_stock(make_sku(make_company()), sites.location_by_barcode("A2-1", warehouse.id), 1)
    wanted, after, seen = Filter(), None, []
    while True:
        page = queries.locations_for(manager, warehouse, wanted, after=after, limit=4)
        seen += [row.code for row in page.items]
        after = page.next
        if after is None:
            break
    assert seen == ["A1-1", "A1-2", "A2-2", "A2-1", "A3-1", "A3-2"]
    used = queries.locations_for(manager, warehouse, Filter(state="used"), after=None, limit=9)
    assert [row.code for row in used.items] == ["A2-1"]
    free = queries.count_for(manager, warehouse, Filter(state="free", text="a2"))
    assert free == 1


def test_two_who_would_fill_the_last_room_cannot_both(app):
    warehouse, company = make_warehouse(), make_company()
    place = make_location(warehouse, most_weight_g=1000)
    sku = make_sku(company)
    make_stock(sku, place, 1)
    load = queries.loads_of([place.id])[place.id]
    do(lambda on: service.check_room(place.id, load, on=on))
    make_stock(sku, place, 1)
    with pytest.raises(Refused):
        do(lambda on: service.check_room(place.id, load, on=on))
    with pytest.raises(NotFound):
        do(lambda on: service.check_room(10**9, load, on=on))


@pytest.mark.parametrize("layout", sorted(starter.LAYOUTS))
def test_a_house_to_begin_with_is_complete(app, layout):
    values = {"code": "HZ7", "names": {"zh-Hans": "七号仓"}, "party": {}}
    parts = starter.LAYOUTS[layout]
    made = do(lambda on: starter.make(values, parts, by=None, on=on))
    assert count() == starter.count(parts)
    assert len(sites.zones_of(made.id)) == len(parts)
    assert sites.docks_of(made.id)
    with pytest.raises(Invalid):
        do(lambda on: starter.make(values, parts, by=None, on=on))
