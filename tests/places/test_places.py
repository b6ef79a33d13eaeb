"""The gazetteer against a table of real places, in three ways of writing them."""

import csv
from pathlib import Path

import pytest

from portal.places.queries import find
from portal.places.rules import distance_m

#: How far, in metres, what is found may lie from the truth, by kind of place.
TOLERANCE_M = {"city": 30_000, "county": 25_000, "province": 150_000}
with (Path(__file__).parent / "places.csv").open(encoding="utf-8") as file:
    PLACES = list(csv.DictReader(file))


def missed(language: str, *, with_country: bool) -> list[str]:
    """Return the places of the table that are not found where they are."""
    return [
        f"{row[language]}: {place}"
        for row in PLACES
        if (place := find(row[language], country=row["country"] if with_country else None)) is None
        or distance_m(place.lat, place.lon, float(row["lat"]), float(row["lon"]))
        > TOLERANCE_M[row["kind"]]
    ]


def test_the_table_names_two_hundred_places():
    assert len({(row["lat"], row["lon"]) for row in PLACES}) >= 200


@pytest.mark.parametrize("language", ["zh_hans", "zh_hant", "en"])
def test_every_place_is_found_by_its_name_and_country(language):
    assert missed(language, with_country=True) == []


@pytest.mark.parametrize("language", ["zh_hans", "zh_hant", "en"])
def test_nearly_every_place_is_found_by_its_name_alone(language):
    assert len(missed(language, with_country=False)) <= 2


@pytest.mark.parametrize("language", ["zh_hans", "zh_hant", "en"])
def test_every_place_is_found_as_the_city_of_an_address(language):
    def found(row):
        return find("88 号 1 栋 2 室", city=row[language], country=row["country"])

    assert [row[language] for row in PLACES if found(row).kind == "country"] == []
