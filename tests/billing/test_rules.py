"""Prices, zones, storage and what fits: pure, so by tables and by properties."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.billing.rules import fitting, price, tariffs
from portal.billing.rules.fitting import Carton
from portal.billing.rules.price import Item, Load
from portal.billing.rules.tariffs import Ends, Prices, Rate, Zone, ZoneKind
from portal.core.errors import Refused

HOME = Rate(1000, 800, 1000, 100)
FAR = Rate(1000, 1300, 500, 200)
ZONES = (
    Zone("city", ZoneKind.CITY, rates={"standard": HOME}),
    Zone("near", ZoneKind.DISTANCE, 300, rates={"standard": HOME, "express": FAR}),
    Zone("asia", ZoneKind.COUNTRIES, countries=frozenset({"JP"}), rates={"standard": FAR}),
    Zone("rest", ZoneKind.REST, rates={"standard": FAR}),
)
PRICES = Prices(
    "CNY",
    ZONES,
    fuel_bp=600,
    tax_bp=600,
    insurance_bp=30,
    insurance_least_minor=200,
    cod_bp=200,
    cod_least_minor=500,
    pickup_minor=500,
    pallet_day_minor=160,
    pallet_in_minor=1200,
    pallet_out_minor=1200,
    free_days=3,
)


def ends(to="CN", same=False, km=100.0):
    return Ends("CN", to, same, km)


@pytest.mark.parametrize(
    ("where", "zone"),
    [
        (ends(same=True), "city"),
        (ends(), "near"),
        (ends(km=300.0), "near"),
        (ends(km=300.1), "rest"),
        (ends(km=None), "rest"),
        (ends("JP", km=10.0), "asia"),
        (ends("DE", same=True), "rest"),
    ],
)
def test_the_first_zone_that_fits_counts(where, zone):
    assert tariffs.zone_of(ZONES, where).name == zone


@pytest.mark.parametrize(
    ("weight_g", "steps", "minor"),
    [(1, 0, 800), (1000, 0, 800), (1001, 1, 900), (2000, 1, 900), (2001, 2, 1000)],
)
def test_each_step_that_is_begun_costs(weight_g, steps, minor):
    found = price.price(PRICES, ends(same=True), Load("standard", weight_g))
    assert (found.lines[0].steps, found.lines[0].minor) == (steps, minor)


def test_every_line_says_what_it_was_made_of():
    load = Load("standard", 3000, declared_minor=1_000_000, cod_minor=10_000)
    found = price.price(PRICES, ends(same=True), load)
    assert [(line.item, line.minor) for line in found.lines] == [
        (Item.FREIGHT, 1000),
        (Item.FUEL, 60),
        (Item.PICKUP, 500),
        (Item.INSURANCE, 3000),
        (Item.COD, 500),  # 2 % would be 200: the least counts
        (Item.TAX, 304),  # 6 % of 5060, rounded half up
    ]
    assert [line.is_least for line in found.lines] == [False] * 4 + [True, False]
    assert found.total_minor == 5364


def test_what_is_brought_is_not_collected():
    found = price.price(PRICES, ends(), Load("standard", 1000, is_picked_up=False))
    assert Item.PICKUP not in {line.item for line in found.lines}


def test_a_service_that_a_zone_does_not_offer_has_no_price():
    assert price.price(PRICES, ends(same=True), Load("cold", 1000)) is None
    assert price.price(Prices("CNY", ZONES[:1]), ends("DE"), Load("standard", 1000)) is None


@given(st.integers(1, 10**8), st.integers(0, 10**7), st.integers(0, 10**7))
def test_more_never_costs_less_and_lines_add_up(weight, declared, cod):
    less = price.price(PRICES, ends(), Load("standard", weight, True, declared, cod))
    more = price.price(PRICES, ends(), Load("standard", weight + 1, True, declared + 1, cod + 1))
    assert more.total_minor >= less.total_minor
    assert less.total_minor == sum(line.minor for line in less.lines)
    assert all(line.minor > 0 for line in less.lines)


def test_the_first_days_of_storage_are_free():
    assert price.storage(PRICES, 10, 3).days_minor == 0
    stored = price.storage(PRICES, 10, 30)
    assert (stored.paid_days, stored.days_minor) == (27, 27 * 10 * 160)
    assert stored.total_minor == stored.days_minor + 24_000 + stored.tax_minor


@pytest.mark.parametrize(
    ("floor", "item", "count"),
    [
        ((1200, 1000), (400, 300), 10),
        ((1200, 1000), (600, 400), 5),
        ((1200, 800), (400, 300), 8),
        ((1200, 1000), (1200, 1000), 1),
        ((1200, 1000), (1201, 1000), 0),
        ((5867, 2330), (1200, 1000), 9),
    ],
)
def test_cartons_are_laid_in_two_blocks(floor, item, count):
    assert fitting.on_floor(floor, item) == count


@given(
    st.tuples(st.integers(500, 3000), st.integers(500, 3000)),
    st.tuples(st.integers(50, 1500), st.integers(50, 1500)),
)
def test_no_more_fit_than_the_area_holds(floor, item):
    count = fitting.on_floor(floor, item)
    assert count * item[0] * item[1] <= floor[0] * floor[1]
    assert fitting.on_floor(floor, item[::-1]) == count
    assert fitting.on_floor(floor[::-1], item) == count


def test_a_pallet_ends_at_its_height_or_at_its_weight():
    light = fitting.pallet(Carton(400, 300, 300, 5000), (1200, 1000), 1600)
    assert (light.layer, light.layers, light.cartons) == (10, 4, 40)
    assert (light.height, light.limited_by_weight) == (1350, False)
    heavy = fitting.pallet(Carton(400, 300, 300, 40_000), (1200, 1000), 1600)
    assert (heavy.layers, heavy.limited_by_weight) == (2, True)
    assert heavy.weight_g <= fitting.MOST_PALLET_G


def test_a_carton_that_may_lie_fits_at_least_as_often():
    upright = fitting.pallet(Carton(500, 300, 700, 5000), (1200, 1000), 1600)
    lying = fitting.pallet(Carton(500, 300, 700, 5000, upright=False), (1200, 1000), 1600)
    assert lying.cartons >= upright.cartons


def test_a_carton_too_large_fits_nowhere():
    assert fitting.pallet(Carton(1300, 1100, 300, 1000), (1200, 1000), 1600) is None
    assert fitting.pallet(Carton(400, 300, 1500, 1000), (1200, 1000), 1600) is None


def test_a_container_is_not_overloaded():
    carton = Carton(400, 300, 300, 40_000)
    stacked = fitting.pallet(carton, (1200, 1000), 1600)
    for kind, (*_, most_g) in fitting.CONTAINERS.items():
        found = fitting.container(kind, carton, (1200, 1000), stacked)
        assert found.pallets * stacked.weight_g <= most_g
        assert found.loose * carton.weight_g <= most_g


def test_a_tariff_moves_only_as_the_table_says():
    for state in tariffs.State:
        for wanted in tariffs.State:
            if wanted in tariffs.MOVES[state]:
                assert tariffs.advance(state, wanted) is wanted
            else:
                with pytest.raises(Refused):
                    tariffs.advance(state, wanted)


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"names": {}}, "zones.0.names"),
        ({"kind": "distance", "km": None}, "zones.0.km"),
        ({"kind": "countries"}, "zones.0.countries"),
        ({"rates": {}}, "zones.0.rates"),
    ],
)
def test_what_is_missing_of_a_zone_is_named(change, field):
    zone = {"names": {"en": "Near"}, "kind": "rest", "km": None, "countries": [], "rates": {"a": 1}}
    assert tariffs.check([zone]) == []
    assert [error.field for error in tariffs.check([zone | change])] == [field]


def test_everywhere_else_comes_last():
    rest = {"names": {"en": "x"}, "kind": "rest", "km": None, "countries": [], "rates": {"a": 1}}
    assert [error.field for error in tariffs.check([rest, rest])] == ["zones"]
    assert [error.field for error in tariffs.check([])] == ["zones"]
