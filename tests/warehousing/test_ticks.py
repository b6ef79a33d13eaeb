"""Forms at the desk show what is ticked now, so that saving them changes nothing unseen."""

import re

import pytest

from tests.factories import make_colleague, make_company, make_person
from tests.warehousing.making import make_location, make_sku, make_warehouse
from tests.warehousing.test_sites_docks import make_dock


@pytest.fixture
def manager(as_user):
    return as_user(make_person(staff_role="manager"))


def ticked(page, name):
    """Return whether the checkbox of a form is ticked."""
    (box,) = re.findall(rf'<input[^>]*name="{name}"[^>]*>', page)
    return " checked" in box


def test_what_is_in_use_is_ticked_when_it_is_edited(manager):
    house = make_warehouse()
    dock = make_dock(house)
    place = make_location(house, single_sku=True, single_lot=False)
    places = f"/desk/warehouse/places/{house.code}"
    assert ticked(manager.get(f"{places}/edit").text, "active")
    assert ticked(manager.get(f"{places}/docks/{dock.code}").text, "active")
    page = manager.get(f"{places}/locations/{place.code}/edit").text
    assert ticked(page, "single_sku")
    assert not ticked(page, "single_lot")


def test_what_is_new_is_in_use_unless_somebody_says_otherwise(manager):
    house = make_warehouse()
    for path in ("places/new", f"places/{house.code}/docks/new", "carton-types/new"):
        assert ticked(manager.get(f"/desk/warehouse/{path}").text, "active"), path


def test_goods_with_a_date_of_expiry_keep_it_when_they_are_edited(as_user):
    company = make_company()
    fresh, lasting = make_sku(company, has_expiry=True), make_sku(company)
    owner = as_user(make_colleague(company))
    assert ticked(owner.get(f"/portal/goods/{fresh.code}/edit").text, "has_expiry")
    assert not ticked(owner.get(f"/portal/goods/{lasting.code}/edit").text, "has_expiry")
