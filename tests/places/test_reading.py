"""Addresses as people write them: found, found twice, not found, and not addresses at all."""

import pytest

from portal.places.queries import candidates, find, nearest, trust
from portal.places.rules import AT_SEA, DISPUTED, GIVEN, LOW_CONFIDENCE


@pytest.mark.parametrize(
    ("text", "known", "division"),
    [
        ("浙江省杭州市余杭区文一西路 969 号", {}, "330110"),
        ("浙江杭州余杭区文一西路", {}, "330110"),
        ("余杭区文一西路 969 号", {"city": "杭州", "country": "CN"}, "330110"),
        ("余杭區文一西路", {"city": "杭州市", "country": "CN"}, "330110"),
        ("文一西路 969 号", {"city": "杭州", "country": "CN"}, "330100"),
        ("文一西路 969 号", {"city": "浙江省杭州市余杭区", "country": "CN"}, "330110"),
        ("上海市黄浦区南京东路 300 号", {}, "310101"),
        ("中山大道 1 号", {"city": "广州"}, "440100"),
        ("广州市天河区中山大道", {}, "440106"),
        ("西安路 12 号", {"city": "大连"}, "210200"),
        ("No. 1 Jianguo Road, Chaoyang District, Beijing, China", {}, "110105"),
        (None, {"division_code": "330106"}, "330106"),
        (None, {"division_code": "330106012003"}, "330106"),
        (None, {"division_code": "330199"}, "330100"),
        (None, {"division_code": "33"}, "330000"),
        ("宝安区机场路", {"division_code": "440300"}, "440306"),
    ],
)
def test_an_address_of_china_is_found_down_to_its_division(text, known, division):
    assert find(text, **known).division_code == division


@pytest.mark.parametrize(
    ("text", "known", "name"),
    [
        ("350 5th Ave, New York, NY 10118", {"country": "US"}, "New York City, NY"),
        ("12 Main St, Springfield, IL 62701", {"country": "US"}, "Springfield, IL"),
        ("12 Main St, IL", {"city": "Springfield", "country": "US"}, "Springfield, IL"),
        ("Friedrichstraße 12, 10117 Berlin, Germany", {}, "Berlin"),
        ("Am Sandtorkai 1, Hamburg", {"country": "DE"}, "Hamburg"),
        ("Postbus 1", {"city": "rotterdam", "country": "nl"}, "Rotterdam"),
        ("1 Berlin Road", {"city": "London", "country": "GB"}, "London"),
    ],
)
def test_an_address_abroad_is_found_down_to_its_city(text, known, name):
    assert find(text, **known).name == name


@pytest.mark.parametrize(
    ("text", "known", "least"),
    [
        ("鼓楼区", {}, 4),
        ("Springfield", {}, 5),
        ("Springfield", {"country": "US"}, 5),
        ("吉林", {}, 2),
    ],
)
def test_what_is_found_twice_is_unsure_and_leaves_the_choice(text, known, least):
    assert find(text, **known).confidence < LOW_CONFIDENCE
    found = candidates(text, **known)
    assert len(found) >= least
    assert len({(p.name, p.country) for p in found}) == len(found)


@pytest.mark.parametrize(
    ("text", "known", "division"),
    [
        ("鼓楼区", {"city": "福州"}, "350102"),
        ("鼓楼区", {"city": "南京"}, "320106"),
        ("鼓楼区", {"division_code": "410200"}, "410204"),
        ("朝阳区", {"city": "长春"}, "220104"),
        ("朝阳区", {"city": "北京"}, "110105"),
        ("吉林省吉林市", {}, "220200"),
        ("吉林省", {}, "220000"),
        ("Suzhou, Anhui", {}, "341300"),
        ("Suzhou, Jiangsu", {}, "320500"),
        ("Suzhou", {"postcode": "215000"}, "320500"),
        ("Suzhou", {"postcode": "234000"}, "341300"),
        ("Taizhou", {"postcode": "318000"}, "331000"),
        ("Taizhou", {"postcode": "225300"}, "321200"),
    ],
)
def test_what_stands_beside_a_name_says_which_place_is_meant(text, known, division):
    assert find(text, **known).division_code == division


def test_a_name_of_two_cities_counts_less_than_a_name_of_one():
    assert find("Suzhou").confidence < find("苏州").confidence
    assert {"320500", "341300"} <= {p.division_code for p in candidates("Suzhou")}


@pytest.mark.parametrize(
    "text",
    [
        None,
        "",
        "   ",
        "Qwxyzzy 77",
        "无此地名之处",
        "号",
        "12345",
        ",,,",
        "，。；",
        "\u200f\u202e",
        "🚚📦🏠",
    ],
)
def test_what_names_no_place_is_not_found(text):
    assert find(text) is None
    assert candidates(text) == []


def test_an_unknown_city_leaves_the_country():
    place = find("1 Rue Inconnue", city="Qwxyzzy", country="FR")
    assert (place.kind, place.country) == ("country", "FR")
    assert place.confidence < LOW_CONFIDENCE


def test_a_country_that_is_none_is_not_found():
    assert find("x", country="ZZ") is None


@pytest.mark.parametrize(
    "text",
    [
        "杭" * 10_000,
        "Springfield " * 1_000,
        "a" * 10_000,
        "," * 10_000,
        "北京市朝阳区" * 2_000,
        "\u202eمدينة دبي\u202c, Dubai",
        "🏠 1, Dubai, 🇦🇪",
        "\ud800杭州",
        "杭\0州",
        "'; DROP TABLE place; --",
        "İstanbul ß ŉ ﬃ",
        "\uffff\U0010ffff\u0378",
    ],
)
def test_junk_is_read_without_harm(text):
    for place in (
        find(text),
        find(text, city=text, country=text, division_code=text, postcode=text),
    ):
        assert place is None or 0 < place.confidence <= 1


def test_what_stands_among_junk_is_found():
    assert find("🏠 1, Dubai, 🇦🇪").name == "Dubai"
    assert find("📦 杭州 📦 余杭区 📦").division_code == "330110"


def test_hong_kong_may_be_written_as_of_china():
    assert find("九龙", city="香港", country="CN").country == "HK"


def test_the_known_place_closest_to_a_point_is_found():
    place, metres = nearest(30.25, 120.17)
    assert place.division_code.startswith("3301")
    assert metres < 10_000


@pytest.mark.parametrize(
    ("lat", "lon"), [(20.0, 125.0), (0.0, -140.0), (35.0, 179.9), (-89.9, 0.0)]
)
def test_a_point_in_the_middle_of_the_sea_is_near_nothing(lat, lon):
    assert nearest(lat, lon) is None
    assert trust(lat, lon, None) == AT_SEA


def test_a_point_over_the_date_line_is_near_what_lies_beyond_it():
    place, _ = nearest(-16.8, -179.99)
    assert place.country == "FJ"


def test_given_co_ordinates_are_believed_where_the_address_is():
    hangzhou = find(None, city="杭州", country="CN")
    assert trust(30.28, 120.01, hangzhou) == GIVEN
    assert trust(23.13, 113.26, hangzhou) == DISPUTED
    assert trust(23.13, 113.26, None) == GIVEN
