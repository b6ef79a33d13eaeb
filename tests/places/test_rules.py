"""Co-ordinates that cannot be, and distances."""

import math

import pytest
from geopy.distance import geodesic

from portal.places.names import normalise, short
from portal.places.queries import find
from portal.places.rules import Place, distance_m, faults, is_low

HANGZHOU = Place("杭州", 30.27, 120.16, 0.7, "CN", "330100", "city")
BERLIN = Place("Berlin", 52.52, 13.41, 0.7, "DE", None, "city")


@pytest.mark.parametrize(
    ("lat", "lon", "fields"),
    [
        (None, None, []),
        (30.27, 120.16, []),
        (-90, 180, []),
        (0, 10, []),
        (30.27, None, ["lon"]),
        (None, 120.16, ["lat"]),
        (120.16, 30.27, ["lat"]),
        (91, 10, ["lat"]),
        (200, 10, ["lat"]),
        (10, 181, ["lon"]),
        (200, 200, ["lat", "lon"]),
        (0, 0, ["lat"]),
        (math.nan, 1, ["lat"]),
        (1, math.inf, ["lat"]),
        (200, None, ["lat"]),
    ],
)
def test_impossible_co_ordinates_are_named_by_field(lat, lon, fields):
    assert [fault.field for fault in faults(lat, lon)] in (fields, [*fields][:1])


@pytest.mark.parametrize(
    ("lat", "lon", "near", "is_swapped"),
    [
        (120.16, 30.27, None, True),
        (120.16, 30.27, HANGZHOU, True),
        (13.41, 52.52, BERLIN, True),
        (52.52, 13.41, BERLIN, False),
        (13.41, 52.52, None, False),
        (13.41, 52.52, HANGZHOU, False),
    ],
)
def test_swapped_co_ordinates_are_called_so(lat, lon, near, is_swapped):
    said = [str(fault.message) for fault in faults(lat, lon, near=near)]
    assert any("swapped" in text for text in said) == is_swapped


def test_distances_are_those_of_the_geodesic():
    assert distance_m(39.9042, 116.4074, 31.2304, 121.4737) == pytest.approx(1_066_500, rel=0.002)
    assert distance_m(10, 20, 10, 20) == 0
    assert distance_m(0, 179.5, 0, -179.5) == pytest.approx(111_319, rel=0.001)


def test_what_is_not_known_is_low():
    assert is_low(None)
    assert is_low(0.49)
    assert not is_low(0.5)


@pytest.mark.parametrize(
    ("written", "same"),
    [
        ("杭州市", "杭州市"),
        ("台灣省", "台湾省"),
        ("Xi’an", "Xi'an"),
        ("  SÃO   paulo ", "sao paulo"),
        ("Ｈａｎｇｚｈｏｕ", "hangzhou"),  # noqa: RUF001 - full-width letters are what is tested
        ("Saint-Étienne", "saint etienne"),
        ("北 京", "北京"),
    ],
)
def test_ways_of_writing_a_name_are_one(written, same):
    assert normalise(written) == normalise(same)


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("杭州市", "杭州"),
        ("广西壮族自治区", "广西"),
        ("恩施土家族苗族自治州", "恩施"),
        ("东区", "东区"),
        ("海南", "海南"),
        ("hangzhou city", "hangzhou"),
        ("kansas city", "kansas"),
    ],
)
def test_the_word_for_its_kind_may_be_left_out(name, bare):
    assert short(name) == bare


def test_kansas_city_is_still_found_by_its_name():
    assert find("Kansas City", country="US").name == "Kansas City, MO"


@pytest.mark.parametrize(
    ("a", "b"),
    [
        ((30.27, 120.16), (31.23, 121.47)),
        ((30.27, 120.16), (53.55, 9.99)),
        ((-33.87, 151.21), (51.5, -0.12)),
        ((0.0, 0.0), (0.3, 179.7)),
        ((90.0, 0.0), (-90.0, 10.0)),
    ],
)
def test_distances_are_those_of_geopy(a, b):
    assert distance_m(*a, *b) == pytest.approx(geodesic(a, b).meters, abs=1e-6)
